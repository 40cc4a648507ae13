//! A workflow of one's own: opened from a file, a text, a picture; run; kept; closed.

use std::time::Duration;

use pilotlight_browser_tests::{Outcome, Page, Scene, Stage, Verdict, ensure};
use pilotlight_fixtures::posted;
use serde_json::{Value, json};

use crate::common::{package, press_run, requests, sole_run, tabs};
use crate::offline::{kept, until_kept};

const LOOK: &str = include_str!("../../../../public/workflows/janus-image-understanding.json");
const OPEN: &str = "Open a workflow";

/// The workflow of the first tab with other file names, so that it is another workflow.
fn another() -> Value {
    let mut package = package();
    package["prompt"]["4"]["inputs"]["filename_prefix"] = json!("lamp");
    package["prompt"].take()
}

/// A workflow of an older editor, which wrote values without the names of their inputs.
fn by_position() -> String {
    let mut editor: Value = serde_json::from_str(&posted("janus_t2i").ui).expect("it is JSON");
    for node in editor["nodes"].as_array_mut().expect("it has nodes") {
        if let Some(node) = node.as_object_mut() {
            node.remove("widgets_values_named");
        }
        if let Some(inputs) = node["inputs"].as_array_mut() {
            inputs.retain(|input| input.get("widget").is_none());
        }
    }
    editor.to_string()
}

async fn choose(scene: &Scene, name: &str, content: &str) -> Outcome {
    let file = scene.file(name, content.as_bytes())?;
    scene.page.choose_file(OPEN, &file).await
}

/// As if the file were dropped on the page, or pasted into it.
async fn give(page: &Page, event: &str, name: &str, bytes: &[u8], kind: &str) -> Outcome {
    let give = "const bag = new DataTransfer(); const [event, name, bytes, type] = arguments;\
        bag.items.add(new File([new Uint8Array(bytes)], name, {type}));\
        document.body.dispatchEvent(event === 'drop'\
        ? new DragEvent('drop', {dataTransfer: bag, bubbles: true, cancelable: true})\
        : new ClipboardEvent('paste', {clipboardData: bag, bubbles: true, cancelable: true}));\
        return true";
    page.js(give, &[json!(event), json!(name), json!(bytes), json!(kind)]).await.map(drop)
}

#[test]
fn a_prompt_becomes_a_form_that_runs_is_kept_and_can_be_closed() {
    Stage::new("warm").play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        choose(scene, "lamp.json", &another().to_string()).await?;
        page.find("tab", "lamp").await?;
        page.fill("Prompt", "a lamp in the fog").await?;
        page.click("button", "Run").await?;
        page.until_phase(1, "done").await?;
        page.pictures(1).await?;
        sole_run(scene, "success").await?;
        scene.reload().await?;
        page.find("tab", "lamp").await?;
        assert_eq!(page.value("Prompt").await?, "a lamp in the fog");
        page.click("button", "Close this workflow").await?;
        page.find("textbox", "Prompt").await?;
        ensure(page.count("tab", "lamp").await? == 0, || "the tab stayed".to_owned())?;
        scene.reload().await?;
        ensure(page.count("tab", "lamp").await? == 0, || "the tab came back".to_owned())?;
        Ok(())
    });
}

#[test]
fn the_same_workflow_again_is_filled_into_the_form_it_has() {
    Stage::new("warm").play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        page.click("tab", "Image to text").await?;
        let mut prompt = another();
        prompt["4"]["inputs"]["filename_prefix"] = json!("ComfyUI");
        prompt["2"]["inputs"]["prompt"] = json!("a lighthouse");
        prompt["2"]["inputs"]["seed"] = json!(18_446_744_073_709_551_615_u64);
        let body = json!({"model": "x", "client_id": "y", "prompt": prompt}).to_string();
        let paste = "const bag = new DataTransfer(); bag.setData('text/plain', arguments[0]);\
            document.body.dispatchEvent(new ClipboardEvent('paste',\
            {clipboardData: bag, bubbles: true, cancelable: true})); return true";
        page.js(paste, &[json!(body)]).await?;
        page.until_value("Prompt", "a lighthouse").await?;
        assert_eq!(page.value("Seed").await?, "18446744073709551615");
        ensure(tabs(page).await? == 2, || "another tab".to_owned())?;
        Ok(())
    });
}

#[test]
fn a_picture_that_the_page_made_opens_its_workflow_with_its_values() {
    Stage::new("warm").play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        page.fill("Prompt", "a lamp in the fog").await?;
        page.fill("Seed", "4711").await?;
        page.click("button", "Run").await?;
        page.until_phase(1, "done").await?;
        page.pictures(1).await?;
        page.fill("Prompt", "something else").await?;
        page.fill("Seed", "").await?;
        let drag = "return fetch(pilotlightTest.images()[0].src)\
            .then((reply) => reply.arrayBuffer()).then((bytes) => [...new Uint8Array(bytes)])";
        let bytes: Vec<u8> = serde_json::from_value(page.js(drag, &[]).await?).expect("bytes");
        give(page, "drop", "made.png", &bytes, "image/png").await?;
        page.until_value("Prompt", "a lamp in the fog").await?;
        assert_eq!(page.value("Seed").await?, "4711");
        Ok(())
    });
}

#[test]
fn the_editors_format_asks_a_sleeping_server_only_after_a_press() {
    Stage::new("cold").set("cold_start_ms", 1_500).play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        choose(scene, "old.json", &by_position()).await?;
        page.see("uses nodes this page hasn’t seen").await?;
        page.see("JanusImageGeneration").await?;
        assert_eq!(requests(scene, "object_info").await?, 0);
        page.click("button", "Wake the GPU and load them").await?;
        page.until(
            "the form of the workflow",
            "return pilotlightTest.all('tab').length\
            === 3 || pilotlightTest.all('textbox')[0]?.value !== 'a tiger'",
            &[],
        )
        .await?;
        assert!(requests(scene, "object_info").await? > 0);
        Ok(())
    });
}

/// A workflow of ComfyUI's own nodes, by an editor that wrote values without names.
fn of_core_nodes(title: &str) -> String {
    json!({"nodes": [
        {"id": 1, "type": "CheckpointLoaderSimple", "widgets_values": ["mine.safetensors"],
         "outputs": [{"links": [1]}, {"links": [2]}, {"links": [5]}]},
        {"id": 2, "type": "CLIPTextEncode", "widgets_values": [title],
         "inputs": [{"name": "clip", "link": 2}], "outputs": [{"links": [3, 4]}]},
        {"id": 3, "type": "KSampler",
         "widgets_values": [7, "fixed", 20, 8, "dpmpp_2m", "karras", 1],
         "inputs": [{"name": "model", "link": 1}, {"name": "positive", "link": 3},
            {"name": "negative", "link": 4}, {"name": "latent_image", "link": 6}],
         "outputs": [{"links": [7]}]},
        {"id": 4, "type": "EmptyLatentImage", "widgets_values": [512, 512, 1],
         "outputs": [{"links": [6]}]},
        {"id": 5, "type": "VAEDecode",
         "inputs": [{"name": "samples", "link": 7}, {"name": "vae", "link": 5}],
         "outputs": [{"links": [8]}]},
        {"id": 6, "type": "SaveImage", "widgets_values": [title],
         "inputs": [{"name": "images", "link": 8}]},
    ], "links": [[1, 1, 0, 3, 0, "MODEL"], [2, 1, 1, 2, 0, "CLIP"], [3, 2, 0, 3, 1, "CONDITIONING"],
        [4, 2, 0, 3, 2, "CONDITIONING"], [5, 1, 2, 5, 1, "VAE"], [6, 4, 0, 3, 3, "LATENT"],
        [7, 3, 0, 5, 0, "LATENT"], [8, 5, 0, 6, 0, "IMAGE"]], "version": 0.4})
    .to_string()
}

/// Their descriptions come with the page, but not with a first visit.
#[test]
fn a_workflow_of_core_nodes_is_a_form_while_the_server_sleeps() {
    Stage::new("cold").play(async |scene| -> Verdict {
        scene.page.be_patient(Duration::from_secs(20));
        scene.open().await?;
        let page = &scene.page;
        until_kept(page).await?;
        let is_here = |files: &[String]| files.iter().any(|it| it.ends_with("/core-nodes.json"));
        ensure(!is_here(&kept(page).await?), || "fetched on a first visit".to_owned())?;
        choose(scene, "lamp.json", &of_core_nodes("a lamp")).await?;
        page.find("tab", "lamp").await?;
        page.until_value("Prompt", "a lamp").await?;
        page.unfold("Advanced").await?;
        page.until_value("Sampler", "dpmpp_2m").await?;
        page.find("combobox", "Scheduler").await?;
        assert_eq!(page.value("Model").await?, "mine.safetensors");
        page.click("button", "Edit form").await?;
        page.see("Options are those of ComfyUI itself").await?;
        page.press("Escape").await?;
        assert_eq!(requests(scene, "object_info").await?, 0);
        ensure(is_here(&kept(page).await?), || "not kept for later".to_owned())?;
        // Once it was needed, it is there without a network, too.
        scene.server.stop();
        scene.reload().await?;
        page.find("tab", "lamp").await?;
        let other = of_core_nodes("a boat").replace("EmptyLatentImage", "EmptySD3LatentImage");
        choose(scene, "boat.json", &other).await?;
        page.until_value("Prompt", "a boat").await?;
        Ok(())
    });
}

#[test]
fn a_picture_of_the_server_that_the_file_names_is_kept_unless_another_is_chosen() {
    Stage::new("warm").play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        press_run(page, "a tiger").await?;
        page.until_phase(1, "done").await?;
        let mut look: Value = serde_json::from_str(LOOK).expect("it is JSON");
        // Else it would be filled into the form of the second tab.
        look["prompt"]["7"]["inputs"]["file"] = json!("look.txt");
        look["prompt"]["5"]["inputs"]["image"] = json!("ComfyUI_00001_.png [output]");
        choose(scene, "look.json", &look["prompt"].to_string()).await?;
        let named = "Image ComfyUI_00001_.png [output] expected on the server · \
            choose another";
        page.find("button", named).await?;
        page.click("button", "Run").await?;
        page.until_phase(2, "done").await?;
        assert_eq!(requests(scene, "upload").await?, 0);
        Ok(())
    });
}

#[test]
fn what_is_no_workflow_is_refused_in_a_sentence_and_changes_nothing() {
    Stage::new("warm").play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        page.fill("Prompt", "kept").await?;
        let table = [
            ("login.html", "<!doctype html><html><body>Log in</body></html>", "is a web page"),
            ("cut.json", "{\"1\": {\"class_type\":", "ends too early"),
            ("empty.json", "", "is empty"),
            ("other.json", "{\"name\": \"x\", \"version\": \"1.0.0\"}", "other.json"),
        ];
        for (name, content, said) in table {
            give(page, "drop", name, content.as_bytes(), "").await?;
            page.see(said).await?;
        }
        assert_eq!(page.value("Prompt").await?, "kept");
        assert_eq!(page.notices().await?.len(), 1);
        assert_eq!(requests(scene, "/").await?, 0);
        Ok(())
    });
}

/// Returns the JSON of a text in a PNG.
fn noted(png: &[u8], name: &str) -> Option<Value> {
    let mark = [b"tEXt", name.as_bytes(), b"\0"].concat();
    let at = png.windows(mark.len()).position(|bytes| bytes == mark)?;
    let length = png.get(at - 4..at)?.try_into().ok().map(u32::from_be_bytes)?;
    let text = png.get(at + mark.len()..at + 4 + length as usize)?;
    serde_json::from_slice(text).ok()
}

#[test]
fn a_picture_contains_the_editors_workflow_with_the_values_of_its_run() {
    Stage::new("warm").play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        let mut editor: Value = serde_json::from_str(&by_position()).expect("a workflow");
        for node in editor["nodes"].as_array_mut().into_iter().flatten() {
            if node["type"] == "SaveImage" {
                node["widgets_values"] = json!(["lamp"]);
            }
        }
        choose(scene, "lamp.json", &editor.to_string()).await?;
        page.click("button", "Wake the GPU and load them").await?;
        page.find("tab", "lamp").await?;
        // What was stored is sent.
        scene.reload().await?;
        page.fill("Prompt", "a lamp in the fog").await?;
        page.fill("Seed", "4711").await?;
        page.click("button", "Run").await?;
        page.until_phase(1, "done").await?;
        page.pictures(1).await?;
        let bytes = "return fetch(pilotlightTest.images()[0].src)\
            .then((reply) => reply.arrayBuffer()).then((bytes) => [...new Uint8Array(bytes)])";
        let png: Vec<u8> = serde_json::from_value(page.js(bytes, &[]).await?).expect("bytes");
        for node in editor["nodes"].as_array_mut().into_iter().flatten() {
            if node["type"] == "JanusImageGeneration" {
                node["widgets_values"][0] = json!("a lamp in the fog");
                node["widgets_values"][1] = json!(4711);
            }
        }
        assert_eq!(noted(&png, "workflow"), Some(editor));
        Ok(())
    });
}

#[test]
fn what_was_selected_for_the_editors_app_mode_is_in_front() {
    let mut editor: Value = serde_json::from_str(&posted("janus_t2i").ui).expect("a workflow");
    for node in editor["nodes"].as_array_mut().into_iter().flatten() {
        if node["type"] == "SaveImage" {
            node["widgets_values"] = json!(["lamp"]);
        }
    }
    editor["extra"]["linearData"] =
        json!({"inputs": [["2", "temperature"], ["2", "prompt"]], "outputs": ["3"]});
    Stage::new("cold").beside("lamp.json", editor.to_string().as_bytes()).play(
        async |scene| -> Verdict {
            scene.open_at("?workflow=lamp.json").await?;
            let page = &scene.page;
            page.find("tab", "lamp").await?;
            let front = "const front = pilotlightTest.labels()\
                .filter((label) => !label.closest('details')).map((label) => label.innerText);\
                return front.length === 2 && front";
            let front = page.until("the two fields in front", front, &[]).await?;
            assert_eq!(front, json!(["Temperature", "Prompt"]));
            assert_eq!(requests(scene, "").await?, 0);
            Ok(())
        },
    );
}

#[test]
fn on_a_phone_an_opened_workflow_is_closed_by_the_menu_of_all() {
    Stage::new("warm").size(390, 800).play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        choose(scene, "lamp.json", &another().to_string()).await?;
        page.find("tab", "lamp").await?;
        page.click("button", "All workflows").await?;
        let menu = "const [opener] = pilotlightTest.all('button', 'All workflows');\
            return opener?.ariaExpanded === 'true' && opener.parentElement";
        let menu = page.element("the menu", menu, &[]).await?;
        page.click_in(&menu, "button", "Close this workflow").await?;
        let gone = "return pilotlightTest.all('tab', 'lamp').length === 0";
        page.until("the tab to be gone", gone, &[]).await?;
        page.find("textbox", "Prompt").await?;
        scene.reload().await?;
        ensure(page.count("tab", "lamp").await? == 0, || "the tab came back".to_owned())?;
        Ok(())
    });
}

#[test]
fn values_that_no_input_takes_are_named() {
    let case = |name: &str| {
        let bytes = pilotlight_fixtures::bytes(&format!("cases/{name}.json"));
        String::from_utf8(bytes.to_vec()).expect("it is text")
    };
    Stage::new("warm").play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        choose(scene, "dict.json", &case("widgets-dict-core")).await?;
        page.find("tab", "dict").await?;
        let said = "return pilotlightTest.notices().map((one) => pilotlightTest.squeeze(one.innerText))\
            .find((words) => words.includes('values that its nodes have no input for'))";
        let said = page.until("a notice about the values", said, &[]).await?.to_string();
        assert!(said.contains("“dict.json”"), "{said}");
        assert!(said.contains("They aren’t sent: Load Checkpoint: b.safetensors"), "{said}");
        Ok(())
    });
    // All that the rows of such a node have is sent.
    Stage::new("warm").play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        choose(scene, "loras.json", &case("power-lora-loader-ui")).await?;
        page.find("tab", "loras").await?;
        page.until_awake().await?;
        ensure(!page.text().await?.contains("saved values that no input"), || "named".to_owned())?;
        Ok(())
    });
}
