//! Modal dialogs. Invariant: a dialog is open exactly while its signal says so, and when it closes,
//! the browser returns the focus to where it was.

use leptos::html;
use leptos::prelude::*;
use pilotlight_i18n::text::CommonText;

use crate::components::IconButton;
use crate::layers;

/// A dialog with a title and a close button; a press outside of it closes it, too.
#[component]
pub fn Dialog(
    class: &'static str,
    /// The id of the title.
    title_id: &'static str,
    #[prop(into)] title: Signal<String>,
    /// Not needed if the dialog is in the document only while it is open.
    #[prop(into, default = true.into())]
    is_open: Signal<bool>,
    /// Called when the user closes it.
    #[prop(into)]
    on_close: UnsyncCallback<()>,
    children: Children,
) -> impl IntoView {
    view! {
        <DialogFrame class title_id is_open on_close>
            <DialogHead title_id title on_close/>
            <div class="dialog-body">{children()}</div>
        </DialogFrame>
    }
}

/// A dialog without title and body, for those that have a layout of their own.
#[component]
pub fn DialogFrame(
    class: &'static str,
    /// The id of the title, which is among the children.
    title_id: &'static str,
    /// Not needed if the dialog is in the document only while it is open.
    #[prop(into, default = true.into())]
    is_open: Signal<bool>,
    /// Whether a press outside of it closes it.
    #[prop(default = true)]
    closes_beside: bool,
    /// Called when the user closes it.
    #[prop(into)]
    on_close: UnsyncCallback<()>,
    children: Children,
) -> impl IntoView {
    let dialog = NodeRef::new();
    keep_open_while(dialog, is_open);
    view! {
        <dialog
            class=class
            aria-labelledby=title_id
            node_ref=dialog
            // The browser closes it by itself on Escape.
            on:close=move |_| {
                if is_open.get_untracked() {
                    on_close.run(());
                }
            }
            on:click=move |event| {
                if closes_beside && event.target() == event.current_target() {
                    on_close.run(());
                }
            }
        >
            {children()}
        </dialog>
    }
}

/// The title of a dialog, and the button that closes it.
#[component]
pub fn DialogHead(
    title_id: &'static str,
    #[prop(into)] title: Signal<String>,
    /// Called when the user closes the dialog.
    #[prop(into)]
    on_close: UnsyncCallback<()>,
) -> impl IntoView {
    view! {
        <div class="dialog-head">
            <h2 class="dialog-title" id=title_id>
                {title}
            </h2>
            <IconButton href="#close" name=CommonText::Close on_press=on_close/>
        </div>
    }
}

/// A dialog that fills the window and has a layout of its own, such as the gallery.
#[component]
pub fn FullScreenDialog(
    class: &'static str,
    #[prop(into)] is_open: Signal<bool>,
    /// Called when the browser closes it on Escape.
    on_close: impl Fn() + 'static,
    children: Children,
) -> impl IntoView {
    let dialog = NodeRef::new();
    keep_open_while(dialog, is_open);
    let close = move |_| {
        if is_open.get_untracked() {
            on_close();
        }
    };
    view! {
        <dialog class=class node_ref=dialog on:close=close>
            {children()}
        </dialog>
    }
}

/// Opens and closes a dialog as the signal says, and closes it before its view is removed.
fn keep_open_while(dialog: NodeRef<html::Dialog>, is_open: Signal<bool>) {
    Effect::new(move |_| {
        let Some(dialog) = dialog.get() else { return };
        match (is_open.get(), dialog.open()) {
            // An effect runs when the dialog is in the document, so `show_modal` does not fail.
            (true, false) => {
                let _shown = dialog.show_modal();
                layers::opened(&dialog);
            }
            (false, true) => dialog.close(),
            (true, true) | (false, false) => {}
        }
    });
    // The browser does not return the focus if an open dialog is removed.
    on_cleanup(move || {
        if let Some(dialog) = dialog.get_untracked().filter(|dialog| dialog.open()) {
            dialog.close();
        }
    });
}
