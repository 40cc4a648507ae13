//! A seed: random for each run, the last one again, or typed.

use pilotlight_forms::form::Draft;
use pilotlight_i18n::text::FormText;

use super::button::icon_button;
use super::number::{input, step_by_key};
use super::slot::Slot;
use super::word;
use crate::dom::{El, el};

#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    Random,
    Keep,
    Typed,
}

pub(super) fn seed(slot: Slot) -> El {
    let page = slot.page;
    let fill = move |text: String| slot.fill(Draft::Text(text));
    let keep = move || match last(slot) {
        Some(last) if mode(slot) != Mode::Keep => fill(last),
        Some(_) | None => fill(String::new()),
    };
    let input = input(slot, "numeric").attr("placeholder", word(page, FormText::Random)).on(
        "keydown",
        move |event| {
            if mode(slot) != Mode::Random {
                step_by_key(slot, &event);
            }
        },
    );
    let keep = icon_button(page, "#keep", FormText::KeepSeed, keep)
        .attr("aria-pressed", move || (mode(slot) == Mode::Keep).to_string())
        .flag("disabled", move || last(slot).is_none());
    let dice = icon_button(page, "#dice", FormText::RandomSeed, move || fill(String::new()))
        .attr("aria-pressed", move || (mode(slot) == Mode::Random).to_string());
    el("div", "box")
        .attr("data-seed", move || {
            match mode(slot) {
                Mode::Random => "random",
                Mode::Keep => "keep",
                Mode::Typed => "typed",
            }
            .to_owned()
        })
        .put(input)
        .put(keep)
        .put(dice)
}

fn last(slot: Slot) -> Option<String> {
    slot.sheet.last_seed.get().map(|seed| seed.to_string())
}

fn mode(slot: Slot) -> Mode {
    match slot.text() {
        text if text.is_empty() => Mode::Random,
        text if last(slot).as_deref() == Some(&text) => Mode::Keep,
        _ => Mode::Typed,
    }
}
