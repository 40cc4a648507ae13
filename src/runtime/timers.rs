//! Timers of the session.

use std::cell::RefCell;
use std::collections::BTreeMap;

use gloo_timers::callback::Timeout;
use pilotlight_session::{Event, TimerId};

use crate::app::Page;
use crate::runtime::tell;

thread_local! {
    static SET: RefCell<BTreeMap<TimerId, Timeout>> = const { RefCell::new(BTreeMap::new()) };
}

pub(super) fn set(page: Page, id: TimerId, ms: u64) {
    // Browsers limit timers to 2^31 − 1 ms.
    let ms = u32::try_from(ms).unwrap_or(u32::MAX).min(i32::MAX as u32);
    let timer = Timeout::new(ms, move || {
        SET.with_borrow_mut(|set| set.remove(&id));
        tell(page, Event::TimerFired(id));
    });
    SET.with_borrow_mut(|set| set.insert(id, timer));
}

pub(super) fn clear(id: TimerId) {
    SET.with_borrow_mut(|set| set.remove(&id));
}
