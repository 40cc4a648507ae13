//! The widget for a choice among several values.

use leptos::prelude::*;
use pilotlight_forms::form::{Choice as Option_, Draft};

use crate::features::form::handle::FieldHandle;

/// With more options than this, the widget is a text input with suggestions instead of a select.
const MOST_LISTED: usize = 24;
/// The most options that become suggestions; more would block the page for seconds. Any option can
/// be typed nevertheless.
const MOST_OFFERED: usize = 20_000;

#[component]
pub fn Choice(handle: FieldHandle, options: &'static [Option_]) -> impl IntoView {
    match options.len() {
        0..=MOST_LISTED => view! { <Listed handle options/> }.into_any(),
        _ => view! { <Searched handle options/> }.into_any(),
    }
}

#[component]
fn Listed(handle: FieldHandle, options: &'static [Option_]) -> impl IntoView {
    let now = untrack(|| handle.text());
    // A value that is no longer offered is listed too, so that users see it and can change it.
    let odd = (!options.iter().any(|option| option.text == now)).then_some(now);
    let texts = odd.into_iter().chain(options.iter().map(|option| option.text.clone()));
    let option = move |text: String| {
        let (value, shown) = (text.clone(), text.clone());
        let is_selected = move || handle.text() == text;
        view! { <option value=value prop:selected=is_selected>{shown}</option> }.into_any()
    };
    view! {
        <select
            class="box"
            {..handle.attributes()}
            on:change:target=move |event| handle.fill(Draft::Text(event.target().value()))
        >
            {texts.map(option).collect_view()}
        </select>
    }
}

/// A text input with suggestions, which are created on focus: a form may have many such fields.
#[component]
fn Searched(handle: FieldHandle, options: &'static [Option_]) -> impl IntoView {
    let list = format!("{}-list", handle.id());
    let is_used = RwSignal::new(false);
    let offered = move || {
        let options = is_used.get().then(|| options.iter().take(MOST_OFFERED));
        let option =
            |option: &'static Option_| view! { <option value=option.text.clone()/> }.into_any();
        options.into_iter().flatten().map(option).collect_view().into_any()
    };
    view! {
        <input
            class="box"
            autocomplete="off"
            list=list.clone()
            {..handle.attributes()}
            prop:value=move || handle.text()
            on:input:target=move |event| handle.fill_text(event.target().value())
            on:focus=move |_| {
                if !is_used.get_untracked() {
                    is_used.set(true);
                }
            }
        />
        <datalist id=list>{offered}</datalist>
    }
}
