//! The summary of the queue: how many runs are done and waiting, and the remaining time. Invariant:
//! no time is given unless each part of it is known.

use std::ops::Deref;

use super::{Reader, announcement};
use crate::text::QueueText;
use pilotlight_comfy::language::Language;
use pilotlight_comfy::time::{At, SECOND_MS};
use pilotlight_runs::estimate::Range;
use pilotlight_runs::pill::is_held;
use pilotlight_runs::run::{Outcome, Phase, Run, Stage};

/// Up to this many runs are announced one by one; of more, every quarter.
const EACH_TOLD: usize = 4;

/// The summary of runs that were requested together, without canceled ones.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Queue {
    /// Runs that are over.
    pub done: usize,
    /// Runs that wait in the page.
    pub waiting: usize,
    /// Neither waiting nor ended.
    pub live: usize,
    /// All runs.
    pub total: usize,
    /// Whether the queue is paused.
    pub is_paused: bool,
    /// The time until all are done, in ms; `None` if unknown.
    pub left_ms: Option<u64>,
}

/// Returns the summary of runs, each with the usual duration of its workflow.
pub fn queue<R: Deref<Target = Run>>(
    runs: impl IntoIterator<Item = (R, Option<Range>)>,
    usual_waking: Option<Range>,
    is_paused: bool,
    now: At,
) -> Queue {
    let mut queue = Queue { is_paused, ..Queue::default() };
    let mut left_ms = Some(0);
    // Runs of others before this page's runs, whose durations are unknown.
    let mut ahead = 0;
    for (run, usual) in runs {
        let whole = usual.map(middle);
        let left = match run.phase() {
            Phase::Ended(Outcome::Cancelled { .. }) => continue,
            Phase::Ended(outcome) => {
                queue.total += 1;
                let is_done = matches!(outcome, Outcome::Done { .. });
                queue.done += usize::from(is_done && !outcome.lacks_results());
                continue;
            }
            Phase::Waiting => {
                queue.waiting += 1;
                queue.total += 1;
                left_ms = sum(left_ms, whole);
                continue;
            }
            Phase::Collecting { .. } | Phase::Cancelling(_) => Some(0),
            Phase::Running => whole.map(|ms| ms.saturating_sub(elapsed(&run, Stage::Running, now))),
            Phase::Waking if is_held(&run, now) => {
                let gone = elapsed(&run, Stage::Waking, now);
                let waking = usual_waking.map(|usual| middle(usual).saturating_sub(gone));
                sum(waking, whole)
            }
            Phase::Queued { ahead: others } => {
                ahead = ahead.max(others.unwrap_or(0) as usize);
                whole
            }
            Phase::Waking | Phase::Uploading | Phase::Submitting | Phase::Unconfirmed { .. } => {
                whole
            }
        };
        queue.live += 1;
        queue.total += 1;
        left_ms = sum(left_ms, left);
    }
    let is_known = !is_paused && ahead < queue.live.max(1);
    queue.left_ms = left_ms.filter(|ms| is_known && *ms >= SECOND_MS);
    queue
}

impl Queue {
    /// Returns whether the summary says more than the runs' own cards.
    pub fn is_shown(&self) -> bool {
        self.waiting + self.live >= 2 || self.is_paused && self.waiting > 0
    }

    /// Returns the summary as a sentence.
    pub fn line(&self, language: Language) -> String {
        let Self { done, total, waiting, .. } = *self;
        let mut parts = vec![QueueText::Done { done, total }.say(language)];
        if waiting > 0 {
            parts.push(QueueText::Waiting { count: waiting }.say(language));
        }
        if let Some(ms) = self.left_ms {
            parts.push(QueueText::AboutLeft { time: ms }.say(language));
        }
        parts.join(" · ")
    }

    /// Returns the live region's text for a new phase of one of these runs.
    pub fn said(&self, run: &Run, title: &str, reader: &Reader) -> Option<String> {
        if self.total <= EACH_TOLD {
            return announcement(run, title, reader);
        }
        match run.phase() {
            Phase::Waking | Phase::Ended(Outcome::Failed(_)) => announcement(run, title, reader),
            Phase::Ended(Outcome::Done { .. }) => {
                let quarter = |done: usize| done * EACH_TOLD / self.total;
                let is_milestone = quarter(self.done) > quarter(self.done.saturating_sub(1));
                let done = QueueText::Done { done: self.done, total: self.total };
                is_milestone.then(|| done.say(reader.language))
            }
            Phase::Waiting
            | Phase::Uploading
            | Phase::Submitting
            | Phase::Unconfirmed { .. }
            | Phase::Queued { .. }
            | Phase::Running
            | Phase::Collecting { .. }
            | Phase::Cancelling(_)
            | Phase::Ended(Outcome::Cancelled { .. }) => None,
        }
    }
}

fn middle((from, to): Range) -> u64 {
    (from + to) / 2
}

fn sum(one: Option<u64>, other: Option<u64>) -> Option<u64> {
    one?.checked_add(other?)
}

fn elapsed(run: &Run, stage: Stage, now: At) -> u64 {
    run.span(stage).map_or(0, |at| now.since(at.from))
}

#[cfg(test)]
mod tests {
    use super::*;
    use pilotlight_comfy::comfy::Transport;
    use pilotlight_comfy::comfy::{Accepted, Facts};
    use pilotlight_comfy::id::PromptId;
    use pilotlight_comfy::run_status::{Ended, How, StatusReport};
    use pilotlight_runs::run::{Context, Event, Fetched, Limits, LongPoll};

    const NOW: u64 = 100_000;

    /// `w`aiting, waking (`k`) for 20 s, `q`ueued alone, queued behind others' runs (`s`),
    /// `r`unning for 4 s, `d`one, `c`anceled.
    fn run(phase: char) -> Run {
        let context = |now| Context {
            now: At(now),
            heard_at: None,
            long_poll: LongPoll::Absent,
            usual_run_ms: None,
            hidden: false,
            limits: Limits::default(),
        };
        let id = PromptId::from_random([1; 16]);
        let mut run = Run::new(id.clone(), false, At(0));
        let tell = |run: &mut Run, at, event: &dyn Fn(&Run) -> Event| {
            let event = event(run);
            let step = run.update(event, &context(at));
            assert!(step.is_some(), "{phase}: {:?}", run.phase());
        };
        match phase {
            'w' => return run,
            'c' => {
                tell(&mut run, 0, &|_| Event::Cancelled);
                return run;
            }
            _ => tell(&mut run, NOW - 20_000, &|_| Event::Released),
        }
        if phase == 'k' {
            return run;
        }
        tell(&mut run, NOW - 10_000, &|run| Event::WakeReplied(run.turn(), Ok(Facts::default())));
        let accepted = || Accepted { prompt_id: id.clone(), problems: Vec::new() };
        tell(&mut run, NOW - 9_000, &|run| Event::Accepted(run.turn(), Ok(accepted())));
        let seen = match phase {
            'q' => StatusReport::Pending { ahead: 1 },
            's' => StatusReport::Pending { ahead: 3 },
            'r' => StatusReport::Running,
            _ => StatusReport::Ended(Box::new(Ended {
                how: How::Well,
                outputs: Vec::new(),
                ran_ms: None,
                cached: false,
                seeds: Vec::new(),
            })),
        };
        tell(&mut run, NOW - 5_000, &|run| Event::TimerFired(run.turn()));
        tell(&mut run, NOW - 4_000, &|run| Event::Seen(run.turn(), Ok(seen.clone())));
        if matches!(run.phase(), Phase::Collecting { .. }) {
            tell(&mut run, NOW, &|run| Event::Collected(run.turn(), Vec::<Fetched>::new()));
        }
        run
    }

    const USUAL: Option<Range> = Some((8_000, 12_000));
    const WAKING: Option<Range> = Some((50_000, 70_000));

    fn queue_of(phases: &str, usual: Option<Range>, waking: Option<Range>, paused: bool) -> Queue {
        let runs: Vec<Run> = phases.chars().map(run).collect();
        queue(runs.iter().map(|run| (run, usual)), waking, paused, At(NOW))
    }

    #[track_caller]
    fn check(phases: &str, expected: &str) {
        let queue = queue_of(phases, USUAL, WAKING, false);
        assert_eq!(queue.line(Language::English), expected, "{phases}");
    }

    #[test]
    fn what_is_done_what_waits_and_what_remains_is_said() {
        check("rw", "0 of 2 done · 1 waiting · about 16 s left");
        check("ddrqwww", "2 of 7 done · 3 waiting · about 46 s left");
        check("kwww", "0 of 4 done · 3 waiting · about 1 min 20 s left");
        check("dr", "1 of 2 done · about 6 s left");
        // Canceled runs are not counted.
        check("cdrwc", "1 of 3 done · 1 waiting · about 16 s left");
        // Runs of others are before this page's.
        check("sw", "0 of 2 done · 1 waiting");
        check("dd", "2 of 2 done");
    }

    #[track_caller]
    fn check_unknown(phases: &str, usual: Option<Range>, waking: Option<Range>, paused: bool) {
        let queue = queue_of(phases, usual, waking, paused);
        assert_eq!(queue.left_ms, None, "{phases}");
    }

    #[test]
    fn nothing_is_said_without_figures() {
        check_unknown("rw", None, WAKING, false);
        check_unknown("kw", USUAL, None, false);
        check_unknown("rw", USUAL, WAKING, true);
        check_unknown("dd", USUAL, WAKING, false);
    }

    #[track_caller]
    fn check_shown(phases: &str, is_paused: bool, expected: bool) {
        let queue = queue_of(phases, USUAL, WAKING, is_paused);
        assert_eq!(queue.is_shown(), expected, "{phases} {is_paused}");
    }

    #[test]
    fn one_run_alone_needs_no_line() {
        check_shown("", false, false);
        check_shown("r", false, false);
        check_shown("ddddr", false, false);
        check_shown("rq", false, true);
        check_shown("w", true, true);
        check_shown("r", true, false);
    }

    #[track_caller]
    fn check_said(phases: &str, of: char, expected: Option<&str>) {
        let reader = Reader {
            price: None,
            idle_ms: None,
            makes_several: false,
            now: At(NOW),
            language: Language::English,
            usual_waking: None,
            usual_run: None,
            transport: Transport::Relay,
            is_offline: false,
            form: None,
        };
        let said = queue_of(phases, USUAL, WAKING, false).said(&run(of), "a tiger", &reader);
        assert_eq!(said.as_deref(), expected, "{phases}");
    }

    #[test]
    fn of_many_only_milestones_are_told() {
        check_said("drw", 'd', Some("a tiger: Done"));
        check_said("drw", 'r', Some("a tiger: Running"));
        check_said("drwwwwww", 'r', None);
        check_said("drwwwwww", 'd', None);
        check_said("ddrwwwww", 'd', Some("2 of 8 done"));
        check_said("dddddddd", 'd', Some("8 of 8 done"));
        check_said("kwwwwwww", 'k', Some("a tiger: Waking the GPU"));
    }
}
