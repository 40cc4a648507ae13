//! The picture of a field: dropped, pasted or chosen; shown, replaced, taken away.

use pilotlight_forms::form::{Draft, PictureRef};
use pilotlight_i18n::text::FormText;

use super::button::{bare, icon, icon_button};
use super::slot::{Slot, id};
use super::word;
use crate::app::Deed;
use crate::browser::{self, Picked};
use crate::dom::{El, el};
use crate::live::Live;
use crate::pictures;

/// `kind`: what is taken, `image`, `video` or `audio`.
pub(super) fn drop(slot: Slot, kind: &'static str) -> El {
    let hover = Live::new(false);
    let picture = Live::from(move || match slot.draft() {
        Draft::Picture(picture) => picture,
        Draft::Text(_) | Draft::Switch(_) => None,
    });
    let take = move |files: Vec<Picked>| {
        if let Some(file) = files.into_iter().next() {
            slot.page.ask_for(Deed::TakePicture(slot.key(), file));
        }
    };
    let input = el("input", "unseen")
        .set("type", "file")
        .set("accept", &format!("{kind}/*"))
        .set("tabindex", "-1")
        .attr("aria-label", move || slot.label())
        .on("change", move |event| {
            if let Some(input) = event.target() {
                take(input.take_files());
            }
        });
    let state = move || match (hover.get(), picture.with(Option::is_some)) {
        (true, _) => "hover",
        (false, true) => "filled",
        (false, false) => "empty",
    };
    let chooser = input.clone();
    el("div", "drop")
        .attr("data-state", move || state().to_owned())
        .on("dragover", move |event| {
            if event.carries_files() {
                event.prevent();
                if !hover.now() {
                    hover.set(true);
                }
            }
        })
        .on("dragleave", move |_| hover.set(false))
        .on("drop", move |event| {
            hover.set(false);
            event.prevent();
            event.stop();
            match event.carries_result() {
                true => slot.page.ask_for(Deed::TakeDragged(Some(slot.key()))),
                false => take(event.dropped()),
            }
        })
        .remade(move || match picture.get() {
            Some(picture) if !hover.get() => filled(slot, kind, &chooser, &picture),
            Some(_) | None => vec![empty(slot, kind, &chooser, hover.get())],
        })
        .put(input)
}

fn empty(slot: Slot, kind: &str, chooser: &El, hover: bool) -> El {
    let page = slot.page;
    let (lead, rest) = match (hover, kind) {
        (true, _) => (FormText::DropHere, None),
        (false, "image") => (FormText::ChooseImage, Some(FormText::DropOrPaste)),
        (false, _) => (FormText::ChooseFile, Some(FormText::DropOrPaste)),
    };
    let chooser = chooser.clone();
    let pick = el("button", "drop-pick")
        .set("type", "button")
        .attr("aria-label", move || slot.label())
        .on("click", move |_| chooser.call("click"))
        .put(icon("#image"))
        .put(el("span", "drop-lead").says(word(page, lead)))
        .put(el("span", "").says(move || rest.map_or("\u{a0}", |rest| page.word(rest)).to_owned()));
    slot.control(pick)
}

fn filled(slot: Slot, kind: &str, chooser: &El, picture: &PictureRef) -> Vec<El> {
    let page = slot.page;
    let size = Live::new(String::new());
    let hash = picture.hash.clone();
    // After a reload the picture comes back a moment later than the form.
    let shown = match kind {
        "image" => el("img", "drop-preview").set("alt", ""),
        player => el(player, "drop-preview").set("controls", ""),
    };
    let preview = shown.attr("src", move || pictures::url_of(&hash)).on("load", move |event| {
        let pixels = event.target().map(|image| image.picture_size());
        size.set(pixels.map(|pixels| format!(" · {pixels}")).unwrap_or_default());
    });
    let remove = move || {
        let id = id(&slot.field.key);
        slot.fill(Draft::Picture(None));
        leptos::prelude::request_animation_frame(move || browser::focus(&id));
    };
    let chooser = chooser.clone();
    let replace = bare(move || chooser.call("click"))
        .set("data-kind", "quiet")
        .says(word(page, FormText::ReplaceImage));
    let foot = el("div", "drop-foot")
        .put(el("span", "drop-name").text(&picture.name).says(move || size.get()))
        .put(slot.control(replace))
        .put(icon_button(page, "#close", FormText::RemoveImage, remove))
        .remade(move || {
            page.later.get().and_then(|later| (later.tool)(page, slot.sheet, slot.field))
        });
    vec![preview, foot]
}
