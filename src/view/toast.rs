//! A word or two that go by themselves.

use leptos::prelude::*;

use super::button::icon;
use crate::app::Page;

/// Always there, so that it is heard; empty it is not drawn.
pub(super) fn toast(page: Page) -> AnyView {
    let said = move || {
        let words = page.toast.get();
        (!words.is_empty()).then(|| (icon("#check"), words))
    };
    view! { <div class="toast" role="status">{said}</div> }.into_any()
}
