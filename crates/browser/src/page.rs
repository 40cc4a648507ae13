//! The page as a person has it in front of them: found by role and name, waited for, pressed.
//!
//! Invariant: nothing sleeps for a fixed time; every wait polls until a deadline and says in words
//! what it waited for.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use thirtyfour::WebElement;

use crate::session::Session;
use crate::trouble::{Outcome, Trouble};

/// The script that runs in every page, for [`Session::before_each_page`].
pub const SCRIPT: &str = include_str!("page.js");

/// How long anything may take that does not depend on a GPU.
pub const SOON: Duration = Duration::from_secs(10);
const LONG_BYTES: usize = 4_096;
/// How often something is looked for anew that was made anew meanwhile.
const TRIES: u32 = 5;
const TICK: Duration = Duration::from_millis(25);

/// A page in a browser.
#[derive(Debug)]
pub struct Page {
    /// For everything that this type does not offer.
    pub session: Session,
    patience: Duration,
}

impl Page {
    /// The page in a session that was prepared with [`SCRIPT`].
    pub fn new(session: Session) -> Self {
        Self { session, patience: SOON }
    }

    /// From now on waits as long as this before it says that something does not come.
    pub fn be_patient(&mut self, patience: Duration) {
        self.patience = patience;
    }

    /// Runs a function body in the page.
    pub async fn js(&self, body: &str, args: &[Value]) -> Outcome<Value> {
        self.session.script(body, args).await
    }

    /// Runs a function body and returns the texts that it answers with.
    pub async fn texts(&self, body: &str, args: &[Value]) -> Outcome<Vec<String>> {
        Ok(strings(&self.js(body, args).await?))
    }

    /// Waits until a function body answers with something true, and returns it.
    pub async fn until(&self, what: &str, body: &str, args: &[Value]) -> Outcome<Value> {
        let deadline = Instant::now() + self.patience;
        loop {
            let found = self.js(body, args).await;
            let why = match found {
                Ok(value) if is_truthy(&value) => return Ok(value),
                Ok(_) => String::new(),
                // While a page is being loaded its scripts are refused.
                Err(trouble) => format!(" ({trouble})"),
            };
            if Instant::now() >= deadline {
                let waited = self.patience.as_secs();
                return Err(Trouble::new(format!("waited {waited} s in vain: {what}{why}")));
            }
            tokio::time::sleep(TICK).await;
        }
    }

    /// Waits until a function body answers with an element, and returns it.
    pub async fn element(&self, what: &str, body: &str, args: &[Value]) -> Outcome<WebElement> {
        let found = self.until(what, body, args).await?;
        let wrong = |trouble| Trouble::new(format!("{what} is no element: {trouble}"));
        self.session.element(found).map_err(wrong)
    }

    /// Waits until the form can be used.
    pub async fn ready(&self) -> Outcome {
        // In a sandboxed frame, `pilotlightTest` is added only after this.
        let body = "const app = document.getElementById('app');\
            return app && !app.hasAttribute('aria-busy')\
            && [...document.forms].some((form) => app.contains(form))";
        self.until("the form", body, &[]).await.map(drop)
    }

    /// Waits for the one thing with this role and name, checked against what the browser itself
    /// computes for a screen reader.
    pub async fn find(&self, role: &str, name: &str) -> Outcome<WebElement> {
        self.find_in(role, name, None).await
    }

    /// The same within an element.
    pub async fn find_in(
        &self,
        role: &str,
        name: &str,
        inside: Option<&WebElement>,
    ) -> Outcome<WebElement> {
        let what = format!("{role} “{name}”");
        let body = "return pilotlightTest.all(arguments[0], arguments[1], arguments[2])[0]";
        let inside = inside.map(WebElement::to_json).transpose()?;
        let args = [json!(role), json!(name), json!(inside)];
        let mut tries = 0;
        loop {
            let element = self.element(&what, body, &args).await?;
            tries += 1;
            match self.session.label(&element).await {
                // The driver itself leaves file inputs without a role and some names without a text.
                Ok(label) if label != name => {
                    return Err(Trouble::new(format!("{what} is called “{label}” by the browser")));
                }
                Ok(_) => return Ok(element),
                // It was made anew between the two questions.
                Err(trouble) if is_stale(&trouble) && tries < TRIES => {}
                Err(trouble) => return Err(trouble),
            }
        }
    }

    /// Returns the names of everything that is shown with this role now.
    pub async fn names(&self, role: &str) -> Outcome<Vec<String>> {
        let body = "return pilotlightTest.all(arguments[0]).map(pilotlightTest.name)";
        Ok(strings(&self.js(body, &[json!(role)]).await?))
    }

    /// Waits until nothing is shown with this role, whatever its name.
    pub async fn until_none(&self, role: &str) -> Outcome {
        let body = "return pilotlightTest.all(arguments[0]).length === 0";
        self.until(&format!("no {role}"), body, &[json!(role)]).await.map(drop)
    }

    /// Unfolds the summary whose name starts with `name`; leaves one that is unfolded.
    pub async fn unfold(&self, name: &str) -> Outcome {
        let body = "const summary = pilotlightTest.fold(arguments[0]);\
            if (summary && !summary.parentElement.open) summary.click();\
            return !!summary";
        self.until(&format!("a summary “{name}…”"), body, &[json!(name)]).await.map(drop)
    }

    /// Waits until the modules that are loaded after the form are at work.
    pub async fn until_awake(&self) -> Outcome {
        // Their dialogs are closed, and have no role until they are opened.
        let body = "return pilotlightTest.parts('dialog').length > 0";
        self.until("the second part", body, &[]).await.map(drop)
    }

    /// How many things with this role and name are to be seen now.
    pub async fn count(&self, role: &str, name: &str) -> Outcome<u64> {
        let body = "return pilotlightTest.all(arguments[0], arguments[1]).length";
        let count = self.js(body, &[json!(role), json!(name)]).await?;
        Ok(count.as_u64().unwrap_or(0))
    }

    /// Waits for it and clicks it.
    pub async fn click(&self, role: &str, name: &str) -> Outcome {
        let mut tries = 0;
        loop {
            let element = self.find(role, name).await?;
            tries += 1;
            match self.click_on(&element).await {
                // What is not there was not clicked.
                Err(trouble) if is_stale(&trouble) && tries < TRIES => {}
                clicked => return clicked,
            }
        }
    }

    /// Clicks an element; one that lies under another is scrolled to first, as a person would.
    pub async fn click_on(&self, element: &WebElement) -> Outcome {
        let reach = "const box = arguments[0].getBoundingClientRect();\
            const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);\
            if (!top || !arguments[0].contains(top)) arguments[0].scrollIntoView({block: 'center'});";
        self.js(reach, &[element.to_json()?]).await?;
        Ok(element.click().await?)
    }

    /// The same within an element.
    pub async fn click_in(&self, inside: &WebElement, role: &str, name: &str) -> Outcome {
        let element = self.find_in(role, name, Some(inside)).await?;
        self.click_on(&element).await
    }

    /// Puts a text in the place of what a field holds, in one go, as an input method would.
    pub async fn fill(&self, name: &str, text: &str) -> Outcome {
        let element = self.find("textbox", name).await?;
        self.click_on(&element).await?;
        self.press("Control+a").await?;
        if text.is_empty() {
            return self.press("Delete").await;
        }
        if text.len() > LONG_BYTES {
            // Chromium needs many seconds to lay out a long text that is put in as if typed.
            let put = "arguments[0].value = arguments[1];\
                arguments[0].dispatchEvent(new InputEvent('input', {bubbles: true}))";
            return self.js(put, &[element.to_json()?, json!(text)]).await.map(drop);
        }
        self.session.cdp("Input.insertText", json!({ "text": text })).await.map(drop)
    }

    /// What a field holds.
    pub async fn value(&self, name: &str) -> Outcome<String> {
        let element = self.find("textbox", name).await?;
        let value = self.js("return arguments[0].value", &[element.to_json()?]).await?;
        Ok(value.as_str().unwrap_or_default().to_owned())
    }

    /// Waits until a text field holds this.
    pub async fn until_value(&self, name: &str, value: &str) -> Outcome {
        let body = "return pilotlightTest.all('textbox', arguments[0])[0]?.value === arguments[1]";
        let what = format!("“{value}” in {name}");
        self.until(&what, body, &[json!(name), json!(value)]).await.map(drop)
    }

    /// Presses keys together, where the focus is: `Control+Enter`, `ArrowRight`, `a`.
    pub async fn press(&self, keys: &str) -> Outcome {
        let names: Vec<&str> = keys.split('+').collect();
        let mut actions = Vec::new();
        for name in &names {
            actions.push(json!({"type": "keyDown", "value": key(name)}));
        }
        for name in names.iter().rev() {
            actions.push(json!({"type": "keyUp", "value": key(name)}));
        }
        self.session.actions(json!([{"type": "key", "id": "keys", "actions": actions}])).await
    }

    /// Waits until this text is to be seen.
    pub async fn see(&self, text: &str) -> Outcome {
        let body = "return pilotlightTest.squeeze(document.body.innerText).includes(arguments[0])";
        self.until(&format!("the text “{text}”"), body, &[json!(text)]).await.map(drop)
    }

    /// Everything that is to be seen now.
    pub async fn text(&self) -> Outcome<String> {
        let text = self.js("return document.body ? document.body.innerText : ''", &[]).await?;
        Ok(text.as_str().unwrap_or_default().to_owned())
    }

    /// Waits for the card of a run; runs are counted from 1 in a new browser.
    pub async fn run(&self, number: u32) -> Outcome<WebElement> {
        let body = "return pilotlightTest.card(arguments[0])";
        self.element(&format!("the card of run {number}"), body, &[json!(number)]).await
    }

    /// The phase of a run now; empty when its card is not there.
    pub async fn phase(&self, number: u32) -> Outcome<String> {
        let body = "const card = pilotlightTest.card(arguments[0]);\
            return card ? card.dataset.phase : ''";
        let phase = self.js(body, &[json!(number)]).await?;
        Ok(phase.as_str().unwrap_or_default().to_owned())
    }

    /// Waits until a run is in one of these phases (`a|b`). Ends at once when it ended otherwise.
    pub async fn until_phase(&self, number: u32, wanted: &str) -> Outcome {
        let body = "const card = pilotlightTest.card(arguments[0]);\
            const phase = card ? card.dataset.phase : '';\
            const ended = ['done', 'failed', 'cancelled'].includes(phase);\
            if (arguments[1].split('|').includes(phase)) return 'yes';\
            return ended && phase + ': ' + pilotlightTest.squeeze(card.innerText)";
        let what = format!("run {number} to be {wanted}");
        let args = [json!(number), json!(wanted)];
        match self.until(&what, body, &args).await {
            Ok(Value::String(word)) if word == "yes" => Ok(()),
            Ok(other) => Err(Trouble::new(format!("run {number} is not {wanted} but {other}"))),
            Err(Trouble(why)) => {
                let phase = self.phase(number).await.unwrap_or_default();
                Err(Trouble::new(format!("{why}; it is “{phase}”")))
            }
        }
    }

    /// The phases a run went through since the page was loaded, each once in its turn.
    pub async fn phases(&self, number: u32) -> Outcome<Vec<String>> {
        let body = "return pilotlightTest.seen.phases['run-' + arguments[0]] || []";
        Ok(strings(&self.js(body, &[json!(number)]).await?))
    }

    /// What the live region said since the page was loaded.
    pub async fn said(&self) -> Outcome<Vec<String>> {
        Ok(strings(&self.js("return pilotlightTest.seen.said", &[]).await?))
    }

    /// Waits until so many pictures among the results are drawn; returns their alt texts.
    pub async fn pictures(&self, count: usize) -> Outcome<Vec<String>> {
        let body = "const all = pilotlightTest.pictures();\
            return all.length === arguments[0] \
                && all.every((img) => img.complete && img.naturalWidth > 0) \
                && all.map((img) => img.alt)";
        let what = format!("{count} pictures among the results");
        Ok(strings(&self.until(&what, body, &[json!(count)]).await?))
    }

    /// Waits until the gallery has tiles, and every image of them is drawn.
    pub async fn until_tiles_drawn(&self) -> Outcome {
        let body = "const all = pilotlightTest.tiles();\
            return all.length > 0 && all.every((img) => img.complete && img.naturalWidth > 0)";
        self.until("tiles with their pictures", body, &[]).await.map(drop)
    }

    /// Returns the texts of the notices on the page and in the cards of runs.
    pub async fn notices(&self) -> Outcome<Vec<String>> {
        let body = "return pilotlightTest.notices().map((one) =>\
            pilotlightTest.squeeze(one.innerText))";
        self.texts(body, &[]).await
    }

    /// Waits until this many notices are shown.
    pub async fn until_notices(&self, count: usize) -> Outcome {
        let body = "return pilotlightTest.notices().length === arguments[0]";
        self.until(&format!("{count} notices"), body, &[json!(count)]).await.map(drop)
    }

    /// Returns the state of the server that the header shows.
    pub async fn server(&self) -> Outcome<String> {
        let state = self.js("return pilotlightTest.server()", &[]).await?;
        Ok(state.as_str().unwrap_or_default().to_owned())
    }

    /// Waits until the header shows this state of the server.
    pub async fn until_server(&self, state: &str) -> Outcome {
        let body = "return pilotlightTest.server() === arguments[0]";
        self.until(&format!("the server to be {state}"), body, &[json!(state)]).await.map(drop)
    }

    /// Returns the names of the steps of a run.
    pub async fn steps(&self, number: u32) -> Outcome<Vec<String>> {
        let body = "const card = pilotlightTest.card(arguments[0]);\
            return card ? pilotlightTest.steps(card).map((one) => one.name) : []";
        self.texts(body, &[json!(number)]).await
    }

    /// Waits until the current step of a run has this name and a time that matches `time`.
    pub async fn until_step(&self, number: u32, name: &str, time: &str) -> Outcome {
        let body = "const card = pilotlightTest.card(arguments[0]);\
            const step = card && pilotlightTest.step(card);\
            return step?.name === arguments[1] && new RegExp(arguments[2]).test(step.time)";
        let what = format!("the step {name} with a time like {time}");
        let args = [json!(number), json!(name), json!(time)];
        self.until(&what, body, &args).await.map(drop)
    }

    /// Waits until no field of the form has a value that was refused.
    pub async fn until_none_refused(&self) -> Outcome {
        let body = "return pilotlightTest.refused().length === 0";
        self.until("no refused value", body, &[]).await.map(drop)
    }

    /// Gives a file to the file input of this name.
    pub async fn choose_file(&self, name: &str, file: &std::path::Path) -> Outcome {
        let what = format!("the file input “{name}”");
        let body = "return pilotlightTest.fileInput(arguments[0])";
        let input = self.element(&what, body, &[json!(name)]).await?;
        Ok(input.send_keys(file.display().to_string()).await?)
    }

    /// What has the focus: its role-like tag, its accessible name.
    pub async fn focused(&self) -> Outcome<String> {
        let found = self.js("return document.activeElement", &[]).await?;
        let element = self.session.element(found).map_err(|_| Trouble::new("nothing has focus"))?;
        Ok(format!(
            "{} {}",
            self.session.role(&element).await?,
            self.session.label(&element).await?
        ))
    }
}

/// Whether an element is no longer in the page.
fn is_stale(trouble: &Trouble) -> bool {
    trouble.0.contains("stale element reference")
}

fn is_truthy(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(yes) => *yes,
        Value::Number(number) => number.as_f64() != Some(0.0),
        Value::String(text) => !text.is_empty(),
        Value::Array(_) | Value::Object(_) => true,
    }
}

/// Returns the texts of a list.
pub fn strings(value: &Value) -> Vec<String> {
    let texts = value.as_array().into_iter().flatten();
    texts.filter_map(Value::as_str).map(str::to_owned).collect()
}

/// WebDriver's character for a named key.
fn key(name: &str) -> &str {
    match name {
        "Backspace" => "\u{e003}",
        "Tab" => "\u{e004}",
        "Enter" => "\u{e007}",
        "Shift" => "\u{e008}",
        "Control" => "\u{e009}",
        "Alt" => "\u{e00a}",
        "Escape" => "\u{e00c}",
        "Space" => " ",
        "PageUp" => "\u{e00e}",
        "PageDown" => "\u{e00f}",
        "End" => "\u{e010}",
        "Home" => "\u{e011}",
        "ArrowLeft" => "\u{e012}",
        "ArrowUp" => "\u{e013}",
        "ArrowRight" => "\u{e014}",
        "ArrowDown" => "\u{e015}",
        "Delete" => "\u{e017}",
        "Meta" => "\u{e03d}",
        character => character,
    }
}
