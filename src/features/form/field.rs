//! A field: label, hint, widget, and its error or warning. Invariant: an error is shown right
//! below the widget, which refers to it (`aria-describedby`).

use leptos::html::div;
use leptos::prelude::*;
use pilotlight_comfy::language::Label;
use pilotlight_forms::form::{Draft, Field as FormField, Widget};

use crate::components::Icon;
use crate::features::form::handle::FieldHandle;
use crate::features::form::number::Number;
use crate::features::form::seed::Seed;
use crate::features::form::text::{LongText, ShortText};

#[component]
pub fn Field(handle: FieldHandle) -> impl IntoView {
    let state = move || match (handle.is_wrong(), handle.has_warning()) {
        (true, _) => Some("error"),
        (false, true) => Some("warning"),
        (false, false) => None,
    };
    view! {
        <div class="field" data-widget=widget_name(&handle.field().widget) data-state=state>
            <Head handle/>
            <WidgetOf handle/>
            <Note handle/>
        </div>
    }
}

/// Returns the name by which style sheets select a widget.
fn widget_name(widget: &Widget) -> &'static str {
    match widget {
        Widget::LongText | Widget::Text | Widget::ReadOnly(_) => "text",
        Widget::Int { .. } | Widget::Float { .. } => "number",
        Widget::Seed { .. } => "seed",
        Widget::Switch => "switch",
        Widget::Choice { .. } => "choice",
        Widget::Picture | Widget::Video | Widget::Sound => "picture",
    }
}

#[component]
fn WidgetOf(handle: FieldHandle) -> impl IntoView {
    match &handle.field().widget {
        Widget::LongText => view! { <LongText handle/> }.into_any(),
        Widget::Text | Widget::ReadOnly(_) => view! { <ShortText handle/> }.into_any(),
        Widget::Int { .. } => view! { <Number handle keys="numeric"/> }.into_any(),
        Widget::Float { .. } => view! { <Number handle keys="decimal"/> }.into_any(),
        Widget::Seed { .. } => view! { <Seed handle/> }.into_any(),
        Widget::Switch | Widget::Choice { .. } => {
            view! { <LazyWidget handle placeholder="box"/> }.into_any()
        }
        Widget::Picture | Widget::Video | Widget::Sound => {
            view! { <LazyWidget handle placeholder="drop"/> }.into_any()
        }
    }
}

/// A widget that the second bundle contains; an empty box until that is loaded.
#[component]
fn LazyWidget(
    handle: FieldHandle,
    /// The class of the empty box.
    placeholder: &'static str,
) -> impl IntoView {
    move || match handle.page.second_bundle.get() {
        Some(second_bundle) => (second_bundle.widget)(handle),
        None => div().class(placeholder).into_any(),
    }
}

#[component]
fn Head(handle: FieldHandle) -> impl IntoView {
    let field = handle.field();
    let bounds = bounds(&field);
    let hover = field.hint.clone().filter(|_| bounds.is_some());
    let hint = bounds.or_else(|| field.hint.clone()).or_else(|| field.reason());
    let language = handle.page.language;
    let in_language = move |label: &Option<Label>| {
        label.as_ref().map(|label| label.get(language.get()).to_owned())
    };
    // The button of a file field has a label of its own, which says what it does.
    let label = match matches!(field.default, Draft::Picture(_)) {
        true => view! { <span class="field-label" id=format!("{}-label", handle.id())>{move || handle.label()}</span> }.into_any(),
        false => {
            let label = move || handle.label();
            view! { <label class="field-label" for=handle.id()>{label}</label> }.into_any()
        }
    };
    view! {
        <div class="field-head" title=move || in_language(&hover)>
            {label}
            <span class="field-hint" id=format!("{}-hint", handle.id())>
                {move || in_language(&hint).unwrap_or_default()}
            </span>
        </div>
    }
}

/// Returns the range of a number, which replaces the hint (then a tooltip). Not for seeds, whose
/// range is always 64 bits.
fn bounds(field: &FormField) -> Option<Label> {
    if matches!(field.widget, Widget::Seed { .. }) {
        return None;
    }
    let range = field.widget.range();
    let (min, max) = range.told()?;
    Some(Label::plain(&format!("{min}–{max}")))
}

/// The error or warning of a field.
#[component]
fn Note(handle: FieldHandle) -> impl IntoView {
    let page = handle.page;
    let reason = move || handle.field().reason().map(|why| why.get(page.language.get()).to_owned());
    // A memo, so that an unchanged note is not announced again by screen readers.
    let note = Memo::new(move |_| {
        let note = page.second_bundle.get().and_then(|second_bundle| (second_bundle.note)(handle));
        note.or_else(|| Some((false, reason()?)))
    });
    move || {
        let note = note.get().map(|(is_error, text)| {
            let id = format!("{}-note", handle.id());
            view! {
                <p class="field-note" id=id role=is_error.then_some("alert")>
                    <Icon href=if is_error { "#alert" } else { "#info" }/>
                    <span>{text}</span>
                </p>
            }
            .into_any()
        });
        note.into_any()
    }
}
