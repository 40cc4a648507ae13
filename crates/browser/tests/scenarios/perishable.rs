//! Results and pictures in a browser whose blobs perish with their record in the database, as
//! WebKit's do: what was deleted comes back with its bytes.

use pilotlight_browser_tests::store::STORED;
use pilotlight_browser_tests::{
    Outcome, Page, Scene, Stage, Verdict, WindowHandle, ensure, kept, page, places, store,
};
use serde_json::{Value, json};

use crate::common::{fill_question, make_first_picture, until_kept_as};
use crate::gallery::{enter, named, tile};

/// The rules of such a browser; see the file.
const RULES: &str = include_str!("perishable.js");

/// Opens the page in a tab where these rules hold.
async fn prepare(scene: &Scene) -> Outcome {
    scene.page.session.before_each_page(RULES).await
}

/// The same in another tab, which is then in use.
async fn open_another_tab(scene: &Scene) -> Outcome<WindowHandle> {
    let tab = scene.page.session.new_tab().await?;
    scene.page.session.before_each_page(page::SCRIPT).await?;
    prepare(scene).await?;
    scene.open().await?;
    Ok(tab)
}

/// So many blobs perished in this tab and none of them was used; otherwise the scenario shows
/// nothing.
async fn until_perished(page: &Page, count: u64) -> Outcome {
    let body = "return perishable.perished >= arguments[0]";
    page.until(&format!("{count} blobs to perish"), body, &[json!(count)]).await?;
    let refused = page.js("return perishable.refused", &[]).await?;
    ensure(refused == json!(0), || format!("{refused} uses of blobs that perished"))
}

/// Sums of the pixels of all pictures of the feed, once they are drawn.
async fn drawn(page: &Page, count: usize) -> Outcome<Value> {
    page.pictures(count).await?;
    let sums = "return pilotlightTest.pictures().map((img) => {\
        const canvas = new OffscreenCanvas(64, 64); const context = canvas.getContext('2d');\
        context.drawImage(img, 0, 0, 64, 64);\
        return context.getImageData(0, 0, 64, 64).data.reduce((sum, one) => sum + one, 0) })";
    page.js(sums, &[]).await
}

#[test]
fn a_result_of_the_feed_comes_back_with_its_bytes_each_time() {
    Stage::new("warm").set("run_ms", 300).play(async |scene| -> Verdict {
        prepare(scene).await?;
        scene.open().await?;
        let page = &scene.page;
        make_first_picture(page, "a tiger").await?;
        scene.reload().await?;
        let (seen, disk) = (drawn(page, 1).await?, kept::snapshot(page).await?);
        for _ in 0..4 {
            for _ in 0..2 {
                page.click("button", "Delete").await?;
                page.see("Deleted").await?;
                page.pictures(0).await?;
                page.click("button", "Undo").await?;
                assert_eq!(drawn(page, 1).await?, seen);
                until_kept_as(page, &disk).await?;
            }
            until_perished(page, 1).await?;
            scene.reload().await?;
            assert_eq!(drawn(page, 1).await?, seen);
        }
        Ok(())
    });
}

#[test]
fn results_of_the_gallery_come_back_with_their_bytes_each_time() {
    Stage::new("warm").play(async |scene| -> Verdict {
        prepare(scene).await?;
        kept::open(scene, 12).await?;
        let page = &scene.page;
        let (seen, disk) = (drawn(page, 10).await?, kept::snapshot(page).await?);
        for _ in 0..4 {
            enter(page, "All results · 12").await?;
            page.click("button", "Select").await?;
            for _ in 0..2 {
                for number in [12, 11, 9] {
                    page.click_on(&tile(page, &named(number)).await?).await?;
                }
                page.click("button", "Delete").await?;
                page.click("button", "Press again to delete 3 results").await?;
                page.see("3 deleted").await?;
                page.click("button", "Undo").await?;
                tile(page, &named(12)).await?;
                page.until_tiles_drawn().await?;
                until_kept_as(page, &disk).await?;
            }
            // The same for one that is shown large.
            page.click("button", "Select").await?;
            page.click_on(&tile(page, &named(12)).await?).await?;
            page.see("1 / 12").await?;
            page.click("button", "Delete").await?;
            page.see("1 deleted").await?;
            page.click("button", "Undo").await?;
            page.see("2 / 12").await?;
            page.press("ArrowLeft").await?;
            page.see("1 / 12").await?;
            let large = "const [img] = pilotlightTest.all('img', arguments[0]);\
                return img?.complete && img.naturalWidth === 384";
            page.until("the picture itself", large, &[json!(named(12))]).await?;
            until_kept_as(page, &disk).await?;
            page.press("Escape").await?;
            page.press("Escape").await?;
            page.until_none("dialog").await?;
            assert_eq!(drawn(page, 10).await?, seen);
            until_perished(page, 3).await?;
            scene.reload().await?;
            assert_eq!(drawn(page, 10).await?, seen);
        }
        Ok(())
    });
}

#[test]
fn a_result_that_another_tab_deletes_and_puts_back_is_shown_again() {
    Stage::new("warm").play(async |scene| -> Verdict {
        prepare(scene).await?;
        kept::open(scene, 2).await?;
        let page = &scene.page;
        let (seen, disk) = (drawn(page, 2).await?, kept::snapshot(page).await?);
        let first = page.session.tab().await?;
        let second = open_another_tab(scene).await?;
        for _ in 0..4 {
            let list = page.find("list", "Results").await?;
            page.click_in(&list, "button", "Delete").await?;
            page.see("Deleted").await?;
            page.session.use_tab(&first).await?;
            drawn(page, 1).await?;
            page.session.use_tab(&second).await?;
            page.click("button", "Undo").await?;
            assert_eq!(drawn(page, 2).await?, seen);
            until_kept_as(page, &disk).await?;
            page.session.use_tab(&first).await?;
            assert_eq!(drawn(page, 2).await?, seen);
            until_perished(page, 1).await?;
            page.session.use_tab(&second).await?;
        }
        Ok(())
    });
}

#[test]
fn a_picture_of_a_form_is_sent_although_another_tab_has_deleted_it() {
    Stage::new("warm").set("understand_ms", 300).play(async |scene| -> Verdict {
        prepare(scene).await?;
        scene.open().await?;
        let page = &scene.page;
        fill_question(scene, "What is it? [answer=A flame.]").await?;
        store::until(page, "pictures", 1).await?;
        // From now on its bytes come from the database.
        scene.reload().await?;
        page.see("flame-192.png · 192 × 192").await?;
        let first = page.session.tab().await?;
        let former = store::keys(page, "pictures").await?;
        open_another_tab(scene).await?;
        page.see("flame-192.png · 192 × 192").await?;
        let other = places::root().join("public/icons/flame-512.png");
        page.choose_file("Image", &other).await?;
        store::until(page, "pictures", 2).await?;
        // Nothing that is stored names the former one now.
        scene.reload().await?;
        page.see("flame-512.png").await?;
        store::until(page, "pictures", 1).await?;
        assert_ne!(store::keys(page, "pictures").await?, former);

        page.session.use_tab(&first).await?;
        until_perished(page, 1).await?;
        page.click("button", "Run").await?;
        page.until_phase(1, "done").await?;
        page.see("A flame.").await?;
        until_perished(page, 1).await?;
        let sent = scene.emulator.log().await?;
        let sent = sent.iter().find(|entry| entry.path.ends_with("/upload/image"));
        let length = sent.map(|entry| entry.headers["content-length"].clone());
        let bytes = std::fs::read(scene.picture()).expect("the picture").len() as u64;
        let is_whole = length.as_ref().and_then(|length| length.as_str()?.parse::<u64>().ok());
        ensure(is_whole.is_some_and(|length| length > bytes), || format!("sent: {length:?}"))?;
        Ok(())
    });
}

#[test]
fn a_result_that_became_an_input_is_sent_although_it_was_deleted() {
    Stage::new("warm").set("understand_ms", 300).play(async |scene| -> Verdict {
        prepare(scene).await?;
        kept::open(scene, 1).await?;
        let page = &scene.page;
        drawn(page, 1).await?;
        page.click("button", "Use as input").await?;
        page.see("ComfyUI_00001_.png · 384 × 384").await?;
        page.click("button", "Delete").await?;
        page.see("Deleted").await?;
        until_perished(page, 1).await?;
        page.fill("Question", "What is it? [answer=A fox.]").await?;
        page.click("button", "Run").await?;
        page.see("A fox.").await?;
        until_perished(page, 1).await?;
        // The answer is deleted and put back, and shows its picture all the same.
        page.click("button", "Undo").await?;
        drawn(page, 1).await?;
        Ok(())
    });
}

#[test]
fn files_that_are_too_large_to_copy_go_when_the_offer_to_undo_ends() {
    Stage::new("warm").play(async |scene| -> Verdict {
        prepare(scene).await?;
        kept::open(scene, 2).await?;
        let page = &scene.page;
        // Large by what is said of it: that is what is counted.
        let grow = format!(
            "{STORED} return (async () => {{\
            const rows = await stored('rows', (rows) => rows.getAll());\
            for (const text of rows) {{\
                const row = JSON.parse(text); row.piece.size_bytes = 1e8;\
                await stored('rows', (rows) => rows.put(JSON.stringify(row), row.key));\
            }} return true; }})()"
        );
        page.js(&grow, &[]).await?;
        scene.reload().await?;
        let (seen, disk) = (drawn(page, 2).await?, kept::snapshot(page).await?);
        let delete_both = async || -> Outcome {
            enter(page, "All results · 2").await?;
            page.click("button", "Select").await?;
            for number in [2, 1] {
                page.click_on(&tile(page, &named(number)).await?).await?;
            }
            page.click("button", "Delete").await?;
            page.click("button", "Press again to delete 2 results").await?;
            page.see("2 deleted").await?;
            store::until(page, "rows", 0).await?;
            // The first one was copied.
            store::until(page, "files", 1).await
        };
        delete_both().await?;
        page.click("button", "Undo").await?;
        tile(page, &named(1)).await?;
        until_kept_as(page, &disk).await?;
        page.press("Escape").await?;
        page.press("Escape").await?;
        page.until_none("dialog").await?;
        assert_eq!(drawn(page, 2).await?, seen);
        until_perished(page, 1).await?;
        // The page goes before the offer ends.
        delete_both().await?;
        scene.reload().await?;
        store::until(page, "files", 0).await?;
        Ok(())
    });
}
