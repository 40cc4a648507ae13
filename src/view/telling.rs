//! Whether the browser tells when a run is over: asked once, while a GPU wakes, and set in the
//! settings.

use pilotlight_i18n::text::NotifyText;

use crate::app::Page;
use crate::components::{Button, Icon};
use crate::dom::{El, el};
use crate::later::telling;
use leptos::prelude::*;

/// Offers it while a GPU wakes.
#[component]
pub(super) fn Offer(page: Page) -> impl IntoView {
    let is_offered = Memo::new(move |_| telling::is_offered(page));
    move || is_offered.get().then(|| view! { <Question page/> })
}

#[component]
fn Question(page: Page) -> impl IntoView {
    let says = move |told: NotifyText| move || told.say(page.language.get());
    view! {
        <div class="notice" data-kind="info" role="status">
            <Icon href="#info"/>
            <div class="notice-body">
                <p>{says(NotifyText::Offer)}</p>
                <div class="failure-ways">
                    <Button on_press=|| telling::wish_notifications(true)>{says(NotifyText::Yes)}</Button>
                    <button
                        class="button"
                        type="button"
                        data-kind="quiet"
                        on:click=|_| telling::wish_notifications(false)
                    >
                        {says(NotifyText::No)}
                    </button>
                </div>
            </div>
        </div>
    }
}

/// A part of the settings.
pub(super) fn wishes(page: Page) -> El {
    let wishes = telling::wishes();
    let says = move |told: NotifyText| move || told.say(page.language.get()).to_owned();
    let switch = |told, is_on: fn(telling::Wishes) -> bool, wish: fn(bool)| {
        let input = el("input", "")
            .set("type", "checkbox")
            .flag("checked", move || is_on(wishes.get()))
            .on("change", move |_| wish(!is_on(wishes.get_untracked())));
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
    let can_notify = wishes.get_untracked().can_notify;
    el("section", "dialog-part")
        .put(el("h3", "dialog-legend").says(says(NotifyText::WhenDone)))
        .put_all(can_notify.then_some(notifies))
        .line("p", "dialog-hint", refused)
        .put(switch(NotifyText::Sound, |wishes| wishes.sounds, telling::wish_sound))
}
