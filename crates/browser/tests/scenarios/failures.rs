//! Runs that end badly, each with its words, its remedy and its raw text.

use pilotlight_browser_tests::{Stage, Verdict};
use serde_json::json;

use crate::common::{press_run, requests, sole_run};

#[test]
fn a_refused_value_lands_on_its_field() {
    Stage::new("refused-values").play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        let open = "return pilotlightTest.fold('Advanced').parentElement.open";
        assert_eq!(page.js(open, &[]).await?, json!(false));
        press_run(page, "a tiger").await?;
        page.until_phase(1, "failed").await?;
        page.see("The server rejected a value").await?;
        let reason = page.find("heading", "The server rejected a value").await?.to_json()?;
        let body = "return arguments[0].nextElementSibling.innerText";
        let body = page.js(body, &[reason]).await?.to_string();
        assert!(body.contains("Temperature: Maximum"), "{body}");
        page.until("Advanced to be open", open, &[]).await?;
        let focus = "return document.activeElement.getAttribute('aria-invalid') === 'true'";
        page.until("the focus at a refused field", focus, &[]).await?;
        assert_eq!(page.focused().await?, "textbox Temperature");
        let note = "const field = document.activeElement.closest('.field');\
            return pilotlightTest.all('alert', null, field)[0].innerText";
        let note = page.js(note, &[]).await?.to_string();
        assert!(note.contains("Maximum"), "{note}");
        // Going there again is the remedy; a change takes the note away.
        page.click("textbox", "Prompt").await?;
        page.click("button", "Go to field").await?;
        page.until("the focus at a refused field", focus, &[]).await?;
        page.press("ArrowDown").await?;
        page.until_none_refused().await?;
        assert_eq!(scene.emulator.taken().await?.len(), 0);
        Ok(())
    });
}

#[test]
fn a_missing_node_class_is_named() {
    Stage::new("missing-class").play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        press_run(page, "a tiger").await?;
        page.until_phase(1, "failed").await?;
        page.see("JanusImageGeneration").await?;
        page.see("isn’t installed on the server").await?;
        // The same again would be refused again.
        page.find("button", "Copy details for your admin").await?;
        assert_eq!(page.count("button", "Run again").await?, 0);
        Ok(())
    });
}

#[test]
fn out_of_memory_says_what_to_do() {
    Stage::new("out-of-memory").play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        press_run(page, "a tiger").await?;
        page.until_phase(1, "failed").await?;
        page.see("Not enough GPU memory").await?;
        page.see("This run needs more than this GPU has.").await?;
        page.click("button", "Details").await?;
        page.see("OutOfMemoryError").await?;
        sole_run(scene, "error").await?;
        scene.emulator.set(json!({"run_fails": "no"})).await?;
        page.click("button", "Run again").await?;
        page.until_phase(2, "done").await?;
        page.pictures(1).await?;
        Ok(())
    });
}

#[test]
fn several_pictures_out_of_memory_are_made_one_at_a_time() {
    Stage::new("out-of-memory").play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        page.fill("Images", "3").await?;
        press_run(page, "a tiger").await?;
        page.until_phase(1, "failed").await?;
        page.see("Several images at once are too many for this GPU.").await?;
        scene.emulator.set(json!({"run_fails": "no"})).await?;
        page.click("button", "Make one at a time").await?;
        page.until_phase(2, "done").await?;
        assert_eq!(page.value("Images").await?, "1");
        page.pictures(1).await?;
        Ok(())
    });
}

#[test]
fn an_error_inside_a_node_is_shown_in_its_own_words() {
    Stage::new("warm").play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        press_run(page, "a tiger [error]").await?;
        page.until_phase(1, "failed").await?;
        page.see("The workflow failed").await?;
        page.see("JanusImageGeneration:").await?;
        page.click("button", "Details").await?;
        page.see("RuntimeError: JANUS_STUB").await?;
        sole_run(scene, "error").await?;
        Ok(())
    });
}

#[test]
fn a_pod_killed_while_running_loses_the_run_and_run_again_works() {
    Stage::new("killed-while-running").play(async |scene| -> Verdict {
        scene.page.be_patient(std::time::Duration::from_secs(40));
        scene.open().await?;
        let page = &scene.page;
        press_run(page, "a tiger").await?;
        page.until_phase(1, "running").await?;
        page.until_phase(1, "failed").await?;
        page.see("The GPU shut down during your run").await?;
        page.see("your inputs are still here").await?;
        assert_eq!(page.value("Prompt").await?, "a tiger");
        page.click("button", "Run again").await?;
        page.until_phase(2, "done").await?;
        page.pictures(1).await?;
        let taken = scene.emulator.taken().await?;
        let ends: Vec<&str> = taken.iter().map(|run| run.outcome.as_str()).collect();
        assert_eq!(ends, ["lost", "success"], "{taken:?}");
        assert!(taken.iter().all(|run| run.starts == 1), "{taken:?}");
        Ok(())
    });
}

#[test]
fn a_picture_that_died_with_its_pod_is_said_to_be_gone() {
    Stage::new("killed-before-fetch").play(async |scene| -> Verdict {
        scene.page.be_patient(std::time::Duration::from_secs(30));
        scene.open().await?;
        let page = &scene.page;
        press_run(page, "a tiger").await?;
        page.until_phase(1, "done|failed").await?;
        page.see("gone").await?;
        let height = "const [gone] = pilotlightTest.results();\
            return gone.innerText.includes('shut down before this could be saved')\
            && gone.getBoundingClientRect().height";
        let height = page.js(height, &[]).await?.as_f64();
        assert!(
            height.is_some_and(|height| height < 150.0),
            "a large tile for nothing: {height:?}"
        );
        let marks = "const [run] = pilotlightTest.all('heading', null, pilotlightTest.card(1));\
            const [results] = pilotlightTest.all('heading', 'Results');\
            return [run.parentElement.dataset.state, results.nextElementSibling.innerText]";
        assert_eq!(page.js(marks, &[]).await?, json!(["lacking", "0"]));
        page.find("button", "Make it again (same seed)").await?;
        sole_run(scene, "success").await?;
        Ok(())
    });
}

#[test]
fn an_unknown_model_is_a_matter_of_settings() {
    Stage::new("unknown-model").play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        press_run(page, "a tiger").await?;
        page.until_phase(1, "failed").await?;
        page.see("Model not found").await?;
        page.click("button", "Test connection").await?;
        page.find("dialog", "Test connection").await?;
        page.see("serverless-comfyui").await?;
        page.press("Escape").await?;
        page.until_none("dialog").await?;
        assert_eq!(requests(scene, "").await?, 1, "asked once, not again and again");
        Ok(())
    });
}

/// Remembers the seed of every prompt that is sent.
const REMEMBER_SEEDS: &str = "window.seeds = []; const ask = window.fetch;\
    window.fetch = async (what, how) => {\
        const request = new Request(what, how);\
        if (request.method === 'POST' && new URL(request.url).pathname.endsWith('/prompt')) {\
            const seed = /\"seed\":\\s*(\\d+)/.exec(await request.clone().text());\
            window.seeds.push(seed && seed[1]);\
        }\
        return ask(request);\
    };";

#[test]
fn a_picture_that_is_gone_is_made_again_with_its_seed() {
    Stage::new("killed-before-fetch").play(async |scene| -> Verdict {
        scene.page.be_patient(std::time::Duration::from_secs(30));
        scene.page.session.before_each_page(REMEMBER_SEEDS).await?;
        scene.open().await?;
        let page = &scene.page;
        press_run(page, "a tiger").await?;
        page.until_phase(1, "done|failed").await?;
        // What is in the form by now is another picture.
        page.fill("Prompt", "a fox").await?;
        page.fill("Seed", "17").await?;
        page.click("button", "Make it again (same seed)").await?;
        page.until_phase(2, "done").await?;
        assert_eq!(page.pictures(1).await?, ["a tiger"]);
        let seeds = page.js("return window.seeds", &[]).await?;
        assert!(seeds[0].is_string(), "no seed was sent: {seeds}");
        assert_eq!(seeds, json!([seeds[0], seeds[0]]));
        assert_eq!(page.value("Seed").await?, "17");
        Ok(())
    });
}
