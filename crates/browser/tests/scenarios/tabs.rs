//! The page in two tabs of one browser.

use std::time::{Duration, Instant};

use pilotlight_browser_tests::{Outcome, Page, Scene, Stage, Verdict, WindowHandle, ensure, page};
use serde_json::json;

use crate::common::{another_press, press_run, requests, sole_run};

#[test]
fn a_second_tab_does_not_take_up_the_run_of_the_first() {
    Stage::new("two-tabs").play(async |scene| -> Verdict {
        scene.page.be_patient(Duration::from_secs(25));
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
        page.see("Queued (1 ahead)").await?;
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
        scene.page.be_patient(Duration::from_secs(25));
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

/// How long an open tab may take until it shows the run of a tab that is gone.
const TAKEN_UP: Duration = Duration::from_secs(10);

/// Opens the page in another tab and uses that.
async fn open_another_tab(scene: &Scene) -> Outcome<WindowHandle> {
    let tab = scene.page.session.new_tab().await?;
    scene.page.session.before_each_page(page::SCRIPT).await?;
    scene.open().await?;
    scene.page.until_awake().await?;
    Ok(tab)
}

/// Waits until this tab shows a run that another one left, and says how long that took.
async fn until_taken_up(page: &Page, number: u32, since: Instant) -> Outcome {
    page.until_phase(number, "queued|running|collecting|done").await?;
    let took = since.elapsed();
    println!("run {number} of a tab that is gone was taken up after {} ms", took.as_millis());
    ensure(took < TAKEN_UP, || format!("taken up after {took:?} only"))
}

#[test]
fn an_open_tab_takes_up_the_run_of_a_tab_that_is_closed() {
    Stage::new("two-tabs").play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        page.until_awake().await?;
        let first = page.session.tab().await?;
        open_another_tab(scene).await?;
        press_run(page, "a tiger [sleep=9]").await?;
        page.until_phase(1, "running").await?;
        page.session.close_tab().await?;
        let since = Instant::now();
        page.session.use_tab(&first).await?;
        assert_eq!(page.phase(1).await?, "", "before the other one was closed");
        until_taken_up(page, 1, since).await?;
        page.until_phase(1, "done").await?;
        assert_eq!(page.pictures(1).await?, ["a tiger [sleep=9]"]);
        sole_run(scene, "success").await?;
        assert_eq!(requests(scene, "POST /openai/api/prompt").await?, 1);
        Ok(())
    });
}

#[test]
fn an_open_tab_takes_up_all_that_waited_in_a_tab_that_crashed() {
    Stage::new("two-tabs").set("run_ms", 1_500).limit(120).play(async |scene| -> Verdict {
        scene.page.be_patient(Duration::from_secs(20));
        scene.open().await?;
        let page = &scene.page;
        page.until_awake().await?;
        let first = page.session.tab().await?;
        open_another_tab(scene).await?;
        press_run(page, "number 1 [sleep=6]").await?;
        for number in 2..=5 {
            another_press(page).await?;
            press_run(page, &format!("number {number}")).await?;
        }
        page.until_phase(2, "queued").await?;
        assert_eq!(page.phase(5).await?, "waiting");
        // The answer of a tab that breaks is an error, or none at all.
        let crash = page.session.cdp("Page.crash", json!({}));
        let _ = tokio::time::timeout(Duration::from_secs(2), crash).await;
        let since = Instant::now();
        page.session.use_tab(&first).await?;
        until_taken_up(page, 1, since).await?;
        for number in 1..=5 {
            page.until_phase(number, "done").await?;
        }
        page.pictures(5).await?;
        let taken = scene.emulator.taken().await?;
        assert!(taken.iter().all(|run| run.queued == 1 && run.starts == 1), "{taken:?}");
        assert_eq!(taken.len(), 5);
        assert_eq!(requests(scene, "POST /openai/api/prompt").await?, 5);
        let order: Vec<String> =
            scene.emulator.executions().await?.into_iter().map(|one| one.id).collect();
        let wanted: Vec<String> = taken.into_iter().map(|run| run.id).collect();
        assert_eq!(order, wanted, "in the order in which they were wanted");
        Ok(())
    });
}

#[test]
fn of_two_open_tabs_one_takes_up_what_a_third_one_left() {
    Stage::new("two-tabs").play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        page.until_awake().await?;
        let first = page.session.tab().await?;
        let second = open_another_tab(scene).await?;
        open_another_tab(scene).await?;
        press_run(page, "a tiger [sleep=12]").await?;
        another_press(page).await?;
        press_run(page, "a fox").await?;
        page.until_phase(2, "queued").await?;
        page.session.close_tab().await?;
        let since = Instant::now();
        // Both look for longer than it takes.
        page.session.use_tab(&first).await?;
        let of = async |tab: &WindowHandle| -> Outcome<[String; 2]> {
            page.session.use_tab(tab).await?;
            Ok([page.phase(1).await?, page.phase(2).await?])
        };
        let mut seen = [of(&first).await?, of(&second).await?];
        while since.elapsed() < TAKEN_UP {
            seen = [of(&first).await?, of(&second).await?];
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        let has = seen.each_ref().map(|runs| runs.iter().all(|phase| !phase.is_empty()));
        let has_none = seen.each_ref().map(|runs| runs.iter().all(String::is_empty));
        ensure(has[0] != has[1] && has_none[0] != has_none[1], || format!("{seen:?}"))?;
        page.session.use_tab(if has[0] { &first } else { &second }).await?;
        page.until_phase(1, "done").await?;
        page.until_phase(2, "done").await?;
        assert_eq!(requests(scene, "POST /openai/api/prompt").await?, 2);
        let taken = scene.emulator.taken().await?;
        assert!(taken.iter().all(|run| run.queued == 1 && run.starts == 1), "{taken:?}");
        Ok(())
    });
}

#[test]
fn a_run_stays_in_a_tab_that_is_loaded_again_and_idle_tabs_ask_nothing() {
    Stage::new("two-tabs").play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        page.until_awake().await?;
        let first = page.session.tab().await?;
        let second = open_another_tab(scene).await?;
        press_run(page, "a tiger [sleep=8]").await?;
        page.until_phase(1, "running").await?;
        scene.reload().await?;
        page.until_phase(1, "running").await?;
        page.until_phase(1, "done").await?;
        page.session.use_tab(&first).await?;
        assert_eq!(page.pictures(1).await?, ["a tiger [sleep=8]"]);
        assert_eq!(page.phase(1).await?, "", "it went to the tab that was idle");
        assert_eq!(requests(scene, "POST /openai/api/prompt").await?, 1);
        // A tab that leaves nothing behind is followed by nothing.
        let asked = requests(scene, "").await?;
        page.session.use_tab(&second).await?;
        page.session.close_tab().await?;
        page.session.use_tab(&first).await?;
        let rest = "return new Promise((then) => setTimeout(() => then(true), 6000))";
        page.js(rest, &[]).await?;
        assert_eq!(page.phase(1).await?, "");
        assert_eq!(requests(scene, "").await?, asked, "an idle tab asked");
        Ok(())
    });
}
