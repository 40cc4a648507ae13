//! From the end of a run at the server to its picture, decoded on the page; and how many requests
//! a run takes. With the long-poll and with polling.
//!
//! Invariant: the end is the one in the emulator's own journal, on the clock of this machine.

use std::collections::BTreeMap;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use pilotlight_browser_tests::{Outcome, Scene, Stage, Trouble};
use serde_json::json;

use crate::table::{Row, share};

const RUNS: usize = 24;
/// Runs of different lengths, so that polls meet their ends at any moment.
const RUN_MS: u64 = 3_000;
const RUN_JITTER_MS: u64 = 800;
const LONG_RUN_MS: u64 = 10_000;
const LONG_RUNS: usize = 3;

/// Notes when each picture among the results is decoded, on the clock of the machine.
const WATCH: &str = "(() => {\
    const decoded = []; let tell = [];\
    const seen = new WeakSet();\
    new MutationObserver(() => {\
        document.querySelectorAll('.results-list .picture img').forEach((img) => {\
            if (seen.has(img)) return;\
            seen.add(img);\
            img.decode().then(() => {\
                decoded.push(performance.timeOrigin + performance.now());\
                tell.forEach((one) => one());\
            });\
        });\
    }).observe(document, { subtree: true, childList: true });\
    window.decodedAt = (count) => new Promise((then) => {\
        const look = () => { if (decoded.length >= count) then(decoded); };\
        tell.push(look); look();\
    });\
    })()";

/// How the page learns that a run has ended.
struct Way {
    name: &'static str,
    scenario: &'static str,
    median_ms: Option<f64>,
    former_ms: Option<f64>,
    p95_ms: f64,
    requests: f64,
}

const WAYS: [Way; 2] = [
    Way {
        name: "long-poll",
        scenario: "warm",
        median_ms: Some(60.0),
        former_ms: Some(53.0),
        p95_ms: 150.0,
        requests: 5.0,
    },
    Way {
        name: "polling",
        scenario: "polling",
        median_ms: None,
        former_ms: None,
        p95_ms: 1_200.0,
        requests: 14.0,
    },
];

pub async fn measure() -> Outcome<Vec<Row>> {
    let mut rows = Vec::new();
    for way in &WAYS {
        let (name, stage) = (way.name, Stage::new(way.scenario).set("load_ms", 0));
        let varied = stage.clone().set("run_ms", RUN_MS).set("run_jitter_ms", RUN_JITTER_MS);
        let delays = played(&varied, RUNS).await?.delays_ms;
        let median = format!("end of a run → picture, {name}, median of {RUNS}");
        let row = match way.median_ms {
            Some(target) => Row::new(median, share(&delays, 0.5), "ms", target),
            None => Row::told(median, share(&delays, 0.5), "ms"),
        };
        rows.push(match way.former_ms {
            Some(former) => row.formerly(former),
            None => row,
        });
        rows.push(Row::new("  p95", share(&delays, 0.95), "ms", way.p95_ms));
        let long = stage.set("run_ms", LONG_RUN_MS).set("run_jitter_ms", 0);
        let requests = played(&long, LONG_RUNS).await?.requests;
        let most = requests.into_iter().max_by_key(Vec::len).unwrap_or_default();
        rows.push(Row::new(
            format!("  requests of a warm 10 s run, most of {LONG_RUNS}"),
            most.len() as f64,
            "requests",
            way.requests,
        ));
        rows.extend(counted(most));
    }
    Ok(rows)
}

/// How often each kind of request was made.
fn counted(requests: Vec<String>) -> impl Iterator<Item = Row> {
    let mut kinds: BTreeMap<String, u32> = BTreeMap::new();
    for request in requests {
        *kinds.entry(request).or_default() += 1;
    }
    kinds
        .into_iter()
        .map(|(kind, count)| Row::told(format!("    {kind}"), count.into(), "requests"))
}

/// What was seen of some runs, one after the other.
struct Seen {
    delays_ms: Vec<f64>,
    /// Of each run: method and path of each request, without ids.
    requests: Vec<Vec<String>>,
}

async fn played(stage: &Stage, runs: usize) -> Outcome<Seen> {
    let mut scene = stage.build().await?;
    let seen = play(&mut scene, runs).await;
    scene.page.session.close().await;
    seen
}

async fn play(scene: &mut Scene, runs: usize) -> Outcome<Seen> {
    scene.page.session.before_each_page(WATCH).await?;
    scene.page.be_patient(Duration::from_secs(30));
    scene.open().await?;
    let page = &scene.page;
    page.fill("Prompt", "a tiger").await?;
    let (mut decoded, mut requests) = (Vec::new(), Vec::new());
    for run in 1..=runs {
        let before = scene.emulator.log().await?.len();
        page.click("button", "Run").await?;
        let all = page.js("return window.decodedAt(arguments[0])", &[json!(run)]).await?;
        let at = all[run - 1].as_f64();
        decoded.push(at.ok_or_else(|| Trouble::new(format!("no moment of run {run}: {all}")))?);
        let log = scene.emulator.log().await?;
        requests.push(log.iter().skip(before).map(|entry| kind(&entry.line())).collect());
    }
    let began = began_ms(scene).await?;
    let executions = scene.emulator.executions().await?;
    let ended: Vec<f64> =
        executions.iter().filter_map(|one| Some(began + one.ended_ms? as f64)).collect();
    if ended.len() != runs {
        return Err(Trouble::new(format!("{} of {runs} runs ended: {executions:?}", ended.len())));
    }
    let delays_ms = decoded.iter().zip(&ended).map(|(decoded, ended)| decoded - ended).collect();
    Ok(Seen { delays_ms, requests })
}

/// A request without the id in its path.
fn kind(line: &str) -> String {
    let is_id = |part: &str| part.len() == 36 && part.matches('-').count() == 4;
    let parts = line.split('/').map(|part| if is_id(part) { "ID" } else { part });
    parts.collect::<Vec<_>>().join("/")
}

/// The emulator's zero on the clock of this machine: from the quickest of many answers.
async fn began_ms(scene: &Scene) -> Outcome<f64> {
    let now = || {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        since.as_secs_f64() * 1_000.0
    };
    let mut best = (f64::INFINITY, 0.0);
    for _ in 0..50 {
        let asked = now();
        let state = scene.emulator.state().await?;
        let took = now() - asked;
        let at = state["now_ms"].as_f64();
        let at = at.ok_or_else(|| Trouble::new(format!("the emulator's clock: {state}")))?;
        if took < best.0 {
            best = (took, asked + took / 2.0 - at);
        }
    }
    Ok(best.1)
}
