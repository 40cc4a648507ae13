//! Steps that many scenarios share.

use std::time::{Duration, Instant};

use pilotlight_browser_tests::emulator::Taken;
use pilotlight_browser_tests::places;
use pilotlight_browser_tests::{Outcome, Page, Scene, Stage, ensure};
use serde_json::{Value, json};

/// Two runs of other people are waiting when the pod is ready, a moment after the first request.
pub fn busy() -> Stage {
    Stage::new("busy").set("starts_warm", false).set("always_one", false).set("cold_start_ms", 300)
}

/// The package of the first tab.
pub fn package() -> Value {
    let path = places::root().join("public/workflows/janus-text-to-image.json");
    let text = std::fs::read_to_string(path).expect("it is there");
    serde_json::from_str(&text).expect("it is JSON")
}

/// How many tabs there are.
pub async fn tabs(page: &Page) -> Outcome<u64> {
    let count = page.js("return pilotlightTest.all('tab').length", &[]).await?;
    Ok(count.as_u64().unwrap_or(0))
}

/// Types a prompt and presses *Run*.
pub async fn press_run(page: &Page, prompt: &str) -> Outcome {
    page.fill("Prompt", prompt).await?;
    page.click("button", "Run").await
}

/// Runs a prompt and waits until its picture is drawn, the first one of the page.
pub async fn make_first_picture(page: &Page, prompt: &str) -> Outcome {
    press_run(page, prompt).await?;
    page.until_phase(1, "done").await?;
    page.pictures(1).await.map(drop)
}

/// Waits until another press of *Run* counts: within half a second it would be the same one.
pub async fn another_press(page: &Page) -> Outcome {
    let rest = "return new Promise((then) => setTimeout(() => then(true), 550))";
    page.js(rest, &[]).await.map(drop)
}

/// Opens the other tab, gives it a picture, types a question.
pub async fn fill_question(scene: &Scene, question: &str) -> Outcome {
    let page = &scene.page;
    page.click("tab", "Image to text").await?;
    page.choose_file("Image", &scene.picture()).await?;
    page.see("flame-192.png · 192 × 192").await?;
    page.fill("Question", question).await
}

/// Asks about a picture, and waits for the answer, *A flame.*
pub async fn make_first_answer(scene: &Scene) -> Outcome {
    fill_question(scene, "What is it? [answer=A flame.]").await?;
    scene.page.click("button", "Run").await?;
    scene.page.see("A flame.").await
}

/// The one run that the emulator took: queued once, started once, with this outcome.
pub async fn sole_run(scene: &Scene, outcome: &str) -> Outcome<Taken> {
    let taken = scene.emulator.taken().await?;
    let [run] = taken.as_slice() else {
        return Err(format!("not one run at the emulator but {taken:?}").into());
    };
    let once = run.queued == 1 && run.starts == 1 && run.outcome == outcome;
    ensure(once, || format!("not once, ending in {outcome}: {run:?}"))?;
    Ok(run.clone())
}

/// How many requests reached the cloud whose line contains `part`.
pub async fn requests(scene: &Scene, part: &str) -> Outcome<usize> {
    let log = scene.emulator.log().await?;
    Ok(log.iter().filter(|entry| entry.line().contains(part)).count())
}

/// Waits until so many requests have reached the cloud.
pub async fn until_asked(scene: &Scene, count: usize) -> Outcome {
    let deadline = std::time::Instant::now() + pilotlight_browser_tests::page::SOON;
    while requests(scene, "").await? < count {
        ensure(std::time::Instant::now() < deadline, || format!("waited for {count} requests"))?;
        tokio::time::sleep(std::time::Duration::from_millis(25)).await;
    }
    Ok(())
}

/// Waits until the emulator has taken so many prompts.
pub async fn until_taken(scene: &Scene, count: usize) -> Outcome {
    let deadline = std::time::Instant::now() + pilotlight_browser_tests::page::SOON;
    loop {
        let taken = scene.emulator.taken().await?;
        if taken.len() == count {
            return Ok(());
        }
        if std::time::Instant::now() > deadline {
            return Err(format!("waited for {count} prompts at the emulator: {taken:?}").into());
        }
        tokio::time::sleep(std::time::Duration::from_millis(25)).await;
    }
}

/// Waits until the browser keeps exactly this; see `kept::snapshot`.
pub async fn until_kept_as(page: &Page, disk: &Value) -> Outcome {
    let deadline = Instant::now() + pilotlight_browser_tests::page::SOON;
    let disk = parsed(disk);
    loop {
        let now = parsed(&pilotlight_browser_tests::kept::snapshot(page).await?);
        if now == disk {
            return Ok(());
        }
        ensure(Instant::now() < deadline, || format!("kept is {now}, not {disk}"))?;
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
}

/// The same with texts that are JSON as what they say.
fn parsed(value: &Value) -> Value {
    match value {
        Value::String(text) => serde_json::from_str(text).unwrap_or_else(|_| value.clone()),
        Value::Array(all) => all.iter().map(parsed).collect(),
        Value::Object(all) => all.iter().map(|(name, one)| (name.clone(), parsed(one))).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) => value.clone(),
    }
}

/// Whether `parts` come in this order among `all`.
pub fn in_order(all: &[String], parts: &[&str]) -> bool {
    let mut rest = all.iter();
    parts.iter().all(|part| rest.any(|one| one.contains(part)))
}

/// What was downloaded first; waits until it is whole.
pub async fn downloaded(page: &Page) -> Outcome<(String, Vec<u8>)> {
    let deadline = Instant::now() + Duration::from_secs(10);
    loop {
        for file in std::fs::read_dir(page.session.downloads()).into_iter().flatten().flatten() {
            let name = file.file_name().to_string_lossy().into_owned();
            if !name.ends_with(".crdownload") && !name.starts_with('.') {
                let bytes = std::fs::read(file.path()).map_err(|error| error.to_string())?;
                // The browser makes an empty file of that name before it fills it.
                if bytes.is_empty() {
                    continue;
                }
                std::fs::remove_file(file.path()).map_err(|error| error.to_string())?;
                return Ok((name, bytes));
            }
        }
        if Instant::now() > deadline {
            return Err("nothing was downloaded".to_owned().into());
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
}

/// Chooses an option of a select by its words.
pub async fn choose(page: &Page, select: &str, option: &str) -> Outcome {
    let element = page.find("combobox", select).await?;
    let body = "return [...arguments[0].options].find((one) => one.text === arguments[1])";
    let option = page.element(option, body, &[element.to_json()?, json!(option)]).await?;
    Ok(option.click().await?)
}

/// What is in the clipboard, once it looks like this.
pub async fn clipboard(page: &Page, pattern: &str) -> Outcome<String> {
    let read = "return navigator.clipboard.readText()\
        .then((text) => new RegExp(arguments[0]).test(text) && text)";
    let text = page.until(&format!("{pattern} in the clipboard"), read, &[json!(pattern)]).await?;
    Ok(text.as_str().unwrap_or_default().to_owned())
}

/// Lets the page use the clipboard without being asked.
pub async fn allow_clipboard(scene: &Scene) -> Outcome {
    let permissions = json!(["clipboardReadWrite", "clipboardSanitizedWrite"]);
    let grant = json!({"origin": scene.address, "permissions": permissions});
    scene.page.session.cdp("Browser.grantPermissions", grant).await.map(drop)
}
