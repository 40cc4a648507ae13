//! On or off.

use pilotlight_forms::form::Draft;
use pilotlight_i18n::text::FormText;

use super::slot::Slot;
use crate::dom::{El, el};

pub(super) fn switch(slot: Slot) -> El {
    let is_on = move || slot.draft() == Draft::Switch(true);
    let state =
        move || slot.page.word(if is_on() { FormText::On } else { FormText::Off }).to_owned();
    let input = slot
        .control(el("input", "").set("type", "checkbox"))
        .flag("checked", is_on)
        .on("change", move |_| slot.fill(Draft::Switch(!is_on())));
    let state = el("span", "").set("aria-hidden", "true").says(state);
    el("label", "switch").put(input).put(state)
}
