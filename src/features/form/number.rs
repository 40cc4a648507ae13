//! The widget for numbers, with step buttons. Invariant: the typed text stays unchanged, and no
//! number is converted to a JavaScript number.

use crate::events::is_composing;
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use pilotlight_i18n::text::{FormText, labeled};

use crate::components::Icon;
use crate::features::form::handle::FieldHandle;

/// `keys`: the keyboard that a phone shows, `numeric` or `decimal`.
#[component]
pub fn Number(handle: FieldHandle, keys: &'static str) -> impl IntoView {
    view! {
        <div class="box">
            <Stepper handle href="#minus" name=FormText::Decrease is_up=false/>
            <input
                class="box-input"
                inputmode=keys
                autocomplete="off"
                {..handle.attributes()}
                prop:value=move || handle.text()
                on:input:target=move |event| handle.fill_text(event.target().value())
                on:keydown=move |event| step_by_key(handle, event)
            />
            <Stepper handle href="#plus" name=FormText::Increase is_up=true/>
        </div>
    }
}

/// Changes a number by one step when an arrow key is pressed.
pub fn step_by_key(handle: FieldHandle, event: KeyboardEvent) {
    let key = event.key();
    let up = key == "ArrowUp";
    if (up || key == "ArrowDown") && !is_composing(&event) {
        event.prevent_default();
        handle.step(up);
    }
}

#[component]
fn Stepper(handle: FieldHandle, href: &'static str, name: FormText, is_up: bool) -> impl IntoView {
    let page = handle.page;
    let name = move || labeled(page.word(name), &handle.label(), page.language.get());
    view! {
        <button
            class="button"
            type="button"
            data-kind="icon"
            tabindex="-1"
            aria-label=name
            on:click=move |_| handle.step(is_up)
        >
            <Icon href/>
        </button>
    }
}
