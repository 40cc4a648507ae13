//! Notices that another tab of this browser is gone, and takes up the runs that it left.
//!
//! Each tab holds a Web Lock with a name of its own until it is closed or crashes, and announces the
//! name on the channel of `neighbours`. Every other tab requests that lock, which is granted when the
//! tab is gone. Invariant: nothing polls; where there are no locks nothing is announced.

use std::cell::RefCell;

use gloo_timers::future::TimeoutFuture;
use pilotlight_engine::id::PromptId;
use pilotlight_engine::json;

use super::{neighbours, taking_up};
use crate::app::Page;
use crate::{browser, task};

/// A tab that is only loaded again takes up its runs itself within this time.
const RELOAD_MS: u32 = 3_000;

thread_local! {
    /// The name of this tab, once its lock is held.
    static OWN: RefCell<Option<String>> = const { RefCell::new(None) };
    /// The other tabs whose locks were requested.
    static OTHERS: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
}

/// Announces this tab to the others.
pub fn begin() {
    let tab = PromptId::from_random(browser::random()).to_string();
    let lock = browser::lock(&lock_name(&tab), None);
    task::spawn(async move {
        let Ok(lock) = lock.await else { return };
        lock.keep();
        announce(&tab, true);
        OWN.set(Some(tab));
    });
}

/// Waits for the end of a tab that has announced itself, and answers one that is new.
pub fn hear(page: Page, tab: &str, is_new: bool) {
    if is_new {
        OWN.with_borrow(|own| own.iter().for_each(|own| announce(own, false)));
    }
    if OTHERS.with_borrow(|others| others.iter().any(|known| known == tab)) {
        return;
    }
    OTHERS.with_borrow_mut(|others| others.push(tab.to_owned()));
    let lock = browser::lock(&lock_name(tab), None);
    let tab = tab.to_owned();
    task::spawn(async move {
        // While this tab has it no other one looks for the same runs.
        let Ok(_lock) = lock.await else { return };
        OTHERS.with_borrow_mut(|others| others.retain(|known| *known != tab));
        if taking_up::is_any_stored(page) {
            TimeoutFuture::new(RELOAD_MS).await;
            taking_up::again(page).await;
        }
    });
}

fn announce(tab: &str, is_new: bool) {
    neighbours::send(&json::object(vec![("tab", tab.into()), ("is_new", is_new.into())]));
}

fn lock_name(tab: &str) -> String {
    format!("pilotlight tab {tab}")
}
