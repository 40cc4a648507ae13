//! What an attacker would try of a page like this: a server that lies, files that are bombs, storage
//! that somebody else wrote, things that are dropped. `docs/security.md` lists them all.

use std::sync::Arc;

use pilotlight_browser_tests::host::{Host, Said, head};
use pilotlight_browser_tests::made::{endless_png, large_png};
use pilotlight_browser_tests::stage::WORKFLOWS;
use pilotlight_browser_tests::{Outcome, Page, Scene, Stage, Verdict, ensure, places};
use serde_json::{Value, json};

use crate::common::{downloaded, make_first_picture, press_run, sole_run};

/// By which the server below knows every run.
const RUN: &str = "58b14e27-570f-45c8-8c68-233210f2140a";
const SVG: &[u8] = b"<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'>\
    <script>document.documentElement.setAttribute('data-owned', localStorage.length)</script>\
    <rect width='9' height='9' fill='red'/></svg>";

/// A plain ComfyUI of somebody's own, whose runs bring these files.
async fn server(files: Vec<(&'static str, &'static str, Vec<u8>)>) -> Outcome<Host> {
    let files = Arc::new(files);
    Host::start(move |path| answer(path, &files)).await
}

fn answer(path: &str, files: &[(&str, &str, Vec<u8>)]) -> Said {
    let said = |value: Value| (head("application/json"), value.to_string().into_bytes());
    let images: Vec<Value> = (files.iter())
        .map(|(name, _, _)| json!({"filename": name, "subfolder": "", "type": "output"}))
        .collect();
    match path.split('?').next().unwrap_or_default().trim_end_matches(RUN) {
        "/api/pilotlight/system_stats" => said(json!({"system": {"comfyui_version": "0.33.0"}})),
        "/api/prompt" => said(json!({"prompt_id": RUN, "number": 1, "node_errors": {}})),
        "/api/pilotlight/wait/" | "/api/pilotlight/history/" => said(json!({RUN: {
            "prompt": [1, RUN, {}, {}, []], "outputs": {"4": {"images": images}},
            "status": {"status_str": "success", "completed": true, "messages": []},
        }})),
        "/api/pilotlight/view" => {
            let asked = |(name, _, _): &&(&str, &str, Vec<u8>)| {
                path.contains(&format!("filename={}", name.get(..5).unwrap_or(name)))
            };
            match files.iter().find(asked) {
                Some((_, kind, bytes)) => (head(kind), bytes.clone()),
                None => ("HTTP/1.1 404 Not Found".to_owned(), Vec::new()),
            }
        }
        _ => ("HTTP/1.1 404 Not Found\r\naccess-control-allow-origin: *".to_owned(), Vec::new()),
    }
}

/// Opens the page with this server, from a host that serves it as long as what is returned lives.
async fn open(scene: &Scene, server: &Host) -> Outcome<Host> {
    let config = json!({
        "endpoint": server.address, "transport": "direct", "workflows": WORKFLOWS,
    });
    let host = Host::of_folder(places::dist()?, config.to_string()).await?;
    scene.page.session.go(&host.address).await?;
    scene.page.ready().await?;
    Ok(host)
}

/// The types under which the addresses of the results would be opened by themselves.
const TYPES: &str = "return Promise.all(pilotlightTest.results().flatMap((one) =>\
    pilotlightTest.parts('img, video, audio', one)).map((one) =>\
    fetch(one.src).then((it) => it.blob()).then((it) => it.type)))";

#[test]
fn a_server_that_lies_of_types_and_names_shows_nothing_that_runs() {
    Stage::new("warm").play(async |scene| -> Verdict {
        let picture = std::fs::read(scene.picture()).expect("it is there");
        let files = vec![
            ("xdrag:https://evil.example/x.exe?.png", "image/png", picture),
            ("alie.png", "image/svg+xml", SVG.to_vec()),
            ("blie.mp4", "application/xhtml+xml", SVG.to_vec()),
            ("clie.wav", "text/xml", SVG.to_vec()),
            ("large.png", "image/png", large_png(23_000)),
            ("exe1a\u{202e}gnp.exe", "image/png", b"MZ".to_vec()),
        ];
        let server = server(files).await?;
        let _page = open(scene, &server).await?;
        let page = &scene.page;
        press_run(page, "a tiger").await?;
        page.until_phase(1, "done").await?;
        page.see("large.png").await?;
        page.see("exe1agnp.exe").await?;
        let mut types = page.texts(TYPES, &[]).await?;
        types.sort_unstable();
        assert_eq!(types, ["audio/wav", "image/png", "image/png", "video/mp4"]);
        let text = page.text().await?;
        ensure(!text.contains('\u{202e}'), || "the name turns what is read".to_owned())?;

        // Dragged out, a browser saves what stands behind the second colon.
        let drag = "const img = pilotlightTest.images()\
                .find((one) => one.naturalWidth === 192);\
            const bag = new DataTransfer();\
            img.dispatchEvent(new DragEvent('dragstart', { dataTransfer: bag, bubbles: true }));\
            return [bag.getData('DownloadURL'), img.src]";
        let dragged = page.js(drag, &[]).await?;
        let (said, own) = (dragged[0].as_str().unwrap_or(""), dragged[1].as_str().unwrap_or(""));
        let expected = format!("image/png:xdrag https evil.example x.exe.png:{own}");
        assert_eq!(said, expected);

        // After a reload it is as it was kept.
        scene.reload().await?;
        page.see("large.png").await?;
        let again = page.js(TYPES, &[]).await?;
        assert_eq!(again.as_array().map(Vec::len), Some(4), "{again}");
        ensure(!again.to_string().contains("xml"), || again.to_string())?;
        let actions = page.find("group", "exe1agnp.exe").await?;
        page.click_in(&actions, "button", "Download").await?;
        let (name, _) = downloaded(page).await?;
        assert_eq!(name, "exe1agnp.exe");
        Ok(())
    });
}

#[test]
fn what_was_kept_under_another_type_is_shown_under_its_own() {
    Stage::new("warm").play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        make_first_picture(page, "a tiger").await?;
        pilotlight_browser_tests::store::until(page, "rows", 1).await?;
        // As a version of the page kept it that believed the server.
        let exchange = format!(
            "{} const bytes = new Blob([arguments[0]], {{ type: 'image/svg+xml' }});\
            return stored('files', (files) => files.getAllKeys())\
            .then(([key]) => stored('files', (files) => files.put(bytes, key))).then(() => true)",
            pilotlight_browser_tests::store::STORED
        );
        page.js(&exchange, &[json!(String::from_utf8_lossy(SVG))]).await?;
        scene.reload().await?;
        let address = "return pilotlightTest.images()[0]?.src";
        let address = page.until("the result", address, &[]).await?;
        let kind = "return fetch(arguments[0]).then((it) => it.blob()).then((it) => it.type)";
        assert_eq!(page.js(kind, &[address]).await?, json!("image/png"));
        Ok(())
    });
}

#[test]
fn a_picture_of_gigabytes_is_not_drawn() {
    Stage::new("warm").play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        page.click("tab", "Image to text").await?;
        page.choose_file("Image", &scene.file("large.png", &large_png(23_000))?).await?;
        page.see("ComfyUI can’t read images above 178 million pixels").await?;
        let svg = scene.file("mark.svg", SVG)?;
        page.choose_file("Image", &svg).await?;
        page.see("“mark.svg” isn’t an image").await?;
        page.choose_file("Image", &scene.file("fits.png", &large_png(4_000))?).await?;
        page.see("fits.png · 4000 × 4000").await?;
        Ok(())
    });
}

/// A workflow that uses the mask of a picture.
fn cut_out() -> Value {
    json!({
        "1": {"class_type": "LoadImage", "inputs": {"image": "cat.png"}},
        "2": {"class_type": "JoinImageWithAlpha",
              "inputs": {"image": ["1", 0], "alpha": ["1", 1]}},
        "3": {"class_type": "SaveImage", "inputs": {"images": ["2", 0], "filename_prefix": "cut"}},
    })
}

/// Counts the bytes that the page takes out of streams and replies.
const COUNT: &str = "window.taken = 0;\
    const read = ReadableStreamDefaultReader.prototype.read;\
    ReadableStreamDefaultReader.prototype.read = function () {\
        return read.call(this).then((it) => { taken += it.value ? it.value.byteLength : 0; return it })\
    };\
    const whole = Response.prototype.arrayBuffer;\
    Response.prototype.arrayBuffer = function () {\
        return whole.call(this).then((it) => { taken += it.byteLength; return it })\
    }; return true";

#[test]
fn a_picture_that_unpacks_without_end_is_painted_on_all_the_same() {
    Stage::new("warm").play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        let graph = scene.file("cut-out.json", cut_out().to_string().as_bytes())?;
        page.choose_file("Open a workflow", &graph).await?;
        page.find("tab", "cut-out").await?;
        let file = endless_png(16, 400);
        ensure(file.len() < 1_000_000, || format!("{} bytes", file.len()))?;
        page.choose_file("Image", &scene.file("endless.png", &file)?).await?;
        page.see("endless.png · 16 × 16").await?;
        page.js(COUNT, &[]).await?;
        page.click("button", "Paint a mask").await?;
        let sheet = "return pilotlightTest.all('application', 'Mask')\
            .some((sheet) => pilotlightTest.parts('canvas', sheet).length > 0)";
        page.until("the picture to be painted on", sheet, &[]).await?;
        let taken = page.js("return taken", &[]).await?.as_u64().unwrap_or(u64::MAX);
        ensure(taken < 4_000_000, || format!("{taken} bytes were unpacked"))?;
        Ok(())
    });
}

#[test]
fn a_reply_without_an_end_is_not_held() {
    Stage::new("warm").play(async |scene| -> Verdict {
        let flood = Host::start(|path| match path.contains("system_stats") {
            true => (head("application/json"), vec![b' '; 200 << 20]),
            false => answer(path, &[]),
        });
        let flood = flood.await?;
        let _page = open(scene, &flood).await?;
        let page = &scene.page;
        page.js(COUNT, &[]).await?;
        press_run(page, "a tiger").await?;
        page.until("some of the reply", "return taken > 1e6", &[]).await?;
        page.see("No reply this page can read").await?;
        let taken = page.js("return taken", &[]).await?.as_u64().unwrap_or(u64::MAX);
        ensure(taken <= 70 << 20, || format!("{taken} bytes were read"))?;
        Ok(())
    });
}

#[test]
fn a_server_that_repeats_the_key_does_not_get_it_shown() {
    const KEY: &str = "open-sesame-1";
    Stage::new("warm").play(async |scene| -> Verdict {
        let echo = Host::start(|path| {
            let body = match path.contains("system_stats") {
                true => json!({"error": {"type": "pilotlight_key", "given": false}}),
                false => json!({"received": {"key": KEY, "prompt": {}}, "error": KEY}),
            };
            let status = if path.contains("system_stats") { "401" } else { "400" };
            let head = format!(
                "HTTP/1.1 {status} X\r\naccess-control-allow-origin: *\r\ncontent-type: text/plain"
            );
            (head, body.to_string().into_bytes())
        });
        let echo = echo.await?;
        let _page = open(scene, &echo).await?;
        let page = &scene.page;
        press_run(page, "a tiger").await?;
        page.until_phase(1, "failed").await?;
        page.click("button", "Enter key").await?;
        // From now on the server answers the wake request, and repeats what it was sent with the prompt.
        page.js(
            "const ask = window.fetch; window.fetch = (to, how) =>\
            String(to.url || to).includes('system_stats')\
            ? Promise.resolve(new Response('{\"system\":{}}')) : ask(to, how); return true",
            &[],
        )
        .await?;
        page.fill("Key", KEY).await?;
        page.click("button", "Use this key").await?;
        page.until_phase(1, "failed").await?;
        page.see("Details").await?;
        page.click("button", "Details").await?;
        page.see("•••").await?;
        let shown = page.js("return document.documentElement.outerHTML", &[]).await?;
        ensure(!shown.to_string().contains(KEY), || "the key is shown".to_owned())?;
        Ok(())
    });
}

/// What other programs of the same origin, a former version or somebody at the console left there.
const GARBAGE: [&str; 12] = [
    "",
    "null",
    "{",
    "[]",
    "{}",
    "\"x\"",
    "-1",
    "1e999",
    "18446744073709551616",
    r#"{"v":1,"fields":{"__proto__":{"text":"x"},"constructor":{"text":5}}}"#,
    r#"{"v":1,"number":4294967295,"place":-1,"endpoint":null,"form":"","run":{"v":1},"base":7}"#,
    "\u{0}\u{202e}\u{fffd}",
];

#[test]
fn whatever_stands_in_the_storage_the_page_starts_and_runs() {
    Stage::new("warm").play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        press_run(page, "a tiger").await?;
        page.until_phase(1, "done").await?;
        page.fill("Prompt", "a fox").await?;
        let names = page.js("return Object.keys(localStorage)", &[]).await?;
        let more = [
            "pilotlight.run.00000007",
            "pilotlight.base.00000007",
            "pilotlight.workflow.x",
            "pilotlight.presets.janus-text-to-image",
            "pilotlight.setup",
            "pilotlight.limits",
            "pilotlight.used.x",
            "pilotlight.class.x",
            "pilotlight.link",
            "pilotlight.theme",
            "pilotlight.language",
            "pilotlight.key",
        ];
        ensure(names.to_string().contains("pilotlight.waits"), || names.to_string())?;
        for (at, text) in GARBAGE.iter().enumerate() {
            let put = "for (const name of [...arguments[0], ...arguments[1]])\
                for (const store of [localStorage, sessionStorage])\
                    store.setItem(name, arguments[2]); return true";
            page.js(put, &[names.clone(), json!(more), json!(text)]).await?;
            scene.reload().await?;
            // Its language may be another, its form is there, and it runs.
            let run = "return pilotlightTest.all('button').find((one) => one.type === 'submit')";
            let button = page.element("the button that runs", run, &[]).await?;
            let area = page.js("return pilotlightTest.all('textbox')[0]", &[]).await?;
            let put = "arguments[0].value = 'a fox ' + arguments[1];\
                arguments[0].dispatchEvent(new InputEvent('input', { bubbles: true }))";
            page.js(put, &[area, json!(at)]).await?;
            page.click_on(&button).await?;
            crate::common::until_taken(scene, at + 2).await?;
            crate::common::another_press(page).await?;
        }
        Ok(())
    });
}

#[test]
fn whatever_stands_in_the_database_the_page_shows_what_can_be_read() {
    Stage::new("warm").play(async |scene| -> Verdict {
        pilotlight_browser_tests::kept::open(scene, 3).await?;
        let page = &scene.page;
        page.find("button", "All results · 3").await?;
        let spoil = "return new Promise((then, fail) => {\
            const open = indexedDB.open('pilotlight'); open.onerror = fail;\
            open.onsuccess = () => { const database = open.result;\
                const writing = database.transaction([...database.objectStoreNames], 'readwrite');\
                writing.oncomplete = () => { database.close(); then(true) }; writing.onabort = fail;\
                const values = [null, 7, '', '{', '{\"v\":1}', {}, [], new Blob(['x']), new Date(0),\
                    new Map([[1, 2]]), new Uint8Array(9)];\
                for (const store of database.objectStoreNames) values.forEach((value, at) => {\
                    writing.objectStore(store).put(value, 'zz ' + at + ' 0000');\
                    writing.objectStore(store).put(value, [at, 'x']);\
                    writing.objectStore(store).put(value, at);\
                }); } })";
        page.js(spoil, &[]).await?;
        scene.reload().await?;
        page.pictures(2).await?;
        page.click("button", "All results").await.ok();
        press_run(page, "a tiger").await?;
        page.until_phase(1, "done").await?;
        sole_run(scene, "success").await?;
        Ok(())
    });
}

/// Whether the page keeps the browser from doing something of its own about what is dragged over an
/// element and dropped there: leaving the page, where it is a link or a file.
const DROPPED: &str = "const [role, items] = arguments;\
    const at = role === 'body' ? document.body : pilotlightTest.all(role)[0];\
    if (!at) return 'nothing is a ' + role;\
    const bag = new DataTransfer();\
    for (const [kind, text] of items) kind === 'Files'\
        ? bag.items.add(new File([text], items.name || '', { type: '' })) : bag.setData(kind, text);\
    const how = { dataTransfer: bag, bubbles: true, cancelable: true };\
    return ['dragover', 'drop'].map((kind) => !at.dispatchEvent(new DragEvent(kind, how))).join()";

async fn dropped(page: &Page, role: &str, items: Value) -> Outcome<String> {
    let said = page.js(DROPPED, &[json!(role), items]).await?;
    Ok(said.as_str().unwrap_or_default().to_owned())
}

#[test]
fn nothing_that_is_dropped_makes_the_browser_leave_the_page() {
    // With a choice, a switch and a field that is only looked at.
    let graph = json!({"1": {"class_type": "JanusImageGeneration", "inputs": {
        "prompt": "x", "on": true, "odd": {"a": 1}, "image": "a.png"}}});
    Stage::new("warm").play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        let file = scene.file("all.json", graph.to_string().as_bytes())?;
        page.choose_file("Open a workflow", &file).await?;
        page.find("tab", "all").await?;
        // The switch is there.
        page.unfold("Advanced").await?;
        let link = |address: &str| json!([["text/uri-list", address], ["text/plain", address]]);
        let html = json!([["text/html", "<img src=x onerror=\"document.title='owned'\">"]]);
        let file = json!([["Files", ""]]);
        let everywhere = ["body", "banner", "main", "button", "checkbox", "tablist"];
        for place in everywhere {
            for items in [
                link("javascript:document.title='owned'"),
                link("file:///etc/passwd"),
                link("data:text/html,<script>document.title='owned'</script>"),
                link("blob:null/1-2"),
                html.clone(),
                file.clone(),
            ] {
                let said = dropped(page, place, items.clone()).await?;
                ensure(said == "true,true", || format!("{place}, {items}: {said}"))?;
            }
        }
        // A text field takes a text by itself, and no file.
        let said = dropped(page, "textbox", link("https://example.org/")).await?;
        assert_eq!(said, "false,false");
        assert_eq!(dropped(page, "textbox", file.clone()).await?, "true,true");
        // While a dialog stands over it.
        page.click("button", "Settings").await?;
        for place in ["dialog", "radio"] {
            for items in [link("https://example.org/x.html"), file.clone(), html.clone()] {
                assert_eq!(dropped(page, place, items).await?, "true,true", "{place}");
            }
        }
        page.press("Escape").await?;
        let title = page.js("return document.title + document.images.length", &[]);
        assert_eq!(title.await?, "Pilotlight0");
        Ok(())
    });
}

#[test]
fn what_is_dropped_onto_a_dialog_opens_nothing_behind_it_and_loses_nothing() {
    Stage::new("warm").play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        let graph = scene.file("cut-out.json", cut_out().to_string().as_bytes())?;
        page.choose_file("Open a workflow", &graph).await?;
        page.find("tab", "cut-out").await?;
        page.choose_file("Image", &scene.picture()).await?;
        page.see("flame-192.png · 192 × 192").await?;
        page.click("button", "Paint a mask").await?;
        let sheet = "return pilotlightTest.all('application', 'Mask')[0] === document.activeElement";
        page.until("the picture to be painted on", sheet, &[]).await?;
        page.click("button", "Invert").await?;
        let another = json!({"1": {"class_type": "Another", "inputs": {"text": "x"}}}).to_string();
        for items in [json!([["Files", another]]), json!([["text/plain", another]])] {
            assert_eq!(dropped(page, "application", items).await?, "true,true");
        }
        page.click("button", "Done").await?;
        page.until_none("dialog").await?;
        assert_eq!(crate::common::tabs(page).await?, 3, "a workflow was opened behind the dialog");
        let shown = "const [img] = pilotlightTest.given();\
            return img && fetch(img.src).then((it) => it.blob()).then((it) => it.type === 'image/jpeg')";
        page.until("the painted picture", shown, &[]).await?;
        // The same beside the dialog opens it.
        dropped(page, "main", json!([["text/plain", another]])).await?;
        page.until("another tab", "return pilotlightTest.all('tab').length === 4", &[])
            .await?;
        Ok(())
    });
}
