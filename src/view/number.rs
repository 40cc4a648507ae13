//! A number with steps. Invariant: what is typed stays as typed; no number passes through a float
//! of the browser.

use pilotlight_i18n::text::{FormText, labeled};

use super::button::{bare, icon};
use super::slot::Slot;
use crate::dom::{El, Heard, el};

/// `keys`: which keys a phone shows, `numeric` or `decimal`.
pub(super) fn number(slot: Slot, keys: &str) -> El {
    el("div", "box")
        .put(stepper(slot, "#minus", FormText::Decrease, false))
        .put(input(slot, keys).on("keydown", move |event| step_by_key(slot, &event)))
        .put(stepper(slot, "#plus", FormText::Increase, true))
}

pub(super) fn input(slot: Slot, keys: &str) -> El {
    let input = el("input", "box-input").set("inputmode", keys).set("autocomplete", "off");
    slot.text_control(input)
}

pub(super) fn step_by_key(slot: Slot, event: &Heard) {
    let key = event.key();
    let up = key == "ArrowUp";
    if (up || key == "ArrowDown") && !event.is_composing() {
        event.prevent();
        slot.step(up);
    }
}

fn stepper(slot: Slot, href: &str, word: FormText, up: bool) -> El {
    let name = move || labeled(slot.page.word(word), &slot.label(), slot.page.language.get());
    bare(move || slot.step(up))
        .set("data-kind", "icon")
        .set("tabindex", "-1")
        .attr("aria-label", name)
        .put(icon(href))
}
