//! What came back, newest first.

use leptos::prelude::*;
use pilotlight_engine::form::Widget;
use pilotlight_engine::sighting::Media;
use pilotlight_engine::text::Word;

use super::button::{Kind, button};
use super::{answer, picture, word};
use crate::app::{Content, Finding, Intent, Page};

pub(super) fn results(page: Page) -> AnyView {
    let count = Memo::new(move |_| page.findings.with(Vec::len));
    let empty = Memo::new(move |_| count.get() == 0 && page.jobs.with(Vec::is_empty));
    let any = Memo::new(move |_| count.get() > 0);
    let list = move || {
        view! {
            <section class="results" aria-labelledby="results">
                <div class="results-head">
                    <h2 id="results">{word(page, Word::Results)}</h2>
                    <span class="results-count">{count}</span>
                </div>
                <ul class="results-list" role="list" aria-labelledby="results">
                    <For
                        each=move || page.findings.get()
                        key=|finding| finding.id
                        children=move |finding| one(page, finding)
                    />
                </ul>
            </section>
        }
    };
    (move || empty.get().then(|| nothing(page)), move || any.get().then(list)).into_any()
}

fn nothing(page: Page) -> AnyView {
    view! {
        <div class="empty">
            <svg class="empty-flame" aria-hidden="true"><use_ href="#flame"></use_></svg>
            <p class="empty-title">{word(page, Word::EmptyTitle)}</p>
            <p class="empty-text">{word(page, Word::EmptyBody)}</p>
        </div>
    }
    .into_any()
}

fn one(page: Page, finding: Finding) -> AnyView {
    match finding.content.clone() {
        Content::File { url, file_name, media } => {
            picture::picture(page, finding, url, file_name, media)
        }
        Content::Gone => picture::gone(page),
        Content::Text { text, picture } => answer::answer(page, finding, text, picture),
    }
}

/// What can be done with a file, in the look of the place it is shown at.
pub(super) fn actions(page: Page, finding: &Finding, kind: Kind) -> Vec<AnyView> {
    let (id, job) = (finding.id, finding.job);
    let mut actions = vec![button(page, kind, "#download", Word::Download, move || {
        page.act(Intent::Download(id));
    })];
    let is_picture = finding.content.is_picture();
    if is_picture {
        actions.push(button(page, kind, "#copy", Word::Copy, move || {
            page.act(Intent::CopyFinding(id));
        }));
    }
    if finding.seed.is_some() {
        actions.push(button(page, kind, "#dice", Word::CopySeed, move || {
            page.act(Intent::CopySeed(id));
        }));
    }
    actions.push(button(page, kind, "#again", Word::SameAgain, move || {
        page.act(Intent::SameAgain(job));
    }));
    if is_picture && takes_pictures(page) {
        actions.push(button(page, kind, "#use", Word::UseAsInput, move || {
            page.act(Intent::UseAsInput(id));
        }));
    }
    actions
}

fn takes_pictures(page: Page) -> bool {
    page.sheets.with_value(|sheets| {
        sheets
            .iter()
            .flat_map(|sheet| &sheet.form.fields)
            .any(|field| field.widget == Widget::Picture)
    })
}

/// The player of a file that is no picture.
pub(super) fn player(url: String, file_name: String, media: Media) -> AnyView {
    match media {
        Media::Audio => view! { <audio controls src=url></audio> }.into_any(),
        Media::Video => view! { <video controls src=url></video> }.into_any(),
        Media::Image | Media::Other => view! { <span>{file_name}</span> }.into_any(),
    }
}
