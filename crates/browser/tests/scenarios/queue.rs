//! Many runs: in line, held back, put in another order, taken back together, and lists of prompts.

use pilotlight_browser_tests::{Outcome, Page, Scene, Stage, Verdict};
use serde_json::json;

use crate::common::{another_press, choose, press_run, requests, until_taken};

const PROMPTS: &str = "POST /openai/api/prompt";

/// Opens the list of prompts and fills it in.
async fn list(page: &Page, prompts: &str) -> Outcome {
    page.click("button", "Several prompts…").await?;
    page.fill("One prompt per line", prompts).await
}

/// The prompts of the results, in the order in which they came.
async fn came(page: &Page, count: usize) -> Outcome<Vec<String>> {
    let mut came = page.pictures(count).await?;
    came.reverse();
    Ok(came)
}

/// The numbers of the runs that wait, as they are shown.
async fn shown_waiting(page: &Page) -> Outcome<String> {
    let body = "return pilotlightTest.cards().filter((card) => card.dataset.phase === 'waiting')\
        .map((card) => card.getAttribute('aria-labelledby').slice(4)).join(' ')";
    Ok(page.js(body, &[]).await?.as_str().unwrap_or_default().to_owned())
}

async fn cards(page: &Page) -> Outcome<u64> {
    let count = page.js("return pilotlightTest.cards().length", &[]).await?;
    Ok(count.as_u64().unwrap_or(0))
}

/// Every prompt was queued once and started once, and ended well.
async fn each_ran_once(scene: &Scene, count: usize) -> Outcome {
    let taken = scene.emulator.taken().await?;
    let once = |run: &&_| {
        let run: &pilotlight_browser_tests::emulator::Taken = run;
        run.queued == 1 && run.starts == 1 && run.outcome == "success"
    };
    let ran = taken.iter().filter(once).count();
    pilotlight_browser_tests::ensure(ran == count, || format!("not {count} runs once: {taken:?}"))
}

#[test]
fn while_it_is_paused_nothing_is_sent_also_after_a_reload() {
    Stage::new("warm").play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        choose(page, "Number of runs", "6").await?;
        press_run(page, "a tiger").await?;
        until_taken(scene, 2).await?;
        page.click("button", "Pause").await?;
        page.see("Nothing is sent until you resume.").await?;
        page.until_phase(1, "done").await?;
        page.until_phase(2, "done").await?;
        another_press(page).await?;
        assert_eq!(requests(scene, PROMPTS).await?, 2, "sent while it is paused");
        let all = scene.emulator.log().await?.len();
        // As an older version stored them, which knew of no order but that of numbers.
        let older = "for (const [key, text] of Object.entries(localStorage)) {\
            if (!key.startsWith('pilotlight.run.')) continue;\
            const { place, ...rest } = JSON.parse(text);\
            localStorage.setItem(key, JSON.stringify(rest)) } return true";
        page.js(older, &[]).await?;
        scene.reload().await?;
        page.see("Nothing is sent until you resume.").await?;
        page.run(6).await?;
        assert_eq!(shown_waiting(page).await?, "3 4 5 6");
        another_press(page).await?;
        assert_eq!(scene.emulator.log().await?.len(), all, "asked while it is paused");
        page.click("button", "Resume").await?;
        page.until_phase(6, "done").await?;
        page.pictures(6).await?;
        each_ran_once(scene, 6).await?;
        Ok(())
    });
}

#[test]
fn what_is_moved_up_runs_first_and_the_order_survives_a_reload() {
    Stage::new("warm").set("run_ms", 4_000).play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        list(page, "ant\nbee\ncat\ndog\nelk").await?;
        page.click("button", "Run all").await?;
        until_taken(scene, 2).await?;
        page.click("button", "Pause").await?;
        assert_eq!(shown_waiting(page).await?, "3 4 5");
        let last = page.run(5).await?;
        page.click_in(&last, "button", "Move up").await?;
        page.until("another order", "return document.activeElement.id === 'move-5-up'", &[])
            .await?;
        assert_eq!(shown_waiting(page).await?, "3 5 4");
        assert_eq!(page.focused().await?, "button Move up");
        // Once more, by keyboard.
        page.press("Enter").await?;
        page.until("the front", "return document.activeElement.ariaDisabled === 'true'", &[])
            .await?;
        assert_eq!(shown_waiting(page).await?, "5 3 4");
        assert_eq!(page.focused().await?, "button Move up");
        assert!(page.said().await?.contains(&"Run 5 is now 1 of 3 waiting".to_owned()));
        page.press("Enter").await?;
        assert_eq!(shown_waiting(page).await?, "5 3 4", "there is nowhere to go");
        page.until_phase(2, "done").await?;
        scene.reload().await?;
        page.run(4).await?;
        page.run(5).await?;
        assert_eq!(shown_waiting(page).await?, "5 3 4");
        scene.emulator.set(json!({"run_ms": 500})).await?;
        page.click("button", "Resume").await?;
        page.until_phase(4, "done").await?;
        assert_eq!(came(page, 5).await?, ["ant", "bee", "elk", "cat", "dog"]);
        each_ran_once(scene, 5).await?;
        Ok(())
    });
}

#[test]
fn cancel_all_ends_what_waits_without_a_request() {
    Stage::new("warm").set("run_ms", 3_000).play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        choose(page, "Number of runs", "8").await?;
        press_run(page, "a tiger").await?;
        until_taken(scene, 2).await?;
        page.until_phase(1, "running").await?;
        page.click("button", "Cancel all").await?;
        let live = "return pilotlightTest.cards().every((card) =>\
            card.ariaBusy !== 'true' && card.dataset.phase !== 'waiting')";
        page.until("everything over", live, &[]).await?;
        assert_eq!(requests(scene, PROMPTS).await?, 2);
        let taken = scene.emulator.taken().await?;
        let stopped =
            taken.iter().all(|run| ["interrupted", "deleted"].contains(&run.outcome.as_str()));
        assert!(stopped, "{taken:?}");
        assert_eq!(page.focused().await?, "region Runs");
        // Nothing holds back what comes next.
        press_run(page, "a fox").await?;
        page.until_phase(9, "done").await?;
        Ok(())
    });
}

#[test]
fn a_dead_pod_costs_what_was_there_which_is_offered_again_together() {
    let stage = Stage::new("warm").set("run_ms", 4_000).set("cold_start_ms", 500);
    stage.limit(90).play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        list(page, "ant\nbee\ncat\ndog").await?;
        page.click("button", "Run all").await?;
        until_taken(scene, 2).await?;
        page.until_phase(1, "running").await?;
        scene.emulator.kill().await?;
        scene.emulator.set(json!({"run_ms": 500})).await?;
        page.see("2 runs were lost when the GPU shut down.").await?;
        page.until_phase(4, "done").await?;
        page.click("button", "Run all 2 again").await?;
        page.until_phase(6, "done").await?;
        assert_eq!(came(page, 4).await?, ["cat", "dog", "ant", "bee"]);
        assert_eq!(page.count("button", "Run all 2 again").await?, 0);
        each_ran_once(scene, 4).await?;
        assert_eq!(scene.emulator.taken().await?.len(), 6);
        Ok(())
    });
}

#[test]
fn a_list_of_prompts_runs_in_its_order_once_each() {
    let config = json!({
        "endpoint": "openai", "model": "serverless-comfyui", "price_per_gpu_hour": 3_600,
    });
    Stage::new("warm").config(config.to_string()).play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        press_run(page, "a tiger").await?;
        page.until_phase(1, "done").await?;
        list(page, "  ant\n\nbee  \n").await?;
        page.see("2 runs · about").await?;
        choose(page, "Repeats", "2").await?;
        page.see("4 runs · about").await?;
        page.click("button", "Run all").await?;
        page.see("0 of 4 done").await?;
        page.until_phase(5, "done").await?;
        assert_eq!(came(page, 5).await?, ["a tiger", "ant", "ant", "bee", "bee"]);
        each_ran_once(scene, 5).await?;
        // The form is as it was, and the list is there for another time.
        assert_eq!(page.value("Prompt").await?, "a tiger");
        page.click("button", "Several prompts…").await?;
        assert_eq!(page.value("One prompt per line").await?, "  ant\n\nbee  \n");
        Ok(())
    });
}

#[test]
fn a_problem_in_one_line_starts_nothing() {
    Stage::new("warm").play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        let long = ["ant\nbee\n", &"x".repeat(100_001), "\ndog"].concat();
        list(page, &long).await?;
        page.click("button", "Run all").await?;
        page.see("Line 3: Prompt: ").await?;
        assert_eq!(cards(page).await?, 0);
        assert_eq!(scene.emulator.log().await?.len(), 0);
        page.fill("One prompt per line", &"ant\n".repeat(201)).await?;
        page.see("That’s 201 runs; you can start 200 at once.").await?;
        page.click("button", "Run all").await?;
        assert_eq!(cards(page).await?, 0);
        // By keyboard, once it is mended; then the focus is where it came from.
        page.fill("One prompt per line", "ant").await?;
        page.press("Control+Enter").await?;
        page.until_phase(1, "done").await?;
        assert_eq!(page.focused().await?, "button Several prompts…");
        each_ran_once(scene, 1).await?;
        Ok(())
    });
}

#[test]
fn sixty_runs_that_wait_are_a_few_cards() {
    Stage::new("warm").set("run_ms", 4_000).play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        let prompts: Vec<String> = (1..=62).map(|n| format!("number {n}")).collect();
        list(page, &prompts.join("\n")).await?;
        page.click("button", "Run all").await?;
        until_taken(scene, 2).await?;
        page.see("0 of 62 done · 60 waiting").await?;
        assert_eq!(cards(page).await?, 6);
        page.click("button", "and 56 more").await?;
        page.find("button", "and 36 more").await?;
        assert_eq!(cards(page).await?, 26);
        assert_eq!(page.focused().await?, "button Move up", "of the first that was unfolded");
        // What they have in common is stored once.
        let stored = "const all = Object.entries(localStorage);\
            const of = (start) => all.filter(([key]) => key.startsWith('pilotlight.' + start));\
            const largest = Math.max(...of('run.').map(([, text]) => text.length));\
            return [of('run.').length, of('base.').length, largest < 1500].join(' ')";
        assert_eq!(page.js(stored, &[]).await?, json!("62 1 true"));
        scene.reload().await?;
        page.see("waiting · about").await?;
        let first = "return pilotlightTest.card(3)?.dataset.phase !== 'waiting'";
        page.until("the third to be the next", first, &[]).await?;
        assert_eq!(page.phase(6).await?, "waiting");
        page.click("button", "Cancel all").await?;
        let over = "return pilotlightTest.cards().every((card) =>\
            card.ariaBusy !== 'true' && card.dataset.phase !== 'waiting')";
        page.until("everything over", over, &[]).await?;
        assert!(requests(scene, PROMPTS).await? <= 5);
        // What nobody needs any more goes when the page is opened.
        scene.reload().await?;
        page.find("button", "Several prompts…").await?;
        assert_eq!(page.js(stored, &[]).await?, json!("0 0 true"));
        Ok(())
    });
}

#[test]
fn what_cannot_be_stored_is_not_started() {
    Stage::new("warm").play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        let fill = "let size = 4000000; let n = 0;\
            while (size > 4000) { try { localStorage.setItem('other' + n++, 'x'.repeat(size)); }\
            catch (full) { size = size >> 1; } } return true";
        page.js(fill, &[]).await?;
        list(page, &"ant\n".repeat(40)).await?;
        page.click("button", "Run all").await?;
        page.see("Your browser’s storage is too full for this many runs").await?;
        assert_eq!(cards(page).await?, 0);
        assert_eq!(scene.emulator.log().await?.len(), 0);
        let left = "return Object.keys(localStorage).filter((key) => \
            key.startsWith('pilotlight.run.') || key.startsWith('pilotlight.base.')).length";
        assert_eq!(page.js(left, &[]).await?, json!(0), "half of it is stored");
        page.fill("One prompt per line", "ant").await?;
        page.click("button", "Run all").await?;
        page.until_phase(41, "done").await?;
        Ok(())
    });
}
