//! The states of saying where the server is, and of testing the way to it.
//!
//! Invariant: each holds until its pictures are taken, because what would end it is far away.

use std::time::Duration;

use crate::stage::WORKFLOWS;
use crate::{Outcome, Stage};
use serde_json::json;

use super::phases::{asleep, warm};
use super::play::Play;
use super::{State, state};

fn nowhere() -> Stage {
    warm().config(json!({"endpoint": null, "workflows": WORKFLOWS}).to_string())
}

/// The page's server is a relay that reaches nobody.
fn unreachable() -> Stage {
    let config = json!({"endpoint": "openai", "model": "serverless-comfyui"});
    warm().direct().config(config.to_string())
}

async fn open_test(play: &Play<'_>) -> Outcome {
    play.open().await?;
    play.click("button", play.words.settings).await?;
    play.click("button", play.words.test_connection).await?;
    play.there("dialog .setup-foot").await.map(drop)
}

async fn test(play: &Play<'_>, selector: &str) -> Outcome {
    open_test(play).await?;
    play.click("button", play.words.test).await?;
    play.there(selector).await.map(drop)
}

const FOUND: &str = ".setup-finding";
const WELL: &str = ".setup-well";

pub fn all() -> Vec<State> {
    vec![
        state!("set-up", nowhere(), |play| {
            play.open().await?;
            play.there("dialog .setup-foot").await?;
        }),
        state!("set-up-wrong", nowhere(), |play| {
            play.open().await?;
            play.click("radio", play.words.cluster).await?;
            play.page().fill(play.words.namespace, "Team_A").await?;
            play.click("button", play.words.test).await?;
            play.there(".setup-wrong").await?;
        }),
        state!("set-up-later", nowhere(), |play| {
            play.open().await?;
            play.there("dialog .setup-foot").await?;
            play.page().press("Escape").await?;
            play.there(".notice .button").await?;
        }),
        state!("set-up-found", nowhere(), |play| {
            play.open().await?;
            play.page().fill(play.words.address, "/openai").await?;
            play.page().fill(play.words.model, "serverless-comfyui").await?;
            play.click("button", play.words.test).await?;
            play.there(WELL).await?;
        }),
        state!("test", warm(), |play| { open_test(play).await? }),
        state!("test-waking", asleep(), |play| {
            test(play, ".setup-test .step[data-state=now]:nth-child(3)").await?;
            play.later(Duration::from_secs(42)).await?;
            play.says(".setup-test .step-time", "4\\d").await?;
        }),
        state!("test-well", warm(), |play| { test(play, WELL).await? }),
        state!("test-without-extension", warm().set("extension", false), |play| {
            test(play, WELL).await?;
        }),
        state!("test-other-way", warm().set("gateway_strips_get_bodies", true), |play| {
            test(play, WELL).await?;
        }),
        state!("test-unreachable", unreachable(), |play| {
            test(play, FOUND).await?;
            play.click("button", play.words.details).await?;
        }),
        state!("test-gateway", warm().set("faults", "[\"* /system_stats 504\"]"), |play| {
            test(play, FOUND).await?;
        }),
        state!("test-unknown-model", warm().set("model", "another"), |play| {
            test(play, FOUND).await?;
        }),
        state!(
            "test-no-extension",
            warm().set("cors", true).set("extension", false).direct(),
            |play| {
                test(play, FOUND).await?;
            }
        ),
        state!("test-hidden", warm().direct(), |play| { test(play, FOUND).await? }),
    ]
}
