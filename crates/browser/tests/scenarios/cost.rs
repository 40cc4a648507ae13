//! What GPU time was used, what it costs, and limits of it.

use std::time::{Duration, Instant};

use pilotlight_browser_tests::{Outcome, Page, Stage, Verdict, page};
use serde_json::{Value, json};

use crate::common::{another_press, choose, press_run, requests, until_taken};

fn config(more: Value) -> String {
    let mut config = json!({"endpoint": "openai", "model": "serverless-comfyui"});
    for (key, value) in more.as_object().into_iter().flatten() {
        config[key] = value.clone();
    }
    config.to_string()
}

async fn open_panel(page: &Page) -> Outcome {
    page.js("document.getElementById('server').click()", &[]).await?;
    page.see("Opening this doesn’t wake it.").await
}

/// A row of the table in the panel: today and this month.
async fn row(page: &Page, name: &str) -> Outcome<[String; 2]> {
    let body = "const row = pilotlightTest.all('row')\
        .find((row) => row.cells[0].innerText === arguments[0]);\
        return row && [...row.cells].slice(1).map((cell) => cell.innerText)";
    let cells = page.until(&format!("the row {name}"), body, &[json!(name)]).await?;
    Ok([0, 1].map(|at| cells[at].as_str().unwrap_or_default().to_owned()))
}

/// What is stored: all pieces of a kind together, in ms.
async fn stored_ms(page: &Page, kind: &str) -> Outcome<u64> {
    let body = "const key = Object.keys(localStorage).find((key) => key.startsWith('pilotlight.used.'));\
        const ledger = key ? JSON.parse(localStorage[key]) : { pieces: [] };\
        return ledger.pieces.filter((piece) => piece[0] === arguments[0])\
            .reduce((sum, piece) => sum + piece[2] - piece[1], 0)";
    Ok(page.js(body, &[json!(kind)]).await?.as_u64().unwrap_or(0))
}

#[test]
fn a_run_says_what_it_cost_and_the_day_adds_up() {
    let config = config(json!({"price_per_gpu_hour": 360}));
    let stage = Stage::new("cold").set("cold_start_ms", 4_000).set("run_ms", 2_000);
    stage.config(config).play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        open_panel(page).await?;
        assert!(!page.text().await?.contains("GPU time used"), "before anything was used");
        press_run(page, "a tiger").await?;
        page.until_phase(1, "done").await?;
        // 4 s of waking, some 2 s of running.
        page.see("cost about ¥0.6").await?;
        open_panel(page).await?;
        assert!(row(page, "Waking").await?.iter().all(|cell| cell == "4 s"));
        let [today, month] = row(page, "Cost").await?;
        assert!(today.starts_with("¥0.6") && today == month, "{today} {month}");
        another_press(page).await?;
        press_run(page, "a fox").await?;
        page.until_phase(2, "done").await?;
        page.see("cost about ¥0.2").await?;
        open_panel(page).await?;
        let [sum, _] = row(page, "Cost").await?;
        assert!(sum.starts_with("¥0.8") || sum.starts_with("¥0.9"), "{sum}");
        page.see("Idle time isn’t included").await?;
        scene.reload().await?;
        open_panel(page).await?;
        assert_eq!(row(page, "Cost").await?[0], sum);
        Ok(())
    });
}

#[test]
fn what_idles_is_counted_to_its_end_even_when_the_page_is_gone() {
    let config = config(json!({"idle_delay_seconds": 3}));
    Stage::new("warm").config(config).play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        press_run(page, "a tiger").await?;
        page.until_phase(1, "done").await?;
        scene.reload().await?;
        open_panel(page).await?;
        assert!(!page.text().await?.contains("Idle time isn’t included"), "it is counted");
        let idles = "const row = pilotlightTest.all('row')\
            .find((row) => row.cells[0].innerText === 'Idle');\
            return row?.cells[1].innerText === '3 s'";
        page.until("three seconds of idling", idles, &[]).await?;
        let together = row(page, "Total").await?;
        assert_eq!(together[0], together[1]);
        Ok(())
    });
}

#[test]
fn a_reload_in_the_middle_of_a_run_loses_no_time() {
    Stage::new("warm").play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        press_run(page, "a tiger [sleep=6]").await?;
        page.until_phase(1, "running").await?;
        tokio::time::sleep(Duration::from_secs(2)).await;
        scene.reload().await?;
        page.until_phase(1, "done").await?;
        let ms = stored_ms(page, "r").await?;
        assert!((5_000..8_500).contains(&ms), "{ms} ms of a run of 6 s");
        Ok(())
    });
}

#[test]
fn two_tabs_do_not_count_a_moment_twice() {
    Stage::new("warm").play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        let began = Instant::now();
        open_panel(page).await?;
        page.click("button", "15 min").await?;
        page.see("Kept awake for another").await?;
        let first = page.session.tab().await?;
        page.session.new_tab().await?;
        page.session.before_each_page(page::SCRIPT).await?;
        scene.open().await?;
        open_panel(page).await?;
        page.click("button", "15 min").await?;
        page.see("Kept awake for another").await?;
        let both = Instant::now();
        tokio::time::sleep(Duration::from_secs(4)).await;
        page.click("button", "Stop").await?;
        page.session.use_tab(&first).await?;
        page.click("button", "Stop").await?;
        let (all, least) = (began.elapsed().as_millis(), both.elapsed().as_millis());
        let ms = u128::from(stored_ms(page, "i").await?);
        assert!(ms <= all && ms + 1_500 >= least, "{ms} ms within {least} to {all}");
        Ok(())
    });
}

#[test]
fn a_run_that_would_pass_the_limit_is_asked_about_first() {
    // 2.4 s; the first run takes more than one, and is not known to.
    let config = config(json!({"limit_per_day": 0.04}));
    Stage::new("warm").set("run_ms", 1_500).config(config).play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        press_run(page, "a tiger").await?;
        page.until_phase(1, "done").await?;
        press_run(page, "a fox").await?;
        page.find("dialog", "This goes over your limit").await?;
        page.see("Used today: 2 s of 2 s.").await?;
        page.see("This adds about 2 s.").await?;
        let asked = requests(scene, "").await?;
        page.click("button", "Not now").await?;
        assert_eq!(page.value("Prompt").await?, "a fox");
        assert_eq!((page.phase(2).await?, requests(scene, "").await?), (String::new(), asked));
        another_press(page).await?;
        page.click("button", "Run").await?;
        page.find("dialog", "This goes over your limit").await?;
        page.press("Escape").await?;
        another_press(page).await?;
        assert_eq!(page.phase(2).await?, "");
        page.click("button", "Run").await?;
        page.click("button", "Run anyway").await?;
        page.until_phase(2, "done").await?;
        until_taken(scene, 2).await?;
        // By now it is passed, for whatever starts a run.
        page.click("button", "Make another").await?;
        page.find("dialog", "You’re over your limit").await?;
        page.click("button", "Run anyway").await?;
        page.until_phase(3, "done").await?;
        until_taken(scene, 3).await?;
        Ok(())
    });
}

#[test]
fn a_batch_counts_as_a_whole() {
    let config = config(json!({"price_per_gpu_hour": 360, "limit_per_month": 0.5}));
    Stage::new("warm").config(config).play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        press_run(page, "a tiger").await?;
        page.until_phase(1, "done").await?;
        choose(page, "Number of runs", "12").await?;
        press_run(page, "a tiger").await?;
        page.find("dialog", "This goes over your limit").await?;
        page.see("of ¥0.50.").await?;
        page.see("This adds about ¥1.").await?;
        page.click("button", "Not now").await?;
        another_press(page).await?;
        choose(page, "Number of runs", "1").await?;
        page.click("button", "Run").await?;
        page.until_phase(2, "done").await?;
        Ok(())
    });
}

#[test]
fn a_limit_is_set_and_taken_away_in_the_settings() {
    Stage::new("warm").play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        page.click("button", "Settings").await?;
        page.fill("GPU minutes per day", "much").await?;
        page.press("Tab").await?;
        page.see("Enter a number above 0.").await?;
        page.fill("GPU minutes per day", "0.01").await?;
        page.press("Tab").await?;
        page.press("Escape").await?;
        press_run(page, "a tiger").await?;
        page.until_phase(1, "done").await?;
        scene.reload().await?;
        press_run(page, "a fox").await?;
        page.find("dialog", "You’re over your limit").await?;
        page.click("button", "Not now").await?;
        page.click("button", "Settings").await?;
        assert_eq!(page.value("GPU minutes per day").await?, "0.01");
        page.fill("GPU minutes per day", "").await?;
        page.press("Tab").await?;
        page.press("Escape").await?;
        another_press(page).await?;
        page.click("button", "Run").await?;
        page.until_phase(2, "done").await?;
        Ok(())
    });
}

#[test]
fn a_limit_that_is_no_number_is_named() {
    Stage::new("warm").config(config(json!({"limit_per_day": "5"}))).play(
        async |scene| -> Verdict {
            scene.open().await?;
            scene.page.see("limit_per_day must be a number above 0; its default is used.").await?;
            Ok(())
        },
    );
}
