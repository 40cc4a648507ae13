//! A GPU that sleeps.

use pilotlight_browser_tests::{Stage, Verdict};

use crate::common::{in_order, press_run, requests, sole_run};

const PHASES: [&str; 6] = ["waking", "submitting", "queued", "running", "collecting", "done"];

#[test]
fn a_cold_start_held_for_20_s_shows_its_phases_in_order() {
    Stage::new("cold").play(async |scene| -> Verdict {
        scene.page.be_patient(std::time::Duration::from_secs(40));
        scene.open().await?;
        let page = &scene.page;
        press_run(page, "a tiger").await?;
        page.until_phase(1, "waking").await?;
        page.until_server("waking").await?;
        page.see("A sleeping GPU usually takes a few minutes to wake").await?;
        page.until_step(1, "Waking the GPU", "^1[0-9] s").await?;
        assert_eq!(requests(scene, "POST").await?, 0, "sent to a sleeping server");
        page.until_phase(1, "done").await?;
        let phases = page.phases(1).await?;
        assert!(in_order(&phases, &PHASES), "{phases:?}");
        page.pictures(1).await?;
        sole_run(scene, "success").await?;
        let log = scene.emulator.log().await?;
        assert!(log[0].held_ms > Some(18_000), "not held: {:?}", log[0]);
        let said = page.said().await?;
        let spoken = ["a tiger: Waking the GPU", "a tiger: Running", "a tiger: Done"];
        assert!(in_order(&said, &spoken), "{said:?}");
        let titles = page.js("return pilotlightTest.seen.titles", &[]).await?.to_string();
        assert!(titles.contains("Waking the GPU"), "{titles}");
        assert_eq!(page.server().await?, "awake");
        Ok(())
    });
}

#[test]
fn a_gpu_that_is_awake_is_never_said_to_wake() {
    Stage::new("warm").play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        press_run(page, "a tiger [sleep=2]").await?;
        page.until_phase(1, "running").await?;
        assert_eq!(page.steps(1).await?, ["Queued", "Running", "Fetching results"]);
        page.until_phase(1, "done").await?;
        let phases = page.phases(1).await?;
        assert!(
            phases.iter().any(|phase| phase == "waking"),
            "it sent no wake request: {phases:?}"
        );
        let titles = page.js("return pilotlightTest.seen.titles", &[]).await?.to_string();
        assert!(!titles.contains("Waking"), "{titles}");
        Ok(())
    });
}

#[test]
fn a_gateway_that_gives_up_with_504_is_asked_again() {
    let stage = Stage::new("cold").set("cold_start_ms", 5_000).set("gateway_timeout_ms", 2_000);
    stage.play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        press_run(page, "a tiger").await?;
        page.see("The gateway timed out after 2 s; retrying. Your run is safe.").await?;
        assert_eq!(page.phase(1).await?, "waking");
        page.until_phase(1, "done").await?;
        page.pictures(1).await?;
        sole_run(scene, "success").await?;
        let log = scene.emulator.log().await?;
        assert!(log.iter().any(|entry| entry.status == Some(504)), "{log:?}");
        Ok(())
    });
}

#[test]
fn starts_that_fail_are_waited_through() {
    let stage = Stage::new("flaky-start").set("cold_start_ms", 1_500);
    stage.play(async |scene| -> Verdict {
        scene.page.be_patient(std::time::Duration::from_secs(40));
        scene.open().await?;
        let page = &scene.page;
        press_run(page, "a tiger").await?;
        page.see("The gateway returned 503; retrying").await?;
        page.until_phase(1, "done").await?;
        sole_run(scene, "success").await?;
        Ok(())
    });
}

#[test]
fn a_pod_that_never_starts_ends_in_words_and_try_again() {
    let config = serde_json::json!({
        "endpoint": "openai", "model": "serverless-comfyui", "wake_limit_seconds": 6,
    });
    let stage = Stage::new("never-starts").set("gateway_timeout_ms", 3_500);
    stage.config(config.to_string()).play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        press_run(page, "a tiger").await?;
        page.until_phase(1, "failed").await?;
        page.see("The GPU didn’t wake").await?;
        page.see("Nothing was sent or computed").await?;
        assert_eq!(requests(scene, "POST").await?, 0);
        scene
            .emulator
            .set(serde_json::json!({"never_starts": false, "cold_start_ms": 500}))
            .await?;
        page.click("button", "Try again").await?;
        page.until_phase(1, "waking|submitting|queued|running|collecting|done").await?;
        Ok(())
    });
}
