//! *Presets*: what is filled in, kept under a name, to be filled in again.

use pilotlight_forms::form::Preset;
use pilotlight_i18n::text::{CommonText, FormText, PresetText, labeled};

use super::button::{bare, icon, icon_button};
use super::{modal, word};
use crate::app::{Deed, Dialog, Page};
use crate::browser;
use crate::dom::{El, el};
use crate::later::presets;
use crate::live::Live;

pub(super) fn presets(page: Page) -> El {
    let is_open = move || page.dialog.get() == Some(Dialog::Presets);
    let head = el("div", "dialog-head")
        .put(
            el("h2", "dialog-title").set("id", "presets-title").says(word(page, FormText::Presets)),
        )
        .put(icon_button(page, "#close", CommonText::Close, move || {
            page.ask_for(Deed::CloseDialog)
        }));
    let says = move |word: PresetText| move || word.say(page.language.get()).to_owned();
    let empty = move || presets::list().with(Vec::is_empty).then(says(PresetText::None));
    let list = el("ul", "editor-list")
        .set("role", "list")
        .attr("aria-labelledby", || "presets-title".to_owned())
        .remade(move || {
            presets::list().with(|all| all.iter().map(|one| row(page, one)).collect::<Vec<_>>())
        });
    let body = el("div", "dialog-body")
        .put(el("div", "editor-part").put(list).line("p", "dialog-hint", empty))
        .put(saver(page));
    modal::modal(page, "dialog", is_open)
        .set("aria-labelledby", "presets-title")
        .put(head)
        .put(body)
}

fn row(page: Page, preset: &Preset) -> El {
    let (name, gone) = (preset.name.clone(), preset.name.clone());
    let delete = PresetText::Delete;
    let named = preset.name.clone();
    let fill = bare(move || presets::apply(page, &name))
        .set("class", "editor-name")
        .put(icon("#use"))
        .put(el("span", "editor-label").text(&preset.name));
    let remove = bare(move || {
        presets::remove(page, &gone);
        browser::focus("preset-name");
    })
    .set("data-kind", "icon")
    .attr("title", move || delete.say(page.language.get()).to_owned())
    .attr("aria-label", move || {
        let language = page.language.get();
        labeled(delete.say(language), &named, language)
    })
    .put(icon("#close"));
    el("li", "editor-row").put(el("div", "editor-line").put(fill).put(remove))
}

/// Takes a name, on Enter too.
fn saver(page: Page) -> El {
    let typed = Live::new(String::new());
    let save = move || {
        let name = typed.now();
        if !name.trim().is_empty() {
            presets::save(page, &name);
            typed.set(String::new());
        }
        browser::focus("preset-name");
    };
    let input = el("input", "box")
        .set("id", "preset-name")
        .set("autocomplete", "off")
        .set("autofocus", "")
        .value(move || typed.get())
        .on("input", move |event| typed.set(event.value()))
        .on("keydown", move |event| {
            if event.key() == "Enter" && !event.is_composing() {
                event.prevent();
                save();
            }
        });
    let label = el("label", "field-label")
        .set("for", "preset-name")
        .says(move || PresetText::Name.say(page.language.get()).to_owned());
    let button = bare(save).says(move || PresetText::Save.say(page.language.get()).to_owned());
    el("div", "editor-one").put(label).put(el("div", "preset-new").put(input).put(button))
}
