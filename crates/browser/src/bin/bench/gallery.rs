//! The gallery with ten thousand results: opened, scrolled through, and what it holds afterwards.
//!
//! Invariant: measured inside the page; the results are on the disk before, and no small pictures
//! of them have been made yet.

use pilotlight_browser_tests::{Outcome, Scene, Stage, Trouble, kept};
use serde_json::{Value, json};

use crate::table::{Row, share};

const COUNT: usize = 10_000;
/// Looked at one after the other.
const LOOKED_AT: usize = 200;
const FRAME_MS: f64 = 1_000.0 / 60.0;

/// Counts the addresses of blobs that are held, and keeps hold of the module's memory.
const PROBE: &str = "(() => {\
    const [make, end] = [URL.createObjectURL, URL.revokeObjectURL];\
    const held = new Set();\
    URL.createObjectURL = (what) => { const url = make.call(URL, what); held.add(url); return url; };\
    URL.revokeObjectURL = (url) => { held.delete(url); end.call(URL, url); };\
    for (const name of ['instantiate', 'instantiateStreaming']) {\
        const own = WebAssembly[name];\
        WebAssembly[name] = async (...args) => {\
            const made = await own.apply(WebAssembly, args);\
            const memory = (made.instance ?? made).exports?.memory;\
            if (memory) window.moduleMemory = memory;\
            return made;\
        };\
    }\
    const frame = () => new Promise((then) => requestAnimationFrame(then));\
    window.gallery = {\
        held: () => held.size,\
        async open() {\
            const button = pilotlightTest.all('button')\
                .find((one) => pilotlightTest.name(one).startsWith('All results'));\
            const start = performance.now();\
            const listed = (words) =>\
                pilotlightTest.inDialog('status').some((one) => one.innerText === words);\
            button.click();\
            while (!pilotlightTest.tiles().some((img) => img.src)) await frame();\
            await frame();\
            const first = performance.now() - start;\
            while (!listed('10,000 results')) await frame();\
            return [first, performance.now() - start];\
        },\
        async scroll(pixels, frames) {\
            const took = [];\
            const [list] = pilotlightTest.all('listbox');\
            let before = await frame();\
            for (let n = 0; n < frames; n += 1) {\
                list.scrollTop += pixels;\
                const now = await frame();\
                took.push(now - before);\
                before = now;\
            }\
            return took;\
        },\
        async look(times) {\
            const newest = () => pilotlightTest.all('option').find((one) => one.ariaPosInSet === '1');\
            while (!newest()) await frame();\
            newest().click();\
            const count = () => pilotlightTest.parts('.viewer-count')[0]?.innerText || '';\
            while (!count().startsWith('1 /')) await frame();\
            await new Promise((then) => setTimeout(then, 200));\
            for (let n = 2; n <= times; n += 1) {\
                window.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowRight' }));\
                while (!count().startsWith(n + ' /')) await frame();\
                await new Promise((then) => setTimeout(then, 20));\
            }\
            return true;\
        },\
    };\
    })()";

pub async fn measure() -> Outcome<Vec<Row>> {
    Stage::new("warm").look(all).await
}

async fn all(scene: &Scene) -> Outcome<Vec<Row>> {
    let page = &scene.page;
    page.session.before_each_page(PROBE).await?;
    kept::open(scene, COUNT).await?;
    page.find("button", "All results · 10,000").await?;
    let empty = memory(scene).await?;
    let opened = times(&page.js("return gallery.open()", &[]).await?)?;
    let mut rows = vec![
        Row::told(format!("{COUNT} results: first tiles drawn, module fetched"), opened[0], "ms"),
        Row::told("  all of them listed", opened[1], "ms"),
    ];
    page.press("Escape").await?;
    page.until_none("dialog").await?;
    let again = times(&page.js("return gallery.open()", &[]).await?)?;
    rows.push(Row::told("  opened again: first tiles drawn", again[0], "ms"));
    rows.push(Row::told("  opened again: all of them listed", again[1], "ms"));
    let elements = "return pilotlightTest.parts('*', pilotlightTest.all('listbox')[0]).length";
    let elements = page.js(elements, &[]).await?.as_f64().unwrap_or_default();
    rows.push(Row::told("  elements in the grid", elements, "elements"));
    for (name, pixels) in [("60 px a frame", 60), ("600 px a frame", 600)] {
        let args = [json!(pixels), json!(300)];
        let took = page.js("return gallery.scroll(...arguments)", &args).await?;
        let took = times(&took)?;
        rows.push(Row::new(
            format!("  frame while scrolling, {name}, median"),
            share(&took, 0.5),
            "ms",
            FRAME_MS + 1.0,
        ));
        rows.push(Row::told("    p95", share(&took, 0.95), "ms"));
        rows.push(Row::told("    worst", share(&took, 1.0), "ms"));
    }
    page.js("pilotlightTest.all('listbox')[0].scrollTop = 0", &[]).await?;
    page.js("return gallery.look(arguments[0])", &[json!(LOOKED_AT)]).await?;
    let full = memory(scene).await?;
    let held = page.js("return gallery.held()", &[]).await?.as_f64().unwrap_or_default();
    rows.push(Row::told("memory of scripts and modules, before", empty, "MB"));
    rows.push(Row::told(format!("  after {LOOKED_AT} pictures, all listed"), full, "MB"));
    rows.push(Row::told("  addresses of blobs held", held, "URLs"));
    page.press("Escape").await?;
    page.press("Escape").await?;
    page.until_none("dialog").await?;
    rows.push(Row::told("  after closing", memory(scene).await?, "MB"));
    let held = page.js("return gallery.held()", &[]).await?.as_f64().unwrap_or_default();
    rows.push(Row::told("  addresses of blobs held, closed", held, "URLs"));
    Ok(rows)
}

/// What JavaScript and WebAssembly hold, after a collection.
async fn memory(scene: &Scene) -> Outcome<f64> {
    let session = &scene.page.session;
    session.cdp("HeapProfiler.collectGarbage", json!({})).await?;
    let told = session.cdp("Runtime.getHeapUsage", json!({})).await?;
    let script = told["usedSize"].as_f64().unwrap_or_default();
    let module = "return window.moduleMemory ? moduleMemory.buffer.byteLength : 0";
    let module = scene.page.js(module, &[]).await?.as_f64().unwrap_or_default();
    Ok((script + module) / 1e6)
}

fn times(took: &Value) -> Outcome<Vec<f64>> {
    let times: Vec<f64> = took.as_array().into_iter().flatten().filter_map(Value::as_f64).collect();
    if times.len() < 2 { Err(Trouble::new(format!("no moments but {took}"))) } else { Ok(times) }
}
