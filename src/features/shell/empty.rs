//! The list of runs and results, and what is shown before the first run.

use leptos::prelude::*;
use pilotlight_i18n::text::{EmptyText, sentences};

use crate::app::{Notice, Page};
use crate::components::Drawing;

/// The runs and results; without any, a text that explains how to start.
#[component]
pub fn Feed() -> impl IntoView {
    let page = expect_context::<Page>();
    let is_empty =
        Memo::new(move |_| page.outputs.with(Vec::is_empty) && page.jobs.with(Vec::is_empty));
    let second_bundle =
        move || page.second_bundle.get().map(|second_bundle| (second_bundle.feed)()).into_any();
    view! {
        <div class="feed">
            {move || is_empty.get().then(|| view! { <Invitation/> }.into_any()).into_any()}
            {second_bundle}
        </div>
    }
}

#[component]
fn Invitation() -> impl IntoView {
    let page = expect_context::<Page>();
    let body = move || {
        let is_kept = page.notices.with(|all| !all.contains(&Notice::StorageRefused));
        let hint = page.word(EmptyText::Hint);
        match is_kept {
            true => sentences(hint, page.word(EmptyText::Resumes), page.language.get()),
            false => hint.to_owned(),
        }
    };
    view! {
        <div class="empty">
            <Drawing class="empty-flame" href="#flame"/>
            <p class="empty-title">{move || page.word(EmptyText::Title)}</p>
            <p class="empty-text">{body}</p>
        </div>
    }
}
