//! Other tabs of this browser: what one of them keeps or deletes, all of them show. Invariant:
//! nothing is believed but names; what they stand for is read from the database.

use std::cell::RefCell;

use pilotlight_engine::id::PromptId;
use pilotlight_engine::json;
use pilotlight_engine::kept::{Key, Row};
use serde_json::Value;
use wasm_bindgen::prelude::*;

use super::{database, js, keeping};
use crate::app::Page;
use crate::task;

const NAME: &str = "pilotlight results";

thread_local! {
    static CHANNEL: RefCell<Option<JsValue>> = const { RefCell::new(None) };
}

/// What other tabs are told.
pub enum News<'a> {
    /// A run's results were written, or changed.
    Kept(&'a PromptId),
    Gone(&'a [Row]),
}

/// Listens for as long as the page lives; where there are no channels, nothing is heard.
pub fn begin(page: Page) {
    let Some(channel) = js::make("BroadcastChannel", &[NAME.into()]) else { return };
    let heard = Closure::<dyn Fn(JsValue)>::new(move |event: JsValue| {
        let said = js::get(&event, "data").as_string();
        if let Some(news) = said.and_then(|text| json::parse(&text)) {
            hear(page, &news);
        }
    });
    js::set(&channel, "onmessage", heard.into_js_value());
    CHANNEL.set(Some(channel));
}

pub fn tell(news: &News) {
    let said = match news {
        News::Kept(run) => json::object(vec![("kept", run.as_str().into())]),
        News::Gone(rows) => {
            let keys: Vec<&str> = rows.iter().map(|row| row.key.as_str()).collect();
            json::object(vec![("gone", keys.into())])
        }
    };
    CHANNEL.with_borrow(|channel| {
        if let Some(channel) = channel {
            js::call(channel, "postMessage", &[json::text(&said).into()]);
        }
    });
}

fn hear(page: Page, news: &Value) {
    if let Some(run) = news.get("kept").and_then(Value::as_str).and_then(PromptId::named) {
        task::spawn(async move {
            let rows = database::rows_of(&run).await.unwrap_or_default();
            keeping::show_from_elsewhere(page, &rows).await;
        });
    }
    if let Some(keys) = news.get("gone").and_then(Value::as_array) {
        let keys: Vec<Key> = keys.iter().filter_map(Value::as_str).map(Key::named).collect();
        page.findings.update(|all| all.retain(|one| !keys.contains(&one.row.key)));
    }
}
