//! A word or two that go by themselves.

use leptos::prelude::*;
use std::cell::Cell;

use pilotlight_i18n::text::CommonText;

use crate::app::Page;
use crate::runtime::task;

const TOAST_MS: u32 = 2_000;

/// What this module holds while the page is open.
#[derive(Default)]
struct State {
    toasts: Cell<u32>,
}

fn state() -> &'static State {
    crate::runtime::state::of()
}

/// Says words.
pub fn say(page: Page, words: &str) {
    let words = words.to_owned();
    task::spawn(async move { toast_of(page, words).await });
}

/// Says a word, and ends when it is gone.
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
