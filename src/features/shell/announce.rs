//! Shows short messages that disappear by themselves.

use leptos::prelude::*;
use std::cell::Cell;

use pilotlight_i18n::text::CommonText;

use crate::app::Page;
use crate::runtime::task;

const TOAST_MS: u32 = 2_000;

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
    page.toast.set(words);
    gloo_timers::future::TimeoutFuture::new(TOAST_MS).await;
    if state().toasts.get() == mine {
        page.toast.set(String::new());
    }
}
