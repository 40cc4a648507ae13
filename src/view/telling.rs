//! Whether the browser tells when a run is over: asked once, while a GPU wakes, and set in the
//! settings.

use pilotlight_i18n::text::NotifyText;

use super::button::{bare, icon};
use crate::app::Page;
use crate::dom::{El, el};
use crate::later::telling;
use crate::live::Live;

pub(super) fn offer(page: Page, feed: El) -> El {
    let is_offered = Live::from(move || telling::is_offered(page));
    feed.keyed(move || usize::from(is_offered.get()), move |any| (any > 0).then(|| asked(page)))
}

fn asked(page: Page) -> El {
    let says = move |told: NotifyText| move || told.say(page.language.get()).to_owned();
    let answer = |told, wished| bare(move || telling::wish_notifications(wished)).says(says(told));
    let ways = el("div", "failure-ways")
        .put(answer(NotifyText::Yes, true))
        .put(answer(NotifyText::No, false).set("data-kind", "quiet"));
    let body = el("div", "notice-body").put(el("p", "").says(says(NotifyText::Offer))).put(ways);
    el("div", "notice").set("data-kind", "info").set("role", "status").put(icon("#info")).put(body)
}

/// A part of the settings.
pub(super) fn wishes(page: Page) -> El {
    let wishes = telling::wishes();
    let says = move |told: NotifyText| move || told.say(page.language.get()).to_owned();
    let switch = |told, is_on: fn(telling::Wishes) -> bool, wish: fn(bool)| {
        let input = el("input", "")
            .set("type", "checkbox")
            .flag("checked", move || is_on(wishes.get()))
            .on("change", move |_| wish(!is_on(wishes.now())));
        el("label", "switch").put(input).put(el("span", "").says(says(told)))
    };
    let notifies = switch(
        NotifyText::Notification,
        |wishes| wishes.notifies == Some(true),
        telling::wish_notifications,
    );
    let refused = move || {
        let said = says(NotifyText::Blocked);
        wishes.get().is_refused.then(said)
    };
    let can_notify = wishes.now().can_notify;
    el("section", "dialog-part")
        .put(el("h3", "dialog-legend").says(says(NotifyText::WhenDone)))
        .put_all(can_notify.then_some(notifies))
        .line("p", "dialog-hint", refused)
        .put(switch(NotifyText::Sound, |wishes| wishes.sounds, telling::wish_sound))
}
