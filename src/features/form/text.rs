//! The widgets for texts.

use leptos::prelude::*;
use pilotlight_forms::form::Widget;

use crate::features::form::handle::FieldHandle;

/// A multi-line text.
#[component]
pub fn LongText(handle: FieldHandle) -> impl IntoView {
    view! {
        <textarea
            class="box"
            rows="4"
            {..handle.attributes()}
            prop:value=move || handle.text()
            on:input:target=move |event| handle.fill_text(event.target().value())
        />
    }
}

/// A single-line text. Also shows values that no widget can edit, read-only.
#[component]
pub fn ShortText(handle: FieldHandle) -> impl IntoView {
    view! {
        <input
            class="box"
            autocomplete="off"
            readonly=matches!(handle.field().widget, Widget::ReadOnly(_))
            {..handle.attributes()}
            prop:value=move || handle.text()
            on:input:target=move |event| handle.fill_text(event.target().value())
        />
    }
}
