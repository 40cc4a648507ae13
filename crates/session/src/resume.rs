//! How stored runs are resumed: after a reload, and those of a tab that is closed. Invariant: a run
//! belongs to the tab that holds its lock; nothing is released until the stored runs are here that
//! no other tab has.

use std::collections::BTreeSet;
use std::rc::Rc;

use pilotlight_engine::comfy::Endpoint;
use pilotlight_engine::form::{Draft, Drafts};
use pilotlight_engine::id::PromptId;
use pilotlight_engine::run::{Run, Step};

use crate::context::Handling;
use crate::effect::Effect;
use crate::job::{Job, Outstanding};
use crate::record::{BASES, Base, RECORDS, RunRecord, base_key, read, record_key};
use crate::request::{Ids, RunNumber, TimerId};
use crate::session::Session;

/// A run whose lock is not granted after so long belongs to another tab.
const OTHERS_MS: u64 = 1_000;
/// The runs of a tab that was closed arrive within this time of each other.
const LATE_MS: u64 = 250;

/// The stored runs that are about to be resumed: one of them may stand first in the queue.
#[derive(Debug, Default)]
pub(crate) struct Arrivals {
    is_open: bool,
    only_form: Option<String>,
    /// How many are expected at once.
    expected: usize,
    /// Fires when no more are expected.
    others: Option<TimerId>,
    /// Fires some time after a late arrival.
    late: Option<TimerId>,
    /// The runs of other tabs whose locks were asked for.
    locks: BTreeSet<RunNumber>,
    /// Runs whose files are being read.
    loading: Vec<RunRecord>,
}

impl Arrivals {
    /// Whether a run may arrive that stands before those that are here.
    pub fn are_expected(&self) -> bool {
        self.expected > 0 || self.late.is_some()
    }

    /// Whether the timer was one of these; then what waits may be released.
    pub fn timer_fired(&mut self, id: TimerId) -> bool {
        if self.others == Some(id) {
            (self.others, self.expected) = (None, 0);
            return true;
        }
        if self.late == Some(id) {
            self.late = None;
            return true;
        }
        false
    }

    fn expect(&mut self, count: usize, ids: &mut Ids, h: &mut Handling) {
        self.expected = count;
        if let Some(former) = self.others.take() {
            h.push(Effect::ClearTimer(former));
        }
        if count > 0 {
            self.others = Some(h.set_timer(ids, OTHERS_MS));
        }
    }
}

impl Session {
    pub(crate) fn open(&mut self, only_form: Option<String>, h: &mut Handling) {
        self.arrivals.is_open = true;
        self.arrivals.only_form = only_form;
        self.heed_pause(h);
        self.recall_server(h);
        self.read_limits(h);
        self.refresh_usage(h);
        self.forget_bases(h);
        self.load_pictures(h);
    }

    pub(crate) fn change_endpoint(&mut self, endpoint: Option<Endpoint>, h: &mut Handling) {
        let key = |endpoint: &Option<Endpoint>| endpoint.as_ref().map(Endpoint::key);
        let is_another = key(&self.endpoint) != key(&endpoint);
        self.endpoint = endpoint;
        if is_another {
            self.recall_server(h);
            self.refresh_usage(h);
            h.push(Effect::ServerChanged);
            if self.arrivals.is_open {
                self.load_pictures(h);
            }
        }
    }

    /// The stored runs of this endpoint that no tab is known to have, by their places.
    fn stored(&self, h: &Handling) -> Vec<RunRecord> {
        let records = h.values(RECORDS);
        let mut records: Vec<RunRecord> = records.iter().filter_map(|text| read(text)).collect();
        records.retain(|record| self.is_mine(record) && !self.has(record.number));
        records.sort_by_key(|record| record.place.unwrap_or(record.number.0));
        records
    }

    /// Whether this tab has a run, or has its lock and is about to have it.
    fn has(&self, run: RunNumber) -> bool {
        let is_loading = self.arrivals.loading.iter().any(|record| record.number == run);
        is_loading || self.job(run).is_some()
    }

    fn is_mine(&self, record: &RunRecord) -> bool {
        let is_here = record.endpoint == self.endpoint.as_ref().map(Endpoint::key);
        let only_form = &self.arrivals.only_form;
        is_here && (only_form.is_none() || *only_form == record.form)
    }

    /// Loads the pictures that stored runs need, before any of them is resumed.
    fn load_pictures(&self, h: &mut Handling) {
        let records = self.stored(h);
        let bases = h.values(BASES);
        let bases = bases.iter().filter_map(|text| read::<Base>(text)).map(|base| base.drafts);
        let drafts = records.into_iter().map(|record| record.drafts).chain(bases);
        let mut hashes: Vec<String> = drafts.flat_map(|drafts| pictures_of(&drafts)).collect();
        hashes.sort_unstable();
        hashes.dedup();
        h.push(Effect::LoadPictures(hashes));
    }

    pub(crate) fn pictures_loaded(&mut self, h: &mut Handling) {
        let records = self.stored(h);
        let Self { arrivals, ids, .. } = self;
        arrivals.expect(records.len(), ids, h);
        for record in records {
            if arrivals.locks.insert(record.number) {
                h.push(Effect::AcquireLock(record.number));
            }
        }
    }

    /// Another tab stored a run: when that tab is closed, this one resumes it.
    pub(crate) fn follow_elsewhere(&mut self, run: RunNumber, h: &mut Handling) {
        let record = h.get(&record_key(run)).and_then(|text| read::<RunRecord>(&text));
        let is_mine = record.is_some_and(|record| self.is_mine(&record));
        if is_mine && !self.has(run) && self.arrivals.locks.insert(run) {
            h.push(Effect::AcquireLock(run));
        }
    }

    pub(crate) fn lock_acquired(&mut self, run: RunNumber, h: &mut Handling) {
        if !self.arrivals.locks.remove(&run) || self.has(run) {
            return;
        }
        // The tab that had it may have gone on with it, even to its end.
        let record = h.get(&record_key(run)).and_then(|text| read::<RunRecord>(&text));
        let Some(record) = record.filter(|record| self.is_resumable(record)) else {
            return self.arrived(h);
        };
        self.heed_pause(h);
        match record.run.ended {
            Some(_) => {
                h.push(Effect::LoadFiles(record.run.prompt_id.clone()));
                self.arrivals.loading.push(record);
            }
            None => self.restore(record, &[], h),
        }
    }

    fn is_resumable(&self, record: &RunRecord) -> bool {
        record.form.as_ref().is_some_and(|form| self.form(form).is_some())
    }

    pub(crate) fn files_loaded(&mut self, run: &PromptId, places: &[usize], h: &mut Handling) {
        let loading = &mut self.arrivals.loading;
        if let Some(at) = loading.iter().position(|record| record.run.prompt_id == *run) {
            let record = loading.swap_remove(at);
            self.restore(record, places, h);
        }
    }

    /// Resumes a run; `here`: the places of its files that are in this browser.
    fn restore(&mut self, record: RunRecord, here: &[usize], h: &mut Handling) {
        let base = record.base.and_then(|base| h.get(&base_key(base)));
        let Some((request, share)) = record.request(base.and_then(|text| read(&text))) else {
            return self.arrived(h);
        };
        let around = self.around(&request.form, h);
        let (run, step) = Run::restore(&record.run, here, self.is_paused, &around);
        let number = record.number;
        self.jobs.push(Job {
            number,
            place: record.place.unwrap_or(number.0),
            request: Rc::new(request),
            run,
            share: share.map(Rc::new),
            uploaded: Vec::new(),
            files: here.to_vec(),
            outstanding: Outstanding::Nothing,
        });
        self.jobs.sort_by_key(|job| job.number);
        h.push(Effect::RunsChanged);
        self.store_results(number, h);
        if step != Step::Rest {
            self.perform(number, step, h);
        }
        self.arrived(h);
    }

    /// One of the stored runs is here, or is none any more.
    fn arrived(&mut self, h: &mut Handling) {
        let Self { arrivals, ids, .. } = self;
        match arrivals.expected {
            // Late, from a tab that was closed: others of it may be on their way.
            0 => {
                if let Some(former) = arrivals.late.take() {
                    h.push(Effect::ClearTimer(former));
                }
                arrivals.late = Some(h.set_timer(ids, LATE_MS));
            }
            1 => {
                arrivals.expect(0, ids, h);
                self.release(h);
            }
            count => arrivals.expected = count - 1,
        }
    }
}

/// The hashes of the pictures that drafts name.
fn pictures_of(drafts: &Drafts) -> Vec<String> {
    let hash = |draft: &Draft| match draft {
        Draft::Picture(Some(picture)) => Some(picture.hash.clone()),
        Draft::Picture(None) | Draft::Text(_) | Draft::Switch(_) => None,
    };
    drafts.iter().filter_map(|(_, draft)| hash(draft)).collect()
}
