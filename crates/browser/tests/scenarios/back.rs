//! Back closes what is open over the page, and leaves the page only after that.

use pilotlight_browser_tests::states::words::BOTH;
use pilotlight_browser_tests::{HostPage, Outcome, Page, Stage, Verdict};
use serde_json::{Value, json};

use crate::common::make_first_picture;

/// How many dialogs are open, and how many entries the history has.
async fn open(page: &Page) -> Outcome<(u64, u64)> {
    let body = "return [pilotlightTest.modals().length, history.length]";
    let found = page.js(body, &[]).await?;
    let number = |at: usize| found[at].as_u64().unwrap_or(0);
    Ok((number(0), number(1)))
}

async fn until_open(page: &Page, count: u64) -> Outcome {
    let body = "const open = pilotlightTest.modals().length;\
        return open === arguments[0] && new Promise((then) => setTimeout(() => then(true), 60))";
    page.until(&format!("{count} open dialogs"), body, &[json!(count)]).await.map(drop)
}

async fn back(page: &Page) -> Outcome {
    page.js("history.back()", &[]).await.map(drop)
}

#[test]
fn back_closes_one_dialog_after_the_other() {
    Stage::new("warm").set("run_ms", 300).play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        make_first_picture(page, "a tiger").await?;
        let (_, before) = open(page).await?;
        let all =
            "return pilotlightTest.all('button').find((one) => /^All results/.test(one.innerText))";
        let all = page.element("the gallery's button", all, &[]).await?;
        page.click_on(&all).await?;
        until_open(page, 1).await?;
        page.click("option", "a tiger").await?;
        until_open(page, 2).await?;
        back(page).await?;
        until_open(page, 1).await?;
        back(page).await?;
        until_open(page, 0).await?;
        // Closed by its own button, it leaves nothing to go back to.
        page.click("button", "Settings").await?;
        until_open(page, 1).await?;
        page.click("button", "Close").await?;
        until_open(page, 0).await?;
        let state = page.js("return history.state", &[]).await?;
        assert_eq!(state, Value::Null, "an entry of a closed dialog is left");
        // One dialog takes the place of another one.
        page.click("button", "Settings").await?;
        until_open(page, 1).await?;
        page.click("button", "Test connection").await?;
        page.find("dialog", "Test connection").await?;
        until_open(page, 1).await?;
        back(page).await?;
        until_open(page, 0).await?;
        assert!(open(page).await?.1 <= before + 2, "entries pile up");
        // Now it leaves the page.
        page.ready().await?;
        Ok(())
    });
}

#[test]
fn in_a_frame_back_closes_a_dialog_and_keeps_what_the_host_entered() {
    Stage::new("warm").play(async |scene| -> Verdict {
        let own = "<!doctype html><title>a host</title>\
            <iframe style='inline-size: 900px' height=600 src='https://pilotlight.example/?embed=1&show=header'>\
            </iframe>";
        let host_page = HostPage::start(scene, own, true, false).await?;
        host_page.open(scene, "/own.html").await?;
        host_page.enter(scene, 0).await?;
        let page = &scene.page;
        page.click("button", BOTH[0].settings).await?;
        until_open(page, 1).await?;
        back(page).await?;
        until_open(page, 0).await?;
        // The host enters something while a dialog is open; closing that must not leave it.
        page.click("button", BOTH[0].settings).await?;
        until_open(page, 1).await?;
        page.session.leave_frame().await?;
        page.js("history.pushState('mine', '', '#mine')", &[]).await?;
        host_page.look_into(scene, 0).await?;
        page.click("button", "Close").await?;
        until_open(page, 0).await?;
        page.session.leave_frame().await?;
        let still = page.js("return [history.state, location.hash]", &[]).await?;
        assert_eq!(still, json!(["mine", "#mine"]), "the host's entry was left");
        Ok(())
    });
}
