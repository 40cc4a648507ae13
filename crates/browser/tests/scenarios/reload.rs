//! The page is loaded again while a run is under way: it is taken up, and runs once.

use pilotlight_browser_tests::{Stage, Verdict, store};

use crate::common::{busy, fill_question, press_run, requests, sole_run};

#[test]
fn a_reload_while_waking_goes_on_to_the_picture() {
    Stage::new("cold").set("cold_start_ms", 4_000).play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        press_run(page, "a tiger").await?;
        page.until_phase(1, "waking").await?;
        scene.reload().await?;
        assert_eq!(page.value("Prompt").await?, "a tiger");
        page.until_phase(1, "done").await?;
        assert_eq!(page.pictures(1).await?, ["a tiger"]);
        sole_run(scene, "success").await?;
        Ok(())
    });
}

#[test]
fn a_reload_while_in_line_goes_on_to_the_picture() {
    busy().set("neighbour_ms", 2_000).play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        press_run(page, "a tiger").await?;
        page.see("Queued (").await?;
        scene.reload().await?;
        page.until_phase(1, "done").await?;
        page.pictures(1).await?;
        assert_eq!(requests(scene, "POST /openai/api/prompt").await?, 1);
        Ok(())
    });
}

#[test]
fn a_reload_while_running_goes_on_to_the_picture() {
    Stage::new("warm").play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        press_run(page, "a tiger [sleep=3]").await?;
        page.until_phase(1, "running").await?;
        scene.reload().await?;
        page.until_phase(1, "running").await?;
        page.until_phase(1, "done").await?;
        page.pictures(1).await?;
        sole_run(scene, "success").await?;
        assert_eq!(requests(scene, "POST /openai/api/prompt").await?, 1);
        Ok(())
    });
}

#[test]
fn a_reload_while_fetching_goes_on_to_the_picture() {
    let faults = "[\"GET /view 503\", \"GET /view 503\"]";
    Stage::new("warm").set("faults", faults).play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        press_run(page, "a tiger").await?;
        page.until_phase(1, "collecting").await?;
        scene.reload().await?;
        page.until_phase(1, "done").await?;
        page.pictures(1).await?;
        sole_run(scene, "success").await?;
        Ok(())
    });
}

fn network(offline: bool) -> serde_json::Value {
    serde_json::json!({
        "offline": offline, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1,
    })
}

#[test]
fn a_network_that_goes_away_and_comes_back_loses_nothing() {
    Stage::new("warm").play(async |scene| -> Verdict {
        scene.page.be_patient(std::time::Duration::from_secs(25));
        scene.open().await?;
        let page = &scene.page;
        page.session.cdp("Network.enable", serde_json::json!({})).await?;
        press_run(page, "a tiger [sleep=2]").await?;
        page.until_phase(1, "running").await?;
        page.session.cdp("Network.emulateNetworkConditions", network(true)).await?;
        page.see("You’re offline; checking your run continues when you’re back.").await?;
        page.see("You’re offline. Runs start when you’re back.").await?;
        page.session.cdp("Network.emulateNetworkConditions", network(false)).await?;
        page.until_phase(1, "done").await?;
        page.pictures(1).await?;
        sole_run(scene, "success").await?;
        Ok(())
    });
}

#[test]
fn a_run_without_a_network_waits_for_it_and_wakes_nothing() {
    Stage::new("warm").play(async |scene| -> Verdict {
        scene.page.be_patient(std::time::Duration::from_secs(25));
        scene.open().await?;
        let page = &scene.page;
        page.session.cdp("Network.enable", serde_json::json!({})).await?;
        page.session.cdp("Network.emulateNetworkConditions", network(true)).await?;
        press_run(page, "a tiger").await?;
        page.see("You’re offline; the run starts when you’re back.").await?;
        // For longer than a held request takes to be said to wake a GPU.
        tokio::time::sleep(std::time::Duration::from_secs(5)).await;
        assert_eq!(page.server().await?, "silent");
        let titles = page.js("return pilotlightTest.seen.titles", &[]).await?.to_string();
        assert!(!titles.contains("Waking"), "{titles}");
        let used = "return Object.keys(localStorage).filter((key) => key.includes('.used.'))";
        assert_eq!(page.js(used, &[]).await?, serde_json::json!([]));
        page.session.cdp("Network.emulateNetworkConditions", network(false)).await?;
        page.until_phase(1, "done").await?;
        assert!(!page.text().await?.contains("You’re offline"));
        sole_run(scene, "success").await?;
        Ok(())
    });
}

#[test]
fn a_picture_that_was_chosen_survives_a_reload() {
    Stage::new("warm").play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        fill_question(scene, "What is it? [answer=A flame.]").await?;
        // Kept a moment after it was shown.
        store::until(page, "pictures", 1).await?;
        scene.reload().await?;
        page.find("button", "Replace").await?;
        assert_eq!(page.value("Question").await?, "What is it? [answer=A flame.]");
        page.click("button", "Run").await?;
        page.until_phase(1, "done").await?;
        page.see("A flame.").await?;
        Ok(())
    });
}

#[test]
fn a_run_that_vanished_while_the_page_was_away_is_never_sent_again_by_itself() {
    let stage = Stage::new("warm").set("always_one", false).set("cold_start_ms", 500);
    stage.play(async |scene| -> Verdict {
        scene.page.be_patient(std::time::Duration::from_secs(30));
        scene.open().await?;
        let page = &scene.page;
        press_run(page, "a tiger [sleep=20]").await?;
        page.until_phase(1, "running").await?;
        page.session.go("about:blank").await?;
        scene.emulator.kill().await?;
        scene.open().await?;
        page.until_phase(1, "failed").await?;
        page.find("button", "Run again").await?;
        assert_eq!(scene.emulator.taken().await?.len(), 1);
        // It stays until somebody runs it again, or lets go of it.
        scene.reload().await?;
        page.until_phase(1, "failed").await?;
        let asked = requests(scene, "").await?;
        page.click("button", "Run again").await?;
        page.until_phase(2, "running").await?;
        assert!(requests(scene, "").await? > asked);
        scene.reload().await?;
        page.until_phase(2, "running").await?;
        assert_eq!(page.phase(1).await?, "", "a run that was run again is still there");
        Ok(())
    });
}
