//! Straight to kubeai: the page is on another site, and nothing stands in front of the cloud.

use pilotlight_browser_tests::{Outcome, Scene, Stage, Verdict, ensure};

use crate::common::{fill_question, make_first_picture, press_run, sole_run};

/// No preflight, nothing but POST, everything from another site.
async fn is_simple(scene: &Scene) -> Outcome<usize> {
    let log = scene.emulator.log().await?;
    for entry in &log {
        ensure(entry.method == "POST", || format!("not a POST: {entry:?}"))?;
        ensure(entry.model.as_deref() == Some("serverless-comfyui"), || format!("{entry:?}"))?;
        let site = &entry.headers["sec-fetch-site"];
        ensure(site == "cross-site", || format!("not from another site: {entry:?}"))?;
    }
    Ok(log.len())
}

#[test]
fn a_cold_text_to_image_from_another_site() {
    Stage::new("direct-cold").direct().play(async |scene| -> Verdict {
        scene.page.be_patient(std::time::Duration::from_secs(20));
        scene.open().await?;
        let page = &scene.page;
        press_run(page, "a tiger").await?;
        page.until_phase(1, "waking").await?;
        page.until_phase(1, "done").await?;
        assert_eq!(page.pictures(1).await?, ["a tiger"]);
        sole_run(scene, "success").await?;
        is_simple(scene).await?;
        Ok(())
    });
}

#[test]
fn a_warm_run_from_another_site_takes_at_most_five_requests() {
    Stage::new("direct").direct().play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        make_first_picture(page, "a tiger").await?;
        let first = is_simple(scene).await?;
        assert!(first <= 5, "{first} requests");
        // The second one knows that the server is awake.
        press_run(page, "a second tiger").await?;
        page.until_phase(2, "done").await?;
        page.pictures(2).await?;
        let second = is_simple(scene).await? - first;
        assert!(second <= 4, "{second} requests");
        Ok(())
    });
}

#[test]
fn an_image_to_text_with_its_upload_from_another_site() {
    Stage::new("direct-cold").direct().play(async |scene| -> Verdict {
        scene.page.be_patient(std::time::Duration::from_secs(20));
        scene.open().await?;
        let page = &scene.page;
        fill_question(scene, "What burns? [answer=A flame.]").await?;
        page.click("button", "Run").await?;
        page.until_phase(1, "done").await?;
        page.see("A flame.").await?;
        sole_run(scene, "success").await?;
        is_simple(scene).await?;
        Ok(())
    });
}

#[test]
fn a_post_whose_reply_cannot_be_read_makes_exactly_one_run() {
    let stage = Stage::new("direct").set("faults", "[\"POST /api/prompt 502 after\"]");
    stage.direct().play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        press_run(page, "a tiger").await?;
        page.see("Nothing is sent twice.").await?;
        page.until_phase(1, "done").await?;
        sole_run(scene, "success").await?;
        Ok(())
    });
}

#[test]
fn what_cannot_be_told_apart_is_said_in_plain_words() {
    // Without the CORS flag the browser may read nothing.
    Stage::new("warm").direct().play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        press_run(page, "a tiger").await?;
        page.see("No reply this page can read").await?;
        assert_eq!(page.phase(1).await?, "waking");
        page.click("button", "Cancel").await?;
        page.until_phase(1, "cancelled").await?;
        assert_eq!(scene.emulator.taken().await?.len(), 0);
        Ok(())
    });
}
