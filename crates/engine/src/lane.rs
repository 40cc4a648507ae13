//! The order of runs: which waits here, where waiting costs nothing, and which goes to the server.
//! Invariant: at most `DEPTH` of this page's runs are at the server, and one at its door.

use std::ops::Deref;

use crate::run::{Phase, Run};

/// One runs, one is ready behind it.
pub const DEPTH: usize = 2;

/// The place of the run to release next, first come first served.
pub fn next<R: Deref<Target = Run>>(runs: impl IntoIterator<Item = R>) -> Option<usize> {
    let (mut first, mut live) = (None, 0);
    for (at, run) in runs.into_iter().enumerate() {
        match run.phase() {
            Phase::Waiting => first = first.or(Some(at)),
            // At the door: until it is through, it is not known that anybody is at home.
            Phase::Waking | Phase::Uploading | Phase::Submitting | Phase::Unconfirmed { .. } => {
                return None;
            }
            Phase::Queued { .. } | Phase::Running | Phase::Cancelling(_) => live += 1,
            // The server has done its part.
            Phase::Collecting { .. } | Phase::Ended(_) => {}
        }
    }
    first.filter(|_| live < DEPTH)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::comfy::{Accepted, Facts};
    use crate::id::PromptId;
    use crate::run::{Around, Event, Limits, LongPoll};
    use crate::time::At;

    const AROUND: Around = Around {
        now: At(0),
        heard_at: None,
        long_poll: LongPoll::Absent,
        usual_run_ms: None,
        hidden: false,
        limits: Limits { waking_ms: 900_000, reach_ms: 900_000 },
    };

    /// `w`aiting, `k`nocking, `q`ueued, `e`nded.
    fn run(phase: char) -> Run {
        let id = PromptId::from_random([phase as u8; 16]);
        let mut run = Run::new(id.clone(), false, At(0));
        if phase == 'w' {
            return run;
        }
        run.update(Event::Released, &AROUND);
        if phase == 'q' {
            run.update(Event::Knocked(run.turn(), Ok(Facts::default())), &AROUND);
            let accepted = Accepted { prompt_id: id, problems: Vec::new() };
            run.update(Event::Accepted(run.turn(), Ok(accepted)), &AROUND);
        }
        if phase == 'e' {
            run.update(Event::Cancelled, &AROUND);
        }
        run
    }

    #[track_caller]
    fn check(phases: &str, expected: Option<usize>) {
        let runs: Vec<Run> = phases.chars().map(run).collect();
        assert_eq!(next(&runs), expected, "{phases}");
    }

    #[test]
    fn two_at_the_server_one_at_the_door() {
        check("", None);
        check("w", Some(0));
        check("kw", None);
        check("qw", Some(1));
        check("qqw", None);
        check("eeqww", Some(3));
        check("qkw", None);
        check("wq", Some(0));
        check("qe", None);
    }
}
