//! Sites around the page that the configuration does not list, or that the browser does not name.
//! Invariant: the page comes up in front of a site only after it is known to be listed: by the
//! browser, or by an answer that no other site could give.

use std::cell::RefCell;

use gloo_timers::future::TimeoutFuture;
use pilotlight_engine::config::Config;
use pilotlight_engine::embed::{self, Ask, Asked};
use pilotlight_engine::language::Language;

use super::host;
use crate::app::Notice;
use crate::dom::{self, El, Heard};
use crate::{browser, start, task, view};

/// As `start.js` writes it where the browser names no sites.
const UNNAMED: &str = "?";
/// A host's script may come later than its frame.
const ASKED_AGAIN_MS: u32 = 250;
/// After so many times the card is shown; an answer that comes later is taken all the same.
const TIMES: u32 = 12;

thread_local! {
    /// What is needed to come up, until somebody has answered.
    static WAITING: RefCell<Option<(Config, Vec<Notice>)>> = const { RefCell::new(None) };
}

pub fn judge(config: Config, notices: Vec<Notice>) {
    let is_named = browser::found("data-framed").as_deref() != Some(UNNAMED);
    if !is_named && host::at_home().is_some() {
        return come_up(config, notices);
    }
    // Of what is around the parent nothing can be known.
    if is_named || !host::is_alone() || config.embed_origins.is_empty() {
        return refuse(&config);
    }
    let origins = config.embed_origins.clone();
    WAITING.set(Some((config, notices)));
    dom::everywhere("message", hear);
    task::spawn(async move {
        for _ in 0..TIMES {
            for origin in &origins {
                host::call_on(origin);
            }
            TimeoutFuture::new(ASKED_AGAIN_MS).await;
            if WAITING.with_borrow(Option::is_none) {
                return;
            }
        }
        WAITING.with_borrow(|waiting| {
            if let Some((config, _)) = waiting {
                refuse(config);
            }
        });
    });
}

fn hear(event: Heard) {
    let Some(origin) = host::origin_of(&event) else { return };
    let is_listed = |waiting: &Option<(Config, Vec<Notice>)>| {
        waiting.as_ref().is_some_and(|(config, _)| config.welcomes(&origin))
    };
    let is_hello =
        |text: &String| matches!(embed::read(text), Some(Ok(Asked { ask: Ask::Hello, .. })));
    let is_answer = host::data_of(&event).as_ref().is_ok_and(is_hello);
    if is_answer && WAITING.with_borrow(is_listed) {
        host::met(origin);
        if let Some((config, notices)) = WAITING.take() {
            come_up(config, notices);
        }
    }
}

fn come_up(config: Config, notices: Vec<Notice>) {
    task::spawn(start::come_up(config, notices));
}

fn refuse(config: &Config) {
    let chosen = browser::found("data-lang").and_then(|tag| Language::from_tag(&tag));
    let language = chosen
        .or(config.language)
        .or_else(browser::preferred_language)
        .unwrap_or(Language::English);
    browser::set_language(language);
    if let Some(stage) = browser::clear_stage() {
        El::from(stage).put(view::stranger(language));
    }
}
