//! The settings of a field in the form editor.

use leptos::attr::any_attribute::AnyAttribute;
use leptos::html;
use leptos::prelude::*;
use pilotlight_comfy::language::{Label, Language};
use pilotlight_forms::form::{Choice, Draft, Edit, Field, FieldKey, Range, Widget};
use pilotlight_i18n::text::{EditorText, FormText};

use crate::browser;
use crate::components::follow;
use crate::features::workflows::editor::context::FormEditor;
use crate::features::workflows::editor::label::LabelInputs;
use crate::features::workflows::editor::note::Note;

#[component]
pub fn FieldSettings(editor: FormEditor, n: u32) -> impl IntoView {
    let widget = editor.field(n, |field| field.widget.clone())?;
    let is_number =
        matches!(widget, Widget::Int { .. } | Widget::Float { .. } | Widget::Seed { .. });
    let is_text = matches!(widget, Widget::LongText | Widget::Text);
    let is_in_front = move || !editor.field(n, |field| field.advanced).unwrap_or(false);
    let required = is_text.then(|| {
        view! {
            <Check
                editor
                n
                part="required"
                name=EditorText::Required
                read=|field| field.required
                make=Edit::Required
            />
        }
        .into_any()
    });
    Some(view! {
        <div class="editor-body">
            <FieldLabel
                editor
                n
                part="name"
                name=EditorText::Name
                read=|field| Some(field.label.clone())
                make=Edit::Name
            />
            <FieldLabel
                editor
                n
                part="hint"
                name=EditorText::Hint
                read=|field| field.hint.clone()
                make=|key, label| Edit::Hint(key, some(label))
            />
            <FieldDefault editor n widget/>
            {is_number.then(|| view! { <Bounds editor n/> }.into_any())}
            <Check
                editor
                n
                part="fold"
                name=EditorText::UnderAdvanced
                read=|field| field.advanced
                make=Edit::Advanced
            />
            {required}
            <FieldLabel
                editor
                n
                part="group"
                name=EditorText::Heading
                read=|field| field.group.clone()
                make=|key, label| Edit::Group(key, some(label))
                is_hidden=Signal::derive(is_in_front)
            />
        </div>
    })
}

/// Returns `None` for a label without text.
fn some(label: Label) -> Option<Label> {
    label.texts().iter().any(|text| !text.trim().is_empty()).then_some(label)
}

/// A text of the field in each language.
#[component]
fn FieldLabel(
    editor: FormEditor,
    n: u32,
    /// The suffix of the controls' ids, after the field's id.
    part: &'static str,
    name: EditorText,
    read: fn(&Field) -> Option<Label>,
    make: fn(FieldKey, Label) -> Edit,
    #[prop(optional, into)] is_hidden: Signal<bool>,
) -> impl IntoView {
    let at = format!("edit-{n}-{part}");
    let own = at.clone();
    let change = move |label: Label| {
        if let Some(key) = editor.key(n) {
            editor.edit(&own, make(key, label));
        }
    };
    let label = Signal::derive(move || editor.field(n, read).flatten());
    view! { <LabelInputs editor at name label is_hidden on_change=change/> }
}

/// A checkbox of the field.
#[component]
fn Check(
    editor: FormEditor,
    n: u32,
    /// The suffix of its id, after the field's id.
    part: &'static str,
    name: EditorText,
    read: fn(&Field) -> bool,
    make: fn(FieldKey, bool) -> Edit,
) -> impl IntoView {
    let id = format!("edit-{n}-{part}");
    let own = id.clone();
    let is_on = move || editor.field(n, read).unwrap_or(false);
    let change = move |_| {
        if let Some(key) = editor.key(n) {
            editor.edit(&own, make(key, !untrack(is_on)));
            // The field may be in the other list now.
            browser::focus_soon(own.clone());
        }
    };
    view! {
        <label class="switch">
            <input type="checkbox" id=id prop:checked=is_on on:change=change/>
            <span>{editor.says(name)}</span>
        </label>
    }
}

/// The smallest and the largest allowed number.
#[component]
fn Bounds(editor: FormEditor, n: u32) -> impl IntoView {
    view! {
        <div class="editor-pair">
            <Bound editor n name=EditorText::Min is_min=true/>
            <Bound editor n name=EditorText::Max is_min=false/>
            <Note editor at=format!("edit-{n}-bounds")/>
        </div>
    }
}

#[component]
fn Bound(editor: FormEditor, n: u32, name: EditorText, is_min: bool) -> impl IntoView {
    let range = move || editor.field(n, |field| field.widget.range()).unwrap_or_default();
    let shown = move || {
        let Range { min, max, .. } = range();
        if is_min { min } else { max }.unwrap_or_default()
    };
    let change = move |typed: String| {
        let Some(key) = editor.key(n) else { return };
        let Range { min, max, .. } = untrack(range);
        let [min, max] = if is_min { [Some(typed), max] } else { [min, Some(typed)] };
        let edit = Edit::Bounds(key, min.unwrap_or_default(), max.unwrap_or_default());
        editor.edit(&format!("edit-{n}-bounds"), edit);
    };
    view! {
        <span class="editor-side">
            <span class="field-label" aria-hidden="true">
                {editor.says(name)}
            </span>
            <input
                class="box"
                autocomplete="off"
                inputmode="decimal"
                aria-describedby=format!("edit-{n}-bounds-note")
                aria-label=editor.says(name)
                prop:value=shown
                on:change:target=move |event| change(event.target().value())
            />
        </span>
    }
}

/// The initial value of the field; texts in each language.
#[component]
fn FieldDefault(editor: FormEditor, n: u32, widget: Widget) -> impl IntoView {
    match widget {
        Widget::LongText | Widget::Text => {
            let is_long = widget == Widget::LongText;
            view! { <DefaultText editor n is_long/> }.into_any()
        }
        Widget::Switch => view! {
            <Check
                editor
                n
                part="begins"
                name=EditorText::Default
                read=|field| field.default == Draft::Switch(true)
                make=|key, on| Edit::Default(key, Draft::Switch(on))
            />
        }
        .into_any(),
        Widget::Int { .. } | Widget::Float { .. } => {
            view! { <DefaultValue editor n options=Vec::new() is_random=false/> }.into_any()
        }
        Widget::Seed { .. } => {
            view! { <DefaultValue editor n options=Vec::new() is_random=true/> }.into_any()
        }
        Widget::Choice { options } => {
            view! { <DefaultValue editor n options is_random=false/> }.into_any()
        }
        Widget::Picture | Widget::Video | Widget::Sound | Widget::ReadOnly(_) => ().into_any(),
    }
}

#[component]
fn DefaultText(editor: FormEditor, n: u32, is_long: bool) -> impl IntoView {
    let at = format!("edit-{n}-begins");
    let own = at.clone();
    let change = move |label: Label| {
        let Some(key) = editor.key(n) else { return };
        let edit = match label.is_same() {
            true => Edit::Default(key, Draft::Text(label.get(Language::English).to_owned())),
            false => Edit::Start(key, Some(label)),
        };
        editor.edit(&own, edit);
    };
    let label = Signal::derive(move || editor.field(n, begins_with));
    view! { <LabelInputs editor at name=EditorText::Default is_long label on_change=change/> }
}

/// The initial value of a number or a choice.
#[component]
fn DefaultValue(
    editor: FormEditor,
    n: u32,
    /// The options of a choice; empty for a number.
    options: Vec<Choice>,
    /// Whether an empty text means a random number.
    is_random: bool,
) -> impl IntoView {
    let at = format!("edit-{n}-begins");
    let (own, faulty) = (at.clone(), at.clone());
    let text = move || {
        editor
            .field(n, |field| begins_with(field).get(Language::English).to_owned())
            .unwrap_or_default()
    };
    let change = move |typed: String| {
        if let Some(key) = editor.key(n) {
            editor.edit(&own, Edit::Default(key, Draft::Text(typed)));
        }
    };
    let random = move || is_random.then(|| editor.page.word(FormText::Random));
    let attributes: Vec<AnyAttribute> = view! {
        <{..}
            id=at.clone()
            aria-describedby=format!("{at}-note")
            aria-invalid=move || editor.fault(&faulty).map(|_| "true")
            autocomplete="off"
            placeholder=random
        />
    };
    let control = match options.is_empty() {
        true => view! {
            <input
                class="box"
                {..attributes}
                prop:value=text
                on:change:target=move |event| change(event.target().value())
            />
        }
        .into_any(),
        false => {
            let select = NodeRef::<html::Select>::new();
            // A value that is not among the options leaves the select empty.
            follow(move || {
                if let Some(select) = select.get() {
                    select.set_value(&text());
                }
            });
            let option = |one: Choice| {
                let value = one.text.clone();
                view! { <option value=value>{one.text}</option> }.into_any()
            };
            view! {
                <select
                    class="box"
                    {..attributes}
                    node_ref=select
                    on:change:target=move |event| change(event.target().value())
                >
                    {options.into_iter().map(option).collect_view()}
                </select>
            }
            .into_any()
        }
    };
    view! {
        <div class="editor-one">
            <label class="field-label" for=at.clone()>
                {editor.says(EditorText::Default)}
            </label>
            {control}
            <Note editor at/>
        </div>
    }
}

fn begins_with(field: &Field) -> Label {
    match (&field.start, &field.default) {
        (Some(start), _) => start.clone(),
        (None, Draft::Text(text)) => Label::plain(text),
        (None, Draft::Switch(_) | Draft::Picture(_)) => Label::plain(""),
    }
}
