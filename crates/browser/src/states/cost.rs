//! The states of waking by a press, keeping awake, and what it costs.
//!
//! Invariant: each holds until its pictures are taken, because what would end it is far away.

use std::time::Duration;

use crate::{Outcome, Stage};
use serde_json::json;

use super::phases;
use super::play::Play;
use super::{State, state};

fn priced(stage: Stage) -> Stage {
    let config = json!({
        "endpoint": "openai", "model": "serverless-comfyui",
        "wake_hint_seconds": [70, 110], "price_per_gpu_hour": 12.0, "currency": "¥",
        "idle_delay_seconds": 300, "limit_per_day": 5, "limit_per_month": 60,
    });
    stage.config(config.to_string())
}

/// A page that was used this month, with what is known of the server unfolded.
async fn open_used(play: &Play<'_>) -> Outcome {
    play.open().await?;
    let body = "const now = new Date();\
        const day = now.getFullYear() * 10000 + now.getMonth() * 100 + 100;\
        const days = {};\
        days[day + now.getDate()] = [296000, 742000, 410000];\
        days[day + (now.getDate() > 1 ? 1 : 2)] = [1840000, 5210000, 3100000];\
        const ledger = { v: 1, days, closed: 0, pieces: [] };\
        localStorage.setItem('pilotlight.used.openai serverless-comfyui', JSON.stringify(ledger))";
    play.page().js(body, &[]).await?;
    play.scene.reload().await
}

async fn unfold(play: &Play<'_>) -> Outcome {
    let pill = play.there("#server").await?;
    play.page().click_on(&pill).await?;
    play.there("#server-panel .used").await.map(drop)
}

async fn press(play: &Play<'_>, name: &str) -> Outcome {
    let panel = play.there("#server-panel").await?;
    play.page().click_in(&panel, "button", name).await
}

pub fn all() -> Vec<State> {
    vec![
        state!("wake", priced(phases::asleep()), |play| {
            open_used(play).await?;
            unfold(play).await?;
        }),
        state!("waking-by-press", priced(phases::asleep()), |play| {
            open_used(play).await?;
            unfold(play).await?;
            press(play, play.words.wake).await?;
            play.there("dialog.limit[open]").await?;
            play.click("button", play.words.continue_anyway).await?;
            play.later(Duration::from_secs(42)).await?;
            play.there("[data-server=waking]").await?;
        }),
        state!("used", priced(phases::warm()), |play| {
            open_used(play).await?;
            play.press(1, play.words.prompt).await?;
            play.phase(1, "done").await?;
            unfold(play).await?;
        }),
        state!("kept-awake", priced(phases::warm()), |play| {
            open_used(play).await?;
            unfold(play).await?;
            press(play, play.words.keep).await?;
            play.there("dialog.limit[open]").await?;
            play.click("button", play.words.continue_anyway).await?;
            play.there("[data-server=awake]").await?;
        }),
        state!("limit", priced(phases::warm()), |play| {
            open_used(play).await?;
            play.press(1, play.words.prompt).await?;
            play.phase(1, "done").await?;
            play.times(16).await?;
            let wait = "return performance.now() - (window.pressedAt || -1e6) > 600";
            play.page().until("time for another press", wait, &[]).await?;
            play.click("button", play.words.run).await?;
            play.there("dialog.limit[open]").await?;
        }),
    ]
}
