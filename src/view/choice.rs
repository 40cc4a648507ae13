//! One of several values.

use leptos::prelude::*;
use pilotlight_engine::form::{Choice, Draft};

use super::field::Slot;

pub(super) fn choice(slot: Slot, options: &[Choice]) -> AnyView {
    let now = untrack(|| slot.text());
    // A value that is no longer offered is shown, so that it is seen and can be changed.
    let odd = (!options.iter().any(|option| option.text == now)).then_some(now);
    let texts = odd.into_iter().chain(options.iter().map(|option| option.text.clone()));
    let options: Vec<_> = texts
        .map(|text| {
            let value = text.clone();
            let chosen = move || slot.text() == value;
            view! { <option prop:selected=chosen>{text}</option> }
        })
        .collect();
    view! {
        <select
            class="box"
            id=slot.id()
            aria-describedby=slot.described_by()
            aria-invalid=move || slot.invalid()
            on:change=move |event| slot.fill(Draft::Text(event_target_value(&event)))
        >
            {options}
        </select>
    }
    .into_any()
}
