//! The root view, and the views that bundles provide. Invariant: views show the page's state and
//! send commands; their own state is limited to what is unfolded or hovered over.

use super::form::note;
use super::server::panel;
use crate::browser;
use crate::components::Symbols;
use leptos::prelude::*;
use pilotlight_comfy::language::Language;
use pilotlight_forms::form::Widget;
use pilotlight_i18n::present::{self, Pill, PillState};

use crate::features::embed::frame_refused::FrameRefused;
use crate::features::form::choice::Choice;
use crate::features::form::drop::Drop;
use crate::features::form::handle::FieldHandle;
use crate::features::form::note::ProblemsElsewhere;
use crate::features::form::switch::Switch;
use crate::features::gallery::dialog::Gallery;
use crate::features::mask::dialog::{Mask, PaintMask};
use crate::features::results::arrived::Arrived;
use crate::features::results::list::Results;
use crate::features::runs::list::Runs;
use crate::features::runs::prompt_list_dialog::{PromptList, SeveralPrompts};
use crate::features::server::key_dialog::KeyDialog;
use crate::features::server::limit::Limit;
use crate::features::server::panel::Panel;
use crate::features::server::setup::dialog::SetupDialog;
use crate::features::settings::dialog::Settings;
use crate::features::shell::frame::Shell;
use crate::features::shell::notice::Notices;
use crate::features::shell::toast::Toast;
use crate::features::workflows::editor::dialog::{EditorContent, EditorDialog};
use crate::features::workflows::presets_dialog::Presets;
use crate::features::workflows::share_button::CopyLink;
use crate::features::workflows::tabs_menu::TabsMenu;
use crate::features::workflows::tabs_overflow::TabsOverflow;

use crate::app::{MaskTarget, Page, Sheet};
use crate::features::runs::prompt_list::List;
use crate::features::server::setup::actions::Setting;

/// The root view of the first bundle.
#[component]
pub fn App() -> impl IntoView {
    let page = expect_context::<Page>();
    let dialogs =
        move || page.second_bundle.get().map(|second_bundle| (second_bundle.dialogs)()).into_any();
    view! {
        <Shell/>
        <Toast/>
        <p class="unseen" role="status">{move || page.spoken.get()}</p>
        {dialogs}
    }
}

/// The style sheets of the second bundle.
const LATER_STYLE: &str = concat!(
    include_str!("runs/run.css"),
    include_str!("runs/queue.css"),
    include_str!("results/results.css"),
    include_str!("../components/dialog.css"),
    include_str!("../components/menu.css"),
    include_str!("workflows/editor/editor.css"),
    include_str!("server/panel.css"),
    include_str!("embed/framed.css"),
);

/// Returns the view of runs and results, and the offer of notifications.
pub fn feed() -> AnyView {
    browser::add_style(LATER_STYLE);
    view! {
        <Runs/>
        <Results/>
    }
    .into_any()
}

/// Returns the dialogs of the second bundle.
pub fn dialogs() -> AnyView {
    view! {
        <Symbols icons=SYMBOLS/>
        <Arrived/>
        <Settings/>
        <EditorDialog/>
        <Presets/>
        <Limit/>
    }
    .into_any()
}

/// Returns what follows the tabs.
pub fn tabs_overflow() -> AnyView {
    view! { <TabsOverflow/> }.into_any()
}

/// Returns the menu of all workflows, which has a bundle of its own.
pub fn tabs_menu() -> AnyView {
    view! { <TabsMenu/> }.into_any()
}

/// Icons that are not in `index.html`.
const SYMBOLS: [(&str, &str); 3] = [
    ("more", "M3.5 8h.01M8 8h.01M12.5 8h.01"),
    ("rename", "m3 13 .75-3L10.5 3.25a1.6 1.6 0 0 1 2.25 2.25L6 12.25zM8 13.25h5.25"),
    ("star", "m8 2 1.8 3.9 4.2.5-3.1 2.9.8 4.2L8 11.4l-3.7 2.1.8-4.2L2 6.4l4.2-.5z"),
];

/// Returns the view of the notices.
pub fn notices() -> AnyView {
    view! { <Notices/> }.into_any()
}

/// Returns the note below a field, and whether it is an error (`true`) or a warning.
pub fn note(handle: FieldHandle) -> Option<(bool, String)> {
    let error = note::error(handle).map(|error| (true, error));
    error.or_else(|| Some((false, note::warning(handle)?)))
}

/// Returns the widget of a field that is a choice, is on or off, or takes a file.
pub fn widget(handle: FieldHandle) -> AnyView {
    match &handle.field().widget {
        Widget::Switch => view! { <Switch handle/> }.into_any(),
        Widget::Choice { .. } => view! { <Choice handle/> }.into_any(),
        Widget::LongText
        | Widget::Text
        | Widget::ReadOnly(_)
        | Widget::Int { .. }
        | Widget::Float { .. }
        | Widget::Seed { .. }
        | Widget::Picture
        | Widget::Video
        | Widget::Sound => view! { <Drop handle/> }.into_any(),
    }
}

/// Returns the expected cost of this many runs of the form with this index, as a text.
pub fn cost_line(page: Page, tab: usize, times: u32) -> Option<String> {
    let is_awake = panel::pill(page).state == PillState::Awake;
    present::cost_line(times, is_awake, &page.reader(tab))
}

/// Returns the problems that belong to no visible field of the form.
pub fn elsewhere(sheet: Sheet) -> AnyView {
    view! { <ProblemsElsewhere sheet/> }.into_any()
}

/// Returns further actions of a form: running a prompt list, copying a link to the form.
pub fn more() -> AnyView {
    view! {
        <div class="several-more">
            <SeveralPrompts/>
            <CopyLink/>
        </div>
    }
    .into_any()
}

/// Returns the dialog for prompt lists.
pub fn several(list: List) -> AnyView {
    view! { <PromptList list/> }.into_any()
}

/// Returns the setup dialog.
pub fn setup(setting: Setting) -> AnyView {
    view! { <SetupDialog setting/> }.into_any()
}

/// Returns the dialog for the access key.
pub fn key() -> AnyView {
    view! { <KeyDialog/> }.into_any()
}

/// Returns what the status pill shows.
pub fn server(page: Page) -> Pill {
    panel::pill(page)
}

/// Returns the server panel.
pub fn panel() -> AnyView {
    view! { <Panel/> }.into_any()
}

/// Returns the button that opens the mask editor for an image field.
pub fn tool(handle: FieldHandle) -> AnyView {
    let target = MaskTarget { page: handle.page, sheet: handle.sheet(), key: handle.key() };
    view! { <PaintMask target/> }.into_any()
}

/// Returns the content of the form editor.
pub fn editor() -> AnyView {
    view! { <EditorContent/> }.into_any()
}

/// Returns the mask editor.
pub fn mask(target: MaskTarget) -> AnyView {
    view! { <Mask target/> }.into_any()
}

/// Returns the gallery and the viewer.
pub fn gallery() -> AnyView {
    view! { <Gallery/> }.into_any()
}

/// Returns the view in a frame of a site that may not show the page.
pub fn frame_refused(language: Language) -> AnyView {
    view! { <FrameRefused language/> }.into_any()
}
