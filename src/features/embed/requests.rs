//! Requests of the host, and values in the address of the frame. Invariant: a request is carried
//! out completely or refused with a reason; a *run* request does the same as one press of *Run*.

use leptos::prelude::*;
use std::cell::RefCell;

use leptos::prelude::{Owner, untrack};
use pilotlight_comfy::language::{Label, Language};
use pilotlight_comfy::problem::Problem;
use pilotlight_forms::embed::{self, Ask, Asked, Id, Misasked, Wanted};
use pilotlight_forms::form::{Drafts, FieldKey, Form, Untaken};
use pilotlight_i18n::present;
use pilotlight_i18n::text::{CommonText, EmbedText, labeled, sentences};
use pilotlight_runs::run::Run;
use serde_json::{Map, Value};

use crate::app::{Notice, Opening, Page, Part, RunView, Sheet};
use crate::command::{Dialog, RunCommand};
use crate::components::follow;
use crate::features::commands;
use crate::features::embed::{host, pending, reports};
use crate::features::runs::queue_actions;
use crate::{browser, form_state};

/// The state of this module.
#[derive(Default)]
struct State {
    /// Values for a workflow that is being opened, and their origin.
    for_opened: RefCell<Option<(Map<String, Value>, Origin)>>,
}

fn state() -> &'static State {
    crate::runtime::state::of()
}

/// The origin of values.
#[derive(Clone)]
enum Origin {
    /// The address of the frame's page.
    Address,
    Host(Option<Id>),
}

/// Applies the values in the frame's address, and prepares for requests of the host.
pub fn begin(page: Page) {
    let (wishes, unread) = reports::wishes();
    for one in &unread {
        form_state::add_notice(page, Notice::Embed(present::unread(one).label()));
    }
    let owner = Owner::new();
    owner.with(|| {
        let mut is_first = true;
        follow(move || {
            page.tab.get();
            if !std::mem::take(&mut is_first) {
                untrack(|| opened(page));
            }
        });
        follow(move || {
            if let Some(why) =
                page.notices.with(|all| all.iter().find_map(|one| unopened(page, one)))
            {
                untrack(|| not_opened(&why));
            }
        });
        follow(move || {
            if page.dialog.get() != Some(Dialog::Limit) {
                untrack(|| nobody_agreed(page));
            }
        });
    });
    std::mem::forget(owner);
    if wishes.values.is_empty() {
        return;
    }
    let linked = browser::link();
    let is_there = linked.is_none_or(|id| position(page, &id).is_some());
    match is_there {
        true => given(page, &wishes.values, &Origin::Address),
        false => *state().for_opened.borrow_mut() = Some((wishes.values, Origin::Address)),
    }
}

/// Handles a message of the host.
pub fn hear(page: Page, text: Result<String, host::TooLong>) {
    let Ok(text) = text else {
        let why = Misasked::TooLarge { limit_bytes: embed::MAX_MESSAGE_BYTES };
        return refuse(page, None, present::misasked(&why));
    };
    match embed::read(&text) {
        None => {}
        Some(Ok(Asked { id, ask })) => carry_out(page, id, ask),
        Some(Err((id, why))) => refuse(page, id.as_ref(), present::misasked(&why)),
    }
}

fn carry_out(page: Page, id: Option<Id>, ask: Ask) {
    let is_opening = state().for_opened.borrow().is_some();
    match ask {
        // While a workflow is being opened, its values would be mixed with those of the request.
        Ask::Set(_) | Ask::Run if is_opening => refuse(page, id.as_ref(), EmbedText::Opening),
        Ask::Hello => reports::greet(page, id.as_ref()),
        Ask::Run => run(page, id),
        Ask::Cancel { run } => cancel(page, id.as_ref(), run),
        Ask::Theme(theme) => {
            form_state::show_theme(page, theme);
            host::tell(&embed::ok(id.as_ref(), &[]), None);
        }
        Ask::Set(wanted) => set(page, id, wanted),
    }
}

fn refuse(page: Page, id: Option<&Id>, why: EmbedText) {
    host::tell(&embed::refused(id, &why.say(page.language.get_untracked()), &[]), None);
}

fn set(page: Page, id: Option<Id>, wanted: Wanted) {
    let Wanted { workflow, language, values } = wanted;
    if language.is_some_and(|language| !page.config.languages.contains(&language)) {
        return refuse(page, id.as_ref(), EmbedText::NoSuchLanguage);
    }
    let at = workflow.as_ref().map(|name| position(page, name));
    let sheet = page.sheet(at.flatten().unwrap_or_else(|| page.tab.get_untracked()));
    if at != Some(None) {
        // A message is refused if any of its values does not fit.
        if let Some(sheet) = sheet {
            let (_, untaken) = sheet.form.drafts_of(&values);
            if !untaken.is_empty() {
                return refuse_values(page, id.as_ref(), &untaken);
            }
        } else if !values.is_empty() {
            return refuse(page, id.as_ref(), EmbedText::NothingToRun);
        }
    }
    if let Some(language) = language {
        form_state::show_language(page, language);
    }
    match (workflow, at.flatten()) {
        (Some(address), None) => {
            // Notices about an earlier workflow no longer apply.
            page.notices.update(|all| all.retain(|one| unopened(page, one).is_none()));
            state().for_opened.replace(Some((values, Origin::Host(id))));
            page.open(Part::Opening(Opening::Link { address, of_page: false }));
        }
        (Some(_) | None, at) => {
            if let Some(at) = at.filter(|at| *at != page.tab.get_untracked()) {
                page.tab.set(at);
            }
            given(page, &values, &Origin::Host(id));
        }
    }
}

/// Returns the index of the open form with this id.
fn position(page: Page, id: &str) -> Option<usize> {
    let is_it = |sheet: &Sheet| sheet.form.id == id && !sheet.is_closed.get_untracked();
    page.sheets.with_untracked(|all| all.iter().position(is_it))
}

/// Returns the reason if a notice says that a workflow was not opened.
fn unopened(page: Page, notice: &Notice) -> Option<String> {
    match notice {
        Notice::Unopened(why) | Notice::ClassesWanted(why) => {
            Some(why.get(page.language.get_untracked()).to_owned())
        }
        Notice::PartMissing => {
            Some(CommonText::PartMissing.say(page.language.get_untracked()).to_owned())
        }
        Notice::Config(_)
        | Notice::ConfigMissing
        | Notice::Workflow { .. }
        | Notice::StorageRefused
        | Notice::Insecure(_)
        | Notice::LeftOut(_)
        | Notice::Kept(_)
        | Notice::KeepAwake(_)
        | Notice::Setup { .. }
        | Notice::Embed(_) => None,
    }
}

/// Applies the waiting values to the workflow that was opened.
fn opened(page: Page) {
    if let Some((values, origin)) = state().for_opened.take() {
        given(page, &values, &origin);
    }
}

/// Refuses the host's request because its workflow was not opened; a notice says so, too.
fn not_opened(why: &str) {
    if let Some((_, Origin::Host(id))) = state().for_opened.take() {
        host::tell(&embed::refused(id.as_ref(), why, &[]), None);
    }
}

/// Sets values of the current form: from the address those that fit, from a message all or none.
fn given(page: Page, values: &Map<String, Value>, origin: &Origin) {
    let Some(sheet) = page.sheet(page.tab.get_untracked()) else { return };
    let (drafts, untaken) = sheet.form.drafts_of(values);
    match origin {
        Origin::Host(id) if untaken.is_empty() => {
            fill_in(&sheet, drafts);
            host::tell(&embed::ok(id.as_ref(), &[]), None);
        }
        Origin::Host(id) => refuse_values(page, id.as_ref(), &untaken),
        Origin::Address => {
            fill_in(&sheet, drafts);
            if !untaken.is_empty() {
                form_state::add_notice(page, Notice::Embed(untaken_in_both(&sheet.form, &untaken)));
            }
        }
    }
}

fn fill_in(sheet: &Sheet, drafts: Drafts) {
    if drafts.iter().next().is_some() {
        form_state::fill_all(sheet, drafts);
    }
}

fn untaken_in_both(form: &Form, untaken: &[Untaken]) -> Label {
    Label::of(|language| {
        let all = untaken.iter().map(|one| sentence(form, one, language));
        let all = all.reduce(|first, next| sentences(&first, &next, language));
        EmbedText::ValuesNotSet { problems: &all.unwrap_or_default() }.say(language)
    })
}

/// Returns the reason why a value was not set, with the name of its field.
fn sentence(form: &Form, untaken: &Untaken, language: Language) -> String {
    let (key, text) = reason(untaken, language);
    let named = FieldKey::parse(&key).and_then(|key| form.field(&key));
    match named {
        Some(field) => labeled(field.label.get(language), &text, language),
        None => text,
    }
}

/// Returns the key of the field, and why its value was not set.
fn reason(untaken: &Untaken, language: Language) -> (String, String) {
    let why = present::untaken(untaken).say(language);
    match untaken {
        Untaken::NoField { name } => (name.clone(), why),
        Untaken::File { key } | Untaken::OnlyShown { key } => (key.to_string(), why),
        Untaken::Unfit { key, trouble } => {
            let problem = Problem::at(key, trouble.clone());
            (key.to_string(), present::problem(&problem, language))
        }
        Untaken::TooMany => (String::new(), why),
    }
}

fn refuse_values(page: Page, id: Option<&Id>, untaken: &[Untaken]) {
    let language = page.language.get_untracked();
    let problems: Vec<_> = untaken.iter().map(|one| reason(one, language)).collect();
    let title = EmbedText::InvalidFields.say(language);
    host::tell(&embed::refused(id, &title, &problems), None);
}

fn run(page: Page, id: Option<Id>) {
    let Some(sheet) = page.sheet(page.tab.get_untracked()) else {
        return refuse(page, id.as_ref(), EmbedText::NothingToRun);
    };
    if page.endpoint.get_untracked().is_none() {
        return refuse(page, id.as_ref(), EmbedText::NoEndpoint);
    }
    // Another run would replace the one that the user is being asked about.
    if page.dialog.get_untracked() == Some(Dialog::Limit) || pending::is_any() {
        return refuse(page, id.as_ref(), EmbedText::Asking);
    }
    if commands::is_same_press() {
        return refuse(page, id.as_ref(), EmbedText::TooSoon);
    }
    let count = page.jobs.with_untracked(Vec::len);
    pending::wait(id.clone());
    page.send(RunCommand::Start);
    if page.jobs.with_untracked(Vec::len) != count
        || page.dialog.get_untracked() == Some(Dialog::Limit)
    {
        return;
    }
    pending::take();
    let language = page.language.get_untracked();
    let problems = sheet.problems.get_untracked();
    if problems.is_empty() {
        return refuse(page, id.as_ref(), EmbedText::NoRoom);
    }
    let reasons = problems.iter().map(|one| {
        let place = one.place.as_ref().map(ToString::to_string).unwrap_or_default();
        (place, present::problem(one, language))
    });
    let title = EmbedText::InvalidFields.say(language);
    host::tell(&embed::refused(id.as_ref(), &title, &reasons.collect::<Vec<_>>()), None);
}

/// Refuses the pending request if the dialog about a limit was closed without starting its runs.
fn nobody_agreed(page: Page) {
    let all_known =
        page.jobs.with_untracked(|jobs| jobs.iter().all(|job| reports::is_known(job.number)));
    if !all_known {
        return;
    }
    if let Some(id) = pending::take() {
        refuse(page, id.as_ref(), EmbedText::NotConfirmed);
    }
}

fn cancel(page: Page, id: Option<&Id>, number: Option<u32>) {
    let is_meant = |job: &&RunView| number.is_none_or(|number| job.number == number);
    let meant: Vec<RunView> =
        page.jobs.with_untracked(|all| all.iter().filter(is_meant).cloned().collect());
    if meant.is_empty() && number.is_some() {
        return refuse(page, id, EmbedText::NoSuchRun);
    }
    let live: Vec<&RunView> =
        meant.iter().filter(|job| job.run.with_untracked(Run::can_cancel)).collect();
    if live.is_empty() {
        return refuse(page, id, EmbedText::NothingToCancel);
    }
    for job in live {
        queue_actions::cancel(page, job.number);
    }
    host::tell(&embed::ok(id, &[]), None);
}
