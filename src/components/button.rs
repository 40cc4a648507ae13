//! Buttons. Invariant: a button that shows only an icon has an accessible name.

use leptos::prelude::*;
use pilotlight_i18n::text::Translated;

use crate::app::Page;
use crate::components::Icon;

/// A button with a border.
#[component]
pub fn Button(
    #[prop(optional, into)] id: Option<String>,
    #[prop(into)] on_press: UnsyncCallback<()>,
    children: Children,
) -> impl IntoView {
    view! {
        <button class="button" type="button" id=id on:click=move |_| on_press.run(())>
            {children()}
        </button>
    }
}

/// A button with an icon only; `name` is its accessible name and tooltip.
#[component]
pub fn IconButton(
    href: &'static str,
    #[prop(into)] name: Translated,
    #[prop(into)] on_press: UnsyncCallback<()>,
    /// Whether it is selected, if it is one of several alternatives.
    #[prop(optional, into)]
    is_pressed: Option<Signal<bool>>,
    #[prop(optional, into)] is_disabled: Signal<bool>,
) -> impl IntoView {
    let page = expect_context::<Page>();
    let pressed = move || is_pressed.map(|is_pressed| is_pressed.get().to_string());
    view! {
        <button
            class="button"
            type="button"
            data-kind="icon"
            aria-label=move || name.get(page.language.get())
            title=move || name.get(page.language.get())
            aria-pressed=pressed
            disabled=move || is_disabled.get()
            on:click=move |_| on_press.run(())
        >
            <Icon href/>
        </button>
    }
}

/// A text button without a border, with an optional icon.
#[component]
pub fn QuietButton(
    #[prop(optional)] href: Option<&'static str>,
    #[prop(into)] name: Translated,
    #[prop(into)] on_press: UnsyncCallback<()>,
    #[prop(optional)] id: Option<&'static str>,
) -> impl IntoView {
    let page = expect_context::<Page>();
    view! {
        <button class="button" type="button" data-kind="quiet" id=id on:click=move |_| on_press.run(())>
            {href.map(|href| view! { <Icon href/> })}
            {move || name.get(page.language.get())}
        </button>
    }
}

/// A button with an icon and a text, which a style may hide where there is little room.
#[component]
pub fn ToolButton(
    href: &'static str,
    name: Signal<String>,
    #[prop(optional, into)] title: Option<Signal<String>>,
    /// Whether it is switched on, if it is a toggle.
    #[prop(optional, into)]
    is_pressed: Option<Signal<bool>>,
    #[prop(optional, into)] is_disabled: Signal<bool>,
    #[prop(into)] on_press: UnsyncCallback<()>,
) -> impl IntoView {
    view! {
        <button
            class="button"
            type="button"
            data-kind="quiet"
            title=move || title.map(|title| title.get())
            aria-pressed=move || is_pressed.map(|is_pressed| is_pressed.get().to_string())
            disabled=move || is_disabled.get()
            on:click=move |_| on_press.run(())
        >
            <Icon href/>
            <span>{name}</span>
        </button>
    }
}
