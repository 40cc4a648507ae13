//! A number with steps. Invariant: what is typed stays as typed; no number passes through a float
//! of the browser.

use leptos::ev;
use leptos::prelude::*;
use pilotlight_engine::form::Draft;
use pilotlight_engine::text::Word;

use super::button::icon;
use super::field::Slot;

/// `keys`: which keys a phone shows, `numeric` or `decimal`.
pub(super) fn number(slot: Slot, keys: &'static str) -> AnyView {
    view! {
        <div class="box">
            {stepper(slot, "#minus", Word::Less, false)}
            <input
                class="box-input"
                inputmode=keys
                autocomplete="off"
                id=slot.id()
                aria-describedby=slot.described_by()
                aria-invalid=move || slot.invalid()
                prop:value=move || slot.text()
                on:input=move |event| slot.fill(Draft::Text(event_target_value(&event)))
                on:keydown=move |event| step_by_key(slot, &event)
            />
            {stepper(slot, "#plus", Word::More, true)}
        </div>
    }
    .into_any()
}

pub(super) fn step_by_key(slot: Slot, event: &ev::KeyboardEvent) {
    let up = match event.key().as_str() {
        "ArrowUp" => true,
        "ArrowDown" => false,
        _ => return,
    };
    if !event.is_composing() {
        event.prevent_default();
        slot.step(up);
    }
}

fn stepper(slot: Slot, picture: &'static str, word: Word, up: bool) -> AnyView {
    let name = move || {
        let colon = if slot.page.word(Word::Run).is_ascii() { ": " } else { "：" };
        format!("{}{colon}{}", slot.page.word(word), slot.label())
    };
    view! {
        <button
            class="button"
            type="button"
            data-kind="icon"
            tabindex="-1"
            aria-label=name
            on:click=move |_| slot.step(up)
        >
            {icon(picture)}
        </button>
    }
    .into_any()
}
