//! The pretend cloud behind a scenario: told how to behave, asked what it saw.
//!
//! Invariant: its control addresses are its own; the page reaches them through nothing.

use std::time::{Duration, Instant};

use reqwest::{Client, StatusCode};
use serde_json::{Value, json};

use crate::http;
use crate::places;
use crate::program::{self, Program};
use crate::trouble::{Outcome, Trouble};

/// How soon a server must have noticed that its client has left.
const LEAVE_TIME: Duration = Duration::from_secs(3);

/// A running emulator.
#[derive(Debug)]
pub struct Emulator {
    program: Program,
    http: Client,
    /// `http://127.0.0.1:PORT`.
    pub address: String,
}

/// A request as it arrived.
#[derive(Debug, Clone)]
pub struct Entry {
    pub at_ms: u64,
    pub method: String,
    pub path: String,
    pub query: String,
    pub model: Option<String>,
    /// `None` while it is held, after a reset and after the client left.
    pub status: Option<u64>,
    /// `reply`, `reset`, `cut`, `abandoned` or `held`.
    pub ended: String,
    pub held_ms: Option<u64>,
    /// Names in small letters.
    pub headers: Value,
}

impl Entry {
    /// `GET /openai/api/queue`.
    pub fn line(&self) -> String {
        format!("{} {}", self.method, self.path)
    }
}

/// A prompt that the pretend ComfyUI took, by its id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    pub id: String,
    /// How often it was queued.
    pub queued: u64,
    /// How often it was started.
    pub starts: u64,
    /// `queued`, `running`, `success`, `error`, `interrupted`, `deleted` or `lost`.
    pub outcome: String,
}

/// One execution of a prompt, with its moments in the emulator's time.
#[derive(Debug, Clone)]
pub struct Execution {
    pub id: String,
    pub queued_ms: u64,
    pub started_ms: Option<u64>,
    pub ended_ms: Option<u64>,
    pub outcome: String,
    /// It belongs to somebody else.
    pub foreign: bool,
}

impl Emulator {
    /// Starts one on a free port. `settings`: parameters as in its `--help`.
    pub fn start(scenario: &str, speed: f64, settings: &[(String, String)]) -> Outcome<Self> {
        let mut args: Vec<String> =
            ["--listen", "127.0.0.1:0", "--until-stdin-closes", "--scenario", scenario, "--speed"]
                .map(str::to_owned)
                .to_vec();
        args.push(speed.to_string());
        for (key, value) in settings {
            args.extend(["--set".to_owned(), format!("{key}={value}")]);
        }
        let (program, address) = Program::start(&places::emulator()?, args, program::address)?;
        Ok(Self { program, http: http::client()?, address })
    }

    /// Where kubeai is, for a page or a relay.
    pub fn upstream(&self) -> String {
        format!("{}/openai", self.address)
    }

    /// Changes how it behaves from now on.
    pub async fn set(&self, what: Value) -> Outcome {
        let url = format!("{}/__emulator/set", self.address);
        let answer = self.http.post(url).json(&what).send().await?;
        if answer.status() == StatusCode::OK {
            return Ok(());
        }
        let why = answer.text().await?;
        Err(Trouble::new(format!("the emulator refuses {what}: {why}")))
    }

    /// Kills the pod.
    pub async fn kill(&self) -> Outcome {
        self.set(json!({"kill": true})).await
    }

    /// Its whole state, as it shows it.
    pub async fn state(&self) -> Outcome<Value> {
        self.read("state").await
    }

    /// Every request so far.
    pub async fn log(&self) -> Outcome<Vec<Entry>> {
        let log = self.read("log").await?;
        Ok(log.as_array().into_iter().flatten().map(entry).collect())
    }

    /// Waits until no request is held any more, and returns the log: a server notices a moment later
    /// that its client has left.
    ///
    /// # Errors
    ///
    /// When one is still held after 3 s.
    pub async fn log_when_none_is_held(&self) -> Outcome<Vec<Entry>> {
        let deadline = Instant::now() + LEAVE_TIME;
        loop {
            let log = self.log().await?;
            if log.iter().all(|entry| entry.ended != "held") {
                return Ok(log);
            }
            if Instant::now() > deadline {
                return Err(Trouble::new(format!("a request is still held: {log:?}")));
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
    }

    /// What was taken, by prompt id, in order.
    pub async fn taken(&self) -> Outcome<Vec<Taken>> {
        let state = self.state().await?;
        let runs = state["runs"].as_array().into_iter().flatten();
        Ok(runs
            .map(|run| Taken {
                id: text(run, "prompt_id"),
                queued: run["queued"].as_u64().unwrap_or(0),
                starts: run["starts"].as_u64().unwrap_or(0),
                outcome: text(run, "outcome"),
            })
            .collect())
    }

    /// Every execution, in order.
    pub async fn executions(&self) -> Outcome<Vec<Execution>> {
        let state = self.state().await?;
        let all = state["executions"].as_array().into_iter().flatten();
        Ok(all
            .map(|one| Execution {
                id: text(one, "prompt_id"),
                queued_ms: one["queued_ms"].as_u64().unwrap_or(0),
                started_ms: one["started_ms"].as_u64(),
                ended_ms: one["ended_ms"].as_u64(),
                outcome: text(one, "outcome"),
                foreign: one["foreign"].as_bool().unwrap_or(false),
            })
            .collect())
    }

    /// What it wrote on its outputs.
    pub fn words(&self) -> Vec<String> {
        self.program.words()
    }

    async fn read(&self, what: &str) -> Outcome<Value> {
        let url = format!("{}/__emulator/{what}", self.address);
        Ok(self.http.get(url).send().await?.json().await?)
    }
}

fn text(value: &Value, key: &str) -> String {
    value[key].as_str().unwrap_or_default().to_owned()
}

fn entry(value: &Value) -> Entry {
    Entry {
        at_ms: value["at_ms"].as_u64().unwrap_or(0),
        method: text(value, "method"),
        path: text(value, "path"),
        query: text(value, "query"),
        model: value["model"].as_str().map(str::to_owned),
        status: value["status"].as_u64(),
        ended: text(value, "ended"),
        held_ms: value["held_ms"].as_u64(),
        headers: value["headers"].clone(),
    }
}
