//! Icons of the sprite in `index.html`. Invariant: they are hidden from screen readers.

use leptos::prelude::*;

/// An icon of the sprite, such as `#copy`.
#[component]
pub fn Icon(href: &'static str) -> impl IntoView {
    view! { <Drawing class="icon" href/> }
}

/// Icons that are not in the sprite of `index.html`: their ids, and the lines that they consist of.
#[component]
pub fn Symbols<const N: usize>(icons: [(&'static str, &'static str); N]) -> impl IntoView {
    let symbol = |(id, lines): (&'static str, &'static str)| {
        view! {
            <symbol id=id viewBox="0 0 16 16">
                <path d=lines></path>
            </symbol>
        }
        .into_any()
    };
    view! { <svg class="sprite">{icons.map(symbol).into_iter().collect_view()}</svg> }
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
