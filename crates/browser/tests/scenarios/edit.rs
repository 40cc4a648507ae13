//! An author changes a form, hands it on as a file, and keeps presets of it.

use pilotlight_browser_tests::{Outcome, Page, Scene, Stage, Verdict, ensure};
use serde_json::{Value, json};

use crate::common::{another_press, downloaded, sole_run};

/// The labels of the form's fields, those in front first; what stands in a dialog is none of them.
const LABELS: &str = "return pilotlightTest.labels()\
    .map((label) => pilotlightTest.squeeze(label.textContent))";

async fn labels(page: &Page, expected: &[&str]) -> Outcome {
    let same = [LABELS, ".join() === arguments[0].join()"].concat();
    let found = page.until(&format!("the fields {expected:?}"), &same, &[json!(expected)]).await;
    match found {
        Ok(_) => Ok(()),
        Err(why) => Err(format!("{why}, but {}", page.js(LABELS, &[]).await?).into()),
    }
}

/// Opens one of the two dialogs that the folded part of the form ends with.
async fn open(page: &Page, name: &str) -> Outcome {
    page.unfold("Advanced").await?;
    page.click("button", name).await?;
    page.find("dialog", name).await.map(drop)
}

async fn close(page: &Page) -> Outcome {
    page.press("Escape").await?;
    page.until_none("dialog").await
}

/// Types and goes on, as a person does.
async fn set(page: &Page, name: &str, text: &str) -> Outcome {
    page.fill(name, text).await?;
    page.press("Tab").await
}

async fn drop_file(page: &Page, name: &str, bytes: &[u8]) -> Outcome {
    let give = "const bag = new DataTransfer(); const [name, bytes] = arguments;\
        bag.items.add(new File([new Uint8Array(bytes)], name));\
        document.body.dispatchEvent(\
        new DragEvent('drop', {dataTransfer: bag, bubbles: true, cancelable: true}))";
    page.js(give, &[json!(name), json!(bytes)]).await.map(drop)
}

const EDITED: [&str; 6] = ["Prompt", "Prefix", "Seed", "Guidance", "Temperature", "Top-p"];

/// Chooses an input of the built-in form, names it, moves it, hides another, bounds a third.
async fn edit(scene: &Scene) -> Outcome {
    let page = &scene.page;
    open(page, "Edit form").await?;
    page.see("editing creates your own copy").await?;
    page.click("radio", "All inputs").await?;
    page.fill("Search inputs", "prefix").await?;
    page.click("checkbox", "File name").await?;
    page.see("saved in this browser").await?;
    page.click("radio", "Fields 7").await?;
    page.click("button", "File name").await?;
    set(page, "Name · English", "Prefix").await?;
    set(page, "Name · 中文", "前缀").await?;
    page.click("button", "Move up: Prefix").await?;
    let focused = "return document.activeElement.getAttribute('aria-label') === arguments[0]";
    page.until("the focus on the button", focused, &[json!("Move up: Prefix")]).await?;
    page.press("Enter").await?;
    labels(page, &["Prompt", "Prefix", "Images", "Seed", "Guidance", "Temperature", "Top-p"])
        .await?;
    page.click("button", "Hide: Images").await?;
    page.click("button", "Guidance").await?;
    set(page, "Max", "4").await?;
    page.see("The default is outside this range").await?;
    set(page, "Default", "a few").await?;
    page.see("Enter a number").await?;
    set(page, "Default", "3").await?;
    set(page, "Max", "4").await?;
    labels(page, &EDITED).await
}

#[test]
fn a_form_is_edited_saved_run_and_opened_again() {
    Stage::new("warm").set("run_ms", 300).play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        page.fill("Prompt", "a lamp in the fog").await?;
        edit(scene).await?;
        page.click("button", "Save as a file").await?;
        let (name, file) = downloaded(page).await?;
        assert_eq!(name, "janus-text-to-image-2.json");
        let package: Value = serde_json::from_slice(&file).expect("a package");
        assert_eq!(package["title"], json!({"en": "Text to image 2", "zh": "文生图 2"}));
        assert_eq!(package["form"][1]["label"], json!({"en": "Prefix", "zh": "前缀"}));
        assert_eq!(package["form"][3]["max"].as_f64(), Some(4.0));
        assert_eq!(package["prompt"]["2"]["inputs"]["cfg_weight"].as_f64(), Some(3.0));
        assert!(package["classes"]["JanusImageGeneration"].is_object());
        close(page).await?;
        let focused = "return document.activeElement.id === 'edit-form'";
        page.until("the focus back at the button", focused, &[]).await?;
        assert_eq!(page.value("Prompt").await?, "a lamp in the fog");
        assert_eq!(page.value("Guidance").await?, "3");

        scene.reload().await?;
        page.find("tab", "Text to image 2").await?;
        labels(page, &EDITED).await?;
        page.unfold("Advanced").await?;
        page.fill("Guidance", "5").await?;
        page.click("button", "Run").await?;
        page.see("Maximum 4").await?;
        page.fill("Guidance", "2").await?;
        another_press(page).await?;
        page.click("button", "Run").await?;
        page.until_phase(1, "done").await?;
        sole_run(scene, "success").await?;

        // The configuration's own form is as it was.
        page.click("tab", "Text to image").await?;
        labels(page, &["Prompt", "Images", "Seed", "Guidance", "Temperature", "Top-p"]).await?;
        page.click("tab", "Text to image 2").await?;
        page.click("button", "Close this workflow").await?;
        ensure(page.count("tab", "Text to image 2").await? == 0, || "the tab stayed".to_owned())?;
        scene.reload().await?;
        drop_file(page, &name, &file).await?;
        page.find("tab", "Text to image 2").await?;
        labels(page, &EDITED).await?;
        page.click("button", "中文").await?;
        page.see("前缀").await?;
        Ok(())
    });
}

#[test]
fn what_is_typed_when_the_dialog_is_closed_is_taken_over() {
    Stage::new("warm").play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        open(page, "Edit form").await?;
        page.fill("Title · English", "Lamps").await?;
        close(page).await?;
        page.find("tab", "Lamps").await?;
        page.find("tab", "Text to image").await?;
        open(page, "Edit form").await?;
        page.click("button", "Prompt").await?;
        page.fill("Name · English", "What to draw").await?;
        page.click("button", "Close").await?;
        page.find("textbox", "What to draw").await?;
        Ok(())
    });
}

#[test]
fn a_form_that_was_changed_since_is_not_lost_to_its_own_file() {
    Stage::new("warm").play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        open(page, "Edit form").await?;
        set(page, "Title · English", "First").await?;
        page.click("button", "Save as a file").await?;
        let (name, file) = downloaded(page).await?;
        set(page, "Title · English", "Second").await?;
        close(page).await?;
        drop_file(page, &name, &file).await?;
        page.find("tab", "First").await?;
        page.find("tab", "Second").await?;
        drop_file(page, &name, &file).await?;
        ensure(page.count("tab", "First").await? == 1, || "twice".to_owned())?;
        Ok(())
    });
}

#[test]
fn the_present_values_become_what_the_form_begins_with() {
    Stage::new("warm").play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        page.fill("Prompt", "a lamp").await?;
        page.fill("Images", "4").await?;
        open(page, "Edit form").await?;
        page.click("button", "Use current values as defaults").await?;
        page.see("are now the defaults").await?;
        page.click("button", "Save as a file").await?;
        let (_, file) = downloaded(page).await?;
        let package: Value = serde_json::from_slice(&file).expect("a package");
        let inputs = &package["prompt"]["2"]["inputs"];
        assert_eq!((&inputs["prompt"], &inputs["batch_size"]), (&json!("a lamp"), &json!(4)));
        Ok(())
    });
}

#[test]
fn presets_are_kept_filled_in_and_deleted() {
    Stage::new("warm").play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        page.fill("Prompt", "a lamp at night").await?;
        page.fill("Seed", "4711").await?;
        open(page, "Presets").await?;
        page.see("None yet").await?;
        page.fill("Save current settings as (files excluded)", "Night").await?;
        page.press("Enter").await?;
        page.find("button", "Night").await?;
        close(page).await?;
        page.fill("Prompt", "a lamp at noon").await?;
        page.fill("Seed", "").await?;
        scene.reload().await?;
        open(page, "Presets").await?;
        page.click("button", "Night").await?;
        page.until_none("dialog").await?;
        assert_eq!(page.value("Prompt").await?, "a lamp at night");
        assert_eq!(page.value("Seed").await?, "4711");
        open(page, "Presets").await?;
        page.click("button", "Delete: Night").await?;
        page.see("None yet").await?;
        Ok(())
    });
}
