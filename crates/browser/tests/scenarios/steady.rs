//! What a user looks at keeps its place while other parts appear or leave.

use std::collections::BTreeSet;
use std::time::Duration;

use pilotlight_browser_tests::{Outcome, Page, Scene, Stage, Verdict, ensure, store, strings};
use serde_json::json;

use crate::common::{package, press_run};
use crate::parts::HELD_BACK;

/// Looks at the form in every frame: how far below its upper edge *Run* is, unless it sticks to the
/// window's lower edge, and how far its fields reach.
const WATCH: &str = "window.frames = []; const look = () => {\
        const [run] = pilotlightTest.all('button', 'Run');\
        const field = pilotlightTest.field('Image');\
        if (run && field) {\
            const at = (one) => one.getBoundingClientRect();\
            const from = at(run.closest('form')).top;\
            window.frames.push([getComputedStyle(run.closest('.runbar')).position === 'sticky'\
                ? 0 : at(run).top - from, at(field.closest('.fields')).bottom - from].map(Math.round));\
        }\
        requestAnimationFrame(look);\
    }; requestAnimationFrame(look);";

/// Waits until frames were seen, and fails if one of them shows *Run* elsewhere than the first.
async fn same_in_all_frames(page: &Page, when: &str) -> Outcome {
    let seen = "const from = window.frames.length;\
        return new Promise((then) => { const look = () => window.frames.length > from + 1\
            ? then([...new Set(window.frames.map(String))]) : requestAnimationFrame(look); look(); })";
    let places: Vec<Vec<i64>> = page
        .texts(seen, &[])
        .await?
        .iter()
        .map(|place| place.split(',').filter_map(|number| number.parse().ok()).collect())
        .collect();
    let is_same = places.iter().all(|place| {
        place.len() == 2
            && place.iter().zip(&places[0]).all(|(one, first)| (one - first).abs() <= 1)
    });
    ensure(!places.is_empty() && is_same, || format!("{when}, Run was moved: {places:?}"))
}

/// A workflow whose picture can have a mask.
fn cut_out() -> String {
    json!({
        "1": {"class_type": "LoadImage", "inputs": {"image": "cat.png"}},
        "2": {"class_type": "JoinImageWithAlpha", "inputs": {"image": ["1", 0], "alpha": ["1", 1]}},
        "3": {"class_type": "SaveImage", "inputs": {"images": ["2", 0], "filename_prefix": "cut"}},
    })
    .to_string()
}

/// Chooses a picture in the form in front, takes it out, chooses it again; `tool`: what is below it.
async fn choose(scene: &Scene, tool: &str) -> Outcome {
    let page = &scene.page;
    page.js(WATCH, &[]).await?;
    same_in_all_frames(page, "at first").await?;
    page.choose_file("Image", &scene.picture()).await?;
    page.see("flame-192.png · 192 × 192").await?;
    page.find("button", tool).await?;
    same_in_all_frames(page, "with a picture").await?;
    page.click("button", "Remove image").await?;
    let gone = "return pilotlightTest.given().length === 0";
    page.until("no picture", gone, &[]).await?;
    same_in_all_frames(page, "without it again").await?;
    page.choose_file("Image", &scene.picture()).await?;
    page.see("flame-192.png · 192 × 192").await?;
    same_in_all_frames(page, "with it again").await?;
    store::until(page, "pictures", 1).await
}

/// The same, and loads the page again, whose second part brings the picture.
async fn choose_in_a_question(scene: &Scene) -> Outcome {
    scene.open().await?;
    let page = &scene.page;
    page.until_awake().await?;
    page.click("tab", "Image to text").await?;
    choose(scene, "Replace").await?;
    page.session.before_each_page(HELD_BACK).await?;
    scene.reload().await?;
    let field = "return pilotlightTest.field('Image')";
    page.until("the field for the picture", field, &[]).await?;
    page.js(WATCH, &[]).await?;
    same_in_all_frames(page, "before the second part").await?;
    page.js("window.letGo(); return true", &[]).await?;
    page.see("flame-192.png · 192 × 192").await?;
    same_in_all_frames(page, "after a reload").await
}

async fn choose_where_a_mask_is_painted(scene: &Scene) -> Outcome {
    scene.open().await?;
    let file = scene.file("cut-out.json", cut_out().as_bytes())?;
    scene.page.choose_file("Open a workflow", &file).await?;
    scene.page.find("tab", "cut-out").await?;
    scene.page.until_awake().await?;
    choose(scene, "Paint a mask").await
}

/// A desktop window, in which *Run* is below the fields, and a phone, where it sticks to the edge.
const SIZES: [(u32, u32); 2] = [(1280, 1000), (390, 800)];

#[test]
fn a_picture_that_is_chosen_does_not_move_run() {
    for (width, height) in SIZES {
        let stage = Stage::new("warm").size(width, height);
        stage.play(async |scene| -> Verdict { Ok(choose_in_a_question(scene).await?) });
    }
}

#[test]
fn the_tool_for_masks_does_not_move_run() {
    for (width, height) in SIZES {
        let stage = Stage::new("warm").size(width, height);
        stage.play(async |scene| -> Verdict { Ok(choose_where_a_mask_is_painted(scene).await?) });
    }
}

/// The room of a window that is higher than its content is below the content.
#[test]
fn the_runs_follow_the_form_on_a_high_phone() {
    Stage::new("warm").size(390, 1_000).play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        press_run(page, "a tiger [sleep=60]").await?;
        page.until_phase(1, "running").await?;
        let gap = "const { rect } = pilotlightTest;\
            return Math.round(rect('.feed').top - rect('.several-more').bottom)";
        let gap = page.js(gap, &[]).await?.as_i64();
        assert!(gap.is_some_and(|gap| (0..=16).contains(&gap)), "{gap:?} pixels are between");
        Ok(())
    });
}

/// Whether the note below the field that has the focus is between the window's upper edge and the run
/// bar.
const NOTE_IS_SEEN: &str = "const field = document.activeElement.closest('.field');\
    const note = field && pilotlightTest.all('alert', null, field)[0]?.getBoundingClientRect();\
    const bar = pilotlightTest.all('button', 'Run')[0].closest('.runbar');\
    return !!note && note.height > 0 && note.top >= 0\
        && note.bottom <= bar.getBoundingClientRect().top + 0.5";

#[test]
fn a_refused_value_is_seen_with_its_note_on_a_small_phone() {
    Stage::new("refused-values").size(390, 500).play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        press_run(page, "a tiger").await?;
        page.until_phase(1, "failed").await?;
        page.until("the note in sight at once", NOTE_IS_SEEN, &[]).await?;
        for from in ["window.scrollTo(0, 0)", "window.scrollTo(0, document.body.scrollHeight)"] {
            page.click("textbox", "Prompt").await?;
            page.js(&format!("{from}; return true"), &[]).await?;
            page.click("button", "Go to field").await?;
            let there = "return document.activeElement.getAttribute('aria-invalid') === 'true'";
            page.until("the focus at the refused field", there, &[]).await?;
            assert_eq!(page.focused().await?, "textbox Temperature");
            page.until(&format!("the note in sight after {from}"), NOTE_IS_SEEN, &[]).await?;
        }
        Ok(())
    });
}

#[test]
fn two_refused_values_are_both_marked() {
    let stage = Stage::new("refused-values").set("refuse_input", "temperature,top_p");
    stage.play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        press_run(page, "a tiger").await?;
        page.until_phase(1, "failed").await?;
        let marked = "const wrong = pilotlightTest.all('textbox')\
                .filter((one) => one.getAttribute('aria-invalid') === 'true');\
            return wrong.length === 2 && wrong.map((one) => [pilotlightTest.name(one),\
                pilotlightTest.all('alert', null, one.closest('.field'))\
                    .filter((note) => note.innerText.includes('Maximum')).length])";
        let marked = page.until("two refused fields", marked, &[]).await?;
        assert_eq!(marked, json!([["Temperature", 1], ["Top-p", 1]]));
        // A change takes the note of its own field away, and no other.
        page.fill("Top-p", "0.4").await?;
        let one =
            "return pilotlightTest.refused().map(pilotlightTest.name).join() === 'Temperature'";
        page.until("one refused field", one, &[]).await?;
        assert_eq!(scene.emulator.taken().await?.len(), 0);
        Ok(())
    });
}

/// Looks at the card of the run in every frame: whether there is a question in it, and where what is
/// above that is.
const WATCH_CARD: &str = "window.cards = []; const look = () => {\
        const card = window.pilotlightTest?.card(1);\
        const of = (role) => pilotlightTest.all(role, null, card);\
        const parts = card ? ['heading', 'list', 'progressbar'].map((role) => of(role)[0]) : [null];\
        if (parts.every(Boolean)) window.cards.push([of('status').length > 0, \
            of('listitem').length, ...[card, ...parts]\
                .map((part) => Math.round(part.getBoundingClientRect().top))]);\
        requestAnimationFrame(look);\
    }; requestAnimationFrame(look);";

#[test]
fn the_question_about_notifications_moves_nothing_above_it() {
    Stage::new("cold").set("cold_start_ms", 8_000).play(async |scene| -> Verdict {
        scene.page.be_patient(Duration::from_secs(20));
        scene.open().await?;
        let page = &scene.page;
        page.until_awake().await?;
        page.js(WATCH_CARD, &[]).await?;
        press_run(page, "a tiger").await?;
        page.find("button", "No, thanks").await?;
        let frames = "return window.cards.filter(([asks]) => asks === arguments[0]).length > 3";
        page.until("frames with the question", frames, &[json!(true)]).await?;
        page.click("button", "No, thanks").await?;
        page.until_notices(0).await?;
        let last = "return window.cards.slice(-4).every(([asks]) => !asks)";
        page.until("frames without it", last, &[]).await?;
        assert_eq!(page.phase(1).await?, "waking", "the card is another one by now");
        // A step more is another thing: that the GPU wakes.
        let places = "const steps = window.cards.at(-1)[1];\
            return [...new Set(window.cards.filter((one) => one[1] === steps).map(String))]";
        let places = strings(&page.js(places, &[]).await?);
        let rests: BTreeSet<&str> =
            places.iter().filter_map(|one| Some(one.split_once(',')?.1)).collect();
        let is_whole = places.len() == 2 && rests.len() == 1;
        ensure(is_whole, || format!("something was moved: {places:?}"))?;
        Ok(())
    });
}

#[test]
fn a_long_label_stays_within_the_head_of_its_field() {
    Stage::new("warm").size(390, 800).play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        let mut package = package();
        (package["id"], package["title"]) = (json!("long"), json!("long"));
        package["form"][0]["label"] = json!("word ".repeat(40).trim());
        package["form"][1]["label"] = json!("w".repeat(200));
        let file = scene.file("long.json", package.to_string().as_bytes())?;
        page.choose_file("Open a workflow", &file).await?;
        page.find("tab", "long").await?;
        let heads = "const heads = pilotlightTest.labels()\
                .filter(pilotlightTest.shown).slice(0, 3).map((label) => {\
                const head = label.parentElement;\
                const [box, own] = [head, label].map((one) => one.getBoundingClientRect());\
                return { height: box.height, right: box.right, inside: own.right <= box.right + 0.5,\
                    cut: label.scrollWidth > label.clientWidth, length: label.textContent.length };\
            });\
            return heads.length === 3 && heads[0].length > 60 && heads";
        let heads = page.until("the long labels", heads, &[]).await?;
        let [first, second, third] = [0, 1, 2].map(|at| &heads[at]);
        for long in [first, second] {
            assert_eq!(long["height"], third["height"], "one line: {heads}");
            assert_eq!((&long["inside"], &long["cut"]), (&json!(true), &json!(true)), "{heads}");
            assert!(long["right"].as_f64() <= Some(390.0), "{heads}");
        }
        let fits = "return document.documentElement.scrollWidth <= window.innerWidth";
        assert_eq!(page.js(fits, &[]).await?, json!(true), "the page is wider than the window");
        Ok(())
    });
}
