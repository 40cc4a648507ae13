//! WebDriver, as far as the scenarios need it: one driver per process, one browser per session.
//!
//! Invariant: a session that is dropped ends its browser, at the latest by the browser's own id.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hyper::Method;
use serde_json::{Value, json};

use crate::http::Http;
use crate::places::{self, Scratch};
use crate::program::Program;
use crate::trouble::{Outcome, Trouble};

/// The key under which WebDriver hands elements over.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// A running chromedriver.
#[derive(Debug)]
pub struct Driver {
    _program: Program,
    address: String,
}

impl Driver {
    /// The one of this process; it ends with the last session that uses it.
    pub fn shared() -> Outcome<Arc<Self>> {
        static SHARED: Mutex<Weak<Driver>> = Mutex::new(Weak::new());
        let mut shared = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(driver) = shared.upgrade() {
            return Ok(driver);
        }
        let port = |line: &str| {
            let (_, rest) = line.split_once("started successfully on port ")?;
            rest.trim_end_matches('.').parse::<u16>().ok()
        };
        let (program, port) = Program::start(&places::chromedriver()?, ["--port=0"], port)?;
        let driver =
            Arc::new(Self { _program: program, address: format!("http://127.0.0.1:{port}") });
        *shared = Arc::downgrade(&driver);
        Ok(driver)
    }
}

/// How a browser is to be.
#[derive(Debug, Clone)]
pub struct Browser {
    /// Width and height of the page's area, in CSS pixels.
    pub size: (u32, u32),
    /// The language it asks for, such as `en-US`.
    pub language: String,
    /// More arguments for Chromium.
    pub args: Vec<String>,
    /// Settings of its profile.
    pub preferences: Vec<(String, Value)>,
    /// Whether it remembers what goes over the wire.
    pub traffic: bool,
}

impl Default for Browser {
    fn default() -> Self {
        Self {
            size: (1280, 800),
            language: "en-US".to_owned(),
            args: Vec::new(),
            preferences: Vec::new(),
            traffic: false,
        }
    }
}

/// A browser with its own empty profile.
#[derive(Debug)]
pub struct Session {
    http: Http,
    base: String,
    browser_id: Option<u32>,
    closed: bool,
    folder: Scratch,
    _driver: Arc<Driver>,
}

/// An element of the page, by WebDriver's name for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Element(pub String);

impl Element {
    /// As an argument of a script.
    pub fn to_value(&self) -> Value {
        json!({ ELEMENT: self.0 })
    }

    /// From the result of a script.
    pub fn from_value(value: &Value) -> Option<Self> {
        value[ELEMENT].as_str().map(|id| Self(id.to_owned()))
    }
}

impl Session {
    /// Starts a browser.
    pub async fn open(browser: &Browser) -> Outcome<Self> {
        let driver = Driver::shared()?;
        let folder = Scratch::new()?;
        let http = Http::default();
        let (width, height) = browser.size;
        let mut args: Vec<String> = [
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--disable-dev-shm-usage",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
        ]
        .map(str::to_owned)
        .to_vec();
        args.push(format!("--user-data-dir={}", folder.path().join("profile").display()));
        args.push(format!("--window-size={width},{height}"));
        args.push(format!("--lang={}", browser.language));
        args.push(format!("--accept-lang={}", browser.language));
        args.extend(browser.args.iter().cloned());
        let mut preferences = json!({
            "download.default_directory": folder.path().join("downloads"),
            "download.prompt_for_download": false,
        });
        for (key, value) in &browser.preferences {
            preferences[key] = value.clone();
        }
        let traffic = if browser.traffic { "ALL" } else { "OFF" };
        let wanted = json!({"capabilities": {"alwaysMatch": {
            "browserName": "chrome",
            "pageLoadStrategy": "eager",
            "unhandledPromptBehavior": "ignore",
            "goog:loggingPrefs": {"browser": "ALL", "performance": traffic},
            "goog:chromeOptions": {
                "binary": places::chromium()?,
                "args": args,
                "prefs": preferences,
            },
        }}});
        let answer = http.post(&format!("{}/session", driver.address), &wanted).await?.json();
        let value = &answer["value"];
        let Some(id) = value["sessionId"].as_str() else {
            return Err(Trouble::new(format!("no browser: {}", value["message"])));
        };
        let browser_id = value["capabilities"]["goog:processID"].as_u64();
        let session = Self {
            base: format!("{}/session/{id}", driver.address),
            http,
            browser_id: browser_id.and_then(|id| u32::try_from(id).ok()),
            closed: false,
            folder,
            _driver: driver,
        };
        session.resize(width, height).await?;
        Ok(session)
    }

    /// Gives the page's area this size, whatever the window's own limits are.
    pub async fn resize(&self, width: u32, height: u32) -> Outcome {
        let metrics =
            json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": false});
        self.cdp("Emulation.setDeviceMetricsOverride", metrics).await.map(drop)
    }

    /// Where this browser puts what it downloads.
    pub fn downloads(&self) -> std::path::PathBuf {
        self.folder.path().join("downloads")
    }

    /// A folder of this session, for files it is given.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Goes to an address.
    pub async fn go(&self, url: &str) -> Outcome {
        self.post("url", &json!({"url": url})).await.map(drop)
    }

    /// Loads the page again.
    pub async fn reload(&self) -> Outcome {
        self.post("refresh", &json!({})).await.map(drop)
    }

    /// Runs a function body in the page; a promise it returns is waited for.
    pub async fn script(&self, body: &str, args: &[Value]) -> Outcome<Value> {
        self.post("execute/sync", &json!({"script": body, "args": args})).await
    }

    /// A command of the DevTools protocol.
    pub async fn cdp(&self, command: &str, params: Value) -> Outcome<Value> {
        self.post("goog/cdp/execute", &json!({"cmd": command, "params": params})).await
    }

    /// Runs a script in every page before its own scripts.
    pub async fn before_each_page(&self, source: &str) -> Outcome {
        let params = json!({ "source": source });
        self.cdp("Page.addScriptToEvaluateOnNewDocument", params).await.map(drop)
    }

    /// Clicks in the middle of an element, as a mouse would.
    pub async fn click(&self, element: &Element) -> Outcome {
        self.post(&format!("element/{}/click", element.0), &json!({})).await.map(drop)
    }

    /// Types into an element; for a file input, the paths of files.
    pub async fn type_into(&self, element: &Element, text: &str) -> Outcome {
        self.post(&format!("element/{}/value", element.0), &json!({ "text": text })).await.map(drop)
    }

    /// Input actions, as WebDriver defines them.
    pub async fn actions(&self, actions: Value) -> Outcome {
        self.post("actions", &json!({ "actions": actions })).await.map(drop)
    }

    /// The role the browser itself computes for an element.
    pub async fn role(&self, element: &Element) -> Outcome<String> {
        let value = self.get(&format!("element/{}/computedrole", element.0)).await?;
        Ok(value.as_str().unwrap_or_default().to_owned())
    }

    /// The accessible name the browser itself computes for an element.
    pub async fn label(&self, element: &Element) -> Outcome<String> {
        let value = self.get(&format!("element/{}/computedlabel", element.0)).await?;
        let name = value.as_str().unwrap_or_default();
        Ok(name.split_whitespace().collect::<Vec<_>>().join(" "))
    }

    /// The handle of the tab in use.
    pub async fn tab(&self) -> Outcome<String> {
        Ok(self.get("window").await?.as_str().unwrap_or_default().to_owned())
    }

    /// Opens another tab and uses it.
    pub async fn new_tab(&self) -> Outcome<String> {
        let tab = self.post("window/new", &json!({"type": "tab"})).await?;
        let handle = tab["handle"].as_str().unwrap_or_default().to_owned();
        self.use_tab(&handle).await?;
        Ok(handle)
    }

    /// Uses another tab.
    pub async fn use_tab(&self, handle: &str) -> Outcome {
        self.post("window", &json!({ "handle": handle })).await.map(drop)
    }

    /// Closes the tab in use; another one must be chosen then.
    pub async fn close_tab(&self) -> Outcome {
        self.send(Method::DELETE, "window", None).await.map(drop)
    }

    /// Goes into a frame of the page.
    pub async fn enter_frame(&self, element: &Element) -> Outcome {
        self.post("frame", &json!({"id": element.to_value()})).await.map(drop)
    }

    /// Goes back to the page that the frames are in.
    pub async fn leave_frame(&self) -> Outcome {
        self.post("frame", &json!({"id": null})).await.map(drop)
    }

    /// A picture of what is seen, PNG.
    pub async fn screenshot(&self) -> Outcome<Vec<u8>> {
        let value = self.get("screenshot").await?;
        STANDARD
            .decode(value.as_str().unwrap_or_default())
            .map_err(|error| Trouble::new(format!("the picture of the page: {error}")))
    }

    /// What the page wrote to its console since the last time.
    pub async fn console(&self) -> Outcome<Vec<String>> {
        let lines = self.post("se/log", &json!({"type": "browser"})).await?;
        let line = |line: &Value| {
            let text = line["message"].as_str().unwrap_or_default();
            format!("{} {text}", line["level"].as_str().unwrap_or_default())
        };
        Ok(lines.as_array().into_iter().flatten().map(line).collect())
    }

    /// Every event of the network since the last time, as the DevTools protocol tells them:
    /// `{"method": "Network.…", "params": {…}}`. Only for a browser with `traffic`.
    pub async fn traffic(&self) -> Outcome<Vec<Value>> {
        let lines = self.post("se/log", &json!({"type": "performance"})).await?;
        let event = |line: &Value| {
            let text = line["message"].as_str().unwrap_or_default();
            let mut event: Value = serde_json::from_str(text).unwrap_or_default();
            event["message"].take()
        };
        let events = lines.as_array().into_iter().flatten().map(event);
        Ok(events
            .filter(|e| e["method"].as_str().is_some_and(|m| m.starts_with("Network.")))
            .collect())
    }

    /// Ends the browser in good order.
    pub async fn close(&mut self) {
        // Whatever is left of it goes with the value.
        self.closed = self.http.send(Method::DELETE, &self.base, None).await.is_ok();
    }

    async fn get(&self, path: &str) -> Outcome<Value> {
        self.send(Method::GET, path, None).await
    }

    async fn post(&self, path: &str, body: &Value) -> Outcome<Value> {
        self.send(Method::POST, path, Some(body)).await
    }

    async fn send(&self, method: Method, path: &str, body: Option<&Value>) -> Outcome<Value> {
        let answer = self.http.send(method, &format!("{}/{path}", self.base), body).await?;
        let mut json = answer.json();
        if answer.status == 200 {
            return Ok(json["value"].take());
        }
        let word = |key: &str| json["value"][key].as_str().unwrap_or_default().to_owned();
        let message = word("message");
        let message = message.lines().next().unwrap_or_default();
        Err(Trouble::new(format!("{path}: {}: {message}", word("error"))))
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        if let (false, Some(id)) = (self.closed, self.browser_id) {
            let mut kill =
                std::process::Command::new(if cfg!(windows) { "taskkill" } else { "kill" });
            let id = id.to_string();
            if cfg!(windows) {
                kill.args(["/F", "/T", "/PID", &id])
            } else {
                kill.arg(id)
            };
            // It may be gone already.
            let _ = kill.stderr(std::process::Stdio::null()).status();
        }
    }
}
