//! The status of the server, and usual durations. Invariant: both come only from answers to other
//! requests; nothing is requested to update them.

use pilotlight_comfy::comfy::{Endpoint, Facts};
use pilotlight_comfy::json;
use pilotlight_comfy::time::At;
use pilotlight_runs::estimate::Waits;
use pilotlight_runs::keep_awake::Event as WarmEvent;
use pilotlight_runs::run::{Event as RunEvent, LongPoll};
use pilotlight_runs::server::Server;
use serde::{Deserialize, Serialize};

use crate::context::Handling;
use crate::effect::Effect;
use crate::session::Session;

/// The storage key of the server's status.
pub const SERVER: &str = "server";
const WAITS: &str = "waits";

/// The stored status of a server, shown when the page is opened again.
#[derive(Serialize, Deserialize)]
struct StoredServer {
    endpoint: String,
    #[serde(default)]
    heard: Option<At>,
    #[serde(default)]
    version: Option<String>,
    #[serde(default)]
    device: Option<String>,
    /// When it was found to lack the extension.
    #[serde(default)]
    lacking: Option<At>,
}

impl Session {
    /// Updates the status from an event of a run. Returns whether the server answered.
    pub(crate) fn learn(&mut self, event: &RunEvent, h: &mut Handling) -> bool {
        // Each file updates the status when it arrives; the last one may never arrive.
        if let RunEvent::Collected(..) = event {
            return false;
        }
        let before = self.server.clone();
        self.server.learn(event, h.now());
        self.learnt(&before, h)
    }

    /// Updates the status from an event of keep-awake. Returns whether the server answered.
    pub(crate) fn learn_from_keep_awake(&mut self, event: &WarmEvent, h: &mut Handling) -> bool {
        let before = self.server.clone();
        self.server.learn_keep_awake(event, h.now());
        self.learnt(&before, h)
    }

    /// Updates status and usage from an answer to a request that belongs to no run.
    pub(crate) fn server_answered(&mut self, asked: At, h: &mut Handling) {
        self.hear(h);
        self.meter_answer(asked, h.now(), h);
    }

    /// Records that the server answered.
    pub(crate) fn hear(&mut self, h: &mut Handling) {
        let before = self.server.clone();
        self.server.heard_at = Some(h.now());
        self.learnt(&before, h);
    }

    fn learnt(&mut self, before: &Server, h: &mut Handling) -> bool {
        let is_heard = self.server.heard_at != before.heard_at;
        if is_heard {
            self.store_server(h);
        }
        if self.server != *before {
            h.push(Effect::ServerChanged);
        }
        is_heard
    }

    pub(crate) fn store_server(&self, h: &mut Handling) {
        let Some(endpoint) = &self.endpoint else { return };
        let facts = self.server.facts.clone().unwrap_or_default();
        let stored = StoredServer {
            endpoint: endpoint.key(),
            heard: self.server.heard_at,
            version: facts.version,
            device: facts.device,
            lacking: self.server.lacking_at.filter(|_| self.server.long_poll == LongPoll::Absent),
        };
        h.store(SERVER, json::to_text(&stored));
    }

    /// Reads the stored status and durations of this server.
    pub(crate) fn recall_server(&mut self, h: &Handling) {
        (self.server, self.waits) = recall(self.endpoint.as_ref(), |key| h.get(key));
    }

    /// Returns the keys of the durations of waking and of runs of a form.
    pub fn wait_kinds(&self, form: &str) -> (String, String) {
        let key = self.endpoint.as_ref().map(Endpoint::key).unwrap_or_default();
        (format!("waking {key}"), format!("running {form} {key}"))
    }

    pub(crate) fn learn_wait(&mut self, kind: &str, ms: u64, h: &mut Handling) {
        // Another tab may have added durations meanwhile.
        self.waits = h.get(WAITS).and_then(|text| json::from_text(&text)).unwrap_or_default();
        self.waits.add(kind, ms);
        h.store(WAITS, json::to_text(&self.waits));
        h.push(Effect::ServerChanged);
    }
}

/// Returns the stored status and durations of a server.
fn recall(endpoint: Option<&Endpoint>, get: impl Fn(&str) -> Option<String>) -> (Server, Waits) {
    let waits = get(WAITS).and_then(|text| json::from_text(&text));
    let stored: Option<StoredServer> = get(SERVER).and_then(|text| json::from_text(&text));
    let key = endpoint.map(Endpoint::key);
    let stored = stored.filter(|stored| Some(&stored.endpoint) == key.as_ref());
    (stored.map(StoredServer::recalled).unwrap_or_default(), waits.unwrap_or_default())
}

impl StoredServer {
    fn recalled(self) -> Server {
        let facts = Facts { version: self.version, device: self.device, vram_total_bytes: None };
        Server {
            heard_at: self.heard,
            facts: facts.version.is_some().then_some(facts),
            long_poll: self.lacking.map_or(LongPoll::Unknown, |_| LongPoll::Absent),
            holds: self.lacking.map_or(LongPoll::Unknown, |_| LongPoll::Absent),
            lacking_at: self.lacking,
        }
    }
}
