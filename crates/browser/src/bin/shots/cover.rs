//! The pictures of the READMEs: the page on a desk in daylight, in the language of the README, and
//! on a phone in the dark, in the other.
//!
//! Invariant: both are the page itself, after real runs; only the ground they lie on is made here.

use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use pilotlight_browser_tests::states::Play;
use pilotlight_browser_tests::states::phases::warm;
use pilotlight_browser_tests::states::words::{self, Words};
use pilotlight_browser_tests::{Outcome, Trouble};
use serde_json::json;

use crate::camera::{self, Camera, SIZES};

pub const NAME: &str = "cover";
const BYTES_MAX: usize = 400_000;
/// Height of the phone's screen; less than a real one, to stand beside the desk.
const PHONE_HEIGHT: u32 = 760;

/// Seed, how many pictures, prompt, in the order they are run.
type Runs = [(&'static str, &'static str, &'static str); 3];

const DESK: Runs = [
    ("7", "1", "a tiger resting in the autumn woods"),
    ("21", "1", "a quiet sea before the storm, blue hour"),
    ("5", "3", "first light over the desert, a caravan of camels"),
];
const PHONE: Runs = [
    ("12", "1", "cherry blossom over a still lake, pink evening sky"),
    ("3", "2", "a night full of stars above the mountains"),
    ("9", "1", "a fox in the morning mist"),
];

/// Puts both on one ground. Arguments: the two pictures.
const COMPOSE: &str = "document.body.innerHTML = `<style>\
    html { background: #e9e2d8; } body { margin: 0; width: 1680px; height: 920px; }\
    img { position: absolute; display: block; }\
    #desk { left: 40px; top: 40px; border-radius: 14px; \
        box-shadow: 0 0 0 1px #1f1b1614, 0 24px 60px #1f1b1626; }\
    #phone { right: 40px; bottom: 40px; border-radius: 34px; border: 8px solid #0d0c0b; \
        box-shadow: 0 28px 70px #1f1b1666; }\
    </style><img id=desk><img id=phone>`;\
    const images = [...document.images];\
    images.forEach((img, at) => { img.src = 'data:image/png;base64,' + arguments[at]; });\
    return Promise.all(images.map((img) => img.decode())).then(() => true)";

/// Makes both, `page.png` and `page-zh.png`.
pub async fn make(folder: &Path) -> Outcome {
    std::fs::create_dir_all(folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    let [english, chinese] = &words::BOTH;
    for (file, here, there) in [("page.png", english, chinese), ("page-zh.png", chinese, english)] {
        let desk = shot(here, &DESK, "light").await?;
        let phone = shot(there, &PHONE, "dark").await?;
        let picture = compose(&desk, &phone).await?;
        if picture.len() > BYTES_MAX {
            return Err(Trouble::new(format!("{file} has {} kB", picture.len() / 1_000)));
        }
        let path = folder.join(file);
        std::fs::write(&path, picture).map_err(|e| format!("{}: {e}", path.display()))?;
    }
    Ok(())
}

async fn shot(words: &'static Words, runs: &Runs, theme: &str) -> Outcome<Vec<u8>> {
    let stage = warm().browser_arg(camera::MOUSE);
    let stage = if words.language == "zh" { stage.chinese() } else { stage };
    let mut scene = stage.build().await?;
    let play = Play::new(&mut scene, words).await?;
    let taken = look(&play, runs, theme).await;
    scene.page.session.close().await;
    taken
}

async fn look(play: &Play<'_>, runs: &Runs, theme: &str) -> Outcome<Vec<u8>> {
    let page = play.page();
    play.open().await?;
    let mut pictures = 0;
    for (number, (seed, count, prompt)) in (1..).zip(runs) {
        page.fill(words_of_seed(play).await?.as_str(), seed).await?;
        page.fill(play.words.pictures_field, count).await?;
        play.press(number, prompt).await?;
        play.phase(number, "done").await?;
        pictures += count.parse::<usize>().unwrap_or(1);
        page.pictures(pictures).await?;
    }
    // Only the last run is left in sight, and nothing has the focus.
    let tidy = "pilotlightTest.cards().slice(1)\
        .forEach((card) => pilotlightTest.all('button', null, card).pop().click());\
        document.activeElement.blur(); scrollTo(0, 0)";
    page.js(tidy, &[]).await?;
    let alone = "return pilotlightTest.cards().length === 1";
    page.until("one run to be left", alone, &[]).await?;
    let camera = Camera::new(page);
    camera.dress(theme).await?;
    page.session.cdp("Emulation.setScrollbarsHidden", json!({"hidden": true})).await?;
    let [desk, phone] = &SIZES;
    if theme == "light" {
        camera.resize(desk, 800, 1.0).await?;
    } else {
        camera.resize(phone, PHONE_HEIGHT, 1.0).await?;
        let results = play.there(".runs").await?;
        let scroll = "arguments[0].style.scrollMarginTop = '0.75rem';\
            arguments[0].scrollIntoView({block: 'start'})";
        page.js(scroll, &[results.to_json()?]).await?;
    }
    camera.settle().await?;
    page.session.screenshot().await
}

/// What the field for the seed is called.
async fn words_of_seed(play: &Play<'_>) -> Outcome<String> {
    let input = play.there("[data-widget=seed] input").await?;
    play.page().session.label(&input).await
}

async fn compose(desk: &[u8], phone: &[u8]) -> Outcome<Vec<u8>> {
    let scene = warm().size(1680, 920).build().await?;
    let mut page = scene.page;
    let args = [json!(STANDARD.encode(desk)), json!(STANDARD.encode(phone))];
    let composed = async {
        page.session.go("about:blank").await?;
        page.js(COMPOSE, &args).await?;
        page.session.screenshot().await
    };
    let composed = composed.await;
    page.session.close().await;
    composed
}
