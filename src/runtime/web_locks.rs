//! The Web Locks API: locks that tabs of one browser share.

use js_sys::{Function, Object, Promise};
use leptos::prelude::window;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortSignal, DomException};

/// A held Web Lock: meanwhile, no other page of this browser holds one of the same name. Released
/// when this value is dropped or the page is closed.
pub struct Lock(Function);

impl Drop for Lock {
    fn drop(&mut self) {
        let _released = self.0.call0(&JsValue::NULL);
    }
}

/// Why a page did not get a lock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unlocked {
    /// The browser offers no locks, as over plain http or in some frames.
    Unsupported,
    /// The signal aborted the request while another page held the lock.
    Aborted,
}

/// Returns whether the browser offers locks.
pub fn is_available() -> bool {
    lock_manager().is_some()
}

#[wasm_bindgen]
extern "C" {
    /// `LockManager`, which `web-sys` has only among its unstable APIs.
    type LockManager;

    /// A navigator with the property that `web-sys` lacks.
    #[wasm_bindgen(extends = web_sys::Navigator)]
    type Navigator;

    /// Absent outside of secure contexts, and in old browsers.
    #[wasm_bindgen(method, getter)]
    fn locks(this: &Navigator) -> Option<LockManager>;

    /// The options of `LockManager.request`.
    #[wasm_bindgen(extends = Object)]
    type LockOptions;

    #[wasm_bindgen(method, setter)]
    fn set_signal(this: &LockOptions, signal: &AbortSignal);

    #[wasm_bindgen(method, catch, js_name = request)]
    fn request_lock(
        this: &LockManager,
        name: &str,
        options: &LockOptions,
        callback: &JsValue,
    ) -> Result<Promise, JsValue>;
}

fn lock_manager() -> Option<LockManager> {
    window().navigator().unchecked_ref::<Navigator>().locks()
}

/// Returns the lock of this name once no other page holds it. The request is made before this
/// function returns, not when the future is first polled.
pub fn request(
    name: &str,
    signal: Option<&AbortSignal>,
) -> impl Future<Output = Result<Lock, Unlocked>> + use<> {
    let locks = lock_manager();
    let granted = Promise::new(&mut |resolve, reject| {
        let callback = Closure::once_into_js(move || {
            // The lock is held until this promise resolves.
            Promise::new(&mut |release, _| {
                let _told = resolve.call1(&JsValue::NULL, &release);
            })
        });
        let options: LockOptions = Object::new().unchecked_into();
        if let Some(signal) = signal {
            options.set_signal(signal);
        }
        let requested = locks.as_ref().map(|locks| locks.request_lock(name, &options, &callback));
        if let Some(Ok(requested)) = requested {
            // A request that ends without the lock rejects with the reason.
            let _settled = requested.catch(&Closure::once(move |why| {
                let _told = reject.call1(&JsValue::NULL, &why);
            }));
        } else {
            let _told = reject.call0(&JsValue::NULL);
        }
    });
    async {
        match JsFuture::from(granted).await {
            Ok(release) => Ok(Lock(release.unchecked_into())),
            Err(why) => Err(match why.dyn_ref::<DomException>().map(DomException::name) {
                Some(name) if name == "AbortError" => Unlocked::Aborted,
                Some(_) | None => Unlocked::Unsupported,
            }),
        }
    }
}
