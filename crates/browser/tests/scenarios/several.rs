//! Several tabs of one browser, and one that dies.

use pilotlight_browser_tests::{Stage, Verdict, page, store};
use serde_json::json;

use crate::common::{make_first_picture, press_run, requests, sole_run};

#[test]
fn what_one_tab_gets_and_deletes_the_other_shows() {
    Stage::new("warm").play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        let first = page.session.tab().await?;
        let second = page.session.new_tab().await?;
        page.session.before_each_page(page::SCRIPT).await?;
        scene.open().await?;
        make_first_picture(page, "a tiger").await?;
        let asked = requests(scene, "").await?;
        page.session.use_tab(&first).await?;
        page.pictures(1).await?;
        page.click("button", "Delete").await?;
        page.see("Deleted").await?;
        page.session.use_tab(&second).await?;
        page.pictures(0).await?;
        page.session.use_tab(&first).await?;
        page.click("button", "Undo").await?;
        page.session.use_tab(&second).await?;
        page.pictures(1).await?;
        assert_eq!(requests(scene, "").await?, asked, "somebody was asked");
        sole_run(scene, "success").await?;
        Ok(())
    });
}

#[test]
fn a_run_of_a_tab_that_is_killed_goes_on_in_the_other() {
    Stage::new("warm").play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        let first = page.session.tab().await?;
        page.session.new_tab().await?;
        page.session.before_each_page(page::SCRIPT).await?;
        scene.open().await?;
        press_run(page, "a tiger [sleep=3]").await?;
        page.until_phase(1, "running").await?;
        // Nothing of it has time to say farewell.
        let dead = page.session.cdp("Page.crash", json!({})).await;
        assert!(dead.is_err(), "the tab is still there");
        page.session.use_tab(&first).await?;
        scene.reload().await?;
        page.until_phase(1, "done").await?;
        page.pictures(1).await?;
        store::until(page, "rows", 1).await?;
        sole_run(scene, "success").await?;
        Ok(())
    });
}
