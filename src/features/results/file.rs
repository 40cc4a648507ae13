//! The card of a result that is no image: players for sound and video, downloads for others.
//! Invariant: content of a file is never shown as markup.

use leptos::prelude::*;
use pilotlight_comfy::run_status::Media;
use pilotlight_i18n::text::size;

use crate::app::Output;
use crate::features::results::actions::{Actions, Delete};
use crate::features::results::marks::{MarkSigns, Marks};
use crate::features::results::picture::{Preview, Time};

#[component]
pub fn File(
    output: Output,
    /// The object URL of its bytes.
    url: String,
    file_name: String,
    media: Media,
    size_bytes: u64,
    /// Whether the server did not store it.
    is_preview: bool,
    marks: Marks,
) -> impl IntoView {
    let (id, ran_ms) = (output.id, output.row.ran_ms);
    let prompt = output.row.prompt.clone();
    let label = file_name.clone();
    let player = match media {
        Media::Audio => Some(
            view! {
                <audio class="file-player" controls preload="metadata" aria-label=label src=url>
                </audio>
            }
            .into_any(),
        ),
        Media::Video => Some(
            view! {
                <video
                    class="file-player"
                    controls
                    playsinline
                    preload="metadata"
                    aria-label=label
                    src=url
                ></video>
            }
            .into_any(),
        ),
        Media::Image | Media::Other => None,
    };
    view! {
        <li class="answer file">
            <MarkSigns marks/>
            <div class="answer-body">
                <p class="answer-question">{prompt}</p>
                <p class="file-name">
                    <span>{file_name.clone()}</span>
                    <span class="file-size">{size(size_bytes)}</span>
                    {is_preview.then(|| view! { <Preview/> })}
                    <Time ran_ms class="answer-time"/>
                </p>
                {player}
                <div class="answer-actions" role="group" aria-label=file_name>
                    <Actions output/>
                    <Delete id/>
                </div>
            </div>
        </li>
    }
}
