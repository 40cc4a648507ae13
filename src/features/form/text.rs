//! A text field, of one line or several.

use leptos::prelude::*;
use pilotlight_forms::form::Widget;

use crate::features::form::handle::FieldHandle;

/// A text of several lines.
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

/// A text of one line. Also shows a value for which there is no widget, without letting it be
/// changed.
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
