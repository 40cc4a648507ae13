//! Opens the form of a shared link and fills it in. Invariant: values that the link would overwrite
//! are saved as a preset before.

use leptos::prelude::*;
use pilotlight_forms::form::{Draft, Drafts, FieldKey};
use pilotlight_forms::share::{self, Shared, Unshared, Which};
use pilotlight_i18n::text::ShareText;

use crate::app::{Page, Sheet};
use crate::browser;
use crate::features::shell::announce;
use crate::features::workflows::{opened, presets};

/// Follows a fragment that `share::is_link`.
///
/// # Errors
/// Why the link was not opened; then nothing was changed.
pub fn follow(page: Page, fragment: &str) -> Result<(), Unshared> {
    let Shared { form, drafts } = share::read(fragment)?;
    match form {
        Which::Own(id) => {
            let of_id = |sheet: &Sheet| sheet.form.id == id;
            let at = page.sheets.with_untracked(|all| all.iter().position(of_id));
            opened::go_to(page, at.ok_or(Unshared::NoSuchForm(id))?);
        }
        Which::Whole(package) => {
            let (form, classes) = package.parts();
            opened::put(page, form, classes);
        }
    }
    let Some(sheet) = page.sheet(page.tab.get_untracked()) else { return Ok(()) };
    let language = page.language.get_untracked();
    let said = match keep_typed(page, &sheet, &drafts) {
        Some(preset) => ShareText::FilledInAfter { preset: &preset }.say(language),
        None => ShareText::FilledIn.say(language),
    };
    presets::fill(&sheet, &drafts);
    announce::say(page, &said);
    Ok(())
}

/// Saves the entered values as a preset if the link would overwrite any; returns its name.
fn keep_typed(page: Page, sheet: &Sheet, drafts: &Drafts) -> Option<String> {
    let language = page.language.get_untracked();
    let typed = sheet.drafts.get_untracked();
    let is_lost = |(key, typed): (&FieldKey, &Draft)| {
        let begun = sheet.form.field(key).map(|field| field.default_in(language));
        begun.as_ref() != Some(typed) && drafts.get(key).is_some_and(|next| next != typed)
    };
    if !typed.iter().any(is_lost) {
        return None;
    }
    let now = browser::moment();
    let two = |number: u8| [if number < 10 { "0" } else { "" }, &number.to_string()].concat();
    let [month, day, hour, minute] = [now.month, now.day, now.hour, now.minute].map(two);
    let time = [" ", &month, "-", &day, " ", &hour, ":", &minute].concat();
    let name = [ShareText::Before.say(language), time].concat();
    presets::save(page, &name);
    Some(name)
}
