//! The widget for seeds: random for each run, the last one, or a typed one.

use leptos::prelude::*;
use pilotlight_i18n::text::FormText;

use crate::components::IconButton;
use crate::features::form::handle::FieldHandle;
use crate::features::form::number::step_by_key;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    Random,
    Keep,
    Typed,
}

impl Mode {
    /// Returns the name by which the style sheet selects the mode.
    fn name(self) -> &'static str {
        match self {
            Self::Random => "random",
            Self::Keep => "keep",
            Self::Typed => "typed",
        }
    }
}

#[component]
pub fn Seed(handle: FieldHandle) -> impl IntoView {
    let page = handle.page;
    let last_seed = handle.sheet().last_seed;
    let last = Memo::new(move |_| last_seed.get().map(|seed| seed.to_string()));
    let mode = move || match handle.text() {
        text if text.is_empty() => Mode::Random,
        text if last.with(|last| last.as_ref() == Some(&text)) => Mode::Keep,
        _ => Mode::Typed,
    };
    let keep = move || match last.get_untracked() {
        Some(last) if untrack(mode) != Mode::Keep => handle.fill_text(last),
        Some(_) | None => handle.fill_text(String::new()),
    };
    view! {
        <div class="box" data-seed=move || mode().name()>
            <input
                class="box-input"
                inputmode="numeric"
                autocomplete="off"
                placeholder=move || page.word(FormText::Random)
                {..handle.attributes()}
                prop:value=move || handle.text()
                on:input:target=move |event| handle.fill_text(event.target().value())
                on:keydown=move |event| {
                    if untrack(mode) != Mode::Random {
                        step_by_key(handle, event);
                    }
                }
            />
            <IconButton
                href="#keep"
                name=FormText::KeepSeed
                on_press=keep
                is_pressed=Signal::derive(move || mode() == Mode::Keep)
                is_disabled=Signal::derive(move || last.with(Option::is_none))
            />
            <IconButton
                href="#dice"
                name=FormText::RandomSeed
                on_press=move || handle.fill_text(String::new())
                is_pressed=Signal::derive(move || mode() == Mode::Random)
            />
        </div>
    }
}
