//! Results stay in this browser.

use pilotlight_browser_tests::{Outcome, Page, Stage, Verdict};
use serde_json::json;

use crate::common::{fill_question, press_run, requests, sole_run};

#[test]
fn results_are_here_after_a_reload_and_nobody_is_asked() {
    Stage::new("warm").set("run_ms", 300).play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        press_run(page, "a tiger").await?;
        page.until_phase(1, "done").await?;
        page.pictures(1).await?;
        let asked = requests(scene, "").await?;
        scene.reload().await?;
        page.pictures(1).await?;
        let drawn = "const image = document.querySelector('.results img[alt=\"a tiger\"]');\
            return image?.complete && image.naturalWidth > 1";
        page.until("the picture itself", drawn, &[]).await?;
        assert_eq!(requests(scene, "").await?, asked, "somebody was asked");

        // It is as useful as before: another run of its values.
        page.click("button", "Same again").await?;
        page.until_phase(2, "done").await?;
        page.pictures(2).await?;
        Ok(())
    });
}

#[test]
fn an_answer_is_here_after_a_reload_with_its_picture() {
    Stage::new("warm").set("understand_ms", 300).play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        fill_question(scene, "What is it? [answer=A flame.]").await?;
        page.click("button", "Run").await?;
        page.see("A flame.").await?;
        scene.reload().await?;
        page.see("A flame.").await?;
        let drawn = "const image = document.querySelector('.results img');\
            return image?.complete && image.naturalWidth === 192";
        page.until("the picture that was asked about", drawn, &[]).await?;
        Ok(())
    });
}

#[test]
fn a_picture_that_came_is_not_asked_for_again_after_a_reload() {
    // The second of two pictures cannot be fetched at first.
    let faults = "[\"GET /view 503 skip=1\", \"GET /view 503 skip=2\", \"GET /view 503 skip=3\"]";
    let stage = Stage::new("warm").set("run_ms", 300).set("faults", faults);
    stage.play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        page.fill("Pictures", "2").await?;
        press_run(page, "a tiger").await?;
        page.until_phase(1, "collecting").await?;
        until_kept(page, 1).await?;
        scene.reload().await?;
        page.until_phase(1, "done").await?;
        page.pictures(2).await?;
        sole_run(scene, "success").await?;
        let log = scene.emulator.log().await?;
        let came = log.iter().filter(|one| one.path.ends_with("/view") && one.status == Some(200));
        assert_eq!(came.count(), 2, "each picture came once: {log:?}");
        Ok(())
    });
}

#[test]
fn a_deleted_result_can_be_put_back_and_is_gone_otherwise() {
    Stage::new("warm").set("run_ms", 300).play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        press_run(page, "a tiger").await?;
        page.until_phase(1, "done").await?;
        page.pictures(1).await?;
        page.click("button", "Delete").await?;
        page.see("Deleted").await?;
        page.pictures(0).await?;
        page.until(
            "the focus at the way back",
            "return document.activeElement.innerText === 'Undo'",
            &[],
        )
        .await?;
        page.click("button", "Undo").await?;
        page.pictures(1).await?;
        until_kept(page, 1).await?;
        scene.reload().await?;
        page.pictures(1).await?;
        page.click("button", "Delete").await?;
        page.see("Deleted").await?;
        until_kept(page, 0).await?;
        scene.reload().await?;
        page.see("Nothing here yet").await?;
        page.pictures(0).await?;
        Ok(())
    });
}

#[test]
fn settings_tell_how_much_is_kept_and_delete_all_of_it() {
    Stage::new("warm").set("run_ms", 300).play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        press_run(page, "a tiger").await?;
        page.until_phase(1, "done").await?;
        page.pictures(1).await?;
        page.click("button", "Settings").await?;
        page.see("Results: 1, ").await?;
        page.click("button", "Delete all results").await?;
        page.click("button", "Press again to delete all results").await?;
        page.see("Results: 0, ").await?;
        until_kept(page, 0).await?;
        scene.reload().await?;
        page.pictures(0).await?;
        Ok(())
    });
}

/// Waits until so many files are on the disk.
async fn until_kept(page: &Page, count: usize) -> Outcome {
    let body = "return new Promise((then) => {\
        const open = indexedDB.open('pilotlight');\
        open.onsuccess = () => {\
            const all = open.result.transaction('files').objectStore('files').count();\
            all.onsuccess = () => { open.result.close(); then(all.result === arguments[0]); };\
        };\
    })";
    page.until(&format!("{count} files on the disk"), body, &[json!(count)]).await.map(drop)
}
