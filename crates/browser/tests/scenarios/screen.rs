//! Narrow screens, dark and light.

use pilotlight_browser_tests::{Outcome, Page, Stage, Verdict, ensure};
use serde_json::json;

use crate::common::fill_question;

/// Nothing to scroll sideways, and the run button within the screen.
async fn fits(page: &Page, when: &str) -> Outcome {
    let wide = "const root = document.scrollingElement;\
        const out = [...document.querySelectorAll('#app *')].filter((node) => \
            node.getBoundingClientRect().right > innerWidth + 1 && pilotlightTest.shown(node) \
            && !node.closest('svg'));\
        return root.scrollWidth > innerWidth && [root.scrollWidth, ...out.slice(0, 4)\
            .map((node) => node.className + ' ' + pilotlightTest.squeeze(node.innerText))]";
    let wide = page.js(wide, &[]).await?;
    ensure(wide == json!(false), || format!("{when}: wider than the screen: {wide}"))?;
    let bar = "const run = pilotlightTest.all('button').find((button) => button.type === 'submit');\
        const box = run.getBoundingClientRect();\
        return box.top >= 0 && box.bottom <= innerHeight && box.left >= 0 && box.right <= innerWidth";
    let bar = page.js(bar, &[]).await?;
    ensure(bar == json!(true), || format!("{when}: the run button is out of sight"))
}

/// Buttons that share the row evenly, large enough for a finger, nothing cut off.
const EVEN: &str = "const [row] = pilotlightTest.parts('.viewer-actions');\
    const buttons = pilotlightTest.all('button', null, row);\
    const boxes = buttons.map((button) => button.getBoundingClientRect());\
    const even = (of) => Math.max(...boxes.map(of)) - Math.min(...boxes.map(of)) < 1.5;\
    return boxes.length === 5 && even((box) => box.top) && even((box) => box.width) \
        && boxes.every((box) => box.height >= 44 && box.width >= 44) \
        && boxes.every((box) => box.left >= 0 && box.right <= innerWidth) \
        && buttons.every((button) => button.scrollWidth <= button.clientWidth)";

/// How many pixels a number that stands alone in the form is away from the edges of the form.
const ALONE: &str = "const field = pilotlightTest.field(arguments[0]);\
    const [box, row] = [field, field.parentElement].map((it) => it.getBoundingClientRect());\
    return Math.round(Math.abs(box.left - row.left) + Math.abs(box.right - row.right))";

/// How many choices take more than one line.
const WRAPPED: &str = "return pilotlightTest.inDialog('radio').map((radio) => radio.closest('label'))\
    .filter((choice) => {\
        const range = document.createRange();\
        range.selectNodeContents(choice.lastChild);\
        return range.getClientRects().length > 1 })\
    .map((choice) => choice.innerText)";

const LONG_PROMPT: &str =
    "a tiger with very-long-words-that-no-line-can-break in the snow [sleep=3]";

fn narrow(width: u32, chinese: bool) {
    let stage = Stage::new("warm").size(width, 700);
    let stage = if chinese { stage.chinese() } else { stage };
    stage.play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        let of = |english: &'static str, zh: &'static str| if chinese { zh } else { english };
        fits(page, "at the start").await?;
        assert_eq!(
            page.js(ALONE, &[json!(of("Images", "数量"))]).await?,
            json!(0),
            "the number stands out of line"
        );
        page.fill(of("Prompt", "提示词"), LONG_PROMPT).await?;
        page.click("button", of("Run", "生成")).await?;
        page.until_phase(1, "running").await?;
        fits(page, "while it runs").await?;
        page.js("scrollTo(0, document.body.scrollHeight)", &[]).await?;
        fits(page, "scrolled to the end").await?;
        page.until_phase(1, "done").await?;
        page.pictures(1).await?;
        fits(page, "with a result").await?;
        let list = page.find("list", of("Results", "结果")).await?;
        page.click_in(&list, "button", LONG_PROMPT).await?;
        page.until("actions that share one row", EVEN, &[]).await?;
        page.press("Escape").await?;
        page.until_none("dialog").await?;
        page.unfold(of("Advanced", "高级选项")).await?;
        page.fill(of("Prompt", "提示词"), "a tiger [error]").await?;
        page.click("button", of("Run", "生成")).await?;
        page.until_phase(2, "failed").await?;
        page.click("button", of("Details", "详情")).await?;
        fits(page, "with a failure").await?;
        page.click("tab", of("Image to text", "图片理解")).await?;
        page.choose_file(of("Image", "图片"), &scene.picture()).await?;
        page.find("button", of("Replace", "更换")).await?;
        fits(page, "with a picture chosen").await?;
        page.click("button", of("Settings", "设置")).await?;
        page.find("dialog", of("Settings", "设置")).await?;
        let inside = "const box = pilotlightTest.all('dialog')[0].getBoundingClientRect();\
            return box.left >= 0 && box.right <= innerWidth && box.bottom <= innerHeight";
        assert_eq!(page.js(inside, &[]).await?, json!(true), "the settings stick out");
        assert_eq!(page.js(WRAPPED, &[]).await?, json!([]), "choices of more than one line");
        Ok(())
    });
}

#[test]
fn a_screen_of_390_pixels_in_english() {
    narrow(390, false);
}

#[test]
fn a_screen_of_320_pixels_in_english() {
    narrow(320, false);
}

#[test]
fn a_screen_of_390_pixels_in_chinese() {
    narrow(390, true);
}

#[test]
fn a_screen_of_320_pixels_in_chinese() {
    narrow(320, true);
}

#[test]
fn on_a_phone_the_run_bar_never_covers_what_has_the_focus() {
    Stage::new("warm").size(390, 500).play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        page.unfold("Advanced").await?;
        page.js("scrollTo(0, 0); document.activeElement.blur()", &[]).await?;
        let covered = "const box = document.activeElement.getBoundingClientRect();\
            const bar = pilotlightTest.all('button', 'Run')[0].closest('.runbar');\
            const top = bar.getBoundingClientRect().top;\
            const loose = document.activeElement === document.body;\
            return !loose && !bar.contains(document.activeElement) && box.bottom > top + 1 \
                && [document.activeElement.outerHTML.slice(0, 120), box.bottom, top]";
        for _ in 0..24 {
            page.press("Tab").await?;
            let covered = page.js(covered, &[]).await?;
            assert_eq!(covered, json!(false), "under the run bar");
        }
        Ok(())
    });
}

#[test]
fn a_wide_page_at_200_percent_zoom_fits() {
    Stage::new("warm").size(640, 400).play(async |scene| -> Verdict {
        scene.open().await?;
        fits(&scene.page, "at 200 %").await?;
        fill_question(scene, "What is it?").await?;
        fits(&scene.page, "at 200 %, with a picture").await?;
        Ok(())
    });
}

#[test]
fn dark_and_light_follow_the_system_until_somebody_chooses() {
    Stage::new("warm").play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        let system =
            |scheme: &str| json!({"features": [{"name": "prefers-color-scheme", "value": scheme}]});
        // How light the paper is, 0 … 255.
        let paper = "const [r, g, b] = getComputedStyle(document.body).backgroundColor\
            .match(/[0-9.]+/g).map(Number); return (r + g + b) / 3";
        let light = format!("{paper} > 200");
        let dark = format!("{paper} < 60");
        page.session.cdp("Emulation.setEmulatedMedia", system("dark")).await?;
        page.until("dark as the system", &dark, &[]).await?;
        page.session.cdp("Emulation.setEmulatedMedia", system("light")).await?;
        page.until("light as the system", &light, &[]).await?;
        page.click("button", "Theme").await?;
        page.until("dark as chosen", &dark, &[]).await?;
        scene.reload().await?;
        page.until("dark as chosen before", &dark, &[]).await?;
        page.click("button", "Settings").await?;
        page.click("radio", "System").await?;
        page.until("light as the system again", &light, &[]).await?;
        let kept = page.js("return localStorage.getItem('pilotlight.theme')", &[]).await?;
        assert_eq!(kept, json!(null));
        Ok(())
    });
}
