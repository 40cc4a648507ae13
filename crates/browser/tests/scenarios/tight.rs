//! A cluster that stops the server 30 s after it last saw a request in flight. Time passes ten
//! times as fast: a run of 90 s takes nine.

use std::time::Duration;

use pilotlight_browser_tests::{Stage, Verdict};

use crate::common::{make_first_picture, press_run, sole_run};

#[test]
fn a_long_run_survives_a_tight_window_with_the_long_poll() {
    Stage::new("tight-wait").speed(10.0).play(async |scene| -> Verdict {
        scene.page.be_patient(Duration::from_secs(30));
        scene.open().await?;
        let page = &scene.page;
        make_first_picture(page, "a tiger").await?;
        sole_run(scene, "success").await?;
        Ok(())
    });
}

#[test]
fn without_the_long_poll_it_is_lost_and_the_cure_is_named() {
    Stage::new("tight").speed(10.0).play(async |scene| -> Verdict {
        scene.page.be_patient(Duration::from_secs(40));
        scene.open().await?;
        let page = &scene.page;
        press_run(page, "a tiger").await?;
        page.until_phase(1, "failed").await?;
        page.see("The GPU shut down during your run").await?;
        page.see("To prevent this, install the Pilotlight extension").await?;
        page.see("set a longer shutdown delay").await?;
        page.find("button", "Run again").await?;
        sole_run(scene, "lost").await?;
        Ok(())
    });
}
