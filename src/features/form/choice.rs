//! The widget for a choice among several values.

use leptos::prelude::*;
use pilotlight_forms::form::{Choice as Option_, Draft, Widget};

use crate::features::form::handle::FieldHandle;

/// With more options than this, the widget is a text input with suggestions instead of a select.
const MOST_LISTED: usize = 24;
/// The most options that become suggestions; more would block the page for seconds. Any option can
/// be typed nevertheless.
const MOST_OFFERED: usize = 20_000;

#[component]
pub fn Choice(handle: FieldHandle) -> impl IntoView {
    match options(&handle.field().widget).len() {
        0..=MOST_LISTED => view! { <Listed handle/> }.into_any(),
        _ => view! { <Searched handle/> }.into_any(),
    }
}

fn options(widget: &Widget) -> &[Option_] {
    let Widget::Choice { options } = widget else { return &[] };
    options
}

#[component]
fn Listed(handle: FieldHandle) -> impl IntoView {
    let field = handle.field();
    let options = options(&field.widget);
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
fn Searched(handle: FieldHandle) -> impl IntoView {
    let list = format!("{}-list", handle.id());
    let is_used = RwSignal::new(false);
    let offered = move || {
        let most = if is_used.get() { MOST_OFFERED } else { 0 };
        let field = handle.field();
        let option = |option: &Option_| view! { <option value=option.text.clone()/> }.into_any();
        options(&field.widget).iter().take(most).map(option).collect_view().into_any()
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
