//! The tabs of opened forms: adding, storing, replacing and closing them. Invariant: forms are not
//! modified; an edited form is a new sheet with the entered values.

use std::sync::Arc;

use leptos::prelude::*;
use pilotlight_comfy::editor_workflow::EditorWorkflow;
use pilotlight_comfy::language::{Label, Language};
use pilotlight_comfy::schema::Class;
use pilotlight_forms::form::{Draft, Form};
use pilotlight_session::editor_key;

use crate::app::{Page, Sheet};
use crate::{browser, form_state, runtime, storage};

/// Selects the tab of this form, or adds one; returns its index. A different form with the same id,
/// such as an edited copy, keeps its tab.
pub fn put(page: Page, mut form: Form, classes: Vec<Class>) -> usize {
    let at = page.sheets.with_untracked(|sheets| {
        let (id, title) = (form.id.clone(), form.title.clone());
        let found = sheets.iter().position(|sheet| {
            form.id.clone_from(&sheet.form.id);
            form.title = if is_numbered(&sheet.form.title, &title) {
                sheet.form.title.clone()
            } else {
                title.clone()
            };
            // A form whose classes were updated from the server is still the same one.
            form == *sheet.form || form.described_anew(&classes, &sheet.classes) == *sheet.form
        });
        (form.id, form.title) = (id, title);
        found
    });
    let at = at.unwrap_or_else(|| {
        free_id(page, &mut form);
        free_title(page, &mut form);
        let sheet = form_state::sheet((form, classes), page.language.get_untracked(), true);
        push(page, sheet)
    });
    runtime::forms_opened(page);
    go_to(page, at);
    at
}

/// Adds a tab for a form of the configuration. It is selected only if it was selected last, or the
/// link names it.
pub fn add(page: Page, mut form: Form, classes: Vec<Class>, editor: Option<EditorWorkflow>) {
    free_id(page, &mut form);
    let named = [browser::link(), storage::get("tab")];
    let was_in_front = named.into_iter().flatten().next().is_some_and(|id| id == form.id);
    let sheet = form_state::sheet((form, classes), page.language.get_untracked(), false);
    if let Some(editor) = editor {
        keep_editor(&sheet, &editor);
    }
    let at = push(page, sheet);
    runtime::forms_opened(page);
    if was_in_front {
        form_state::pick_tab(page, at);
    }
}

/// Adds a sheet after the others; returns its index.
fn push(page: Page, sheet: Sheet) -> usize {
    page.sheets.update(|sheets| sheets.push(sheet));
    page.sheets.with_untracked(Vec::len) - 1
}

pub fn go_to(page: Page, at: usize) {
    let Some(sheet) = page.sheet(at) else { return };
    if sheet.is_opened {
        keep(&sheet.form, &sheet.classes);
        sheet.is_closed.set(false);
    }
    form_state::pick_tab(page, at);
}

/// Stores a form for the next start.
pub fn keep(form: &Form, classes: &[Class]) {
    storage::set(&key(form), &form.to_file(classes));
}

/// Keeps the editor's workflow that a form was made of, for its runs: an opened one is stored, one
/// of the configuration is read at each start.
pub fn keep_editor(sheet: &Sheet, editor: &EditorWorkflow) {
    let (key, text) = (editor_key(&sheet.form.id), editor.to_text());
    if !sheet.is_opened || !storage::keep(&key, &text) {
        storage::hold(&key, text);
    }
}

/// Gives a form an unused id: its own, or that with a number, which is returned (1: its own).
pub fn free_id(page: Page, form: &mut Form) -> usize {
    let own = form.id.clone();
    let mut number = 1;
    while page.sheets.with_untracked(|all| all.iter().any(|sheet| sheet.form.id == form.id)) {
        number += 1;
        // An id has at most 64 characters, all of them ASCII.
        form.id = format!("{}-{number}", own.get(..56).unwrap_or(&own));
    }
    number
}

/// Returns whether [`free_title`] made a title from this one.
fn is_numbered(title: &Label, own: &Label) -> bool {
    let [title, own] = [title, own].map(|label| label.get(Language::English));
    let number = title.strip_prefix(own).and_then(|rest| rest.strip_prefix(' '));
    number.is_some_and(|number| number.parse::<u64>().is_ok())
}

/// Gives a form a title that no open tab has: its own, or one with a number behind it.
fn free_title(page: Page, form: &mut Form) {
    let own = form.title.clone();
    let is_taken = |title: &Label| {
        page.sheets.with_untracked(|all| {
            let mut open = all.iter().filter(|sheet| !sheet.is_closed.get_untracked());
            open.any(|sheet| sheet.form.title == *title)
        })
    };
    let mut number: u64 = 1;
    while is_taken(&form.title) {
        number += 1;
        form.title = Label::of(|language| format!("{} {number}", own.get(language)));
    }
}

/// Gives the form of an opened tab another title, and stores it.
pub fn rename(page: Page, at: usize, title: Label) {
    let Some(sheet) = page.sheet(at).filter(|sheet| sheet.is_opened) else { return };
    if sheet.form.title != title {
        let mut form = Form::clone(&sheet.form);
        form.title = title;
        exchange(page, at, form, sheet.classes.clone());
    }
}

/// Replaces the form of a tab; entered values stay. An opened form is stored; a form of the
/// configuration is replaced only until the next start.
pub fn exchange(page: Page, at: usize, form: Form, classes: Arc<[Class]>) {
    let Some(former) = page.sheet(at) else { return };
    if former.is_opened && !former.is_closed.get_untracked() {
        keep(&form, &classes);
    }
    let next = former.with_form(form, classes);
    begin_anew(page, &former, &next);
    page.sheets.update(|sheets| {
        if let Some(place) = sheets.get_mut(at) {
            *place = next;
        }
    });
}

/// Sets fields that the user has not changed to the initial values of the changed form.
pub fn begin_anew(page: Page, former: &Sheet, next: &Sheet) {
    let language = page.language.get_untracked();
    let mut drafts = next.drafts.get_untracked();
    for field in &next.form.fields {
        let before = former.form.field(&field.key).map(|field| field.default_in(language));
        let now = drafts.get(&field.key);
        let same_kind =
            |draft: &Draft| std::mem::discriminant(draft) == std::mem::discriminant(&field.default);
        if now.is_none() || now == before.as_ref() || !now.is_some_and(same_kind) {
            drafts.set(field.key.clone(), field.default_in(language));
        }
    }
    next.drafts.set(drafts);
    form_state::keep_drafts(next);
}

/// Closes the tab of an opened form; its runs stay.
pub fn close(page: Page, at: usize) {
    let Some(sheet) = page.sheet(at).filter(|sheet| sheet.is_opened) else { return };
    storage::remove(&key(&sheet.form));
    // Its runs may still have to be sent.
    let editor = editor_key(&sheet.form.id);
    if let Some(text) = storage::get(&editor) {
        storage::hold(&editor, text);
    }
    sheet.is_closed.set(true);
    let open = |sheet: &Sheet| !sheet.is_closed.get_untracked();
    form_state::pick_tab(
        page,
        page.sheets.with_untracked(|all| all.iter().position(open).unwrap_or(0)),
    );
}

fn key(form: &Form) -> String {
    [form_state::WORKFLOWS, &form.id].concat()
}
