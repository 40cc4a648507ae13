//! Resumes stored runs: after a reload, and those of closed tabs. Invariant: a run belongs to the
//! tab that holds its lock; nothing is released before all stored runs that no other tab has are
//! resumed.

use std::collections::BTreeSet;
use std::rc::Rc;

use pilotlight_comfy::comfy::Endpoint;
use pilotlight_comfy::id::PromptId;
use pilotlight_comfy::json;
use pilotlight_runs::run::{Run, Step};

use crate::arrivals::{LATE_MS, Leader, OTHERS_MS, OWN_MS};
use crate::context::Handling;
use crate::effect::Effect;
use crate::job::{Outstanding, RunEntry};
use crate::record::{BASES, Base, RECORDS, RunRecord, base_key, pictures_of, record_key};
use crate::request::RunNumber;
use crate::session::Session;

impl Session {
    pub(crate) fn open(&mut self, only_form: Option<String>, h: &mut Handling) {
        self.arrivals.is_open = true;
        self.arrivals.only_form = only_form;
        self.apply_pause(h);
        self.recall_server(h);
        self.read_limits(h);
        self.refresh_usage(h);
        self.forget_bases(h);
        self.ask_to_be_leader(h);
        self.load_pictures(h);
    }

    fn ask_to_be_leader(&mut self, h: &mut Handling) {
        let Some(endpoint) = self.endpoint.as_ref().map(Endpoint::key) else { return };
        if self.settings.has_locks {
            self.arrivals.leader = Leader::Asked;
            let only_form = self.arrivals.only_form.clone();
            h.push(Effect::AcquireHeirLock { only_form, endpoint });
        }
    }

    pub(crate) fn leader_lock_acquired(&mut self, h: &mut Handling) {
        if self.arrivals.leader == Leader::Asked {
            self.arrivals.leader = Leader::This;
            self.arrivals.inheriting = Some(h.set_timer(&mut self.ids, OWN_MS));
        }
    }

    pub(crate) fn ask_for_all(&mut self, h: &mut Handling) {
        for record in self.stored(h) {
            self.arrivals.ask(record.number, h);
        }
    }

    pub(crate) fn change_endpoint(&mut self, endpoint: Option<Endpoint>, h: &mut Handling) {
        let key = |endpoint: &Option<Endpoint>| endpoint.as_ref().map(Endpoint::key);
        if key(&self.endpoint) == key(&endpoint) {
            self.endpoint = endpoint;
            return;
        }
        self.leave_endpoint(h);
        self.endpoint = endpoint;
        self.recall_server(h);
        self.refresh_usage(h);
        self.learn_from_test(h);
        h.push(Effect::ServerChanged);
        if self.arrivals.is_open {
            self.ask_to_be_leader(h);
            self.load_pictures(h);
        }
    }

    /// Removes everything about the server from this page. Its runs stay stored, and are resumed by
    /// a page with that server.
    fn leave_endpoint(&mut self, h: &mut Handling) {
        if self.keep_awake().is_on() {
            self.stop_keep_awake(h);
        }
        for job in std::mem::take(&mut self.jobs) {
            job.outstanding.abort(h);
            h.push(Effect::ReleaseLock(job.number));
        }
        let locks = std::mem::take(&mut self.arrivals.locks);
        locks.into_keys().for_each(|run| h.push(Effect::ReleaseLock(run)));
        self.arrivals.later.clear();
        self.arrivals.loading.clear();
        self.budget.asked = None;
        if self.arrivals.leader != Leader::None {
            (self.arrivals.leader, self.arrivals.inheriting) = (Leader::None, None);
            h.push(Effect::ReleaseHeirLock);
        }
        h.push(Effect::RunsChanged);
    }

    /// Returns the stored runs of this endpoint that no tab is known to have, by position.
    pub(crate) fn stored(&self, h: &Handling) -> Vec<RunRecord> {
        let records = h.values(RECORDS);
        let mut records: Vec<RunRecord> =
            records.iter().filter_map(|text| json::from_text(text)).collect();
        records.retain(|record| self.is_mine(record) && !self.has(record.number));
        records.sort_by_key(|record| record.place.unwrap_or(record.number.0));
        records
    }

    /// Returns whether this tab has a run, or has its lock and is loading it.
    fn has(&self, run: RunNumber) -> bool {
        let is_loading = self.arrivals.loading.iter().any(|record| record.number == run);
        is_loading || self.job(run).is_some()
    }

    fn is_mine(&self, record: &RunRecord) -> bool {
        let is_here = record.endpoint == self.endpoint.as_ref().map(Endpoint::key);
        let only_form = &self.arrivals.only_form;
        is_here && (only_form.is_none() || *only_form == record.form)
    }

    /// Loads the input images of stored runs, before any of them is resumed.
    fn load_pictures(&self, h: &mut Handling) {
        let bases = h.values(BASES);
        let bases =
            bases.iter().filter_map(|text| json::from_text::<Base>(text)).map(|base| base.drafts);
        let drafts = self.stored(h).into_iter().map(|record| record.drafts).chain(bases);
        let hashes: BTreeSet<String> = drafts.flat_map(|drafts| pictures_of(&drafts)).collect();
        h.push(Effect::LoadPictures(hashes.into_iter().collect()));
    }

    pub(crate) fn pictures_loaded(&mut self, h: &mut Handling) {
        let records = self.stored(h);
        let Self { arrivals, ids, .. } = self;
        arrivals.expect(records.len(), ids, h);
        for record in records {
            arrivals.ask(record.number, h);
        }
    }

    /// Requests the stored runs of a form that was opened.
    pub(crate) fn resume_runs_of(&mut self, form: &str, h: &mut Handling) {
        if !self.arrivals.is_open {
            return;
        }
        let mut records = self.stored(h);
        records.retain(|record| record.form.as_deref() == Some(form));
        let asked = &self.arrivals.locks;
        let count = records.iter().filter(|record| !asked.contains_key(&record.number)).count();
        if count > 0 {
            let Self { arrivals, ids, .. } = self;
            arrivals.expect(arrivals.expected + count, ids, h);
            records.iter().for_each(|record| arrivals.ask(record.number, h));
        }
    }

    /// Prepares to resume a run of another tab when that tab is closed, if this tab is the leader.
    pub(crate) fn follow_elsewhere(&mut self, run: RunNumber, h: &mut Handling) {
        if self.arrivals.leader == Leader::This && !self.has(run) {
            let Self { arrivals, ids, .. } = self;
            arrivals.ask_later(run, ids, h);
        }
    }

    /// Requests the lock of a run that another tab has or had.
    pub(crate) fn ask_for_lock(&mut self, run: RunNumber, h: &mut Handling) {
        if !self.has(run) && self.record_to_resume(run, h).is_some() {
            self.arrivals.ask(run, h);
        }
    }

    pub(crate) fn lock_acquired(&mut self, run: RunNumber, h: &mut Handling) {
        // A new run of this tab is not resumed; its lock was not requested here.
        let Some(asked) = self.arrivals.locks.remove(&run) else { return };
        // The tab that had it may have continued it, even to its end.
        let Some(record) = self.record_to_resume(run, h) else {
            h.push(Effect::ReleaseLock(run));
            return self.arrived(h);
        };
        if self.arrivals.others.is_none() && h.now().since(asked) > OTHERS_MS {
            // Its tab was just closed, or is reloading.
            h.push(Effect::ReleaseLock(run));
            let Self { arrivals, ids, .. } = self;
            return arrivals.ask_later(run, ids, h);
        }
        self.apply_pause(h);
        match record.run.ended {
            Some(_) => {
                h.push(Effect::LoadFiles(record.run.prompt_id.clone()));
                self.arrivals.loading.push(record);
            }
            None => self.restore(record, &[], h),
        }
    }

    /// Returns the record of a run, if it is stored and this page has its form.
    fn record_to_resume(&self, run: RunNumber, h: &Handling) -> Option<RunRecord> {
        let record: RunRecord = json::from_text(&h.get(&record_key(run))?)?;
        let has_form = record.form.as_ref().is_some_and(|form| self.form(form).is_some());
        (has_form && self.is_mine(&record)).then_some(record)
    }

    pub(crate) fn files_loaded(&mut self, run: &PromptId, places: &[usize], h: &mut Handling) {
        let loading = &mut self.arrivals.loading;
        if let Some(at) = loading.iter().position(|record| record.run.prompt_id == *run) {
            let record = loading.swap_remove(at);
            self.restore(record, places, h);
        }
    }

    /// Resumes a run; `here`: the indexes of its stored files.
    fn restore(&mut self, record: RunRecord, here: &[usize], h: &mut Handling) {
        let base = record.base.and_then(|base| h.get(&base_key(base)));
        let Some((request, share)) = record.request(base.and_then(|text| json::from_text(&text)))
        else {
            h.push(Effect::ReleaseLock(record.number));
            return self.arrived(h);
        };
        let around = self.around(&request.form, h);
        let (run, step) = Run::restore(&record.run, here, self.is_paused, &around);
        let number = record.number;
        self.jobs.push(RunEntry {
            number,
            place: record.place.unwrap_or(number.0),
            request: Rc::new(request),
            run,
            share: share.map(Rc::new),
            uploaded: Vec::new(),
            files: here.to_vec(),
            outstanding: Outstanding::Nothing,
            is_waking_told: false,
        });
        self.jobs.sort_by_key(|job| job.number);
        h.push(Effect::RunsChanged);
        self.store_results(number, h);
        if step != Step::Rest {
            self.perform(number, step, h);
        }
        self.arrived(h);
    }

    /// Counts a stored run as arrived, even if it cannot be resumed any more.
    fn arrived(&mut self, h: &mut Handling) {
        let Self { arrivals, ids, .. } = self;
        match arrivals.expected {
            // A late arrival, from a closed tab: more of its runs may arrive.
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
