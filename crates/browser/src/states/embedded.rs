//! The page in a frame of another site.
//!
//! Invariant: what is shown is the example that comes with the documentation, or a bare frame.

use crate::{HostPage, Outcome, Stage};
use serde_json::json;

use super::phases::warm;
use super::play::Play;
use super::{State, state};

/// A frame as its address alone makes it.
const FRAME: &str = "<!doctype html><meta name=viewport content='width=device-width'><body style='margin: 0'><iframe style='border: 0; inline-size: 100%'\
     height=420 src='https://pilotlight.example/?embed=1'></iframe>";

pub fn all() -> Vec<State> {
    vec![
        state!("embedded", warm(), |play| { ran(play).await? }),
        state!("embedded-waking", super::phases::asleep(), |play| {
            // What is on the page stays when its server has gone.
            pressed(play).await?;
        }),
        state!("embedded-refused", Stage::new("warm"), |play| { refused(play).await? }),
    ]
}

async fn pressed(play: &Play<'_>) -> Outcome<HostPage> {
    let host_page = HostPage::start(play.scene, "", true, false).await?;
    host_page.open(play.scene, "/").await?;
    let run = "const light = document.querySelector('pilot-light');\
        return light.set({ '2.prompt': arguments[0] }).then(() => light.run()).then(() => true)";
    play.page().js(run, &[json!(play.words.prompt)]).await?;
    let says = "return document.getElementById('state').textContent";
    play.page().until("a word of the run", says, &[]).await?;
    Ok(host_page)
}

/// The host shows the picture as well.
async fn ran(play: &Play<'_>) -> Outcome {
    let _around = pressed(play).await?;
    let picture = play.page().find("img", play.words.prompt).await?.to_json()?;
    let drawn = "return arguments[0].complete && arguments[0].naturalWidth > 0";
    play.page().until("the picture in the host", drawn, &[picture]).await.map(drop)
}

async fn refused(play: &Play<'_>) -> Outcome {
    let host_page = HostPage::start(play.scene, FRAME, false, false).await?;
    host_page.open(play.scene, "/own.html").await?;
    host_page.look_into(play.scene, 0).await?;
    let link = "return pilotlightTest.all('link').length === 1";
    play.page().until("the link of the card", link, &[]).await?;
    play.page().session.leave_frame().await
}
