//! A browser that keeps nothing, or has no room.

use pilotlight_browser_tests::host::{Host, file};
use pilotlight_browser_tests::page::SCRIPT;
use pilotlight_browser_tests::stage::direct_config;
use pilotlight_browser_tests::store::{self, STORED};
use pilotlight_browser_tests::{Outcome, Scene, Stage, Verdict, places};
use serde_json::json;

use crate::common::{another_press, fill_question, make_first_picture, press_run, sole_run};

#[test]
fn where_storage_is_refused_the_page_says_so_and_works() {
    let key = "profile.default_content_setting_values.cookies";
    Stage::new("warm").preference(key, json!(2)).play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        let refused = "try { localStorage; return false } catch (refused) { return true }";
        assert_eq!(page.js(refused, &[]).await?, json!(true), "this browser stores");
        page.see("Your browser doesn’t store anything for this page").await?;
        make_first_picture(page, "a tiger").await?;
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
        page.see("Storage is too full to remember this run").await?;
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
        // It takes most of the room there is, and nobody's files the rest, to the last bytes.
        let grow = format!(
            "{STORED} return (async () => {{\
            const bytes = (size) => new Blob([new Uint8Array(size)]);\
            const [text] = await stored('rows', (rows) => rows.getAll());\
            const row = JSON.parse(text); row.piece.size_bytes = 5e6;\
            await stored('files', (files) => files.put(bytes(5e6), row.run + ' 0000'));\
            await stored('rows', (rows) => rows.put(JSON.stringify(row), row.key));\
            let size = 500000; let n = 0;\
            while (size >= 200) {{\
                try {{ await filled(bytes(size), 'nobodys ' + n++); }} catch (full) {{ size >>= 1; }}\
            }} }})()"
        );
        page.js(&[FILLED, &grow].concat(), &[]).await?;
        another_press(page).await?;
        press_run(page, "a newer one").await?;
        page.until_phase(2, "done").await?;
        page.see("Storage is full; the oldest result was removed.").await?;
        store::until(page, "rows", 1).await?;
        // What left is not shown either: its bytes are gone.
        assert_eq!(page.pictures(1).await?, ["a newer one"]);
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
        page.see("Your browser doesn’t store results").await?;
        assert_eq!(page.pictures(1).await?, ["a tiger"]);
        sole_run(scene, "success").await?;
        Ok(())
    });
}

/// Puts a file and waits until it is on the disk, or there is no room.
const FILLED: &str = "const filled = (bytes, key) => new Promise((then, fail) => {\
    const open = indexedDB.open('pilotlight'); open.onerror = fail; open.onsuccess = () => {\
        const writing = open.result.transaction('files', 'readwrite');\
        writing.oncomplete = then; writing.onabort = fail;\
        writing.objectStore('files').put(bytes, key); open.result.close(); } });";

/// Gives the page so much room in all. What a browser has looked up lately it believes for a while,
/// so this comes before anything is written.
async fn allow(scene: &Scene, bytes: u64) -> Outcome {
    let args = json!({"origin": scene.address, "quotaSize": bytes});
    scene.page.session.cdp("Storage.overrideQuotaForOrigin", args).await.map(drop)
}

#[test]
fn in_a_sandboxed_frame_everything_works_and_nothing_is_kept() {
    Stage::new("direct").direct().play(async |scene| -> Verdict {
        let dist = places::dist()?;
        let endpoint = scene.emulator.upstream();
        let host = Host::start(move |path| {
            // What is sandboxed is of no origin, so its own files are another site's.
            let head = |kind: &str| {
                format!("HTTP/1.1 200 OK\r\naccess-control-allow-origin: *\r\ncontent-type: {kind}")
            };
            match path {
                "/host.html" => {
                    let frame = "<!doctype html><title>Host</title>\
                        <iframe sandbox='allow-scripts' src='/' width=1000 height=700></iframe>";
                    (head("text/html"), frame.into())
                }
                "/config.json" => {
                    (head("application/json"), direct_config(&endpoint).to_string().into_bytes())
                }
                "/" => file(&dist, "index.html"),
                path => file(&dist, path.trim_start_matches('/')),
            }
        })
        .await?;
        let page = &scene.page;
        page.session.go(&format!("{}/host.html", host.address)).await?;
        let frame = "return document.querySelector('iframe')";
        page.element("the frame", frame, &[]).await?.enter_frame().await?;
        page.ready().await?;
        // A frame of no origin is in a process of its own, which the session did not prepare.
        page.js(SCRIPT, &[]).await?;
        let refused = "try { localStorage; return false } catch (refused) { return true }";
        assert_eq!(page.js(refused, &[]).await?, json!(true), "this frame stores");
        page.see("Your browser doesn’t store anything for this page").await?;
        let press = "const [box] = pilotlightTest.all('textbox', 'Prompt'); box.value = 'a tiger';\
            box.dispatchEvent(new Event('input', { bubbles: true }));\
            pilotlightTest.all('button', 'Run')[0].click(); return true";
        page.js(press, &[]).await?;
        page.until_phase(1, "done").await?;
        assert_eq!(page.pictures(1).await?, ["a tiger"]);
        sole_run(scene, "success").await?;
        // A deleted result comes back from memory.
        page.js("pilotlightTest.all('button', 'Delete')[0].click(); return true", &[]).await?;
        page.pictures(0).await?;
        page.js("pilotlightTest.all('button', 'Undo')[0].click(); return true", &[]).await?;
        page.pictures(1).await?;
        Ok(())
    });
}
