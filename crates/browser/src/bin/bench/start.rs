//! From the start of the navigation to a form that takes what is typed.
//!
//! Invariant: each visit is a first one, in a browser with an empty profile; the form counts as
//! usable when the page itself has taken in what was typed into its prompt.

use pilotlight_browser_tests::{Outcome, Stage, Trouble};
use serde_json::json;

use crate::table::{Row, share};

const VISITS: usize = 5;

/// Types as soon as there is where to type, and notes when the page has kept it.
const PROBE: &str = "(() => {\
    const words = 'typed by the measurement';\
    const attempt = () => {\
        if (window.usableAt) return;\
        const app = document.getElementById('app');\
        const field = app && !app.hasAttribute('aria-busy') && app.querySelector('form textarea');\
        if (!field) return;\
        if (!field.value.includes(words)) {\
            field.focus();\
            document.execCommand('insertText', false, words);\
        }\
        const kept = Object.keys(localStorage).some((key) => localStorage[key].includes(words));\
        if (kept) window.usableAt = performance.now(); else requestAnimationFrame(attempt);\
    };\
    new MutationObserver(attempt).observe(document, \
        { subtree: true, childList: true, attributes: true, attributeFilter: ['aria-busy'] });\
    })()";

/// Under which conditions the page is visited.
struct Conditions {
    name: &'static str,
    slow: bool,
    target_ms: f64,
}

const ALL: [Conditions; 2] = [
    Conditions { name: "loopback", slow: false, target_ms: 320.0 },
    Conditions { name: "CPU ÷ 4, 9 Mbit/s, 170 ms", slow: true, target_ms: 1_400.0 },
];

pub async fn measure() -> Outcome<Vec<Row>> {
    let mut rows = Vec::new();
    for conditions in &ALL {
        let (mut usable, mut painted) = (Vec::new(), Vec::new());
        for _ in 0..VISITS {
            let (first_paint_ms, usable_ms) = visit(conditions.slow).await?;
            painted.push(first_paint_ms);
            usable.push(usable_ms);
        }
        let name = conditions.name;
        rows.push(Row::new(
            format!("form usable, {name}, median of {VISITS}"),
            share(&usable, 0.5),
            "ms",
            conditions.target_ms,
        ));
        rows.push(Row::told("  best of them", share(&usable, 0.0), "ms"));
        rows.push(Row::told("  first contentful paint, median", share(&painted, 0.5), "ms"));
    }
    Ok(rows)
}

/// First contentful paint and usable form, in ms from the start of the navigation.
async fn visit(slow: bool) -> Outcome<(f64, f64)> {
    let mut scene = Stage::new("warm").build().await?;
    let seen = async {
        let session = &scene.page.session;
        session.before_each_page(PROBE).await?;
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
        let body = "const [paint] = performance.getEntriesByName('first-contentful-paint');\
            return paint && window.usableAt && [paint.startTime, window.usableAt]";
        scene.page.until("a form that takes what is typed", body, &[]).await
    };
    let seen = seen.await;
    scene.page.session.close().await;
    let seen = seen?;
    match (seen[0].as_f64(), seen[1].as_f64()) {
        (Some(painted), Some(usable)) => Ok((painted, usable)),
        _ => Err(Trouble::new(format!("no moments but {seen}"))),
    }
}
