//! Executes the commands of the second bundle. Invariant: a press of *Run* starts its runs exactly
//! once.

use leptos::prelude::*;
use std::cell::Cell;

use pilotlight_comfy::failure::{Failure, Remedy};
use pilotlight_comfy::json;
use pilotlight_forms::form::{FieldKey, Widget};
use pilotlight_i18n::present;
use pilotlight_i18n::text::CommonText;
use pilotlight_runs::run::{Outcome, Phase};
use pilotlight_session::{Event, RunNumber, RunRequest};

use crate::app::{
    Content, EditorRequest, GalleryRequest, Opening, Output, Page, Part, RunSource, Sheet,
};
use crate::browser;
use crate::browser::Picked;
use crate::command::{
    Command, Dialog, DialogCommand, InputCommand, ResultCommand, RunCommand, WorkflowCommand,
};
use crate::features::form::take_file;
use crate::features::results::{delete, drag, outputs};
use crate::features::runs::{queue_actions, smaller, start};
use crate::features::server::usage;
use crate::features::shell::announce;
use crate::features::workflows::editor::renew;
use crate::features::workflows::{link, node_classes, opened, presets};
use crate::framed;
use crate::runtime::input_images;
use crate::runtime::task;
use crate::{form_state, pictures, runtime};

/// A second press within this time counts as a double click.
const DOUBLE_CLICK_MS: u64 = 500;

/// The state of this module: when *Run* was last pressed.
#[derive(Default)]
struct State {
    pressed: Cell<u64>,
}

fn state() -> &'static State {
    crate::runtime::state::of()
}

/// Executes a command.
pub fn act(page: Page, command: Command) {
    match command {
        Command::Page(command) => page.send(command),
        Command::Form(command) => page.send(command),
        Command::Input(command) => of_input(page, command),
        Command::Run(command) => of_run(page, command),
        Command::Result(command) => of_result(page, command),
        Command::Workflow(command) => of_workflow(page, command),
        Command::Dialog(DialogCommand::Open(dialog)) => open(page, dialog),
        Command::Dialog(DialogCommand::Close) => close_dialog(page),
        Command::CopyText(text) => copy_text(page, text),
        Command::Announce(words) => announce::say(page, words),
    }
}

fn of_input(page: Page, command: InputCommand) {
    match command {
        InputCommand::TakeFile(key, picked) => take_picture(page, key, picked),
        InputCommand::TakeResult(key) => drag::drop(page, key),
    }
}

fn of_run(page: Page, command: RunCommand) {
    match command {
        RunCommand::Start => run(page),
        RunCommand::Cancel(number) => queue_actions::cancel(page, number),
        RunCommand::Dismiss(number) => {
            runtime::tell(page, Event::DismissRequested(RunNumber(number)));
        }
        RunCommand::Remedy(number, remedy) => perform_remedy(page, number, remedy),
        RunCommand::Repeat(number) => {
            if let Some(job) = runtime::run(page, RunNumber(number)) {
                repeat_run(page, &job.source);
            }
        }
    }
}

fn of_result(page: Page, command: ResultCommand) {
    match command {
        ResultCommand::Repeat(id) => {
            if let Some(output) = output(page, id) {
                repeat_result(page, output);
            }
        }
        ResultCommand::MakeAgain(id) => {
            if let Some(output) = output(page, id) {
                make_again(page, output);
            }
        }
        ResultCommand::UseAsInput(id) => {
            if let Some(output) = output(page, id) {
                use_as_input(page, &output);
            }
        }
        ResultCommand::CopySeed(id) => {
            if let Some(seed) = output(page, id).and_then(|output| output.row.seed) {
                copy_text(page, seed.to_string());
            }
        }
        ResultCommand::Copy(id) => {
            if let Some(output) = output(page, id) {
                copy(page, &output);
            }
        }
        ResultCommand::Remove(id) => delete::remove(page, id),
        ResultCommand::Restore(id) => delete::restore_result(page, id),
        ResultCommand::RemoveAll => delete::remove_all(page),
        ResultCommand::Download(id) => {
            if let Some(output) = output(page, id) {
                download(&output);
            }
        }
    }
}

fn of_workflow(page: Page, command: WorkflowCommand) {
    match command {
        // A frame without tabs cannot show another workflow.
        WorkflowCommand::OpenFile(picked) if !framed::shows("tabs") => {
            take_into_first(page, picked);
        }
        WorkflowCommand::OpenText(_) if !framed::shows("tabs") => {}
        WorkflowCommand::OpenFile(picked) => page.open(Part::Opening(Opening::File(picked))),
        WorkflowCommand::OpenText(text) => link::text(page, text),
        WorkflowCommand::LoadNodes => page.open(Part::Opening(Opening::Described)),
        WorkflowCommand::Close(at) => opened::close(page, at),
    }
}

/// Shows the server's refusal of a run at the fields that caused it.
pub fn show_refusal(page: Page, run: RunNumber) {
    let Some(job) = runtime::run(page, run) else { return };
    let Some(sheet) = page.sheet(job.source.sheet) else { return };
    let failed = job.run.read_untracked();
    let Phase::Ended(Outcome::Failed(Failure::Rejected(fault))) = failed.phase() else { return };
    sheet.problems.set(fault.problems.clone());
    if page.tab.get_untracked() == job.source.sheet {
        page.focus.set(fault.problems.iter().find_map(|problem| problem.place.clone()));
    }
    renew::refused(page, job.source.sheet, &fault.problems);
}

/// Returns a result of the list, or the one that the gallery shows.
fn output(page: Page, id: u32) -> Option<Output> {
    let known = page.outputs.with_untracked(|all| all.iter().find(|one| one.id == id).cloned());
    known.or_else(|| outputs::lent().filter(|one| one.id == id))
}

/// Returns whether a press now would be the second one of a double click.
pub fn is_same_press() -> bool {
    browser::now().0.saturating_sub(state().pressed.get()) < DOUBLE_CLICK_MS
}

fn run(page: Page) {
    let is_same = is_same_press();
    state().pressed.set(browser::now().0);
    if is_same {
        return;
    }
    let tab = page.tab.get_untracked();
    let Some(sheet) = page.sheet(tab) else { return };
    if page.endpoint.get_untracked().is_none() {
        return page.open_setup();
    }
    start::round(&sheet);
    let form = sheet.drafts.with_untracked(|all| sheet.form.without_empty(all, &sheet.classes));
    let mut requests = Vec::new();
    let mut problems = Vec::new();
    for n in 0..sheet.times.get_untracked() {
        let drafts = sheet.form.drafts_for_run(&sheet.drafts.get_untracked(), n);
        match form.check(&drafts, browser::random_seed()) {
            Ok(ready) => requests.push(start::request(page, &sheet, drafts, ready)),
            Err(found) => {
                problems = found;
                break;
            }
        }
    }
    for flaw in node_classes::flaws(page, &sheet) {
        if !problems.contains(&flaw) {
            problems.push(flaw);
        }
    }
    if !problems.is_empty() {
        page.focus.set(problems.iter().find_map(|problem| problem.place.clone()));
        return sheet.problems.set(problems);
    }
    sheet.problems.set(Vec::new());
    runtime::tell(page, Event::RunsRequested(requests));
}

fn take_picture(page: Page, key: FieldKey, picked: Picked) {
    let Some(sheet) = page.sheet(page.tab.get_untracked()) else { return };
    let field = sheet.form.field(&key);
    let is_picture = field.is_none_or(|field| field.widget == Widget::Picture);
    task::spawn(async move {
        take_file::taken(page, &sheet, key, pictures::take(&picked, is_picture).await).await;
    });
}

/// Sets the first image field: an image dropped next to the fields is probably meant for it.
fn take_into_first(page: Page, picked: Picked) {
    let Some(sheet) = page.sheet(page.tab.get_untracked()).filter(|_| picked.is_picture()) else {
        return;
    };
    if let Some(field) = sheet.form.fields.iter().find(|one| one.widget == Widget::Picture) {
        take_picture(page, field.key.clone(), picked);
    }
}

fn perform_remedy(page: Page, number: u32, remedy: Remedy) {
    let run = RunNumber(number);
    match remedy {
        Remedy::RunAgain => runtime::tell(page, Event::RunAgainRequested(run)),
        Remedy::TryAgain | Remedy::LookAgain | Remedy::LookAnyway => {
            runtime::tell(page, Event::RetryRequested(run));
        }
        Remedy::GoToField => {
            if let Some(job) = runtime::run(page, run) {
                form_state::pick_tab(page, job.source.sheet);
            }
            show_refusal(page, run);
        }
        Remedy::MakeOne => smaller::make_one(page, run),
        Remedy::ShrinkPictures => smaller::shrink_pictures(page, run),
        Remedy::CopyDetails => {
            if let Some(text) = failure_text(page, run) {
                copy_text(page, text);
            }
        }
        Remedy::OpenSettings => page.open_setup(),
        Remedy::EnterKey => page.open(Part::Access),
    }
}

/// Runs the same values with another seed; the server would answer an equal prompt from its cache.
fn repeat_run(page: Page, former: &RunSource) {
    let Some(sheet) = page.sheet(former.sheet) else {
        // The form is gone; the workflow that was sent is opened instead.
        let sent = json::text(&former.ready().workflow.to_value());
        return page.open(Part::Opening(Opening::Text(sent)));
    };
    let drafts = sheet.form.drafts_for_run(former.drafts(), 1);
    let form = sheet.form.without_empty(&drafts, &sheet.classes);
    match form.check(&drafts, browser::random_seed()) {
        Ok(ready) => {
            let title = former.title().to_owned();
            let request = RunRequest { form: sheet.form.id.clone(), title, drafts, ready };
            runtime::tell(page, Event::RunsRequested(vec![request]));
        }
        Err(problems) => sheet.problems.set(problems),
    }
}

/// Repeats the run of a result. Loads its input images first, which may be of an earlier visit.
fn repeat_result(page: Page, output: Output) {
    page.dialog.set(None);
    task::spawn(async move {
        input_images::load(&output.row.pictures).await;
        repeat_run(page, &output.source);
    });
}

/// The same run once more, for a result that is gone.
fn make_again(page: Page, output: Output) {
    let source = &output.source;
    let Some(form) = page.sheet(source.sheet).map(|sheet| sheet.form.id.clone()) else {
        return repeat_run(page, source);
    };
    let (title, drafts) = (source.title().to_owned(), source.drafts().clone());
    let request = RunRequest { form, title, drafts, ready: source.ready().clone() };
    task::spawn(async move {
        input_images::load(&output.row.pictures).await;
        runtime::tell(page, Event::RunsRequested(vec![request]));
    });
}

/// Why a run failed, to be given to somebody else.
fn failure_text(page: Page, run: RunNumber) -> Option<String> {
    let job = runtime::run(page, run)?;
    let reader = untrack(|| job.source.reader(page));
    let failure = job.run.with_untracked(|run| present::card(run, &reader).failure)?;
    let parts = [failure.title, failure.body, failure.raw];
    Some(parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n\n"))
}

/// Sets a result as the image of the first form that takes one, and selects that form's tab.
fn use_as_input(page: Page, output: &Output) {
    let Content::File { file_name, .. } = &output.content else { return };
    let Some(blob) = output.blob.clone() else { return };
    let takes = |sheet: &Sheet| {
        sheet
            .form
            .fields
            .iter()
            .find(|field| field.widget == Widget::Picture)
            .map(|field| field.key.clone())
    };
    let sheets = page.sheets.get_untracked().into_iter().enumerate();
    let sheets =
        sheets.filter(|(tab, _)| framed::shows("tabs") || *tab == page.tab.get_untracked());
    let found = sheets
        .filter_map(|(tab, sheet)| {
            let key = takes(&sheet)?;
            Some((tab, sheet, key))
        })
        .next();
    let Some((tab, sheet, key)) = found else { return };
    let file_name = file_name.clone();
    page.dialog.set(None);
    form_state::pick_tab(page, tab);
    task::spawn(async move {
        take_file::taken(page, &sheet, key, pictures::take_result(&blob, &file_name).await).await;
    });
}

fn copy(page: Page, output: &Output) {
    match &output.content {
        Content::Text { text, .. } => copy_text(page, text.clone()),
        Content::File { .. } => {
            let Some(blob) = output.blob.clone() else { return };
            task::spawn(async move {
                let copied = browser::copy_picture(&blob).await;
                announce::toast(
                    page,
                    if copied { CommonText::Copied } else { CommonText::CopyFailed },
                )
                .await;
            });
        }
        Content::Gone | Content::Removed(_) => {}
    }
}

fn open(page: Page, dialog: Dialog) {
    match dialog {
        Dialog::Editor => return page.open(Part::Editor(EditorRequest::Open)),
        Dialog::Presets => presets::open(page),
        Dialog::Settings => delete::measure(),
        Dialog::Gallery => return page.open(Part::Gallery(GalleryRequest::All)),
        Dialog::Viewer(id) => return page.open(Part::Gallery(GalleryRequest::One(id))),
        Dialog::Setup => return page.open_setup(),
        Dialog::Limit => {}
    }
    page.dialog.set(Some(dialog));
}

fn close_dialog(page: Page) {
    let was = page.dialog.get_untracked();
    if was == Some(Dialog::Limit) {
        return usage::not_now(page);
    }
    page.dialog.set(None);
    // The button that opened the dialog was rebuilt with the form.
    if was == Some(Dialog::Editor) {
        browser::focus("edit-form");
    }
}

fn copy_text(page: Page, text: String) {
    task::spawn(async move {
        let copied = browser::copy_text(&text).await;
        announce::toast(page, if copied { CommonText::Copied } else { CommonText::CopyFailed })
            .await;
    });
}

fn download(output: &Output) {
    match &output.content {
        Content::File { url, file_name, .. } => browser::download(url, file_name),
        Content::Text { text, .. } => {
            if let Some(url) = browser::text_url(text) {
                browser::download(&url, "answer.txt");
                browser::release_url(&url);
            }
        }
        Content::Gone | Content::Removed(_) => {}
    }
}
