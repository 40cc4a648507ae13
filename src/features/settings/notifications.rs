//! How a person who looks elsewhere hears that a run is over. Invariant: the browser is asked for
//! leave only on a press, and what was refused once is not offered again.

use pilotlight_i18n::present;
use pilotlight_runs::run::Outcome;
use wasm_bindgen::JsValue;

use crate::app::{Job, Page};
use crate::features::shell::{insecure, offline};
use crate::js;
use crate::runtime::task;
use crate::{browser, storage};
use leptos::prelude::*;

const NOTIFIES: &str = "notifies";
const SOUNDS: &str = "sounds";
const YES: &str = "yes";

/// In Hz; each is heard for `NOTE_S`.
const NOTES: [f64; 2] = [660.0, 880.0];
const NOTE_S: f64 = 0.14;
const LOUDNESS: f64 = 0.08;

/// What this module holds while the page is open.
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
    /// `None`: nobody was asked yet.
    pub notifies: Option<bool>,
    pub sounds: bool,
    /// The browser lets nobody ask any more.
    pub is_refused: bool,
    /// Whether this browser has notifications, and this page may use them.
    pub can_notify: bool,
}

pub fn wishes() -> RwSignal<Wishes> {
    state().wishes
}

fn read() -> Wishes {
    let said = |key| storage::get(key).map(|said| said == YES);
    let leave = leave();
    let is_refused = leave.as_deref() == Some("denied");
    Wishes {
        notifies: said(NOTIFIES).map(|wished| wished && !is_refused),
        sounds: said(SOUNDS) == Some(true),
        is_refused,
        can_notify: leave.is_some() && offline::is_at_home(),
    }
}

/// `default`, `granted` or `denied`; `None` where there are no notifications. Where the connection
/// is not trusted some browsers say `denied`, and no setting of theirs changes that.
fn leave() -> Option<String> {
    if insecure::is_insecure() {
        return None;
    }
    js::get(&class(), "permission").as_string()
}

fn class() -> JsValue {
    js::get(&js_sys::global(), "Notification")
}

/// Whether it is worth asking now: a GPU is waking, and nobody was asked before.
pub fn is_offered(page: Page) -> bool {
    let wishes = wishes().get();
    if wishes.notifies.is_some() || wishes.is_refused || !wishes.can_notify {
        return false;
    }
    let now = page.now.get();
    page.jobs.with(|jobs| jobs.iter().any(|job| job.run.with(|run| present::is_waking(run, now))))
}

pub fn wish_notifications(wished: bool) {
    task::spawn(async move {
        let mut granted = wished;
        if wished && leave().as_deref() == Some("default") {
            let asked = js::call(&class(), "requestPermission", &[]);
            if let Some(asked) = asked {
                let _answered = js::wait(asked).await;
            }
            granted = leave().as_deref() == Some("granted");
        }
        storage::set(NOTIFIES, if granted { YES } else { "no" });
        wishes().set(read());
    });
}

pub fn wish_sound(wished: bool) {
    storage::set(SOUNDS, if wished { YES } else { "no" });
    wishes().set(read());
    if wished {
        sound();
    }
}

/// The last run has ended.
pub fn ended(page: Page, job: &Job) {
    let run = job.run.read_untracked();
    let words = match run.outcome() {
        Some(Outcome::Done { .. } | Outcome::Failed(_)) => {
            present::announcement(&run, job.order.title(), &page.reader(job.order.sheet))
        }
        Some(Outcome::Cancelled { .. }) | None => return,
    };
    let wishes = wishes().get_untracked();
    if wishes.sounds {
        sound();
    }
    if wishes.notifies == Some(true) && !browser::is_looked_at() {
        notify(words.unwrap_or_default());
    }
}

fn notify(words: String) {
    task::spawn(async move {
        let how = js::object([("icon", "icons/flame-192.png".into()), ("tag", "run".into())]);
        // Some browsers on phones notify through a worker only.
        let asked = js::call(&offline::workers(), "getRegistration", &[]);
        let worker = match asked {
            Some(asked) => js::wait(asked).await.unwrap_or_default(),
            None => JsValue::UNDEFINED,
        };
        let args = [JsValue::from_str(&words), how];
        if worker.is_object() {
            let _shown = js::call(&worker, "showNotification", &args);
        } else if let Some(shown) = js::make("Notification", &args) {
            let press = wasm_bindgen::closure::Closure::once_into_js(browser::come_to_front);
            js::set(&shown, "onclick", press);
        }
    });
}

/// Two short notes, the second one higher.
fn sound() {
    let Some(context) = js::make("AudioContext", &[]) else { return };
    let now = js::get(&context, "currentTime").as_f64().unwrap_or(0.0);
    let made = |method| js::call(&context, method, &[]).unwrap_or_default();
    let (gain, output) = (made("createGain"), js::get(&context, "destination"));
    js::set(&js::get(&gain, "gain"), "value", LOUDNESS);
    js::call(&gain, "connect", &[output]);
    for (at, hertz) in NOTES.iter().enumerate() {
        let note = made("createOscillator");
        js::set(&js::get(&note, "frequency"), "value", *hertz);
        js::call(&note, "connect", std::slice::from_ref(&gain));
        let from = now + NOTE_S * at as f64;
        js::call(&note, "start", &[from.into()]);
        js::call(&note, "stop", &[(from + NOTE_S).into()]);
    }
}
