//! What the server takes now: offered after a refusal, asked for again by hand.

use pilotlight_browser_tests::{Outcome, Page, Scene, Stage, Verdict, ensure};
use serde_json::{Value, json};

use crate::common::{another_press, choose, package, press_run, requests, sole_run, tabs};

const GONE: &str = "deepseek-ai/Janus-Pro-3B";
const THERE: &str = "deepseek-ai/Janus-Pro-7B";

/// The workflow of the first tab with a model that the server does not have.
fn stale() -> Value {
    let mut prompt = package()["prompt"].take();
    prompt["1"]["inputs"]["model_name"] = json!(GONE);
    prompt["4"]["inputs"]["filename_prefix"] = json!("lamp");
    prompt
}

async fn open(scene: &Scene, prompt: &Value) -> Outcome {
    let file = scene.file("lamp.json", prompt.to_string().as_bytes())?;
    scene.page.choose_file("Open a workflow", &file).await?;
    scene.page.find("tab", "lamp").await.map(drop)
}

/// What can be chosen at the field that has the focus, and what is chosen.
async fn offered(page: &Page) -> Outcome<(Vec<String>, String)> {
    let body = "const it = document.activeElement;\
        const list = it.list ?? it; if (it.ariaInvalid !== 'true' || !list.options) return null;\
        return [[...list.options].map((one) => one.value), it.value]";
    let found = page.until("a choice with the focus and an error", body, &[]).await?;
    Ok(serde_json::from_value(found).expect("a list and a text"))
}

#[test]
fn a_refused_value_becomes_a_choice_of_what_the_server_has() {
    Stage::new("warm").set("run_ms", 300).play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        open(scene, &stale()).await?;
        press_run(page, "a lamp in the fog").await?;
        page.until_phase(1, "failed").await?;
        let (list, now) = offered(page).await?;
        assert_eq!(list, [GONE, "deepseek-ai/Janus-Pro-1B", THERE]);
        assert_eq!(now, GONE);
        page.see("“deepseek-ai/Janus-Pro-3B” isn’t available on this server").await?;
        assert_eq!(page.value("Prompt").await?, "a lamp in the fog");
        // The class is asked for by itself, so that the choice is kept with the form.
        page.until("the class to be kept", KEPT, &[]).await?;
        scene.reload().await?;
        page.unfold("Advanced").await?;
        choose(page, "Model", THERE).await?;
        page.click("button", "Run").await?;
        page.until_phase(2, "done").await?;
        sole_run(scene, "success").await?;
        Ok(())
    });
}

const KEPT: &str = "return Object.keys(localStorage).some((key) =>\
    key.startsWith('pilotlight.workflow.') && localStorage[key].includes('\"COMBO\"'))";

#[test]
fn a_form_of_the_page_offers_it_for_this_visit_and_stays_as_it_is() {
    let mut package = package();
    package["id"] = json!("lamp");
    package["title"] = json!("Lamps");
    package["prompt"] = stale();
    let config = json!({
        "endpoint": "openai", "model": "serverless-comfyui", "workflows": ["lamp.json"],
    });
    let stage = Stage::new("warm").set("run_ms", 300).config(config.to_string());
    stage.beside("lamp.json", package.to_string().as_bytes()).play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        press_run(page, "a lamp in the fog").await?;
        page.until_phase(1, "failed").await?;
        let (list, now) = offered(page).await?;
        assert_eq!((list.len(), now.as_str()), (3, GONE));
        choose(page, "Model", THERE).await?;
        page.until_none_refused().await?;
        another_press(page).await?;
        page.click("button", "Run").await?;
        page.until_phase(2, "done").await?;
        sole_run(scene, "success").await?;
        assert_eq!(tabs(page).await?, 1);
        scene.reload().await?;
        assert_eq!((page.count("combobox", "Model").await?, tabs(page).await?), (0, 1));
        assert_eq!(page.value("Prompt").await?, "a lamp in the fog");
        Ok(())
    });
}

#[test]
fn a_list_too_long_to_be_named_is_asked_for_and_searched_by_typing() {
    let more: Vec<String> = (1..=30).map(|n| format!("models/number-{n}")).collect();
    let stage = Stage::new("warm").set("run_ms", 300).set("more_models", json!(more));
    stage.play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        open(scene, &stale()).await?;
        press_run(page, "a lamp").await?;
        page.until_phase(1, "failed").await?;
        let (list, now) = offered(page).await?;
        assert_eq!((list.len(), now.as_str()), (32, GONE));
        let log = scene.emulator.log().await?;
        let asked = log.iter().filter(|entry| entry.line().contains("object_info"));
        let asked: Vec<String> = asked.map(|entry| entry.line()).collect();
        ensure(asked.len() == 1 && asked[0].ends_with("JanusModelLoader"), || {
            format!("asked for {asked:?}")
        })?;
        page.press("Control+a").await?;
        let model = json!({"text": "models/number-17"});
        page.session.cdp("Input.insertText", model).await?;
        another_press(page).await?;
        page.click("button", "Run").await?;
        page.until_phase(2, "done").await?;
        sole_run(scene, "success").await?;
        Ok(())
    });
}

async fn edit(page: &Page) -> Outcome {
    page.unfold("Advanced").await?;
    page.click("button", "Edit form").await
}

#[test]
fn the_age_of_descriptions_is_told_and_asking_again_takes_over_what_is_new() {
    let stage = Stage::new("cold").set("cold_start_ms", 1_000).set("cold_start_jitter_ms", 0);
    stage.play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        edit(page).await?;
        page.see("Options come from the form file").await?;
        page.press("Escape").await?;
        let mut prompt = stale();
        prompt["1"]["inputs"]["model_name"] = json!(THERE);
        open(scene, &prompt).await?;
        page.fill("Prompt", "typed").await?;
        edit(page).await?;
        page.see("Options are those of ComfyUI itself").await?;
        assert_eq!(requests(scene, "").await?, 0);
        page.click("button", "Load from the server (wakes a sleeping GPU)").await?;
        page.see("Loading; a sleeping GPU takes").await?;
        page.see("Options updated from the server").await?;
        page.see("Options were loaded from the server just now").await?;
        assert_eq!(page.focused().await?, "button Load again (wakes a sleeping GPU)");
        page.press("Escape").await?;
        assert_eq!(page.value("Prompt").await?, "typed");
        page.find("combobox", "Model").await?;

        // Three days later a model was put there.
        let age = "Object.keys(localStorage).filter((key) => key.startsWith('pilotlight.class.'))\
            .forEach((key) => { const kept = JSON.parse(localStorage[key]);\
            kept.said -= 3 * 86400000; localStorage[key] = JSON.stringify(kept); })";
        page.js(age, &[]).await?;
        scene.reload().await?;
        scene.emulator.set(json!({"more_models": ["mine"]})).await?;
        edit(page).await?;
        page.see("Options were loaded from the server 3 d ago").await?;
        page.click("button", "Load again (wakes a sleeping GPU)").await?;
        page.see("Options updated from the server").await?;
        page.click("button", "Load again (wakes a sleeping GPU)").await?;
        page.see("Nothing has changed").await?;
        page.press("Escape").await?;
        choose(page, "Model", "mine").await?;
        assert_eq!(page.value("Prompt").await?, "typed");
        assert_eq!(tabs(page).await?, 3);

        // A form of the page takes it over for now; its own file says the same of its fields.
        page.click("tab", "Text to image").await?;
        edit(page).await?;
        page.see("Options were loaded from the server just now").await?;
        page.click("button", "Load again (wakes a sleeping GPU)").await?;
        page.see("until you reload").await?;
        page.press("Escape").await?;
        assert_eq!(tabs(page).await?, 3);
        Ok(())
    });
}
