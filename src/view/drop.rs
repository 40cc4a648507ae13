//! The picture of a field: dropped, pasted or chosen; shown, replaced, taken away.

use leptos::html;
use leptos::prelude::*;
use pilotlight_engine::form::{Draft, PictureRef};
use pilotlight_engine::text::Word;

use super::button::{Kind, button, icon};
use super::field::Slot;
use super::word;
use crate::app::Intent;
use crate::browser::{self, Picked};
use crate::pictures;

pub(super) fn drop(slot: Slot) -> AnyView {
    let input = NodeRef::<html::Input>::new();
    let hover = RwSignal::new(false);
    let picture = Memo::new(move |_| match slot.draft() {
        Draft::Picture(Some(picture)) => {
            let url = pictures::url_of(&picture.hash);
            Some((picture, url))
        }
        Draft::Picture(None) | Draft::Text(_) | Draft::Switch(_) => None,
    });
    let take = move |files: Vec<Picked>| {
        if let Some(file) = files.into_iter().next() {
            slot.page.act(Intent::TakePicture(slot.key(), file));
        }
    };
    view! {
        <div
            class="drop"
            data-state=move || match (hover.get(), picture.with(Option::is_some)) {
                (true, _) => "hover",
                (false, true) => "filled",
                (false, false) => "empty",
            }
            on:dragover=move |event| {
                if browser::carries_files(&event) {
                    event.prevent_default();
                    hover.set(true);
                }
            }
            on:dragleave=move |_| hover.set(false)
            on:drop=move |event| {
                hover.set(false);
                event.prevent_default();
                take(browser::dropped(&event));
            }
        >
            {move || match picture.get() {
                Some((picture, url)) if !hover.get() => filled(slot, input, &picture, url),
                Some(_) | None => empty(slot, input, hover),
            }}
            <input
                class="unseen"
                type="file"
                accept="image/*"
                tabindex="-1"
                aria-label=move || slot.label()
                node_ref=input
                on:change=move |_| take(browser::chosen(input))
            />
        </div>
    }
    .into_any()
}

fn empty(slot: Slot, input: NodeRef<html::Input>, hover: RwSignal<bool>) -> AnyView {
    let page = slot.page;
    view! {
        <button
            class="drop-pick"
            type="button"
            id=slot.id()
            aria-label=move || slot.label()
            aria-describedby=slot.described_by()
            on:click=move |_| browser::choose(input)
        >
            {icon("#image")}
            <span class="drop-lead">
                {move || page.word(if hover.get() { Word::DropHere } else { Word::ChoosePicture })}
            </span>
            <span>{move || if hover.get() { "\u{a0}" } else { page.word(Word::DropOrPaste) }}</span>
        </button>
    }
    .into_any()
}

fn filled(
    slot: Slot,
    input: NodeRef<html::Input>,
    picture: &PictureRef,
    url: Option<String>,
) -> AnyView {
    let page = slot.page;
    let preview = NodeRef::<html::Img>::new();
    let pixels = RwSignal::new(String::new());
    let id = slot.id();
    let remove = move || {
        slot.fill(Draft::Picture(None));
        let id = slot.id();
        request_animation_frame(move || browser::focus(&id));
    };
    view! {
        {url.map(|url| view! {
            <img
                class="drop-preview"
                alt=""
                src=url
                node_ref=preview
                on:load=move |_| pixels.set(size_of(preview))
            />
        })}
        <div class="drop-foot">
            <span class="drop-name">{picture.name.clone()} {pixels}</span>
            <button
                class="button"
                type="button"
                data-kind="quiet"
                id=id
                aria-describedby=slot.described_by()
                on:click=move |_| browser::choose(input)
            >
                {word(page, Word::ReplacePicture)}
            </button>
            {button(page, Kind::Icon, "#close", Word::RemovePicture, remove)}
        </div>
    }
    .into_any()
}

/// ` · 1024 × 768`, once the picture is there.
pub(super) fn size_of(image: NodeRef<html::Img>) -> String {
    let size = image.get_untracked().map(|image| (image.natural_width(), image.natural_height()));
    size.map_or_else(String::new, |(width, height)| format!(" · {width} × {height}"))
}
