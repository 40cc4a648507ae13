//! What the page keeps in the browser's database, looked at and changed past it.

use serde_json::json;

use crate::page::Page;
use crate::trouble::Outcome;

/// `stored(NAME, ACT)` gives what the request answers that `ACT` makes of that store.
pub const STORED: &str = "const stored = (name, act) => new Promise((then, fail) => {\
    const open = indexedDB.open('pilotlight'); open.onerror = fail; open.onsuccess = () => {\
        const asked = act(open.result.transaction(name, 'readwrite').objectStore(name));\
        open.result.close();\
        asked.onsuccess = () => then(asked.result); asked.onerror = fail;\
    } });";

/// Waits until a store holds so many things.
pub async fn until(page: &Page, store: &str, count: usize) -> Outcome {
    let body = format!(
        "{STORED} return stored(arguments[0], (store) => store.count())\
        .then((count) => count === arguments[1])"
    );
    let what = format!("{count} in the store of {store}");
    page.until(&what, &body, &[json!(store), json!(count)]).await.map(drop)
}

/// The names under which things are in a store.
pub async fn keys(page: &Page, store: &str) -> Outcome<Vec<String>> {
    let body = format!("{STORED} return stored(arguments[0], (store) => store.getAllKeys())");
    page.texts(&body, &[json!(store)]).await
}

/// Forgets all that is in a store.
pub async fn clear(page: &Page, store: &str) -> Outcome {
    let body = format!("{STORED} return stored(arguments[0], (store) => store.clear())");
    page.js(&body, &[json!(store)]).await.map(drop)
}
