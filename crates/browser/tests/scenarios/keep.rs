//! Results stay in this browser.

use pilotlight_browser_tests::store::{self, STORED};
use pilotlight_browser_tests::{Outcome, Page, Scene, Stage, Verdict, places};
use serde_json::json;

use crate::common::{
    fill_question, make_first_answer, make_first_picture, press_run, requests, sole_run,
};

#[test]
fn results_are_here_after_a_reload_and_nobody_is_asked() {
    Stage::new("warm").set("run_ms", 300).play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        make_first_picture(page, "a tiger").await?;
        let asked = requests(scene, "").await?;
        scene.reload().await?;
        page.pictures(1).await?;
        let drawn = "const image = pilotlightTest.images().find((img) => img.alt === 'a tiger');\
            return image?.complete && image.naturalWidth > 1";
        page.until("the picture itself", drawn, &[]).await?;
        assert_eq!(requests(scene, "").await?, asked, "somebody was asked");

        // It is as useful as before: another run of its values.
        page.click("button", "Make another").await?;
        page.until_phase(2, "done").await?;
        page.pictures(2).await?;
        Ok(())
    });
}

#[test]
fn an_answer_is_here_after_a_reload_with_its_picture() {
    Stage::new("warm").set("understand_ms", 300).play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        make_first_answer(scene).await?;
        scene.reload().await?;
        page.see("A flame.").await?;
        until_asked_about(page).await?;
        Ok(())
    });
}

#[test]
fn a_picture_that_came_is_not_asked_for_again_after_a_reload() {
    // The second of two pictures cannot be fetched at first.
    let faults = "[\"GET /view 503 skip=1\", \"GET /view 503 skip=2\", \"GET /view 503 skip=3\"]";
    let stage = Stage::new("warm").set("run_ms", 300).set("faults", faults);
    stage.play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        page.fill("Images", "2").await?;
        press_run(page, "a tiger").await?;
        page.until_phase(1, "collecting").await?;
        store::until(page, "files", 1).await?;
        scene.reload().await?;
        page.until_phase(1, "done").await?;
        page.pictures(2).await?;
        sole_run(scene, "success").await?;
        let log = scene.emulator.log().await?;
        let came = log.iter().filter(|one| one.path.ends_with("/view") && one.status == Some(200));
        assert_eq!(came.count(), 2, "each picture came once: {log:?}");
        Ok(())
    });
}

#[test]
fn a_deleted_result_can_be_put_back_and_is_gone_otherwise() {
    Stage::new("warm").set("run_ms", 300).play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        make_first_picture(page, "a tiger").await?;
        page.click("button", "Delete").await?;
        page.see("Deleted").await?;
        page.pictures(0).await?;
        page.until(
            "the focus at the way back",
            "return document.activeElement.innerText === 'Undo'",
            &[],
        )
        .await?;
        page.click("button", "Undo").await?;
        page.pictures(1).await?;
        store::until(page, "files", 1).await?;
        scene.reload().await?;
        page.pictures(1).await?;
        page.click("button", "Delete").await?;
        page.see("Deleted").await?;
        store::until(page, "files", 0).await?;
        scene.reload().await?;
        page.see("Nothing here yet").await?;
        page.pictures(0).await?;
        Ok(())
    });
}

#[test]
fn settings_tell_how_much_is_kept_and_delete_all_of_it() {
    Stage::new("warm").set("run_ms", 300).play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        make_first_picture(page, "a tiger").await?;
        page.click("button", "Settings").await?;
        page.see("1 result, ").await?;
        page.click("button", "Delete all results").await?;
        page.click("button", "Press again to delete all results").await?;
        page.see("0 results, ").await?;
        store::until(page, "files", 0).await?;
        scene.reload().await?;
        page.pictures(0).await?;
        Ok(())
    });
}

#[test]
fn what_the_first_version_kept_is_brought_over() {
    Stage::new("warm").set("understand_ms", 300).play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        make_first_answer(scene).await?;
        store::until(page, "rows", 1).await?;
        // As that version had it: three stores, pictures of forms in the browser's cache storage.
        let back = format!(
            "{STORED} return (async () => {{\
            const all = {{}};\
            for (const name of ['rows', 'runs', 'files', 'pictures']) {{\
                const keys = await stored(name, (store) => store.getAllKeys());\
                const values = await stored(name, (store) => store.getAll());\
                all[name] = keys.map((key, at) => [key, values[at]]);\
            }}\
            const done = (asked) => new Promise((then, fail) => {{\
                asked.onsuccess = () => then(asked.result); asked.onerror = fail; }});\
            await done(indexedDB.deleteDatabase('pilotlight'));\
            const asked = indexedDB.open('pilotlight', 1);\
            asked.onupgradeneeded = () => {{ for (const name of ['rows', 'runs', 'files'])\
                asked.result.createObjectStore(name); }};\
            const former = await done(asked);\
            for (const name of ['rows', 'runs', 'files']) for (const [key, value] of all[name])\
                await done(former.transaction(name, 'readwrite').objectStore(name)\
                .put(value, key));\
            former.close();\
            const cache = await caches.open('pilotlight-pictures');\
            for (const [name, picture] of all.pictures)\
                await cache.put('picture/' + name, new Response(picture));\
            return all.pictures.length; }})()"
        );
        assert_eq!(page.js(&back, &[]).await?, json!(1));
        scene.reload().await?;
        page.see("A flame.").await?;
        page.see("flame-192.png · 192 × 192").await?;
        store::until(page, "pictures", 1).await?;
        let gone = "return caches.has('pilotlight-pictures').then((there) => !there)";
        page.until("the cache to be gone", gone, &[]).await?;
        // The next start needs it no more.
        scene.reload().await?;
        page.see("flame-192.png · 192 × 192").await?;
        until_asked_about(page).await?;
        Ok(())
    });
}

#[test]
fn a_picture_that_was_exchanged_is_let_go_of() {
    Stage::new("warm").play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        fill_question(scene, "What is it?").await?;
        store::until(page, "pictures", 1).await?;
        let first = store::keys(page, "pictures").await?;
        let other = places::root().join("public/icons/flame-512.png");
        page.choose_file("Image", &other).await?;
        store::until(page, "pictures", 2).await?;
        scene.reload().await?;
        page.see("flame-512.png").await?;
        store::until(page, "pictures", 1).await?;
        assert_ne!(store::keys(page, "pictures").await?, first);
        Ok(())
    });
}

/// Waits until the picture that was asked about is drawn beside its answer.
async fn until_asked_about(page: &Page) -> Outcome {
    let drawn = "const [image] = pilotlightTest.images();\
        return image?.complete && image.naturalWidth === 192";
    page.until("the picture that was asked about", drawn, &[]).await.map(drop)
}

/// Waits until the settings say what is kept, one result of some size, and where the server is.
async fn until_settings_tell(scene: &Scene) -> Outcome {
    let page = &scene.page;
    page.click("button", "Settings").await?;
    let kept = "return pilotlightTest.inDialog('paragraph').some((line) =>\
        /^1 result, [1-9]\\d* (B|kB|MB)( |$)/.test(pilotlightTest.squeeze(line.innerText)))";
    page.until("the size of one result", kept, &[]).await?;
    let server = format!("{}/openai", scene.address.trim_end_matches('/'));
    let address = "return pilotlightTest.inDialog('definition')\
        .some((one) => one.innerText === arguments[0])";
    page.until(&format!("the address {server}"), address, &[json!(server)]).await?;
    page.press("Escape").await?;
    page.until_none("dialog").await
}

#[test]
fn settings_tell_the_size_of_a_picture_and_the_whole_address() {
    Stage::new("warm").set("run_ms", 300).play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        make_first_picture(page, "a tiger").await?;
        until_settings_tell(scene).await?;
        scene.reload().await?;
        page.pictures(1).await?;
        until_settings_tell(scene).await?;
        Ok(())
    });
}

#[test]
fn settings_tell_the_size_of_an_answer() {
    Stage::new("warm").set("understand_ms", 300).play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        make_first_answer(scene).await?;
        page.until_phase(1, "done").await?;
        until_settings_tell(scene).await?;
        scene.reload().await?;
        page.see("A flame.").await?;
        until_settings_tell(scene).await?;
        Ok(())
    });
}
