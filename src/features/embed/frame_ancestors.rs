//! Checks whether the sites around the page may show it. Invariant: the page is shown only once
//! all of them are known to be listed: from the browser, or from an answer that no other site could
//! give.

use leptos::ev;
use leptos::prelude::window_event_listener;
use std::cell::RefCell;

use gloo_timers::future::TimeoutFuture;
use leptos::mount::mount_to;
use leptos::prelude::AnyView;
use pilotlight_comfy::language::Language;
use pilotlight_forms::embed::{self, Ask, Asked};
use pilotlight_runs::config::Config;

use crate::app::Notice;
use crate::browser;
use crate::features::embed::host;
use crate::runtime::task;

/// What `start.js` writes if the browser does not name the sites.
const UNNAMED: &str = "?";
/// The interval of questions to the parent, whose script may be loaded later than its frame.
const ASKED_AGAIN_MS: u32 = 250;
/// How often the parent is asked before the card is shown; later answers are accepted, too.
const TIMES: u32 = 12;

/// The function that starts the page once it may be shown.
type ComeUp = fn(Config, Vec<Notice>);

struct Waiting {
    config: Config,
    notices: Vec<Notice>,
    start_page: ComeUp,
}

/// The state of this module.
#[derive(Default)]
struct State {
    /// What is needed to start the page, until the parent has answered.
    waiting: RefCell<Option<Waiting>>,
}

fn state() -> &'static State {
    crate::runtime::state::of()
}

/// Starts the page by `start_page` if it may be shown; otherwise shows the card that `card` makes.
pub fn check_ancestors(
    config: Config,
    notices: Vec<Notice>,
    start_page: ComeUp,
    card: fn(Language) -> AnyView,
) {
    let is_named = browser::found("data-framed").as_deref() != Some(UNNAMED);
    if !is_named && host::at_home().is_some() {
        return start_page(config, notices);
    }
    // Sites around the parent are unknown, and cannot be asked.
    if is_named || !host::is_alone() || config.embed_origins.is_empty() {
        return refuse(&config, card);
    }
    let origins = config.embed_origins.clone();
    state().waiting.replace(Some(Waiting { config, notices, start_page }));
    window_event_listener(ev::message, hear);
    task::spawn(async move {
        for _ in 0..TIMES {
            for origin in &origins {
                host::call_on(origin);
            }
            TimeoutFuture::new(ASKED_AGAIN_MS).await;
            if state().waiting.borrow().is_none() {
                return;
            }
        }
        if let Some(waiting) = &*state().waiting.borrow() {
            refuse(&waiting.config, card);
        }
    });
}

fn hear(event: ev::MessageEvent) {
    let Some(origin) = host::origin_of(&event) else { return };
    let is_listed = || {
        let waiting = state().waiting.borrow();
        waiting.as_ref().is_some_and(|waiting| waiting.config.welcomes(&origin))
    };
    let is_hello =
        |text: &String| matches!(embed::read(text), Some(Ok(Asked { ask: Ask::Hello, .. })));
    let is_answer = host::data_of(&event).as_ref().is_ok_and(is_hello);
    if is_answer && is_listed() {
        host::met(origin);
        if let Some(Waiting { config, notices, start_page }) = state().waiting.take() {
            start_page(config, notices);
        }
    }
}

fn refuse(config: &Config, card: fn(Language) -> AnyView) {
    let chosen = browser::found("data-lang").and_then(|tag| Language::from_tag(&tag));
    let language = chosen
        .or(config.language)
        .or_else(browser::preferred_language)
        .unwrap_or(Language::English);
    browser::set_language(language);
    if let Some(stage) = browser::take_root() {
        mount_to(stage, move || card(language)).forget();
    }
}
