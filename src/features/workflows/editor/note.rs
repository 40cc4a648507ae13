//! The error below a control of the form editor.

use leptos::prelude::*;

use crate::features::workflows::editor::context::FormEditor;

/// The error of the control with the id `at`.
#[component]
pub fn Note(editor: FormEditor, at: String) -> impl IntoView {
    let id = format!("{at}-note");
    view! {
        <div class="editor-note" id=id role="alert">
            {move || editor.fault(&at).unwrap_or_default()}
        </div>
    }
}
