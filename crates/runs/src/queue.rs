//! The page's queue: which runs wait in the page, and which is released to the server next.
//! Invariant: at most `DEPTH` runs of this page are at the server, and only one until its prompt
//! was accepted; while the queue is paused none is released; the first one is released first.
//!
//! A run's position is its number until the user moves one; smaller is earlier, and of equal
//! positions the run that was requested first. Runs are passed in the order of requests.

use std::ops::Deref;

use crate::run::{Phase, Run};

/// One running, and one in the server's queue behind it.
pub const DEPTH: usize = 2;

/// How a user moves a waiting run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Move {
    /// Before all others.
    First,
    /// One position up.
    Up,
    /// One position down.
    Down,
    /// After all others.
    Last,
}

/// Returns the index of the run to release next.
pub fn next<R: Deref<Target = Run>>(
    runs: impl IntoIterator<Item = (u32, R)>,
    is_paused: bool,
) -> Option<usize> {
    let (mut first, mut live): (Option<(u32, usize)>, usize) = (None, 0);
    for (at, (place, run)) in runs.into_iter().enumerate() {
        match run.phase() {
            Phase::Waiting if first.is_none_or(|(least, _)| place < least) => {
                first = Some((place, at));
            }
            Phase::Waiting => {}
            // Until its prompt is accepted, it is unknown whether a GPU is awake.
            Phase::Waking | Phase::Uploading | Phase::Submitting | Phase::Unconfirmed { .. } => {
                return None;
            }
            Phase::Queued { .. } | Phase::Running | Phase::Cancelling(_) => live += 1,
            // The server has finished it.
            Phase::Collecting { .. } | Phase::Ended(_) => {}
        }
    }
    first.filter(|_| live < DEPTH && !is_paused).map(|(_, at)| at)
}

/// Returns the indexes of the waiting runs, in the order of release.
pub fn waiting<R: Deref<Target = Run>>(runs: impl IntoIterator<Item = (u32, R)>) -> Vec<usize> {
    let mut waiting = Vec::new();
    for (at, (place, run)) in runs.into_iter().enumerate() {
        if matches!(run.phase(), Phase::Waiting) {
            waiting.push((place, at));
        }
    }
    waiting.sort_by_key(|(place, _)| *place);
    waiting.into_iter().map(|(_, at)| at).collect()
}

/// Returns the runs whose positions change when the run with this index is moved, and the new
/// positions. Only waiting runs change, among each other; none if it cannot move further.
pub fn moved<R: Deref<Target = Run>>(
    runs: impl IntoIterator<Item = (u32, R)>,
    index: usize,
    how: Move,
) -> Vec<(usize, u32)> {
    let runs: Vec<(u32, R)> = runs.into_iter().collect();
    let before = waiting(runs.iter().map(|(place, run)| (*place, &**run)));
    let Some(from) = before.iter().position(|at| *at == index) else { return Vec::new() };
    let to = match how {
        Move::First => 0,
        Move::Up => from.saturating_sub(1),
        Move::Down => (from + 1).min(before.len() - 1),
        Move::Last => before.len() - 1,
    };
    let mut after = before.clone();
    let run = after.remove(from);
    after.insert(to, run);
    let mut changed = Vec::new();
    let mut least = 0;
    for (was, is) in before.iter().zip(after) {
        // Equal positions become different ones.
        let place = runs[*was].0.max(least);
        least = place.saturating_add(1);
        if runs[is].0 != place {
            changed.push((is, place));
        }
    }
    changed
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::run::{Context, Event, Limits, LongPoll};
    use pilotlight_comfy::comfy::{Accepted, Facts};
    use pilotlight_comfy::id::PromptId;
    use pilotlight_comfy::time::At;

    const AROUND: Context = Context {
        now: At(0),
        heard_at: None,
        long_poll: LongPoll::Absent,
        usual_run_ms: None,
        hidden: false,
        limits: Limits { waking_ms: 900_000, reach_ms: 900_000 },
    };

    /// `w`aiting, waking (`k`), `q`ueued, `e`nded.
    fn run(phase: char) -> Run {
        let id = PromptId::from_random([phase as u8; 16]);
        let mut run = Run::new(id.clone(), false, At(0));
        if phase == 'w' {
            return run;
        }
        run.update(Event::Released, &AROUND);
        if phase == 'q' {
            run.update(Event::WakeReplied(run.turn(), Ok(Facts::default())), &AROUND);
            let accepted = Accepted { prompt_id: id, problems: Vec::new() };
            run.update(Event::Accepted(run.turn(), Ok(accepted)), &AROUND);
        }
        if phase == 'e' {
            run.update(Event::Cancelled, &AROUND);
        }
        run
    }

    fn runs(phases: &str) -> Vec<Run> {
        phases.chars().map(run).collect()
    }

    fn placed<'a>(places: &'a [u32], runs: &'a [Run]) -> impl Iterator<Item = (u32, &'a Run)> {
        places.iter().copied().zip(runs)
    }

    #[track_caller]
    fn check(phases: &str, expected: Option<usize>) {
        let runs = runs(phases);
        assert_eq!(next((1..).zip(&runs), false), expected, "{phases}");
        assert_eq!(next((1..).zip(&runs), true), None, "{phases}, paused");
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

    #[track_caller]
    fn check_order(phases: &str, places: &[u32], expected: &[usize]) {
        let runs = runs(phases);
        assert_eq!(waiting(placed(places, &runs)), expected, "{phases} {places:?}");
        let first = expected.first().copied();
        assert_eq!(next(placed(places, &runs), false), first, "{phases} {places:?}");
    }

    #[test]
    fn the_least_place_goes_first() {
        check_order("www", &[1, 2, 3], &[0, 1, 2]);
        check_order("www", &[3, 2, 1], &[2, 1, 0]);
        check_order("qwew", &[1, 9, 0, 4], &[3, 1]);
        // Of equal positions, the run that was requested first.
        check_order("www", &[5, 5, 2], &[2, 0, 1]);
        check_order("qe", &[1, 2], &[]);
    }

    #[track_caller]
    fn check_move(phases: &str, places: &[u32], at: usize, how: Move, expected: &[u32]) {
        let runs = runs(phases);
        let mut after = places.to_vec();
        for (at, place) in moved(placed(places, &runs), at, how) {
            after[at] = place;
        }
        assert_eq!(after, expected, "{phases} {places:?} {at} {how:?}");
    }

    #[test]
    fn a_run_that_waits_is_moved_among_those_that_wait() {
        check_move("wwww", &[1, 2, 3, 4], 2, Move::Up, &[1, 3, 2, 4]);
        check_move("wwww", &[1, 2, 3, 4], 1, Move::Down, &[1, 3, 2, 4]);
        check_move("wwww", &[1, 2, 3, 4], 3, Move::First, &[2, 3, 4, 1]);
        check_move("wwww", &[1, 2, 3, 4], 0, Move::Last, &[4, 1, 2, 3]);
        check_move("wwww", &[4, 3, 2, 1], 0, Move::Up, &[3, 4, 2, 1]);
        // Runs at the server and ended ones keep their positions.
        check_move("qwew", &[1, 2, 3, 4], 3, Move::Up, &[1, 4, 3, 2]);
        check_move("qwew", &[1, 2, 3, 4], 3, Move::First, &[1, 4, 3, 2]);
    }

    #[test]
    fn where_there_is_nowhere_to_go_nothing_changes() {
        check_move("www", &[1, 2, 3], 0, Move::Up, &[1, 2, 3]);
        check_move("www", &[1, 2, 3], 0, Move::First, &[1, 2, 3]);
        check_move("www", &[1, 2, 3], 2, Move::Down, &[1, 2, 3]);
        check_move("www", &[1, 2, 3], 2, Move::Last, &[1, 2, 3]);
        check_move("wqw", &[1, 2, 3], 1, Move::Up, &[1, 2, 3]);
        check_move("w", &[1], 0, Move::Down, &[1]);
        check_move("w", &[1], 7, Move::Down, &[1]);
    }

    #[test]
    fn equal_places_are_told_apart() {
        check_move("www", &[5, 5, 5], 2, Move::Up, &[5, 7, 6]);
        check_move("ww", &[u32::MAX, u32::MAX], 1, Move::Up, &[u32::MAX, u32::MAX]);
    }
}
