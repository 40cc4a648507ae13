//! Executes the commands of the page and its forms, and stores what was entered.

use std::sync::Arc;

use pilotlight_comfy::json;
use pilotlight_comfy::language::Language;
use pilotlight_comfy::schema::Class;
use pilotlight_forms::form::{Draft, Drafts, FieldKey, Form};
use pilotlight_i18n::text::StorageText;
use pilotlight_runs::config::Theme;

use crate::app::{Notice, Page, Sheet, TIMES_MAX};
use crate::command::{Command, FormCommand, PageCommand};
use crate::runtime::state::for_the_page;
use crate::sheet::Parts;
use crate::{browser, storage};
use leptos::prelude::*;

/// The storage key that records that [`Notice::Insecure`] was dismissed.
pub const INSECURE_SEEN: &str = "insecure";

impl Page {
    /// Executes a command of the user.
    pub fn send(self, command: impl Into<Command>) {
        match command.into() {
            Command::Page(command) => of_page(self, command),
            Command::Form(command) => of_form(self, command),
            command @ (Command::Input(_)
            | Command::Run(_)
            | Command::Result(_)
            | Command::Workflow(_)
            | Command::Dialog(_)
            | Command::CopyText(_)
            | Command::Announce(_)) => self.send_to_second_bundle(command),
        }
    }
}

fn of_page(page: Page, command: PageCommand) {
    match command {
        PageCommand::PickTab(tab) => pick_tab(page, tab),
        PageCommand::SetLanguage(language) => set_language(page, language),
        PageCommand::SetTheme(theme) => set_theme(page, theme),
        PageCommand::DismissNotice(at) => page.notices.update(|notices| {
            if at < notices.len() && matches!(notices.remove(at), Notice::Insecure(_)) {
                storage::set(INSECURE_SEEN, "yes");
            }
        }),
    }
}

fn of_form(page: Page, command: FormCommand) {
    match command {
        FormCommand::Fill(key, draft) => fill(page, key, draft),
        FormCommand::SetTimes(times) => {
            if let Some(sheet) = page.sheet(page.tab.get_untracked()) {
                sheet.times.set(times.clamp(1, TIMES_MAX));
            }
        }
    }
}

pub fn add_notice(page: Page, notice: Notice) {
    if page.notices.with_untracked(|notices| !notices.contains(&notice)) {
        page.notices.update(|notices| notices.push(notice));
    }
}

/// Adds a notice about what is not stored, unless one says that nothing is.
pub fn add_storage_notice(page: Page, what: StorageText) {
    if page.notices.with_untracked(|all| !all.contains(&Notice::StorageRefused)) {
        add_notice(page, Notice::Kept(what.label()));
    }
}

pub fn pick_tab(page: Page, tab: usize) {
    page.tab.set(tab);
    if let Some(sheet) = page.sheet(tab) {
        storage::set("tab", &sheet.form.id);
    }
}

pub fn fill(page: Page, key: FieldKey, draft: Draft) {
    if let Some(sheet) = page.sheet(page.tab.get_untracked()) {
        fill_in(&sheet, key, draft);
    }
}

/// Sets the value of a field in any form, removes its problems, and stores the form's values.
pub fn fill_in(sheet: &Sheet, key: FieldKey, draft: Draft) {
    if sheet.problems.with_untracked(|all| all.iter().any(|one| one.place.as_ref() == Some(&key))) {
        sheet.problems.update(|all| all.retain(|one| one.place.as_ref() != Some(&key)));
    }
    if sheet.complaint.with_untracked(Option::is_some) {
        sheet.complaint.set(None);
    }
    sheet.drafts.update(|drafts| drafts.set(key, draft));
    keep_drafts(sheet);
}

/// Sets the values of many fields at once, as [`fill_in`] does for one.
pub fn fill_all(sheet: &Sheet, drafts: Drafts) {
    sheet.problems.set(Vec::new());
    sheet.complaint.set(None);
    sheet.drafts.update(|all| all.merge(drafts));
    keep_drafts(sheet);
}

pub fn keep_drafts(sheet: &Sheet) {
    let kept = sheet.drafts.with_untracked(json::to_text);
    storage::set(&drafts_key(&sheet.form), &kept);
}

/// Returns a form with the values that were last entered in it. It lives as long as the page.
pub fn sheet((form, classes): (Form, Vec<Class>), language: Language, is_opened: bool) -> Sheet {
    let mut drafts = form.drafts(language);
    if let Some(kept) = kept_drafts(&form) {
        drafts.merge(kept);
    }
    Sheet::new(for_the_page(|| Parts {
        form: Arc::new(form),
        classes: classes.into(),
        drafts: RwSignal::new(drafts),
        problems: RwSignal::new(Vec::new()),
        times: RwSignal::new(1),
        last_seed: RwSignal::new(None),
        complaint: RwSignal::new(None),
        is_unfolded: RwSignal::new(false),
        is_opened,
        is_closed: RwSignal::new(false),
    }))
}

/// Returns the stored values of a form, if there are any.
pub fn kept_drafts(form: &Form) -> Option<Drafts> {
    json::from_text(&storage::get(&drafts_key(form))?)
}

/// The prefix of the storage keys of opened workflows; the workflow's id follows it.
pub const WORKFLOWS: &str = "workflow.";

/// Returns the storage key of a form's presets.
pub fn presets_key(form: &Form) -> String {
    format!("presets.{}", form.id)
}

fn drafts_key(form: &Form) -> String {
    format!("drafts.{}", form.id)
}

fn set_language(page: Page, language: Language) {
    show_language(page, language);
    storage::set("language", language.code());
}

/// Changes the language without storing it.
pub fn show_language(page: Page, language: Language) {
    let before = page.language.get_untracked();
    page.language.set(language);
    browser::set_language(language);
    // A text that the user has not changed becomes the default of the new language.
    for sheet in page.sheets.get_untracked() {
        for field in &sheet.form.fields {
            let untouched = sheet
                .drafts
                .with_untracked(|drafts| drafts.get(&field.key) == Some(&field.default_in(before)));
            if untouched && field.start.is_some() {
                sheet
                    .drafts
                    .update(|drafts| drafts.set(field.key.clone(), field.default_in(language)));
            }
        }
    }
}

/// Changes the theme without storing it.
pub fn show_theme(page: Page, theme: Theme) {
    page.theme.set(theme);
    browser::set_theme(theme);
}

fn set_theme(page: Page, theme: Theme) {
    show_theme(page, theme);
    match theme {
        Theme::Auto => storage::remove("theme"),
        Theme::Light => storage::set("theme", "light"),
        Theme::Dark => storage::set("theme", "dark"),
    }
}
