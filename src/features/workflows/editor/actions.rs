//! The commands of the form editor. Invariant: every change is stored at once, and a form of the
//! configuration is never changed: the first change makes a copy.

use std::cell::Cell;

use pilotlight_comfy::language::Label;
use pilotlight_forms::form::{Edit, Form, Unfit};
use pilotlight_i18n::present::{Described, Renewal};
use pilotlight_i18n::text::EditorText;
use pilotlight_session::editor_key;

use crate::app::{Page, Sheet};
use crate::command::{Command, Dialog};
use crate::features::workflows::editor::renew;
use crate::features::workflows::{node_classes, opened};
use crate::runtime::task;
use crate::{browser, form_state, storage};
use leptos::prelude::*;

/// Why the last change was not made.
#[derive(Clone, PartialEq, Eq)]
pub struct Fault {
    /// The id of the control that requested the change.
    pub at: String,
    pub why: Unfit,
    /// Whether the change was one of bounds.
    pub of_bounds: bool,
}

/// Returns the content of the dialog.
type Inside = fn() -> AnyView;

/// The state of this module.
#[derive(Default)]
struct State {
    /// Returns the content of the dialog; `None` until its bundle is loaded.
    inside: Cell<Option<Inside>>,
    fault: RwSignal<Option<Fault>>,
    renewal: RwSignal<Option<Renewal>>,
    round: RwSignal<usize>,
}

fn state() -> &'static State {
    crate::runtime::state::of()
}

/// Opens the dialog; `inside` makes its content.
pub fn open(page: Page, inside: Inside) {
    // If the compiler knew the function, its code would be in the second bundle.
    state().inside.set(Some(std::hint::black_box(inside)));
    if renewal().get_untracked() != Some(Renewal::Asking) {
        renewal().set(None);
    }
    page.dialog.set(Some(Dialog::Editor));
}

/// Returns the function that makes the content, once its bundle is loaded.
pub fn inside() -> Option<Inside> {
    state().inside.get()
}

/// Returns why the last change was not made; cleared by the next one.
pub fn fault() -> RwSignal<Option<Fault>> {
    state().fault
}

/// Returns where the choices and bounds of the current form come from; not reactive.
pub fn described(page: Page) -> Option<Described> {
    page.sheet(page.tab.get_untracked()).map(|sheet| node_classes::described(page, &sheet))
}

/// Returns the outcome of the last request for node classes since the dialog was opened.
pub fn renewal() -> RwSignal<Option<Renewal>> {
    state().renewal
}

/// Returns how often the server has described classes; the dialog is rebuilt each time.
pub fn round() -> RwSignal<usize> {
    state().round
}

/// Asks the server for all classes of the current form, even if that wakes the GPU, and applies
/// them to the form. Entered values stay.
pub fn ask_again(page: Page) {
    let at = page.tab.get_untracked();
    let Some(sheet) = page.sheet(at).filter(|_| renewal().get_untracked() != Some(Renewal::Asking))
    else {
        return;
    };
    renewal().set(Some(Renewal::Asking));
    task::spawn(async move {
        let names = node_classes::named(&sheet, |_| true);
        let replies = node_classes::ask(page, &names, page.config.limits().waking_ms).await;
        let came = match replies {
            Err(_) => Renewal::Unanswered,
            Ok(replies) if !renew::take_over(page, at, &replies) => Renewal::Same,
            Ok(_) if sheet.is_opened => Renewal::Renewed,
            Ok(_) => Renewal::RenewedForNow,
        };
        renewal().set(Some(came));
        if came != Renewal::Unanswered {
            round().update(|round| *round += 1);
            leptos::prelude::request_animation_frame(|| browser::focus(ASK_AGAIN));
        }
    });
}

/// The id of the button that asks the server again.
pub const ASK_AGAIN: &str = "ask-again";

/// Changes the form. `at`: the id of the control, below which an error is shown.
pub fn edit(page: Page, at: String, edit: Edit) {
    let Some(sheet) = page.sheet(page.tab.get_untracked()) else { return };
    let mut form = Form::clone(&sheet.form);
    let of_bounds = matches!(edit, Edit::Bounds(..));
    let done = form.edit(edit, &sheet.classes);
    let fault = done.err().map(|why| Fault { at, why, of_bounds });
    let is_refused = fault.is_some();
    self::fault().set(fault);
    if form != *sheet.form {
        put(page, &sheet, form);
    } else if !is_refused {
        // Updates the control, since what was typed may differ from its value.
        page.sheets.update(|_| {});
    }
}

/// Makes the current values the initial values of the form.
pub fn begin_with_values(page: Page) {
    let Some(sheet) = page.sheet(page.tab.get_untracked()) else { return };
    let (mut form, language) = (Form::clone(&sheet.form), page.language.get_untracked());
    for field in &sheet.form.fields {
        let now = sheet.drafts.with_untracked(|drafts| drafts.get(&field.key).cloned());
        if let Some(now) = now.filter(|now| *now != field.default_in(language)) {
            // A value that does not fit is ignored here and reported by the next run.
            let _fits = form.edit(Edit::Default(field.key.clone(), now), &sheet.classes);
        }
    }
    if form != *sheet.form {
        put(page, &sheet, form);
    }
    page.send(Command::Announce(EditorText::ValuesUsed.say(language)));
}

/// Saves the form as a file, for the configuration or for others.
pub fn save(page: Page) {
    let Some(sheet) = page.sheet(page.tab.get_untracked()) else { return };
    // The file may be given to others, so it contains no secrets.
    let (form, lacks_secret) = sheet.form.without_secrets();
    if lacks_secret {
        page.send(Command::Announce(
            EditorText::SavedWithoutSecrets.say(page.language.get_untracked()),
        ));
    }
    let file = form.to_file(&sheet.classes);
    if let Some(url) = browser::text_url(&file) {
        browser::download(&url, &[sheet.form.id.as_str(), ".json"].concat());
        browser::release_url(&url);
    }
}

/// Replaces the form by the changed one. A form of the configuration stays, and the changed one
/// gets a tab of its own, with a number added to its title.
fn put(page: Page, former: &Sheet, mut form: Form) {
    if former.is_opened {
        return opened::exchange(page, page.tab.get_untracked(), form, former.classes.clone());
    }
    let number = opened::free_id(page, &mut form);
    if form.title == former.form.title {
        form.title = numbered(&form.title, number);
    }
    opened::keep(&form, &former.classes);
    // The copy gets the presets of the form, and the editor's workflow.
    if let Some(kept) = storage::get(&form_state::presets_key(&former.form)) {
        storage::set(&form_state::presets_key(&form), &kept);
    }
    if let Some(kept) = storage::get(&editor_key(&former.form.id)) {
        storage::keep(&editor_key(&form.id), &kept);
    }
    let next =
        form_state::sheet((form, former.classes.to_vec()), page.language.get_untracked(), true);
    next.drafts.set(former.drafts.get_untracked());
    next.times.set(former.times.get_untracked());
    next.is_unfolded.set(former.is_unfolded.get_untracked());
    opened::begin_anew(page, former, &next);
    page.sheets.update(|sheets| sheets.push(next));
    form_state::pick_tab(page, page.sheets.with_untracked(Vec::len) - 1);
}

fn numbered(title: &Label, number: usize) -> Label {
    Label::of(|language| format!("{} {number}", title.get(language)))
}
