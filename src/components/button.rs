//! Buttons. Invariant: a button that shows only an icon has a name all the same.

use leptos::prelude::*;
use pilotlight_i18n::text::Plain;

use super::Icon;
use crate::app::Page;

/// A button with a border.
#[component]
pub fn Button(
    #[prop(optional, into)] id: Option<String>,
    on_press: impl Fn() + 'static,
    children: Children,
) -> impl IntoView {
    view! {
        <button class="button" type="button" id=id on:click=move |_| on_press()>
            {children()}
        </button>
    }
}

/// An icon alone, with a name for those who do not see it or wonder.
#[component]
pub fn IconButton(
    page: Page,
    href: &'static str,
    name: impl Plain + Send,
    on_press: impl Fn() + 'static,
    /// Whether it is one of several of which one holds.
    #[prop(optional, into)]
    is_pressed: Option<Signal<bool>>,
    #[prop(optional, into)] is_disabled: Signal<bool>,
) -> impl IntoView {
    let pressed = move || is_pressed.map(|is_pressed| is_pressed.get().to_string());
    view! {
        <button
            class="button"
            type="button"
            data-kind="icon"
            aria-label=move || page.word(name)
            title=move || page.word(name)
            aria-pressed=pressed
            disabled=move || is_disabled.get()
            on:click=move |_| on_press()
        >
            <Icon href/>
        </button>
    }
}

/// A word without a border, perhaps after an icon.
#[component]
pub fn QuietButton(
    page: Page,
    #[prop(optional)] href: Option<&'static str>,
    name: impl Plain + Send,
    on_press: impl Fn() + 'static,
    #[prop(optional)] id: Option<&'static str>,
) -> impl IntoView {
    view! {
        <button class="button" type="button" data-kind="quiet" id=id on:click=move |_| on_press()>
            {href.map(|href| view! { <Icon href/> })}
            {move || page.word(name)}
        </button>
    }
}
