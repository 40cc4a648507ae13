//! Views at the end of the body, after the page.

use leptos::mount::{UnmountHandle, mount_to_renderer};
use leptos::prelude::*;
use leptos::tachys::dom::body;
use leptos::tachys::view::any_view::AnyViewState;

/// A mounted view; removed when this value is dropped.
pub struct Mounted {
    _handle: UnmountHandle<AnyViewState>,
}

/// Adds a view at the end of the body.
pub fn mount_to_body(view: impl FnOnce() -> AnyView + 'static) -> Mounted {
    Mounted { _handle: mount_to_renderer(&body(), view) }
}
