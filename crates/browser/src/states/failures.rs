//! The states of a page where something went wrong.
//!
//! Invariant: what goes wrong comes from the emulator, or from what a person or an operator did.

use std::time::Duration;

use crate::http;
use crate::{Outcome, Stage, places, store};
use serde_json::json;

use super::phases::{asleep, slow, warm};
use super::play::Play;
use super::{State, state};

/// Browsers tell nobody how long a text is; this one lies about it, and the page's module stops.
const BREAK: &str = "const encode = TextEncoder.prototype.encodeInto;\
    TextEncoder.prototype.encodeInto = function (text, place) {\
    return { read: encode.call(this, text, place).read, written: -1e6 } }; return true";

/// A key nobody knows, a text for a number, a workflow that is not there.
const ODD_CONFIG: &str = r#"{
    "endpoint": "openai", "model": "serverless-comfyui", "endpont": "openai",
    "wake_limit_seconds": "long",
    "workflows": ["workflows/janus-text-to-image.json", "workflows/gone.json"]
}"#;

/// The workflow of the first tab with a model that the server does not have.
fn offering() -> Stage {
    let path = places::root().join("public/workflows/janus-text-to-image.json");
    let text = std::fs::read_to_string(path).unwrap_or_default();
    let text = text.replace("Janus-Pro-7B", "Janus-Pro-3B");
    let config =
        r#"{"endpoint": "openai", "model": "serverless-comfyui", "workflows": ["a.json"]}"#;
    warm().config(config).beside("a.json", text.as_bytes())
}

async fn fails(play: &Play<'_>) -> Outcome {
    play.open_and_press().await?;
    play.phase(1, "failed").await
}

/// The pod dies under a running run; the next one comes at once.
fn killed() -> Stage {
    slow().set("always_one", false).set("cold_start_ms", 200).set("cold_start_jitter_ms", 0)
}

async fn is_killed(play: &Play<'_>) -> Outcome {
    play.open_and_press().await?;
    play.phase(1, "running").await?;
    play.scene.emulator.kill().await?;
    play.phase(1, "failed").await
}

pub fn all() -> Vec<State> {
    vec![
        state!("field-missing", warm(), |play| {
            play.open().await?;
            play.click("tab", play.words.image_tab).await?;
            play.click("button", play.words.run).await?;
            play.there("[data-state=error] .field-note").await?;
        }),
        state!("field-wrong", warm(), |play| {
            play.open().await?;
            play.page().fill(play.words.pictures_field, "99").await?;
            play.page().fill(play.words.prompt_field, "").await?;
            play.click("button", play.words.run).await?;
            play.there("[data-state=error] .field-note").await?;
        }),
        state!("failed-refused", Stage::new("refused-values"), |play| {
            fails(play).await?;
            play.there("details.advanced[open] [data-state=error] .field-note").await?;
        }),
        state!("field-offered", offering(), |play| {
            play.open_and_press().await?;
            play.phase(1, "failed").await?;
            play.there("select[aria-invalid=true]").await?;
        }),
        state!("editor-described", warm(), |play| {
            play.open().await?;
            play.page().unfold(play.words.advanced).await?;
            play.page().js("document.getElementById('edit-form').click()", &[]).await?;
            play.there(".editor #ask-again").await?;
            play.page().js("document.getElementById('ask-again').click()", &[]).await?;
            play.says(".editor [role=status]", "values are unchanged|内容不变").await?;
        }),
        state!("link-refused", warm(), |play| {
            play.scene.open_at("?workflow=http://127.0.0.1:9/lamp.json").await?;
            play.there(".notice[data-kind=error]").await?;
        }),
        state!("failed-model", Stage::new("unknown-model"), |play| {
            fails(play).await?;
        }),
        state!("failed-key", Stage::new("direct-key").direct(), |play| {
            fails(play).await?;
        }),
        state!("key", Stage::new("direct-key").direct(), |play| {
            fails(play).await?;
            let enter = play.there(".failure-ways > button").await?;
            play.page().click_on(&enter).await?;
            play.there("#key").await?;
        }),
        state!("settings-key", Stage::new("direct-key").direct(), |play| {
            fails(play).await?;
            play.click("button", play.words.settings).await?;
            play.there("dialog[open] .panel-ways > button").await?;
        }),
        state!("failed-class", Stage::new("missing-class"), |play| {
            fails(play).await?;
        }),
        state!("failed-memory", Stage::new("out-of-memory").set("run_ms", 300), |play| {
            fails(play).await?;
            let details = play.there(".details > summary").await?;
            play.page().click_on(&details).await?;
            play.says(".details[open]", play.words.details).await?;
        }),
        state!("failed-node", Stage::new("run-error").set("run_ms", 300), |play| {
            fails(play).await?;
        }),
        state!("failed-lost", killed(), |play| {
            is_killed(play).await?;
        }),
        state!("failed-lost-polling", killed().set("extension", false), |play| {
            is_killed(play).await?;
        }),
        state!("failed-interrupted", slow(), |play| {
            play.open_and_press().await?;
            play.phase(1, "running").await?;
            let interrupt = format!("{}/api/interrupt", play.scene.emulator.upstream());
            let model = json!({"model": "serverless-comfyui"});
            play.set(json!({"node_progress": true})).await?;
            http::client()?.post(interrupt).json(&model).send().await?;
            play.phase(1, "failed").await?;
        }),
        state!("failed-no-waking", asleep().set("gateway_timeout_ms", 1_000), |play| {
            play.open_and_press().await?;
            play.phase(1, "waking").await?;
            play.later(Duration::from_secs(901)).await?;
            play.phase(1, "failed").await?;
        }),
        state!("failed-no-answer", slow().set("extension", false), |play| {
            play.open_and_press().await?;
            play.phase(1, "running").await?;
            play.set(json!({"faults": vec!["* /api/ 503"; 200]})).await?;
            play.there(".run-say").await?;
            play.later(Duration::from_secs(901)).await?;
            play.phase(1, "failed").await?;
        }),
        state!("failed-too-large", warm().set("gateway_max_body_bytes", 1_500), |play| {
            play.open().await?;
            play.fill_question().await?;
            play.press_run(1).await?;
            play.phase(1, "failed").await?;
        }),
        state!("failed-expired", slow(), |play| {
            play.open_and_press().await?;
            play.phase(1, "running").await?;
            play.later(Duration::from_secs(70 * 60)).await?;
            play.scene.reload().await?;
            play.phase(1, "failed").await?;
        }),
        state!("failed-picture", Stage::new("cold").set("cold_start_ms", 4_000), |play| {
            play.open().await?;
            play.fill_question().await?;
            store::until(play.page(), "pictures", 1).await?;
            play.press_run(1).await?;
            play.phase(1, "waking").await?;
            store::clear(play.page(), "pictures").await?;
            play.scene.reload().await?;
            play.phase(1, "failed").await?;
        }),
        state!("gone", Stage::new("killed-before-fetch").set("cold_start_ms", 200), |play| {
            play.open_and_press().await?;
            play.phase(1, "done").await?;
            play.there(".picture-gone").await?;
        }),
        state!("config", warm().config(ODD_CONFIG), |play| {
            play.open().await?;
            play.page().until_notices(3).await?;
        }),
        state!("crashed", slow(), |play| {
            play.open_and_press().await?;
            play.phase(1, "running").await?;
            play.page().js(BREAK, &[]).await?;
            play.click("textbox", play.words.prompt_field).await?;
            play.page().session.cdp("Input.insertText", json!({"text": "虎"})).await?;
            play.there(".crash[data-when=crashed]:not([hidden])").await?;
        }),
        state!("unloaded", warm(), |play| {
            let session = &play.page().session;
            session.cdp("Network.enable", json!({})).await?;
            session.cdp("Network.setBlockedURLs", json!({"urls": ["*.wasm"]})).await?;
            session.go(&play.scene.address).await?;
            play.there(".crash[data-when=unloaded]:not([hidden])").await?;
        }),
    ]
}
