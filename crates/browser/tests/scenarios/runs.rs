//! Runs that go well.

use std::collections::BTreeSet;

use pilotlight_browser_tests::{Stage, Verdict};
use serde_json::json;

use crate::common::{
    busy, choose, fill_question, in_order, make_first_picture, press_run, requests, sole_run,
};

#[test]
fn warm_text_to_image_brings_the_picture() {
    Stage::new("warm").play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        press_run(page, "a tiger in the snow").await?;
        page.until_phase(1, "done").await?;
        assert_eq!(page.pictures(1).await?, ["a tiger in the snow"]);
        let width = "return pilotlightTest.images()[0].naturalWidth";
        assert_eq!(page.js(width, &[]).await?, json!(384));
        sole_run(scene, "success").await?;
        // Knock, prompt, wait until it runs, wait until it has ended, picture.
        let log = scene.emulator.log().await?;
        let lines: Vec<String> = log.iter().map(|entry| entry.line()).collect();
        assert!(log.len() <= 5, "{lines:?}");
        assert!(log.iter().all(|entry| entry.model.as_deref() == Some("serverless-comfyui")));
        Ok(())
    });
}

#[test]
fn warm_image_to_text_answers_about_the_uploaded_picture() {
    Stage::new("warm").play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        fill_question(scene, "What burns here? [answer=A small flame.]").await?;
        page.click("button", "Run").await?;
        page.until_phase(1, "done").await?;
        page.see("A small flame.").await?;
        let asked = "const [card] = pilotlightTest.results();\
            return card && pilotlightTest.all('img', null, card)[0].naturalWidth > 0\
            && card.innerText.includes('What burns here?')";
        page.until("the picture beside its question", asked, &[]).await?;
        sole_run(scene, "success").await?;
        assert_eq!(requests(scene, "POST /openai/api/upload/image").await?, 1);
        Ok(())
    });
}

#[test]
fn a_plain_comfyui_without_a_model_works_the_same() {
    let config = json!({"endpoint": "openai"}).to_string();
    Stage::new("plain").plain().config(config).play(async |scene| -> Verdict {
        scene.open().await?;
        make_first_picture(&scene.page, "a tiger").await?;
        sole_run(scene, "success").await?;
        Ok(())
    });
}

#[test]
fn without_the_extension_the_page_asks_now_and_then() {
    Stage::new("polling").set("run_ms", 4_000).play(async |scene| -> Verdict {
        scene.open().await?;
        make_first_picture(&scene.page, "a tiger").await?;
        sole_run(scene, "success").await?;
        let all = scene.emulator.log().await?.len();
        assert!(all <= 14, "{all} requests for a run of 4 s");
        Ok(())
    });
}

#[test]
fn a_double_click_on_run_makes_one_run() {
    Stage::new("warm").play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        page.fill("Prompt", "a tiger").await?;
        let run = page.find("button", "Run").await?;
        let press = json!({"type": "pointerDown", "button": 0});
        let release = json!({"type": "pointerUp", "button": 0});
        let go = json!({"type": "pointerMove", "origin": run.to_json()?, "x": 0, "y": 0});
        let actions = json!([go, press, release, press, release]);
        page.session
            .actions(json!([{"type": "pointer", "id": "mouse", "actions": actions}]))
            .await?;
        page.until_phase(1, "done").await?;
        page.pictures(1).await?;
        assert_eq!(page.phase(2).await?, "", "a second card");
        sole_run(scene, "success").await?;
        Ok(())
    });
}

#[test]
fn a_batch_of_three_keeps_at_most_two_at_the_server() {
    Stage::new("warm").set("run_ms", 1_500).play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        choose(page, "Number of runs", "3").await?;
        press_run(page, "a tiger").await?;
        page.run(3).await?;
        assert_eq!(page.phase(3).await?, "waiting");
        for number in 1..=3 {
            page.until_phase(number, "done").await?;
        }
        page.pictures(3).await?;
        let all = scene.emulator.executions().await?;
        assert_eq!(all.len(), 3, "{all:?}");
        for one in &all {
            let beside = all.iter().filter(|other| {
                other.queued_ms <= one.queued_ms
                    && other.ended_ms.is_none_or(|ended| ended > one.queued_ms)
            });
            assert!(beside.count() <= 2, "three at the server: {all:?}");
        }
        let seeds = "return pilotlightTest.cards().map(pilotlightTest.facts)\
            .map((facts) => (facts.match(/seed (\\d+)/) || [])[1])";
        let seeds = page.js(seeds, &[]).await?;
        let seeds: BTreeSet<&str> =
            seeds.as_array().unwrap().iter().filter_map(|seed| seed.as_str()).collect();
        assert_eq!(seeds.len(), 3, "three seeds: {seeds:?}");
        Ok(())
    });
}

#[test]
fn somebody_elses_runs_ahead_are_counted() {
    busy().set("neighbour_ms", 2_000).play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        press_run(page, "a tiger").await?;
        page.see("Queued (2 ahead)").await?;
        page.see("Queued (1 ahead)").await?;
        page.until_phase(1, "done").await?;
        let phases = page.phases(1).await?;
        assert!(in_order(&phases, &["queued", "running", "done"]), "{phases:?}");
        Ok(())
    });
}

#[test]
fn what_a_run_takes_and_costs_is_learnt_and_said() {
    let config = json!({
        "endpoint": "openai", "model": "serverless-comfyui", "price_per_gpu_hour": 36,
    });
    Stage::new("warm").config(config.to_string()).play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        assert!(!page.text().await?.contains("about"), "a guess before anything was seen");
        press_run(page, "a tiger").await?;
        page.until_phase(1, "done").await?;
        page.see("about ¥").await?;
        let described = "const run = pilotlightTest.all('button', 'Run')[0];\
            const cost = document.getElementById(run.getAttribute('aria-describedby'));\
            return !!cost && cost.innerText.startsWith('about ¥')";
        page.until("the price beside the run button", described, &[]).await?;
        // Kept for the next visit, and said before the next run.
        scene.reload().await?;
        page.see("about ¥").await?;
        press_run(page, "a fox [sleep=3]").await?;
        page.see("usually").await?;
        Ok(())
    });
}
