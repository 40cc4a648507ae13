//! A text field, of one line or several.

use leptos::prelude::*;
use pilotlight_engine::form::{Draft, Widget};

use super::field::Slot;

pub(super) fn long(slot: Slot) -> AnyView {
    view! {
        <textarea
            class="box"
            rows="4"
            id=slot.id()
            aria-describedby=slot.described_by()
            aria-invalid=move || slot.invalid()
            prop:value=move || slot.text()
            on:input=move |event| slot.fill(Draft::Text(event_target_value(&event)))
        ></textarea>
    }
    .into_any()
}

/// Also shows a value for which there is no widget, without letting it be changed.
pub(super) fn short(slot: Slot) -> AnyView {
    let fixed = slot.field.with_value(|field| field.widget == Widget::ReadOnly);
    view! {
        <input
            class="box"
            autocomplete="off"
            readonly=fixed
            id=slot.id()
            aria-describedby=slot.described_by()
            aria-invalid=move || slot.invalid()
            prop:value=move || slot.text()
            on:input=move |event| slot.fill(Draft::Text(event_target_value(&event)))
        />
    }
    .into_any()
}
