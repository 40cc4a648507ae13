//! Looking costs nothing.

use std::time::Duration;

use pilotlight_browser_tests::{Stage, Verdict};

use crate::common::press_run;

/// The one thing that can only be seen by waiting: that nothing happens.
const LONG: Duration = Duration::from_secs(30);

#[test]
fn a_page_that_is_only_looked_at_for_30_s_asks_nothing() {
    Stage::new("demo").play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        page.fill("Prompt", "a tiger").await?;
        page.click("tab", "Image to text").await?;
        page.choose_file("Image", &scene.picture()).await?;
        page.click("button", "GPU status unknown").await?;
        page.see("Opening this doesn’t wake it.").await?;
        page.press("Escape").await?;
        page.click("button", "Settings").await?;
        page.press("Escape").await?;
        page.click("button", "中文").await?;
        tokio::time::sleep(LONG).await;
        let log = scene.emulator.log().await?;
        assert_eq!(log.len(), 0, "{log:?}");
        Ok(())
    });
}

#[test]
fn a_page_whose_runs_have_ended_asks_nothing_for_30_s() {
    Stage::new("polling").set("run_ms", 500).play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        press_run(page, "a tiger").await?;
        page.until_phase(1, "done").await?;
        press_run(page, "a tiger [error]").await?;
        page.until_phase(2, "failed").await?;
        let before = scene.emulator.log().await?.len();
        tokio::time::sleep(LONG).await;
        let log = scene.emulator.log().await?;
        assert_eq!(log.len(), before, "{:?}", &log[before..]);
        // Nor does a page that is opened again with nothing under way.
        scene.reload().await?;
        page.click("button", "Settings").await?;
        assert_eq!(scene.emulator.log().await?.len(), before);
        Ok(())
    });
}
