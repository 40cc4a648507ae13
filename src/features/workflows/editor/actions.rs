//! What an author does to the form of the current tab. Its module is fetched when somebody edits a
//! form. Invariant: every step is kept in this browser at once, and a form of the configuration is
//! never changed: the first step makes a copy.

use std::cell::Cell;

use pilotlight_comfy::language::Label;
use pilotlight_forms::form::{Edit, Form, Unfit};
use pilotlight_i18n::present::{Described, Renewal};
use pilotlight_i18n::text::EditorText;

use crate::app::{Page, Sheet};
use crate::command::{Command, Dialog};
use crate::features::workflows::editor::renew;
use crate::features::workflows::{node_classes, opened};
use crate::runtime::task;
use crate::{browser, desk, storage};
use leptos::prelude::*;

/// Why the last step was not done.
#[derive(Clone, PartialEq, Eq)]
pub struct Fault {
    /// The id of the control that it came from.
    pub at: String,
    pub why: Unfit,
    /// Whether bounds were to be set.
    pub of_bounds: bool,
}

/// Makes what stands in the dialog.
type Inside = fn(Page) -> AnyView;

/// What this module holds while the page is open.
#[derive(Default)]
struct State {
    /// Makes the inside of the dialog, once its module is there.
    inside: Cell<Option<Inside>>,
    fault: RwSignal<Option<Fault>>,
    renewal: RwSignal<Option<Renewal>>,
    round: RwSignal<usize>,
}

fn state() -> &'static State {
    crate::runtime::state::of()
}

/// Opens the dialog. `inside` makes what stands in it.
pub fn open(page: Page, inside: Inside) {
    // The compiler must not see which one it is: it would bring it into this part.
    state().inside.set(Some(std::hint::black_box(inside)));
    if renewal().get_untracked() != Some(Renewal::Asking) {
        renewal().set(None);
    }
    page.dialog.set(Some(Dialog::Editor));
}

/// Makes the inside of the dialog, once its module is there.
pub fn inside() -> Option<Inside> {
    state().inside.get()
}

/// Goes with the next step.
pub fn fault() -> RwSignal<Option<Fault>> {
    state().fault
}

/// Where choices and bounds of the current form come from; not followed.
pub fn described(page: Page) -> Option<Described> {
    page.sheet(page.tab.get_untracked()).map(|sheet| node_classes::described(page, &sheet))
}

/// What came of asking again, since the dialog was opened.
pub fn renewal() -> RwSignal<Option<Renewal>> {
    state().renewal
}

/// Counts how often the server answered; with each answer the dialog is made anew.
pub fn round() -> RwSignal<usize> {
    state().round
}

/// Asks the server for all classes of the current form, although it may sleep, and takes over what
/// it says. What is typed stays.
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

/// The id of the button that asks.
pub const ASK_AGAIN: &str = "ask-again";

/// One step. `at`: the id of the control that it comes from, to say there why it is not done.
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
        // What was typed made no difference: the control shows again what holds.
        page.sheets.update(|_| {});
    }
}

/// What the form holds now is what it begins with.
pub fn begin_with_values(page: Page) {
    let Some(sheet) = page.sheet(page.tab.get_untracked()) else { return };
    let (mut form, language) = (Form::clone(&sheet.form), page.language.get_untracked());
    for field in &sheet.form.fields {
        let now = sheet.drafts.with_untracked(|drafts| drafts.get(&field.key).cloned());
        if let Some(now) = now.filter(|now| *now != field.default_in(language)) {
            // What does not fit stays as it was; the form itself says so when it is run.
            let _fits = form.edit(Edit::Default(field.key.clone(), now), &sheet.classes);
        }
    }
    if form != *sheet.form {
        put(page, &sheet, form);
    }
    page.send(Command::Announce(EditorText::ValuesUsed.say(language)));
}

/// The form as a file, to put beside the page or to hand on.
pub fn save(page: Page) {
    let Some(sheet) = page.sheet(page.tab.get_untracked()) else { return };
    // Whoever gets the file is not meant to get these.
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

/// Shows the changed form in the place of the former, or, where that one belongs to the page, in a
/// tab of its own: a numbered title is short, says that it is another, and can be changed.
fn put(page: Page, former: &Sheet, mut form: Form) {
    if former.is_opened {
        return opened::exchange(page, page.tab.get_untracked(), form, former.classes.clone());
    }
    let number = opened::free_id(page, &mut form);
    if form.title == former.form.title {
        form.title = numbered(&form.title, number);
    }
    opened::keep(&form, &former.classes);
    // The copy has the presets of the form, too.
    if let Some(kept) = storage::get(&desk::presets_key(&former.form)) {
        storage::set(&desk::presets_key(&form), &kept);
    }
    let next = desk::sheet((form, former.classes.to_vec()), page.language.get_untracked(), true);
    next.drafts.set(former.drafts.get_untracked());
    next.times.set(former.times.get_untracked());
    next.is_unfolded.set(former.is_unfolded.get_untracked());
    opened::begin_anew(page, former, &next);
    page.sheets.update(|sheets| sheets.push(next));
    desk::pick_tab(page, page.sheets.with_untracked(Vec::len) - 1);
}

fn numbered(title: &Label, number: usize) -> Label {
    Label::of(|language| format!("{} {number}", title.get(language)))
}
