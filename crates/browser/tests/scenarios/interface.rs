//! What people see of tabs, results and answers, on small screens too.

use pilotlight_browser_tests::{Outcome, Page, Scene, Stage, Verdict, ensure};
use serde_json::json;

use crate::common::{another_press, fill_question, press_run, tabs};

/// A workflow that no other number has.
fn flow(number: u32) -> Vec<u8> {
    let id = |node: u32| (10 * number + node).to_string();
    let words = json!({"text": format!("lamp {number}"), "clip": [id(2), 1]});
    let model = json!({"ckpt_name": format!("m{number}.safetensors")});
    let saved = json!({"images": [id(1), 0], "filename_prefix": format!("n{number}")});
    let flow = json!({
        id(1): {"class_type": "CLIPTextEncode", "inputs": words},
        id(2): {"class_type": "CheckpointLoaderSimple", "inputs": model},
        id(3): {"class_type": "SaveImage", "inputs": saved},
    });
    flow.to_string().into_bytes()
}

/// Opens a file of this name, and waits for one tab more.
async fn open_flow(scene: &Scene, name: &str, number: u32) -> Outcome {
    let before = tabs(&scene.page).await?;
    let file = scene.file(name, &flow(number))?;
    scene.page.choose_file("Open a workflow", &file).await?;
    let more = "return pilotlightTest.all('tab').length === arguments[0]";
    scene.page.until("another tab", more, &[json!(before + 1)]).await.map(drop)
}

/// Whether a tab, the button that opens a workflow and the menu of all tabs are wholly within the
/// window.
const INSIDE: &str = "const tab = pilotlightTest.all('tab')[arguments[0]];\
    const [opener] = pilotlightTest.all('button', 'Open a workflow');\
    const menu = pilotlightTest.all('button', 'All workflows')[0]?.parentElement;\
    return [tab, opener, menu].every((one) => { if (!one) return false;\
        const place = one.getBoundingClientRect();\
        const list = one.closest('[role=tablist]')?.getBoundingClientRect();\
        const [left, right] = [list ? list.left : 0, list ? list.right : innerWidth];\
        return place.width > 8 && place.left > left - 1 && place.right < right + 1; })";

#[test]
fn many_tabs_leave_the_one_in_front_and_the_opener_in_sight() {
    Stage::new("warm").size(1280, 800).play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        for number in 0..8 {
            open_flow(scene, "ui.json", number).await?;
        }
        let names = page.names("tab").await?;
        let mut distinct = names.clone();
        distinct.sort();
        distinct.dedup();
        assert_eq!(names.len(), distinct.len(), "equal names: {names:?}");
        assert_eq!(names[2..4], ["ui", "ui 2"]);
        for width in [1280, 1024, 390, 320] {
            page.session.resize(width, 800).await?;
            for tab in [9, 0, 5] {
                page.js("pilotlightTest.all('tab')[arguments[0]].click()", &[json!(tab)]).await?;
                let what = format!("tab {tab} and the opener in sight at {width}");
                page.until(&what, INSIDE, &[json!(tab)]).await?;
            }
        }
        Ok(())
    });
}

#[test]
fn a_tab_is_renamed_in_place_and_found_in_the_menu() {
    Stage::new("warm").size(1024, 800).play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        open_flow(scene, "ui.json", 1).await?;
        open_flow(scene, "ui.json", 2).await?;
        let name = |keys: &'static str| async move {
            let field = page.find("textbox", "Name of the workflow").await?;
            page.js("arguments[0].value = ''", &[field.to_json()?]).await?;
            field.send_keys(keys).await.map_err(pilotlight_browser_tests::Trouble::from)
        };
        let rename = "pilotlightTest.chosenTab()\
            .dispatchEvent(new MouseEvent('dblclick', {bubbles: true}))";
        page.js(rename, &[]).await?;
        name("lamps\u{e007}").await?;
        page.find("tab", "lamps").await?;
        // Opened again, the same file goes to the renamed tab.
        let file = scene.file("ui.json", &flow(2))?;
        page.click("tab", "ui").await?;
        page.choose_file("Open a workflow", &file).await?;
        let front = "return pilotlightTest.chosenTab().innerText === 'lamps'";
        page.until("the renamed tab in front", front, &[]).await?;
        page.click("button", "All workflows").await?;
        page.click("button", "Text to image").await?;
        page.find("textbox", "Prompt").await?;
        scene.reload().await?;
        page.find("tab", "lamps").await?;
        Ok(())
    });
}

#[test]
fn markdown_of_an_answer_is_formatted_and_runs_nothing() {
    Stage::new("warm").set("understand_ms", 300).play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        let text = "Look.\\n\\n# One\\n\\n- a *b*\\n- `c` <img src=x onerror=alert(1)>\\n\\n1. **d**\\n\\n> e\\n\\n```\\nf\\n```\\n\\n\
            <script>alert(1)</script>\\n\\n[g](javascript:alert(1)) ![h](https://example.com/h.png)";
        fill_question(scene, "what").await?;
        let fill = "const field = pilotlightTest.all('textbox', 'Question')[0];\
            field.value = arguments[0].replaceAll('\\\\n', '\\n');\
            field.dispatchEvent(new Event('input', {bubbles: true}))";
        page.js(fill, &[json!(text)]).await?;
        page.click("button", "Run").await?;
        page.until_phase(1, "done").await?;
        let elements = "const made = pilotlightTest.all('heading', 'One')[0]?.parentElement;\
            const has = (one) => pilotlightTest.parts(one, made).length > 0; return made &&\
            ['h3', 'li', 'em', 'code', 'strong', 'blockquote', 'pre', 'ol'].every(has) &&\
            !['a', 'img', 'script'].some(has)";
        page.until("the elements of the answer, and no others", elements, &[]).await?;
        page.see("<script>alert(1)</script>").await?;
        page.see("g (javascript:alert(1))").await?;
        page.click("button", "Raw").await?;
        page.see("# One").await?;
        let gone = "return pilotlightTest.all('heading', 'One').length === 0";
        page.until("the answer as it came", gone, &[]).await?;
        Ok(())
    });
}

#[test]
fn an_empty_answer_says_so_and_a_long_question_is_cut() {
    Stage::new("warm").set("understand_ms", 300).play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        fill_question(scene, &format!("[empty] {}", "what is it and why ".repeat(60))).await?;
        page.click("button", "Run").await?;
        page.until_phase(1, "done").await?;
        page.see("(empty answer)").await?;
        // The title of the question is all of it.
        let lines = "const one = pilotlightTest.all('paragraph', null, pilotlightTest.results()[0])\
                .find((one) => one.title);\
            return one.getBoundingClientRect().height / parseFloat(getComputedStyle(one).lineHeight)";
        let lines = page.js(lines, &[]).await?.as_f64().unwrap_or(99.0);
        assert!(lines < 3.5, "the question has {lines} lines");
        Ok(())
    });
}

#[test]
fn a_result_out_of_sight_says_that_it_has_come() {
    Stage::new("warm").set("run_ms", 500).size(390, 700).play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        press_run(page, "a tiger").await?;
        page.until_phase(1, "done").await?;
        page.click("button", "Done · View").await?;
        let seen = "const place = pilotlightTest.images()[0].getBoundingClientRect();\
            return place.top < innerHeight - 100 && place.bottom > 0\
                && pilotlightTest.all('button', 'Done · View').length === 0";
        page.until("the image in sight", seen, &[]).await?;
        // One that is in sight needs no word.
        another_press(page).await?;
        page.js("pilotlightTest.all('button', 'Run')[0].click()", &[]).await?;
        page.until_phase(2, "done").await?;
        page.pictures(2).await?;
        assert_eq!(page.count("button", "Done · View").await?, 0);
        Ok(())
    });
}

/// For Chromium, which without a screen believes that there is no mouse either.
const MOUSE: &str = "--blink-settings=primaryHoverType=2,availableHoverTypes=2,\
    primaryPointerType=4,availablePointerTypes=4";

/// Runs so many prompts, one after the other.
async fn results(page: &Page, count: u32) -> Outcome {
    for number in 1..=count {
        press_run(page, &format!("a tiger, number {number}")).await?;
        page.until_phase(number, "done").await?;
        page.pictures(number as usize).await?;
        another_press(page).await?;
    }
    Ok(())
}

#[test]
fn the_buttons_of_a_small_result_stay_within_it_and_the_order_is_that_of_reading() {
    let stage = Stage::new("warm").set("run_ms", 200).size(1280, 800).browser_arg(MOUSE);
    stage.play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        results(page, 5).await?;
        let outside = "return pilotlightTest.results().filter((card) => {\
            const [a, b] = [card, pilotlightTest.all('group', null, card)[0]]\
                .map((one) => one.getBoundingClientRect());\
            return b.left < a.left || b.right > a.right || b.height > 48; }).length";
        assert_eq!(page.js(outside, &[]).await?, 0, "buttons lie outside of their result");
        let order = "const places = pilotlightTest.results().slice(1)\
            .map((one) => one.getBoundingClientRect());\
            return places.every((one, at) => at === 0 || one.top > places[at - 1].top + 4 ||\
            one.left > places[at - 1].left)";
        assert_eq!(page.js(order, &[]).await?, true, "another order than that of reading");
        let small = page.find("group", "a tiger, number 2").await?;
        page.click_in(&small, "button", "More").await?;
        page.click_in(&small, "button", "Delete").await?;
        page.see("Undo").await?;
        Ok(())
    });
}

/// Whether the image of the viewer overlaps its words and buttons.
const OVERLAP: &str = "const { rect } = pilotlightTest;\
    const image = pilotlightTest.inDialog('img')[0].getBoundingClientRect();\
    return ['.viewer-head', '.viewer-foot', '.viewer-details:not([hidden])'].filter((one) => {\
        const other = rect(one); return other && other.width > 0 && image.height > 0 &&\
        image.left < other.right - 1 && image.right > other.left + 1 &&\
        image.top < other.bottom - 1 && image.bottom > other.top + 1; }).concat(image.height < 80 ? ['too small'] : [])";

#[test]
fn the_viewer_covers_no_image_at_any_size_and_enlarges_small_ones() {
    let long = "a lighthouse by the sea, the first light of the morning behind it, ".repeat(12);
    Stage::new("warm").set("run_ms", 200).size(1280, 800).play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        press_run(page, &long).await?;
        page.until_phase(1, "done").await?;
        page.pictures(1).await?;
        let opener = "const [card] = pilotlightTest.results();\
            return card && pilotlightTest.all('button', null, card)[0]";
        let opener = page.element("the image", opener, &[]).await?;
        page.click_on(&opener).await?;
        let shown = "return pilotlightTest.inDialog('img')[0]?.naturalWidth > 0";
        page.until("the image", shown, &[]).await?;
        for has_details in [false, true] {
            if has_details {
                page.click("button", "Details").await?;
            }
            for (width, height) in [
                (1280, 800),
                (640, 400),
                (640, 360),
                (844, 390),
                (390, 844),
                (320, 480),
                (320, 256),
            ] {
                page.session.resize(width, height).await?;
                let found = page.texts(OVERLAP, &[]).await?;
                // Of a low window only the words are asked for: what is below scrolls.
                ensure(found.is_empty(), || {
                    format!("{width} × {height}, details {has_details}: {found:?}")
                })?;
            }
        }
        page.session.resize(1280, 800).await?;
        page.click("button", "Details").await?;
        page.click("button", "Enlarge").await?;
        let large = "const [img] = pilotlightTest.inDialog('img');\
            const [image, frame] = [img.getBoundingClientRect(), img.parentElement];\
            return image.width >= frame.clientWidth - 1 && image.height >= frame.clientHeight - 1";
        page.until("the image to fill the frame", large, &[]).await?;
        Ok(())
    });
}

#[test]
fn visitors_of_a_frame_read_nothing_about_the_configuration() {
    let config = r#"{"endpoint": "openai", "model": "serverless-comfyui", "colour": "red",
        "workflows": ["workflows/janus-text-to-image.json"]}"#;
    Stage::new("warm").config(config).play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        page.see("Unknown key in config.json: colour").await?;
        page.session.go(&format!("{}?embed=1", scene.address)).await?;
        page.ready().await?;
        page.until_awake().await.ok();
        let text = page.text().await?;
        assert!(!text.contains("config.json"), "{text}");
        let console = page.session.console().await?;
        assert!(
            console.iter().any(|line| line.contains("Unknown key in config.json")),
            "{console:?}"
        );
        page.session.go(&format!("{}?embed=1&show=header", scene.address)).await?;
        page.ready().await?;
        page.click("button", "Settings").await?;
        page.find("dialog", "Settings").await?;
        page.see("serverless-comfyui").await?;
        let text = page.text().await?;
        assert!(!text.contains("config.json"), "{text}");
        Ok(())
    });
}

#[test]
fn an_image_without_a_workflow_says_where_it_went() {
    Stage::new("warm").play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        page.click("tab", "Image to text").await?;
        page.choose_file("Open a workflow", &scene.picture()).await?;
        page.see("contains no workflow; it’s now the image of “Image”").await?;
        page.see("flame-192.png · 192 × 192").await?;
        Ok(())
    });
}

#[test]
fn the_question_about_notifications_is_asked_in_the_card_of_its_run() {
    Stage::new("cold").set("cold_start_ms", 8_000).play(async |scene| -> Verdict {
        let leave = json!({"origin": scene.address, "permissions": ["notifications"]});
        scene.page.session.cdp("Browser.grantPermissions", leave).await?;
        scene.open().await?;
        let page = &scene.page;
        press_run(page, "a tiger").await?;
        page.find("button", "Notify me").await?;
        let inside = "const notices = pilotlightTest.notices();\
            const card = pilotlightTest.card(1);\
            return notices.length === 1 && card.contains(notices[0])";
        assert_eq!(page.js(inside, &[]).await?, true);
        Ok(())
    });
}

#[test]
fn forced_colors_leave_dot_bar_and_spinner_visible() {
    Stage::new("cold").set("cold_start_ms", 20_000).play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        let media = json!({"features": [{"name": "forced-colors", "value": "active"}]});
        page.session.cdp("Emulation.setEmulatedMedia", media).await?;
        press_run(page, "a tiger").await?;
        page.until_phase(1, "waking").await?;
        page.find("progressbar", "Progress").await?;
        let plain = "const paper = getComputedStyle(document.body).backgroundColor;\
            const [dot, bar, spinner] = ['.pill-dot', '.meter-bar', '[data-state=now] > .mark']\
                .map((one) => pilotlightTest.parts(one)[0]);\
            const dull = [dot, bar].filter((one) => {\
            const style = getComputedStyle(one);\
            const color = parseFloat(style.borderTopWidth) ? style.borderTopColor : style.backgroundColor;\
            return color === paper || /^rgba.*, 0\\)$/.test(color); }).map((one) => one.className);\
            const mark = getComputedStyle(spinner);\
            return dull.concat(mark.borderTopColor === mark.borderBottomColor ? ['.mark'] : [])";
        assert_eq!(page.js(plain, &[]).await?, json!([]), "not to be seen");
        Ok(())
    });
}
