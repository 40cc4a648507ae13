//! One picture large. Invariant: it shows a picture that is among the results, or it is closed.

use pilotlight_engine::text::{Report, Word};

use super::button::icon_button;
use super::{modal, results, toast};
use crate::app::{Content, Deed, Dialog, Finding, Page};
use crate::dom::{self, El, el};
use crate::live::Live;

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

type Now = Live<Option<Shown>>;

pub(super) fn viewer(page: Page) -> El {
    let now = Live::from(move || shown(page));
    // A button that has just been switched off has lost the focus, and the keys with it.
    dom::everywhere("keydown", move |event| match event.key().as_str() {
        "ArrowLeft" => turn(page, now, |shown| shown.before),
        "ArrowRight" => turn(page, now, |shown| shown.after),
        _ => {}
    });
    let count = move || of(now, |shown| format!("{} / {}", shown.number, shown.count));
    let head = el("div", "viewer-head")
        .put(el("span", "viewer-count").says(move || count().unwrap_or_default()))
        .put(el("div", "").remade(move || {
            // What was asked about is no result.
            let own = now.with(|shown| {
                let finding = &shown.as_ref()?.finding;
                finding.content.is_picture().then_some(finding.id)
            });
            own.map(|id| results::delete(page, id, false))
        }))
        .put(icon_button(page, "#close", Word::Close, move || page.ask_for(Deed::CloseDialog)));
    let size = Live::new(String::new());
    modal::modal(page, "viewer", move || now.with(Option::is_some))
        .attr("aria-label", move || of(now, |shown| shown.finding.row.prompt.clone()))
        .put(head)
        .put(stage(page, now, size))
        .put(foot(page, now, size))
        .put(toast::toast(page))
}

fn of<T>(now: Now, read: impl Fn(&Shown) -> T) -> Option<T> {
    now.with(|shown| shown.as_ref().map(read))
}

fn turn(page: Page, now: Now, to: fn(&Shown) -> Option<u32>) {
    if let Some(id) = now.peek(|shown| shown.as_ref().and_then(to)) {
        page.ask_for(Deed::Open(Dialog::Viewer(id)));
    }
}

fn shown(page: Page) -> Option<Shown> {
    let Some(Dialog::Viewer(id)) = page.dialog.get() else { return None };
    page.findings.with(|findings| {
        let pictures: Vec<(&Finding, &str)> =
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
        Content::File { .. } | Content::Gone | Content::Removed(_) => None,
    }
}

fn stage(page: Page, now: Now, size: Live<String>) -> El {
    let turner = |href, name, to: fn(&Shown) -> Option<u32>| {
        icon_button(page, href, name, move || turn(page, now, to))
            .flag("disabled", move || now.with(|shown| shown.as_ref().and_then(to).is_none()))
    };
    let image = el("img", "viewer-picture")
        .attr("alt", move || of(now, |shown| shown.finding.row.prompt.clone()))
        .attr("src", move || of(now, |shown| shown.url.clone()))
        .on("load", move |event| {
            size.set(event.target().map(|image| image.picture_size()).unwrap_or_default());
        });
    let frame = el("div", "viewer-frame").put(image).on("click", move |event| {
        if event.is_on_itself() {
            page.ask_for(Deed::CloseDialog);
        }
    });
    el("div", "viewer-stage")
        .put(turner("#left", Word::Previous, |shown| shown.before))
        .put(frame)
        .put(turner("#chevron", Word::Next, |shown| shown.after))
}

fn foot(page: Page, now: Now, size: Live<String>) -> El {
    let prompt = move || of(now, |shown| shown.finding.row.prompt.clone()).unwrap_or_default();
    let words = el("div", "viewer-prompt")
        .put(el("p", "").says(prompt))
        .put(el("p", "viewer-facts").says(move || facts(page, now, size.get())));
    let actions = el("div", "viewer-actions").remade(move || {
        now.with(|shown| match shown {
            Some(shown) if shown.finding.content.is_picture() => {
                results::actions(page, &shown.finding, true)
            }
            Some(_) | None => Vec::new(),
        })
    });
    el("div", "viewer-foot").put(words).put(actions)
}

/// Size, seed and time, as far as they are known.
fn facts(page: Page, now: Now, size: String) -> String {
    let (seed, ran_ms) =
        of(now, |shown| (shown.finding.row.seed, shown.finding.row.ran_ms)).unwrap_or_default();
    let mut facts = size;
    for part in [
        seed.map(|seed| Report::DoneWithSeed { seed }.say(page.language.get())),
        ran_ms.map(|ran_ms| Report::DoneIn { ran_ms }.say(page.language.get())),
    ] {
        facts.extend(part.map(|part| format!(" · {part}")));
    }
    facts
}
