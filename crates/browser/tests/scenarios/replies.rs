//! Replies that are lost, cut, late or something else altogether: one press, one run.

use pilotlight_browser_tests::{Stage, Verdict};

use crate::common::{press_run, requests, sole_run};

/// A run that succeeds, once, although something went wrong on the way.
fn check(stage: Stage, said: Option<&str>) {
    stage.play(async |scene| -> Verdict {
        scene.page.be_patient(std::time::Duration::from_secs(20));
        scene.open().await?;
        let page = &scene.page;
        press_run(page, "a tiger").await?;
        if let Some(words) = said {
            page.see(words).await?;
        }
        page.until_phase(1, "done").await?;
        page.pictures(1).await?;
        sole_run(scene, "success").await?;
        Ok(())
    });
}

#[test]
fn a_post_answered_502_although_queued_makes_exactly_one_run() {
    check(Stage::new("post-502-queued"), Some("Nothing is sent twice."));
}

#[test]
fn a_post_whose_connection_breaks_makes_exactly_one_run() {
    let stage = Stage::new("warm").set("faults", "[\"POST /prompt reset after\"]");
    check(stage, Some("Nothing is sent twice."));
}

#[test]
fn a_post_that_never_arrived_is_sent_again() {
    let stage = Stage::new("warm").set("faults", "[\"POST /prompt 502 before\"]");
    stage.play(async |scene| -> Verdict {
        scene.open().await?;
        press_run(&scene.page, "a tiger").await?;
        scene.page.until_phase(1, "done").await?;
        sole_run(scene, "success").await?;
        assert_eq!(requests(scene, "POST /openai/api/prompt").await?, 2);
        Ok(())
    });
}

#[test]
fn replies_cut_in_half_are_asked_for_again() {
    check(Stage::new("cut-reply"), None);
}

#[test]
fn html_where_json_was_due_is_asked_for_again() {
    check(Stage::new("html-reply"), Some("The reply didn’t come from ComfyUI"));
}

#[test]
fn a_busy_gateway_is_given_the_pause_it_asks_for() {
    check(Stage::new("too-many-requests"), None);
}

#[test]
fn a_bare_nan_in_the_history_is_read() {
    check(Stage::new("nan-history"), None);
}

#[test]
fn an_old_comfyui_that_ignores_the_pages_id_works() {
    check(Stage::new("ancient-comfyui"), None);
}
