//! A seed: random for each run, the last one again, or typed.

use leptos::prelude::*;
use pilotlight_engine::form::Draft;
use pilotlight_engine::text::Word;

use super::button::icon;
use super::field::Slot;
use super::number::step_by_key;
use super::word;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    Random,
    Keep,
    Typed,
}

pub(super) fn seed(slot: Slot) -> AnyView {
    let last = slot.sheet.with_value(|sheet| sheet.last_seed);
    let mode = Memo::new(move |_| match slot.text() {
        text if text.is_empty() => Mode::Random,
        text if last.get().is_some_and(|last| last.to_string() == text) => Mode::Keep,
        _ => Mode::Typed,
    });
    let fill = move |text: String| slot.fill(Draft::Text(text));
    let keep = move || match last.get_untracked() {
        Some(last) if mode.get_untracked() != Mode::Keep => fill(last.to_string()),
        Some(_) | None => fill(String::new()),
    };
    view! {
        <div
            class="box"
            data-seed=move || match mode.get() {
                Mode::Random => "random",
                Mode::Keep => "keep",
                Mode::Typed => "typed",
            }
        >
            <input
                class="box-input"
                inputmode="numeric"
                autocomplete="off"
                id=slot.id()
                placeholder=word(slot.page, Word::Random)
                aria-describedby=slot.described_by()
                aria-invalid=move || slot.invalid()
                prop:value=move || slot.text()
                on:input=move |event| fill(event_target_value(&event))
                on:keydown=move |event| {
                    if mode.get_untracked() != Mode::Random {
                        step_by_key(slot, &event);
                    }
                }
            />
            {toggle(slot, "#keep", Word::KeepSeed, mode, Mode::Keep, Box::new(keep))}
            {toggle(slot, "#dice", Word::RandomSeed, mode, Mode::Random, Box::new(move || fill(String::new())))}
        </div>
    }
    .into_any()
}

fn toggle(
    slot: Slot,
    picture: &'static str,
    name: Word,
    mode: Memo<Mode>,
    on: Mode,
    press: Box<dyn Fn()>,
) -> AnyView {
    let last = slot.sheet.with_value(|sheet| sheet.last_seed);
    let name = word(slot.page, name);
    view! {
        <button
            class="button"
            type="button"
            data-kind="icon"
            aria-label=name
            title=name
            aria-pressed=move || (mode.get() == on).to_string()
            disabled=move || on == Mode::Keep && last.get().is_none()
            on:click=move |_| press()
        >
            {icon(picture)}
        </button>
    }
    .into_any()
}
