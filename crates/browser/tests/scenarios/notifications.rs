//! A person who looks elsewhere hears that a run is over.

use std::time::Duration;

use pilotlight_browser_tests::{Outcome, Page, Stage, Verdict};
use serde_json::{Value, json};

use crate::common::press_run;

/// Remembers what was notified, and whether a sound was made.
const LISTEN: &str = "window.heard = [];\
    const make = window.Notification;\
    window.Notification = class extends make {\
        constructor(title, how) { super(title, how); window.heard.push(title); }\
        static get permission() { return make.permission; } };\
    const show = ServiceWorkerRegistration.prototype.showNotification;\
    ServiceWorkerRegistration.prototype.showNotification = function (title, how) {\
        window.heard.push(title); return show.call(this, title, how); };\
    const Context = window.AudioContext;\
    window.AudioContext = class extends Context { constructor() { super(); window.heard.push('sound'); } };";

async fn heard(page: &Page) -> Outcome<Value> {
    page.js("return window.heard", &[]).await
}

/// Another tab is in front from now on, as far as the page can tell.
async fn look_elsewhere(page: &Page) -> Outcome {
    let elsewhere = "document.hasFocus = () => false; return true";
    page.js(elsewhere, &[]).await.map(drop)
}

fn cold() -> Stage {
    Stage::new("cold").set("cold_start_ms", 6_000)
}

#[test]
fn who_said_yes_while_the_gpu_woke_is_told_when_the_run_is_done() {
    cold().play(async |scene| -> Verdict {
        scene.page.be_patient(Duration::from_secs(20));
        let page = &scene.page;
        let leave = json!({"origin": scene.address, "permissions": ["notifications"]});
        page.session.cdp("Browser.grantPermissions", leave).await?;
        page.session.before_each_page(LISTEN).await?;
        scene.open().await?;
        press_run(page, "a tiger").await?;
        page.click("button", "Notify me").await?;
        page.until_notices(0).await?;
        look_elsewhere(page).await?;
        page.until_phase(1, "done").await?;
        page.until("a notification", "return window.heard.length > 0", &[]).await?;
        assert_eq!(heard(page).await?, json!(["a tiger: Done"]));
        // It is not offered again, and can be taken back.
        page.click("button", "Settings").await?;
        let on = page.find("checkbox", "Notify me when I’m in another tab").await?;
        assert!(on.is_selected().await?);
        Ok(())
    });
}

#[test]
fn who_declined_is_not_asked_again_and_hears_nothing() {
    cold().set("always_one", false).play(async |scene| -> Verdict {
        scene.page.be_patient(Duration::from_secs(20));
        let page = &scene.page;
        page.session.before_each_page(LISTEN).await?;
        scene.open().await?;
        press_run(page, "a tiger").await?;
        page.click("button", "No, thanks").await?;
        look_elsewhere(page).await?;
        page.until_phase(1, "done").await?;
        page.pictures(1).await?;
        assert_eq!(heard(page).await?, json!([]));
        scene.emulator.kill().await?;
        scene.reload().await?;
        // Long enough since the server was heard of for the page to send a wake request.
        page.js("localStorage.removeItem('pilotlight.server'); return true", &[]).await?;
        scene.reload().await?;
        press_run(page, "another tiger").await?;
        page.until_phase(2, "waking").await?;
        page.until_phase(2, "done").await?;
        assert_eq!(page.notices().await?.len(), 0);
        Ok(())
    });
}

#[test]
fn a_sound_is_made_only_for_who_wants_it() {
    Stage::new("warm").play(async |scene| -> Verdict {
        let page = &scene.page;
        page.session.before_each_page(LISTEN).await?;
        scene.open().await?;
        press_run(page, "a tiger").await?;
        page.until_phase(1, "done").await?;
        assert_eq!(heard(page).await?, json!([]));
        page.click("button", "Settings").await?;
        page.click("checkbox", "Play a sound").await?;
        assert_eq!(heard(page).await?, json!(["sound"]), "how it sounds");
        page.click("button", "Close").await?;
        press_run(page, "another tiger").await?;
        page.until_phase(2, "done").await?;
        page.until("a sound", "return window.heard.length === 2", &[]).await?;
        // After a reload, too.
        scene.reload().await?;
        press_run(page, "a third tiger").await?;
        page.until_phase(3, "done").await?;
        page.until("a sound", "return window.heard.length === 1", &[]).await?;
        Ok(())
    });
}
