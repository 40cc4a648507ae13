//! Controls for a text in each language.

use leptos::attr::any_attribute::AnyAttribute;
use leptos::prelude::*;
use pilotlight_comfy::language::{Label, Language};
use pilotlight_i18n::text::{EditorText, LanguageText};

use crate::features::workflows::editor::context::FormEditor;
use crate::features::workflows::editor::note::Note;

/// One control for each language. If all texts are the same, emptying one empties all.
#[component]
pub fn LabelInputs(
    editor: FormEditor,
    /// The id under which errors of the text are reported; the prefix of the controls' ids.
    #[prop(into)]
    at: String,
    name: EditorText,
    /// Whether the texts may have several lines.
    #[prop(optional)]
    is_long: bool,
    label: Signal<Option<Label>>,
    #[prop(optional, into)] is_hidden: Signal<bool>,
    #[prop(into)] on_change: UnsyncCallback<(Label,)>,
) -> impl IntoView {
    let control = |language: Language| {
        let at = at.clone();
        view! { <LabelInput editor at name is_long language label on_change/> }.into_any()
    };
    let controls = Language::ALL.map(control).into_iter().collect_view();
    view! {
        <fieldset class="editor-pair" hidden=move || is_hidden.get()>
            <legend class="field-label">{editor.says(name)}</legend>
            {controls}
            <Note editor at/>
        </fieldset>
    }
}

#[component]
fn LabelInput(
    editor: FormEditor,
    at: String,
    name: EditorText,
    is_long: bool,
    language: Language,
    label: Signal<Option<Label>>,
    on_change: UnsyncCallback<(Label,)>,
) -> impl IntoView {
    let [own, tag, letters] = [LanguageText::Name, LanguageText::Tag, LanguageText::Letters]
        .map(|text| text.say(language));
    let says = editor.says(name);
    let attributes: Vec<AnyAttribute> = view! {
        <{..}
            id=format!("{at}-{}", language.code())
            lang=tag
            autocomplete="off"
            aria-describedby=format!("{at}-note")
            aria-invalid=move || editor.fault(&at).map(|_| "true")
            aria-label=move || format!("{} · {own}", says())
        />
    };
    let text = move || {
        label
            .with(|label| label.as_ref().map(|label| label.get(language).to_owned()))
            .unwrap_or_default()
    };
    let change = move |typed: String| {
        // A removed control may still report a change.
        let Some(label) = label.try_get_untracked() else { return };
        let mut label = label.unwrap_or_else(|| Label::plain(""));
        if typed.trim().is_empty() && label.is_same() {
            label = Label::plain(&typed);
        } else {
            *label.get_mut(language) = typed;
        }
        on_change.run((label,));
    };
    let control = match is_long {
        true => view! {
            <textarea
                class="box-input"
                {..attributes}
                prop:value=text
                on:change:target=move |event| change(event.target().value())
            ></textarea>
        }
        .into_any(),
        false => view! {
            <input
                class="box-input"
                {..attributes}
                prop:value=text
                on:change:target=move |event| change(event.target().value())
            />
        }
        .into_any(),
    };
    view! {
        <span class="box editor-side">
            <span class="editor-tongue" aria-hidden="true" lang=tag>
                {letters}
            </span>
            {control}
        </span>
    }
}
