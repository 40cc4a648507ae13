//! Results carried away as an archive, and brought in again.

use pilotlight_browser_tests::made::{self, Packed};
use pilotlight_browser_tests::{Outcome, Page, Scene, Stage, Verdict, ensure, kept, store};
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
        page.see("0 results imported · 120 already here").await?;
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
        page.see("120 results imported").await?;
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
    // Records are texts of JSON, in whatever order. Where the server was is not carried away.
    let read = |one: &Value| {
        let text = one[1].as_str().unwrap_or_default();
        let mut read: Value = serde_json::from_str(text).unwrap_or_else(|_| json!(text));
        if let Some(address) = read.get_mut("endpoint") {
            *address = json!("");
        }
        (one[0].clone(), read)
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
        let refused = "This archive has no Pilotlight results";
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
        page.see("9 results imported · 1 unreadable").await?;
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

/// The JSON beside a result of a run that was asked for at `at`. `piece`: what it is.
fn sidecar(run: &str, at: u64, place: usize, piece: &Value, file: Option<&str>) -> Value {
    let key = format!("{at:014} {run} {place:04}");
    json!({
        "is": "pilotlight result", "v": 1, "file": file,
        "row": {
            "v": 1, "key": key, "run": run, "number": 9, "at": at, "form": "janus-text-to-image",
            "prompt": "a hostile one", "seed": 1, "ran_ms": 1, "group": null, "pictures": [],
            "piece": piece, "is_starred": false, "is_pinned": true,
        },
        "run": {
            "v": 1, "id": run, "number": 9, "endpoint": "", "form": "janus-text-to-image",
            "workflow_title": "T", "title": "a hostile one", "drafts": {"v": 1, "fields": {}},
            "workflow": {"1": {"class_type": "A"}}, "pressed": at, "ended": at,
            "waking_ms": null, "in_line_ms": null, "running_ms": null, "server": null,
            "failure": null,
        },
    })
}

fn piece(at: usize, name: &str, size: usize) -> Value {
    json!({"at": at, "file": name, "media": "image", "size_bytes": size, "is_preview": false})
}

fn beside(name: &str, sidecar: &Value) -> Packed {
    Packed::deflated(name, sidecar.to_string().as_bytes())
}

/// A run that is not here, by a number.
fn run(number: usize) -> String {
    format!("00000000-0000-4000-8000-99990000{number:04}")
}

/// When it was asked for.
const AT: u64 = 1_793_491_200_000;

async fn import(scene: &Scene, files: &[Packed], said: &str) -> Outcome {
    let file = scene.file("hostile.zip", &made::archive(files))?;
    scene.page.choose_file("Import", &file).await?;
    scene.page.see(said).await
}

#[test]
fn an_archive_changes_nothing_that_is_here() {
    Stage::new("warm").play(async |scene| -> Verdict {
        kept::open(scene, 3).await?;
        let page = &scene.page;
        page.click("button", "All results · 3").await?;
        page.see("3 results").await?;
        let before = kept::snapshot(page).await?;
        let there = "00000000-0000-4000-8000-000000000001";
        let pressed = AT + 60_000;
        let evil = b"not the picture";
        let is = piece(0, "evil.png", evil.len());
        let files = [
            Packed::stored("evil.png", evil),
            // The picture of a run that is here, under another moment and under another place.
            beside("1.json", &sidecar(there, pressed + 1, 0, &is, Some("evil.png"))),
            beside("2.json", &sidecar(there, pressed, 7, &is, Some("evil.png"))),
            // Two results that would have one file.
            beside("3.json", &sidecar(&run(1), AT, 0, &is, Some("evil.png"))),
            Packed::stored("other.png", b"not that either"),
            beside("4.json", &sidecar(&run(1), AT, 1, &is, Some("other.png"))),
            // Names are looked up, never followed.
            beside("../../5.json", &sidecar(&run(2), AT, 0, &is, Some("../evil.png"))),
            beside("6.json", &sidecar(&run(3), AT, 0, &is, Some("/etc/passwd"))),
            beside("__proto__.json", &sidecar("__proto__", AT, 0, &json!({}), None)),
        ];
        import(scene, &files, "2 results imported · 5 unreadable").await?;
        let after = kept::snapshot(page).await?;
        for store in ["rows", "runs", "files"] {
            let is_left =
                |one: &Value| after[store].as_array().is_some_and(|all| all.contains(one));
            let there = before[store].as_array().map_or(&[][..], Vec::as_slice);
            ensure(there.len() > 1 && there.iter().all(is_left), || {
                format!("{store} was changed")
            })?;
        }
        let own = format!("{} 0000", run(1));
        let file = after["files"].as_array().into_iter().flatten().find(|it| it[0] == own);
        ensure(file.is_some(), || format!("{own} is not there"))?;
        Ok(())
    });
}

#[test]
fn an_archive_takes_no_more_room_than_it_may() {
    Stage::new("warm").play(async |scene| -> Verdict {
        kept::open(scene, 1).await?;
        let page = &scene.page;
        page.click("button", "All results · 1").await?;
        page.see("1 result").await?;
        // 40 results that each bring the same 20 MB, packed to 20 kB.
        let large = vec![0; 20 << 20];
        let is = piece(0, "large.bin", large.len());
        let mut files = vec![Packed::deflated("large.bin", &large)];
        for number in 0..40 {
            let name = format!("{number}.json");
            files.push(beside(&name, &sidecar(&run(number), AT, 0, &is, Some("large.bin"))));
        }
        ensure(made::archive(&files).len() < 200_000, || "it is no bomb".to_owned())?;
        import(scene, &files, "3 results imported · 37 unreadable").await?;
        store::until(page, "files", 4).await?;

        // A row of megabytes would be read with all others from then on.
        let long = |text: &str, place: &str| {
            let mut whole = sidecar(&run(50), AT, 0, &json!({"text": "x"}), None);
            *whole.pointer_mut(place).expect("a place") = json!(text.repeat(2 << 20));
            whole
        };
        let mut many = sidecar(&run(51), AT, 0, &json!({"text": "x"}), None);
        many["row"]["pictures"] = json!(vec!["a"; 100_000]);
        let deep = [&"[".repeat(100_000), "1"].concat();
        let files = [
            beside("1.json", &long("x", "/row/prompt")),
            beside("2.json", &long("x", "/row/piece/text")),
            beside("3.json", &many),
            Packed::deflated("4.json", deep.as_bytes()),
            Packed::deflated("5.json", &vec![b' '; 17 << 20]),
            beside("6.json", &sidecar(&run(52), AT, 0, &json!({"text": "a fox"}), None)),
        ];
        import(scene, &files, "1 result imported · 5 unreadable").await?;
        store::until(page, "rows", 5).await?;
        Ok(())
    });
}

#[test]
fn what_an_archive_says_of_its_files_runs_nothing_and_draws_nothing_too_large() {
    Stage::new("warm").play(async |scene| -> Verdict {
        kept::open(scene, 1).await?;
        let page = &scene.page;
        page.click("button", "All results · 1").await?;
        page.see("1 result").await?;
        let svg = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>";
        let large = made::large_png(23_000);
        let all = [
            ("one.svg", svg.to_vec()),
            ("two.html", svg.to_vec()),
            ("three.png", svg.to_vec()),
            ("four.png", large),
            ("a:https://evil.example/x.exe?.png", made::large_png(9)),
        ];
        let mut files = Vec::new();
        for (number, (name, bytes)) in all.iter().enumerate() {
            files.push(Packed::deflated(name, bytes));
            let is = piece(0, name, bytes.len());
            let beside_it = sidecar(&run(number), AT, 0, &is, Some(name));
            files.push(beside(&format!("{number}.json"), &beside_it));
        }
        import(scene, &files, "5 results imported").await?;
        page.press("Escape").await?;
        scene.reload().await?;
        page.see("one.svg").await?;
        page.see("four.png").await?;
        let types = "return Promise.all(pilotlightTest.images()\
            .map((one) => fetch(one.src).then((it) => it.blob()).then((it) => it.type)))";
        // The first of before, the SVG that says it is a PNG, and a picture.
        assert_eq!(page.js(types, &[]).await?, json!(["image/png", "image/png", "image/png"]));
        let small = "return pilotlightTest.images()\
            .every((one) => one.naturalWidth < 1000)";
        assert_eq!(page.js(small, &[]).await?, json!(true), "the large one is drawn");
        Ok(())
    });
}

#[test]
fn keys_passwords_and_the_address_of_the_server_are_in_no_file_that_leaves() {
    let graph = json!({
        "1": {"class_type": "PaidModel", "inputs": {"api_key": "sk-typed", "prompt": "a tiger"}},
        "2": {"class_type": "SaveImage", "inputs": {"images": ["1", 0], "filename_prefix": "x"}},
    });
    Stage::new("warm").play(async |scene| -> Verdict {
        kept::open(scene, 1).await?;
        let page = &scene.page;
        // The run of the result that is here was made with one.
        let spoil = format!(
            "{} return stored('runs', (runs) => runs.getAll()).then(([text]) => {{\
                const run = JSON.parse(text);\
                run.drafts.fields['2.api_key'] = {{ text: 'sk-draft' }};\
                run.workflow['2'].inputs.api_key = 'sk-sent';\
                run.endpoint = 'https://kubeai-x-secret-team.example/openai m';\
                return stored('runs', (runs) => runs.put(JSON.stringify(run), run.id));\
            }}).then(() => true)",
            store::STORED
        );
        page.js(&spoil, &[]).await?;
        page.click("button", "All results · 1").await?;
        page.see("1 result").await?;
        let file = export(scene, "results.zip").await?;
        let archive = std::fs::read(file).expect("it was written");
        let text = String::from_utf8_lossy(&archive);
        ensure(text.contains("class_type"), || "nothing is said of the run".to_owned())?;
        for secret in ["sk-", "secret-team"] {
            ensure(!text.contains(secret), || format!("{secret} is in the archive"))?;
        }
        page.press("Escape").await?;

        let flow = scene.file("paid.json", graph.to_string().as_bytes())?;
        page.choose_file("Open a workflow", &flow).await?;
        page.find("tab", "paid").await?;
        let unfold = "const more = pilotlightTest.fold('Advanced');\
            if (more) more.parentElement.open = true; return true";
        page.js(unfold, &[]).await?;
        page.click("button", "Edit form").await?;
        page.click("button", "Save as a file").await?;
        let (name, bytes) = downloaded(page).await?;
        let text = String::from_utf8_lossy(&bytes);
        ensure(name.ends_with(".json") && text.contains("PaidModel"), || text.to_string())?;
        ensure(!text.contains("sk-"), || text.to_string())?;
        page.see("Saved without keys and passwords").await?;
        Ok(())
    });
}

#[test]
fn what_is_said_of_an_import_or_export_leaves_by_itself() {
    Stage::new("warm").play(async |scene| -> Verdict {
        scene.page.be_patient(std::time::Duration::from_secs(20));
        kept::open(scene, 10).await?;
        let page = &scene.page;
        page.click("button", "All results · 10").await?;
        page.see("10 results").await?;
        // Besides the number of results.
        let none = "const all = pilotlightTest.inDialog('status').map((one) => one.innerText.trim());\
            return all.includes('10 results') && all.filter(Boolean).length === 1";
        let file = export(scene, "results.zip").await?;
        page.until("nothing said after the export", none, &[]).await?;
        page.choose_file("Import", &file).await?;
        page.see("0 results imported · 10 already here").await?;
        page.until("nothing said after the import", none, &[]).await?;
        page.choose_file("Import", &scene.file("no.zip", b"no archive")?).await?;
        page.see("This archive has no Pilotlight results").await?;
        page.until("nothing said after the refusal", none, &[]).await?;
        Ok(())
    });
}
