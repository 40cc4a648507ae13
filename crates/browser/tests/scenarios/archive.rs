//! Results carried away as an archive, and brought in again.

use pilotlight_browser_tests::{Outcome, Page, Scene, Stage, Verdict, kept, store};
use serde_json::{Value, json};

use crate::common::{downloaded, requests};

async fn export(scene: &Scene, name: &str) -> Outcome<std::path::PathBuf> {
    scene.page.click("button", "Export").await?;
    let (_, bytes) = downloaded(&scene.page).await?;
    scene.file(name, &bytes)
}

#[test]
fn what_was_carried_away_comes_back_as_it_was() {
    Stage::new("warm").play(async |scene| -> Verdict {
        kept::open(scene, 120).await?;
        let page = &scene.page;
        let asked = requests(scene, "").await?;
        page.click("button", "All results · 120").await?;
        page.see("120 results").await?;
        page.find("option", "a panda in the rain, number 117").await?;
        let before = kept::snapshot(page).await?;
        let file = export(scene, "results.zip").await?;
        // Nothing is new in it as long as all is here.
        page.choose_file("Import", &file).await?;
        page.see("0 results brought in, 120 were here already.").await?;
        page.press("Escape").await?;
        page.click("button", "Settings").await?;
        page.click("button", "Delete all results").await?;
        page.click("button", "Press again to delete all results").await?;
        store::until(page, "rows", 0).await?;
        page.press("Escape").await?;
        scene.reload().await?;
        page.see("Nothing here yet").await?;

        // Dropped anywhere.
        let bytes = std::fs::read(&file).expect("it was written");
        give(page, &bytes).await?;
        page.see("120 results brought in.").await?;
        let after = kept::snapshot(page).await?;
        for store in ["rows", "runs", "files", "pictures"] {
            assert_eq!(difference(&before[store], &after[store]), None, "{store}");
        }
        assert_eq!(requests(scene, "").await?, asked, "somebody was asked");
        Ok(())
    });
}

/// As if a file were dropped beside everything.
async fn give(page: &Page, bytes: &[u8]) -> Outcome {
    use base64::Engine;
    let drop = "const bytes = Uint8Array.from(atob(arguments[0]), (one) => one.charCodeAt(0));\
        const bag = new DataTransfer();\
        bag.items.add(new File([bytes], 'results.zip', { type: 'application/zip' }));\
        document.body.dispatchEvent(new DragEvent('drop',\
            { dataTransfer: bag, bubbles: true, cancelable: true }))";
    let text = base64::engine::general_purpose::STANDARD.encode(bytes);
    page.js(drop, &[json!(text)]).await.map(drop_value)
}

fn drop_value(_: Value) {}

/// The first entry that is another.
fn difference(before: &Value, after: &Value) -> Option<String> {
    let (before, after) = (before.as_array()?, after.as_array()?);
    if before.len() != after.len() {
        return Some(format!("{} and {}", before.len(), after.len()));
    }
    // Records are texts of JSON, in whatever order.
    let read = |one: &Value| {
        let text = one[1].as_str().unwrap_or_default();
        (one[0].clone(), serde_json::from_str(text).unwrap_or_else(|_| json!(text)))
    };
    let mut pairs = before.iter().zip(after);
    pairs
        .find(|(one, other)| read(one) != read(other))
        .map(|(one, other)| format!("{one}\n{other}"))
}

#[test]
fn a_hostile_archive_brings_nothing_and_a_damaged_one_what_is_whole() {
    Stage::new("warm").play(async |scene| -> Verdict {
        kept::open(scene, 10).await?;
        let page = &scene.page;
        page.click("button", "All results · 10").await?;
        page.see("10 results").await?;
        let file = export(scene, "results.zip").await?;
        let whole = std::fs::read(&file).expect("it was written");
        let before = kept::snapshot(page).await?;
        let refused = "This archive holds no results of Pilotlight";
        // Cut off; and one whose files lie in each other, which would unpack to much more.
        let mut overlapping = whole.clone();
        overlap(&mut overlapping);
        for (name, bytes) in [("cut.zip", &whole[..whole.len() / 2]), ("bomb.zip", &overlapping)] {
            page.choose_file("Import", &scene.file(name, bytes)?).await?;
            page.see(refused).await?;
            assert_eq!(kept::snapshot(page).await?, before, "{name}");
        }
        // A byte of one picture is another: all but that one come in.
        page.click("button", "Select").await?;
        page.press("Tab").await?;
        page.js("document.getElementById('gallery-list').focus()", &[]).await?;
        page.press("Control+a").await?;
        page.click("button", "Delete").await?;
        page.click("button", "Press again to delete 10 results").await?;
        store::until(page, "rows", 0).await?;
        let mut damaged = whole;
        let at = damaged.windows(4).position(|four| four == b"IDAT").expect("a picture");
        damaged[at + 40] ^= 1;
        page.choose_file("Import", &scene.file("damaged.zip", &damaged)?).await?;
        page.see("9 results brought in, 1 could not be read.").await?;
        store::until(page, "rows", 9).await?;
        Ok(())
    });
}

/// Says of every file that it is as long as the whole archive.
fn overlap(archive: &mut [u8]) {
    let length = archive.len() as u32;
    let lines: Vec<usize> = (0..archive.len() - 4)
        .filter(|at| archive[*at..*at + 4] == [0x50, 0x4b, 0x01, 0x02])
        .collect();
    for at in lines {
        for place in [20, 24] {
            archive[at + place..at + place + 4].copy_from_slice(&(length / 2).to_le_bytes());
        }
    }
}
