//! How a run failed, the one thing to do about it, and the raw text to unfold.

use leptos::prelude::*;
use pilotlight_engine::present::{Card, FailureView};
use pilotlight_engine::text::Word;

use super::button::{Kind, button, icon};
use super::word;
use crate::app::{Intent, Page};

pub(super) fn failure(
    page: Page,
    number: u32,
    card: Memo<Card>,
) -> impl Fn() -> Option<AnyView> + Send {
    let failure = Memo::new(move |_| card.with(|card| card.failure.clone()));
    move || failure.get().map(|failure| shown(page, number, failure))
}

fn shown(page: Page, number: u32, failure: FailureView) -> AnyView {
    let remedy = failure.remedy;
    view! {
        <div class="failure">
            <h4 class="failure-title">{failure.title}</h4>
            <p>{failure.body}</p>
            <div class="failure-ways">
                <button
                    class="button"
                    type="button"
                    data-kind="primary"
                    on:click=move |_| page.act(Intent::Remedy(number, remedy))
                >
                    {failure.remedy_name}
                </button>
            </div>
            {(!failure.raw.is_empty()).then(|| details(page, failure.raw))}
        </div>
    }
    .into_any()
}

fn details(page: Page, raw: String) -> AnyView {
    let copied = raw.clone();
    let copy = button(page, Kind::Icon, "#copy", Word::Copy, move || {
        page.act(Intent::CopyText(copied.clone()));
    });
    view! {
        <details class="details">
            <summary>{icon("#chevron")} {word(page, Word::Details)}</summary>
            <div class="details-raw"><pre tabindex="0">{raw}</pre>{copy}</div>
        </details>
    }
    .into_any()
}
