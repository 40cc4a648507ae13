//! All results that a browser keeps.

use pilotlight_browser_tests::{
    Outcome, Page, Stage, Verdict, WebElement, ensure, kept, places, store,
};
use serde_json::json;

use crate::common::{choose, make_first_picture, requests};

/// For all results that are in view: each has nine or ten.
const MOST_ELEMENTS: u64 = 280;
const MANY: usize = 2_000;

pub async fn enter(page: &Page, button: &str) -> Outcome {
    page.click("button", button).await?;
    page.until_tiles_drawn().await
}

/// The result of this name, wherever it has to be scrolled to be seen.
pub async fn tile(page: &Page, name: &str) -> Outcome<WebElement> {
    page.find("option", name).await
}

pub fn named(number: usize) -> String {
    let animals = ["tiger", "fox", "owl", "whale", "crane", "panda", "lynx", "heron"];
    format!("a {} in the rain, number {number}", animals[number % 8])
}

/// The words that say how many there are.
async fn until_listed(page: &Page, words: &str) -> Outcome {
    let body = "return pilotlightTest.all('status').some((one) => one.innerText === arguments[0])";
    page.until(&format!("“{words}” listed"), body, &[json!(words)]).await.map(drop)
}

async fn nodes(page: &Page) -> Outcome<u64> {
    let count = "return pilotlightTest.all('listbox')[0].getElementsByTagName('*').length";
    Ok(page.js(count, &[]).await?.as_u64().unwrap_or(0))
}

#[test]
fn thousands_of_results_are_there_at_once_and_few_elements_are_made() {
    Stage::new("warm").play(async |scene| -> Verdict {
        kept::open(scene, MANY).await?;
        let page = &scene.page;
        let asked = requests(scene, "").await?;
        enter(page, "All results · 2,000").await?;
        until_listed(page, "2,000 results").await?;
        let second = tile(page, &named(MANY - 1)).await?;
        let place = "return [arguments[0].ariaPosInSet, arguments[0].ariaSetSize].join(' of ')";
        assert_eq!(page.js(place, &[second.to_json()?]).await?, json!("2 of 2000"));
        assert!(nodes(page).await? <= MOST_ELEMENTS, "{} elements", nodes(page).await?);

        let scroll = "pilotlightTest.all('listbox')[0].scrollTop = arguments[0]";
        for top in [5_000, 20_000, 60_000, 10_000_000] {
            page.js(scroll, &[json!(top)]).await?;
            page.until_tiles_drawn().await?;
            assert!(nodes(page).await? <= MOST_ELEMENTS, "{} elements", nodes(page).await?);
        }
        tile(page, &named(1)).await?;
        assert_eq!(requests(scene, "").await?, asked, "somebody was asked");
        // As it goes over the wire; once the page is kept for when there is no network it does not.
        let bytes = packed("_gallery.wasm.br")?;
        println!("the module of the gallery: {bytes} bytes");
        ensure(bytes <= MODULE_BUDGET_BYTES, || format!("{bytes} bytes of the gallery's module"))?;
        Ok(())
    });
}

/// Packed.
const MODULE_BUDGET_BYTES: u64 = 90_000;

#[test]
fn results_are_found_by_workflow_words_and_star() {
    Stage::new("warm").play(async |scene| -> Verdict {
        kept::open(scene, 300).await?;
        let page = &scene.page;
        enter(page, "All results · 300").await?;
        until_listed(page, "300 results").await?;
        choose(page, "Workflow", "Retired workflow").await?;
        until_listed(page, "60 results").await?;
        choose(page, "Workflow", "All workflows").await?;
        let search = page.find("searchbox", "Search").await?;
        page.click_on(&search).await?;
        page.session.cdp("Input.insertText", json!({"text": "WHALE 299"})).await?;
        until_listed(page, "1 result").await?;
        page.press("Control+a").await?;
        page.session.cdp("Input.insertText", json!({"text": "动物 answer"})).await?;
        until_listed(page, "30 results").await?;
        page.press("Control+a").await?;
        page.session.cdp("Input.insertText", json!({"text": "dragon"})).await?;
        page.see("No matches").await?;
        page.click("button", "Show all").await?;
        page.click("button", "Starred").await?;
        until_listed(page, "3 results").await?;
        Ok(())
    });
}

#[test]
fn stars_pins_and_deletions_stay_and_are_told_to_the_feed_and_to_other_tabs() {
    Stage::new("warm").play(async |scene| -> Verdict {
        kept::open(scene, 40).await?;
        let page = &scene.page;
        let other = page.session.tab().await?;
        page.session.new_tab().await?;
        page.session.before_each_page(pilotlight_browser_tests::page::SCRIPT).await?;
        scene.open().await?;
        enter(page, "All results · 40").await?;
        page.click("button", "Select").await?;
        for number in [40, 39] {
            page.click_on(&tile(page, &named(number)).await?).await?;
        }
        page.see("2 selected").await?;
        page.click("button", "Star").await?;
        page.click("button", "Pin").await?;
        tile(page, &format!("{} · Starred · Pinned", named(40))).await?;
        page.click("button", "Delete").await?;
        page.click("button", "Press again to delete 2 results").await?;
        page.see("2 deleted").await?;
        until_listed(page, "38 results").await?;
        store::until(page, "rows", 38).await?;

        // The other tab has heard of it, gallery or not.
        let own = page.session.tab().await?;
        page.session.use_tab(&other).await?;
        page.find("button", "All results · 38").await?;
        let feed = "const images = pilotlightTest.images();\
            return images.length && images.every((img) => !img.alt.endsWith('number 40'))";
        page.until("a feed without it", feed, &[]).await?;
        page.session.use_tab(&own).await?;
        page.click("button", "Undo").await?;
        until_listed(page, "40 results").await?;
        page.press("Escape").await?;
        page.until_none("dialog").await?;
        let starred = "return pilotlightTest.results().flatMap(pilotlightTest.marks).length";
        page.until("the marks in the feed", starred, &[]).await?;
        scene.reload().await?;
        enter(page, "All results · 40").await?;
        tile(page, &format!("{} · Starred · Pinned", named(39))).await?;
        Ok(())
    });
}

#[test]
fn a_result_is_shown_large_with_what_it_was_made_from() {
    Stage::new("warm").play(async |scene| -> Verdict {
        kept::open(scene, 60).await?;
        let page = &scene.page;
        let asked = requests(scene, "").await?;
        enter(page, "All results · 60").await?;
        page.click_on(&tile(page, &named(60)).await?).await?;
        page.see("1 / 60").await?;
        page.see("384 × 384").await?;
        page.click("button", "Details").await?;
        for words in ["Retired workflow", "Seed 1060", "1 min 12 s", "0.33.0"] {
            page.see(words).await?;
        }
        page.click("button", "Star").await?;
        page.find("button", "Remove star").await?;
        for _ in 0..7 {
            page.press("ArrowRight").await?;
        }
        page.see("8 / 60").await?;
        page.see("An answer about number 53.").await?;
        page.see("Guidance 5").await?;
        page.click("button", "Delete").await?;
        page.see("1 deleted").await?;
        page.see("8 / 59").await?;
        page.click("button", "Undo").await?;
        page.see("9 / 60").await?;
        assert_eq!(requests(scene, "").await?, asked, "somebody was asked");
        page.press("Escape").await?;
        page.find("option", &format!("{} · Starred", named(60))).await?;
        // Another of it, from here.
        page.click_on(&tile(page, &named(59)).await?).await?;
        page.click("button", "Make another").await?;
        page.until_phase(1, "done").await?;
        let prompt = "return pilotlightTest.card(1).innerText";
        let card = page.js(prompt, &[]).await?.to_string();
        assert!(card.contains("whale"), "{card}");
        Ok(())
    });
}

#[test]
fn two_pictures_are_compared() {
    Stage::new("warm").play(async |scene| -> Verdict {
        kept::open(scene, 20).await?;
        let page = &scene.page;
        enter(page, "All results · 20").await?;
        page.click("button", "Select").await?;
        for number in [20, 19] {
            page.click_on(&tile(page, &named(number)).await?).await?;
        }
        page.click("button", "Compare").await?;
        page.find("dialog", "Compare two images").await?;
        for words in
            ["Janus Image Generation · cfg_weight 5 6", "Janus Image Generation · seed 1020 1019"]
        {
            page.see(words).await?;
        }
        let slider = page.find("slider", "Divider").await?;
        let grip = "const [line] = pilotlightTest.parts('.compare-line');\
            const grip = getComputedStyle(line, '::after');\
            return pilotlightTest.shown(line) && grip.display !== 'none'\
                && parseFloat(grip.inlineSize) >= 24 && grip.content";
        assert_eq!(page.until("the grip", grip, &[]).await?, json!("\"‹ ›\""));
        page.js("arguments[0].focus()", &[slider.to_json()?]).await?;
        for _ in 0..5 {
            page.press("ArrowRight").await?;
        }
        let at = "return getComputedStyle(arguments[0].parentElement)\
            .getPropertyValue('--at') === '55%'";
        page.until("the line further on", at, &[slider.to_json()?]).await?;
        page.click("button", "Side by side").await?;
        let apart = "const [one, other] = pilotlightTest.all('img')\
            .map((img) => img.getBoundingClientRect()); return one.right <= other.left";
        page.until("one beside the other", apart, &[]).await?;
        page.press("Escape").await?;
        page.see("2 selected").await?;
        Ok(())
    });
}

#[test]
fn the_gallery_is_gone_through_by_keys_alone() {
    Stage::new("warm").play(async |scene| -> Verdict {
        kept::open(scene, 500).await?;
        let page = &scene.page;
        let button = page.find("button", "All results · 500").await?;
        page.js("arguments[0].focus()", &[button.to_json()?]).await?;
        page.press("Enter").await?;
        until_listed(page, "500 results").await?;
        assert_eq!(page.focused().await?, "listbox Gallery");
        let active = "const list = pilotlightTest.all('listbox')[0];\
            const tile = document.getElementById(list.getAttribute('aria-activedescendant'));\
            if (!tile) return '';\
            const [box, view] = [tile, list].map((one) => one.getBoundingClientRect());\
            const seen = box.top >= view.top - 1 && box.bottom <= view.bottom + 1;\
            return seen && tile.ariaPosInSet === arguments[0]";
        let at = async |keys: &[&str], place: &str| -> Outcome {
            for key in keys {
                page.press(key).await?;
            }
            page.until(&format!("place {place}"), active, &[json!(place)]).await.map(drop)
        };
        at(&["ArrowRight", "ArrowRight"], "3").await?;
        at(&["ArrowLeft"], "2").await?;
        at(&["End"], "500").await?;
        at(&["Home"], "1").await?;
        at(&["PageDown", "PageUp", "ArrowRight"], "2").await?;
        page.press("Space").await?;
        page.see("1 selected").await?;
        page.press("Escape").await?;
        page.press("Enter").await?;
        page.see("2 / 500").await?;
        page.press("Escape").await?;
        page.until("the focus back", "return document.activeElement.id === 'gallery-list'", &[])
            .await?;
        page.press("Escape").await?;
        page.until_none("dialog").await?;
        assert_eq!(page.focused().await?, "button All results · 500");
        Ok(())
    });
}

#[test]
fn the_gallery_fits_a_phone_in_chinese() {
    Stage::new("warm").chinese().size(390, 800).play(async |scene| -> Verdict {
        kept::open(scene, 120).await?;
        let page = &scene.page;
        enter(page, "全部结果 · 120").await?;
        until_listed(page, "120 项结果").await?;
        page.find("dialog", "图库").await?;
        page.click("button", "选择").await?;
        for number in [120, 119] {
            page.click_on(&tile(page, &named(number)).await?).await?;
        }
        page.see("已选 2 项").await?;
        let fits = "const [dialog] = pilotlightTest.all('dialog');\
            const out = pilotlightTest.controls(dialog).filter((one) => {\
                const at = one.getBoundingClientRect();\
                return at.left < 0 || at.right > 390 || at.bottom > 800; });\
            return dialog.scrollWidth <= 390 && out.length === 0";
        page.until("a gallery that fits", fits, &[]).await?;
        assert!(nodes(page).await? <= MOST_ELEMENTS, "{} elements", nodes(page).await?);
        Ok(())
    });
}

#[test]
fn a_picture_that_is_dragged_back_opens_its_workflow_or_fills_a_field() {
    Stage::new("warm").play(async |scene| -> Verdict {
        scene.open().await?;
        let page = &scene.page;
        make_first_picture(page, "a lamp in the fog").await?;
        page.fill("Prompt", "something else").await?;
        let drag = "const bag = new DataTransfer();\
            const event = (kind) => new DragEvent(kind, {\
                dataTransfer: bag, bubbles: true, cancelable: true });\
            pilotlightTest.images()[0].dispatchEvent(event('dragstart'));\
            const [field] = arguments;\
            const place = field ? pilotlightTest.fileInput(field).parentElement\
                : pilotlightTest.all('main')[0];\
            place.dispatchEvent(event('drop'));\
            return bag.getData('DownloadURL')";
        let url = page.js(drag, &[]).await?;
        assert!(url.as_str().is_some_and(|url| url.starts_with("image/png:ComfyUI_")), "{url}");
        page.until_value("Prompt", "a lamp in the fog").await?;
        page.click("tab", "Image to text").await?;
        page.js(drag, &[json!("Image")]).await?;
        page.find("button", "Replace").await?;
        page.see("ComfyUI_").await?;
        Ok(())
    });
}

/// The size of the file of the page whose name ends like this.
fn packed(ending: &str) -> Outcome<u64> {
    let dist = places::dist()?;
    let files = std::fs::read_dir(&dist).map_err(|error| error.to_string())?.flatten();
    let mut found = files.filter(|file| file.file_name().to_string_lossy().ends_with(ending));
    let file = found.next().ok_or_else(|| format!("no file ends in {ending}"))?;
    Ok(file.metadata().map_err(|error| error.to_string())?.len())
}

#[test]
fn a_tile_shows_its_day_and_the_bar_its_words_on_a_phone() {
    Stage::new("warm").size(390, 800).play(async |scene| -> Verdict {
        kept::open(scene, 20).await?;
        let page = &scene.page;
        enter(page, "All results · 20").await?;
        let days = "const notes = pilotlightTest.all('option')\
                .flatMap((tile) => pilotlightTest.parts('.tile-note', tile));\
            return notes.length > 0 && notes.every((note) => note.dataset.day.trim() !== ''\
                && ![`none`, `normal`].includes(getComputedStyle(note, '::after').content))";
        page.until("a day on each tile", days, &[]).await?;
        page.click("button", "Select").await?;
        page.click_on(&tile(page, &named(20)).await?).await?;
        page.see("1 selected").await?;
        let hidden = "const [last] = pilotlightTest.all('button', 'Clear selection');\
            const buttons = [...last.parentElement.children].filter((one) => one.type === 'button');\
            return buttons.filter((button) => {\
            const words = button.lastElementChild ?? button;\
            const [own, box] = [words, button].map((one) => one.getBoundingClientRect());\
            return !pilotlightTest.shown(words) || words.innerText.trim() === ''\
                || own.width < 5 || own.height < 5 || own.left < 0 || own.right > 390.5\
                || own.bottom > 800.5 || own.bottom > box.bottom + 0.5; })\
            .map((button) => button.innerText)";
        assert_eq!(page.js(hidden, &[]).await?, json!([]), "words that are not to be seen");
        for name in ["Select all", "Star", "Pin", "Compare", "Export", "Delete", "Clear selection"] {
            let words = "return pilotlightTest.all('button', arguments[0])\
                .some((one) => one.closest('.gallery-foot') && one.innerText.trim() === arguments[0])";
            page.until(&format!("“{name}” on the bar"), words, &[json!(name)]).await?;
        }

        // A pin has one sign: on the bar, on the tile, on the result of the feed.
        page.click("button", "Pin").await?;
        tile(page, &format!("{} · Pinned", named(20))).await?;
        let on_tile = "return pilotlightTest.all('option').flatMap(pilotlightTest.marks)[0]";
        let on_tile = page.until("a pin on the tile", on_tile, &[]).await?;
        let on_bar = "return pilotlightTest.all('button', 'Unpin').flatMap(pilotlightTest.icons)[0]";
        assert_eq!(page.until("a pin on the bar", on_bar, &[]).await?, on_tile);
        page.press("Escape").await?;
        page.press("Escape").await?;
        page.until_none("dialog").await?;
        let in_feed = "return pilotlightTest.results().flatMap(pilotlightTest.marks)[0]";
        assert_eq!(page.until("a pin in the feed", in_feed, &[]).await?, on_tile);
        Ok(())
    });
}
