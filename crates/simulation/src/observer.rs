//! What the properties need to know: each run as an onlooker between page and gateway sees it.
//! Invariant: what is watched comes from bytes on the wire and from the world's own journal, never
//! from what the page believes; only how a run ended is taken from it, to be judged.

use pilotlight_comfy::comfy::{Request, Response};
use pilotlight_comfy::failure::{ApiError, Failure};
use pilotlight_comfy::id::PromptId;
use pilotlight_emulator::{Outcome as End, World};
use pilotlight_runs::run::{Limits, Outcome};
use pilotlight_session::{Effect, Event};

use crate::browser::{Browser, Store};
use crate::busy::Busy;
use crate::network::{Call, RequestKind};
use crate::pods::{Pods, alive};
use crate::queue_order::QueueOrder;
use crate::report::{Tally, Violation};
use crate::rules;
use crate::script::Script;
use crate::watched::Watched;

const AN_HOUR_MS: u64 = 3_600_000;

/// An onlooker of every run.
pub struct Observer {
    pub violation: Option<Violation>,
    pub(crate) runs: Vec<Watched>,
    pub(crate) limits: Limits,
    pub(crate) calm: bool,
    /// Whether every record finds room.
    has_room: bool,
    pub(crate) line: QueueOrder,
    newest: Option<u64>,
    pub(crate) busy: Busy,
}

impl Observer {
    pub fn new(script: &Script) -> Self {
        Self {
            violation: None,
            runs: Vec::new(),
            limits: script.limits,
            calm: script.calm,
            has_room: script.records_fail_percent == 0,
            line: QueueOrder::new(script.second_tab_at_ms.is_none()),
            newest: None,
            busy: Busy::new(script.idle_delay_ms),
        }
    }

    /// Notes which pod answers.
    pub fn instant(&mut self, world: &World) {
        self.newest = self.newest.max(world.serving_pod());
    }

    fn pods<'a>(&self, world: &'a World) -> Pods<'a> {
        Pods::new(world, self.newest)
    }

    /// Notes the first property that is broken.
    pub(crate) fn judge(&mut self, verdict: rules::Verdict) {
        if let (Err(violation), None) = (verdict, &self.violation) {
            self.violation = Some(violation);
        }
    }

    /// A run is requested; it has no id yet.
    pub fn pressed(&mut self, now: u64) {
        self.runs.push(Watched { pressed: now, ..Watched::default() });
    }

    /// A run is in the list of a tab. Whether it is there for the first time.
    pub fn begins(&mut self, number: usize, id: &PromptId) -> bool {
        let Some(watched) = self.runs.get_mut(number) else { return false };
        let is_first = watched.ids.is_empty();
        if is_first {
            watched.ids.push(id.as_str().to_owned());
            self.line.wanted(number);
        }
        is_first
    }

    /// A request belongs to no run.
    pub fn asked_for_no_run(&mut self, tab: usize, browser: &Browser) {
        let verdict = rules::nothing_is_asked_without_a_press(tab, browser);
        self.judge(verdict);
    }

    /// Runs were requested, `used_ms` after the beginning of the day.
    pub fn started(&mut self, has_started: bool, used_ms: u64, minutes: Option<f64>) {
        self.judge(rules::a_limit_is_asked_about(has_started, used_ms, minutes));
    }

    /// A tab answers to an event with these effects.
    pub fn answered(&mut self, event: &Event, effects: &[Effect]) {
        self.judge(rules::what_is_refused_is_said(event, effects));
        if *event == Event::LimitDeclined {
            self.judge(rules::what_was_declined_is_not_done(effects));
        }
    }

    /// The results of a run are about to be stored.
    pub fn stores_results(&mut self, number: usize, store: &Store) {
        let ids = self.runs.get(number).map_or(&[][..], |run| &run.ids);
        let verdict = rules::stored_until_its_results_are(number, ids, store);
        self.judge(verdict);
    }

    /// The lists of runs changed, or what goes on did.
    pub fn lists(&mut self, browser: &Browser, now: u64) {
        self.busy.goes_on(browser.goes_on(), now);
        self.judge(rules::a_run_is_in_one_list(browser));
    }

    /// How often the picture of a run was uploaded, or was to be.
    pub fn uploads(&self, number: usize) -> u32 {
        self.runs.get(number).map_or(0, |run| run.uploads)
    }

    /// A request leaves the page.
    pub fn asked(
        &mut self,
        number: usize,
        request_kind: RequestKind,
        request: &Request,
        browser: &Browser,
        now: u64,
    ) {
        let (store, order) = (&browser.store, browser.orders.get(number));
        let (Some(watched), Some(job)) = (self.runs.get_mut(number), browser.job(number)) else {
            return;
        };
        let is_released = self.line.left(number);
        let verdict = rules::no_request_without_a_live_run(number, &job.run, request_kind)
            .and_then(|()| rules::released_as_shown(number, is_released, &self.line))
            .and_then(|()| rules::waits_are_bounded(number, watched, request_kind, now))
            .and_then(|()| rules::stops_name_their_run(number, watched, request_kind, request))
            .and_then(|()| rules::stored_before_it_is_sent(number, request_kind, watched, store))
            .and_then(|()| rules::looks_before_sending_again(number, watched, request_kind))
            .and_then(|()| rules::never_sent_again_after_a_restore(number, watched, request_kind))
            .and_then(|()| {
                rules::what_is_here_is_not_asked_for(number, watched, request_kind, store)
            })
            .and_then(|()| rules::what_is_sent_was_requested(number, request_kind, request, order))
            .and_then(|()| {
                rules::an_old_run_is_asked_after_on_a_press_only(number, watched, request_kind)
            });
        let is_file_with_room = self.has_room && matches!(request_kind, RequestKind::File { .. });
        let verdict = verdict.and_then(|()| match is_file_with_room {
            true => rules::what_the_history_said_is_stored(number, &watched.ids, store),
            false => Ok(()),
        });
        watched.first_asked.get_or_insert(now);
        watched.uploads += u32::from(request_kind == RequestKind::Upload);
        if request_kind == RequestKind::Submit {
            watched.posts += 1;
            watched.refused = false;
            watched.forget_misses();
            watched.placed = false;
        }
        watched.failed = None;
        self.judge(verdict);
    }

    /// A reply reaches the page, or the page knows that none will.
    pub fn heard(&mut self, call: &Call, heard: &Response, now: u64) {
        if heard.as_ref().is_ok_and(|reply| reply.status < 500) {
            self.busy.answered(now);
        }
        let watched = call.number.and_then(|number| self.runs.get_mut(number));
        let Some(watched) = watched.filter(|_| !call.given_up) else { return };
        watched.last_status = heard.as_ref().ok().map(|reply| reply.status);
        if call.request_kind == RequestKind::Submit {
            watched.refused = watched.last_status == Some(400);
        }
        if is_transient(call.request_kind, heard) {
            let retry_ms = heard.as_ref().ok().and_then(|reply| reply.retry_after_s);
            let mut retry_ms = retry_ms.map_or(0, |s| u64::from(s.clamp(1, 300)) * 1_000);
            if is_file(call.request_kind) && watched.fail_asked_at == Some(call.asked_at) {
                // Another file of those that were asked for together.
                retry_ms = retry_ms.max(watched.failed.map_or(0, |(_, retry_ms)| retry_ms));
            } else {
                watched.fails += 1;
            }
            watched.fail_asked_at = Some(call.asked_at);
            watched.failed = Some((now, retry_ms));
            return;
        }
        let Ok(reply) = heard else { return };
        // A stop is heard when both of its halves are, files when all of them are.
        let is_part = matches!(call.request_kind, RequestKind::Delete | RequestKind::File { .. });
        if !is_part && (reply.status < 400 || call.request_kind == RequestKind::Wait) {
            watched.fails = 0;
            watched.last_good = Some(now);
        }
        watched.look(call, &reply.body, reply.status, now);
    }

    /// The server took the prompt, under this id; `true` when that is another than the run's own.
    pub fn accepted(&mut self, number: usize, id: &str) -> bool {
        let Some(watched) = self.runs.get_mut(number) else { return false };
        watched.placed = true;
        let is_new = !watched.ids.iter().any(|known| known == id);
        if is_new {
            watched.ids.push(id.to_owned());
        }
        is_new
    }

    /// Whether the pod has the run, whatever the page was told.
    pub fn has(&self, number: usize, world: &World) -> bool {
        let pods = self.pods(world);
        self.runs.get(number).is_some_and(|run| alive(&run.ids, &pods).next().is_some())
    }

    pub fn posts(&self, number: usize) -> u32 {
        self.runs.get(number).map_or(0, |run| run.posts)
    }

    /// How often the run was found after looks that had missed it.
    pub fn forgiven(&self) -> u64 {
        self.runs.iter().map(|run| run.forgiven).sum()
    }

    /// A prompt is about to reach the gateway.
    pub fn post_arrives(&mut self, number: usize, world: &World, now: u64) {
        let Some(watched) = self.runs.get(number) else { return };
        let verdict = rules::one_execution_per_press(number, watched, &self.pods(world), now);
        self.judge(verdict);
    }

    pub fn at_the_server(&mut self, browser: &Browser, world: &World) {
        let verdict = rules::at_most_two_at_the_server(&self.runs, browser, &self.pods(world));
        self.judge(verdict);
    }

    pub fn cancelled(&mut self, number: usize, now: u64) {
        if let Some(watched) = self.runs.get_mut(number) {
            watched.cancelled_at.get_or_insert(now);
            (watched.fails, watched.failed) = (0, None);
        }
    }

    /// The page asks at once when it is looked at again.
    pub fn woken(&mut self, number: usize) {
        if let Some(watched) = self.runs.get_mut(number) {
            watched.failed = None;
            watched.recent.clear();
        }
    }

    pub fn resumed(&mut self, number: usize, now: u64) {
        if let Some(watched) = self.runs.get_mut(number) {
            watched.resumed = true;
            watched.too_old = false;
            watched.restored |= watched.posts > 0;
            watched.begin_again(watched.files, now);
        }
    }

    /// `here`: how many of its files were stored.
    pub fn restored(&mut self, number: usize, here: usize, now: u64) {
        if let Some(watched) = self.runs.get_mut(number) {
            watched.restored |= watched.posts > 0;
            watched.too_old = watched.posts > 0 && now - watched.pressed >= AN_HOUR_MS;
            if watched.posts == 0 {
                self.line.back(number);
            }
            watched.begin_again(here, now);
        }
    }

    /// The bytes of a picture that the page shows.
    pub fn picture(
        &mut self,
        number: usize,
        heard: &Response,
        mark: &str,
        world: &World,
        tally: &mut Tally,
    ) {
        let Some(watched) = self.runs.get_mut(number) else { return };
        watched.files += 1;
        let (watched, pods) = (&self.runs[number], &self.pods(world));
        let verdict = rules::a_picture_is_the_runs_own(number, watched, heard, mark, pods);
        if verdict.is_ok() && !rules::carries(heard, mark) {
            tally.count("also", "another pod's file that is as old as the run's");
        }
        self.judge(verdict);
    }

    /// The bytes of a picture that the page takes for another run's.
    pub fn put_aside(&mut self, number: usize, heard: &Response, mark: &str) {
        self.judge(rules::no_picture_of_its_own_is_put_aside(number, heard, mark));
    }

    pub fn ended(
        &mut self,
        number: usize,
        outcome: &Outcome,
        browser: &Browser,
        world: &World,
        now: u64,
    ) {
        let (limits, calm) = (self.limits, self.calm);
        let Some(watched) = self.runs.get_mut(number) else { return };
        (watched.ended, watched.ended_at) = (true, now);
        self.line.left(number);
        if matches!(outcome, Outcome::Cancelled { confirmed: true }) {
            watched.confirmed_at = Some(now);
        }
        let (watched, pods) = (&self.runs[number], &self.pods(world));
        let mark = browser.orders.get(number).map_or("", |order| order.mark.as_str());
        let verdict = match outcome {
            Outcome::Done { ended, gone } => {
                rules::done_is_what_the_server_made(number, watched, ended, mark, world)
                    .and_then(|()| rules::done_has_every_file(number, watched, ended, gone.len()))
                    .and_then(|()| match calm {
                        true => rules::a_calm_end_is_seen_soon(number, watched, pods, now),
                        false => Ok(()),
                    })
            }
            Outcome::Cancelled { confirmed: true } => {
                rules::cancelled_means_stopped(number, watched, pods)
            }
            Outcome::Cancelled { confirmed: false } => {
                rules::unconfirmed_means_silence(number, watched, now)
            }
            Outcome::Failed(Failure::Lost { .. }) => {
                rules::lost_takes_three_misses(number, watched)
                    .and_then(|()| rules::nothing_finished_is_lost(number, watched, pods))
                    .and_then(|()| {
                        rules::nothing_that_is_here_is_lost(number, watched, &browser.store)
                    })
            }
            Outcome::Failed(Failure::OutOfReach { waking, .. }) => {
                rules::out_of_reach_means_silence(number, watched, *waking, limits, now)
            }
            Outcome::Failed(failure) => {
                rules::failures_are_the_servers(number, watched, failure, world)
            }
        };
        self.judge(verdict);
    }

    /// The world went on past every limit.
    pub fn goes_on(&mut self, browser: &Browser, now: u64, instants: u32) {
        self.judge(rules::every_run_ends(browser, now, instants));
    }

    /// Everything is over.
    pub fn final_state(
        &mut self,
        now: u64,
        browser: &Browser,
        world: &World,
        strangers_stopped: bool,
    ) {
        let verdict = rules::every_run_ends(browser, now, 0)
            .and_then(|()| rules::only_what_can_be_taken_up_stays_stored(browser))
            .and_then(|()| rules::cancelled_stays_stopped(&self.runs, world))
            .and_then(|()| rules::nobody_else_is_stopped(&self.runs, world, strangers_stopped))
            .and_then(|()| rules::each_execution_was_wanted(&self.runs, world))
            .and_then(|()| {
                let runs = self
                    .runs
                    .iter()
                    .map(|run| (run.first_asked.unwrap_or(run.ended_at), run.ended_at));
                rules::a_moment_is_counted_once(browser, self.busy.total_ms(runs, world, now), now)
            });
        self.judge(verdict);
    }

    /// What the page's runs are at in the pod that answers, for the tally.
    pub fn busiest(&self, world: &World) -> &'static str {
        let mut ends: Vec<End> = Vec::new();
        for watched in self.runs.iter().filter(|watched| !watched.ended) {
            ends.extend(alive(&watched.ids, &self.pods(world)).map(|execution| execution.outcome));
        }
        if ends.contains(&End::Running) {
            "running"
        } else if ends.contains(&End::Queued) {
            "queued"
        } else if ends.is_empty() {
            "nothing of ours"
        } else {
            "a finished run"
        }
    }
}

fn is_file(request_kind: RequestKind) -> bool {
    matches!(request_kind, RequestKind::File { .. })
}

pub(crate) fn says_html(heard: &Response) -> bool {
    heard.as_ref().is_ok_and(|reply| reply.body.starts_with(b"<"))
}

/// Whether asking again may help: nothing came, the way was blocked, or it was not what was asked.
fn is_transient(request_kind: RequestKind, heard: &Response) -> bool {
    let reply = match heard {
        Ok(reply) => reply,
        Err(ApiError::Unanswered | ApiError::TimedOut) => return true,
        Err(_) => return false,
    };
    match reply.status {
        429 | 500..=599 => true,
        200..=299 => match request_kind {
            RequestKind::Delete | RequestKind::Interrupt => false,
            RequestKind::File { .. } => says_html(heard),
            RequestKind::Wake
            | RequestKind::Upload
            | RequestKind::Submit
            | RequestKind::History
            | RequestKind::Queue
            | RequestKind::Hold
            | RequestKind::Wait => !reply.body.starts_with(b"{") || !reply.body.ends_with(b"}"),
        },
        _ => false,
    }
}
