//! The dialogs of the gallery: all results, one result, a comparison. They are created once; while
//! closed, they list nothing.

use crate::browser;
use leptos::prelude::*;

use crate::features::gallery::bar::{Foot, Head};
use crate::features::gallery::compare::Compare;
use crate::features::gallery::grid::{TileArea, Tiles};
use crate::features::gallery::message::Message;
use crate::features::gallery::viewer::Viewer;

use crate::app::Page;
use crate::command::Dialog;
use crate::components::{FullScreenDialog, Symbols, follow};
use crate::features::gallery::actions;
use crate::features::shell::toast::Toast;

/// The style sheets of the gallery, added when it is opened.
const STYLE: &str = concat!(include_str!("gallery.css"), include_str!("viewer.css"));

const SYMBOLS: [(&str, &str); 6] = [
    ("enlarge", "M9.5 2.5h4v4M13.5 2.5 9 7M6.5 13.5h-4v-4M2.5 13.5 7 9"),
    (
        "sound",
        "M6 11.5V3.5l7-1.25v8M6 11.5a2 2 0 1 1-4 0 2 2 0 0 1 4 0zM13 10.25a2 2 0 1 1-4 0 2 2 0 0 1 4 0z",
    ),
    ("film", "M4.5 2.75 13 8l-8.5 5.25z"),
    ("file", "M9 1.75H4.5v12.5h7.5V4.75zM9 1.75v3h3"),
    (
        "compare",
        "M3.75 2.75h8.5a2 2 0 0 1 2 2v6.5a2 2 0 0 1-2 2h-8.5a2 2 0 0 1-2-2v-6.5a2 2 0 0 1 2-2z\
         M8 1.25v13.5",
    ),
    ("import", "M8 10V2.5M4.75 5.5 8 2.25l3.25 3.25M2.75 13.25h10.5"),
];

#[component]
pub fn Gallery() -> impl IntoView {
    let page = expect_context::<Page>();
    browser::add_style(STYLE);
    // The gallery closes when another dialog opens or it is closed itself.
    follow(move || {
        let is_in_front = match page.dialog.get() {
            // The dialog about a limit is closed again, and the gallery is shown as before.
            Some(Dialog::Gallery | Dialog::Viewer(_) | Dialog::Limit) => true,
            None | Some(Dialog::Settings | Dialog::Setup | Dialog::Editor | Dialog::Presets) => {
                false
            }
        };
        if !is_in_front && actions::is_open().get_untracked() {
            actions::leave(page);
        }
    });
    let is_selecting = RwSignal::new(false);
    let ground = TileArea::new(page, is_selecting);
    view! {
        <div>
            <Symbols icons=SYMBOLS/>
            <FullScreenDialog
                class="gallery"
                attr:aria-labelledby="gallery-title"
                is_open=actions::is_open()
                on_close=move || actions::leave(page)
            >
                <div class="gallery-inside">
                    <Head is_selecting/>
                    <Message/>
                    <Tiles ground/>
                    <Foot is_selecting/>
                    <Toast/>
                </div>
            </FullScreenDialog>
            <Viewer/>
            <Compare/>
        </div>
    }
}
