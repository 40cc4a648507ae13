//! The page itself breaks.

use pilotlight_browser_tests::{Stage, Verdict};
use serde_json::json;

use crate::common::{press_run, sole_run};

/// From now on the document refuses to make elements, as no browser does: the page cannot but
/// panic when it next draws something.
const BREAK: &str = "const refuse = () => { throw new Error('refused for a test'); };\
    Document.prototype.createElement = refuse; Document.prototype.createElementNS = refuse;\
    Node.prototype.cloneNode = refuse; return true";

#[test]
fn a_panic_shows_a_notice_and_a_reload_goes_on() {
    Stage::new("warm").play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        press_run(page, "a tiger [sleep=4]").await?;
        page.until_phase(1, "running").await?;
        page.js(BREAK, &[]).await?;
        page.click("tab", "Image to text").await?;
        page.find("alertdialog", "Something in this page broke").await?;
        page.see("Nothing that was stored is lost").await?;
        assert_eq!(page.focused().await?, "button Reload");
        let panicked = "return document.documentElement.dataset.crashed";
        let words = page.js(panicked, &[]).await?.to_string();
        assert!(words.contains("panicked at"), "not a panic of the page itself: {words}");
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
        page.click("button", "重新载入").await?;
        page.ready().await?;
        Ok(())
    });
}
