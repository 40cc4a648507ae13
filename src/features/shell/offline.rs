//! The worker that lets the page open without a network. Invariant: there is none in a frame of
//! another site, where nobody looks for it and it would be kept once more for each.

use gloo_timers::future::TimeoutFuture;
use leptos::prelude::window;
use wasm_bindgen::JsValue;
use wasm_bindgen::closure::Closure;

use crate::js;
use crate::runtime::task;

/// It fetches every file of the page, so what a person waits for goes first.
const AFTER_MS: u32 = 4_000;

pub fn begin() {
    if !is_at_home() {
        return;
    }
    task::spawn(async {
        TimeoutFuture::new(AFTER_MS).await;
        // Always asked for anew: it says which files the newest version has.
        let how = js::object([("updateViaCache", "none".into())]);
        if let Some(asked) = js::call(&workers(), "register", &[address(), how]) {
            let _registered = js::wait(asked).await;
        }
    });
}

/// A browser that knows Trusted Types wants it from a policy: the page's only one, which gives
/// nothing else.
fn address() -> JsValue {
    const WORKER: &str = "worker.js";
    let give = Closure::once_into_js(|| JsValue::from(WORKER));
    let rules = js::object([("createScriptURL", give)]);
    let types = js::get(&window(), "trustedTypes");
    let policy = js::call(&types, "createPolicy", &["pilotlight".into(), rules]);
    let given = policy.and_then(|policy| js::call(&policy, "createScriptURL", &["".into()]));
    given.unwrap_or_else(|| WORKER.into())
}

/// Absent outside of secure contexts.
pub fn workers() -> JsValue {
    js::get(&window().navigator(), "serviceWorker")
}

/// Whether the page stands by itself, or all around it is its own site: the address of another's
/// cannot be read.
pub fn is_at_home() -> bool {
    let mut around: JsValue = window().into();
    loop {
        let parent = js::get(&around, "parent");
        if js::is_same(&parent, &around) {
            return true;
        }
        if !js::get(&js::get(&parent, "location"), "href").is_string() {
            return false;
        }
        around = parent;
    }
}
