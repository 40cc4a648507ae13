//! A scenario's stage: emulator, server and browser, set up, torn down, described on failure.
//!
//! Invariant: at most two scenarios run at once, and whatever happens in one, all its programs end.

use std::io::Write;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::PathBuf;
use std::sync::{Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::emulator::Emulator;
use crate::page::{self, Page};
use crate::places;
use crate::server::Server;
use crate::session::{Browser, Session};
use crate::trouble::{Outcome, Trouble, Verdict};

/// No scenario takes longer, unless it says so.
const LIMIT: Duration = Duration::from_secs(90);
const AT_ONCE: usize = 2;

/// What a scenario is played on, before it stands.
#[derive(Debug, Clone)]
pub struct Stage {
    scenario: String,
    speed: f64,
    settings: Vec<(String, String)>,
    browser: Browser,
    config: Option<String>,
    site: Option<PathBuf>,
    beside: Vec<(String, Vec<u8>)>,
    direct: bool,
    plain: bool,
    below: Option<String>,
    name: Option<String>,
    limit: Duration,
}

impl Stage {
    /// A stage with the emulator in this scenario; see its `--list-scenarios`.
    pub fn new(scenario: &str) -> Self {
        Self {
            scenario: scenario.to_owned(),
            speed: 1.0,
            settings: quick(scenario),
            browser: Browser::default(),
            config: None,
            site: None,
            beside: Vec::new(),
            direct: false,
            plain: false,
            below: None,
            name: None,
            limit: LIMIT,
        }
    }

    /// Sets a parameter of the emulator.
    #[must_use]
    pub fn set(mut self, key: &str, value: impl ToString) -> Self {
        self.settings.push((key.to_owned(), value.to_string()));
        self
    }

    /// Lets the emulator's time pass so many times as fast.
    #[must_use]
    pub fn speed(mut self, speed: f64) -> Self {
        self.speed = speed;
        self
    }

    /// Gives the page this size.
    #[must_use]
    pub fn size(mut self, width: u32, height: u32) -> Self {
        self.browser.size = (width, height);
        self
    }

    /// A browser that asks for Chinese.
    #[must_use]
    pub fn chinese(mut self) -> Self {
        self.browser.language = "zh-CN".to_owned();
        self
    }

    /// One more argument for Chromium.
    #[must_use]
    pub fn browser_arg(mut self, arg: &str) -> Self {
        self.browser.args.push(arg.to_owned());
        self
    }

    /// Serves this in the place of `config.json`, whatever it is.
    #[must_use]
    pub fn config(mut self, text: impl Into<String>) -> Self {
        self.config = Some(text.into());
        self
    }

    /// Serves the page in this folder in the place of the built one.
    #[must_use]
    pub fn site(mut self, dist: PathBuf) -> Self {
        self.site = Some(dist);
        self
    }

    /// Puts a file beside the page.
    #[must_use]
    pub fn beside(mut self, name: &str, bytes: &[u8]) -> Self {
        self.beside.push((name.to_owned(), bytes.to_vec()));
        self
    }

    /// The page is on another site and asks the cloud itself.
    #[must_use]
    pub fn direct(mut self) -> Self {
        self.direct = true;
        self
    }

    /// The page is below this path of a host that serves files and knows nothing else, and asks the
    /// cloud itself.
    #[must_use]
    pub fn below(mut self, path: &str) -> Self {
        self.below = Some(path.to_owned());
        self.direct()
    }

    /// The page is opened over plain http under a host name that ends in `.test`, as on a network: to
    /// the browser no trusted connection (secure context). All names ending so are this machine.
    #[must_use]
    pub fn named(mut self, name: &str) -> Self {
        self.name = Some(name.to_owned());
        self.browser_arg("--host-resolver-rules=MAP *.test 127.0.0.1")
    }

    /// There is no kubeai: the page's server stands in front of a plain ComfyUI.
    #[must_use]
    pub fn plain(mut self) -> Self {
        self.plain = true;
        self
    }

    /// A setting of the browser itself.
    #[must_use]
    pub fn preference(mut self, key: &str, value: Value) -> Self {
        self.browser.preferences.push((key.to_owned(), value));
        self
    }

    /// Remembers what goes over the wire, for [`Session::traffic`].
    #[must_use]
    pub fn with_traffic(mut self) -> Self {
        self.browser.traffic = true;
        self
    }

    /// Allows a scenario more time.
    #[must_use]
    pub fn limit(mut self, seconds: u64) -> Self {
        self.limit = Duration::from_secs(seconds);
        self
    }

    /// Sets everything up, without the page being open yet.
    pub async fn build(&self) -> Outcome<Scene> {
        let emulator = Emulator::start(&self.scenario, self.speed, &self.settings)?;
        let files = places::Scratch::new()?;
        let mut dist = self.site.clone().map_or_else(places::dist, Ok)?;
        let config = match (&self.config, self.direct) {
            (Some(text), _) => Some(text.clone()),
            (None, true) => Some(direct_config(&emulator.upstream()).to_string()),
            (None, false) => None,
        };
        if let Some(path) = &self.below {
            let site = format!("site/{path}");
            files.copy(&site, &dist)?;
            for (name, bytes) in &self.beside {
                files.write(&format!("{site}/{name}"), bytes)?;
            }
            files.write(&format!("{site}/config.json"), config.unwrap_or_default().as_bytes())?;
            let server = Server::of_files(&files.path().join("site"))?;
            let address = format!("{}/{path}", server.as_localhost());
            let session = Session::open(&self.browser).await?;
            session.before_each_page(page::SCRIPT).await?;
            return Ok(Scene { page: Page::new(session), emulator, server, address, files });
        }
        let config = config.map(|text| files.write("config.json", text.as_bytes())).transpose()?;
        // Nothing listens on port 9: the page's server is then no way to the cloud.
        let nowhere = "http://127.0.0.1:9/openai".to_owned();
        let upstream = match (self.direct, self.plain) {
            (true, _) => nowhere,
            (false, true) => emulator.address.clone(),
            (false, false) => emulator.upstream(),
        };
        if !self.beside.is_empty() {
            dist = files.copy("dist", &dist)?;
            for (name, bytes) in &self.beside {
                files.write(&format!("dist/{name}"), bytes)?;
            }
        }
        let server = Server::start_as(self.name.as_deref(), &upstream, dist, config)?;
        let address = match &self.name {
            Some(name) => server.named(name),
            None if self.direct => server.as_localhost(),
            None => server.address.clone(),
        };
        let session = Session::open(&self.browser).await?;
        session.before_each_page(page::SCRIPT).await?;
        Ok(Scene { page: Page::new(session), emulator, server, address, files })
    }

    /// Sets up, looks at the page, takes down: for programs that measure.
    pub async fn look<T>(&self, work: impl AsyncFnOnce(&Scene) -> Outcome<T>) -> Outcome<T> {
        let mut scene = self.build().await?;
        let found = work(&scene).await;
        scene.page.session.close().await;
        found
    }

    /// Plays a scenario: sets up, runs `body`, takes down; on failure says what there was to see.
    ///
    /// # Panics
    /// When the scenario fails; that is how a test fails.
    pub fn play(self, body: impl AsyncFnOnce(&mut Scene) -> Verdict) {
        let _turn = Turn::take();
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
        let runtime = match runtime {
            Ok(runtime) => runtime,
            Err(error) => panic!("no runtime: {error}"),
        };
        let started = Instant::now();
        let mut scene = match runtime.block_on(self.build()) {
            Ok(scene) => scene,
            Err(trouble) => panic!("the stage does not stand: {trouble}"),
        };
        let played = catch_unwind(AssertUnwindSafe(|| {
            runtime.block_on(async {
                match tokio::time::timeout(self.limit, body(&mut scene)).await {
                    Ok(Ok(())) => scene.is_whole().await,
                    Ok(Err(failure)) => Err(format!("{}\n  at {}", failure.why, failure.at)),
                    Err(_) => Err(format!("not at its end after {} s", self.limit.as_secs())),
                }
            })
        }));
        let failed = !matches!(played, Ok(Ok(())));
        if failed {
            runtime.block_on(scene.describe());
        }
        runtime.block_on(scene.page.session.close());
        drop(scene);
        tell_time(started.elapsed());
        match played {
            Ok(Ok(())) => {}
            Ok(Err(why)) => panic!("{why}"),
            Err(panic) => resume_unwind(panic),
        }
    }
}

/// A run of a second shows what a run of two does, where its length is not the point.
fn quick(scenario: &str) -> Vec<(String, String)> {
    if ["demo", "tight", "tight-wait", "two-tabs"].contains(&scenario) {
        return Vec::new();
    }
    [("run_ms", "1000"), ("understand_ms", "800")]
        .map(|(key, value)| (key.to_owned(), value.to_owned()))
        .to_vec()
}

/// What a page needs to know to ask a cloud at `endpoint` itself.
pub fn direct_config(endpoint: &str) -> Value {
    json!({
        "endpoint": endpoint,
        "model": "serverless-comfyui",
        "transport": "direct",
        "workflows": WORKFLOWS,
    })
}

/// The workflows that the page brings along, for configurations of one's own.
pub const WORKFLOWS: [&str; 2] =
    ["workflows/janus-text-to-image.json", "workflows/janus-image-understanding.json"];

/// A stage that stands.
#[derive(Debug)]
pub struct Scene {
    /// The page, in a browser of its own.
    pub page: Page,
    /// The cloud.
    pub emulator: Emulator,
    /// What serves the page.
    pub server: Server,
    /// Where the page is.
    pub address: String,
    files: places::Scratch,
}

impl Scene {
    /// Opens the page and waits until its form can be used.
    pub async fn open(&self) -> Outcome {
        self.open_at("").await
    }

    /// The same with this behind its address, such as `?workflow=lamp.json`.
    pub async fn open_at(&self, rest: &str) -> Outcome {
        self.page.session.go(&format!("{}/{rest}", self.address)).await?;
        self.page.ready().await
    }

    /// Loads the page again and waits until its form can be used.
    pub async fn reload(&self) -> Outcome {
        self.page.session.reload().await?;
        self.page.ready().await
    }

    /// Gives the page's own files other names, as another version of the page has. Only on a stage
    /// with something `beside` the page, which is a copy.
    pub fn rename_version(&self, former: &str, newer: &str) -> Outcome {
        let dist = self.files.path().join("dist");
        let wrong = |error: std::io::Error| format!("{}: {error}", dist.display());
        for entry in std::fs::read_dir(&dist).map_err(wrong)?.flatten() {
            let path = entry.path();
            let name = entry.file_name().to_string_lossy().into_owned();
            if name.ends_with(".br") || name.ends_with(".gz") {
                std::fs::remove_file(&path).map_err(wrong)?;
                continue;
            }
            if name.ends_with(".js") || name.ends_with(".html") {
                let text = std::fs::read_to_string(&path).map_err(wrong)?;
                let text = text.replace(former, newer);
                let text = text.replace("const VERSION = \"", "const VERSION = \"newer-");
                std::fs::write(&path, text).map_err(wrong)?;
            }
            if let Some(rest) = name.strip_prefix(former) {
                std::fs::rename(&path, dist.join(format!("{newer}{rest}"))).map_err(wrong)?;
            }
        }
        Ok(())
    }

    /// Writes a file for the page to be given.
    pub fn file(&self, name: &str, bytes: &[u8]) -> Outcome<PathBuf> {
        self.files.write(name, bytes)
    }

    /// A real picture, PNG, 192 × 192.
    pub fn picture(&self) -> PathBuf {
        places::root().join("public/icons/flame-192.png")
    }

    /// What happened that no scenario asked for: the page broke, or wrote an error of its own.
    async fn is_whole(&self) -> Result<(), String> {
        let crashed = "return document.documentElement.getAttribute('data-crashed')";
        let crashed = self.page.js(crashed, &[]).await.map_err(|trouble| trouble.0)?;
        if let Some(words) = crashed.as_str() {
            return Err(format!("the page broke: {words}"));
        }
        let said = self.page.session.console().await.map_err(|trouble| trouble.0)?;
        match said.iter().find(|line| line.contains("Content Security Policy directive")) {
            Some(line) => Err(format!("the page met its own policy: {line}")),
            None => Ok(()),
        }
    }

    /// Prints what there is to see, and puts it into `TARGET/browser-failures/NAME/`.
    pub async fn describe(&self) {
        let name = std::thread::current().name().unwrap_or("scene").replace("::", ".");
        let folder = places::target().join("browser-failures").join(name);
        let _ = std::fs::create_dir_all(&folder);
        let text = self.page.text().await.unwrap_or_else(|trouble| trouble.0);
        let console = self.page.session.console().await.unwrap_or_else(|trouble| vec![trouble.0]);
        let log = self.emulator.log().await.unwrap_or_default();
        let log: Vec<String> = log
            .iter()
            .map(|e| {
                let status = e.status.map_or_else(|| "—".to_owned(), |status| status.to_string());
                let held = e.held_ms.unwrap_or(0);
                format!("{:>7} {} ?{} {status} {} {held} ms", e.at_ms, e.line(), e.query, e.ended)
            })
            .collect();
        let seen = self.page.js("return JSON.stringify(pilotlightTest.seen, null, 1)", &[]).await;
        let seen = seen.ok().and_then(|seen| seen.as_str().map(str::to_owned)).unwrap_or_default();
        let state = self.emulator.state().await.unwrap_or_default();
        if let Ok(picture) = self.page.session.screenshot().await {
            let _ = std::fs::write(folder.join("page.png"), picture);
        }
        let parts = [
            ("page", text),
            ("console", console.join("\n")),
            ("emulator log", log.join("\n")),
            ("seen", seen),
            ("executions", format!("{}\n{}", state["executions"], state["pod"])),
        ];
        let all: Vec<String> =
            parts.iter().map(|(title, words)| format!("--- {title}\n{words}")).collect();
        let all = all.join("\n");
        let _ = std::fs::write(folder.join("described.txt"), &all);
        println!("{all}\n--- in {}", folder.display());
    }
}

/// With `PILOTLIGHT_TIMES` set, says on the standard error how long a scenario took.
fn tell_time(took: Duration) {
    if std::env::var_os("PILOTLIGHT_TIMES").is_some() {
        let thread = std::thread::current();
        let line = format!("{:6.1} s  {}\n", took.as_secs_f64(), thread.name().unwrap_or_default());
        // Not by a macro: the test runner would keep it to itself.
        let _ = std::io::stderr().write_all(line.as_bytes());
    }
}

/// One of the places for scenarios that run at the same time.
struct Turn;

static TAKEN: Mutex<usize> = Mutex::new(0);
static LEFT: Condvar = Condvar::new();

impl Turn {
    fn take() -> Self {
        let mut taken = TAKEN.lock().unwrap_or_else(PoisonError::into_inner);
        while *taken >= AT_ONCE {
            taken = LEFT.wait(taken).unwrap_or_else(PoisonError::into_inner);
        }
        *taken += 1;
        Self
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        *TAKEN.lock().unwrap_or_else(PoisonError::into_inner) -= 1;
        LEFT.notify_one();
    }
}

/// Fails a scenario with a sentence unless something holds.
///
/// # Errors
/// The sentence.
pub fn ensure(holds: bool, sentence: impl FnOnce() -> String) -> Outcome {
    if holds { Ok(()) } else { Err(Trouble(sentence())) }
}
