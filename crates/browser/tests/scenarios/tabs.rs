//! The page in two tabs of one browser.

use pilotlight_browser_tests::{Stage, Verdict, page};

use crate::common::{press_run, requests};

#[test]
fn a_second_tab_does_not_take_up_the_run_of_the_first() {
    Stage::new("two-tabs").play(async |scene| -> Verdict {
        scene.page.be_patient(std::time::Duration::from_secs(25));
        scene.open().await?;
        let page = &scene.page;
        press_run(page, "a tiger").await?;
        page.until_phase(1, "running").await?;
        let first = page.session.tab().await?;
        let asked = scene.emulator.log().await?.len();
        let second = page.session.new_tab().await?;
        page.session.before_each_page(page::SCRIPT).await?;
        scene.open().await?;
        assert_eq!(page.phase(1).await?, "", "the run of another tab");
        assert_eq!(scene.emulator.log().await?.len(), asked, "the second tab asked");
        // It has runs of its own, behind the first one.
        press_run(page, "a fox").await?;
        page.until_phase(2, "queued").await?;
        page.see("In line (1 ahead)").await?;
        page.session.use_tab(&first).await?;
        page.until_phase(1, "done").await?;
        assert_eq!(page.pictures(1).await?, ["a tiger"]);
        page.session.use_tab(&second).await?;
        page.until_phase(2, "done").await?;
        assert_eq!(page.pictures(2).await?, ["a fox", "a tiger"]);
        assert_eq!(requests(scene, "POST /openai/api/prompt").await?, 2);
        Ok(())
    });
}

#[test]
fn a_tab_that_opens_after_another_was_closed_takes_up_its_run() {
    Stage::new("two-tabs").play(async |scene| -> Verdict {
        scene.page.be_patient(std::time::Duration::from_secs(25));
        scene.open().await?;
        let page = &scene.page;
        press_run(page, "a tiger").await?;
        page.until_phase(1, "running").await?;
        let first = page.session.tab().await?;
        let second = page.session.new_tab().await?;
        page.session.use_tab(&first).await?;
        page.session.close_tab().await?;
        page.session.use_tab(&second).await?;
        page.session.before_each_page(page::SCRIPT).await?;
        scene.open().await?;
        page.until_phase(1, "running").await?;
        page.until_phase(1, "done").await?;
        page.pictures(1).await?;
        assert_eq!(requests(scene, "POST /openai/api/prompt").await?, 1);
        Ok(())
    });
}
