//! Waking the GPU and keeping it awake by a press.

use std::time::Duration;

use pilotlight_browser_tests::{Outcome, Page, Scene, Stage, Verdict, ensure};
use serde_json::json;

use crate::common::{press_run, requests, until_asked};

/// A cluster that puts a pod away 30 s after the last request, ten times as fast as by the clock;
/// a request is held for 2.5 s then.
fn tight() -> Stage {
    Stage::new("tight-wait").speed(10.0)
}

/// Has it kept awake for so long.
async fn keep_awake(page: &Page, time: &str) -> Outcome {
    open_panel(page).await?;
    page.click("button", time).await?;
    page.see("Kept awake for another").await
}

async fn open_panel(page: &Page) -> Outcome {
    let pill = page.js("return document.getElementById('server').innerText", &[]).await?;
    ensure(pill.is_string(), || "no pill".to_owned())?;
    page.js("document.getElementById('server').click()", &[]).await?;
    page.see("Opening this doesn’t wake it.").await
}

async fn pod(scene: &Scene) -> Outcome<String> {
    let state = scene.emulator.state().await?;
    Ok(state["pod"]["state"].as_str().unwrap_or_default().to_owned())
}

async fn until_pod(scene: &Scene, state: &str) -> Outcome {
    let deadline = std::time::Instant::now() + Duration::from_secs(15);
    while pod(scene).await? != state {
        ensure(std::time::Instant::now() < deadline, || format!("the pod is not {state}"))?;
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    Ok(())
}

#[test]
fn one_press_wakes_it_with_one_request() {
    Stage::new("cold").set("cold_start_ms", 6_000).play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        open_panel(page).await?;
        assert_eq!(requests(scene, "").await?, 0);
        page.click("button", "Wake it now").await?;
        let focus = "return document.activeElement.innerText === 'Stop'";
        page.until("the focus at the way back", focus, &[]).await?;
        page.until_server("waking").await?;
        page.find("button", "Stop").await?;
        page.until_server("awake").await?;
        page.see("The GPU is awake.").await?;
        page.see("NVIDIA").await?;
        let log = scene.emulator.log().await?;
        assert_eq!(log.len(), 1, "{log:?}");
        assert!(log[0].path.ends_with("/system_stats") && log[0].held_ms > Some(5_000), "{log:?}");
        assert!(page.said().await?.iter().any(|said| said == "The GPU is awake."));
        // A run needs no wake request now, and what was learnt of waking is said in the panel; the
        // line below *Run* does not name it while the GPU is awake.
        press_run(page, "a tiger").await?;
        page.until_phase(1, "done").await?;
        assert_eq!(requests(scene, "system_stats").await?, 1);
        assert!(!page.text().await?.contains("if the GPU has to wake"));
        open_panel(page).await?;
        page.see("Usually wakes in").await?;
        Ok(())
    });
}

#[test]
fn waking_is_asked_again_until_it_wakes() {
    Stage::new("flaky-start").set("cold_start_ms", 1_500).play(async |scene| -> Verdict {
        scene.page.be_patient(Duration::from_secs(40));
        scene.open().await?;
        let page = &scene.page;
        open_panel(page).await?;
        page.click("button", "Wake it now").await?;
        page.see("The gateway returned 503; retrying.").await?;
        page.see("The GPU is awake.").await?;
        assert_eq!(requests(scene, "POST").await?, 0);
        Ok(())
    });
}

#[test]
fn waking_can_be_stopped_and_ends_by_itself() {
    let config =
        json!({"endpoint": "openai", "model": "serverless-comfyui", "wake_limit_seconds": 2});
    let stage = Stage::new("never-starts").config(config.to_string());
    stage.play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        open_panel(page).await?;
        page.click("button", "Wake it now").await?;
        until_asked(scene, 1).await?;
        page.click("button", "Stop").await?;
        page.see("Stopped. The GPU may still wake if it had already started.").await?;
        let log = scene.emulator.log_when_none_is_held().await?;
        assert_eq!((log.len(), log[0].ended.as_str()), (1, "abandoned"), "{log:?}");
        page.click("button", "Wake it now").await?;
        page.see("The GPU hasn’t answered for too long; no longer trying.").await?;
        let asked = requests(scene, "").await?;
        tokio::time::sleep(Duration::from_secs(3)).await;
        assert_eq!(requests(scene, "").await?, asked);
        Ok(())
    });
}

#[test]
fn it_is_kept_awake_past_the_clusters_delay_until_it_is_stopped() {
    let config = json!({
        "endpoint": "openai", "model": "serverless-comfyui", "price_per_gpu_hour": 12,
    });
    tight().config(config.to_string()).play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        open_panel(page).await?;
        page.find("button", "30 min · ¥6.00").await?;
        page.click("button", "15 min · ¥3.00").await?;
        page.see("Kept awake for another 1").await?;
        page.until_server("awake").await?;
        // 80 s by the cluster's clock.
        tokio::time::sleep(Duration::from_secs(8)).await;
        assert_eq!(pod(scene).await?, "ready");
        let state = scene.emulator.state().await?;
        assert_eq!(state["pod"]["number"], 1, "it was put away and came again: {state}");
        let held = requests(scene, "pilotlight/awake").await?;
        assert!((3..=5).contains(&held), "{held} requests held");
        assert_eq!(requests(scene, "system_stats").await?, 1);
        assert_eq!(requests(scene, "POST").await?, 0);
        page.click("button", "Stop").await?;
        page.see("Stopped: the GPU is no longer kept awake.").await?;
        let asked = requests(scene, "").await?;
        until_pod(scene, "none").await?;
        assert_eq!(requests(scene, "").await?, asked);
        Ok(())
    });
}

#[test]
fn a_page_straight_to_kubeai_keeps_it_awake_too() {
    Stage::new("direct").direct().play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        open_panel(page).await?;
        page.click("button", "15 min").await?;
        page.see("Kept awake for another 1").await?;
        assert_eq!(requests(scene, "POST /openai/api/pilotlight/awake").await?, 1);
        assert_eq!(requests(scene, "OPTIONS").await?, 0);
        Ok(())
    });
}

#[test]
fn a_reload_ends_it() {
    tight().play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        keep_awake(page, "30 min").await?;
        scene.reload().await?;
        let asked = requests(scene, "").await?;
        until_pod(scene, "none").await?;
        assert_eq!(requests(scene, "").await?, asked);
        Ok(())
    });
}

#[test]
fn a_page_nobody_looks_at_for_long_keeps_nothing_awake() {
    tight().play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        keep_awake(page, "30 min").await?;
        let hide = "Object.defineProperty(document, 'hidden', { value: arguments[0], configurable: true });\
            document.dispatchEvent(new Event('visibilitychange'))";
        page.js(hide, &[json!(true)]).await?;
        // A second later it is noticed; then five minutes pass on the wall.
        tokio::time::sleep(Duration::from_millis(1_500)).await;
        page.see("Kept awake for another").await?;
        let later = "const now = Date.now; Date.now = () => now() + 300000";
        page.js(later, &[]).await?;
        page.see("You were away for 5 min, so the GPU is no longer kept awake.")
            .await?;
        page.js(hide, &[json!(false)]).await?;
        page.find("button", "Dismiss").await?;
        let asked = requests(scene, "").await?;
        until_pod(scene, "none").await?;
        assert_eq!(requests(scene, "").await?, asked);
        Ok(())
    });
}

const NEEDS: &str = "To keep it awake, install the latest Pilotlight extension";

#[test]
fn without_the_extension_nothing_is_offered_and_nothing_asked() {
    Stage::new("polling").play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        press_run(page, "a tiger").await?;
        page.until_phase(1, "done").await?;
        let asked = requests(scene, "").await?;
        open_panel(page).await?;
        page.see(NEEDS).await?;
        assert_eq!(page.count("button", "15 min").await?, 0);
        assert_eq!(requests(scene, "").await?, asked);
        Ok(())
    });
}

#[test]
fn an_extension_of_before_is_found_out_once() {
    Stage::new("warm").set("extension_holds", false).play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        open_panel(page).await?;
        page.click("button", "15 min").await?;
        page.see(NEEDS).await?;
        page.find("button", "Dismiss").await?;
        assert_eq!(page.count("button", "15 min").await?, 0);
        assert_eq!(requests(scene, "pilotlight/awake").await?, 1);
        assert_eq!(requests(scene, "").await?, 2);
        Ok(())
    });
}

#[test]
fn when_it_sleeps_is_said_only_where_somebody_said_so() {
    let config = |delay: serde_json::Value| {
        let mut config = json!({"endpoint": "openai", "model": "serverless-comfyui"});
        if !delay.is_null() {
            config["idle_delay_seconds"] = delay;
        }
        Stage::new("warm").config(config.to_string())
    };
    config(json!(20)).play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        press_run(page, "a tiger").await?;
        page.until_phase(1, "done").await?;
        open_panel(page).await?;
        page.see("Sleeps in about 1").await?;
        Ok(())
    });
    config(json!(null)).play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        press_run(page, "a tiger").await?;
        page.until_phase(1, "done").await?;
        open_panel(page).await?;
        assert!(!page.text().await?.contains("Sleeps in"));
        Ok(())
    });
}
