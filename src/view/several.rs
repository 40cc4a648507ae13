//! *Several prompts*: a list of them, how often each, and what all of it will take. Invariant: what
//! is wrong is said where the list is, with its line.

use pilotlight_forms::form::{BATCH_MAX, LineProblem};
use pilotlight_i18n::present;
use pilotlight_i18n::text::{BatchText, CommonText, QueueText};

use super::button::{bare, icon_button};
use crate::app::{Page, Part};
use crate::dom::{self, El, el};
use crate::later::several::{self, List, Trouble};

/// Only who opens it needs it.
const STYLE: &str = include_str!("../../style/several.css");

const OFFERED: [u32; 8] = [1, 2, 3, 4, 6, 8, 12, 16];
/// So many problems are named; a list may have one in each line.
const NAMED: usize = 5;

/// The button below the run bar, for a form that has a prompt.
pub(super) fn more(page: Page) -> El {
    let has_prompt = move || {
        let tab = page.tab.get();
        page.sheets.with(|all| all.get(tab).is_some_and(|sheet| sheet.form.front_text().is_some()))
    };
    bare(move || page.open(Part::Several))
        .set("data-kind", "quiet")
        .flag("hidden", move || !has_prompt())
        .says(move || QueueText::PromptList.say(page.language.get()))
}

fn say(list: List, text: BatchText<'static>) -> impl Fn() -> String + Copy + 'static {
    move || text.say(list.page.language.get())
}

pub(super) fn several(list: List) -> El {
    let head = el("div", "dialog-head")
        .put(el("h2", "dialog-title").set("id", "several").says(say(list, BatchText::Title)))
        .put(icon_button(list.page, "#close", CommonText::Close, several::leave));
    let prompts = el("textarea", "box several-list")
        .set("id", "several-list")
        .set("rows", "8")
        .set("autofocus", "")
        .set("aria-describedby", "several-hint")
        .value(move || list.text.get())
        .on("input", move |event| several::fill(list, event.value()))
        .on("keydown", move |event| {
            let is_asked = event.is("ctrlKey") || event.is("metaKey");
            if event.key() == "Enter" && is_asked && !event.is_composing() {
                event.prevent();
                run_all(list);
            }
        });
    let label =
        el("label", "field-label").set("for", "several-list").says(say(list, BatchText::Label));
    let hint = el("p", "dialog-hint").set("id", "several-hint").says(say(list, BatchText::Hint));
    let body = el("div", "dialog-body several-body")
        .put(el("div", "several-part").put(label).put(prompts).put(hint))
        .put(times(list))
        .put(trouble(list))
        .put(foot(list));
    dom::wear(STYLE);
    el("dialog", "dialog several")
        .set("aria-labelledby", "several")
        // After the browser has closed it, on Escape or by itself.
        .on("close", |_| several::leave())
        .on("click", |event| {
            if event.is_on_itself() {
                several::leave();
            }
        })
        .put(head)
        .put(body)
}

fn times(list: List) -> El {
    let select = el("select", "box")
        .set("id", "several-times")
        .put_all(OFFERED.iter().map(|offered| el("option", "").text(&offered.to_string())))
        .value(move || list.times.get().to_string())
        .on("change", move |event| {
            if let Ok(times) = event.value().parse() {
                list.times.set(times);
                list.trouble.set(Trouble::None);
            }
        });
    let label =
        el("label", "field-label").set("for", "several-times").says(say(list, BatchText::Times));
    el("div", "several-times").put(label).put(select)
}

/// What is wrong, once it was to be run.
fn trouble(list: List) -> El {
    el("div", "several-trouble").set("role", "alert").remade(move || {
        let said = match list.trouble.get() {
            Trouble::None => Vec::new(),
            Trouble::NoRoom => vec![say(list, BatchText::NoRoom)()],
            Trouble::Lines(problems) => {
                problems.iter().take(NAMED).map(|one| said(list, one)).collect()
            }
        };
        said.iter().map(|said| el("p", "").text(said)).collect::<Vec<_>>()
    })
}

fn said(list: List, problem: &LineProblem) -> String {
    let language = list.page.language.get();
    let said = present::named_problem(&problem.problem, Some(&list.sheet.form), language);
    match problem.line {
        Some(line) => BatchText::OfLine { line: line as u64, problem: &said }.say(language),
        None => said,
    }
}

fn foot(list: List) -> El {
    let line = el("p", "several-line")
        .set("id", "several-line")
        .set("role", "status")
        .says(move || several::line(list));
    let run = bare(move || run_all(list))
        .set("data-kind", "primary")
        .set("aria-describedby", "several-line")
        .attr("aria-disabled", move || (!can_run(list)).then(|| "true".to_owned()))
        .says(say(list, BatchText::RunAll));
    el("div", "several-foot").put(line).put(run)
}

fn can_run(list: List) -> bool {
    (1..=BATCH_MAX).contains(&several::count(list))
}

fn run_all(list: List) {
    if can_run(list) {
        several::run_all(list);
    }
}
