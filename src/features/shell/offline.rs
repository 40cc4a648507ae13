//! The service worker, which opens the page without a network. Invariant: none is registered in a
//! frame of another site, where it is not needed and would be stored again for each site.

use gloo_timers::future::TimeoutFuture;
use js_sys::{Object, Promise};
use leptos::prelude::window;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{RegistrationOptions, ServiceWorkerContainer, ServiceWorkerUpdateViaCache};

use crate::runtime::task;

/// The worker downloads every file of the page, so it starts after what the user waits for.
const AFTER_MS: u32 = 4_000;

// `web_sys` lacks Trusted Types.
#[wasm_bindgen]
extern "C" {
    /// A window with the property that `web_sys` lacks.
    #[wasm_bindgen(extends = web_sys::Window)]
    type Window;

    /// Not every browser has it.
    #[wasm_bindgen(method, getter, js_name = trustedTypes)]
    fn trusted_types(this: &Window) -> Option<TrustedTypePolicyFactory>;

    /// A navigator whose property may be absent.
    #[wasm_bindgen(extends = web_sys::Navigator)]
    type Navigator;

    /// Absent outside of secure contexts; fails in sandboxed frames.
    #[wasm_bindgen(method, catch, getter, js_name = serviceWorker)]
    fn service_workers(this: &Navigator) -> Result<Option<ServiceWorkerContainer>, JsValue>;

    type TrustedTypePolicyFactory;

    /// Fails if the page's Content-Security-Policy does not allow a policy of this name.
    #[wasm_bindgen(method, catch, js_name = createPolicy)]
    fn create_policy(
        this: &TrustedTypePolicyFactory,
        name: &str,
        rules: &TrustedTypePolicyOptions,
    ) -> Result<TrustedTypePolicy, JsValue>;

    #[wasm_bindgen(extends = Object)]
    type TrustedTypePolicyOptions;

    #[wasm_bindgen(method, setter, js_name = createScriptURL)]
    fn set_create_script_url(this: &TrustedTypePolicyOptions, function: &JsValue);

    type TrustedTypePolicy;

    /// Returns a `TrustedScriptURL`.
    #[wasm_bindgen(method, catch, js_name = createScriptURL)]
    fn create_script_url(this: &TrustedTypePolicy, input: &str) -> Result<JsValue, JsValue>;

    /// Registers a worker whose address may be a `TrustedScriptURL`.
    #[wasm_bindgen(extends = ServiceWorkerContainer)]
    type TrustingContainer;

    #[wasm_bindgen(method, catch)]
    fn register(
        this: &TrustingContainer,
        address: &JsValue,
        options: &RegistrationOptions,
    ) -> Result<Promise, JsValue>;
}

pub fn begin() {
    if !is_at_home() {
        return;
    }
    task::spawn(async {
        TimeoutFuture::new(AFTER_MS).await;
        let Some(workers) = workers() else { return };
        // The HTTP cache is bypassed: the script lists the files of the newest version.
        let options = RegistrationOptions::new();
        options.set_update_via_cache(ServiceWorkerUpdateViaCache::None);
        let workers = workers.unchecked_ref::<TrustingContainer>();
        if let Ok(registered) = workers.register(&address(), &options) {
            let _registered = JsFuture::from(registered).await;
        }
    });
}

const WORKER: &str = "worker.js";

/// Returns the address of the worker. Browsers that support Trusted Types accept it only from a
/// policy: the page's only one, which returns nothing else.
fn address() -> JsValue {
    trusted_address().unwrap_or_else(|| WORKER.into())
}

fn trusted_address() -> Option<JsValue> {
    let window = window();
    let types = window.unchecked_ref::<Window>().trusted_types()?;
    let rules: TrustedTypePolicyOptions = Object::new().unchecked_into();
    rules.set_create_script_url(&Closure::once_into_js(|| JsValue::from(WORKER)));
    types.create_policy("pilotlight", &rules).ok()?.create_script_url("").ok()
}

/// Returns the page's service workers; `None` outside of secure contexts and in sandboxed frames.
pub fn workers() -> Option<ServiceWorkerContainer> {
    window().navigator().unchecked_ref::<Navigator>().service_workers().ok()?
}

/// Returns whether the page is in no frame, or all frames around it are of its own site: the
/// address of another site cannot be read.
pub fn is_at_home() -> bool {
    let mut frame = window();
    loop {
        let Ok(Some(parent)) = frame.parent() else { return false };
        if parent == frame {
            return true;
        }
        if parent.location().href().is_err() {
            return false;
        }
        frame = parent;
    }
}
