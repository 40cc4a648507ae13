//! Notifications and sounds at the end of runs, while the tab is in the background. Invariant: the
//! browser is asked for permission only after a press, and what was refused is not offered again.

use pilotlight_i18n::present;
use pilotlight_runs::run::Outcome;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    AudioContext, Notification, NotificationOptions, NotificationPermission,
    ServiceWorkerRegistration,
};

use crate::app::{Page, RunView};
use crate::features::shell::{insecure, offline};
use crate::runtime::task;
use crate::{browser, storage};
use js_sys::Reflect;
use leptos::prelude::*;

const NOTIFIES: &str = "notifies";
const SOUNDS: &str = "sounds";
const YES: &str = "yes";

/// Frequencies in Hz; each note is played for `NOTE_S` seconds.
const NOTES: [f32; 2] = [660.0, 880.0];
const NOTE_S: f64 = 0.14;
const LOUDNESS: f32 = 0.08;

/// The state of this module.
struct State {
    wishes: RwSignal<Wishes>,
}

impl Default for State {
    fn default() -> Self {
        Self { wishes: RwSignal::new(read()) }
    }
}

fn state() -> &'static State {
    crate::runtime::state::of()
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Wishes {
    /// `None`: the user was not asked yet.
    pub notifies: Option<bool>,
    pub sounds: bool,
    /// Whether the user denied the permission, so that the browser does not ask again.
    pub is_refused: bool,
    /// Whether this browser has notifications and this page may use them.
    pub can_notify: bool,
}

pub fn wishes() -> RwSignal<Wishes> {
    state().wishes
}

fn read() -> Wishes {
    let said = |key| storage::get(key).map(|said| said == YES);
    let permission = permission();
    let is_refused = permission == Some(NotificationPermission::Denied);
    Wishes {
        notifies: said(NOTIFIES).map(|wished| wished && !is_refused),
        sounds: said(SOUNDS) == Some(true),
        is_refused,
        can_notify: permission.is_some() && offline::is_at_home(),
    }
}

/// Returns the permission of the page; `None` if there are no notifications. In insecure contexts
/// some browsers return `denied`, which no setting changes.
fn permission() -> Option<NotificationPermission> {
    let has_class = Reflect::has(&window(), &"Notification".into()).unwrap_or(false);
    (has_class && !insecure::is_insecure()).then(Notification::permission)
}

/// Returns the run in whose card to offer notifications now: the first one that a GPU wakes for, if
/// the user was not asked before.
pub fn offered_in(page: Page) -> Option<u32> {
    let wishes = wishes().get();
    if wishes.notifies.is_some() || wishes.is_refused || !wishes.can_notify {
        return None;
    }
    let now = page.now.get();
    let is_waking = |job: &&RunView| job.run.with(|run| present::is_waking(run, now));
    page.jobs.with(|jobs| jobs.iter().find(is_waking).map(|job| job.number))
}

pub fn wish_notifications(wished: bool) {
    task::spawn(async move {
        let mut granted = wished;
        if wished && permission() == Some(NotificationPermission::Default) {
            if let Ok(answer) = Notification::request_permission() {
                let _answered = JsFuture::from(answer).await;
            }
            granted = permission() == Some(NotificationPermission::Granted);
        }
        storage::set(NOTIFIES, if granted { YES } else { "no" });
        wishes().set(read());
    });
}

pub fn wish_sound(wished: bool) {
    storage::set(SOUNDS, if wished { YES } else { "no" });
    wishes().set(read());
    if wished {
        let _played = sound();
    }
}

/// Announces the end of a run.
pub fn ended(page: Page, job: &RunView) {
    let run = job.run.read_untracked();
    let words = match run.outcome() {
        Some(Outcome::Done { .. } | Outcome::Failed(_)) => {
            present::announcement(&run, job.source.title(), &page.reader(job.source.sheet))
        }
        Some(Outcome::Cancelled { .. }) | None => return,
    };
    let wishes = wishes().get_untracked();
    if wishes.sounds {
        let _played = sound();
    }
    if wishes.notifies == Some(true) && !browser::has_focus() {
        notify(words.unwrap_or_default());
    }
}

fn notify(words: String) {
    task::spawn(async move {
        let options = NotificationOptions::new();
        options.set_icon("icons/flame-192.png");
        options.set_tag("run");
        // Some mobile browsers show notifications of service workers only.
        if let Some(worker) = registration().await {
            let _shown = worker.show_notification_with_options(&words, &options);
        } else if let Ok(shown) = Notification::new_with_options(&words, &options) {
            let press = Closure::once_into_js(browser::focus_window);
            shown.set_onclick(Some(press.unchecked_ref()));
        }
    });
}

/// Returns the registered service worker of the page.
async fn registration() -> Option<ServiceWorkerRegistration> {
    let found = JsFuture::from(offline::workers()?.get_registration()).await.ok()?;
    found.is_object().then(|| found.unchecked_into())
}

/// Plays two short notes, the second one higher.
fn sound() -> Result<(), JsValue> {
    let context = AudioContext::new()?;
    let now = context.current_time();
    let gain = context.create_gain()?;
    gain.gain().set_value(LOUDNESS);
    gain.connect_with_audio_node(&context.destination())?;
    for (at, hertz) in NOTES.iter().enumerate() {
        let note = context.create_oscillator()?;
        note.frequency().set_value(*hertz);
        note.connect_with_audio_node(&gain)?;
        let from = now + NOTE_S * at as f64;
        note.start_with_when(from)?;
        note.stop_with_when(from + NOTE_S)?;
    }
    Ok(())
}
