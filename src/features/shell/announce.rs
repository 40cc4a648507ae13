//! Shows short messages that disappear by themselves.

use leptos::prelude::*;
use std::cell::Cell;

use pilotlight_i18n::text::CommonText;

use crate::app::Page;
use crate::runtime::task;

const TOAST_MS: u32 = 2_000;
/// For each character beyond the first twenty, so that a sentence can be read.
const CHARACTER_MS: u32 = 60;
const SHORT: u32 = 20;

/// The state of this module: the number of messages so far.
#[derive(Default)]
struct State {
    toasts: Cell<u32>,
}

fn state() -> &'static State {
    crate::runtime::state::of()
}

/// Shows a message for two seconds.
pub fn say(page: Page, words: &str) {
    let words = words.to_owned();
    task::spawn(async move { toast_of(page, words).await });
}

/// Shows a message for two seconds, and returns when it has disappeared.
pub async fn toast(page: Page, word: CommonText) {
    toast_of(page, word.say(page.language.get_untracked()).to_owned()).await;
}

async fn toast_of(page: Page, words: String) {
    let mine = state().toasts.replace(state().toasts.get().wrapping_add(1)).wrapping_add(1);
    let length = u32::try_from(words.chars().count()).unwrap_or(SHORT);
    page.toast.set(words);
    let time_ms = TOAST_MS + CHARACTER_MS * length.saturating_sub(SHORT).min(100);
    gloo_timers::future::TimeoutFuture::new(time_ms).await;
    if state().toasts.get() == mine {
        page.toast.set(String::new());
    }
}
