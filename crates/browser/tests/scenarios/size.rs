//! What a first visit costs on the wire.

use std::collections::BTreeMap;

use pilotlight_browser_tests::{Stage, Verdict};

/// What everything fetched until the form can be used may cost, packed, without the headers.
const BUDGET_BYTES: u64 = 180_000;
/// The same with the second part, which is fetched then, styles of its own included; without it
/// the form is used in `parts`.
const WHOLE_BUDGET_BYTES: u64 = 525_000;

const TINY_BYTES: u64 = 200;

#[test]
fn a_first_visit_stays_within_its_budget() {
    Stage::new("warm").with_traffic().play(async |scene| -> Verdict {
        scene.open().await?;
        scene.page.until_awake().await?;
        let events = scene.page.session.traffic().await?;
        let mut files: BTreeMap<String, (String, String, u64)> = BTreeMap::new();
        for event in &events {
            let params = &event["params"];
            let id = params["requestId"].as_str().unwrap_or_default().to_owned();
            match event["method"].as_str().unwrap_or_default() {
                "Network.responseReceived" => {
                    let response = &params["response"];
                    let url = response["url"].as_str().unwrap_or_default();
                    let Some(path) = url.strip_prefix(&scene.address) else { continue };
                    let header = |name: &str| {
                        let headers = response["headers"].as_object()?;
                        let (_, value) =
                            headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name))?;
                        value.as_str().map(str::to_owned)
                    };
                    let packed =
                        header("content-encoding").unwrap_or_else(|| "as it is".to_owned());
                    files.entry(id).or_insert((path.to_owned(), packed, 0));
                }
                "Network.dataReceived" => {
                    if let Some(file) = files.get_mut(&id) {
                        file.2 += params["encodedDataLength"].as_u64().unwrap_or(0);
                    }
                }
                // What came before the page was listened to is told as a whole, with its headers.
                "Network.loadingFinished" => {
                    if let Some(file) = files.get_mut(&id).filter(|file| file.2 == 0) {
                        file.2 = params["encodedDataLength"].as_u64().unwrap_or(0);
                    }
                }
                _ => {}
            }
        }
        let sum = |wanted: &dyn Fn(&str) -> bool| -> u64 {
            files.values().filter(|(path, ..)| wanted(path)).map(|file| file.2).sum()
        };
        let (first, whole) = (sum(&|path| !is_second(path)), sum(&|_| true));
        println!("{:<48} {:>9}  packed", "file", "bytes");
        for (path, packed, bytes) in files.values() {
            println!("{path:<48} {bytes:>9}  {packed}");
        }
        println!("{:<48} {first:>9}  budget {BUDGET_BYTES}", "until the form can be used");
        println!("{:<48} {whole:>9}  budget {WHOLE_BUDGET_BYTES}", "all");
        let modules = files.values().filter(|(path, ..)| path.ends_with(".wasm"));
        // A part of a few bytes is no smaller when it is packed.
        let packed = modules.map(|(_, packed, bytes)| packed == "br" || *bytes < TINY_BYTES);
        let packed: Vec<bool> = packed.collect();
        assert!(packed.len() >= 2 && packed.iter().all(|is_packed| *is_packed), "{files:?}");
        let is_lazy = |file: &&(String, String, u64)| file.0.ends_with("core-nodes.json");
        assert_eq!(files.values().find(is_lazy), None, "wanted by no workflow here");
        assert!(first > 50_000 && whole > first, "not everything was counted");
        assert!(first <= BUDGET_BYTES, "{first} bytes until the form can be used");
        assert!(whole <= WHOLE_BUDGET_BYTES, "{whole} bytes in all");
        assert!(asked_for_last(&events), "the second part was in the way of the form");
        Ok(())
    });
}

/// Whether it is of the second part: `chunk` is what that shares with further ones.
fn is_second(path: &str) -> bool {
    path.ends_with("_second_bundle.wasm") || path.contains("_chunk_")
}

/// Whether the second part was asked for when all other modules and scripts were there.
fn asked_for_last(events: &[serde_json::Value]) -> bool {
    let mut waited_for: Vec<&str> = Vec::new();
    for event in events {
        let params = &event["params"];
        let id = params["requestId"].as_str().unwrap_or_default();
        match event["method"].as_str().unwrap_or_default() {
            "Network.requestWillBeSent" => {
                let url = params["request"]["url"].as_str().unwrap_or_default();
                if is_second(url) {
                    return waited_for.is_empty();
                }
                if url.ends_with(".wasm") || url.ends_with(".js") || url.ends_with(".json") {
                    waited_for.push(id);
                }
            }
            "Network.loadingFinished" => waited_for.retain(|waited| *waited != id),
            _ => {}
        }
    }
    false
}
