//! Views at the end of the body, beside the page.

use leptos::mount::{UnmountHandle, mount_to_renderer};
use leptos::prelude::*;
use leptos::tachys::view::any_view::AnyViewState;
use wasm_bindgen::JsCast;

use crate::js;

/// A view that stays until this is dropped.
pub struct Mounted {
    _handle: UnmountHandle<AnyViewState>,
}

/// Adds a view at the end of the body.
pub fn mount_to_body(view: impl FnOnce() -> AnyView + 'static) -> Mounted {
    let body = js::get(&document(), "body").unchecked_into();
    Mounted { _handle: mount_to_renderer(&body, view) }
}
