//! Presets: named sets of values of a form, stored in this browser. Invariant: they contain no
//! files, which may be deleted meanwhile.

use pilotlight_comfy::json;
use pilotlight_forms::form::{Draft, Drafts, FieldKey, Form, Preset};

use crate::app::{Page, Sheet};
use crate::features::shell::announce;
use crate::{form_state, storage};
use leptos::prelude::*;

/// The state of this module.
#[derive(Default)]
struct State {
    list: RwSignal<Vec<Preset>>,
}

fn state() -> &'static State {
    crate::runtime::state::of()
}

/// Returns the presets of the current tab, read when the dialog is opened or a preset changes.
pub fn list() -> RwSignal<Vec<Preset>> {
    state().list
}

pub fn open(page: Page) {
    list().set(
        page.sheet(page.tab.get_untracked()).map(|sheet| read(&sheet.form)).unwrap_or_default(),
    );
}

/// Saves the current values as a preset; replaces one of the same name.
pub fn save(page: Page, name: &str) {
    let Some(sheet) = page.sheet(page.tab.get_untracked()) else { return };
    let is_kept = |draft: &Draft| !matches!(draft, Draft::Picture(_));
    let drafts: Drafts = sheet.drafts.with_untracked(|drafts| {
        let mine =
            drafts.iter().filter(|(key, draft)| sheet.form.field(key).is_some() && is_kept(draft));
        mine.map(|(key, draft)| (key.clone(), draft.clone())).collect()
    });
    if let Some(preset) = Preset::new(name, drafts) {
        change(page, |presets| preset.put(presets));
    }
}

/// Applies a preset and closes the dialog.
pub fn apply(page: Page, name: &str) {
    let Some(sheet) = page.sheet(page.tab.get_untracked()) else { return };
    let found = list().with_untracked(|all| all.iter().find(|one| one.name == name).cloned());
    if let Some(preset) = found {
        fill(&sheet, &preset.drafts);
    }
    page.dialog.set(None);
    announce::say(page, name);
}

/// Sets the values whose kind fits their field.
pub fn fill(sheet: &Sheet, drafts: &Drafts) {
    let fits = |(key, draft): &(&FieldKey, &Draft)| {
        let of_field = sheet.form.field(key).map(|field| std::mem::discriminant(&field.default));
        of_field == Some(std::mem::discriminant(*draft))
    };
    let found = drafts.iter().filter(fits);
    form_state::fill_all(sheet, found.map(|(key, draft)| (key.clone(), draft.clone())).collect());
}

pub fn remove(page: Page, name: &str) {
    change(page, |presets| presets.retain(|preset| preset.name != name));
}

fn change(page: Page, change: impl FnOnce(&mut Vec<Preset>)) {
    let Some(sheet) = page.sheet(page.tab.get_untracked()) else { return };
    // Another browser tab may have changed them meanwhile.
    let mut presets = read(&sheet.form);
    change(&mut presets);
    storage::set(&form_state::presets_key(&sheet.form), &json::to_text(&presets));
    list().set(presets);
}

fn read(form: &Form) -> Vec<Preset> {
    storage::get(&form_state::presets_key(form)).map(|text| Preset::list(&text)).unwrap_or_default()
}
