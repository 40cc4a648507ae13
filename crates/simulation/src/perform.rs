//! How the effects of a tab are performed. Invariant: an effect is only carried out here; whether
//! there is one is the session's decision.

use pilotlight_comfy::comfy::{self, Response};
use pilotlight_comfy::failure::{Failure, Fault, MadeFrom, Remedy};
use pilotlight_runs::run::{Outcome, Phase};
use pilotlight_session::{
    Call as Request, Effect, Event, Notice, Purpose, ReceivedFile, ResultsChange, RunNumber,
    WriteOutcome,
};

use crate::network::{Call, RequestKind};
use crate::observer::says_html;
use crate::rules;
use crate::scene::Scene;

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
                    let request_kind = request_kind(&call, &mut files_sent);
                    self.stepped();
                    self.send(tab, id, request_kind, *call);
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
                Effect::AcquireHeirLock { .. } => {
                    if self.browser.ask_to_be_leader(tab) {
                        self.later_tell(tab, LOCKS_MS, Event::LeaderLockAcquired);
                    }
                }
                Effect::ReleaseLock(run) => {
                    if let Some(next) = self.browser.release_lock(tab, run) {
                        self.later_tell(next, LOCKS_MS, Event::LockAcquired(run));
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
                Effect::StoreFile { id, from, run, place, file: _ } => {
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
                    if let Some(index) = index {
                        self.observer.stores_results(index, &self.browser.store);
                    }
                    self.browser.store.results.extend(index.filter(|_| is_kept));
                    let outcome = outcome(is_kept);
                    self.later_tell(tab, DATABASE_MS, Event::ResultsStored { id, outcome });
                }
                Effect::SendToTabs(message) => {
                    if self.browser.is_open_in(1 - tab) {
                        self.later_tell(1 - tab, LOCKS_MS, Event::TabMessage(message));
                    }
                }
                Effect::ShowResultsChange(change) => self.shown_from_elsewhere(&change),
                Effect::Show(notice) => self.told(tab, &notice),
                Effect::AskAboutLimit => {
                    self.tally.count("also", "asked about a limit");
                    let answer = match self.chance.percent(70) {
                        true => Event::LimitAccepted,
                        false => Event::LimitDeclined,
                    };
                    self.later_tell(tab, 5_000, answer);
                }
                // Nobody tests the connection here or goes to another server, and a write that fails
                // is not tried again.
                Effect::Probe { .. }
                | Effect::ReleaseHeirLock
                | Effect::LoadResults
                | Effect::RemoveResults(_)
                | Effect::RetryWrite(_)
                | Effect::AbandonWrite(_) => {}
                Effect::ResultsChanged(_)
                | Effect::RunsChanged
                | Effect::RunsStarted { .. }
                | Effect::AnnounceEnd(_)
                | Effect::ShowRefusal(_)
                | Effect::AccessKeyWanted(_)
                | Effect::RunChanged { .. }
                | Effect::ServerChanged
                | Effect::KeepAwakeChanged
                | Effect::UsageChanged
                | Effect::ConnectionTestChanged => {}
            }
        }
    }

    /// A tab looks up what another one has kept.
    fn shown_from_elsewhere(&mut self, change: &ResultsChange) {
        if let ResultsChange::Kept(run) = change {
            self.tally.count("also", "results that another tab shows");
            let index = self.browser.index_of_id(run.as_str());
            let is_kept = index.is_some_and(|index| self.browser.store.results.contains(&index));
            let verdict = rules::results_are_told_of_once_they_are_kept(run.as_str(), is_kept);
            self.observer.judge(verdict);
        }
    }

    fn told(&mut self, tab: usize, notice: &Notice) {
        match notice {
            Notice::RunNotStored(run) => {
                let index = self.browser.tab(tab).and_then(|tab| tab.index(*run));
                self.browser.store.refused.extend(index);
            }
            Notice::NoRoomForRuns => self.tally.count("also", "batches that found no room"),
            Notice::MadeRoom { .. } => {}
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
    pub(crate) fn finished(&mut self, call: &Call, heard: Response) {
        let number = call.number;
        self.note(|| format!("run {number:?} ← {:?} {}", call.request_kind, shown(&heard)));
        self.observer.heard(call, &heard, self.now);
        if !self.browser.is_open_in(call.tab) {
            return;
        }
        let id = call.request_id;
        let RequestKind::File { .. } = call.request_kind else {
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
            self.observer.put_aside(number, &heard, mark);
            self.tally.count("also", "another's file of the same name");
        }
    }

    /// The bytes of a file that the page takes for a run's own.
    fn shown(&mut self, id: &str, heard: Option<&Response>) {
        let found = self.browser.jobs().find(|(_, job)| job.run.id().as_str() == id);
        let (Some((number, _)), Some(heard)) = (found, heard) else { return };
        let mark = self.browser.orders.get(number).map_or("", |order| order.mark.as_str());
        self.observer.picture(number, heard, mark, &self.world, &mut self.tally);
    }

    /// What an onlooker learns from an answer before the page hears it.
    fn learn(&mut self, call: &Call, heard: &Response) {
        let Some(number) = call.number else { return };
        let Some(job) = self.browser.job(number) else { return };
        match call.request_kind {
            RequestKind::Submit => {
                let accepted = comfy::accepted(heard);
                self.answered_to_prompt(call, number, &accepted);
            }
            RequestKind::Wait => self.tally.glimpse(&comfy::wait(heard, job.run.id())),
            RequestKind::Upload if comfy::uploaded(heard).is_ok() => {
                self.tally.count("also", "pictures uploaded");
                if self.observer.uploads(number) > 1 {
                    self.tally.count("also", "pictures uploaded again");
                }
            }
            RequestKind::Upload
            | RequestKind::Wake
            | RequestKind::History
            | RequestKind::Queue
            | RequestKind::File { .. }
            | RequestKind::Delete
            | RequestKind::Interrupt
            | RequestKind::Hold => {}
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
                if self.observer.accepted(number, accepted.prompt_id.as_str()) {
                    self.tally.count("a prompt", "under another id");
                }
            }
            Err(fault) if fault.is_transient() => {
                let there = match self.observer.has(number, &self.world) {
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
        self.observer.ended(number, &outcome, &self.browser, &self.world, self.now);
        let remedy = match &outcome {
            Outcome::Failed(failure) => failure.remedy(MadeFrom::default()),
            Outcome::Done { .. } | Outcome::Cancelled { .. } => return,
        };
        let takes_up = match remedy {
            Remedy::TryAgain | Remedy::LookAgain | Remedy::LookAnyway => true,
            Remedy::RunAgain => matches!(&outcome, Outcome::Failed(Failure::Lost { .. })),
            Remedy::GoToField
            | Remedy::OpenSettings
            | Remedy::MakeOne
            | Remedy::ShrinkPictures
            | Remedy::CopyDetails
            | Remedy::EnterKey => false,
        };
        if takes_up && self.script.mends > 0 {
            self.script.mends -= 1;
            self.tally.count("also", "remedies pressed");
            let ms = 1_000 + self.chance.moment_ms(600_000);
            self.later_mend(number, ms);
        }
    }
}

fn outcome(is_kept: bool) -> WriteOutcome {
    if is_kept { WriteOutcome::Stored } else { WriteOutcome::Full }
}

fn request_kind(call: &Request, files_sent: &mut usize) -> RequestKind {
    match call.purpose {
        Purpose::Wake => RequestKind::Wake,
        Purpose::Upload => RequestKind::Upload,
        Purpose::Submit => RequestKind::Submit,
        Purpose::History => RequestKind::History,
        Purpose::Queue => RequestKind::Queue,
        Purpose::Wait => RequestKind::Wait,
        Purpose::File { place } => {
            *files_sent += 1;
            RequestKind::File { slot: *files_sent - 1, place }
        }
        Purpose::Delete => RequestKind::Delete,
        Purpose::Interrupt => RequestKind::Interrupt,
        Purpose::Hold => RequestKind::Hold,
    }
}

fn shown(heard: &Response) -> String {
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
