//! What other tabs tell. Invariant: nothing is believed but names; what they stand for is read from
//! the database.

use pilotlight_engine::id::PromptId;
use pilotlight_engine::kept::Key;
use serde_json::Value;

use super::neighbours::{Stale, note};
use super::{amount, database, feed, keeping};
use crate::app::Page;
use crate::task;

/// Takes in a message of another tab.
pub fn hear(page: Page, news: &Value) {
    amount::recount();
    if let Some(run) = news.get("kept").and_then(Value::as_str).and_then(PromptId::named) {
        note(Stale::Run(run.clone()));
        task::spawn(async move {
            let rows = database::rows_of(&run).await.unwrap_or_default();
            keeping::show_from_elsewhere(page, &rows).await;
        });
    }
    let keys = |name| {
        let keys = news.get(name)?.as_array()?.iter().filter_map(Value::as_str);
        Some(keys.map(Key::named).collect::<Vec<_>>())
    };
    if let Some(keys) = keys("gone") {
        feed::leave_out(page, &keys);
        note(Stale::Keys(keys));
    }
    if let Some(keys) = keys("touched") {
        note(Stale::Keys(keys.clone()));
        task::spawn(async move {
            let mut rows = Vec::new();
            let known =
                |key: &&Key| page.findings.peek(|all| all.iter().any(|one| one.row.key == **key));
            for key in keys.iter().filter(known) {
                rows.extend(database::row(key).await.ok().flatten());
            }
            feed::mark(page, &rows);
        });
    }
}
