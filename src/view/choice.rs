//! One of several values.

use pilotlight_engine::form::{Choice, Draft};

use super::field::Slot;
use crate::dom::{El, el};

pub(super) fn choice(slot: Slot, options: &[Choice]) -> El {
    let now = slot.text();
    // A value that is no longer offered is shown, so that it is seen and can be changed.
    let odd = (!options.iter().any(|option| option.text == now)).then_some(now);
    let texts = odd.iter().chain(options.iter().map(|option| &option.text));
    slot.control(el("select", "box"))
        .put_all(texts.map(|text| el("option", "").set("value", text).text(text)))
        .value(move || slot.text())
        .on("change", move |event| slot.fill(Draft::Text(event.value())))
}
