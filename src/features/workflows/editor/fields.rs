//! The list of fields. Invariant: a field that moves keeps the focus.

use pilotlight_forms::form::Edit;
use pilotlight_i18n::text::{EditorText, FormText, labeled};

use crate::browser;
use crate::components::Icon;
use crate::features::workflows::editor::context::FormEditor;
use crate::features::workflows::editor::note::Note;
use crate::features::workflows::editor::settings::FieldSettings;
use leptos::prelude::*;

/// How many rows are created per frame, so that the dialog of a long form opens quickly.
const ROWS: usize = 24;

#[component]
pub fn Fields(editor: FormEditor) -> impl IntoView {
    let page = editor.page;
    let made = RwSignal::new(ROWS);
    make_more(made, editor.form(|form| form.fields.len()).unwrap_or(0));
    let is_empty = Memo::new(move |_| editor.form(|form| form.fields.is_empty()).unwrap_or(false));
    let why = if editor.has_no_inputs() { EditorText::NoInputs } else { EditorText::NoFields };
    let nothing = move || {
        let nothing = is_empty
            .get()
            .then(|| view! { <p class="dialog-hint">{editor.says(why)}</p> }.into_any());
        nothing.into_any()
    };
    let is_folded = Memo::new(move |_| !editor.list(true).with(Vec::is_empty));
    let heading = move || {
        let said = move || page.word(FormText::Advanced);
        let heading =
            is_folded.get().then(|| view! { <h3 class="dialog-legend">{said}</h3> }.into_any());
        heading.into_any()
    };
    view! {
        <div class="editor-part">
            {nothing}
            <List
                editor
                advanced=false
                made
                name=Signal::derive(editor.says(EditorText::Fields))
            />
            {heading}
            <List
                editor
                advanced=true
                made
                name=Signal::derive(move || page.word(FormText::Advanced).to_owned())
            />
        </div>
    }
}

fn make_more(made: RwSignal<usize>, most: usize) {
    // This fails once the dialog is closed.
    let Some(so_far) = made.try_get_untracked().filter(|so_far| *so_far < most) else { return };
    request_animation_frame(move || {
        made.try_set(so_far + ROWS);
        make_more(made, most);
    });
}

/// The list of the main fields, or of those under *Advanced*.
#[component]
fn List(
    editor: FormEditor,
    advanced: bool,
    /// How many rows are created so far.
    made: RwSignal<usize>,
    name: Signal<String>,
) -> impl IntoView {
    let shown = move || {
        let list = editor.list(advanced).get();
        list.get(..made.get()).map(<[u32]>::to_vec).unwrap_or(list)
    };
    view! {
        <ul class="editor-list" role="list" aria-label=name>
            <For each=shown key=|n| *n children=move |n| view! { <Row editor n/> }/>
        </ul>
    }
}

/// Returns the index of a field in its list, and the list.
fn place(editor: FormEditor, n: u32) -> (usize, Vec<u32>) {
    let list = editor.list(editor.field(n, |field| field.advanced).unwrap_or(false)).get();
    (list.iter().position(|one| *one == n).unwrap_or(0), list)
}

#[component]
fn Row(editor: FormEditor, n: u32) -> impl IntoView {
    let is_unfolded = Memo::new(move |_| editor.unfolded.get() == Some(n));
    let source = editor.candidate(n, |one| [one.title.as_str(), " · ", &one.key.input].concat());
    let settings = move || {
        is_unfolded.get().then(|| view! { <FieldSettings editor n/> }.into_any()).into_any()
    };
    view! {
        <li class="editor-row">
            <div class="editor-line">
                <button
                    class="editor-name"
                    type="button"
                    id=format!("edit-{n}-open")
                    aria-expanded=move || is_unfolded.get().to_string()
                    on:click=move |_| {
                        editor.unfolded.set((!is_unfolded.get_untracked()).then_some(n));
                    }
                >
                    <Icon href="#chevron"/>
                    <span class="editor-label">{move || editor.label(n)}</span>
                    <span class="editor-source" aria-hidden="true">
                        {source.unwrap_or_default()}
                    </span>
                </button>
                <Mover editor n up=true/>
                <Mover editor n up=false/>
                <Hider editor n/>
            </div>
            <Note editor at=format!("edit-{n}")/>
            {settings}
        </li>
    }
}

/// An icon button whose name contains the field's label.
#[component]
fn Action(
    editor: FormEditor,
    n: u32,
    id: String,
    href: &'static str,
    does: EditorText,
    /// The rotation of the icon (`data-turn`).
    #[prop(optional)]
    turn: Option<&'static str>,
    /// Sets `aria-disabled`, so that the button keeps the focus.
    #[prop(optional, into)]
    is_disabled: Signal<bool>,
    #[prop(into)] on_press: UnsyncCallback<()>,
) -> impl IntoView {
    let says = editor.says(does);
    let name = move || labeled(&says(), &editor.label(n), editor.page.language.get());
    view! {
        <button
            class="button"
            type="button"
            id=id
            data-kind="icon"
            data-turn=turn
            aria-label=name
            title=says
            aria-disabled=move || is_disabled.get().then_some("true")
            on:click=move |_| on_press.run(())
        >
            <Icon href/>
        </button>
    }
}

/// The button that moves the field up or down by one.
#[component]
fn Mover(editor: FormEditor, n: u32, up: bool) -> impl IntoView {
    let (part, does, turn) = match up {
        true => ("up", EditorText::MoveUp, "up"),
        false => ("down", EditorText::MoveDown, "down"),
    };
    let id = format!("edit-{n}-{part}");
    let own = id.clone();
    let is_last = Memo::new(move |_| {
        let (at, list) = place(editor, n);
        if up { at == 0 } else { at + 1 >= list.len() }
    });
    let press = move || {
        let Some(key) = editor.key(n).filter(|_| !is_last.get_untracked()) else { return };
        editor.edit(&format!("edit-{n}"), if up { Edit::Up(key) } else { Edit::Down(key) });
        // A moved element loses the focus.
        browser::focus_soon(own.clone());
    };
    view! {
        <Action editor n id href="#chevron" does turn is_disabled=is_last on_press=press/>
    }
}

/// The button that removes the field; its input stays.
#[component]
fn Hider(editor: FormEditor, n: u32) -> impl IntoView {
    let press = move || {
        let (at, list) = untrack(|| place(editor, n));
        let neighbour = list.get(at + 1).or_else(|| list.get(at.checked_sub(1)?)).copied();
        let Some(key) = editor.key(n) else { return };
        editor.edit(&format!("edit-{n}"), Edit::Drop(key));
        let next = neighbour.map(|n| format!("edit-{n}-open"));
        browser::focus_soon(next.unwrap_or_else(|| "edit-title-en".to_owned()));
    };
    view! {
        <Action
            editor
            n
            id=format!("edit-{n}-hide")
            href="#minus"
            does=EditorText::Hide
            on_press=press
        />
    }
}
