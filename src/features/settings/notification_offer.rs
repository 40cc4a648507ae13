//! The offer of notifications, shown once while a GPU wakes, and their settings.

use pilotlight_i18n::text::NotifyText;

use crate::app::Page;
use crate::components::{Button, Icon};
use crate::features::settings::notifications;
use leptos::prelude::*;

/// Offers it in the card of the run that a GPU wakes for.
#[component]
pub fn Offer(number: u32) -> impl IntoView {
    let page = expect_context::<Page>();
    let is_offered = Memo::new(move |_| notifications::offered_in(page) == Some(number));
    move || is_offered.get().then(|| view! { <Question/> })
}

#[component]
fn Question() -> impl IntoView {
    let page = expect_context::<Page>();
    let says = move |told: NotifyText| move || told.say(page.language.get());
    view! {
        <div class="notice run-offer" data-kind="info" role="status">
            <Icon href="#info"/>
            <div class="notice-body">
                <p>{says(NotifyText::Offer)}</p>
                <div class="failure-ways">
                    <Button on_press=|| notifications::wish_notifications(true)>{says(NotifyText::Yes)}</Button>
                    <button
                        class="button"
                        type="button"
                        data-kind="quiet"
                        on:click=|_| notifications::wish_notifications(false)
                    >
                        {says(NotifyText::No)}
                    </button>
                </div>
            </div>
        </div>
    }
}

/// The section of the settings about notifications.
#[component]
pub fn NotifySettings() -> impl IntoView {
    let page = expect_context::<Page>();
    let wishes = notifications::wishes();
    let says = move |told: NotifyText| move || told.say(page.language.get());
    let notifies = wishes.get_untracked().can_notify.then(|| {
        view! {
            <Wish
                label=Signal::derive(move || says(NotifyText::Notification)().to_owned())
                is_on=Signal::derive(move || wishes.get().notifies == Some(true))
                on_change=notifications::wish_notifications
            />
        }
    });
    let refused = move || {
        let said = says(NotifyText::Blocked);
        wishes.get().is_refused.then(|| view! { <p class="dialog-hint">{said}</p> })
    };
    view! {
        <section class="dialog-part">
            <h3 class="dialog-legend">{says(NotifyText::WhenDone)}</h3>
            {notifies}
            {refused}
            <Wish
                label=Signal::derive(move || says(NotifyText::Sound)().to_owned())
                is_on=Signal::derive(move || wishes.get().sounds)
                on_change=notifications::wish_sound
            />
        </section>
    }
}

#[component]
fn Wish(label: Signal<String>, is_on: Signal<bool>, on_change: fn(bool)) -> impl IntoView {
    view! {
        <label class="switch">
            <input
                type="checkbox"
                prop:checked=is_on
                on:change=move |_| on_change(!is_on.get_untracked())
            />
            <span>{label}</span>
        </label>
    }
}
