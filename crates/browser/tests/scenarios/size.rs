//! What a first visit costs on the wire.

use std::collections::BTreeMap;

use pilotlight_browser_tests::{Stage, Verdict};

/// Everything fetched until the form can be used, packed, without the headers.
const BUDGET_BYTES: u64 = 120_000;

#[test]
fn a_first_visit_stays_within_120_kb() {
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
                _ => {}
            }
        }
        let sum: u64 = files.values().map(|file| file.2).sum();
        println!("{:<48} {:>9}  packed", "file", "bytes");
        for (path, packed, bytes) in files.values() {
            println!("{path:<48} {bytes:>9}  {packed}");
        }
        println!("{:<48} {sum:>9}  of {BUDGET_BYTES}", "all");
        assert!(files.values().any(|(path, ..)| path.ends_with(".wasm")), "{files:?}");
        let module = files.values().find(|(path, ..)| path.ends_with(".wasm"));
        assert_eq!(module.map(|(_, packed, _)| packed.as_str()), Some("br"));
        assert!(sum > 50_000, "not everything was counted");
        assert!(sum <= BUDGET_BYTES, "{sum} bytes on the first visit");
        Ok(())
    });
}
