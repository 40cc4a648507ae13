//! On or off.

use leptos::prelude::*;
use pilotlight_engine::form::Draft;
use pilotlight_engine::text::Word;

use super::field::Slot;

pub(super) fn switch(slot: Slot) -> AnyView {
    let on = move || slot.draft() == Draft::Switch(true);
    let state = move || slot.page.word(if on() { Word::On } else { Word::Off });
    view! {
        <label class="switch">
            <input
                type="checkbox"
                id=slot.id()
                aria-describedby=slot.described_by()
                aria-invalid=move || slot.invalid()
                prop:checked=on
                on:change=move |event| slot.fill(Draft::Switch(event_target_checked(&event)))
            />
            <span aria-hidden="true">{state}</span>
        </label>
    }
    .into_any()
}
