//! Ways to break the page on purpose, each a small change of its text. Invariant: a test makes
//! sure that every change still fits the text it is made to, exactly once.

use std::path::{Path, PathBuf};

pub struct Mutation {
    pub name: &'static str,
    /// From the root of the workspace.
    pub file: &'static str,
    pub from: &'static str,
    pub to: &'static str,
}

const MACHINE: &str = "crates/runs/src/run/machine.rs";
const KEEP: &str = "crates/runs/src/run/keep.rs";
const CANCEL: &str = "crates/runs/src/run/cancel.rs";
const PACE: &str = "crates/runs/src/run/pace.rs";
const COMFY: &str = "crates/comfy/src/comfy.rs";
const LANE: &str = "crates/runs/src/queue.rs";
const BUDGET: &str = "crates/session/src/budget.rs";
const FILES: &str = "crates/session/src/files.rs";
const QUEUE: &str = "crates/session/src/queue.rs";
const RECORD: &str = "crates/session/src/record.rs";
const RESULTS: &str = "crates/session/src/results.rs";
const RESUME: &str = "crates/session/src/resume.rs";
const RUNS: &str = "crates/session/src/runs.rs";
const SESSION: &str = "crates/session/src/session.rs";
const START: &str = "crates/session/src/start.rs";
const USAGE: &str = "crates/session/src/usage.rs";

pub const ALL: &[Mutation] = &[
    Mutation {
        name: "resubmit without looking",
        file: MACHINE,
        from: "self.enter(Phase::Unconfirmed { restored: false }, context.now);\n                self.again",
        to: "self.enter(Phase::Waking, context.now);\n                self.again",
    },
    Mutation {
        name: "resubmit after one look",
        file: MACHINE,
        from: "(2, pace::UNSEEN_APART_MS, pace::UNSEEN_APART_MS)",
        to: "(1, 0, pace::UNSEEN_APART_MS)",
    },
    Mutation {
        name: "no last look at the history",
        file: MACHINE,
        from: "self.misses.enough = true;\n        self.sleep(pace::LAST_LOOK_MS, context)",
        to: "self.not_at_server(context)",
    },
    Mutation {
        name: "a late answer counts as a late look",
        file: MACHINE,
        from: "let apart = self.asked.since(first);",
        to: "let apart = context.now.since(first);",
    },
    Mutation {
        name: "no backoff",
        file: PACE,
        from: "    half + spread.rotate_left(attempts % 64) % half\n",
        to: "    spread % half.min(10)\n",
    },
    Mutation {
        name: "backoff that never grows",
        file: MACHINE,
        from: "        self.attempts += 1;\n",
        to: "",
    },
    Mutation {
        name: "Retry-After is not read",
        file: MACHINE,
        from: "pace::backoff_ms(self.attempts, fault.retry_after_s,",
        to: "pace::backoff_ms(self.attempts, None,",
    },
    Mutation {
        name: "misses never reset by a sighting",
        file: MACHINE,
        from: "    fn place(&mut self, phase: Phase, now: At) {\n        self.misses = Misses::default();\n",
        to: "    fn place(&mut self, phase: Phase, now: At) {\n",
    },
    Mutation {
        name: "misses never reset by a post",
        file: MACHINE,
        from: "    pub(super) fn send(&mut self, context: &Context) -> Step {\n        self.misses = Misses::default();\n",
        to: "    pub(super) fn send(&mut self, context: &Context) -> Step {\n",
    },
    Mutation {
        name: "interrupt without id",
        file: COMFY,
        from: r#"self.write("interrupt", vec![("prompt_id", id.as_str().into())])"#,
        to: r#"self.write("interrupt", Vec::from([("x", id.as_str().into())]))"#,
    },
    Mutation {
        name: "delete clears the queue",
        file: COMFY,
        from: r#"vec![("delete", Value::Array(vec![id.as_str().into()]))]"#,
        to: r#"vec![("clear", Value::Bool(!id.as_str().is_empty()))]"#,
    },
    Mutation {
        name: "poll after the end",
        file: MACHINE,
        from: "        self.sleeping = false;\n        Step::Rest\n",
        to: "        self.sleeping = false;\n        Step::Look { ask: Ask::History, limit_ms: SECOND_MS }\n",
    },
    Mutation {
        name: "post before storing (counted when accepted)",
        file: MACHINE,
        from: "            self.posts += 1;\n            self.enter(Phase::Submitting, context.now);",
        to: "            self.enter(Phase::Submitting, context.now);",
    },
    Mutation {
        name: "post before storing (the page stores too late)",
        file: RUNS,
        from: "let is_stored_anew = stored != job.run.stored();",
        to: "let is_stored_anew = stored.is_none() != job.run.stored().is_none();",
    },
    Mutation {
        name: "a restored run resubmits by itself",
        file: KEEP,
        from: "                    None => Phase::Unconfirmed { restored: true },",
        to: "                    None => Phase::Unconfirmed { restored: false },",
    },
    Mutation {
        name: "what the history said is not stored",
        file: KEEP,
        from: "            ended: self.came.clone(),",
        to: "            ended: None,",
    },
    Mutation {
        name: "a record that finds no room is not told of",
        file: START,
        from: "                None => h.push(Effect::Show(Notice::RunNotStored(run))),\n",
        to: "                None => {}\n",
    },
    Mutation {
        name: "a batch is started although not all of it is stored",
        file: START,
        from: "if !refused.is_empty() && jobs.len() > 1 && is_available {",
        to: "if !refused.is_empty() && jobs.len() > 99 && is_available {",
    },
    Mutation {
        name: "what a batch shares is not stored",
        file: START,
        from: "        entries.extend(base);\n",
        to: "        drop(base);\n",
    },
    Mutation {
        name: "what a batch shares is deleted while it is needed",
        file: START,
        from: "record.base == Some(base.number))",
        to: "record.base == Some(base.number) && record.run.posts > 0)",
    },
    Mutation {
        name: "a run is sent with the values of the first of its batch",
        file: RECORD,
        from: "                    if !workflow.set(key, value.clone()) {\n",
        to: "                    if values.is_empty() && !workflow.set(key, value.clone()) {\n",
    },
    Mutation {
        name: "a run of a tab that is open is resumed",
        file: RESUME,
        from: "            self.arrivals.ask(run, h);\n",
        to: "            self.arrivals.ask(run, h);\n            self.lock_acquired(run, h);\n",
    },
    Mutation {
        name: "a run is resumed twice in a tab",
        file: RESUME,
        from: "let Some(asked) = self.arrivals.locks.remove(&run) else { return };",
        to: "let asked = self.arrivals.locks.remove(&run).unwrap_or(h.now());",
    },
    Mutation {
        name: "what waits is released while stored runs are on their way",
        file: QUEUE,
        from: "let is_held = self.is_paused || self.arrivals.are_expected();",
        to: "let is_held = self.is_paused;",
    },
    Mutation {
        name: "an answer that nobody waits for is taken for another",
        file: RUNS,
        from: "        self.jobs.iter().position(|job| job.outstanding.requests().contains(&id))\n",
        to: "        let at = self.jobs.iter().position(|job| job.outstanding.requests().contains(&id));\n        at.or_else(|| (!self.jobs.is_empty()).then_some(0))\n",
    },
    Mutation {
        name: "what was asked before is not aborted",
        file: RUNS,
        from: "        former.abort(h);\n",
        to: "        let _ = &former;\n",
    },
    Mutation {
        name: "the record of a run goes before its results are stored",
        file: RESULTS,
        from: "        h.push(Effect::StoreResults { id, run });\n",
        to: "        h.remove(&record_key(run));\n        h.push(Effect::StoreResults { id, run });\n",
    },
    Mutation {
        name: "results that are not stored are not told of",
        file: RESULTS,
        from: "                h.push(Effect::Show(Notice::ResultsNotStored));\n",
        to: "",
    },
    Mutation {
        name: "a file counts as received before it is stored",
        file: FILES,
        from: "                FetchState::Storing(write)\n",
        to: "                let _ = write;\n                FetchState::Ended(Fetched::Here)\n",
    },
    Mutation {
        name: "a run taken up begins as if it was never sent",
        file: KEEP,
        from: "        run.posts = stored.posts;\n",
        to: "",
    },
    Mutation {
        name: "stored files are asked for again",
        file: KEEP,
        from: "            run.here = here.to_vec();\n",
        to: "",
    },
    Mutation {
        name: "an old run is asked after without a press",
        file: KEEP,
        from: "(_, _) if age >= EXPIRES_MS =>",
        to: "(_, _) if age >= EXPIRES_MS * 24 =>",
    },
    Mutation {
        name: "no miss grace: lost after one miss",
        file: MACHINE,
        from: "(3, pace::LOST_AFTER_MS, pace::LOST_AFTER_MS / 2)",
        to: "(1, 0, pace::LOST_AFTER_MS / 2)",
    },
    Mutation {
        name: "waking never gives up",
        file: MACHINE,
        from: "        if context.now.since(from) >= limit_ms {\n            let failure = Failure::OutOfReach { waking,",
        to: "        if !waking && context.now.since(from) >= limit_ms {\n            let failure = Failure::OutOfReach { waking,",
    },
    Mutation {
        name: "a live run gives up at the first fault",
        file: MACHINE,
        from: "            false => (unheard, context.limits.reach_ms),",
        to: "            false => (unheard, 0),",
    },
    Mutation {
        name: "a missed file counts as fetched",
        file: MACHINE,
        from: "            None => {\n                self.heard();\n                self.done(context.now)\n            }\n            Some(fault) if",
        to: "            None => {\n                self.heard();\n                self.done(context.now)\n            }\n            Some(fault) if fault.is_transient() => self.done(context.now),\n            Some(fault) if",
    },
    Mutation {
        name: "cancel is believed at once",
        file: CANCEL,
        from: "            Phase::Waiting | Phase::Waking | Phase::Uploading if self.posts == 0 => {",
        to: "            Phase::Waiting | Phase::Waking | Phase::Uploading | Phase::Submitting => {",
    },
    Mutation {
        name: "only the first copy is stopped",
        file: CANCEL,
        from: "                    self.mark_stopped(true);\n                    self.look(Ask::Queue, context)\n",
        to: "                    self.end(Outcome::Cancelled { confirmed: true }, context.now)\n",
    },
    Mutation {
        name: "replies to older turns are taken",
        file: MACHINE,
        from: "        (turn == self.turn && !self.sleeping && self.is_live()).then_some(self)",
        to: "        (turn.0 <= self.turn.0 && self.is_live()).then_some(self)",
    },
    Mutation {
        name: "three runs at the server",
        file: LANE,
        from: "first.filter(|_| live < DEPTH && !is_paused)",
        to: "first.filter(|_| live < DEPTH + 1 && !is_paused)",
    },
    Mutation {
        name: "a paused queue releases",
        file: LANE,
        from: "live < DEPTH && !is_paused)",
        to: "live < DEPTH || is_paused)",
    },
    Mutation {
        name: "what waits is released as it was wanted, wherever it was moved",
        file: LANE,
        from: "first.is_none_or(|(least, _)| place < least)",
        to: "first.is_none_or(|(least, _)| place < least && place == u32::MAX)",
    },
    Mutation {
        name: "a run that is moved takes the place of the one before and leaves its own to nobody",
        file: LANE,
        from: "    let run = after.remove(from);\n    after.insert(to, run);\n",
        to: "    after.swap(from, to);\n",
    },
    Mutation {
        name: "a pause is forgotten when the page is opened again",
        file: QUEUE,
        from: "        h.store(PAUSED, \"1\".to_owned());\n",
        to: "",
    },
    Mutation {
        name: "the order is forgotten when the page is opened again",
        file: RECORD,
        from: "            place: Some(job.place),\n",
        to: "            place: None,\n",
    },
    Mutation {
        name: "another pod's file of the same name is taken",
        file: COMFY,
        from: "modified > ended.saturating_add(DATE_MARGIN_MS)",
        to: "modified > ended.saturating_add(u64::MAX)",
    },
    Mutation {
        name: "the date of a file is taken to the millisecond",
        file: COMFY,
        from: "const DATE_MARGIN_MS: u64 = 2_000;",
        to: "const DATE_MARGIN_MS: u64 = 0;",
    },
    Mutation {
        name: "another id of the server is not taken over",
        file: MACHINE,
        from: "                self.id = accepted.prompt_id;\n",
        to: "                let _ = accepted.prompt_id;\n",
    },
    Mutation {
        name: "GPU time is metered without an answer",
        file: USAGE,
        from: "        let mut periods = usage::of_run(&job.run, self.usage.watched, h.now());\n        periods.extend(self.idle(h.now()).filter(|_| is_heard));\n",
        to: "        let mut periods = usage::of_run(&job.run, self.usage.watched, h.now());\n        periods.extend(self.idle(h.now()).filter(|_| is_heard || job.run.is_ended()));\n",
    },
    Mutation {
        name: "GPU time between a run and the next is counted as waking",
        file: USAGE,
        from: "live.flat_map(|job| usage::of_run(&job.run, self.usage.watched, h.now())).collect();",
        to: "live.flat_map(|job| usage::of_wait(job.run.pressed(), h.now())).collect();",
    },
    Mutation {
        name: "a limit is passed without asking",
        file: BUDGET,
        from: "            None => self.go_on(request, h),\n",
        to: "            Some(_) if request.count() > 1 => self.go_on(request, h),\n            None => self.go_on(request, h),\n",
    },
    Mutation {
        name: "runs are started although passing the limit was declined",
        file: SESSION,
        from: "Event::LimitDeclined => self.decline_limit(),",
        to: "Event::LimitDeclined => self.accept_limit(h),",
    },
    Mutation {
        name: "the GPU is kept awake when the page is opened",
        file: RESUME,
        from: "        self.ask_to_be_leader(h);\n        self.load_pictures(h);\n    }\n\n    fn ask_to_be_leader",
        to: "        self.ask_to_be_leader(h);\n        self.load_pictures(h);\n        let goal = pilotlight_runs::keep_awake::Goal::Wake;\n        self.request_keep_awake(goal, String::new(), h);\n    }\n\n    fn ask_to_be_leader",
    },
    Mutation {
        name: "nobody resumes the runs of a closed tab",
        file: RESUME,
        from: "        self.arrivals.leader = Leader::This;\n",
        to: "",
    },
    Mutation {
        name: "other tabs are told of results that are not stored",
        file: RESULTS,
        from: "            WriteOutcome::Stored => self.results_changed(ResultsChange::Kept(prompt_id), h),\n            WriteOutcome::Full | WriteOutcome::Refused => {",
        to: "            WriteOutcome::Stored | WriteOutcome::Full => self.results_changed(ResultsChange::Kept(prompt_id), h),\n            WriteOutcome::Refused => {",
    },
];

impl Mutation {
    /// The text of the file with the change made. `Err` says why it does not fit.
    pub fn applied(&self, root: &Path) -> Result<(PathBuf, String), String> {
        let path = root.join(self.file);
        let text = std::fs::read_to_string(&path).map_err(|why| format!("{}: {why}", self.file))?;
        match text.matches(self.from).count() {
            1 => Ok((path, text.replacen(self.from, self.to, 1))),
            n => Err(format!("{}: {} is there {n} times:\n{}", self.name, self.file, self.from)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_change_fits_the_text_it_is_made_to() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let unfit: Vec<String> =
            ALL.iter().filter_map(|mutation| mutation.applied(&root).err()).collect();
        assert!(unfit.is_empty(), "{}", unfit.join("\n"));
    }
}
