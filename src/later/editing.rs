//! What an author does to the form of the current tab. Its module is fetched when somebody edits a
//! form. Invariant: every step is kept in this browser at once, and a form of the configuration is
//! never changed: the first step makes a copy.

use std::cell::Cell;

use pilotlight_engine::form::{Draft, Edit, Form, Unfit};
use pilotlight_engine::language::Label;
use pilotlight_engine::text::AuthorWord;

use super::{Unfetched, opening, part_came};
use crate::app::{Deed, Dialog, Notice, Page, Sheet};
use crate::dom::El;
use crate::live::Live;
use crate::{browser, desk, storage, task, view};

/// Why the last step was not done.
#[derive(Clone, PartialEq, Eq)]
pub struct Fault {
    /// The id of the control that it came from.
    pub at: String,
    pub why: Unfit,
    /// Whether bounds were to be set.
    pub of_bounds: bool,
}

/// What makes the inside of the dialog.
pub type Maker = fn(Page) -> Vec<El>;

thread_local! {
    static MAKER: Cell<Option<Maker>> = const { Cell::new(None) };
    static FAULT: Live<Option<Fault>> = Live::new(None);
}

/// Opens the dialog, once its module is there.
pub fn open(page: Page) {
    task::spawn(async move {
        match door().await {
            Ok(maker) => {
                part_came(page);
                MAKER.set(Some(maker));
                page.dialog.set(Some(Dialog::Editor));
            }
            Err(Unfetched) => desk::add_notice(page, Notice::PartMissing),
        }
    });
}

pub fn maker() -> Option<Maker> {
    MAKER.get()
}

/// The door to a module of its own, as `later` has one.
#[cfg(feature = "divided")]
#[leptos::wasm_split::wasm_split(author, wasm_split_path = leptos::wasm_split, fallible)]
fn door() -> Result<Maker, Unfetched> {
    Ok(view::editor)
}

#[cfg(not(feature = "divided"))]
async fn door() -> Result<Maker, Unfetched> {
    std::future::ready(Ok(view::editor as Maker)).await
}

/// Goes with the next step.
pub fn fault() -> Live<Option<Fault>> {
    FAULT.with(|fault| *fault)
}

/// One step. `at`: the id of the control that it comes from, to say there why it is not done.
pub fn edit(page: Page, at: String, edit: Edit) {
    let Some(sheet) = page.sheet(page.tab.now()) else { return };
    let mut form = sheet.form.clone();
    let of_bounds = matches!(edit, Edit::Bounds(..));
    let done = form.edit(edit, sheet.classes);
    let fault = done.err().map(|why| Fault { at, why, of_bounds });
    let is_refused = fault.is_some();
    self::fault().set(fault);
    if form != sheet.form {
        put(page, sheet, form);
    } else if !is_refused {
        // What was typed made no difference: the control shows again what holds.
        page.sheets.update(|_| {});
    }
}

/// What the form holds now is what it begins with.
pub fn begin_with_values(page: Page) {
    let Some(sheet) = page.sheet(page.tab.now()) else { return };
    let (mut form, language) = (sheet.form.clone(), page.language.now());
    for field in &sheet.form.fields {
        let now = sheet.drafts.peek(|drafts| drafts.get(&field.key).cloned());
        if let Some(now) = now.filter(|now| *now != field.default_in(language)) {
            // What does not fit stays as it was; the form itself says so when it is run.
            let _fits = form.edit(Edit::Default(field.key.clone(), now), sheet.classes);
        }
    }
    if form != sheet.form {
        put(page, sheet, form);
    }
    page.ask_for(Deed::Say(AuthorWord::ValuesTaken.say(language)));
}

/// The form as a file, to put beside the page or to hand on.
pub fn save(page: Page) {
    let Some(sheet) = page.sheet(page.tab.now()) else { return };
    let file = sheet.form.to_file(sheet.classes);
    if let Some(url) = browser::text_url(&file) {
        browser::download(&url, &[sheet.form.id.as_str(), ".json"].concat());
        browser::release_url(&url);
    }
}

/// Shows the changed form in the place of the former, or, where that one belongs to the page, in a
/// tab of its own: a numbered title is short, says that it is another, and can be changed.
fn put(page: Page, former: &'static Sheet, mut form: Form) {
    if former.is_opened {
        let at = page.tab.now();
        opening::keep(&form, former.classes);
        let next: &'static Sheet = Box::leak(Box::new(Sheet { form, ..*former }));
        begin_anew(page, former, next);
        page.sheets.update(|sheets| {
            if let Some(place) = sheets.get_mut(at) {
                *place = next;
            }
        });
        return;
    }
    let number = opening::free_id(page, &mut form);
    if form.title == former.form.title {
        form.title = numbered(&form.title, number);
    }
    opening::keep(&form, former.classes);
    // The copy has the presets of the form, too.
    if let Some(kept) = storage::get(&desk::presets_key(&former.form)) {
        storage::set(&desk::presets_key(&form), &kept);
    }
    let next = desk::sheet((form, former.classes.to_vec()), page.language.now(), true);
    next.drafts.set(former.drafts.now());
    next.times.set(former.times.now());
    next.is_unfolded.set(former.is_unfolded.now());
    begin_anew(page, former, next);
    page.sheets.update(|sheets| sheets.push(next));
    desk::pick_tab(page, page.sheets.peek(Vec::len) - 1);
}

fn numbered(title: &Label, number: usize) -> Label {
    Label { en: format!("{} {number}", title.en), zh: format!("{} {number}", title.zh) }
}

/// What nobody has touched begins as the changed form says.
fn begin_anew(page: Page, former: &Sheet, next: &Sheet) {
    let language = page.language.now();
    let mut drafts = next.drafts.now();
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
    desk::keep_drafts(next);
}
