//! A browser that keeps nothing, or has no room.

use pilotlight_browser_tests::store::{self, STORED};
use pilotlight_browser_tests::{Outcome, Scene, Stage, Verdict};
use serde_json::json;

use crate::common::{another_press, fill_question, press_run, sole_run};

#[test]
fn where_storage_is_refused_the_page_says_so_and_works() {
    let key = "profile.default_content_setting_values.cookies";
    Stage::new("warm").preference(key, json!(2)).play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        let refused = "try { localStorage; return false } catch (refused) { return true }";
        assert_eq!(page.js(refused, &[]).await?, json!(true), "this browser stores");
        page.see("The browser keeps nothing for this page").await?;
        press_run(page, "a tiger").await?;
        page.until_phase(1, "done").await?;
        page.pictures(1).await?;
        sole_run(scene, "success").await?;
        page.click("button", "中文").await?;
        page.find("button", "生成").await?;
        page.click("button", "English").await?;
        fill_question(scene, "What is it? [answer=A flame.]").await?;
        page.click("button", "Run").await?;
        page.until_phase(2, "done").await?;
        page.see("A flame.").await?;
        Ok(())
    });
}

#[test]
fn a_full_storage_does_not_stop_a_run() {
    Stage::new("warm").play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        let fill = "let size = 4000000; let n = 0;\
            while (size > 0) { try { localStorage.setItem('other' + n++, 'x'.repeat(size)); }\
            catch (full) { size = size > 1 ? size >> 1 : 0; } } return true";
        page.js(fill, &[]).await?;
        press_run(page, "a tiger").await?;
        page.see("The browser has no room to remember this run").await?;
        page.until_phase(1, "done").await?;
        page.pictures(1).await?;
        sole_run(scene, "success").await?;
        Ok(())
    });
}

#[test]
fn the_oldest_results_leave_when_room_runs_out() {
    Stage::new("warm").play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        allow(scene, 6_000_000).await?;
        press_run(page, "the oldest").await?;
        page.until_phase(1, "done").await?;
        store::until(page, "rows", 1).await?;
        // It takes all the room there is.
        let grow = format!(
            "{STORED} return navigator.storage.estimate().then(({{ usage }}) => {{\
            const size = 6e6 - 1000 - usage;\
            return stored('rows', (rows) => rows.getAll()).then(([text]) => {{\
            const row = JSON.parse(text); row.piece.size_bytes = size;\
            const key = row.run + ' 0000'; const large = new Blob([new Uint8Array(size)]);\
            return stored('files', (files) => files.put(large, key))\
            .then(() => stored('rows', (rows) => rows.put(JSON.stringify(row), row.key))) }}) }})"
        );
        page.js(&grow, &[]).await?;
        another_press(page).await?;
        press_run(page, "a newer one").await?;
        page.until_phase(2, "done").await?;
        page.see("This browser ran out of room: the oldest results (1) left").await?;
        store::until(page, "rows", 1).await?;
        scene.reload().await?;
        assert_eq!(page.pictures(1).await?, ["a newer one"]);
        Ok(())
    });
}

#[test]
fn where_no_room_can_be_made_the_page_says_so_and_shows_the_result() {
    Stage::new("warm").play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        allow(scene, 100).await?;
        press_run(page, "a tiger").await?;
        page.until_phase(1, "done").await?;
        page.see("This browser does not keep results").await?;
        assert_eq!(page.pictures(1).await?, ["a tiger"]);
        sole_run(scene, "success").await?;
        Ok(())
    });
}

/// Gives the page so much room in all. What a browser has looked up lately it believes for a while,
/// so this comes before anything is written.
async fn allow(scene: &Scene, bytes: u64) -> Outcome {
    let args = json!({"origin": scene.address, "quotaSize": bytes});
    scene.page.session.cdp("Storage.overrideQuotaForOrigin", args).await.map(drop)
}
