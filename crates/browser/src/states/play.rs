//! A page on its way to a state: what a person does, in either language, and a clock that can be
//! put forward.
//!
//! Invariant: every wait is for something the page shows of itself.

use std::time::Duration;

use crate::page::SOON;
use crate::{Outcome, Page, Scene, WebElement};
use serde_json::{Value, json};

use super::words::Words;

/// The page's clock goes ahead of the browser's by what the session says; timers do not care.
const CLOCK: &str = "(() => { const now = Date.now; Date.now = () => {\
    let ahead = 0;\
    try { ahead = Number(sessionStorage.getItem('ahead')) || 0; } catch (refused) {}\
    return now.call(Date) + ahead; } })()";

/// A run this long does not end while its picture is taken.
pub const FOREVER_MS: u64 = 3_600_000;

/// A page on its way.
#[derive(Debug, Clone, Copy)]
pub struct Play<'s> {
    pub scene: &'s Scene,
    pub words: &'static Words,
}

impl<'s> Play<'s> {
    /// Prepares the page of a scene that nothing was opened in yet.
    pub async fn new(scene: &'s mut Scene, words: &'static Words) -> Outcome<Self> {
        scene.page.be_patient(SOON * 3);
        let scene: &Scene = scene;
        scene.page.session.before_each_page(CLOCK).await?;
        Ok(Self { scene, words })
    }

    pub fn page(&self) -> &Page {
        &self.scene.page
    }

    pub async fn open(&self) -> Outcome {
        self.scene.open().await
    }

    /// Opens the page and runs a first prompt.
    pub async fn open_and_press(&self) -> Outcome {
        self.open().await?;
        self.press(1, self.words.prompt).await
    }

    /// Opens the page with one run behind it that ended well, and lets the next ones go on.
    pub async fn open_after_a_run(&self) -> Outcome {
        self.open().await?;
        self.press(1, self.words.second_prompt).await?;
        self.page().until_phase(1, "done").await?;
        self.page().pictures(1).await?;
        self.set(json!({"run_ms": FOREVER_MS, "understand_ms": FOREVER_MS})).await
    }

    /// Runs a prompt as run `number`.
    pub async fn press(&self, number: u32, prompt: &str) -> Outcome {
        self.page().fill(self.words.prompt_field, prompt).await?;
        self.press_run(number).await
    }

    /// Presses *Run* and waits for the card of run `number`.
    pub async fn press_run(&self, number: u32) -> Outcome {
        // A press within half a second would be the same one.
        let rest = "return performance.now() - (window.pressedAt || -1e6) > 600";
        self.page().until("time for another press", rest, &[]).await?;
        self.click("button", self.words.run).await?;
        self.page().js("window.pressedAt = performance.now()", &[]).await?;
        self.page().run(number).await.map(drop)
    }

    /// Opens the tab for pictures, gives it one, types the question.
    pub async fn fill_question(&self) -> Outcome {
        self.click("tab", self.words.image_tab).await?;
        self.page().choose_file(self.words.image_field, &self.scene.picture()).await?;
        self.page().find("button", self.words.replace).await?;
        self.page().fill(self.words.question_field, self.words.question).await
    }

    /// Opens a workflow that uses a mask, gives it a picture of its own, and paints on that.
    pub async fn paint(&self) -> Outcome {
        self.press(1, self.words.prompt).await?;
        self.phase(1, "done").await?;
        self.page().pictures(1).await?;
        let flow = json!({
            "1": {"class_type": "LoadImage", "inputs": {"image": "cat.png"}},
            "2": {"class_type": "JoinImageWithAlpha",
                  "inputs": {"image": ["1", 0], "alpha": ["1", 1]}},
            "3": {"class_type": "SaveImage", "inputs": {"images": ["2", 0]}},
        });
        let file = self.scene.file("cut-out.json", flow.to_string().as_bytes())?;
        self.page().choose_file(self.words.open_workflow, &file).await?;
        self.page().find("tab", "cut-out").await?;
        let give = "const url = pilotlightTest.images()[0].src;\
            return fetch(url).then((reply) => reply.blob()).then((blob) => {\
            pilotlightTest.dropImage(new File([blob], 'lighthouse.png', {type: 'image/png'})); })";
        self.page().js(give, &[]).await?;
        self.click("button", self.words.paint).await?;
        let sheet = self.there("#mask-sheet").await?;
        let origin = sheet.to_json()?;
        let to = |x: i32, y: i32| {
            json!({"type": "pointerMove", "origin": origin, "x": x, "y": y,
                   "duration": 20})
        };
        let mut actions = vec![to(-70, 20), json!({"type": "pointerDown", "button": 0})];
        actions.extend([(-30, -40), (20, -30), (60, 0), (50, 40)].map(|(x, y)| to(x, y)));
        actions.push(json!({"type": "pointerUp", "button": 0}));
        let mouse = json!([{"type": "pointer", "id": "mouse", "actions": actions}]);
        self.page().session.actions(mouse).await
    }

    pub async fn click(&self, role: &str, name: &str) -> Outcome {
        self.page().click(role, name).await
    }

    pub async fn phase(&self, number: u32, phase: &str) -> Outcome {
        self.page().until_phase(number, phase).await
    }

    /// Waits until there is an element for this selector, and returns it.
    pub async fn there(&self, selector: &str) -> Outcome<WebElement> {
        let body = "return pilotlightTest.parts(arguments[0])[0]";
        self.page().element(selector, body, &[json!(selector)]).await
    }

    /// Waits for what an element says to match an expression.
    pub async fn says(&self, selector: &str, expression: &str) -> Outcome {
        let body = "return pilotlightTest.parts(arguments[0])\
            .some((one) => new RegExp(arguments[1]).test(one.innerText))";
        let what = format!("/{expression}/ in {selector}");
        self.page().until(&what, body, &[json!(selector), json!(expression)]).await.map(drop)
    }

    /// Puts the page's clock forward.
    pub async fn later(&self, time: Duration) -> Outcome {
        let body = "sessionStorage.setItem('ahead', \
            (Number(sessionStorage.getItem('ahead')) || 0) + arguments[0])";
        let ms = u64::try_from(time.as_millis()).unwrap_or(0);
        self.page().js(body, &[json!(ms)]).await.map(drop)
    }

    /// Changes how the emulator behaves.
    pub async fn set(&self, what: Value) -> Outcome {
        self.scene.emulator.set(what).await
    }

    /// Lets the page believe that it has seen runs of this length, and loads it again.
    pub async fn teach(&self, runs_ms: &[u64]) -> Outcome {
        let body = "const waits = JSON.parse(localStorage.getItem('pilotlight.waits') || '{}');\
            const kinds = Object.keys(waits);\
            kinds.forEach((kind) => { waits[kind] = arguments[0]; });\
            localStorage.setItem('pilotlight.waits', JSON.stringify(waits));\
            return kinds.length";
        self.page().until("a wait to have been kept", body, &[json!(runs_ms)]).await?;
        self.scene.reload().await
    }

    /// Chooses how many runs one press makes.
    pub async fn times(&self, count: u32) -> Outcome {
        let select = self.page().find("combobox", self.words.times).await?;
        let body = "arguments[0].value = String(arguments[1]);\
            arguments[0].dispatchEvent(new Event('change', {bubbles: true}))";
        self.page().js(body, &[select.to_json()?, json!(count)]).await.map(drop)
    }
}
