//! What is wrong with what was typed, right under its control.

use leptos::prelude::*;

use crate::features::workflows::editor::context::FormEditor;

/// Says what is wrong with what was typed into the control with the id `at`.
#[component]
pub fn Note(editor: FormEditor, at: String) -> impl IntoView {
    let id = format!("{at}-note");
    view! {
        <div class="editor-note" id=id role="alert">
            {move || editor.fault(&at).unwrap_or_default()}
        </div>
    }
}
