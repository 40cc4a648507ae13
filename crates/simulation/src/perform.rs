//! How the effects of a tab are performed, and what the person and the world do in between.
//! Invariant: an effect is only carried out here; whether there is one is the session's decision.

use pilotlight_engine::comfy::{self, Heard};
use pilotlight_engine::failure::{Failure, Fault, Remedy};
use pilotlight_engine::run::{Outcome, Phase};
use pilotlight_engine::warm::Goal;
use pilotlight_session::{
    Call as Request, Effect, Event, Notice, Purpose, ReceivedFile, RunNumber, WriteOutcome,
};

use crate::browser::{Order, request};
use crate::scene::{Scene, phase_name};
use crate::script::Act;
use crate::watch::says_html;
use crate::way::{Asking, Call};

/// The longest that a lock takes that nobody holds.
const LOCKS_MS: u64 = 10;
/// The longest that the database takes for an answer.
const DATABASE_MS: u64 = 30;

impl Scene {
    pub(crate) fn perform(&mut self, tab: usize, effects: Vec<Effect>) {
        let mut files_sent = 0;
        for effect in effects {
            match effect {
                Effect::Send { id, call } => {
                    let asking = asking(&call, &mut files_sent);
                    self.stepped();
                    self.send(tab, id, asking, *call);
                }
                Effect::Abort(id) => self.give_up(tab, id),
                Effect::SetTimer { id, ms } => self.later_fire(tab, id, ms),
                // It fires all the same, as one does that is cleared too late.
                Effect::ClearTimer(_) => {}
                Effect::Store { key, value } => {
                    self.browser.write(tab, &key, &value, false);
                }
                Effect::StoreRecords { id, entries } => self.store_records(tab, id, &entries),
                Effect::Remove { key } => self.browser.remove(tab, &key),
                Effect::AcquireLock(run) => {
                    if self.browser.ask_for_lock(tab, run) {
                        self.later_tell(tab, LOCKS_MS, Event::LockAcquired(run));
                    }
                }
                Effect::LoadPictures(_) => self.later_tell(tab, DATABASE_MS, Event::PicturesLoaded),
                Effect::LoadFiles(run) => {
                    let ids = [run.as_str().to_owned()];
                    let places: Vec<usize> = self.browser.store.here(&ids).collect();
                    if !places.is_empty() {
                        self.tally.count("also", "files that were here after a reload");
                    }
                    self.later_tell(tab, DATABASE_MS, Event::FilesLoaded { run, places });
                }
                Effect::StoreFile { id, from, run, place } => {
                    let arrived = self.browser.tabs[tab].as_mut();
                    let heard = arrived.and_then(|tab| tab.arrived.remove(&from));
                    self.shown(run.as_str(), heard.as_ref());
                    let is_kept = !self.chance.percent(self.script.writes_fail_percent);
                    self.tally.count("a file", if is_kept { "stored" } else { "not stored" });
                    if is_kept {
                        self.browser.store.files.insert((run.as_str().to_owned(), place));
                    }
                    let outcome = outcome(is_kept);
                    self.later_tell(tab, DATABASE_MS, Event::FileStored { id, outcome });
                }
                Effect::StoreResults { id, run } => {
                    let is_kept = !self.chance.percent(self.script.writes_fail_percent);
                    let index = self.browser.tab(tab).and_then(|tab| tab.index(run));
                    self.browser.store.results.extend(index.filter(|_| is_kept));
                    let outcome = outcome(is_kept);
                    self.later_tell(tab, DATABASE_MS, Event::ResultsStored { id, outcome });
                }
                Effect::Show(notice) => self.told(tab, &notice),
                Effect::AskAboutLimit => {
                    self.tally.count("also", "asked about a limit");
                    let answer = match self.chance.percent(70) {
                        true => Event::LimitAccepted,
                        false => Event::LimitDeclined,
                    };
                    self.later_tell(tab, 5_000, answer);
                }
                // Nobody tests the connection here.
                Effect::Probe { .. } => {}
                Effect::RunsChanged
                | Effect::RunChanged { .. }
                | Effect::ServerChanged
                | Effect::KeepAwakeChanged
                | Effect::UsageChanged
                | Effect::ConnectionTestChanged => {}
            }
        }
    }

    fn told(&mut self, tab: usize, notice: &Notice) {
        match notice {
            Notice::RunNotStored(run) => {
                let index = self.browser.tab(tab).and_then(|tab| tab.index(*run));
                self.browser.store.refused.extend(index);
            }
            Notice::NoRoomForRuns => self.tally.count("also", "batches that found no room"),
            Notice::ResultsNotStored => self.tally.count("also", "told that results are not kept"),
        }
    }

    fn store_records(
        &mut self,
        tab: usize,
        id: pilotlight_session::WriteId,
        entries: &[(String, String)],
    ) {
        let mut refused = Vec::new();
        for (key, value) in entries {
            if !self.browser.write(tab, key, value, true) {
                refused.push(key.clone());
                continue;
            }
            let number = key.strip_prefix("run.").and_then(|number| number.parse().ok());
            let Some(run) = number.map(RunNumber) else { continue };
            // What is stored is no longer in memory only.
            if let Some(index) = self.browser.tab(tab).and_then(|tab| tab.index(run)) {
                self.browser.store.refused.remove(&index);
            }
            if self.browser.is_open_in(1 - tab) {
                self.later_tell(1 - tab, DATABASE_MS, Event::RecordStoredElsewhere(run));
            }
        }
        let is_available = self.browser.is_available();
        self.dispatch(tab, Event::RecordsStored { id, refused, is_available });
    }

    /// A reply is here, or will never be.
    pub(crate) fn finished(&mut self, call: &Call, heard: Heard) {
        let number = call.number;
        self.note(|| format!("run {number:?} ← {:?} {}", call.asking, shown(&heard)));
        self.watch.heard(call, &heard, self.now);
        if !self.browser.is_open_in(call.tab) {
            return;
        }
        let id = call.request_id;
        let Asking::File { .. } = call.asking else {
            self.learn(call, &heard);
            return self.dispatch(call.tab, Event::Responded { id, response: heard });
        };
        let is_reply = matches!(comfy::viewed(&heard), Ok(true));
        let file = is_reply.then(|| ReceivedFile {
            size_bytes: heard.as_ref().map_or(0, |reply| reply.body.len() as u64),
            media_type: if says_html(&heard) { "text/html" } else { "image/png" }.to_owned(),
        });
        if let Some(tab) = self.browser.tabs[call.tab].as_mut() {
            tab.arrived.insert(id, heard.clone());
        }
        self.dispatch(call.tab, Event::FileResponded { id, response: heard, file });
        // Not taken, although bytes came and the page waited for them.
        let arrived = self.browser.tabs[call.tab].as_mut().and_then(|tab| tab.arrived.remove(&id));
        if let Some(heard) = arrived.filter(|heard| is_reply && !call.given_up && !says_html(heard))
        {
            let number = number.unwrap_or_default();
            let mark = self.browser.orders.get(number).map_or("", |order| order.mark.as_str());
            self.watch.put_aside(number, &heard, mark);
            self.tally.count("also", "another's file of the same name");
        }
    }

    /// The bytes of a file that the page takes for a run's own.
    fn shown(&mut self, id: &str, heard: Option<&Heard>) {
        let found = self.browser.jobs().find(|(_, job)| job.run.id().as_str() == id);
        let (Some((number, _)), Some(heard)) = (found, heard) else { return };
        let mark = self.browser.orders.get(number).map_or("", |order| order.mark.as_str());
        self.watch.picture(number, heard, mark, &self.world, &mut self.tally);
    }

    /// What an onlooker learns from an answer before the page hears it.
    fn learn(&mut self, call: &Call, heard: &Heard) {
        let Some(number) = call.number else { return };
        let Some(job) = self.browser.job(number) else { return };
        match call.asking {
            Asking::Submit => {
                let accepted = comfy::accepted(heard);
                self.answered_to_prompt(call, number, &accepted);
            }
            Asking::Wait => self.tally.glimpse(&comfy::wait(heard, job.run.id())),
            Asking::Upload if comfy::uploaded(heard).is_ok() => {
                self.tally.count("also", "pictures uploaded");
                if self.watch.uploads(number) > 1 {
                    self.tally.count("also", "pictures uploaded again");
                }
            }
            Asking::Upload
            | Asking::Knock
            | Asking::History
            | Asking::Queue
            | Asking::File { .. }
            | Asking::Delete
            | Asking::Interrupt
            | Asking::Hold => {}
        }
    }

    fn answered_to_prompt(
        &mut self,
        call: &Call,
        number: usize,
        accepted: &Result<comfy::Accepted, Fault>,
    ) {
        if call.given_up {
            return;
        }
        match accepted {
            Ok(accepted) => {
                self.browser.knows_as(accepted.prompt_id.as_str(), number);
                if self.watch.accepted(number, accepted.prompt_id.as_str()) {
                    self.tally.count("a prompt", "under another id");
                }
            }
            Err(fault) if fault.is_transient() => {
                let there = match self.watch.has(number, &self.world) {
                    true => "answered badly and there",
                    false => "answered badly and not there",
                };
                self.tally.count("a prompt", there);
            }
            Err(_) => {}
        }
    }

    /// A run is over: is it, and as it is said?
    pub(crate) fn ended(&mut self, number: usize) {
        let Some(job) = self.browser.job(number) else { return };
        let Phase::Ended(outcome) = job.run.phase() else { return };
        let outcome = outcome.clone();
        self.tally.outcome(&outcome);
        self.note(|| format!("run {number} ended: {}", said(&outcome)));
        self.watch.ended(number, &outcome, &self.browser, &self.world, self.now);
        let remedy = match &outcome {
            Outcome::Failed(failure) => failure.remedy(),
            Outcome::Done { .. } | Outcome::Cancelled { .. } => return,
        };
        let takes_up = match remedy {
            Remedy::TryAgain | Remedy::LookAgain | Remedy::LookAnyway => true,
            Remedy::RunAgain => matches!(&outcome, Outcome::Failed(Failure::Lost { .. })),
            Remedy::GoToField | Remedy::OpenSettings | Remedy::EnterKey => false,
        };
        if takes_up && self.script.mends > 0 {
            self.script.mends -= 1;
            self.tally.count("also", "remedies pressed");
            let ms = 1_000 + self.chance.moment_ms(600_000);
            self.later_mend(number, ms);
        }
    }

    /// The remedy of a failed run is pressed.
    pub(crate) fn mend(&mut self, number: usize) {
        let Some(tab) = self.browser.tab_of(number) else { return };
        let Some(job) = self.browser.job(number) else { return };
        let Some(Outcome::Failed(failure)) = job.run.outcome() else { return };
        let is_lost = matches!(failure, Failure::Lost { .. });
        let run = job.number;
        self.note(|| format!("the person presses the remedy of run {number}"));
        if !is_lost {
            self.watch.resumed(number, self.now);
            return self.dispatch(tab, Event::RetryRequested(run));
        }
        let Some(tab_of_it) = self.browser.tab(tab) else { return };
        let lost = tab_of_it.session.lost();
        let lost: Vec<usize> = lost.into_iter().filter_map(|run| tab_of_it.index(run)).collect();
        for number in lost {
            self.wanted(self.browser.orders[number].clone());
        }
        self.tally.count("also", "lost runs run again");
        self.dispatch(tab, Event::RunLostAgainRequested);
    }

    fn wanted(&mut self, order: Order) {
        self.watch.pressed(self.now);
        self.browser.orders.push(order);
        self.tally.count("also", "presses");
    }

    pub(crate) fn press(&mut self, at: usize) {
        let tab = match (self.browser.is_open_in(0), self.browser.is_open_in(1)) {
            (true, true) => at % 2,
            (true, false) => 0,
            (false, true) => 1,
            (false, false) => return,
        };
        let press = self.script.presses[at];
        let mut requests = Vec::new();
        for _ in 0..press.times {
            let number = self.browser.next_number();
            let mark = format!("mark-{number}-{at}-of-this-press");
            let seed = self.chance.below(1 << 53);
            let pictures = self.chance.pick(&[1, 1, 1, 2, 3]);
            let order = Order { kind: press.kind, mark, seed, pictures };
            self.note(|| format!("run {number} is wanted: {:?}", press.kind));
            requests.push(request(&order));
            self.wanted(order);
        }
        let before = self.browser.jobs().count();
        let used_ms = self.browser.used_ms(self.now);
        self.dispatch(tab, Event::RunsRequested(requests));
        let has_started = self.browser.jobs().count() > before;
        self.watch.started(has_started, used_ms, self.script.minutes_per_day);
    }

    pub(crate) fn act(&mut self, act: Act) {
        if !matches!(act, Act::KillPod | Act::StrangerRuns { .. } | Act::StrangerStops)
            && (!self.browser.is_open() || self.asleep_until > self.now)
        {
            return;
        }
        self.note(|| format!("{act:?}"));
        match act {
            Act::Cancel { nth } => self.cancel(nth),
            Act::CancelAll => self.cancel_all(),
            Act::Pause { for_ms } => {
                self.tally.count("also", "pauses");
                self.watch.line.is_paused = true;
                self.dispatch_all(&Event::PauseRequested);
                self.later_resume(for_ms);
            }
            Act::Shift { nth, how } => self.shift(nth, how),
            Act::Reload { away_ms } => self.leave(away_ms),
            Act::Hide { for_ms } => {
                self.browser.is_hidden = true;
                self.tally.count("also", "hidden");
                self.later_show(for_ms);
            }
            Act::Suspend { for_ms } => {
                self.asleep_until = self.now + for_ms;
                self.tally.count("also", "suspended");
                for at in 0..self.calls.len() {
                    self.break_off(at, self.asleep_until);
                }
                self.later_rouse(for_ms);
            }
            Act::Wake => self.wake(),
            Act::KillPod => {
                self.tally.count("pod killed with", self.watch.busiest(&self.world));
                self.world.kill_pod(self.now);
            }
            Act::StrangerRuns { seconds } => self.stranger(seconds),
            Act::StrangerStops => {
                self.stopped_by_stranger = true;
                let body = self
                    .browser
                    .endpoint
                    .model()
                    .map_or("{}".to_owned(), |model| format!("{{\"model\":\"{model}\"}}"));
                self.world_post("interrupt", body);
            }
            Act::LosePictures => self.pictures_lost = true,
            Act::KeepAwake { ms } => {
                let goal = ms.map_or(Goal::Wake, |ms| Goal::Keep { ms });
                self.tally.count("also", "woken or kept awake by a press");
                let Some(tab) = self.browser.tabs.iter().position(Option::is_some) else { return };
                self.dispatch(tab, Event::KeepAwakeRequested(goal, String::new()));
            }
            Act::StopKeepingAwake => self.dispatch_all(&Event::KeepAwakeStopped),
        }
    }

    pub(crate) fn dispatch_all(&mut self, event: &Event) {
        for tab in 0..2 {
            if self.browser.is_open_in(tab) {
                self.dispatch(tab, event.clone());
            }
        }
    }

    /// A tab goes, and comes again; another one that is open resumes its runs meanwhile.
    fn leave(&mut self, away_ms: u64) {
        let tab = usize::from(!self.browser.is_open_in(0));
        let Some(session) = self.browser.tab(tab) else { return };
        let mut numbers = Vec::new();
        for (number, job) in session.jobs() {
            self.tally.count("reloaded in", phase_name(job.run.phase()));
            numbers.push(number);
        }
        for at in 0..self.calls.len() {
            if self.calls[at].tab == tab {
                self.calls[at].given_up = true;
                self.break_off(at, self.now);
            }
        }
        for number in &numbers {
            if self.browser.store.refused.contains(number) {
                // The page has said so: nobody looks after it any more.
                self.tally.count("also", "runs that found no room and were left");
                self.watch.line.left(*number);
                self.watch.runs[*number].is_forgotten = true;
            }
        }
        let granted = self.browser.close(tab);
        self.later_open(tab, away_ms);
        if !granted.is_empty() {
            self.tally.count("also", "runs taken over by another tab");
        }
        for (tab, run) in granted {
            self.dispatch(tab, Event::LockAcquired(run));
        }
    }

    fn cancel(&mut self, nth: usize) {
        let can_cancel = self.browser.jobs().filter(|(_, job)| job.run.can_cancel());
        let live: Vec<usize> = can_cancel.map(|(number, _)| number).collect();
        let Some(number) = live.get(nth % live.len().max(1)).copied() else { return };
        let (Some(job), Some(tab)) = (self.browser.job(number), self.browser.tab_of(number)) else {
            return;
        };
        let run = job.number;
        self.tally.count("cancelled in", phase_name(job.run.phase()));
        self.note(|| format!("the person cancels run {number}"));
        self.watch.cancelled(number, self.now);
        self.dispatch(tab, Event::CancelRequested(run));
        self.look_at_the_pause();
    }

    /// What waits first, and nothing is released meanwhile.
    fn cancel_all(&mut self) {
        let can_cancel = self.browser.jobs().filter(|(_, job)| job.run.can_cancel());
        let numbers: Vec<usize> = can_cancel.map(|(number, _)| number).collect();
        for number in numbers {
            self.tally.count("also", "cancelled together");
            self.watch.cancelled(number, self.now);
        }
        self.dispatch_all(&Event::CancelAllRequested);
        self.look_at_the_pause();
    }

    /// A pause that holds nothing back is over.
    fn look_at_the_pause(&mut self) {
        let is_empty = |tab: &crate::browser::Tab| tab.session.waiting().is_empty();
        if self.browser.tabs.iter().flatten().all(is_empty) {
            self.watch.line.is_paused = false;
        }
    }

    fn shift(&mut self, nth: usize, how: pilotlight_engine::lane::Move) {
        let Some(tab) = self.browser.tabs.iter().position(Option::is_some) else { return };
        let waiting = self.browser.tab(tab).map(|tab| tab.session.waiting()).unwrap_or_default();
        let Some(run) = waiting.get(nth % waiting.len().max(1)).copied() else { return };
        self.tally.count("also", "moved");
        if let Some(number) = self.browser.tab(tab).and_then(|tab| tab.index(run)) {
            self.watch.line.shifted(number, how);
        }
        self.dispatch(tab, Event::MoveRequested(run, how));
    }

    pub(crate) fn resume(&mut self) {
        self.note(|| "the queue goes on".to_owned());
        self.watch.line.is_paused = false;
        self.dispatch_all(&Event::ResumeRequested);
    }

    /// A run of somebody else.
    fn stranger(&mut self, seconds: u64) {
        let model = self.browser.endpoint.model().unwrap_or_default();
        let body = format!(
            r#"{{"model":"{model}","prompt":{{"1":{{"class_type":"JanusModelLoader","inputs":{{"model_name":"deepseek-ai/Janus-Pro-7B"}}}},"2":{{"class_type":"JanusImageGeneration","inputs":{{"prompt":"a stranger's [sleep={seconds}]","seed":{},"batch_size":1,"cfg_weight":5,"temperature":1,"top_p":0.95,"model":["1",0],"processor":["1",1]}}}},"3":{{"class_type":"SaveImage","inputs":{{"filename_prefix":"ComfyUI","images":["2",0]}}}}}}}}"#,
            self.chance.below(1 << 40)
        );
        self.tally.count("also", "strangers' runs");
        self.world_post("prompt", body);
    }

    fn world_post(&mut self, path: &str, body: String) {
        let base = if self.browser.endpoint.model().is_some() { "/openai" } else { "" };
        let request = pilotlight_emulator::Request::new("POST", &format!("{base}/api/{path}"))
            .with_body("application/json", body);
        self.world.handle(request, self.now);
    }
}

fn outcome(is_kept: bool) -> WriteOutcome {
    if is_kept { WriteOutcome::Stored } else { WriteOutcome::Full }
}

fn asking(call: &Request, files_sent: &mut usize) -> Asking {
    match call.purpose {
        Purpose::Wake => Asking::Knock,
        Purpose::Upload => Asking::Upload,
        Purpose::Submit => Asking::Submit,
        Purpose::History => Asking::History,
        Purpose::Queue => Asking::Queue,
        Purpose::Wait => Asking::Wait,
        Purpose::File { place } => {
            *files_sent += 1;
            Asking::File { slot: *files_sent - 1, place }
        }
        Purpose::Delete => Asking::Delete,
        Purpose::Interrupt => Asking::Interrupt,
        Purpose::Hold => Asking::Hold,
    }
}

fn shown(heard: &Heard) -> String {
    match heard {
        Err(error) => format!("{error:?}"),
        Ok(reply) => {
            let text = String::from_utf8_lossy(&reply.body[..reply.body.len().min(90)]);
            let text: String = text.chars().filter(|c| !c.is_control()).collect();
            format!("{} {text}", reply.status)
        }
    }
}

fn said(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Done { ended, gone } => {
            format!("done, {} outputs, {} gone", ended.outputs.len(), gone.len())
        }
        Outcome::Cancelled { confirmed } => format!("cancelled, confirmed: {confirmed}"),
        Outcome::Failed(failure) => {
            let text = format!("{failure:?}");
            format!("failed: {}", text.chars().take(200).collect::<String>())
        }
    }
}
