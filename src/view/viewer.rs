//! One picture large. Invariant: it shows a picture that is among the results, or it is closed.

use leptos::ev;
use leptos::html;
use leptos::prelude::*;
use pilotlight_engine::text::{Sentence, Word};

use super::button::{Kind, button, icon};
use super::drop::size_of;
use super::{modal, results, toast, word};
use crate::app::{Content, Dialog, Finding, Intent, Page};
use crate::browser;

/// A picture, its place among the others, and its neighbours.
#[derive(Clone, PartialEq)]
struct Shown {
    finding: Finding,
    url: String,
    number: usize,
    count: usize,
    before: Option<u32>,
    after: Option<u32>,
}

pub(super) fn viewer(page: Page) -> AnyView {
    let node = NodeRef::<html::Dialog>::new();
    let shown = Memo::new(move |_| shown(page));
    let open = move || shown.with(Option::is_some);
    modal::follow(node, open);
    let go = move |to: fn(&Shown) -> Option<u32>| {
        if let Some(id) = shown.with_untracked(|shown| shown.as_ref().and_then(to)) {
            page.act(Intent::Open(Dialog::Viewer(id)));
        }
    };
    // A button that has just been switched off has lost the focus, and the keys with it.
    browser::everywhere(ev::keydown, move |event| match event.key().as_str() {
        "ArrowLeft" => go(|shown| shown.before),
        "ArrowRight" => go(|shown| shown.after),
        _ => {}
    });
    view! {
        <dialog
            class="viewer"
            aria-label=move || prompt(shown)
            node_ref=node
            on:close=move |_| modal::closed(page, untrack(open))
        >
            <div class="viewer-head">
                <span class="viewer-count">
                    {move || shown.get().map(|shown| format!("{} / {}", shown.number, shown.count))}
                </span>
                {button(page, Kind::Icon, "#close", Word::Close, move || {
                    page.act(Intent::CloseDialog);
                })}
            </div>
            {picture(page, shown, go)}
            {toast::toast(page)}
        </dialog>
    }
    .into_any()
}

fn shown(page: Page) -> Option<Shown> {
    let Some(Dialog::Viewer(id)) = page.dialog.get() else { return None };
    page.findings.with(|findings| {
        let pictures: Vec<_> =
            findings.iter().filter_map(|one| Some((one, url_of(&one.content)?))).collect();
        let at = pictures.iter().position(|(one, _)| one.id == id)?;
        let beside = |at: Option<usize>| pictures.get(at?).map(|(one, _)| one.id);
        let (finding, url) = pictures.get(at)?;
        Some(Shown {
            finding: Finding::clone(finding),
            url: (*url).to_owned(),
            number: at + 1,
            count: pictures.len(),
            before: beside(at.checked_sub(1)),
            after: beside(Some(at + 1)),
        })
    })
}

fn url_of(content: &Content) -> Option<&str> {
    match content {
        Content::File { url, .. } if content.is_picture() => Some(url),
        Content::Text { picture, .. } => picture.as_deref(),
        Content::File { .. } | Content::Gone => None,
    }
}

fn prompt(shown: Memo<Option<Shown>>) -> Option<String> {
    shown.with(|shown| shown.as_ref().map(|shown| shown.finding.prompt.clone()))
}

fn picture(
    page: Page,
    shown: Memo<Option<Shown>>,
    go: impl Fn(fn(&Shown) -> Option<u32>) + Copy + 'static,
) -> AnyView {
    let image = NodeRef::<html::Img>::new();
    let size = RwSignal::new(String::new());
    let turn = move |picture, name, to: fn(&Shown) -> Option<u32>| {
        let name = word(page, name);
        let none = move || shown.with(|shown| shown.as_ref().and_then(to).is_none());
        view! {
            <button
                class="button"
                type="button"
                data-kind="icon"
                aria-label=name
                title=name
                disabled=none
                on:click=move |_| go(to)
            >
                {icon(picture)}
            </button>
        }
        .into_any()
    };
    view! {
        <div class="viewer-stage">
            {turn("#left", Word::Previous, |shown| shown.before)}
            <div class="viewer-frame">
                <img
                    class="viewer-picture"
                    alt=move || prompt(shown)
                    src=move || shown.get().map(|shown| shown.url)
                    node_ref=image
                    on:load=move |_| size.set(size_of(image))
                />
            </div>
            {turn("#chevron", Word::Next, |shown| shown.after)}
        </div>
        <div class="viewer-foot">
            <div class="viewer-prompt">
                <p>{move || prompt(shown)}</p>
                <p class="viewer-facts">{move || facts(page, shown, &size.get())}</p>
            </div>
            <div class="viewer-actions">
                {move || shown.get().map(|shown| {
                    let is_answer = matches!(shown.finding.content, Content::Text { .. });
                    (!is_answer).then(|| results::actions(page, &shown.finding, Kind::Quiet))
                })}
            </div>
        </div>
    }
    .into_any()
}

/// Size, seed and time, as far as they are known.
fn facts(page: Page, shown: Memo<Option<Shown>>, size: &str) -> String {
    let Some(shown) = shown.get() else { return String::new() };
    let seed = shown.finding.seed.map(|seed| page.say(Sentence::DoneWithSeed { seed }));
    let time = shown.finding.ran_ms.map(|ran_ms| page.say(Sentence::DoneIn { ran_ms }));
    let rest: String =
        [seed, time].into_iter().flatten().map(|part| format!(" · {part}")).collect();
    format!("{size}{rest}").trim_start_matches(" · ").to_owned()
}
