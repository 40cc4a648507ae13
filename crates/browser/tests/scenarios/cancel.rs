//! Taking a run back, at every stage of it.

use pilotlight_browser_tests::{Stage, Verdict};

use crate::common::{busy, choose, press_run, requests, until_asked, until_taken};

#[test]
fn cancelling_while_the_gpu_wakes_sends_nothing() {
    Stage::new("cold").play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        press_run(page, "a tiger").await?;
        page.until_phase(1, "waking").await?;
        until_asked(scene, 1).await?;
        page.click("button", "Cancel").await?;
        page.until_phase(1, "cancelled").await?;
        assert_eq!(requests(scene, "POST").await?, 0);
        let log = scene.emulator.log_when_none_is_held().await?;
        assert_eq!(log.len(), 1, "{log:?}");
        assert_eq!(log[0].ended, "abandoned", "the request goes on: {log:?}");
        Ok(())
    });
}

#[test]
fn cancelling_in_line_takes_the_run_out_of_the_queue() {
    busy().set("neighbours", 1).play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        press_run(page, "a tiger").await?;
        page.see("Queued (1 ahead)").await?;
        page.click("button", "Cancel").await?;
        page.until_phase(1, "cancelled").await?;
        let all = scene.emulator.executions().await?;
        let mine: Vec<_> = all.iter().filter(|one| !one.foreign).collect();
        assert_eq!(mine.len(), 1, "{all:?}");
        assert_eq!(mine[0].outcome, "deleted", "{all:?}");
        let theirs = all.iter().find(|one| one.foreign).unwrap();
        assert_ne!(theirs.outcome, "interrupted", "somebody else's run was stopped");
        Ok(())
    });
}

#[test]
fn cancelling_a_running_run_interrupts_it_and_no_other() {
    Stage::new("warm").play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        press_run(page, "a tiger [sleep=5]").await?;
        page.until_phase(1, "running").await?;
        page.click("button", "Cancel").await?;
        page.until_phase(1, "cancelling").await?;
        page.see("Canceling").await?;
        page.until_phase(1, "cancelled").await?;
        let taken = scene.emulator.taken().await?;
        assert_eq!(taken.len(), 1, "{taken:?}");
        assert_eq!(taken[0].outcome, "interrupted", "{taken:?}");
        page.click("button", "Run again").await?;
        page.until_phase(2, "done").await?;
        Ok(())
    });
}

#[test]
fn cancelling_what_waits_in_the_page_costs_nothing() {
    Stage::new("warm").set("run_ms", 2_000).play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        choose(page, "Number of runs", "3").await?;
        press_run(page, "a tiger").await?;
        until_taken(scene, 2).await?;
        let third = page.run(3).await?;
        assert_eq!(page.phase(3).await?, "waiting");
        page.click_in(&third, "button", "Cancel").await?;
        page.until_phase(3, "cancelled").await?;
        page.until_phase(1, "done").await?;
        page.until_phase(2, "done").await?;
        assert_eq!(scene.emulator.taken().await?.len(), 2);
        Ok(())
    });
}
