//! The text of an answer: formatted, where it is Markdown, or as it came.

use leptos::prelude::*;
use pilotlight_i18n::text::RunText;

use crate::app::{Page, Part};
use crate::runtime::provided::Provided;

/// Returns the elements of a text, if it is more than paragraphs.
pub type Format = fn(&str) -> Option<AnyView>;

/// What this module holds while the page is open.
#[derive(Default)]
struct State {
    format: Provided<Format>,
}

fn state() -> &'static State {
    crate::runtime::state::of()
}

/// Formats all answers from now on.
pub fn format_with(format: Format) {
    state().format.set(format);
}

/// Returns whether a text may be Markdown: it contains a sign of it, or a line of a list.
fn may_be_markdown(text: &str) -> bool {
    let starts_like_one = |line: &str| {
        let line = line.trim_start();
        let digits = line.trim_start_matches(|c: char| c.is_ascii_digit());
        line.starts_with(['-', '+', '='])
            || (digits.len() < line.len() && digits.starts_with(['.', ')']))
    };
    text.contains(['*', '_', '`', '#', '>', '[', '~']) || text.lines().any(starts_like_one)
}

#[component]
pub fn AnswerText(text: String) -> impl IntoView {
    let page = expect_context::<Page>();
    if text.trim().is_empty() {
        let empty = move || page.word(RunText::EmptyAnswer);
        return view! { <p class="answer-text answer-empty">{empty}</p> }.into_any();
    }
    let is_raw = RwSignal::new(false);
    if !may_be_markdown(&text) {
        return view! { <p class="answer-text">{text}</p> }.into_any();
    }
    state().format.request(page, Part::Formatting);
    let text = StoredValue::new(text);
    let as_it_came = move || view! { <p class="answer-text">{text.get_value()}</p> }.into_any();
    let formatted =
        move || state().format.get().and_then(|format| text.with_value(|it| format(it)));
    let shown = move || {
        if formatted().is_none() {
            return as_it_came();
        }
        let body = move || match is_raw.get() {
            true => as_it_came(),
            false => formatted().into_any(),
        };
        view! {
            {body}
            <button
                class="button answer-raw"
                type="button"
                data-kind="quiet"
                aria-pressed=move || is_raw.get().to_string()
                on:click=move |_| is_raw.update(|is_raw| *is_raw = !*is_raw)
            >
                {move || page.word(RunText::Raw)}
            </button>
        }
        .into_any()
    };
    shown.into_any()
}
