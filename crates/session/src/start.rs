//! Adds runs to the queue. Invariant: all runs of a request are stored before anything is sent for
//! any of them; if there is no space for all runs of a batch, none is started.

use std::rc::Rc;

use pilotlight_comfy::id::PromptId;
use pilotlight_comfy::json;
use pilotlight_runs::run::Run;

use crate::context::Handling;
use crate::effect::{Effect, Notice};
use crate::job::{Outstanding, RunEntry};
use crate::record::{BASES, Base, RECORDS, RunRecord, base_key, record_key};
use crate::request::{RunNumber, RunRequest, WriteId};
use crate::session::Session;
use crate::share::Share;
use crate::state::{Start, Write};

/// The storage key of the number of the last run.
const COUNT: &str = "count";

impl Session {
    /// Stores runs, in this order; they are added to the queue once they are stored.
    pub(crate) fn store_runs(
        &mut self,
        requests: Vec<RunRequest>,
        replaced: Vec<RunNumber>,
        h: &mut Handling,
    ) {
        let jobs = self.jobs_of(requests, h);
        let Some(first) = jobs.first() else { return };
        let base = first.share.is_some().then(|| {
            self.forget_bases(h);
            (base_key(first.number), json::to_text(&Base::of(first.number, &first.request)))
        });
        // Before anything is stored, so that this tab is the first to request the lock.
        for job in &jobs {
            h.push(Effect::AcquireLock(job.number));
        }
        let record = |job: &RunEntry| Some((record_key(job.number), self.record(job)?));
        let mut entries: Vec<(String, String)> = jobs.iter().filter_map(record).collect();
        entries.extend(base);
        let id = h.store_records(&mut self.ids, entries);
        self.writes.insert(id, Write::Start(Start { jobs, replaced }));
    }

    fn jobs_of(&mut self, requests: Vec<RunRequest>, h: &mut Handling) -> Vec<RunEntry> {
        let last = self.last_number(h);
        let count = u32::try_from(requests.len()).unwrap_or(u32::MAX);
        if count == 0 {
            return Vec::new();
        }
        h.store(COUNT, last.wrapping_add(count).to_string());
        let mut jobs: Vec<RunEntry> = Vec::with_capacity(requests.len());
        for (request, nth) in requests.into_iter().zip(1..) {
            let number = RunNumber(last.wrapping_add(nth));
            let id = PromptId::from_random((h.context.random)());
            // Each run gets a time of its own, because results are ordered by it.
            let pressed = h.now().plus(jobs.len() as u64);
            let run = Run::new(id, !request.ready.attachments.is_empty(), pressed);
            let (base, first) = jobs
                .first()
                .map_or((number, &request), |first: &RunEntry| (first.number, &*first.request));
            let share = Share::of(base, first, &request).map(Rc::new);
            jobs.push(RunEntry {
                number,
                place: number.0,
                request: Rc::new(request),
                run,
                share,
                uploaded: Vec::new(),
                files: Vec::new(),
                outstanding: Outstanding::Nothing,
                is_waking_told: false,
            });
        }
        if let [alone] = jobs.as_mut_slice() {
            alone.share = None;
        }
        jobs
    }

    /// Returns the highest number so far. The count may be lost if storage is refused, but the
    /// number of a stored run is never reused.
    fn last_number(&self, h: &Handling) -> u32 {
        let count = h.get(COUNT).and_then(|count| count.parse().ok()).unwrap_or(0);
        let stored = h.values(RECORDS);
        let stored = stored.iter().filter_map(|text| json::from_text::<RunRecord>(text));
        let known = self.jobs.iter().map(|job| job.number);
        let known = known.chain(stored.map(|record| record.number));
        known.map(|number| number.0).max().unwrap_or(0).max(count)
    }

    fn record(&self, job: &RunEntry) -> Option<String> {
        let endpoint = self.endpoint.as_ref().map(|endpoint| endpoint.key());
        Some(json::to_text(&RunRecord::of(job, job.run.stored()?, endpoint)))
    }

    /// Stores the current state of a run. Results are written first, if there are any; otherwise
    /// the record of a run that cannot be resumed is removed.
    pub(crate) fn keep(&mut self, run: RunNumber, h: &mut Handling) {
        let Some(job) = self.jobs.iter_mut().find(|job| job.number == run) else { return };
        // A base without records is deleted, and a record that was refused does not refer to it.
        if job.share.as_ref().is_some_and(|share| !h.is_stored(&base_key(share.base))) {
            job.share = None;
        }
        let key = record_key(run);
        let Some(stored) = job.run.stored() else {
            if job.run.brought().is_none() {
                h.remove(&key);
            }
            return;
        };
        let endpoint = self.endpoint.as_ref().map(|endpoint| endpoint.key());
        let mut record = RunRecord::of(job, stored, endpoint);
        let text = json::to_text(&record);
        // The history's reply is the larger part, and can be requested again.
        let fallback = record.run.ended.take().map(|_| json::to_text(&record));
        let id = h.store_records(&mut self.ids, vec![(key, text)]);
        self.writes.insert(id, Write::Record { run, fallback });
    }

    /// Handles the outcome of writing records.
    pub(crate) fn records_stored(
        &mut self,
        id: WriteId,
        refused: &[String],
        is_available: bool,
        h: &mut Handling,
    ) {
        match self.writes.remove(&id) {
            Some(Write::Record { run, fallback }) if !refused.is_empty() => match fallback {
                Some(fallback) => {
                    let entries = vec![(record_key(run), fallback)];
                    let id = h.store_records(&mut self.ids, entries);
                    self.writes.insert(id, Write::Record { run, fallback: None });
                }
                None => h.push(Effect::Show(Notice::RunNotStored(run))),
            },
            Some(Write::Start(start)) => self.start(start, refused, is_available, h),
            Some(Write::Record { .. } | Write::Results { .. }) | None => {}
        }
    }

    fn start(&mut self, start: Start, refused: &[String], is_available: bool, h: &mut Handling) {
        let Start { jobs, replaced } = start;
        if !refused.is_empty() && jobs.len() > 1 && is_available {
            for job in &jobs {
                h.remove(&record_key(job.number));
                h.push(Effect::ReleaseLock(job.number));
            }
            if let Some(first) = jobs.first() {
                h.remove(&base_key(first.number));
            }
            return h.push(Effect::Show(Notice::NoRoomForRuns));
        }
        let Some(first) = jobs.first().map(|job| job.number) else { return };
        // A run that is not stored is started all the same, and a notice says so.
        let lacks_base = refused.contains(&base_key(first));
        for job in &jobs {
            if lacks_base || refused.contains(&record_key(job.number)) {
                h.push(Effect::Show(Notice::RunNotStored(job.number)));
            }
        }
        self.dismiss(&replaced, h);
        if self.jobs.iter().all(|job| job.run.is_ended()) {
            self.round = first;
        }
        let runs = jobs.iter().map(|job| job.number).collect();
        self.jobs.extend(jobs);
        self.jobs.sort_by_key(|job| job.number);
        h.push(Effect::RunsChanged);
        h.push(Effect::RunsStarted { runs, are_again: !replaced.is_empty() });
        self.release(h);
    }

    /// Deletes the bases that no record refers to, in this tab or another.
    pub(crate) fn forget_bases(&self, h: &mut Handling) {
        // The order matters: a base is stored after the records that refer to it.
        let bases: Vec<Base> =
            h.values(BASES).iter().filter_map(|text| json::from_text(text)).collect();
        if bases.is_empty() {
            return;
        }
        let records: Vec<RunRecord> =
            h.values(RECORDS).iter().filter_map(|text| json::from_text(text)).collect();
        for base in bases {
            if !records.iter().any(|record| record.base == Some(base.number)) {
                h.remove(&base_key(base.number));
            }
        }
    }
}
