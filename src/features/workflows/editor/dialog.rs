//! The dialog *Edit the form*: which inputs are fields, their names, order and bounds. Invariant: a
//! text is applied when its control loses the focus, and an error is shown right below its control.

use leptos::prelude::*;
use pilotlight_forms::form::Edit;
use pilotlight_i18n::text::{EditorText, FormText};

use crate::app::Page;
use crate::command::{Dialog, DialogCommand};
use crate::components::{Button, Choice, DialogFrame, DialogHead, Icon};
use crate::features::shell::toast::Toast;
use crate::features::workflows::editor::actions;
use crate::features::workflows::editor::context::FormEditor;
use crate::features::workflows::editor::fields::Fields;
use crate::features::workflows::editor::inputs::Inputs;
use crate::features::workflows::editor::label::LabelInputs;
use crate::features::workflows::editor::origin::Origin;

/// The dialog; empty until its bundle is loaded.
#[component]
pub fn EditorDialog() -> impl IntoView {
    let page = expect_context::<Page>();
    let is_open = Memo::new(move |_| page.dialog.get() == Some(Dialog::Editor));
    let content = move || {
        // The content is rebuilt after the server has described node classes.
        actions::round().track();
        untrack(|| actions::inside().map(|inside| inside())).into_any()
    };
    view! {
        <DialogFrame
            class="dialog editor"
            title_id="editor-title"
            is_open
            on_close=move || page.send(DialogCommand::Close)
        >
            // The content must exist before the dialog opens, which sets the focus in it.
            {move || is_open.get().then(|| content.into_any()).into_any()}
        </DialogFrame>
    }
}

/// The content of the dialog, for the form of the current tab.
#[component]
pub fn EditorContent() -> impl IntoView {
    let page = expect_context::<Page>();
    actions::fault().set(None);
    let sheet = page.sheet(page.tab.get_untracked())?;
    let editor = FormEditor::new(page, &sheet);
    let is_own = move || {
        let tab = page.tab.get();
        page.sheets.with(|sheets| sheets.get(tab).is_some_and(|sheet| sheet.is_opened))
    };
    let lead = move || {
        let word = if is_own() { EditorText::StoredHere } else { EditorText::BuiltIn };
        word.say(page.language.get())
    };
    let title = Signal::derive(move || editor.form(|form| form.title.clone()));
    let shows_inputs = RwSignal::new(false);
    let count = move || {
        let count = editor.form(|form| form.fields.len()).unwrap_or(0);
        format!("{} {count}", editor.says(EditorText::Fields)())
    };
    let list = move || match shows_inputs.get() {
        true => view! { <Inputs editor/> }.into_any(),
        false => view! { <Fields editor/> }.into_any(),
    };
    Some(view! {
        <DialogHead
            title_id="editor-title"
            title=Signal::derive(move || page.word(FormText::Edit).to_owned())
            on_close=move || page.send(DialogCommand::Close)
        />
        <div class="dialog-body">
            <p class="dialog-hint">{lead}</p>
            <Origin/>
            <LabelInputs
                editor
                at="edit-title"
                name=EditorText::Title
                label=title
                on_change=move |label| editor.edit("edit-title", Edit::Title(label))
            />
            <div class="choices">
                <ListChoice shown=shows_inputs inputs=false name=Signal::derive(count)/>
                <ListChoice
                    shown=shows_inputs
                    inputs=true
                    name=Signal::derive(editor.says(EditorText::AllInputs))
                />
            </div>
            {list}
        </div>
        <div class="editor-foot">
            <button
                class="button"
                type="button"
                data-kind="primary"
                on:click=move |_| actions::save(page)
            >
                <Icon href="#download"/>
                {editor.says(EditorText::SaveAsFile)}
            </button>
            <Button on_press=move || actions::begin_with_values(page)>
                {editor.says(EditorText::UseCurrentValues)}
            </Button>
        </div>
        <div>
            <Toast/>
        </div>
    })
}

/// The choice that shows one of the two lists.
#[component]
fn ListChoice(
    /// Whether all inputs are shown.
    shown: RwSignal<bool>,
    /// Whether this is the choice for all inputs.
    inputs: bool,
    name: Signal<String>,
) -> impl IntoView {
    view! {
        <Choice
            name="editor-view"
            is_chosen=Signal::derive(move || shown.get() == inputs)
            autofocus=!inputs
            on_choose=move || shown.set(inputs)
        >
            <span>{name}</span>
        </Choice>
    }
}
