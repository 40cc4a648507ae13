//! A server that wants a key, and one that answers listed pages only; the page is on another site.

use pilotlight_browser_tests::{Outcome, Page, Scene, Stage, Verdict, ensure, kept, page};
use serde_json::json;

use crate::common::{another_press, downloaded, fill_question, press_run, sole_run};

/// What the scenario's server wants.
const KEY: &str = "sesame";

async fn enter(page: &Page, key: &str) -> Outcome {
    page.fill("Key", key).await?;
    page.click("button", "Use this key").await
}

/// Nobody who looks at what the page keeps, shows or gives away finds the key.
async fn is_nowhere(scene: &Scene, when: &str) -> Outcome {
    let page = &scene.page;
    let local = page.js("return JSON.stringify({...localStorage})", &[]).await?.to_string();
    ensure(local.contains("pilotlight."), || format!("{when}: nothing is kept: {local}"))?;
    let address = page.js("return location.href", &[]).await?.to_string();
    let shown = page.js("return document.documentElement.outerHTML", &[]).await?.to_string();
    // What a worker keeps of replies, and what the next page in this tab finds.
    let worker = "return (async () => { const all = [];\
        for (const name of await caches.keys()) { const cache = await caches.open(name);\
            for (const request of await cache.keys()) { all.push(request.url);\
                if (!/\\.(wasm|js|png|svg)$/.test(request.url))\
                    all.push(await (await cache.match(request)).text()); } }\
        return all.join(' ') + window.name + JSON.stringify(history.state) + document.title })()";
    let worker = page.js(worker, &[]).await?.to_string();
    let places = [
        ("localStorage", local),
        ("IndexedDB", kept::snapshot(page).await?.to_string()),
        ("the address", address),
        ("the page", shown),
        ("a cache, the window or its history", worker),
        ("the console", page.session.console().await?.join("\n")),
    ];
    for (place, text) in places {
        ensure(!text.contains(KEY), || format!("{when}: the key is in {place}"))?;
    }
    // No request names it outside of its body.
    for entry in scene.emulator.log().await? {
        let told = format!("{} {} {:?}", entry.line(), entry.query, entry.headers);
        ensure(!told.contains(KEY), || format!("{when}: {told}"))?;
    }
    Ok(())
}

#[test]
fn a_run_goes_on_once_the_key_is_entered() {
    Stage::new("direct-key").direct().play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        press_run(page, "a tiger").await?;
        page.until_phase(1, "failed").await?;
        page.see("This server needs a key").await?;
        assert_eq!(scene.emulator.taken().await?.len(), 0);

        page.click("button", "Enter key").await?;
        page.see("kept until you close this tab").await?;
        page.see("Ask your admin for it.").await?;
        enter(page, "simsalabim").await?;
        page.see("That key didn’t work").await?;
        page.until_phase(1, "failed").await?;

        page.click("button", "Enter key").await?;
        enter(page, &format!(" {KEY} ")).await?;
        page.until_phase(1, "done").await?;
        assert_eq!(page.pictures(1).await?, ["a tiger"]);
        sole_run(scene, "success").await?;
        is_nowhere(scene, "after a run").await?;
        Ok(())
    });
}

#[test]
fn the_key_outlives_a_reload_of_the_tab_and_no_more() {
    Stage::new("direct-key").direct().play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        fill_question(scene, "What burns? [answer=A flame.]").await?;
        page.click("button", "Run").await?;
        page.click("button", "Enter key").await?;
        enter(page, KEY).await?;
        page.until_phase(1, "done").await?;
        page.see("A flame.").await?;

        scene.reload().await?;
        page.click("tab", "Text to image").await?;
        press_run(page, "a fox").await?;
        page.until_phase(2, "done").await?;
        page.pictures(1).await?;
        page.click("button", "All results · 2").await?;
        page.see("2 results").await?;
        page.click("button", "Export").await?;
        let (_, archive) = downloaded(page).await?;
        ensure(archive.len() > 1_000, || format!("{} bytes", archive.len()))?;
        let found = archive.windows(KEY.len()).any(|part| part == KEY.as_bytes());
        ensure(!found, || "the key is in the archive".to_owned())?;
        page.press("Escape").await?;
        is_nowhere(scene, "after a reload").await?;

        // Another tab has never heard of it.
        page.session.new_tab().await?;
        page.session.before_each_page(page::SCRIPT).await?;
        scene.open().await?;
        let held = page.js("return JSON.stringify({...sessionStorage})", &[]).await?.to_string();
        ensure(!held.contains(KEY), || format!("another tab has it: {held}"))?;
        press_run(page, "an owl").await?;
        page.until_phase(3, "failed").await?;
        page.see("This server needs a key").await?;
        Ok(())
    });
}

#[test]
fn a_key_that_is_forgotten_is_asked_for_again() {
    Stage::new("direct-key").direct().play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        press_run(page, "a tiger").await?;
        page.click("button", "Enter key").await?;
        enter(page, KEY).await?;
        page.until_phase(1, "done").await?;
        page.click("button", "Settings").await?;
        page.click("button", "Change key").await?;
        page.click("button", "Forget key").await?;
        page.press("Escape").await?;
        press_run(page, "a fox").await?;
        page.until_phase(2, "failed").await?;
        page.see("This server needs a key").await?;
        // It was heard of a moment ago, so the prompt went out, and was refused.
        page.click("button", "Enter key").await?;
        enter(page, KEY).await?;
        page.until_phase(2, "done").await?;
        let taken = scene.emulator.taken().await?;
        assert_eq!(taken.len(), 2, "{taken:?}");
        assert!(taken.iter().all(|run| run.queued == 1), "{taken:?}");
        Ok(())
    });
}

/// Unfolds what there is under the pill.
async fn unfold(page: &Page) -> Outcome {
    let pill = "return document.getElementById('server')";
    page.click_on(&page.element("the pill", pill, &[]).await?).await
}

#[test]
fn waking_says_that_a_key_is_wanted() {
    Stage::new("direct-key").direct().play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        unfold(page).await?;
        page.click("button", "Wake it now").await?;
        page.see("This server needs a key. Enter it, then wake the GPU again.").await?;
        page.click("button", "Enter key").await?;
        enter(page, KEY).await?;
        // The dialog took its place.
        unfold(page).await?;
        page.click("button", "Wake it now").await?;
        page.see("The GPU is awake.").await?;
        Ok(())
    });
}

#[test]
fn a_page_that_is_not_listed_is_told_so() {
    let stage = Stage::new("direct").set("extension_origins", r#"["https://another.example"]"#);
    stage.direct().play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        press_run(page, "a tiger").await?;
        page.until_phase(1, "failed").await?;
        page.see("This server only accepts pages from listed sites.").await?;
        page.see("Details").await?;
        assert_eq!(scene.emulator.taken().await?.len(), 0);

        // Its operator adds it; ComfyUI itself needs no flag for it.
        let origins = json!([scene.address.trim_end_matches('/')]);
        scene.emulator.set(json!({"extension_origins": origins, "cors": false})).await?;
        another_press(page).await?;
        press_run(page, "a fox").await?;
        page.until_phase(2, "done").await?;
        page.pictures(1).await?;
        Ok(())
    });
}
