//! One picture among the results; other files stand in the same frame.

use leptos::prelude::*;
use pilotlight_engine::sighting::Media;
use pilotlight_engine::text::{Word, clock};

use super::button::{Kind, icon};
use super::results::{actions, player};
use super::word;
use crate::app::{Dialog, Finding, Intent, Page};

pub(super) fn picture(
    page: Page,
    finding: Finding,
    url: String,
    file_name: String,
    media: Media,
) -> AnyView {
    let id = finding.id;
    let prompt = finding.prompt.clone();
    let shown = match media {
        Media::Image => view! {
            <button
                class="picture-open"
                type="button"
                on:click=move |_| page.act(Intent::Open(Dialog::Viewer(id)))
            >
                <img alt=prompt.clone() src=url />
            </button>
        }
        .into_any(),
        Media::Audio | Media::Video | Media::Other => {
            view! { <div class="picture-gone">{player(url, file_name, media)}</div> }.into_any()
        }
    };
    let ran_ms = finding.ran_ms;
    let time = move || ran_ms.map(|ms| clock(ms, page.language.get()));
    view! {
        <li class="picture">
            {shown}
            <div class="picture-actions" role="group" aria-label=prompt.clone()>
                {actions(page, &finding, Kind::Icon)}
            </div>
            <p class="picture-note">
                <span class="picture-prompt">{prompt}</span>
                <span class="picture-time">{time}</span>
            </p>
        </li>
    }
    .into_any()
}

/// In the place of a picture that the server no longer had.
pub(super) fn gone(page: Page) -> AnyView {
    view! {
        <li class="picture">
            <div class="picture-gone">
                {icon("#image")} <span>{word(page, Word::PictureGone)}</span>
            </div>
        </li>
    }
    .into_any()
}
