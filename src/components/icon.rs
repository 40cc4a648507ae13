//! Icons of the sprite in `index.html`. Invariant: they are hidden from screen readers.

use leptos::prelude::*;

/// An icon of the sprite, such as `#copy`.
#[component]
pub fn Icon(href: &'static str) -> impl IntoView {
    view! { <Drawing class="icon" href/> }
}

/// A drawing of the sprite, sized by its class.
#[component]
pub fn Drawing(class: &'static str, href: &'static str) -> impl IntoView {
    view! {
        <svg class=class aria-hidden="true">
            <use href=href/>
        </svg>
    }
}
