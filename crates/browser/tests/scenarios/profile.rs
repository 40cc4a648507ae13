//! What earlier versions of the page stored is found by this one.

use pilotlight_browser_tests::store;
use pilotlight_browser_tests::{Outcome, Page, Scene, Stage, Verdict, ensure};
use serde_json::{Value, json};

use crate::common::{requests, tabs};

/// Writes a profile into the stores of this origin. `arguments[0]`: a file of `fixtures/profiles`.
const WRITE: &str = "const { local, database } = arguments[0];\
    for (const [key, value] of Object.entries(local)) localStorage.setItem(key, value);\
    const bytes = (text) => Uint8Array.from(atob(text), (one) => one.charCodeAt(0));\
    const made = ({ blob, type, value }) => blob ? new Blob([bytes(blob)], { type }) : value;\
    const open = indexedDB.open(database.name, database.version);\
    return new Promise((then, fail) => {\
        open.onerror = fail;\
        open.onupgradeneeded = () => Object.keys(database.stores)\
            .forEach((name) => open.result.createObjectStore(name));\
        open.onsuccess = () => {\
            const names = Object.keys(database.stores);\
            const writing = open.result.transaction(names, 'readwrite');\
            for (const name of names) {\
                for (const [key, value] of database.stores[name]) {\
                    writing.objectStore(name).put(made(value), key);\
                }\
            }\
            writing.oncomplete = () => { open.result.close(); then(true); };\
            writing.onabort = fail;\
        };\
    });";

/// Opens the page in a browser that has this profile.
async fn open_with(scene: &Scene, profile: &Value) -> Outcome {
    // A document of the origin that is not the page.
    scene.page.session.go(&format!("{}/config.json", scene.address)).await?;
    scene.page.js(WRITE, std::slice::from_ref(profile)).await?;
    scene.open().await
}

async fn text_of(page: &Page, number: u32) -> Outcome<String> {
    let card = page.run(number).await?;
    let text = page.js("return arguments[0].innerText", &[card.to_json()?]).await?;
    Ok(text.as_str().unwrap_or_default().to_owned())
}

#[test]
fn a_profile_of_november_2026_is_found_whole() {
    let profile = pilotlight_fixtures::value("profiles/2026-11.json");
    Stage::new("warm").set("run_ms", 300).play(async |scene| -> Verdict {
        open_with(scene, &profile).await?;
        let page = &scene.page;

        // What was typed, opened and set.
        assert_eq!(page.value("Prompt").await?, "typed and not yet sent");
        assert_eq!(tabs(page).await?, 3);
        page.find("tab", "pasted text").await?;
        let theme = page.js("return document.documentElement.dataset.theme", &[]).await?;
        assert_eq!(theme, "dark");
        page.click("button", "Settings").await?;
        assert_eq!(page.value("GPU minutes per day").await?, "600");
        let sound = page.find("checkbox", "Play a sound").await?;
        assert!(sound.is_selected().await?);
        page.see("3 results, ").await?;
        page.click("button", "Close").await?;
        page.unfold("Advanced").await?;
        page.click("button", "Presets").await?;
        page.see("Tigers").await?;
        page.press("Escape").await?;

        // Results, with their stars and pins.
        let foxes = "return pilotlightTest.images()\
            .filter((one) => one.alt === 'a red fox in the snow').length === 2";
        page.until("both pictures", foxes, &[]).await?;
        page.see("This is a pretend answer").await?;
        let pinned = format!(
            "{} return stored('rows', (store) => store.getAll())\
             .then((all) => all.map((row) => JSON.parse(row).is_pinned).join())",
            store::STORED
        );
        assert_eq!(page.js(&pinned, &[]).await?, "false,true,false");

        // Runs: one lost, two that were at the server a day ago, three that wait in the order
        // that they were moved to.
        page.until_phase(3, "failed").await?;
        for number in [4, 5] {
            page.until_phase(number, "failed").await?;
            let text = text_of(page, number).await?;
            ensure(text.contains("Check anyway"), || format!("run {number} says {text}"))?;
        }
        for number in [6, 7, 8] {
            page.until_phase(number, "waiting").await?;
        }
        assert_eq!(requests(scene, "").await?, 0, "nothing is asked without a press");

        // Their values and their order are what was requested.
        page.click("button", "Resume").await?;
        for number in [6, 7, 8] {
            page.until_phase(number, "done").await?;
        }
        let log = scene.emulator.log().await?;
        let posted = log.iter().filter(|one| one.path.ends_with("/prompt"));
        assert_eq!(posted.count(), 3);
        for (words, count) in
            [("three hens", 1), ("four hens", 1), ("five hens", 1), ("one hen", 0)]
        {
            let made = "return pilotlightTest.images()\
                .filter((one) => one.alt === arguments[0]).length";
            assert_eq!(page.js(made, &[json!(words)]).await?, json!(count), "{words}");
        }

        // The other form.
        page.click("tab", "Image to text").await?;
        assert_eq!(page.value("Question").await?, "A question that is still being written");
        page.see("red.png").await?;
        Ok(())
    });
}
