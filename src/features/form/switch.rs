//! The widget for switches.

use leptos::prelude::*;
use pilotlight_forms::form::Draft;
use pilotlight_i18n::text::FormText;

use crate::features::form::handle::FieldHandle;

#[component]
pub fn Switch(handle: FieldHandle) -> impl IntoView {
    let is_on = move || handle.draft() == Draft::Switch(true);
    view! {
        <label class="switch">
            <input
                type="checkbox"
                {..handle.attributes()}
                prop:checked=is_on
                on:change=move |_| handle.fill(Draft::Switch(!untrack(is_on)))
            />
            <span aria-hidden="true">
                {move || handle.page.word(if is_on() { FormText::On } else { FormText::Off })}
            </span>
        </label>
    }
}
