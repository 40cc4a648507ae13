//! The page comes in two parts: the form first, what runs and shows after it.

use pilotlight_browser_tests::{Outcome, Page, Stage, Verdict, ensure};
use serde_json::json;

use crate::common::{another_press, sole_run};

/// Every request for the second part waits until `letGo` is called.
pub const HELD_BACK: &str = "const ask = window.fetch; const gate = new Promise((go) => window.letGo = go);\
    window.fetch = (what, how) => String(what.url ?? what).includes('_second_bundle.wasm')\
    ? gate.then(() => ask(what, how)) : ask(what, how);";

async fn block(page: &Page, urls: &[&str]) -> Outcome {
    page.session.cdp("Network.enable", json!({})).await?;
    page.session.cdp("Network.setBlockedURLs", json!({"urls": urls})).await.map(drop)
}

#[test]
fn the_form_can_be_used_without_the_second_part_and_the_next_press_fetches_it() {
    let notice = "Part of this page didn’t load";
    Stage::new("warm").play(async |scene| -> Verdict {
        let page = &scene.page;
        block(page, &["*_second_bundle.wasm"]).await?;
        scene.open().await?;
        page.see(notice).await?;
        page.fill("Prompt", "a lamp in the fog").await?;
        page.click("tab", "Image to text").await?;
        page.fill("Question", "Where is the lamp?").await?;
        page.click("button", "中文").await?;
        page.click("tab", "文生图").await?;
        page.click("button", "English").await?;
        assert_eq!(page.value("Prompt").await?, "a lamp in the fog");
        page.click("button", "Run").await?;
        page.see(notice).await?;
        another_press(page).await?;
        ensure(scene.emulator.taken().await?.is_empty(), || "something ran".to_owned())?;
        block(page, &[]).await?;
        page.click("button", "Run").await?;
        page.until_phase(1, "done").await?;
        page.pictures(1).await?;
        ensure(!page.text().await?.contains(notice), || "the notice stayed".to_owned())?;
        sole_run(scene, "success").await?;
        Ok(())
    });
}

#[test]
fn a_run_asked_for_before_the_second_part_is_there_starts_once_when_it_comes() {
    Stage::new("warm").play(async |scene| -> Verdict {
        let page = &scene.page;
        page.session.before_each_page(HELD_BACK).await?;
        scene.open().await?;
        page.fill("Prompt", "a lamp in the fog").await?;
        page.click("button", "Run").await?;
        another_press(page).await?;
        page.click("button", "Run").await?;
        let busy =
            "return pilotlightTest.all('button', 'Run')[0].getAttribute('aria-busy') === 'true'";
        page.until("a button that says it is busy", busy, &[]).await?;
        ensure(page.count("group", "1").await? == 0, || "a run without its code".to_owned())?;
        page.js("window.letGo(); return true", &[]).await?;
        page.until_phase(1, "done").await?;
        page.until("a button that is free", &busy.replace("=== 'true'", "!== 'true'"), &[]).await?;
        sole_run(scene, "success").await?;
        Ok(())
    });
}

#[test]
fn an_editor_that_could_not_be_fetched_comes_with_the_next_press() {
    let notice = "Part of this page didn’t load";
    Stage::new("warm").play(async |scene| -> Verdict {
        let page = &scene.page;
        block(page, &["*_workflows.wasm"]).await?;
        scene.open().await?;
        page.unfold("Advanced").await?;
        page.click("button", "Edit form").await?;
        page.see(notice).await?;
        block(page, &[]).await?;
        page.click("button", "Edit form").await?;
        page.find("button", "Save as a file").await?;
        ensure(!page.text().await?.contains(notice), || "the notice stayed".to_owned())?;
        Ok(())
    });
}
