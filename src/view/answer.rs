//! An answer, with its question and the picture it is about.

use leptos::prelude::*;
use pilotlight_engine::text::{Word, clock};

use super::button::{Kind, button};
use crate::app::{Dialog, Finding, Intent, Page};

pub(super) fn answer(
    page: Page,
    finding: Finding,
    text: String,
    picture: Option<String>,
) -> AnyView {
    let (id, job, ran_ms) = (finding.id, finding.job, finding.ran_ms);
    let question = finding.prompt;
    let alt = question.clone();
    let act = move |icon, word, intent: fn(u32) -> Intent, number| {
        button(page, Kind::Quiet, icon, word, move || page.act(intent(number)))
    };
    view! {
        <li class="answer">
            {picture.map(|url| view! {
                <button
                    class="answer-picture"
                    type="button"
                    on:click=move |_| page.act(Intent::Open(Dialog::Viewer(id)))
                >
                    <img alt=alt src=url />
                </button>
            })}
            <div class="answer-body">
                <p class="answer-question">{question}</p>
                <p class="answer-text">{text}</p>
                <div class="answer-actions">
                    {act("#copy", Word::Copy, Intent::CopyFinding, id)}
                    {act("#download", Word::Download, Intent::Download, id)}
                    {act("#again", Word::AskAgain, Intent::SameAgain, job)}
                    <span class="answer-time">
                        {move || ran_ms.map(|ms| clock(ms, page.language.get()))}
                    </span>
                </div>
            </div>
        </li>
    }
    .into_any()
}
