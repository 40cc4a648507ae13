//! One of several values.

use pilotlight_forms::form::{Choice, Draft};

use super::slot::{Slot, id};
use crate::dom::{El, el};

/// More than this are searched by typing.
const MOST_LISTED: usize = 24;

pub(super) fn choice(slot: Slot, options: &'static [Choice]) -> Vec<El> {
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

/// More options are not made into elements, which would stop the page for seconds; a value among
/// them can be typed all the same.
const MOST_OFFERED: usize = 20_000;

/// There may be hundreds of options in each of many such fields: they are made for the one in use.
fn searched(slot: Slot, options: &'static [Choice]) -> Vec<El> {
    let id = format!("{}-list", id(&slot.field.key));
    let list = el("datalist", "").set("id", &id);
    let own = list.clone();
    let input = el("input", "box").set("autocomplete", "off").set("list", &id);
    let input = slot.text_control(input).on("focus", move |_| {
        if !own.is("firstChild") {
            let options = options.iter().take(MOST_OFFERED);
            let options = options.map(|option| el("option", "").set("value", &option.text));
            own.clone().put_all(options);
        }
    });
    vec![input, list]
}
