//! What a first visit fetches: until the form can be used, and the second part after it.
//!
//! Invariant: counts bodies as they went over the wire, in a browser that has nothing yet.

use std::collections::BTreeMap;

use pilotlight_browser_tests::{Outcome, Stage, Trouble};
use serde_json::Value;

use crate::table::Row;

const TARGET_BYTES: f64 = 180_000.0;
const FORMER_BYTES: f64 = 118_000.0;

#[derive(Debug, Default)]
struct File {
    path: String,
    packed: String,
    /// Of the answer's headers.
    head_bytes: u64,
    bytes: u64,
}

pub async fn measure() -> Outcome<Vec<Row>> {
    let mut scene = Stage::new("warm").with_traffic().build().await?;
    let events = async {
        scene.open().await?;
        scene.page.until_awake().await?;
        scene.page.session.traffic().await
    };
    let events = events.await;
    scene.page.session.close().await;
    let files = files(&events?, &scene.address);
    for part in [".html", ".js", ".wasm"] {
        if !files.iter().any(|file| file.path.ends_with(part)) {
            return Err(Trouble::new(format!("no file {part} among {files:?}")));
        }
    }
    let (second, first): (Vec<File>, Vec<File>) = files.into_iter().partition(|file| {
        file.path.ends_with("_second_bundle.wasm") || file.path.contains("_chunk_")
    });
    let sum = |files: &[File]| files.iter().map(|file| file.bytes).sum::<u64>() as f64;
    let row = |file: &File| {
        Row::told(format!("  {} ({})", file.path, file.packed), file.bytes as f64, "bytes")
    };
    let first_row =
        Row::new("first visit, until the form is usable", sum(&first), "bytes", TARGET_BYTES)
            .formerly(FORMER_BYTES);
    let second_row = Row::told("fetched after that", sum(&second), "bytes");
    let rows = std::iter::once(first_row).chain(first.iter().map(row));
    Ok(rows.chain([second_row]).chain(second.iter().map(row)).collect())
}

/// What came from this address, the largest first.
fn files(events: &[Value], address: &str) -> Vec<File> {
    let mut files: BTreeMap<&str, File> = BTreeMap::new();
    for event in events {
        let params = &event["params"];
        let id = params["requestId"].as_str().unwrap_or_default();
        match event["method"].as_str().unwrap_or_default() {
            "Network.responseReceived" => {
                let response = &params["response"];
                let url = response["url"].as_str().unwrap_or_default();
                if let Some(path) = url.strip_prefix(address) {
                    let file = files.entry(id).or_default();
                    file.path = if path == "/" { "index.html" } else { &path[1..] }.to_owned();
                    file.packed = packing(response);
                    file.head_bytes = response["encodedDataLength"].as_u64().unwrap_or(0);
                }
            }
            // Not the pieces before: of the page itself the browser tells none.
            "Network.loadingFinished" => {
                if let Some(file) = files.get_mut(id) {
                    let all = params["encodedDataLength"].as_f64().unwrap_or(0.0) as u64;
                    file.bytes = all.saturating_sub(file.head_bytes);
                }
            }
            _ => {}
        }
    }
    // What came from memory, a second time, cost nothing.
    let mut files: Vec<File> = files.into_values().filter(|file| file.bytes > 0).collect();
    files.sort_by_key(|file| std::cmp::Reverse(file.bytes));
    files
}

fn packing(response: &Value) -> String {
    let mut headers = response["headers"].as_object().into_iter().flatten();
    let found = headers.find(|(name, _)| name.eq_ignore_ascii_case("content-encoding"));
    found.and_then(|(_, value)| value.as_str()).unwrap_or("as it is").to_owned()
}
