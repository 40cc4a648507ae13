//! Tables that use a page whose browser performs every effect at once.

mod editor;
mod faults;
mod queue;
mod record;
mod results;
mod resume;
mod room;
mod server;
mod start;
mod tabs;
mod usage;

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use pilotlight_comfy::comfy::{Endpoint, Reply, Response, Transport};
use pilotlight_comfy::id::PromptId;
use pilotlight_comfy::language::Language;
use pilotlight_comfy::time::At;
use pilotlight_forms::form::{Draft, FieldKey, Form, Package};
use pilotlight_runs::usage::Zone;

use crate::{
    Call, Context, Effect, Event, Notice, Purpose, RequestId, RunNumber, RunRequest, Session,
    Settings, Storage, TimerId,
};

const WORKFLOW: &str = r#"{"pilotlight":1,"id":"a-form","title":{"en":"A","zh":"甲"},
    "prompt":{"1":{"class_type":"A","inputs":{"text":"","seed":0}},
              "2":{"class_type":"SaveImage","inputs":{"images":["1",0]}}},
    "form":[{"node":"1","input":"text","label":{"en":"Prompt","zh":"词"}},
            {"node":"1","input":"seed","label":{"en":"Seed","zh":"种子"}}],
    "classes":{"A":{"input":{"required":{"text":["STRING",{"multiline":true}],
                                         "seed":["INT",{"min":0,"max":1000}]}}}}}"#;

/// The local storage of a browser, shared by its tabs.
#[derive(Default)]
struct Disk(BTreeMap<String, String>);

impl Storage for Disk {
    fn get(&self, key: &str) -> Option<String> {
        self.0.get(key).cloned()
    }

    fn keys(&self, prefix: &str) -> Vec<String> {
        self.0.keys().filter(|key| key.starts_with(prefix)).cloned().collect()
    }

    fn is_stored(&self, key: &str) -> bool {
        self.0.contains_key(key)
    }
}

#[derive(Default)]
struct Page {
    settings: Settings,
    session: Session,
    timers: Vec<TimerId>,
    disk: Disk,
    now: u64,
    drawn: Cell<u8>,
    /// The keys, or prefixes of keys, whose values are refused.
    refused: Vec<String>,
    /// Whether nothing at all is stored.
    is_unavailable: bool,
    /// The runs whose locks another tab holds.
    held: BTreeSet<u32>,
    /// Whether no other tab is the leader.
    is_leader: bool,
    sent: Vec<(RequestId, Call)>,
    effects: Vec<Effect>,
}

fn form() -> Form {
    Package::parse(WORKFLOW).expect("a workflow").parts().0
}

fn request(words: &str, seed: u64) -> RunRequest {
    let form = form();
    let mut drafts = form.drafts(Language::English);
    drafts.set(FieldKey::new("1", "text"), Draft::Text(words.to_owned()));
    drafts.set(FieldKey::new("1", "seed"), Draft::Text(seed.to_string()));
    let ready = form.check(&drafts, 0).expect("filled in");
    RunRequest { form: form.id, title: words.to_owned(), drafts, ready }
}

fn ok(body: &str) -> Response {
    let body = body.as_bytes().to_vec();
    Ok(Reply {
        status: 200,
        retry_after_s: None,
        from_relay: false,
        modified_ms: None,
        body,
        key: None,
    })
}

impl Page {
    fn new() -> Self {
        let mut page = Self { now: 1_795_336_000_000, is_leader: true, ..Self::default() };
        page.open();
        page
    }

    /// Opens the page again; its state is lost, what is stored stays.
    fn open(&mut self) {
        self.forget();
        self.tell(Event::FormOpened(Rc::new(form())));
        self.tell(Event::Opened { only_form: None });
    }

    /// Opens the page again; its form is opened only after stored runs were requested.
    fn open_before_its_form(&mut self) {
        self.forget();
        self.tell(Event::Opened { only_form: None });
        self.tell(Event::FormOpened(Rc::new(form())));
    }

    fn forget(&mut self) {
        self.session = Session::new(self.settings.clone());
        self.sent.clear();
        self.timers.clear();
        let endpoint = Endpoint::new("openai", Some("m"), Transport::Relay);
        self.tell(Event::EndpointChanged(Some(endpoint)));
    }

    /// Returns the usage of today, in ms.
    fn used_ms(&self) -> u64 {
        self.session.ledger().today(At(self.now), Zone(0)).total_ms()
    }

    fn tell(&mut self, event: Event) {
        let drawn = &self.drawn;
        let context = Context {
            now: At(self.now),
            zone: Zone(0),
            is_hidden: false,
            storage: &self.disk,
            random: &|| {
                drawn.set(drawn.get() + 1);
                [drawn.get(); 16]
            },
        };
        for effect in self.session.handle(event, &context) {
            self.effects.push(effect.clone());
            self.perform(effect);
        }
    }

    fn perform(&mut self, effect: Effect) {
        match effect {
            Effect::Send { id, call } => self.sent.push((id, *call)),
            Effect::Abort(id) => self.sent.retain(|(sent, _)| *sent != id),
            Effect::Store { key, value } => {
                self.disk.0.insert(key, value);
            }
            Effect::StoreRecords { id, entries } => {
                let mut refused = Vec::new();
                for (key, value) in entries {
                    if self.is_unavailable || self.refused.iter().any(|no| key.starts_with(no)) {
                        self.disk.0.remove(&key);
                        refused.push(key);
                    } else {
                        self.disk.0.insert(key, value);
                    }
                }
                let is_available = !self.is_unavailable;
                self.tell(Event::RecordsStored { id, refused, is_available });
            }
            Effect::Remove { key } => {
                self.disk.0.remove(&key);
            }
            Effect::AcquireLock(run) => {
                if !self.held.contains(&run.0) {
                    self.tell(Event::LockAcquired(run));
                }
            }
            Effect::AcquireHeirLock { .. } => {
                if self.is_leader {
                    self.tell(Event::LeaderLockAcquired);
                }
            }
            Effect::LoadPictures(_) => self.tell(Event::PicturesLoaded),
            Effect::LoadFiles(run) => self.tell(Event::FilesLoaded { run, places: Vec::new() }),
            Effect::SetTimer { id, .. } => self.timers.push(id),
            Effect::ClearTimer(id) => self.timers.retain(|set| *set != id),
            Effect::StoreFile { .. }
            | Effect::StoreResults { .. }
            | Effect::LoadResults
            | Effect::RemoveResults(_)
            | Effect::RetryWrite(_)
            | Effect::AbandonWrite(_)
            | Effect::ReleaseLock(_)
            | Effect::ReleaseHeirLock
            | Effect::SendToTabs(_)
            | Effect::ShowResultsChange(_)
            | Effect::ResultsChanged(_)
            | Effect::RunsChanged
            | Effect::RunsStarted { .. }
            | Effect::AnnounceEnd(_)
            | Effect::ShowRefusal(_)
            | Effect::AccessKeyWanted(_)
            | Effect::RunChanged { .. }
            | Effect::ServerChanged
            | Effect::KeepAwakeChanged
            | Effect::UsageChanged
            | Effect::ConnectionTestChanged
            | Effect::AskAboutLimit
            | Effect::Probe { .. }
            | Effect::Show(_) => {}
        }
    }

    fn request(&mut self, words: &[&str]) {
        let requests = words.iter().zip(7..).map(|(words, seed)| request(words, seed));
        self.tell(Event::RunsRequested(requests.collect()));
    }

    /// Answers the outstanding request with this purpose.
    fn answer(&mut self, purpose: Purpose, response: Response) {
        let at = self.sent.iter().position(|(_, call)| call.purpose == purpose);
        let at = at.unwrap_or_else(|| panic!("{purpose:?} was not asked: {:?}", self.purposes()));
        let (id, _) = self.sent.remove(at);
        self.now += 5;
        self.tell(Event::Responded { id, response });
    }

    /// Lets all timers fire.
    fn tick(&mut self) {
        for id in std::mem::take(&mut self.timers) {
            self.tell(Event::TimerFired(id));
        }
    }

    /// Lets the server accept the outstanding prompt.
    fn accept(&mut self) {
        let (_, call) = self.sent.iter().find(|(_, call)| call.purpose == Purpose::Submit).unwrap();
        let id = self.session.job(call.run.unwrap()).unwrap().run.id().clone();
        let taken = format!(r#"{{"prompt_id":"{id}","number":1,"node_errors":{{}}}}"#);
        self.answer(Purpose::Submit, ok(&taken));
    }

    fn purposes(&self) -> Vec<Purpose> {
        self.sent.iter().map(|(_, call)| call.purpose).collect()
    }

    /// Returns the runs by number and phase, such as `1 waiting`.
    fn runs(&self) -> String {
        let phase = |job: &crate::RunEntry| {
            let phase = format!("{:?}", job.run.phase()).to_lowercase();
            let name: String = phase.chars().take_while(char::is_ascii_alphabetic).collect();
            format!("{} {name}", job.number)
        };
        self.session.jobs().iter().map(phase).collect::<Vec<_>>().join(", ")
    }

    fn keys(&self) -> String {
        let kept =
            self.disk.0.keys().filter(|key| key.starts_with("run.") || key.starts_with("base."));
        kept.cloned().collect::<Vec<_>>().join(" ")
    }

    /// Returns the notices since the last call.
    fn notices(&mut self) -> Vec<Notice> {
        let mut shown = Vec::new();
        for effect in std::mem::take(&mut self.effects) {
            if let Effect::Show(notice) = effect {
                shown.push(notice);
            }
        }
        let mut notices: Vec<Notice> = Vec::new();
        for notice in shown {
            if !notices.contains(&notice) {
                notices.push(notice);
            }
        }
        notices
    }
}
