//! Dialogs that take the whole attention. Invariant: what is open follows what it is told, however
//! it was closed, and the browser puts the focus back to where it was.

use leptos::html;
use leptos::prelude::*;
use pilotlight_i18n::text::CommonText;

use crate::app::Page;
use crate::components::IconButton;

/// A dialog with a title and a button that closes it; a press beside it closes it, too.
#[component]
pub fn Dialog(
    page: Page,
    class: &'static str,
    /// The id of the title.
    title_id: &'static str,
    #[prop(into)] title: Signal<String>,
    /// Not needed by a dialog that is in the document only while it is open.
    #[prop(into, default = true.into())]
    is_open: Signal<bool>,
    /// What follows when somebody closes it.
    #[prop(into)]
    on_close: UnsyncCallback<()>,
    children: Children,
) -> impl IntoView {
    view! {
        <DialogFrame class title_id is_open on_close>
            <DialogHead page title_id title on_close/>
            <div class="dialog-body">{children()}</div>
        </DialogFrame>
    }
}

/// A dialog without title and body, for those that lay out their own.
#[component]
pub fn DialogFrame(
    class: &'static str,
    /// The id of the title, which is among the children.
    title_id: &'static str,
    /// Not needed by a dialog that is in the document only while it is open.
    #[prop(into, default = true.into())]
    is_open: Signal<bool>,
    /// Whether a press beside it closes it.
    #[prop(default = true)]
    closes_beside: bool,
    /// What follows when somebody closes it.
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
            // The browser has closed it by itself, on Escape.
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
    page: Page,
    title_id: &'static str,
    #[prop(into)] title: Signal<String>,
    /// What follows when somebody closes it.
    #[prop(into)]
    on_close: UnsyncCallback<()>,
) -> impl IntoView {
    view! {
        <div class="dialog-head">
            <h2 class="dialog-title" id=title_id>
                {title}
            </h2>
            <IconButton page href="#close" name=CommonText::Close on_press=on_close/>
        </div>
    }
}

/// A dialog that fills the window and has a head of its own, such as the gallery.
#[component]
pub fn FullScreenDialog(
    class: &'static str,
    #[prop(into)] is_open: Signal<bool>,
    /// Called when the browser has closed it by itself, on Escape.
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
            // It is in the document by now, so nothing is refused.
            (true, false) => drop(dialog.show_modal()),
            (false, true) => dialog.close(),
            (true, true) | (false, false) => {}
        }
    });
    // The browser puts no focus back for a dialog that is removed while it is open.
    on_cleanup(move || {
        if let Some(dialog) = dialog.get_untracked().filter(|dialog| dialog.open()) {
            dialog.close();
        }
    });
}
