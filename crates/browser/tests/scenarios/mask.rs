//! A mask is painted over a picture, sent with it, kept, and painted on.

use pilotlight_browser_tests::store::{self, STORED};
use pilotlight_browser_tests::{Outcome, Page, Scene, Stage, Verdict, WebElement, ensure};
use serde_json::{Value, json};

use crate::common::sole_run;

const READING: &str = include_str!("mask.js");
const PAINT: &str = "Paint a mask";

/// Cuts out of a picture what is masked.
fn cut_out() -> String {
    json!({
        "1": {"class_type": "LoadImage", "inputs": {"image": "cat.png"}},
        "2": {"class_type": "JoinImageWithAlpha",
              "inputs": {"image": ["1", 0], "alpha": ["1", 1]}},
        "3": {"class_type": "SaveImage",
              "inputs": {"images": ["2", 0], "filename_prefix": "cut"}},
    })
    .to_string()
}

/// Opens the page with that workflow, and a picture in its field.
async fn open(scene: &Scene) -> Outcome {
    scene.open().await?;
    let file = scene.file("cut-out.json", cut_out().as_bytes())?;
    scene.page.choose_file("Open a workflow", &file).await?;
    scene.page.find("tab", "cut-out").await?;
    scene.page.choose_file("Image", &scene.picture()).await?;
    scene.page.see("flame-192.png · 192 × 192").await
}

/// Opens the dialog, and waits for the picture in it.
async fn paint(page: &Page) -> Outcome<WebElement> {
    page.click("button", PAINT).await?;
    page.find("dialog", PAINT).await?;
    let body = "const [sheet] = pilotlightTest.all('application', 'Mask');\
        return sheet && sheet === document.activeElement && sheet";
    page.element("the picture with the focus", body, &[]).await
}

async fn until_closed(page: &Page) -> Outcome {
    page.until_none("dialog").await
}

async fn done(page: &Page) -> Outcome {
    page.click("button", "Done").await?;
    until_closed(page).await
}

/// Draws a line; places are in pixels from the middle of the sheet.
async fn drag(page: &Page, sheet: &WebElement, kind: &str, places: &[(i32, i32)]) -> Outcome {
    let origin = sheet.to_json()?;
    let to = |(x, y): &(i32, i32)| json!({"type": "pointerMove", "origin": origin, "x": x, "y": y, "duration": 50});
    let mut actions: Vec<Value> = places.iter().map(to).collect();
    actions.insert(1, json!({"type": "pointerDown", "button": 0}));
    actions.push(json!({"type": "pointerUp", "button": 0}));
    let pointer = json!({"type": "pointer", "id": kind, "parameters": {"pointerType": kind},
                         "actions": actions});
    page.session.actions(json!([pointer])).await
}

/// What the file that is to be sent, or was, differs in from the picture that was chosen.
async fn compared(page: &Page, held: &str, places: &[(u32, u32)]) -> Outcome<Value> {
    let body = format!(
        "{STORED} {READING} return (async () => {{ const hash = hashHeld(); const held = await ({held})(hash);\
        return compared(held, 'icons/flame-192.png', arguments[0]); }})()"
    );
    page.js(&body.replace("arguments[0]", &json!(places).to_string()), &[]).await
}

const KEPT: &str = "(hash) => stored('pictures', (store) => store.get(hash))";
const SENT: &str = "async (hash) => (await fetch('openai/api/view?type=input&subfolder=\
    &model=serverless-comfyui&filename=pilotlight-' + hash + '.png')).blob()";

/// How opaque the mask on the screen is there.
async fn painted(page: &Page, x: u32, y: u32) -> Outcome<Value> {
    let body = "const [sheet] = pilotlightTest.all('application', 'Mask');\
        return pilotlightTest.parts('.mask-layer', sheet)[1].getContext('2d')\
        .getImageData(arguments[0], arguments[1], 1, 1).data[3]";
    page.js(body, &[json!(x), json!(y)]).await
}

#[test]
fn what_is_painted_is_sent_as_a_mask_and_the_colours_stay() {
    Stage::new("warm").play(async |scene| -> Verdict {
        open(scene).await?;
        let page = &scene.page;
        let sheet = paint(page).await?;
        page.see("Paint the area to change.").await?;
        drag(page, &sheet, "mouse", &[(-60, 0), (0, 0), (60, 0)]).await?;
        done(page).await?;
        page.see("flame-192.png · 192 × 192").await?;
        let focused = page.focused().await?;
        ensure(focused == format!("button {PAINT}"), || format!("the focus is at {focused}"))?;
        // No hole is to be seen.
        let hole = "const [img] = pilotlightTest.given();\
            const canvas = new OffscreenCanvas(192, 192); const context = canvas.getContext('2d');\
            return img.decode().then(() => { context.drawImage(img, 0, 0);\
            return context.getImageData(96, 96, 1, 1).data[3]; })";
        assert_eq!(page.js(hole, &[]).await?, json!(255));
        page.click("button", "Run").await?;
        page.until_phase(1, "done").await?;
        sole_run(scene, "success").await?;
        let found = compared(page, SENT, &[(96, 96), (100, 96), (96, 4), (4, 188)]).await?;
        assert_eq!(found["size"], json!([192, 192]), "{found}");
        assert_eq!(found["others"], json!(0), "{found}");
        assert_eq!(found["alphas"], json!([0, 0, 255, 255]), "{found}");
        let masked = found["masked"].as_u64().unwrap_or(0);
        ensure((200..10_000).contains(&masked), || format!("{masked} pixels are masked"))?;
        Ok(())
    });
}

#[test]
fn a_mask_is_painted_with_keys_kept_and_painted_on() {
    Stage::new("warm").play(async |scene| -> Verdict {
        open(scene).await?;
        let page = &scene.page;
        paint(page).await?;
        let focused = page.focused().await?;
        ensure(focused == "application Mask", || format!("the focus is at {focused}"))?;
        page.press("Space").await?;
        assert_eq!(painted(page, 96, 96).await?, json!(255));
        for _ in 0..12 {
            page.press("ArrowUp").await?;
        }
        page.press("Space").await?;
        assert_eq!(painted(page, 96, 20).await?, json!(0));
        page.press("Control+z").await?;
        page.press("Space").await?;
        page.click("button", "Invert").await?;
        assert_eq!(painted(page, 96, 96).await?, json!(0));
        page.click("button", "Undo").await?;
        assert_eq!(painted(page, 96, 96).await?, json!(255));
        done(page).await?;

        // What was chosen, what was made of it, what is to be seen of that.
        store::until(page, "pictures", 3).await?;
        scene.reload().await?;
        page.see("flame-192.png · 192 × 192").await?;
        let first = compared(page, KEPT, &[(96, 96), (20, 96)]).await?;
        assert_eq!((&first["others"], &first["alphas"]), (&json!(0), &json!([0, 255])));
        let sheet = paint(page).await?;
        assert_eq!(painted(page, 96, 96).await?, json!(255));
        page.click("radio", "Erase").await?;
        drag(page, &sheet, "mouse", &[(0, 0), (0, 0), (3, 0)]).await?;
        assert_eq!(painted(page, 96, 96).await?, json!(0));
        page.click("button", "Undo").await?;
        assert_eq!(painted(page, 96, 96).await?, json!(255));
        page.click("radio", "Paint").await?;
        page.click("button", "Clear").await?;
        drag(page, &sheet, "mouse", &[(-100, 0), (-100, 0), (-90, 0)]).await?;
        done(page).await?;
        let second = compared(page, KEPT, &[(96, 96)]).await?;
        assert_eq!((&second["others"], &second["alphas"]), (&json!(0), &json!([255])));
        ensure(second["masked"].as_u64() > Some(50), || format!("nothing is masked: {second}"))?;
        Ok(())
    });
}

#[test]
fn leaving_asks_only_when_something_was_changed() {
    Stage::new("warm").play(async |scene| -> Verdict {
        open(scene).await?;
        let page = &scene.page;
        let held = "const all = Object.entries(localStorage); return JSON.stringify(all)";
        paint(page).await?;
        let before = page.js(held, &[]).await?;
        page.press("Escape").await?;
        until_closed(page).await?;
        paint(page).await?;
        page.press("Space").await?;
        page.press("Escape").await?;
        page.see("Discard your changes?").await?;
        page.click("button", "Keep painting").await?;
        assert_eq!(painted(page, 96, 96).await?, json!(255));
        page.click("button", "Close").await?;
        page.click("button", "Discard").await?;
        until_closed(page).await?;
        assert_eq!(page.js(held, &[]).await?, before);
        // What was thrown away is not there again.
        paint(page).await?;
        assert_eq!(painted(page, 96, 96).await?, json!(0));
        page.click("button", "Done").await?;
        until_closed(page).await?;
        assert_eq!(page.js(held, &[]).await?, before);
        Ok(())
    });
}

#[test]
fn only_a_picture_whose_mask_is_used_can_be_painted_on() {
    Stage::new("warm").play(async |scene| -> Verdict {
        open(scene).await?;
        let page = &scene.page;
        page.find("button", PAINT).await?;
        page.click("tab", "Image to text").await?;
        page.choose_file("Image", &scene.picture()).await?;
        page.find("button", "Replace").await?;
        ensure(page.count("button", PAINT).await? == 0, || "it can be painted on".to_owned())?;
        Ok(())
    });
}

/// Puts a picture drawn here into the field.
async fn give(page: &Page, width: u32, height: u32, draw: &str) -> Outcome {
    let body = "const [width, height, draw] = arguments;\
        const canvas = new OffscreenCanvas(width, height);\
        const context = canvas.getContext('2d'); context.fillStyle = 'teal';\
        draw.split(' ').forEach((box) => context.fillRect(...box.split(',')));\
        return canvas.convertToBlob().then((blob) =>\
        pilotlightTest.dropImage(new File([blob], 'drawn.png', {type: 'image/png'})))";
    page.js(body, &[json!(width), json!(height), json!(draw)]).await?;
    page.see(&format!("drawn.png · {width} × {height}")).await
}

#[test]
fn a_picture_with_holes_opens_with_them_as_its_mask() {
    Stage::new("warm").play(async |scene| -> Verdict {
        open(scene).await?;
        let page = &scene.page;
        give(page, 60, 40, "0,0,30,40").await?;
        paint(page).await?;
        assert_eq!(painted(page, 10, 10).await?, json!(0));
        assert_eq!(painted(page, 50, 10).await?, json!(255));
        Ok(())
    });
}

#[test]
fn a_picture_that_is_too_large_is_left_alone() {
    Stage::new("warm").play(async |scene| -> Verdict {
        open(scene).await?;
        let page = &scene.page;
        give(page, 8_200, 8, "0,0,8200,8").await?;
        page.click("button", PAINT).await?;
        page.see("The image is too large to paint on: 8192 pixels per side").await?;
        page.press("Escape").await?;
        until_closed(page).await?;
        page.find("button", "Replace").await?;
        Ok(())
    });
}

#[test]
fn a_finger_paints_on_a_narrow_phone() {
    Stage::new("warm").size(320, 640).play(async |scene| -> Verdict {
        open(scene).await?;
        let page = &scene.page;
        let touch = json!({"enabled": true, "maxTouchPoints": 5});
        page.session.cdp("Emulation.setTouchEmulationEnabled", touch).await?;
        let sheet = paint(page).await?;
        let fits = "const box = pilotlightTest.all('application', 'Mask')[0].getBoundingClientRect();\
            const [dialog] = pilotlightTest.all('dialog');\
            const out = pilotlightTest.controls(dialog).filter((one) => {\
            const at = one.getBoundingClientRect();\
            return at.left < 0 || at.right > 320 || at.top < 0 || at.bottom > 640; });\
            return box.width >= 200 && dialog.scrollWidth <= 320 && out.length === 0";
        page.until("a dialog that fits", fits, &[]).await?;
        drag(page, &sheet, "touch", &[(-40, 0), (0, 0), (40, 0)]).await?;
        assert_eq!(painted(page, 96, 96).await?, json!(255));
        assert_eq!(painted(page, 96, 10).await?, json!(0));
        done(page).await?;
        let found = compared(page, KEPT, &[(96, 96), (96, 4)]).await?;
        assert_eq!((&found["others"], &found["alphas"]), (&json!(0), &json!([0, 255])));
        Ok(())
    });
}
