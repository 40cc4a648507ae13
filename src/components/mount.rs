//! Views at the end of the body, after the page.

use leptos::mount::{UnmountHandle, mount_to_renderer};
use leptos::prelude::*;
use leptos::tachys::dom::body;
use leptos::tachys::view::any_view::AnyViewState;

use crate::app::Page;

/// A mounted view; removed when this value is dropped.
pub struct Mounted {
    _handle: UnmountHandle<AnyViewState>,
}

/// Adds a view at the end of the body, with the page in its context.
pub fn mount_to_body(page: Page, view: impl FnOnce() -> AnyView + 'static) -> Mounted {
    let view = move || {
        provide_context(page);
        view()
    };
    Mounted { _handle: mount_to_renderer(&body(), view) }
}
