//! The page without a network.

use std::time::Duration;

use pilotlight_browser_tests::{HostPage, Outcome, Page, Stage, Verdict};
use serde_json::json;

use crate::common::{press_run, requests};

/// Waits until the worker has every file and looks after the page.
pub async fn until_kept(page: &Page) -> Outcome {
    let kept = "return navigator.serviceWorker.controller?.state === 'activated'";
    page.until("the worker", kept, &[]).await.map(drop)
}

/// The addresses in the browser's caches.
pub async fn kept(page: &Page) -> Outcome<Vec<String>> {
    let body = "return (async () => { const all = [];\
        for (const name of await caches.keys()) for (const one of await (await caches.open(name)).keys())\
            all.push(name + ' ' + new URL(one.url).pathname);\
        return all; })()";
    page.texts(body, &[]).await
}

#[test]
fn the_page_and_its_results_open_without_a_network() {
    Stage::new("warm").play(async |scene| -> Verdict {
        scene.page.be_patient(Duration::from_secs(20));
        scene.open().await?;
        press_run(&scene.page, "a tiger").await?;
        scene.page.until_phase(1, "done").await?;
        until_kept(&scene.page).await?;
        // Once more, so that what stands beside the page went through the worker.
        scene.reload().await?;
        let files = kept(&scene.page).await?;
        assert!(files.iter().any(|file| file.ends_with("/config.json")), "{files:?}");
        assert!(files.iter().any(|file| file.ends_with("_second_bundle.wasm")), "{files:?}");
        assert!(!files.iter().any(|file| file.contains("/api/")), "of the API: {files:?}");
        scene.server.stop();
        let page = &scene.page;
        scene.reload().await?;
        assert_eq!(page.pictures(1).await?, ["a tiger"]);
        page.click("button", "All results · 1").await?;
        page.find("dialog", "Gallery").await?;
        page.press("Escape").await?;
        page.find("tab", "Image to text").await?;
        page.click("button", "Settings").await?;
        page.see("1 result, ").await?;
        page.click("button", "Close").await?;
        // A run says what it waits for, and is there again after another look.
        press_run(page, "another tiger").await?;
        page.see("Nothing is sent twice").await?;
        scene.reload().await?;
        page.find("button", "Cancel").await?;
        assert_eq!(page.pictures(1).await?, ["a tiger"]);
        Ok(())
    });
}

#[test]
fn a_newer_version_is_there_as_a_whole_with_the_next_look() {
    Stage::new("warm").beside("mark.txt", b"").play(async |scene| -> Verdict {
        scene.page.be_patient(Duration::from_secs(20));
        scene.open().await?;
        let page = &scene.page;
        until_kept(page).await?;
        let module = "return document.querySelector('meta[name=pilotlight-module]').content";
        let former = page.js(module, &[]).await?.as_str().unwrap_or_default().to_owned();
        let name = former.trim_start_matches("./").trim_end_matches(".js").to_owned();
        // Another version takes its place, under other names: the former files are gone.
        scene.rename_version(&name, "pilotlight-00000000000000aa")?;
        // What the open page had not fetched yet it gets all the same, and of its own version.
        page.unfold("Advanced").await?;
        page.click("button", "Edit form").await?;
        page.find("button", "Save as a file").await?;
        page.click("button", "Close").await?;
        // The worker looks for a newer version when the page is opened.
        scene.reload().await?;
        let newest = "return caches.keys().then((all) => all.filter((one) =>\
            one.startsWith('pilotlight page')).length === 1)";
        let of_new = "return caches.match(new URL('pilotlight-00000000000000aa.js', location.href))\
            .then((found) => !!found)";
        page.until("the newer version", of_new, &[]).await?;
        let at_work = "return navigator.serviceWorker.getRegistration()\
            .then((all) => !all.installing && !all.waiting && all.active.state === 'activated')";
        page.until("its worker at work", at_work, &[]).await?;
        scene.reload().await?;
        assert_eq!(page.js(module, &[]).await?, json!("./pilotlight-00000000000000aa.js"));
        page.until("the former version to be gone", newest, &[]).await?;
        press_run(page, "a tiger").await?;
        page.until_phase(1, "done").await?;
        assert!(requests(scene, "").await? > 0);
        Ok(())
    });
}

#[test]
fn in_a_frame_of_another_site_there_is_no_worker() {
    let own =
        "<!doctype html><iframe src='https://pilotlight.example/' width=900 height=700></iframe>";
    Stage::new("warm").play(async |scene| -> Verdict {
        scene.page.be_patient(Duration::from_secs(20));
        let host_page = HostPage::start(scene, own, true, true).await?;
        let page = &scene.page;
        host_page.open(scene, "/own.html").await?;
        host_page.enter(scene, 0).await?;
        let later = "return new Promise((then) => setTimeout(() => then(true), 6000))";
        page.js(later, &[]).await?;
        let none = "return navigator.serviceWorker.getRegistrations().then((all) => all.length)";
        assert_eq!(page.js(none, &[]).await?, json!(0));
        Ok(())
    });
}
