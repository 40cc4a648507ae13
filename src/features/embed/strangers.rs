//! Sites around the page that the configuration does not list, or that the browser does not name.
//! Invariant: the page comes up in front of a site only after it is known to be listed: by the
//! browser, or by an answer that no other site could give.

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

/// As `start.js` writes it where the browser names no sites.
const UNNAMED: &str = "?";
/// A host's script may come later than its frame.
const ASKED_AGAIN_MS: u32 = 250;
/// After so many times the card is shown; an answer that comes later is taken all the same.
const TIMES: u32 = 12;

/// What is done with a configuration once the page may come up.
type ComeUp = fn(Config, Vec<Notice>);

struct Waiting {
    config: Config,
    notices: Vec<Notice>,
    come_up: ComeUp,
}

/// What this module holds while the page is open.
#[derive(Default)]
struct State {
    /// What is needed to come up, until somebody has answered.
    waiting: RefCell<Option<Waiting>>,
}

fn state() -> &'static State {
    crate::runtime::state::of()
}

/// Lets the page come up by `come_up`, or shows the card that `card` makes.
pub fn judge(config: Config, notices: Vec<Notice>, come_up: ComeUp, card: fn(Language) -> AnyView) {
    let is_named = browser::found("data-framed").as_deref() != Some(UNNAMED);
    if !is_named && host::at_home().is_some() {
        return come_up(config, notices);
    }
    // Of what is around the parent nothing can be known.
    if is_named || !host::is_alone() || config.embed_origins.is_empty() {
        return refuse(&config, card);
    }
    let origins = config.embed_origins.clone();
    state().waiting.replace(Some(Waiting { config, notices, come_up }));
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
        if let Some(Waiting { config, notices, come_up }) = state().waiting.take() {
            come_up(config, notices);
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
    if let Some(stage) = browser::clear_stage() {
        mount_to(stage, move || card(language)).forget();
    }
}
