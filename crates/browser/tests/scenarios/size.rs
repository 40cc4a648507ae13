//! What a first visit costs on the wire.

use std::collections::BTreeMap;

use pilotlight_browser_tests::{Stage, Verdict};

/// What everything fetched until the form can be used may cost, packed, without the headers.
/// Not reached yet, so it is printed beside the sum.
const BUDGET_BYTES: u64 = 120_000;
/// What it costs now, rounded up; a page that grows beyond it fails.
const CEILING_BYTES: u64 = 152_000;

#[test]
fn a_first_visit_does_not_grow() {
    Stage::new("warm").with_traffic().play(async |scene| -> Verdict {
        scene.open().await?;
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
        let sum: u64 = files.values().map(|file| file.2).sum();
        println!("{:<48} {:>9}  packed", "file", "bytes");
        for (path, packed, bytes) in files.values() {
            println!("{path:<48} {bytes:>9}  {packed}");
        }
        println!("{:<48} {sum:>9}  budget {BUDGET_BYTES}, ceiling {CEILING_BYTES}", "all");
        assert!(files.values().any(|(path, ..)| path.ends_with(".wasm")), "{files:?}");
        let module = files.values().find(|(path, ..)| path.ends_with(".wasm"));
        assert_eq!(module.map(|(_, packed, _)| packed.as_str()), Some("br"));
        assert!(sum > 50_000, "not everything was counted");
        assert!(sum <= CEILING_BYTES, "{sum} bytes on the first visit");
        Ok(())
    });
}
