//! Short messages that disappear by themselves.

use leptos::prelude::*;

use crate::app::Page;
use crate::components::Icon;

/// The message; its element is always in the document, so that screen readers announce changes.
#[component]
pub fn Toast() -> impl IntoView {
    let page = expect_context::<Page>();
    let words = move || {
        let words = page.toast.get();
        let shown = (!words.is_empty())
            .then(|| view! { <Icon href="#check"/> <span>{words}</span> }.into_any());
        shown.into_any()
    };
    view! { <div class="toast" role="status">{words}</div> }
}
