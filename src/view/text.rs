//! A text field, of one line or several.

use pilotlight_forms::form::Widget;

use super::slot::Slot;
use crate::dom::{El, el};

pub(super) fn long(slot: Slot) -> El {
    slot.text_control(el("textarea", "box").set("rows", "4"))
}

/// Also shows a value for which there is no widget, without letting it be changed.
pub(super) fn short(slot: Slot) -> El {
    let input = slot.text_control(el("input", "box").set("autocomplete", "off"));
    if matches!(slot.field.widget, Widget::ReadOnly(_)) { input.set("readonly", "") } else { input }
}
