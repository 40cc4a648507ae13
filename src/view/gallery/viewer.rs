//! One result large. Invariant: it shows a result that is kept or in the feed, or it is closed.

use pilotlight_comfy::sighting::Media;
use pilotlight_i18n::text::{GalleryText, RunText, StatusText, clock, size};
use pilotlight_runs::kept::Key;

use super::super::button::{bare, icon, icon_button};
use super::super::modal::layer;
use super::super::{actions, toast};
use super::{bar, close, details, icon_of, says, undo};
use crate::app::{Content, Dialog, Finding, Page};
use crate::dom::{self, El, el};
use crate::later::gallery::{self, Around, Mark, Shown};
use crate::live::{Live, follow};

pub(super) fn viewer(page: Page) -> El {
    let is_open = move || {
        matches!(page.dialog.get(), Some(Dialog::Viewer(_)))
            && gallery::shown().with(Option::is_some)
    };
    follow(move || {
        if !matches!(page.dialog.get(), Some(Dialog::Viewer(_))) {
            gallery::forget();
        }
    });
    let around = Live::from(move || gallery::around(page));
    // A button that has just been switched off has lost the focus, and the keys with it.
    dom::everywhere("keydown", move |event| {
        // Players and fields have their own use for them.
        let is_taken =
            event.is_in_control() || event.target().is_some_and(|target| target.is("controls"));
        if leptos::prelude::untrack(is_open) && !is_taken {
            match event.key().as_str() {
                "ArrowLeft" => turn(page, around, |around| around.before.clone()),
                "ArrowRight" => turn(page, around, |around| around.after.clone()),
                _ => {}
            }
        }
    });
    let has_details = Live::new(false);
    let size = Live::new(String::new());
    layer("viewer", is_open, move || gallery::back(page))
        .attr("aria-label", || of(|shown| shown.finding.row.prompt.clone()))
        .attr("data-details", move || has_details.get().then(|| "true".to_owned()))
        .put(head(page, around, has_details))
        .put(stage(page, around, size))
        .put(details::details(page, has_details))
        .put(foot(page, size))
        .put(toast::toast(page))
}

fn of<T>(read: impl Fn(&Shown) -> T) -> Option<T> {
    gallery::shown().with(|shown| shown.as_ref().map(read))
}

fn turn(page: Page, around: Live<Option<Around>>, to: fn(&Around) -> Option<Key>) {
    if let Some(key) = around.peek(|around| around.as_ref().and_then(to)) {
        gallery::show(page, key);
    }
}

fn head(page: Page, around: Live<Option<Around>>, has_details: Live<bool>) -> El {
    let count = move || {
        let said = |at: &Around| {
            [(at.number as u64).to_string(), (at.count as u64).to_string()].join(" / ")
        };
        around.with(|around| around.as_ref().map(said)).unwrap_or_default()
    };
    let delete = move || gallery::remove(page, gallery::delete);
    // What was asked about is no result; an answer is.
    let tools = el("div", "viewer-tools").put_all([
        marker(page, Mark::Star),
        marker(page, Mark::Pin),
        icon_of(page, "#info", GalleryText::Details, move || has_details.set(!has_details.now()))
            .attr("aria-expanded", move || has_details.get().to_string()),
        icon_of(page, "#delete", GalleryText::Delete, delete),
        close(page, move || gallery::back(page)),
    ]);
    el("div", "viewer-head").put(el("span", "viewer-count").says(count)).put(undo(page)).put(tools)
}

fn marker(page: Page, mark: Mark) -> El {
    let is_on = Live::from(move || of(|shown| mark.is_on(&shown.finding.row)).unwrap_or(false));
    let (on, off, href) = bar::words(mark);
    let word = move || if is_on.get() { off } else { on };
    bare(move || {
        if let Some(key) = gallery::shown().peek(|it| it.as_ref().map(key)) {
            gallery::mark(page, vec![key], mark, !is_on.now());
        }
    })
    .set("data-kind", "icon")
    .attr("data-on", move || is_on.get().then(|| "true".to_owned()))
    .attr("aria-label", move || word().say(page.language.get()).to_owned())
    .attr("title", move || bar::title(mark, word()).say(page.language.get()).to_owned())
    .put(icon(href))
}

fn key(shown: &Shown) -> Key {
    shown.finding.row.key.clone()
}

/// How it is shown.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Face {
    None,
    Picture,
    /// Made anew for each.
    Other(u32),
}

fn stage(page: Page, around: Live<Option<Around>>, size: Live<String>) -> El {
    let turner = |href, name, to: fn(&Around) -> Option<Key>| {
        icon_button(page, href, name, move || turn(page, around, to))
            .flag("disabled", move || around.with(|around| around.as_ref().and_then(to).is_none()))
    };
    let face = Live::from(|| {
        let face = of(|shown| match shown.finding.content.is_picture() {
            true => Face::Picture,
            false => Face::Other(shown.finding.id),
        });
        face.unwrap_or(Face::None)
    });
    let frame = el("div", "viewer-frame")
        .remade(move || match face.get() {
            Face::None => None,
            // One element for all of them: the former stays until the next is drawn.
            Face::Picture => Some(picture(size)),
            Face::Other(_) => {
                size.set(String::new());
                gallery::shown().peek(|shown| shown.as_ref().map(|it| other(page, &it.finding)))
            }
        })
        .on("click", move |event| {
            if event.is_on_itself() {
                gallery::back(page);
            }
        });
    el("div", "viewer-stage")
        .put(turner("#left", RunText::Previous, |around| around.before.clone()))
        .put(frame)
        .put(turner("#chevron", RunText::Next, |around| around.after.clone()))
}

fn picture(size: Live<String>) -> El {
    let url = |content: &Content| match content {
        Content::File { url, .. } => Some(url.clone()),
        Content::Gone | Content::Removed(_) | Content::Text { .. } => None,
    };
    super::super::picture::carried(
        el("img", "viewer-picture")
            .attr("alt", || of(|shown| shown.finding.row.prompt.clone()))
            .attr("src", move || of(|shown| url(&shown.finding.content)).flatten())
            .on("load", move |event| {
                size.set(event.target().map(|image| image.picture_size()).unwrap_or_default());
            }),
        || gallery::shown().peek(|shown| shown.as_ref().map(|shown| shown.finding.clone())),
    )
}

/// An answer to read, a player, or that there is nothing to see.
fn other(page: Page, finding: &Finding) -> El {
    match &finding.content {
        Content::Text { text, picture } => {
            let picture = picture
                .as_ref()
                .map(|url| el("img", "viewer-given").set("alt", "").set("src", url));
            el("div", "viewer-text").put_all(picture).put(el("p", "answer-text").text(text))
        }
        Content::File { url, file_name, media, size_bytes, is_preview: _ } => {
            let tag = match media {
                Media::Audio => "audio",
                Media::Video => "video",
                Media::Image | Media::Other => {
                    return el("div", "viewer-text")
                        .put(el("p", "").text(file_name))
                        .put(el("p", "viewer-facts").text(&size(*size_bytes)));
                }
            };
            el(tag, "viewer-picture")
                .set("controls", "")
                .set("playsinline", "")
                .set("aria-label", file_name)
                .set("src", url)
        }
        Content::Gone | Content::Removed(_) => {
            el("p", "viewer-text").says(says(page, GalleryText::Gone))
        }
    }
}

fn foot(page: Page, size: Live<String>) -> El {
    let prompt = || of(|shown| shown.finding.row.prompt.clone()).unwrap_or_default();
    let words = el("div", "viewer-prompt")
        .put(el("p", "").says(prompt))
        .put(el("p", "viewer-facts").says(move || facts(page, size.get())));
    let id = Live::from(|| of(|shown| shown.finding.id));
    let actions = el("div", "viewer-actions").remade(move || {
        id.get();
        gallery::shown().peek(|shown| match shown {
            Some(shown) if is_something(&shown.finding.content) => {
                actions::actions(page, &shown.finding, true)
            }
            Some(_) | None => Vec::new(),
        })
    });
    el("div", "viewer-foot").put(words).put(actions)
}

fn is_something(content: &Content) -> bool {
    match content {
        Content::File { .. } | Content::Text { .. } => true,
        Content::Gone | Content::Removed(_) => false,
    }
}

/// Size, seed and time, as far as they are known.
fn facts(page: Page, size: String) -> String {
    let (seed, ran_ms) =
        of(|shown| (shown.finding.row.seed, shown.finding.row.ran_ms)).unwrap_or_default();
    let language = page.language.get();
    let mut facts: Vec<String> = Some(size).filter(|size| !size.is_empty()).into_iter().collect();
    facts.extend(seed.map(|seed| StatusText::Seed { seed }.say(language)));
    facts.extend(
        ran_ms.map(|ran_ms| StatusText::Ran { time: &clock(ran_ms, language) }.say(language)),
    );
    facts.join(" · ")
}
