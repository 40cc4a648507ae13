//! A browser per session, driven through one chromedriver per process.
//!
//! Invariant: a session that is dropped ends its browser, at the latest by the browser's process id.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, Weak};

use reqwest::Method;
use serde_json::{Map, Value, json};
use thirtyfour::common::command::{Command, FormatRequestData};
use thirtyfour::{RequestData, SessionId, WebDriver, WebElement, WindowHandle};

use crate::http;
use crate::places::{self, Scratch};
use crate::program::Program;
use crate::trouble::Outcome;

/// A running chromedriver.
#[derive(Debug)]
struct Chromedriver {
    _program: Program,
    address: String,
}

impl Chromedriver {
    /// Returns the chromedriver of this process, starting it if none runs. It ends with the last
    /// session that uses it.
    fn shared() -> Outcome<Arc<Self>> {
        static SHARED: Mutex<Weak<Chromedriver>> = Mutex::new(Weak::new());
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
    driver: WebDriver,
    folder: Scratch,
    _chromedriver: Arc<Chromedriver>,
}

/// What the browser computes for a screen reader: `computedrole` or `computedlabel` of an element.
/// The library has no command for either.
#[derive(Debug)]
struct Computed<'e>(&'static str, &'e WebElement);

impl FormatRequestData for Computed<'_> {
    fn format_request(&self, session: &SessionId) -> RequestData {
        let Self(what, element) = self;
        let path = format!("session/{session}/element/{}/{what}", element.element_id());
        RequestData::new(Method::GET, path)
    }
}

impl Session {
    /// Starts a browser.
    pub async fn open(browser: &Browser) -> Outcome<Self> {
        let chromedriver = Chromedriver::shared()?;
        let folder = Scratch::new()?;
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
        let capabilities = [
            ("browserName", json!("chrome")),
            ("pageLoadStrategy", json!("eager")),
            ("unhandledPromptBehavior", json!("ignore")),
            ("goog:loggingPrefs", json!({"browser": "ALL", "performance": traffic})),
            (
                "goog:chromeOptions",
                json!({"binary": places::chromium()?, "args": args, "prefs": preferences}),
            ),
        ]
        .map(|(key, value)| (key.to_owned(), value))
        .into_iter();
        let driver = WebDriver::builder(&chromedriver.address, capabilities.collect::<Map<_, _>>())
            .client(http::client()?)
            .await?;
        let session = Self { driver, folder, _chromedriver: chromedriver };
        session.resize(width, height).await?;
        Ok(session)
    }

    /// Gives the page's area this size, whatever the window's own limits are.
    pub async fn resize(&self, width: u32, height: u32) -> Outcome {
        let metrics =
            json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": false});
        self.cdp("Emulation.setDeviceMetricsOverride", metrics).await.map(drop)
    }

    /// Returns the folder of this browser's downloads.
    pub fn downloads(&self) -> PathBuf {
        self.folder.path().join("downloads")
    }

    /// Returns a folder of this session, for files that it is given.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Goes to an address.
    pub async fn go(&self, url: &str) -> Outcome {
        Ok(self.driver.goto(url).await?)
    }

    /// Reloads the page.
    pub async fn reload(&self) -> Outcome {
        Ok(self.driver.refresh().await?)
    }

    /// Runs a function body in the page and returns its result; waits for a promise.
    pub async fn script(&self, body: &str, args: &[Value]) -> Outcome<Value> {
        Ok(self.driver.execute(body, args).await?.json().clone())
    }

    /// Returns the element that a script returned.
    ///
    /// # Errors
    /// `value` is no element.
    pub fn element(&self, value: Value) -> Outcome<WebElement> {
        Ok(WebElement::from_json(value, self.driver.handle().clone())?)
    }

    /// Sends a command of the DevTools protocol.
    pub async fn cdp(&self, command: &str, params: Value) -> Outcome<Value> {
        Ok(self.driver.cdp().send_raw(command, params).await?)
    }

    /// Runs a script in every page before its own scripts.
    pub async fn before_each_page(&self, source: &str) -> Outcome {
        let params = json!({ "source": source });
        self.cdp("Page.addScriptToEvaluateOnNewDocument", params).await.map(drop)
    }

    /// Returns the role that the browser computes for an element.
    pub async fn role(&self, element: &WebElement) -> Outcome<String> {
        Ok(self.driver.cmd(Computed("computedrole", element)).await?.value()?)
    }

    /// Returns the accessible name that the browser computes for an element.
    pub async fn label(&self, element: &WebElement) -> Outcome<String> {
        let name: String = self.driver.cmd(Computed("computedlabel", element)).await?.value()?;
        Ok(name.split_whitespace().collect::<Vec<_>>().join(" "))
    }

    /// Returns the handle of the current tab.
    pub async fn tab(&self) -> Outcome<WindowHandle> {
        Ok(self.driver.window().await?)
    }

    /// Opens another tab and switches to it.
    pub async fn new_tab(&self) -> Outcome<WindowHandle> {
        let tab = self.driver.new_tab().await?;
        self.use_tab(&tab).await?;
        Ok(tab)
    }

    /// Switches to another tab.
    pub async fn use_tab(&self, tab: &WindowHandle) -> Outcome {
        Ok(self.driver.switch_to_window(tab.clone()).await?)
    }

    /// Closes the current tab; another one must be switched to then.
    pub async fn close_tab(&self) -> Outcome {
        Ok(self.driver.close_window().await?)
    }

    /// Switches from a frame to the page that it is in.
    pub async fn leave_frame(&self) -> Outcome {
        Ok(self.driver.enter_default_frame().await?)
    }

    /// Performs input actions, in the format of WebDriver.
    pub async fn actions(&self, actions: Value) -> Outcome {
        Ok(self.driver.cmd(Command::PerformActions(actions.into())).await.map(drop)?)
    }

    /// Returns a picture of the visible area, PNG.
    pub async fn screenshot(&self) -> Outcome<Vec<u8>> {
        Ok(self.driver.screenshot_as_png().await?)
    }

    /// Returns what the page wrote to its console since the last call.
    pub async fn console(&self) -> Outcome<Vec<String>> {
        let lines = self.driver.browser_log().await?;
        Ok(lines.iter().map(|line| format!("{} {}", line.level, line.message)).collect())
    }

    /// Returns every network event since the last call, as the DevTools protocol tells them:
    /// `{"method": "Network.…", "params": {…}}`. Only for a browser with `traffic`.
    pub async fn traffic(&self) -> Outcome<Vec<Value>> {
        let lines = self.driver.get_log("performance").await?;
        let events = lines.iter().map(|line| {
            let mut event: Value = serde_json::from_str(&line.message).unwrap_or_default();
            event["message"].take()
        });
        Ok(events
            .filter(|e| e["method"].as_str().is_some_and(|m| m.starts_with("Network.")))
            .collect())
    }

    /// Ends the browser in good order.
    pub async fn close(&mut self) {
        // A browser that could not be ended so is ended when the value is dropped.
        let _ = self.driver.clone().quit().await;
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        // An error says that the browser was closed. Otherwise this keeps the library from asking
        // the driver, which may not answer, and blocking until it does.
        if self.driver.clone().leak().is_err() {
            return;
        }
        let Some(id) = self.driver.capabilities().get("goog:processID").and_then(Value::as_u64)
        else {
            return;
        };
        let id = id.to_string();
        let mut kill = std::process::Command::new(if cfg!(windows) { "taskkill" } else { "kill" });
        if cfg!(windows) {
            kill.args(["/F", "/T", "/PID", &id])
        } else {
            kill.arg(id)
        };
        // It may be gone already.
        let _ = kill.stderr(std::process::Stdio::null()).status();
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use tokio::net::TcpStream;

    use super::*;
    use crate::page::SOON;

    #[tokio::test]
    async fn a_session_that_is_dropped_ends_its_browser() {
        let session = Session::open(&Browser::default()).await.unwrap();
        // Keeps the driver running, which would end the browser otherwise.
        let _other = Session::open(&Browser::default()).await.unwrap();
        let options = session.driver.capabilities().get("goog:chromeOptions").unwrap();
        let address = options["debuggerAddress"].as_str().unwrap();
        let address = address.replace("localhost", "127.0.0.1");
        TcpStream::connect(&address).await.unwrap();
        drop(session);
        let deadline = Instant::now() + SOON;
        while TcpStream::connect(&address).await.is_ok() {
            assert!(Instant::now() < deadline, "the browser still listens on {address}");
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
    }
}
