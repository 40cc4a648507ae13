//! The lazy bundles: `second_bundle`, which is loaded once the form can be used, and four that are
//! loaded on demand: `gallery`, `workflows` (with form and mask editor), `server` and `answers`.
//!
//! Invariant: commands sent before the second bundle is loaded are executed in order once it is. If
//! a bundle cannot be loaded, a notice says so, and the next press tries again.
//!
//! Code that is reached only through one of these functions is in that bundle; see
//! `docs/architecture.md`.

use leptos::prelude::*;
use pilotlight_forms::form::Form;
use pilotlight_runs::config::Config;

use crate::app::{
    EditorRequest, GalleryRequest, MaskTarget, Notice, Opening, Page, Part, SecondBundle,
    SetupPurpose,
};
use crate::features::{
    begin, commands, embed, gallery as gallery_feature, mask as mask_feature, results, root, runs,
    server, workflows,
};
use crate::runtime::task;
use crate::{browser, form_state};

/// A bundle could not be loaded: no network, or the host has a newer version. See the console.
struct Unfetched;

impl From<leptos::wasm_split::SplitLoaderError> for Unfetched {
    fn from(_: leptos::wasm_split::SplitLoaderError) -> Self {
        Self
    }
}

/// Loads the second bundle, unless it is loaded or being loaded.
pub fn fetch(page: Page) {
    if page.is_loading.get_value() {
        return;
    }
    page.is_loading.set_value(true);
    task::spawn(async move {
        let came = second().await;
        let pending_commands =
            page.pending_commands.try_update_value(std::mem::take).unwrap_or_default();
        page.waiting.set(false);
        match came {
            Ok(second_bundle) => {
                part_loaded(page);
                page.second_bundle.set(Some(second_bundle));
                (second_bundle.begin)(page);
                for command in pending_commands {
                    (second_bundle.act)(page, command);
                }
            }
            Err(Unfetched) => {
                page.is_loading.set_value(false);
                form_state::add_notice(page, Notice::PartMissing);
            }
        }
    });
}

/// The function that starts the page once it may be shown.
type ComeUp = fn(Config, Vec<Notice>);

/// Starts the page if every site around its frame is allowed; otherwise shows which site is not.
pub fn check_ancestors(config: Config, notices: Vec<Notice>, start_page: ComeUp) {
    task::spawn(async move {
        let request = Framed::Judge(Box::new(config), notices, start_page);
        if let Err(Unfetched) = framed(request).await {
            browser::report_unloaded();
        }
    });
}

/// A task of the code for frames.
enum Framed {
    Judge(Box<Config>, Vec<Notice>, ComeUp),
    Begin(Page),
}

/// Loads the bundle of a part and opens the part.
fn open(page: Page, part: Part) {
    task::spawn(async move {
        let came = match part {
            Part::Access => access(page).await,
            Part::Several => several(page).await,
            Part::Setup(purpose) => setup(page, purpose).await,
            Part::Editor(request) => editor(page, request).await,
            Part::Mask(target) => mask(target).await,
            Part::Gallery(request) => gallery(page, request).await,
            Part::Formatting => formatting().await,
            Part::Tabs => tabs().await,
            Part::Sharing => sharing(page).await,
            Part::Opening(wanted) => opening(page, wanted).await,
            Part::Embedding => framed(Framed::Begin(page)).await,
        };
        match came {
            Ok(()) => part_loaded(page),
            Err(Unfetched) => form_state::add_notice(page, Notice::PartMissing),
        }
    });
}

/// Removes the notice that a bundle could not be loaded.
fn part_loaded(page: Page) {
    page.notices.update(|notices| notices.retain(|one| *one != Notice::PartMissing));
}

/// Declares a function that is loaded with its bundle. Without the feature `divided` (a plain
/// `trunk build`) the page is one module, and the function is called directly.
macro_rules! bundle {
    ($name:ident, $function:ident($($argument:ident: $kind:ty),*) -> $answer:ty, $body:expr) => {
        #[cfg(feature = "divided")]
        #[leptos::wasm_split::wasm_split($name, wasm_split_path = leptos::wasm_split, fallible)]
        fn $function($($argument: $kind),*) -> Result<$answer, Unfetched> {
            comes_after();
            Ok($body)
        }

        #[cfg(not(feature = "divided"))]
        async fn $function($($argument: $kind),*) -> Result<$answer, Unfetched> {
            std::future::ready(Ok($body)).await
        }
    };
}

bundle!(server, access(page: Page) -> (), server::access::begin_dialog(page, root::key));
bundle!(workflows, several(page: Page) -> (), runs::prompt_list::begin(page, root::several, root::server));
bundle!(server, setup(page: Page, purpose: SetupPurpose) -> (), server::setup::actions::open(page, purpose, root::setup));
bundle!(workflows, editor(page: Page, request: EditorRequest) -> (), match request {
    EditorRequest::Open => workflows::editor::actions::open(page, root::editor),
    EditorRequest::Learn(at, problems) => workflows::editor::renew::learn(page, at, &problems),
});
bundle!(workflows, mask(target: MaskTarget) -> (), mask_feature::painting::begin(target, root::mask));
bundle!(gallery, gallery(page: Page, request: GalleryRequest) -> (), gallery_feature::actions::begin(page, request, root::gallery));
bundle!(answers, formatting() -> (), results::answer_text::format_with(results::formatted::formatted));
bundle!(workflows, tabs() -> (), workflows::tabs_overflow::show_menu(root::tabs_menu));
bundle!(workflows, sharing(page: Page) -> (), workflows::share::begin(page));
bundle!(workflows, opening(page: Page, wanted: Opening) -> (), workflows::open::open(page, wanted));
bundle!(server, framed(request: Framed) -> (), match request {
    Framed::Judge(config, notices, start_page) => {
        embed::frame::check_ancestors(*config, notices, start_page, root::frame_refused);
    }
    Framed::Begin(page) => embed::frame::begin(page),
});

/// Returns the functions of the second bundle.
#[cfg(feature = "divided")]
#[leptos::wasm_split::wasm_split(second_bundle, wasm_split_path = leptos::wasm_split, fallible)]
fn second() -> Result<&'static SecondBundle, Unfetched> {
    Ok(&SECOND_BUNDLE)
}

#[cfg(not(feature = "divided"))]
async fn second() -> Result<&'static SecondBundle, Unfetched> {
    std::future::ready(Ok(&SECOND_BUNDLE)).await
}

/// Makes a later bundle depend on what the second bundle contains, so that wasm-split puts common
/// code into that one. Otherwise each set of bundles with common code would get a file of its own:
/// six bundles made 44 files.
#[cfg(feature = "divided")]
fn comes_after() {
    std::hint::black_box(&SECOND_BUNDLE);
}

static SECOND_BUNDLE: SecondBundle = SecondBundle {
    feed: root::feed,
    dialogs: root::dialogs,
    pill: root::server,
    panel: root::panel,
    tabs_overflow: root::tabs_overflow,
    notices: root::notices,
    note: root::note,
    cost: root::cost_line,
    elsewhere: root::elsewhere,
    warnings: Form::warnings,
    more: root::more,
    widget: root::widget,
    tool: root::tool,
    begin: begin::begin,
    act: commands::act,
    open,
};
