//! The states of a page where all goes well, or will.
//!
//! Invariant: each holds until its pictures are taken, because what would end it is far away.

use std::time::Duration;

use crate::{Outcome, Stage, kept};
use serde_json::json;

use super::play::{FOREVER_MS, Play};
use super::{State, state};

/// A pod is there. Its time passes quicker than that of the page, so that runs have likely lengths.
pub fn warm() -> Stage {
    let stage = Stage::new("warm").speed(12.0).set("run_ms", 6_200).set("understand_ms", 3_400);
    stage.set("load_ms", 600)
}

/// A pod is there; a run takes longer than any picture.
pub fn slow() -> Stage {
    Stage::new("warm").set("run_ms", FOREVER_MS).set("load_ms", 50)
}

/// The GPU sleeps on.
pub fn asleep() -> Stage {
    Stage::new("cold").set("cold_start_ms", FOREVER_MS).set("gateway_timeout_ms", 0)
}

/// The same, with a price, and a hint how long waking takes.
fn asleep_with_hint() -> Stage {
    let config = json!({
        "endpoint": "openai", "model": "serverless-comfyui",
        "wake_hint_seconds": [70, 110], "price_per_gpu_hour": 12.0, "currency": "¥",
    });
    asleep().config(config.to_string())
}

/// So many runs that ended well: the last one made `pictures`.
pub async fn open_with_pictures(play: &Play<'_>) -> Outcome {
    play.open().await?;
    play.press(1, play.words.second_prompt).await?;
    play.phase(1, "done").await?;
    play.page().fill(play.words.pictures_field, "4").await?;
    play.press(2, play.words.prompt).await?;
    play.phase(2, "done").await?;
    play.page().pictures(5).await.map(drop)
}

/// With results of earlier visits.
async fn open_gallery(play: &Play<'_>) -> Outcome {
    play.open().await?;
    play.there("dialog").await?;
    kept::keep(play.page(), 240).await?;
    play.scene.reload().await?;
    let button = play.there(".results-head .button").await?;
    play.page().click_on(&button).await?;
    play.page().until_tiles_drawn().await
}

async fn unfold_advanced(play: &Play<'_>) -> Outcome {
    play.page().unfold(play.words.advanced).await
}

async fn open_editor(play: &Play<'_>) -> Outcome {
    play.open().await?;
    unfold_advanced(play).await?;
    play.page().js("document.getElementById('edit-form').click()", &[]).await?;
    play.there(".editor[open]").await.map(drop)
}

/// Selects the first and the third result.
async fn select_two(play: &Play<'_>) -> Outcome {
    for place in [1, 3] {
        let check = "const tile = pilotlightTest.all('option')\
                .find((one) => one.ariaPosInSet === String(arguments[0]));\
            return tile && pilotlightTest.parts('.tile-check', tile)[0]";
        let check = play.page().until("a tile", check, &[json!(place)]).await?;
        play.page().js("arguments[0].click()", &[check]).await?;
    }
    Ok(())
}

async fn wakes_for(play: &Play<'_>, seconds: u64, clock: &str) -> Outcome {
    play.open_and_press().await?;
    play.phase(1, "waking").await?;
    play.later(Duration::from_secs(seconds)).await?;
    play.says("[aria-current=step] .step-time", clock).await
}

pub fn all() -> Vec<State> {
    vec![
        state!("empty", warm(), |play| {
            play.open().await?;
        }),
        state!("advanced", warm(), |play| {
            play.open().await?;
            play.page().fill(play.words.prompt_field, play.words.prompt).await?;
            let summary = play.there("details.advanced > summary").await?;
            play.page().click_on(&summary).await?;
            play.says("details.advanced[open]", play.words.advanced).await?;
        }),
        state!("picture", warm(), |play| {
            play.open().await?;
            play.fill_question().await?;
        }),
        state!("picture-empty", warm(), |play| {
            play.open().await?;
            play.click("tab", play.words.image_tab).await?;
            play.there(".drop-pick").await?;
        }),
        state!("mask", warm(), |play| {
            play.open().await?;
            play.paint().await?;
        }),
        state!("masked", warm(), |play| {
            play.open().await?;
            play.paint().await?;
            let done = play.there(".mask-foot [data-kind=primary]").await?;
            play.page().click_on(&done).await?;
            play.says(".drop-foot", "384 × 384").await?;
        }),
        state!("waiting", slow(), |play| {
            play.open().await?;
            play.times(3).await?;
            play.press(1, play.words.prompt).await?;
            play.phase(1, "running").await?;
            play.phase(2, "queued").await?;
            play.phase(3, "waiting").await?;
        }),
        state!("queue", slow(), |play| {
            play.open().await?;
            play.times(8).await?;
            play.press(1, play.words.prompt).await?;
            play.phase(1, "running").await?;
            play.there(".queue-more").await?;
        }),
        state!("offer", asleep(), |play| {
            let leave = json!({"origin": play.scene.address, "permissions": ["notifications"]});
            play.page().session.cdp("Browser.grantPermissions", leave).await?;
            play.open_and_press().await?;
            play.there(".feed .notice").await?;
        }),
        state!("waking", asleep(), |play| {
            wakes_for(play, 12, "1[2-9]").await?;
            play.there(".run-say").await?;
        }),
        state!("waking-known", asleep_with_hint(), |play| {
            wakes_for(play, 42, "4[2-9].*70.110").await?;
        }),
        state!("waking-late", asleep_with_hint(), |play| {
            wakes_for(play, 190, "3 ").await?;
            play.there(".meter[data-state=late]").await?;
        }),
        state!("waking-gave-up", asleep().set("gateway_timeout_ms", 3_000), |play| {
            play.open_and_press().await?;
            play.phase(1, "waking").await?;
            play.later(Duration::from_secs(57)).await?;
            play.says(".run-say", "(6[0-9]|1)").await?;
            play.set(json!({"gateway_timeout_ms": FOREVER_MS})).await?;
        }),
        state!("waking-unreadable", Stage::new("warm").direct(), |play| {
            play.open_and_press().await?;
            play.phase(1, "waking").await?;
            play.there(".run-say").await?;
        }),
        state!("submitting", warm(), |play| {
            play.open_after_a_run().await?;
            play.set(json!({"answer_ms": FOREVER_MS})).await?;
            play.press(2, play.words.prompt).await?;
            play.phase(2, "submitting").await?;
        }),
        state!("unconfirmed", warm(), |play| {
            play.open_after_a_run().await?;
            let mut faults = vec!["POST /prompt 502 after"];
            faults.resize(60, "* /api/ 503");
            play.set(json!({ "faults": faults })).await?;
            play.press(2, play.words.prompt).await?;
            play.phase(2, "submitting").await?;
            play.there(".run-say").await?;
        }),
        state!("queued", slow().set("neighbours", 2).set("neighbour_ms", FOREVER_MS), |play| {
            play.open_and_press().await?;
            play.phase(1, "queued").await?;
            play.says("[aria-current=step]", "2").await?;
        }),
        state!("running", slow(), |play| {
            play.open_and_press().await?;
            play.phase(1, "running").await?;
            play.later(Duration::from_secs(4)).await?;
            play.says("[aria-current=step] .step-time", "[4-9]").await?;
        }),
        state!("running-known", warm(), |play| {
            play.open_after_a_run().await?;
            play.teach(&[6_200, 7_300, 8_800]).await?;
            play.press(2, play.words.prompt).await?;
            play.phase(2, "running").await?;
            play.later(Duration::from_secs(3)).await?;
            play.says("[aria-current=step] .step-time", "^[3-9].*6.9").await?;
            play.there(".meter[data-state=known]").await?;
        }),
        state!("collecting", warm().set("faults", json!(vec!["* /view 503"; 60])), |play| {
            play.open_and_press().await?;
            play.phase(1, "collecting").await?;
        }),
        state!("cancelling", slow(), |play| {
            play.open_and_press().await?;
            play.phase(1, "running").await?;
            play.click("button", play.words.cancel).await?;
            play.phase(1, "cancelling").await?;
            play.later(Duration::from_secs(4)).await?;
            play.there(".run-say").await?;
        }),
        state!("cancelled", asleep(), |play| {
            play.open_and_press().await?;
            play.phase(1, "waking").await?;
            play.click("button", play.words.cancel).await?;
            play.phase(1, "cancelled").await?;
        }),
        state!("done", warm(), |play| {
            open_with_pictures(play).await?;
        }),
        state!("answer", warm(), |play| {
            play.open_after_a_run().await?;
            play.set(json!({"understand_ms": 3_400})).await?;
            let actions = play.page().find("group", play.words.second_prompt).await?;
            play.page().click_in(&actions, "button", play.words.use_as_input).await?;
            play.page().find("button", play.words.replace).await?;
            play.page().fill(play.words.question_field, play.words.question).await?;
            play.press_run(2).await?;
            play.phase(2, "done").await?;
            play.there(".answer-text").await?;
        }),
        state!("viewer", warm(), |play| {
            open_with_pictures(play).await?;
            let list = play.page().find("list", play.words.results).await?;
            play.page().click_in(&list, "button", play.words.prompt).await?;
            play.says(".viewer-count", "1 / 5").await?;
            play.says(".viewer-facts", "384").await?;
        }),
        state!("gallery", warm(), |play| {
            open_gallery(play).await?;
        }),
        state!("gallery-selected", warm(), |play| {
            open_gallery(play).await?;
            select_two(play).await?;
            play.there(".gallery-foot .button").await?;
        }),
        state!("details", warm(), |play| {
            open_gallery(play).await?;
            let tile = play.there("[aria-posinset='2']").await?;
            play.page().click_on(&tile).await?;
            play.says(".viewer-facts", "384").await?;
            let details = play.there(".viewer-tools [aria-expanded]").await?;
            play.page().click_on(&details).await?;
            play.there(".viewer-pairs").await?;
        }),
        state!("compare", warm(), |play| {
            open_gallery(play).await?;
            select_two(play).await?;
            let compare = "return pilotlightTest.inDialog('button')\
                .find((one) => pilotlightTest.icons(one).includes('#compare'))";
            let compare = play.page().until("a button to compare", compare, &[]).await?;
            play.page().js("arguments[0].click()", &[compare]).await?;
            play.there(".compare-table").await?;
        }),
        state!("settings", warm(), |play| {
            play.open_after_a_run().await?;
            play.click("button", play.words.settings).await?;
            play.there("dialog[open] .choice").await?;
        }),
        state!("editor", warm(), |play| {
            open_editor(play).await?;
            let row = play.there(".editor-name").await?;
            play.page().click_on(&row).await?;
            play.there(".editor-body textarea, .editor-body input").await?;
        }),
        state!("editor-inputs", warm(), |play| {
            open_editor(play).await?;
            let inputs = "pilotlightTest.all('radio')[1].click()";
            play.page().js(inputs, &[]).await?;
            play.there(".editor-input").await?;
        }),
        state!("presets", warm(), |play| {
            play.open().await?;
            unfold_advanced(play).await?;
            play.click("button", play.words.presets).await?;
            play.there("dialog[open] .preset-new").await?;
        }),
        state!("several", warm(), |play| {
            play.open().await?;
            let button = play.there(".several-more .button").await?;
            play.page().click_on(&button).await?;
            play.there("dialog[open] textarea").await?;
        }),
        state!("server", warm(), |play| {
            play.open_after_a_run().await?;
            play.there("[data-server=awake]").await?;
            let pill = play.there("#server").await?;
            play.page().click_on(&pill).await?;
            play.there("#server-panel").await?;
        }),
        state!("asleep", warm(), |play| {
            play.open_after_a_run().await?;
            play.later(Duration::from_secs(12 * 60)).await?;
            play.scene.reload().await?;
            play.says("[data-server=used]", "12").await?;
        }),
    ]
}
