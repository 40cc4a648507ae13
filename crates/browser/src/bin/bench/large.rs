//! A workflow of a thousand nodes: opened, typed into, unfolded, edited.
//!
//! Invariant: measured inside the page, from the event to the frame after the one in which the
//! document stands; each opening is of another workflow, so that none fits a form that is there.

use pilotlight_browser_tests::{Outcome, Scene, Stage, Trouble, large};
use serde_json::{Value, json};

use crate::table::{Row, share};

const NODES: usize = 1_000;
const TIMES: usize = 15;
const STROKES: usize = 30;
const OPEN_MS: f64 = 150.0;
/// A frame at 60 Hz.
const STROKE_MS: f64 = 16.0;
/// Stands in the file, and is replaced by another text for each opening.
const MARK: &str = "@MARK@";

const PROBE: &str = "(() => {\
    const shown = (act, look) => new Promise((then) => {\
        const watcher = new MutationObserver(() => {\
            if (!look()) return;\
            watcher.disconnect();\
            const stood = performance.now() - start;\
            requestAnimationFrame(() => requestAnimationFrame(() =>\
                then([performance.now() - start, stood])));\
        });\
        watcher.observe(document, { subtree: true, childList: true, attributes: true });\
        const start = performance.now();\
        act();\
    });\
    const body = () => document.querySelector('#form .form-body');\
    const quiet = () => new Promise((then) => setTimeout(then, 60));\
    window.large = {\
        async open(name, text) {\
            await quiet();\
            const bag = new DataTransfer();\
            bag.items.add(new File([text], name, { type: 'application/json' }));\
            const form = document.getElementById('form');\
            const former = form.getAttribute('aria-labelledby');\
            return shown(() => document.body.dispatchEvent(new DragEvent('drop',\
                { dataTransfer: bag, bubbles: true, cancelable: true })),\
                () => body() && form.getAttribute('aria-labelledby') !== former);\
        },\
        async unfold() {\
            await quiet();\
            const fold = pilotlightTest.fold('Advanced');\
            const group = fold.parentElement;\
            return shown(() => fold.click(),\
                () => group.open && pilotlightTest.parts('.field', group).length > 0);\
        },\
        async edit() {\
            await quiet();\
            return shown(() => document.getElementById('edit-form').click(),\
                () => document.querySelector('dialog[open] .editor-row'));\
        },\
        async type(count) {\
            const [field] = pilotlightTest.all('textbox');\
            const channel = new MessageChannel();\
            const took = [];\
            for (let n = 0; n < count; n += 1) {\
                await quiet();\
                const start = performance.now();\
                field.value += 'x';\
                field.dispatchEvent(new InputEvent('input', { bubbles: true }));\
                await new Promise((then) => {\
                    channel.port1.onmessage = then;\
                    channel.port2.postMessage(0);\
                });\
                document.body.getBoundingClientRect();\
                took.push(performance.now() - start);\
            }\
            return took;\
        },\
    };\
    })()";

pub async fn measure() -> Outcome<Vec<Row>> {
    Stage::new("warm").look(all).await
}

async fn all(scene: &Scene) -> Outcome<Vec<Row>> {
    let page = &scene.page;
    page.session.before_each_page(PROBE).await?;
    page.session.cdp("Performance.enable", json!({"timeDomain": "threadTicks"})).await?;
    scene.open().await?;
    large::describe(page).await?;
    let mut rows = Vec::new();
    let formats = [
        ("as a prompt", large::prompt(NODES, MARK), 37.0),
        ("in the editor's format", large::editor(NODES, MARK), 53.0),
    ];
    for (at, (name, file, former_ms)) in formats.into_iter().enumerate() {
        let file = file.to_string();
        let (mut shown, mut stood, mut work) = (Vec::new(), Vec::new(), Vec::new());
        for time in 0..=TIMES {
            let before = worked(scene).await?;
            let one = opened(scene, &file, at * 100 + time).await?;
            let after = worked(scene).await?;
            let count = page.js("return pilotlightTest.parts('*').length", &[]).await?;
            if time > 0 {
                shown.push(one[0]);
                stood.push(one[1]);
                work.push(after - before);
            } else if at == 0 {
                rows.push(Row::told("first workflow opened, its module fetched", one[0], "ms"));
                let elements = count.as_f64().unwrap_or_default();
                rows.push(Row::told("  elements on the page", elements, "elements"));
            }
            if at * TIMES + time < 2 * TIMES {
                page.click("button", "Close this workflow").await?;
            }
        }
        let figure = format!("{NODES} nodes {name} → form, median of {TIMES}");
        rows.push(Row::new(figure, share(&shown, 0.5), "ms", OPEN_MS).formerly(former_ms));
        rows.push(Row::new("  p95", share(&shown, 0.95), "ms", OPEN_MS));
        rows.push(Row::told("  least", share(&shown, 0.0), "ms"));
        rows.push(Row::told("  until the document stands, median", share(&stood, 0.5), "ms"));
        rows.push(Row::told("  processor time of the page, median", share(&work, 0.5), "ms"));
    }
    rows.extend(typed(scene, "Advanced folded").await?);
    let unfolded = times(&page.js("return large.unfold()", &[]).await?)?;
    rows.push(Row::told("  Advanced unfolded", unfolded[0], "ms"));
    rows.extend(typed(scene, "Advanced unfolded").await?);
    let (mut edited, mut work) = (Vec::new(), Vec::new());
    for _ in 0..=TIMES / 2 {
        let before = worked(scene).await?;
        edited.push(times(&page.js("return large.edit()", &[]).await?)?[0]);
        work.push(worked(scene).await? - before);
        page.press("Escape").await?;
        page.until_none("dialog").await?;
    }
    let figure = format!("its form in the editor's dialog, median of {}", edited.len() - 1);
    rows.push(Row::told(figure, share(&edited[1..], 0.5), "ms"));
    rows.push(Row::told("  processor time of the page, median", share(&work[1..], 0.5), "ms"));
    rows.push(Row::told("  the first time, its module fetched", edited[0], "ms"));
    Ok(rows)
}

/// What the page's thread has worked so far, in ms of the processor: on a loaded machine it says
/// more than a clock.
async fn worked(scene: &Scene) -> Outcome<f64> {
    let told = scene.page.session.cdp("Performance.getMetrics", json!({})).await?;
    let mut metrics = told["metrics"].as_array().into_iter().flatten();
    let tasks = metrics.find(|metric| metric["name"] == "TaskDuration");
    let seconds = tasks.and_then(|tasks| tasks["value"].as_f64());
    seconds.map(|seconds| seconds * 1_000.0).ok_or_else(|| Trouble::new(format!("no work: {told}")))
}

/// One opening: until it is shown, and until the document stands.
async fn opened(scene: &Scene, file: &str, number: usize) -> Outcome<Vec<f64>> {
    let text = file.replace(MARK, &format!("number {number}"));
    let name = format!("large-{number}.json");
    let args = [json!(name), json!(text)];
    times(&scene.page.js("return large.open(...arguments)", &args).await?)
}

async fn typed(scene: &Scene, state: &str) -> Outcome<Vec<Row>> {
    let before = worked(scene).await?;
    let took = scene.page.js("return large.type(arguments[0])", &[json!(STROKES)]).await?;
    let work = (worked(scene).await? - before) / STROKES as f64;
    let took = times(&took)?;
    let figure = format!("a key typed into it, {state}, median of {STROKES}");
    Ok(vec![
        Row::new(figure, share(&took, 0.5), "ms", STROKE_MS),
        Row::new("  p95", share(&took, 0.95), "ms", STROKE_MS),
        Row::told("  processor time of the page, mean", work, "ms"),
    ])
}

fn times(took: &Value) -> Outcome<Vec<f64>> {
    let times: Vec<f64> = took.as_array().into_iter().flatten().filter_map(Value::as_f64).collect();
    if times.len() < 2 { Err(Trouble::new(format!("no moments but {took}"))) } else { Ok(times) }
}
