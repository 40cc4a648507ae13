//! Results of any kind, and what is known to be missing before and after a run.

use pilotlight_browser_tests::{Outcome, Scene, Stage, Verdict, ensure};
use serde_json::{Value, json};

use crate::common::{fill_question, make_first_picture, package, press_run};

/// The graph of the first tab with other outputs: `(id, class, title, images)`.
fn graph(outputs: &[(&str, &str, &str, &str)]) -> Value {
    let mut prompt = package()["prompt"].take();
    let nodes = prompt.as_object_mut().expect("a graph");
    nodes.retain(|id, _| ["1", "2"].contains(&id.as_str()));
    for (id, class, title, from) in outputs {
        let mut inputs = json!({"images": [from, 0]});
        if *class == "SaveImage" {
            inputs["filename_prefix"] = json!(title);
        }
        nodes.insert(
            (*id).to_owned(),
            json!({"class_type": class, "inputs": inputs, "_meta": {"title": title}}),
        );
    }
    prompt
}

async fn open(scene: &Scene, name: &str, content: &Value) -> Outcome {
    let file = scene.file(&format!("{name}.json"), content.to_string().as_bytes())?;
    scene.page.choose_file("Open a workflow", &file).await?;
    scene.page.find("tab", name).await.map(drop)
}

/// What stands in the list of results, a line each.
async fn listed(scene: &Scene) -> Outcome<Vec<String>> {
    let body = "const { all, lists, name, results } = pilotlightTest; const listed = results();\
        return [...lists()[0].children].map((one) => {\
            if (!listed.includes(one)) return '# ' + one.innerText;\
            if (all('img', null, one).length > 0) return 'picture';\
            const file = name(all('group', null, one)[0]);\
            return one.innerText.split('\\n').includes(file) ? file : one.innerText; })";
    scene.page.texts(body, &[]).await
}

#[test]
fn sound_film_and_files_are_played_or_downloaded() {
    Stage::new("warm").set("run_ms", 300).play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        let files = ["blink.gif", "tone.wav", "clip.webm", "mesh.glb", "page.html", "mark.svg"];
        let orders: String = files.iter().map(|name| format!("[file={name}] ")).collect();
        press_run(page, &format!("a lamp {orders}")).await?;
        page.until_phase(1, "done").await?;
        page.pictures(1).await?;
        let plays = "const [sound, film] = ['audio', 'video'].map((tag) =>\
            pilotlightTest.parts(tag, pilotlightTest.lists()[0])[0]);\
            return !!sound && !!film && sound.duration > 0.4 && film.videoWidth === 160\
            && [sound, film].every((one) => one.controls && one.paused && !one.autoplay)";
        page.until("sound and film that can be played", plays, &[]).await?;
        for name in ["tone_00001_.wav", "clip_00001_.webm", "mesh_00001_.glb", "page_00001_.html"] {
            page.see(name).await?;
        }
        for size in ["4 kB", "2 kB", "12 B"] {
            page.see(size).await?;
        }
        let shown = "return document.title.includes('owned')\
            || pilotlightTest.parts('iframe, object, embed, script', pilotlightTest.lists()[0]).length\
            || pilotlightTest.images().length !== 1";
        assert_eq!(page.js(shown, &[]).await?, json!(false), "markup was shown");
        let actions = page.find("group", "mesh_00001_.glb").await?;
        page.click_in(&actions, "button", "Download").await?;
        let (name, bytes) = crate::common::downloaded(page).await?;
        assert_eq!((name.as_str(), bytes.as_slice()), ("mesh_00001_.glb", &b"glTF pretend"[..]));
        Ok(())
    });
}

#[test]
fn previews_are_marked_and_left_out_beside_kept_files() {
    Stage::new("warm").set("run_ms", 300).play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        make_first_picture(page, "kept").await?;
        let marks = "return pilotlightTest.results()\
            .filter((one) => one.innerText.split('\\n').includes('Preview')).length";
        assert_eq!(page.js(marks, &[]).await?, 0);
        open(scene, "look", &graph(&[("5", "PreviewImage", "Look", "2")])).await?;
        press_run(page, "only looked at").await?;
        page.until_phase(2, "done").await?;
        page.pictures(2).await?;
        assert_eq!(page.js(marks, &[]).await?, 1);
        page.see("Preview").await?;
        Ok(())
    });
}

#[test]
fn results_of_several_nodes_stand_under_their_titles() {
    Stage::new("warm").set("run_ms", 300).play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        press_run(page, "one").await?;
        page.until_phase(1, "done").await?;
        let two = [("4", "SaveImage", "Large", "2"), ("7", "SaveImage", "Small", "2")];
        open(scene, "two", &graph(&two)).await?;
        press_run(page, "two [file=a.txt] [file=b.txt]").await?;
        page.until_phase(2, "done").await?;
        page.see("Small").await?;
        // Which of the nodes runs first, and so has the lower numbers, is the server's affair.
        let lines: Vec<String> =
            listed(scene).await?.iter().map(|line| line.split('_').take(1).collect()).collect();
        assert_eq!(lines, ["# Large", "a", "b", "# Small", "a", "b", "# ", "picture"]);
        page.find("heading", "Large").await?;
        Ok(())
    });
}

#[test]
fn only_what_the_author_chose_is_shown() {
    Stage::new("warm").set("run_ms", 300).play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        let mut package = package();
        let two = [("4", "SaveImage", "Large", "2"), ("7", "SaveImage", "Small", "2")];
        package["prompt"] = graph(&two);
        (package["id"], package["title"]) = (json!("chosen"), json!("chosen"));
        package["outputs"] = json!(["7"]);
        open(scene, "chosen", &package).await?;
        make_first_picture(page, "two").await?;
        assert_eq!(listed(scene).await?, ["picture"]);
        let log = scene.emulator.log().await?;
        let looks = log.iter().filter(|entry| entry.path.ends_with("/view"));
        let names: Vec<_> = looks.filter_map(|entry| entry.query.split('&').next()).collect();
        assert_eq!(names, ["filename=Small_00001_.png"]);
        Ok(())
    });
}

#[test]
fn an_answer_with_markup_is_formatted_and_loads_nothing() {
    Stage::new("warm").set("understand_ms", 300).play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        let answer = "# A flame\n\n**hot** <img src=x onerror=document.title='owned'>";
        fill_question(scene, &format!("What burns? [answer={answer}]")).await?;
        page.click("button", "Run").await?;
        page.until_phase(1, "done").await?;
        page.see("hot <img src=x").await?;
        let made = "const made = pilotlightTest.all('heading', 'A flame')[0].parentElement;\
            return ['h3', 'strong', 'img'].map((one) => pilotlightTest.parts(one, made).length)";
        assert_eq!(page.js(made, &[]).await?, json!([1, 1, 0]));
        page.click("button", "Raw").await?;
        let text =
            "return pilotlightTest.all('button', 'Raw')[0].previousElementSibling.textContent";
        assert_eq!(page.js(text, &[]).await?, json!(answer));
        let title = page.js("return document.title", &[]).await?.to_string();
        ensure(!title.contains("owned"), || title.clone())?;
        Ok(())
    });
}

#[test]
fn what_a_part_that_will_not_run_would_have_given_is_named() {
    Stage::new("warm").set("run_ms", 300).play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        let two = [("4", "SaveImage", "Large", "2"), ("7", "SaveImage", "Small", "8")];
        let mut prompt = graph(&two);
        prompt["8"] = prompt["2"].clone();
        prompt["8"]["inputs"]["temperature"] = json!(5);
        open(scene, "half", &prompt).await?;
        page.click("button", "Run").await?;
        page.until_phase(1, "done").await?;
        page.see("Part of the workflow won’t run").await?;
        page.see("No result from Small.").await?;
        page.pictures(1).await?;
        Ok(())
    });
}

#[test]
fn a_choice_that_the_server_lacks_is_named_with_those_it_has() {
    Stage::new("warm").play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        let mut prompt = graph(&[("4", "SaveImage", "Save", "2")]);
        prompt["1"]["inputs"]["model_name"] = json!("my-own-model");
        open(scene, "own", &prompt).await?;
        page.click("button", "Run").await?;
        page.until_phase(1, "failed").await?;
        let note = "const [form] = pilotlightTest.all('tabpanel');\
            const notes = pilotlightTest.all('alert', null, form);\
            return notes.map((one) => one.innerText).join(' ')";
        let note = page.until("the note", note, &[]).await?.to_string();
        assert!(
            note.contains(
                "“my-own-model” isn’t available on this server. Available: deepseek-ai/Janus"
            ),
            "{note}"
        );
        Ok(())
    });
}

#[test]
fn what_cannot_run_is_said_before_it_is_sent() {
    Stage::new("warm").set("run_ms", 300).play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        press_run(page, "a lamp").await?;
        page.until_phase(1, "done").await?;
        // The server is awake: it is asked for the classes as the workflow is opened.
        let mut prompt = graph(&[("4", "SaveImage", "Save", "2")]);
        prompt["2"]["inputs"].as_object_mut().expect("inputs").remove("top_p");
        open(scene, "lacking", &prompt).await?;
        page.click("button", "Run").await?;
        page.see("“Janus Image Generation” is missing its input “top_p”.").await?;
        let mut prompt = graph(&[("4", "SaveImage", "Save", "2")]);
        for (id, title) in [("8", "Left"), ("9", "Right")] {
            let inputs = json!({"images": ["2", 0]});
            prompt[id] =
                json!({"class_type": "Sharpen", "inputs": inputs, "_meta": {"title": title}});
        }
        open(scene, "absent", &prompt).await?;
        crate::common::another_press(page).await?;
        page.click("button", "Run").await?;
        page.see("The node “Sharpen” (Left, Right) isn’t installed on the server.").await?;
        assert_eq!(scene.emulator.taken().await?.len(), 1);
        Ok(())
    });
}

#[test]
fn a_missing_class_is_named_with_every_place_that_uses_it() {
    Stage::new("warm").play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        let mut prompt = graph(&[("4", "SaveImage", "Save", "2")]);
        for (id, title) in [("8", "Left"), ("9", "Right")] {
            let inputs = json!({"images": ["2", 0]});
            prompt[id] =
                json!({"class_type": "Sharpen", "inputs": inputs, "_meta": {"title": title}});
        }
        // Nothing was heard of the server yet, so it is not asked before it is run.
        open(scene, "absent", &prompt).await?;
        page.click("button", "Run").await?;
        page.until_phase(1, "failed").await?;
        page.see("A required node isn’t installed").await?;
        page.see("The node “Sharpen” (Left, Right) isn’t installed on the server.").await?;
        Ok(())
    });
}
