//! The page itself breaks.

use pilotlight_browser_tests::{Stage, Verdict};
use serde_json::json;

use crate::common::{press_run, sole_run};

/// From now on the browser lies about how long a text is, as none does: the page's module cannot
/// but stop when it is handed one that is not plain ASCII.
const BREAK: &str = "const encode = TextEncoder.prototype.encodeInto;\
    TextEncoder.prototype.encodeInto = function (text, place) {\
    return { read: encode.call(this, text, place).read, written: -1e6 } }; return true";

#[test]
fn a_page_that_stops_shows_a_notice_and_a_reload_goes_on() {
    Stage::new("warm").play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        press_run(page, "a tiger [sleep=4]").await?;
        page.until_phase(1, "running").await?;
        page.js(BREAK, &[]).await?;
        page.click("textbox", "Prompt").await?;
        page.session.cdp("Input.insertText", json!({"text": "虎"})).await?;
        page.find("alertdialog", "Something went wrong").await?;
        page.see("Nothing stored is lost").await?;
        assert_eq!(page.focused().await?, "button Reload");
        let words = page.js("return document.documentElement.dataset.crashed", &[]).await?;
        assert!(words.as_str().is_some_and(|words| !words.is_empty()), "nothing to report");
        page.click("button", "Reload").await?;
        page.ready().await?;
        page.until_phase(1, "done").await?;
        page.pictures(1).await?;
        sole_run(scene, "success").await?;
        Ok(())
    });
}

#[test]
fn a_page_whose_module_does_not_arrive_says_so() {
    Stage::new("warm").chinese().play(async |scene| -> Verdict {
        let page = &scene.page;
        page.session.cdp("Network.enable", json!({})).await?;
        page.session.cdp("Network.setBlockedURLs", json!({"urls": ["*.wasm"]})).await?;
        page.session.go(&scene.address).await?;
        page.find("alertdialog", "页面无法启动").await?;
        page.session.cdp("Network.setBlockedURLs", json!({"urls": []})).await?;
        page.click("button", "刷新").await?;
        page.ready().await?;
        Ok(())
    });
}
