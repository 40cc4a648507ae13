//! One of several values.

use pilotlight_engine::form::{Choice, Draft};

use super::field::{Slot, id};
use crate::dom::{El, el};

/// More than this are searched by typing.
const MOST_LISTED: usize = 24;

pub(super) fn choice(slot: Slot, options: &[Choice]) -> Vec<El> {
    if options.len() > MOST_LISTED {
        return searched(slot, options);
    }
    let now = slot.text();
    // A value that is no longer offered is shown, so that it is seen and can be changed.
    let odd = (!options.iter().any(|option| option.text == now)).then_some(now);
    let texts = odd.iter().chain(options.iter().map(|option| &option.text));
    let select = slot
        .control(el("select", "box"))
        .put_all(texts.map(|text| el("option", "").set("value", text).text(text)))
        .value(move || slot.text())
        .on("change", move |event| slot.fill(Draft::Text(event.value())));
    vec![select]
}

fn searched(slot: Slot, options: &[Choice]) -> Vec<El> {
    let list = format!("{}-list", id(&slot.field.key));
    let input = slot.text_control(el("input", "box").set("autocomplete", "off").set("list", &list));
    let options = options.iter().map(|option| el("option", "").set("value", &option.text));
    vec![input, el("datalist", "").set("id", &list).put_all(options)]
}
