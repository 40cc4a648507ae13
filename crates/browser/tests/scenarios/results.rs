//! What can be done with what came back.

use std::time::{Duration, Instant};

use pilotlight_browser_tests::{Stage, Verdict, ensure};
use serde_json::json;

use crate::common::{
    allow_clipboard, clipboard, downloaded, fill_question, make_first_picture, press_run,
};

#[test]
fn a_picture_is_downloaded_copied_and_made_again() {
    Stage::new("warm").set("run_ms", 500).play(async |scene| -> Verdict {
        scene.open().await?;
        allow_clipboard(scene).await?;
        let page = &scene.page;
        make_first_picture(page, "a tiger").await?;
        let actions = page.find("group", "a tiger").await?;
        page.click_in(&actions, "button", "Download").await?;
        let (name, bytes) = downloaded(page).await?;
        assert!(name.ends_with(".png") && bytes.starts_with(b"\x89PNG"), "{name}");

        page.click_in(&actions, "button", "Copy").await?;
        page.see("Copied").await?;
        let is_picture = "return navigator.clipboard.read()\
            .then((items) => items.length === 1 && items[0].types.includes('image/png'))";
        page.until("the picture in the clipboard", is_picture, &[]).await?;

        page.click_in(&actions, "button", "Copy seed").await?;
        let seed = clipboard(page, "^[0-9]+$").await?;
        page.see(&format!("seed {seed}")).await?;

        page.click_in(&actions, "button", "Make another").await?;
        page.until_phase(2, "done").await?;
        page.pictures(2).await?;
        let facts = "return pilotlightTest.facts(pilotlightTest.card(2))";
        let facts = page.js(facts, &[]).await?.to_string();
        assert!(facts.contains("seed ") && !facts.contains(&seed), "the same seed again: {facts}");
        Ok(())
    });
}

#[test]
fn a_picture_is_used_as_input_of_the_other_workflow() {
    Stage::new("warm").set("run_ms", 500).play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        make_first_picture(page, "a tiger").await?;
        page.click("button", "Use as input").await?;
        page.find("button", "Replace").await?;
        let tab = page.find("tab", "Image to text").await?;
        assert_eq!(tab.attr("aria-selected").await?.as_deref(), Some("true"));
        page.fill("Question", "What is it? [answer=A tiger.]").await?;
        page.click("button", "Run").await?;
        page.until_phase(2, "done").await?;
        page.see("A tiger.").await?;
        Ok(())
    });
}

#[test]
fn an_answer_is_copied_downloaded_and_asked_for_again() {
    Stage::new("warm").set("understand_ms", 500).play(async |scene| -> Verdict {
        scene.open().await?;
        allow_clipboard(scene).await?;
        let page = &scene.page;
        fill_question(scene, "What burns? [answer=A small flame.]").await?;
        page.click("button", "Run").await?;
        page.until_phase(1, "done").await?;
        page.see("A small flame.").await?;
        let list = page.find("list", "Results").await?;
        page.click_in(&list, "button", "Copy").await?;
        page.see("Copied").await?;
        clipboard(page, "^A small flame\\.$").await?;
        page.click_in(&list, "button", "Download").await?;
        let (name, bytes) = downloaded(page).await?;
        assert!(name.ends_with(".txt"), "{name}");
        assert_eq!(String::from_utf8_lossy(&bytes), "A small flame.");
        page.click_in(&list, "button", "Ask again").await?;
        page.until_phase(2, "done").await?;
        let two = "return pilotlightTest.results().length === 2";
        page.until("two answers", two, &[]).await?;
        Ok(())
    });
}

#[test]
fn the_viewer_goes_through_the_pictures() {
    Stage::new("warm").set("run_ms", 500).play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        page.fill("Images", "3").await?;
        press_run(page, "a tiger").await?;
        page.until_phase(1, "done").await?;
        page.pictures(3).await?;
        let list = page.find("list", "Results").await?;
        page.click_in(&list, "button", "a tiger").await?;
        page.find("dialog", "a tiger").await?;
        page.see("1 / 3").await?;
        page.see("384 × 384").await?;
        page.press("ArrowRight").await?;
        page.see("2 / 3").await?;
        page.click("button", "Next").await?;
        page.see("3 / 3").await?;
        page.press("ArrowRight").await?;
        page.see("3 / 3").await?;
        page.press("ArrowLeft").await?;
        page.see("2 / 3").await?;
        page.click("button", "Download").await?;
        let (_, bytes) = downloaded(page).await?;
        assert!(bytes.starts_with(b"\x89PNG"));
        page.click("button", "Close").await?;
        page.until_none("dialog").await?;
        Ok(())
    });
}

#[test]
fn the_same_name_after_a_restart_is_another_picture() {
    Stage::new("same-name-after-restart").play(async |scene| -> Verdict {
        scene.page.be_patient(Duration::from_secs(25));
        scene.open().await?;
        let page = &scene.page;
        make_first_picture(page, "a tiger").await?;
        // The pod goes a moment after its picture was fetched.
        let deadline = Instant::now() + Duration::from_secs(10);
        while scene.emulator.state().await?["pod"]["number"] == 1 {
            ensure(Instant::now() < deadline, || "the first pod stays".to_owned())?;
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        press_run(page, "a fox").await?;
        page.until_phase(2, "done").await?;
        page.pictures(2).await?;
        let log = scene.emulator.log().await?;
        let name = |query: &str| query.split('&').next().map(str::to_owned);
        let names: Vec<_> = log
            .iter()
            .filter(|entry| entry.path.ends_with("/view"))
            .map(|entry| name(&entry.query))
            .collect();
        assert_eq!(names.first(), names.last(), "the emulator gave another name");
        let differ = "return Promise.all(pilotlightTest.images()\
            .map((img) => fetch(img.src).then((reply) => reply.arrayBuffer())))\
            .then(([one, two]) => new Uint8Array(one).join() !== new Uint8Array(two).join())";
        assert_eq!(page.js(differ, &[]).await?, json!(true), "the old picture again");
        Ok(())
    });
}
