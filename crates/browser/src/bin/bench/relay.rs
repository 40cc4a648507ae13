//! What page and relay add to a request.
//!
//! Invariant: the ways are tried in turn, so that whatever else the machine does meets them alike.

use std::time::Instant;

use pilotlight_browser_tests::{Outcome, Scene, Stage, Trouble, http};
use reqwest::{Client, StatusCode};
use serde_json::json;

use crate::table::{Row, share};

const REQUESTS: usize = 500;
/// The page asks in bunches between those of the bare client.
const BUNCH: usize = 50;
const MODEL: &str = "serverless-comfyui";

const FETCHES: &str = "return (async () => {\
    const took = [];\
    for (let n = 0; n < arguments[1]; n += 1) {\
        const start = performance.now();\
        await (await fetch(arguments[0], { cache: 'no-store' })).json();\
        took.push(performance.now() - start);\
    }\
    return took; })()";

pub async fn measure() -> Outcome<Vec<Row>> {
    Stage::new("warm").look(compare).await
}

async fn compare(scene: &Scene) -> Outcome<Vec<Row>> {
    scene.open().await?;
    let http = http::client()?;
    let straight_url = format!("{}/api/queue", scene.emulator.upstream());
    let relayed_url = format!("{}/openai/api/queue?model={MODEL}", scene.server.address);
    let model = json!({ "model": MODEL });
    let (mut straight, mut relayed, mut fetched) = (Vec::new(), Vec::new(), Vec::new());
    for at in 0..REQUESTS {
        straight.push(timed(&http, &straight_url, Some(&model)).await?);
        relayed.push(timed(&http, &relayed_url, None).await?);
        if at % BUNCH == 0 {
            let args = [json!(relayed_url), json!(BUNCH)];
            let took = scene.page.js(FETCHES, &args).await?;
            fetched.extend(took.as_array().into_iter().flatten().filter_map(|ms| ms.as_f64()));
        }
    }
    if fetched.len() != REQUESTS {
        return Err(Trouble::new(format!("the page asked {} times", fetched.len())));
    }
    let [straight, relayed, fetched] = [straight, relayed, fetched].map(|all| share(&all, 0.95));
    let name = |who: &str| format!("added to a request by {who}, p95 of {REQUESTS}");
    Ok(vec![
        Row::new(name("page and relay"), fetched - straight, "ms", 5.0),
        Row::told("  by the relay alone", relayed - straight, "ms"),
        Row::told("  straight to the emulator", straight, "ms"),
    ])
}

async fn timed(http: &Client, url: &str, body: Option<&serde_json::Value>) -> Outcome<f64> {
    let started = Instant::now();
    let request = http.get(url);
    let request = if let Some(body) = body { request.json(body) } else { request };
    let answer = request.send().await?;
    let status = answer.status();
    if status != StatusCode::OK {
        return Err(Trouble::new(format!("{url} answers {status}")));
    }
    answer.bytes().await?;
    Ok(started.elapsed().as_secs_f64() * 1_000.0)
}
