//! The dialog *Several prompts*: the list, the runs per prompt, expected duration and cost.
//! Invariant: problems are shown below the list, with their line numbers.

use crate::browser;
use crate::events::{has_command_key, is_composing};
use leptos::prelude::*;
use pilotlight_forms::form::{BATCH_MAX, LineProblem};
use pilotlight_i18n::present;
use pilotlight_i18n::text::{BatchText, QueueText};

use crate::app::{Page, Part};
use crate::components::{DialogFrame, DialogHead};
use crate::features::runs::prompt_list;
use crate::features::runs::prompt_list::{List, Trouble};

/// The style sheet of the dialog, added when it is opened.
const STYLE: &str = include_str!("prompt_list.css");

const OFFERED: [u32; 8] = [1, 2, 3, 4, 6, 8, 12, 16];
/// The most problems that are shown; a list may have one in each line.
const NAMED: usize = 5;

/// The button below the run bar, for a form that has a prompt.
#[component]
pub fn SeveralPrompts() -> impl IntoView {
    let page = expect_context::<Page>();
    let has_prompt = move || {
        let tab = page.tab.get();
        page.sheets.with(|all| all.get(tab).is_some_and(|sheet| sheet.form.front_text().is_some()))
    };
    view! {
        <button
            class="button"
            type="button"
            data-kind="quiet"
            hidden=move || !has_prompt()
            on:click=move |_| page.open(Part::Several)
        >
            {move || QueueText::PromptList.say(page.language.get())}
        </button>
    }
}

fn say(list: List, text: BatchText<'static>) -> impl Fn() -> String + Copy + Send + Sync + 'static {
    move || text.say(list.page.language.get())
}

/// The dialog; in the document only while it is open.
#[component]
pub fn PromptList(list: List) -> impl IntoView {
    browser::add_style(STYLE);
    view! {
        <DialogFrame class="dialog several" title_id="several" on_close=prompt_list::leave>
            <DialogHead
                title_id="several"
                title=Signal::derive(say(list, BatchText::Title))
                on_close=prompt_list::leave
            />
            <div class="dialog-body several-body">
                <div class="several-part">
                    <label class="field-label" for="several-list">
                        {say(list, BatchText::Label)}
                    </label>
                    <Prompts list/>
                    <p class="dialog-hint" id="several-hint">
                        {say(list, BatchText::Hint)}
                    </p>
                </div>
                <Times list/>
                <div class="several-trouble" role="alert">
                    {move || trouble(list)}
                </div>
                <Foot list/>
            </div>
        </DialogFrame>
    }
}

#[component]
fn Prompts(list: List) -> impl IntoView {
    view! {
        <textarea
            class="box several-list"
            id="several-list"
            rows="8"
            autofocus
            aria-describedby="several-hint"
            prop:value=move || list.text.get()
            on:input:target=move |event| prompt_list::fill(list, event.target().value())
            on:keydown=move |event| {
                let is_asked = has_command_key(&event);
                if event.key() == "Enter" && is_asked && !is_composing(&event) {
                    event.prevent_default();
                    run_all(list);
                }
            }
        ></textarea>
    }
}

/// The number of runs per prompt.
#[component]
fn Times(list: List) -> impl IntoView {
    let option = |offered: u32| {
        let is_chosen = move || list.times.get() == offered;
        view! { <option prop:selected=is_chosen>{offered.to_string()}</option> }.into_any()
    };
    let choose = move |times: String| {
        if let Ok(times) = times.parse() {
            list.times.set(times);
            list.trouble.set(Trouble::None);
        }
    };
    view! {
        <div class="several-times">
            <label class="field-label" for="several-times">
                {say(list, BatchText::Times)}
            </label>
            <select
                class="box"
                id="several-times"
                on:change:target=move |event| choose(event.target().value())
            >
                {OFFERED.map(option).into_iter().collect_view()}
            </select>
        </div>
    }
}

/// Shows the problems that were found when the list should run.
fn trouble(list: List) -> impl IntoView {
    let said = match list.trouble.get() {
        Trouble::None => Vec::new(),
        Trouble::NoRoom => vec![say(list, BatchText::NoRoom)()],
        Trouble::Lines(problems) => {
            problems.iter().take(NAMED).map(|one| said(list, one)).collect()
        }
    };
    said.into_iter().map(|said| view! { <p>{said}</p> }.into_any()).collect_view()
}

fn said(list: List, problem: &LineProblem) -> String {
    let language = list.page.language.get();
    let form = list.sheet.with_value(|sheet| sheet.form.clone());
    let said = present::named_problem(&problem.problem, Some(&form), language);
    match problem.line {
        Some(line) => BatchText::OfLine { line: line as u64, problem: &said }.say(language),
        None => said,
    }
}

/// The expected duration and cost, and the button that runs the list.
#[component]
fn Foot(list: List) -> impl IntoView {
    view! {
        <div class="several-foot">
            <p class="several-line" id="several-line" role="status">
                {move || prompt_list::line(list)}
            </p>
            <button
                class="button"
                type="button"
                data-kind="primary"
                aria-describedby="several-line"
                aria-disabled=move || (!can_run(list)).then_some("true")
                on:click=move |_| run_all(list)
            >
                {say(list, BatchText::RunAll)}
            </button>
        </div>
    }
}

fn can_run(list: List) -> bool {
    (1..=BATCH_MAX).contains(&prompt_list::count(list))
}

fn run_all(list: List) {
    if can_run(list) {
        prompt_list::run_all(list);
    }
}
