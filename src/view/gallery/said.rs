//! What goes on in the gallery, what came of it, and the way back of what was deleted.

use leptos::prelude::*;
use pilotlight_i18n::text::{CountedText, GalleryText};

use crate::app::Page;
use crate::components::QuietButton;
use crate::later::gallery::{self, Deleted, Work};

#[component]
pub(super) fn Said(page: Page) -> impl IntoView {
    let line = move || said(page).map(|said| view! { <p>{said}</p> }.into_any()).into_any();
    view! {
        <div class="gallery-said" role="status">
            {line}
            <Undo page/>
        </div>
    }
}

fn said(page: Page) -> Option<String> {
    let language = page.language.get();
    match gallery::work().get() {
        Work::Writing { done, of } => {
            return Some(CountedText::Written { done, total: of }.say(language));
        }
        Work::Reading => return Some(GalleryText::Importing.say(language).to_owned()),
        Work::Nothing | Work::Loading => {}
    }
    gallery::said().get().map(|said| match said {
        gallery::Said::BroughtIn(counted) => counted.say(language),
        gallery::Said::Refused => GalleryText::Refused.say(language).to_owned(),
        gallery::Said::TooLarge => GalleryText::ExportTooLarge.say(language).to_owned(),
        gallery::Said::Failed => GalleryText::ExportFailed.say(language).to_owned(),
    })
}

/// That something was deleted, and the way back.
#[component]
pub(super) fn Undo(page: Page) -> impl IntoView {
    let undo = move || match gallery::deleted().get() {
        Deleted::Nothing => ().into_any(),
        Deleted::Some(count) => {
            let said = move || CountedText::Deleted { count }.say(page.language.get());
            view! {
                <span>{said}</span>
                <QuietButton
                    page
                    name=GalleryText::Undo
                    on_press=move || gallery::undo(page)
                />
            }
            .into_any()
        }
    };
    view! { <div class="gallery-undo">{undo}</div> }
}
