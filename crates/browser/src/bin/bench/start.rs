//! From the start of the navigation to a form that takes what is typed, beside a baseline: a bare
//! Leptos page of 40 generated components, built with the same tools and served the same way.
//!
//! Invariant: each visit is a first one, in a browser with an empty profile; the two pages are
//! visited in turn, so that whatever else the machine does affects both. The page counts as usable
//! when it has stored what was typed into its prompt, the baseline when its last input is there.

use pilotlight_browser_tests::{Outcome, Scene, Stage, Trouble, places};
use serde_json::json;

use crate::table::{Row, share};

/// Visits of each page under each conditions.
const VISITS: usize = 15;
/// At 4× CPU.
const BLOCKING_MS: f64 = 250.0;
/// Of the baseline: sections with ten elements.
const BASELINE_PARTS: usize = 40;

/// Resolves `window.measured` with the moments of a visit, in ms from the start of the navigation:
/// first contentful paint, usable, and the total blocking time: of each long task that began before
/// the page was usable, what is above 50 ms. `@LOOK@` is a function that returns whether the page is
/// usable, or `undefined` when it must be called again in the next frame.
const PROBE: &str = "(() => {\
    const look = @LOOK@;\
    const tasks = [];\
    const observer = new PerformanceObserver((list) => tasks.push(...list.getEntries()));\
    observer.observe({ type: 'longtask', buffered: true });\
    const painted = () => performance.getEntriesByName('first-contentful-paint')[0];\
    let tell;\
    let usable = 0;\
    window.measured = new Promise((then) => { tell = then; });\
    const finish = () => {\
        if (!painted()) { setTimeout(finish, 50); return; }\
        tasks.push(...observer.takeRecords());\
        const before = tasks.filter((task) => task.startTime < usable);\
        const blocked = before.reduce((sum, task) => sum + Math.max(0, task.duration - 50), 0);\
        tell([painted().startTime, usable, blocked]);\
    };\
    const attempt = () => {\
        if (usable) return;\
        const found = look();\
        if (found) { usable = performance.now(); setTimeout(finish, 300); }\
        else if (found === undefined) requestAnimationFrame(attempt);\
    };\
    new MutationObserver(attempt).observe(document, \
        { subtree: true, childList: true, attributes: true, attributeFilter: ['aria-busy'] });\
    })()";

/// Types as soon as there is a field, then waits until the page has stored it.
const LOOK_AT_PAGE: &str = "() => {\
    const words = 'typed by the measurement';\
    const app = document.getElementById('app');\
    const field = app && !app.hasAttribute('aria-busy') && app.querySelector('form textarea');\
    if (!field) return false;\
    if (!field.value.includes(words)) {\
        field.focus();\
        document.execCommand('insertText', false, words);\
    }\
    return Object.keys(localStorage).some((key) => localStorage[key].includes(words)) || undefined;\
    }";

const LOOK_AT_BASELINE: &str = "() => document.getElementById('last-input') !== null";

/// Presses the last button of the baseline; returns its number of sections, and whether the derived
/// text beside the button has changed in the next frame.
const TRY_BASELINE: &str = "return (async () => {\
    const parts = document.querySelectorAll('section');\
    const last = parts[parts.length - 1];\
    const text = () => last.querySelector('output').textContent;\
    const before = text();\
    last.querySelector('button:last-of-type').click();\
    await new Promise((then) => requestAnimationFrame(then));\
    return [parts.length, text() !== before]; })()";

/// Under which conditions the pages are visited.
struct Conditions {
    name: &'static str,
    slow: bool,
    /// The page's time as a multiple of the baseline's, at most.
    ratio: f64,
    former_ms: f64,
    former_baseline_ms: f64,
}

const ALL: [Conditions; 2] = [
    Conditions {
        name: "loopback",
        slow: false,
        ratio: 1.7,
        former_ms: 567.0,
        former_baseline_ms: 356.0,
    },
    Conditions {
        name: "CPU ÷ 4, 9/1.6 Mbit/s, 170 ms",
        slow: true,
        ratio: 1.4,
        former_ms: 1_678.0,
        former_baseline_ms: 1_310.0,
    },
];

/// The moments of one visit, in ms.
struct Visit {
    painted: f64,
    usable: f64,
    blocked: f64,
}

pub async fn measure() -> Outcome<Vec<Row>> {
    let page = Stage::new("warm");
    let baseline = Stage::new("warm").site(places::baseline()?);
    let mut rows = Vec::new();
    for conditions in &ALL {
        let (mut of_page, mut of_baseline) = (Vec::new(), Vec::new());
        for _ in 0..VISITS {
            of_page.push(visit(&page, LOOK_AT_PAGE, conditions.slow, async |_| Ok(())).await?);
            let visited = visit(&baseline, LOOK_AT_BASELINE, conditions.slow, try_baseline);
            of_baseline.push(visited.await?);
        }
        rows.extend(compared(conditions, &of_page, &of_baseline));
    }
    Ok(rows)
}

fn compared(conditions: &Conditions, of_page: &[Visit], of_baseline: &[Visit]) -> Vec<Row> {
    let of = |visits: &[Visit], moment: fn(&Visit) -> f64, part: f64| {
        share(&visits.iter().map(moment).collect::<Vec<f64>>(), part)
    };
    let (usable, painted, blocked) = (
        |visit: &Visit| visit.usable,
        |visit: &Visit| visit.painted,
        |visit: &Visit| visit.blocked,
    );
    let page_ms = of(of_page, usable, 0.5);
    let baseline_ms = of(of_baseline, usable, 0.5);
    let pairs = of_page.iter().zip(of_baseline);
    let ratios: Vec<f64> = pairs.map(|(page, baseline)| page.usable / baseline.usable).collect();
    let name = conditions.name;
    let figure = format!("form usable, {name}, median of {}", of_page.len());
    let former_ratio = conditions.former_ms / conditions.former_baseline_ms;
    let mut rows = vec![
        Row::told(figure, page_ms, "ms").formerly(conditions.former_ms),
        Row::told("  best of them", of(of_page, usable, 0.0), "ms"),
        Row::told("  first contentful paint, median", of(of_page, painted, 0.5), "ms"),
        Row::told("  baseline usable, median", baseline_ms, "ms")
            .formerly(conditions.former_baseline_ms),
        Row::new("  page ÷ baseline, of the medians", page_ms / baseline_ms, "×", conditions.ratio)
            .formerly(former_ratio),
        Row::told("    least of a pair", share(&ratios, 0.0), "×"),
        Row::told("    most of a pair", share(&ratios, 1.0), "×"),
    ];
    if conditions.slow {
        let blocked_ms = of(of_page, blocked, 0.5);
        rows.push(Row::new("  total blocking time, median", blocked_ms, "ms", BLOCKING_MS));
        let blocked_ms = of(of_baseline, blocked, 0.5);
        rows.push(Row::told("    of the baseline", blocked_ms, "ms"));
    }
    rows
}

/// Fails unless the baseline has all its components and reacts to its last button.
async fn try_baseline(scene: &Scene) -> Outcome {
    let found = scene.page.js(TRY_BASELINE, &[]).await?;
    if found == json!([BASELINE_PARTS, true]) {
        return Ok(());
    }
    Err(Trouble::new(format!("the baseline does not work: sections, changes: {found}")))
}

/// Visits a page for the first time; `afterwards` looks at it when it has been measured.
async fn visit(
    stage: &Stage,
    look: &str,
    slow: bool,
    afterwards: impl AsyncFnOnce(&Scene) -> Outcome,
) -> Outcome<Visit> {
    let work = async |scene: &Scene| {
        let session = &scene.page.session;
        session.before_each_page(&PROBE.replace("@LOOK@", look)).await?;
        if slow {
            session.cdp("Network.enable", json!({})).await?;
            let line = json!({
                "offline": false, "latency": 170,
                "downloadThroughput": 9_000_000 / 8, "uploadThroughput": 1_600_000 / 8,
            });
            session.cdp("Network.emulateNetworkConditions", line).await?;
            session.cdp("Emulation.setCPUThrottlingRate", json!({"rate": 4})).await?;
        }
        session.go(&scene.address).await?;
        // A promise, not a question asked again and again, which would be work for the page.
        let seen = scene.page.js("return window.measured", &[]).await?;
        afterwards(scene).await?;
        match (seen[0].as_f64(), seen[1].as_f64(), seen[2].as_f64()) {
            (Some(painted), Some(usable), Some(blocked)) => Ok(Visit { painted, usable, blocked }),
            _ => Err(Trouble::new(format!("no moments but {seen}"))),
        }
    };
    stage.look(work).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ratio_is_that_of_the_medians() {
        let visits = |usable: [f64; 3]| {
            usable.map(|usable| Visit { painted: 10.0, usable, blocked: usable - 100.0 })
        };
        let (page, baseline) = (visits([600.0, 200.0, 300.0]), visits([100.0, 200.0, 400.0]));
        let drawn = crate::table::draw(&compared(&ALL[1], &page, &baseline));
        let line = |start: &str| {
            let found = drawn.lines().find(|line| line.trim_start().starts_with(start));
            found.unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ")
        };
        let expected = "page ÷ baseline, of the medians 1.50 × ≤ 1.40 missed 1.28 17 % more";
        assert_eq!(line("page ÷"), expected, "{drawn}");
        assert_eq!(line("most of"), "most of a pair 6.00 ×", "{drawn}");
        let expected = "total blocking time, median 200 ms ≤ 250 reached";
        assert_eq!(line("total"), expected, "{drawn}");
        assert_eq!(line("of the baseline"), "of the baseline 100 ms", "{drawn}");
    }
}
