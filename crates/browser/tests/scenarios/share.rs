//! A link that carries a form and what is filled in.

use pilotlight_browser_tests::{Outcome, Page, Scene, Stage, Verdict};
use serde_json::json;

use crate::common::{allow_clipboard, clipboard, package};

/// A form that only its file tells of.
fn lamp() -> Vec<u8> {
    let mut package = package();
    package["id"] = json!("lamp");
    package["title"] = json!("Lamps");
    package["prompt"]["4"]["inputs"]["filename_prefix"] = json!("lamp");
    package.to_string().into_bytes()
}

async fn copied(scene: &Scene) -> Outcome<String> {
    allow_clipboard(scene).await?;
    scene.page.click("button", "Copy link").await?;
    clipboard(&scene.page, "#share=").await
}

/// As another person has the page: nothing is stored.
async fn elsewhere(page: &Page, link: &str) -> Outcome {
    page.js("localStorage.clear()", &[]).await?;
    page.session.go("about:blank").await?;
    page.session.go(link).await?;
    page.ready().await
}

async fn notice(page: &Page) -> Outcome<String> {
    let body = "return pilotlightTest.all('alert')[0]?.innerText";
    let said = page.until("a notice", body, &[]).await?;
    Ok(said.as_str().unwrap_or_default().to_owned())
}

#[test]
fn a_link_fills_the_form_in_for_somebody_else_and_asks_no_server() {
    Stage::new("cold").play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        page.fill("Prompt", "一只老虎 & \"a\" #tiger").await?;
        page.fill("Seed", "42").await?;
        let link = copied(scene).await?;
        page.see("Link copied").await?;
        assert!(link.starts_with(&format!("{}/#share=1.", scene.address)), "{link}");
        assert!(link.len() < 500, "{} letters: {link}", link.len());
        elsewhere(page, &link).await?;
        page.see("Filled in from the link").await?;
        page.until_value("Prompt", "一只老虎 & \"a\" #tiger").await?;
        page.until_value("Seed", "42").await?;
        // It is followed once: a reload keeps what is typed since.
        page.fill("Prompt", "mine").await?;
        scene.reload().await?;
        page.until_value("Prompt", "mine").await?;
        // The browser sent it nowhere, and nothing was asked.
        assert_eq!(scene.emulator.log().await?.len(), 0);
        Ok(())
    });
}

#[test]
fn an_opened_form_is_in_its_link_as_a_whole() {
    Stage::new("cold").beside("lamp.json", &lamp()).play(async |scene| -> Verdict {
        scene.open_at("?workflow=lamp.json").await?;
        let page = &scene.page;
        page.find("tab", "Lamps").await?;
        page.fill("Prompt", "a green lamp").await?;
        let link = copied(scene).await?;
        assert!(link.len() < 6_000, "{} letters", link.len());
        elsewhere(page, &link).await?;
        page.find("tab", "Lamps").await?;
        page.until_value("Prompt", "a green lamp").await?;
        // It is kept as one that was opened by hand.
        page.session.go(&scene.address).await?;
        page.ready().await?;
        page.find("tab", "Lamps").await?;
        Ok(())
    });
}

#[test]
fn what_had_been_typed_is_kept_as_a_preset() {
    Stage::new("cold").play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        page.fill("Prompt", "theirs").await?;
        let link = copied(scene).await?;
        page.fill("Prompt", "mine").await?;
        // Into the address of the page that is open.
        page.js("location.hash = new URL(arguments[0]).hash", &[json!(link)]).await?;
        page.see("What you had entered is under “Presets”: Before the link").await?;
        page.until_value("Prompt", "theirs").await?;
        page.unfold("Advanced").await?;
        page.click("button", "Presets").await?;
        page.see("Before the link ").await?;
        let preset = "return pilotlightTest.all('button')\
            .find((one) => one.innerText.startsWith('Before the link'))?.click() ?? true";
        page.js(preset, &[]).await?;
        page.until_value("Prompt", "mine").await?;
        Ok(())
    });
}

#[test]
fn a_link_that_cannot_be_read_changes_nothing() {
    Stage::new("cold").play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        page.fill("Prompt", "mine").await?;
        let link = copied(scene).await?;
        let cut = &link[link.find('#').map_or(0, |at| at + 1)..link.len() - 9];
        for (fragment, expected) in [
            ("share=2.AAAA", "newer version of this page"),
            (cut, "incomplete or was changed"),
            ("share=1.PGI-eDwvYj4", "incomplete or was changed"),
        ] {
            page.session.go("about:blank").await?;
            page.session.go(&format!("{}/#{fragment}", scene.address)).await?;
            page.ready().await?;
            let said = notice(page).await?;
            assert!(said.contains(expected), "{fragment}: {said}");
            page.until_value("Prompt", "mine").await?;
        }
        // An anchor of somebody else's is none of ours.
        page.session.go("about:blank").await?;
        page.session.go(&format!("{}/#top", scene.address)).await?;
        page.ready().await?;
        page.find("button", "Run").await?;
        assert_eq!(page.count("alert", "").await?, 0);
        Ok(())
    });
}

#[test]
fn a_picture_stays_here_and_without_a_clipboard_the_link_is_in_the_address() {
    Stage::new("cold").chinese().play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        page.click("tab", "图片理解").await?;
        page.choose_file("图片", &scene.picture()).await?;
        page.fill("问题", "这是什么？").await?;
        allow_clipboard(scene).await?;
        page.click("button", "复制链接").await?;
        page.see("链接已复制（不含图片）").await?;
        page.js("Object.defineProperty(navigator, 'clipboard', {value: undefined})", &[]).await?;
        page.click("button", "复制链接").await?;
        page.see("链接已放在地址栏中").await?;
        let link = page.js("return location.href", &[]).await?;
        let link = link.as_str().unwrap_or_default().to_owned();
        elsewhere(page, &link).await?;
        page.until_value("问题", "这是什么？").await?;
        let shown = page.js("return pilotlightTest.given().length", &[]).await?;
        assert_eq!(shown, 0);
        Ok(())
    });
}
