//! The button below the run bar that copies a link to the filled-in form.

use leptos::prelude::*;
use pilotlight_i18n::text::ShareText;

use crate::app::{Page, Part};

#[component]
pub fn CopyLink() -> impl IntoView {
    let page = expect_context::<Page>();
    view! {
        <button
            class="button"
            type="button"
            data-kind="quiet"
            on:click=move |_| page.open(Part::Sharing)
        >
            {move || ShareText::CopyLink.say(page.language.get())}
        </button>
    }
}
