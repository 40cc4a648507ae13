//! A workflow that the page's address names, or that is pasted or dropped as an address.

use pilotlight_browser_tests::{Host, Outcome, Page, Stage, Verdict, ensure};
use pilotlight_fixtures::{bytes, posted};
use serde_json::{Value, json};

use crate::common::{package, requests, tabs};

/// A workflow that no tab has, in the API's format.
fn lamp() -> Vec<u8> {
    let mut prompt = package()["prompt"].take();
    prompt["4"]["inputs"]["filename_prefix"] = json!("lamp");
    prompt["2"]["inputs"]["prompt"] = json!("a lamp");
    prompt.to_string().into_bytes()
}

/// The same with a form of its own.
fn lamp_package() -> Vec<u8> {
    let mut package = package();
    package["id"] = json!("lamp");
    package["title"] = json!("Lamps");
    package["prompt"]["4"]["inputs"]["filename_prefix"] = json!("lamp");
    package.to_string().into_bytes()
}

async fn chosen(page: &Page, name: &str) -> Outcome {
    let body = "return pilotlightTest.all('tab', arguments[0])[0]?.ariaSelected === 'true'";
    page.until(&format!("the tab {name} in front"), body, &[json!(name)]).await.map(drop)
}

/// As if a text, or a link, were pasted or dropped beside all fields.
async fn give(page: &Page, event: &str, text: &str) -> Outcome {
    let give = "const bag = new DataTransfer(); bag.setData('text/plain', arguments[1]);\
        bag.setData('text/uri-list', arguments[1]);\
        return document.body.dispatchEvent(arguments[0] === 'drop'\
        ? new DragEvent('drop', {dataTransfer: bag, bubbles: true, cancelable: true})\
        : new ClipboardEvent('paste', {clipboardData: bag, bubbles: true, cancelable: true}))";
    page.js(give, &[json!(event), json!(text)]).await.map(drop)
}

async fn notice(page: &Page) -> Outcome<String> {
    let body = "return pilotlightTest.all('alert')[0]?.innerText";
    let said = page.until("a notice", body, &[]).await?;
    Ok(said.as_str().unwrap_or_default().to_owned())
}

#[test]
fn files_of_every_kind_beside_the_page_are_opened_and_the_server_sleeps_on() {
    Stage::new("cold")
        .beside("lamp.json", &lamp())
        .beside("editor.json", posted("notes_mixed").ui.as_bytes())
        .beside("made by us.png", &bytes("pictures/reroute_chain.png"))
        .beside("film.webp", &bytes("pictures/animated_webp.webp"))
        .play(async |scene| -> Verdict {
            let page = &scene.page;
            let table = [
                ("lamp.json", "lamp"),
                ("./editor.json", "editor"),
                ("made%20by+us.png", "made by us"),
                ("/film.webp?x=1%261", "film"),
            ];
            for (at, (file, title)) in table.into_iter().enumerate() {
                scene.open_at(&format!("?lang=en&workflow={file}")).await?;
                chosen(page, title).await?;
                assert_eq!(tabs(page).await?, 3 + at as u64);
            }
            assert_eq!(requests(scene, "").await?, 0);
            Ok(())
        });
}

#[test]
fn an_id_picks_its_tab_without_the_second_part() {
    let config = json!({
        "endpoint": "openai", "model": "serverless-comfyui",
        "workflows": ["workflows/janus-text-to-image.json", "lamp.json"],
    });
    Stage::new("warm").config(config.to_string()).beside("lamp.json", &lamp_package()).play(
        async |scene| -> Verdict {
            let page = &scene.page;
            page.session.cdp("Network.enable", json!({})).await?;
            let block = json!({"urls": ["*_second_bundle.wasm"]});
            page.session.cdp("Network.setBlockedURLs", block).await?;
            scene.open_at("?workflow=lamp").await?;
            chosen(page, "Lamps").await?;
            page.session.cdp("Network.setBlockedURLs", json!({"urls": []})).await?;
            scene.reload().await?;
            chosen(page, "Lamps").await?;
            page.until("the link to be followed", "return history.state === true", &[]).await?;
            // From now on a reload keeps the tab that was in front.
            page.click("tab", "Text to image").await?;
            scene.reload().await?;
            chosen(page, "Text to image").await?;
            scene.open().await?;
            chosen(page, "Text to image").await?;
            scene.open_at("?workflow=lamp").await?;
            chosen(page, "Lamps").await?;
            // The same form under its address is no other form.
            scene.open_at("?workflow=lamp.json").await?;
            page.until("the link to be followed", "return history.state === true", &[]).await?;
            assert_eq!(tabs(page).await?, 2);
            assert_eq!(requests(scene, "").await?, 0);
            Ok(())
        },
    );
}

#[test]
fn what_was_typed_since_survives_a_reload_and_the_link_itself() {
    Stage::new("warm").beside("lamp.json", &lamp()).beside("own.json", &lamp_package()).play(
        async |scene| -> Verdict {
            let page = &scene.page;
            scene.open_at("?workflow=lamp.json").await?;
            chosen(page, "lamp").await?;
            assert_eq!(page.value("Prompt").await?, "a lamp");
            page.fill("Prompt", "typed since").await?;
            scene.reload().await?;
            chosen(page, "lamp").await?;
            assert_eq!(page.value("Prompt").await?, "typed since");
            // Somebody follows the link once more, in another entry of the history.
            scene.open().await?;
            page.click("tab", "Text to image").await?;
            scene.open_at("?workflow=lamp.json").await?;
            chosen(page, "lamp").await?;
            assert_eq!(page.value("Prompt").await?, "typed since");
            assert_eq!(tabs(page).await?, 3);
            // A form that was edited since is still the one of its link.
            scene.open_at("?workflow=own.json").await?;
            chosen(page, "Lamps").await?;
            page.unfold("Advanced").await?;
            page.click("button", "Edit form").await?;
            page.fill("Title · English", "My lamps").await?;
            page.press("Tab").await?;
            page.press("Escape").await?;
            scene.reload().await?;
            chosen(page, "My lamps").await?;
            scene.open_at("?workflow=own.json").await?;
            chosen(page, "My lamps").await?;
            assert_eq!(tabs(page).await?, 4);
            Ok(())
        },
    );
}

#[test]
fn what_cannot_be_opened_is_named_in_a_sentence_and_asks_nothing_of_the_server() {
    Stage::new("cold").beside("page.html", b"<!doctype html><p>Log in</p>").play(
        async |scene| -> Verdict {
            let page = &scene.page;
            let table = [
                ("gone.json", "“gone.json” is neither a form here nor an existing file"),
                ("no-such-form", "“no-such-form” is neither a form here nor an existing file"),
                ("page.html", "“page.html” is a web page"),
                ("javascript:alert(1)", "Can’t open “javascript:alert(1)”: links only work for"),
                ("%6Aavascript:alert(1)", "Can’t open “javascript:alert(1)”: links only work for"),
                ("data:application/json,{}", "links only work for"),
                ("file:///etc/passwd", "links only work for"),
                ("blob:x", "links only work for"),
                (
                    "http://me:secret@127.0.0.1/x.json",
                    "browsers don’t send the user name and password",
                ),
                ("openai/api/system_stats", "it’s on the ComfyUI server"),
                ("./openai/api/view%3Ffilename=a.png", "it’s on the ComfyUI server"),
                ("http://127.0.0.1:9/x.json", "doesn’t allow this page to read it"),
            ];
            for (link, said) in table {
                scene.open_at(&format!("?workflow={link}")).await?;
                let notice = notice(page).await?;
                ensure(notice.contains(said), || format!("{link}: {notice}"))?;
                assert_eq!(tabs(page).await?, 2, "{link}");
            }
            page.click("button", "中文").await?;
            page.see("无法获取“http://127.0.0.1:9/x.json”").await?;
            assert_eq!(requests(scene, "").await?, 0);
            Ok(())
        },
    );
}

const PNG: &str = "access-control-allow-origin: *\r\ncontent-type: image/png";

#[test]
fn another_site_is_asked_once_without_a_word_about_this_one() {
    Stage::new("cold").play(async |scene| -> Verdict {
        let png = bytes("pictures/reroute_chain.png");
        let host = Host::start(move |path| {
            let length = png.len();
            let ok = |head: String| (format!("HTTP/1.1 200 OK\r\n{head}"), png.clone());
            match path {
                "/made.png" => ok(format!("{PNG}\r\ncontent-length: {length}")),
                "/mute.png" => ok(format!("content-length: {length}")),
                "/cut.png" => ok(format!("{PNG}\r\ncontent-length: {}", length + 1)),
                "/claims.png" => ok(format!("{PNG}\r\ncontent-length: 200000000")),
                "/long.png" => (format!("HTTP/1.1 200 OK\r\n{PNG}"), vec![0; (128 << 20) + 1]),
                _ => (format!("HTTP/1.1 503 Busy\r\n{PNG}\r\ncontent-length: 0"), Vec::new()),
            }
        })
        .await?;
        let page = &scene.page;
        scene.open().await?;
        page.js("document.cookie = 'known=1'", &[]).await?;
        scene.open_at(&format!("?workflow={}/made.png", host.address)).await?;
        chosen(page, "made").await?;
        let asked = host.asked();
        assert_eq!(asked.len(), 1, "{asked:?}");
        let head = asked[0].to_ascii_lowercase();
        ensure(!head.contains("cookie:") && !head.contains("referer:"), || head.clone())?;
        scene.reload().await?;
        chosen(page, "made").await?;
        assert_eq!(host.asked().len(), 1, "a reload asked again");
        let table = [
            ("mute.png", "doesn’t allow this page to read it"),
            ("cut.png", "didn’t load completely"),
            ("claims.png", "is larger than 128 MB"),
            ("long.png", "is larger than 128 MB"),
            ("busy.png", "the site returned HTTP 503"),
        ];
        for (file, said) in table {
            scene.open_at(&format!("?workflow={}/{file}", host.address)).await?;
            let notice = notice(page).await?;
            let names = notice.contains(&format!("“{}/{file}”", host.address));
            ensure(names && notice.contains(said), || format!("{file}: {notice}"))?;
        }
        assert_eq!(tabs(page).await?, 3);
        assert_eq!(requests(scene, "").await?, 0);
        Ok(())
    });
}

#[test]
fn an_address_that_is_pasted_or_dropped_is_opened_and_other_texts_are_not() {
    Stage::new("cold").beside("lamp.json", &lamp()).beside("own.json", &lamp_package()).play(
        async |scene| -> Verdict {
            let page = &scene.page;
            scene.open().await?;
            give(page, "paste", &format!("  {}/lamp.json\n", scene.address)).await?;
            chosen(page, "lamp").await?;
            page.fill("Prompt", "typed since").await?;
            // Who pastes it again wants what is in the file.
            give(page, "paste", &format!("{}/lamp.json", scene.address)).await?;
            page.until_value("Prompt", "a lamp").await?;
            give(page, "drop", &format!("{}/own.json", scene.address)).await?;
            chosen(page, "Lamps").await?;
            for text in ["see http://127.0.0.1/x.json", "javascript:alert(1)", "words", ""] {
                give(page, "paste", text).await?;
                give(page, "drop", text).await?;
            }
            give(page, "paste", "http://127.0.0.1:9/x.json").await?;
            let said = notice(page).await?;
            ensure(said.contains("“http://127.0.0.1:9/x.json”"), || said.clone())?;
            assert_eq!(page.notices().await?.len(), 1);
            // In a field it is a text like any other.
            let before = tabs(page).await?;
            let typed = "const [field] = pilotlightTest.all('textbox', 'Prompt');\
                const bag = new DataTransfer(); bag.setData('text/plain', arguments[0]);\
                return field.dispatchEvent(new ClipboardEvent('paste',\
                {clipboardData: bag, bubbles: true, cancelable: true}))";
            let left = page.js(typed, &[json!(format!("{}/lamp.json", scene.address))]).await?;
            assert_eq!((left, tabs(page).await?), (Value::Bool(true), before));
            chosen(page, "Lamps").await?;
            assert_eq!(requests(scene, "").await?, 0);
            Ok(())
        },
    );
}

#[test]
fn the_configuration_names_workflows_of_any_kind() {
    let config = json!({
        "endpoint": "openai", "model": "serverless-comfyui",
        "workflows": ["lamp.json", "workflows/janus-text-to-image.json", "made.png", "odd.txt"],
    });
    Stage::new("cold")
        .config(config.to_string())
        .beside("lamp.json", &lamp())
        .beside("made.png", &bytes("pictures/reroute_chain.png"))
        .beside("odd.txt", b"a shopping list")
        .play(async |scene| -> Verdict {
            let page = &scene.page;
            scene.open().await?;
            page.find("tab", "made").await?;
            let said = notice(page).await?;
            ensure(said.contains("odd.txt"), || format!("it names no file: {said}"))?;
            assert_eq!(page.names("tab").await?, ["Text to image", "lamp", "made"]);
            chosen(page, "Text to image").await?;
            // What is typed there, and where one was, is there after a reload.
            page.click("tab", "lamp").await?;
            page.fill("Prompt", "a green lamp").await?;
            scene.reload().await?;
            chosen(page, "lamp").await?;
            assert_eq!(page.value("Prompt").await?, "a green lamp");
            assert_eq!(tabs(page).await?, 3);
            // It belongs to the page, as every workflow of the configuration.
            assert_eq!(page.count("button", "Close this workflow").await?, 0);
            scene.open_at("?workflow=made").await?;
            chosen(page, "made").await?;
            assert_eq!(tabs(page).await?, 3);
            assert_eq!(requests(scene, "").await?, 0);
            Ok(())
        });
}
