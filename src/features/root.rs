//! What a person sees. Invariant: a view shows what the page knows and tells it what the person
//! wants; the only state it has of its own is whether something is folded open or hovered over.

use super::form::note;
use super::server::panel;
use crate::browser;
use leptos::prelude::*;
use pilotlight_comfy::language::Language;
use pilotlight_i18n::present::{self, Pill};

use crate::features::embed::stranger::Stranger;
use crate::features::form::drop::Drop;
use crate::features::form::handle::FieldHandle;
use crate::features::form::note::ProblemsElsewhere;
use crate::features::gallery::dialog::Gallery;
use crate::features::mask::dialog::{Mask, PaintMask};
use crate::features::results::list::Results;
use crate::features::runs::list::Runs;
use crate::features::runs::prompt_list_dialog::{PromptList, SeveralPrompts};
use crate::features::server::key_dialog::KeyDialog;
use crate::features::server::limit::Limit;
use crate::features::server::panel::Panel;
use crate::features::server::setup::dialog::SetupDialog;
use crate::features::settings::dialog::Settings;
use crate::features::settings::notification_offer::Offer;
use crate::features::shell::frame::Shell;
use crate::features::shell::notice::Notices;
use crate::features::shell::toast::Toast;
use crate::features::workflows::editor::dialog::{EditorContent, EditorDialog};
use crate::features::workflows::presets_dialog::Presets;
use crate::features::workflows::share_button::CopyLink;

use crate::app::{Easel, Page, Sheet};
use crate::features::runs::prompt_list::List;
use crate::features::server::setup::actions::Setting;

/// The first part of the page: all that a form needs.
#[component]
pub fn App(page: Page) -> impl IntoView {
    let dialogs = move || page.later.get().map(|later| (later.dialogs)(page)).into_any();
    view! {
        <Shell page/>
        <Toast page/>
        <p class="unseen" role="status">{move || page.spoken.get()}</p>
        {dialogs}
    }
}

/// It comes with what it is for.
const LATER_STYLE: &str = concat!(
    include_str!("runs/run.css"),
    include_str!("runs/queue.css"),
    include_str!("results/results.css"),
    include_str!("../components/dialog.css"),
    include_str!("workflows/editor/editor.css"),
    include_str!("server/panel.css"),
    include_str!("embed/framed.css"),
);

/// Runs and results, in the feed.
pub fn feed(page: Page) -> AnyView {
    browser::add_style(LATER_STYLE);
    view! {
        <Offer page/>
        <Runs page/>
        <Results page/>
    }
    .into_any()
}

/// What opens over the page.
pub fn dialogs(page: Page) -> AnyView {
    view! {
        <Settings page/>
        <EditorDialog page/>
        <Presets page/>
        <Limit page/>
    }
    .into_any()
}

/// What there is to know that no field and no run is to blame for.
pub fn notices(page: Page) -> AnyView {
    view! { <Notices page/> }.into_any()
}

/// What is wrong with a field (`true`), or worth knowing of it.
pub fn note(handle: FieldHandle) -> Option<(bool, String)> {
    let error = note::error(handle).map(|error| (true, error));
    error.or_else(|| Some((false, note::warning(handle)?)))
}

/// The widget of a field that takes a file.
pub fn file_field(handle: FieldHandle) -> AnyView {
    view! { <Drop handle/> }.into_any()
}

/// What so many runs of the form in this tab are expected to cost, in words.
pub fn cost_line(page: Page, tab: usize, times: u32) -> Option<String> {
    present::cost_line(times, &page.reader(tab))
}

/// What is wrong with no field that the form shows.
pub fn elsewhere(page: Page, sheet: Sheet) -> AnyView {
    view! { <ProblemsElsewhere page sheet/> }.into_any()
}

/// What else can be done with a form: a list of prompts is run, a link to it copied.
pub fn more(page: Page) -> AnyView {
    view! {
        <div class="several-more">
            <SeveralPrompts page/>
            <CopyLink page/>
        </div>
    }
    .into_any()
}

/// The dialog for a list of prompts, which is fetched when it is opened.
pub fn several(list: List) -> AnyView {
    view! { <PromptList list/> }.into_any()
}

/// The dialog for where the server is, which is fetched when it is opened.
pub fn setup(setting: Setting) -> AnyView {
    view! { <SetupDialog setting/> }.into_any()
}

/// The dialog for the key that a server wants, which is fetched when it is opened.
pub fn key(page: Page) -> AnyView {
    view! { <KeyDialog page/> }.into_any()
}

/// What is known of the server, with all that goes on.
pub fn server(page: Page) -> Pill {
    panel::pill(page)
}

/// More of it.
pub fn panel(page: Page) -> AnyView {
    view! { <Panel page/> }.into_any()
}

/// What else can be done with the picture of a field: a mask is painted over it.
pub fn tool(handle: FieldHandle) -> AnyView {
    let easel = Easel { page: handle.page, sheet: handle.sheet(), key: handle.key() };
    view! { <PaintMask easel/> }.into_any()
}

/// The inside of the form editor, which is fetched when it is opened.
pub fn editor(page: Page) -> AnyView {
    view! { <EditorContent page/> }.into_any()
}

/// The dialog for masks, which is fetched when it is opened.
pub fn mask(easel: Easel) -> AnyView {
    view! { <Mask easel/> }.into_any()
}

/// The gallery and what opens over it, which are fetched when somebody opens one of them.
pub fn gallery(page: Page) -> AnyView {
    view! { <Gallery page/> }.into_any()
}

/// What stands in a frame of a site that may not show the page.
pub fn stranger(language: Language) -> AnyView {
    view! { <Stranger language/> }.into_any()
}
