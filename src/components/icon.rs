//! Drawings of the sprite in `index.html`. Invariant: they say nothing to those who do not see them.

use leptos::prelude::*;

/// An icon, such as `#copy`.
#[component]
pub fn Icon(href: &'static str) -> impl IntoView {
    view! { <Drawing class="icon" href/> }
}

/// A drawing of any size.
#[component]
pub fn Drawing(class: &'static str, href: &'static str) -> impl IntoView {
    view! {
        <svg class=class aria-hidden="true">
            <use href=href/>
        </svg>
    }
}
