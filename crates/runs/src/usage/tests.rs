//! Tables for usage, and for merging many reports of it.

use super::*;
use crate::run::{Context, Event, Limits, LongPoll, Run};
use pilotlight_comfy::comfy::{Accepted, Facts};
use pilotlight_comfy::id::PromptId;
use pilotlight_comfy::run_status::Ended;
use pilotlight_comfy::run_status::{Content, FileRef, How, Output, StatusReport};
use serde_json::json;

const UTC: Zone = Zone(0);

/// `r`unning, `w`aking, `i`dling.
fn period(doing: char, from: u64, until: u64) -> UsagePeriod {
    let doing = match doing {
        'r' => Doing::Running,
        'w' => Doing::Waking,
        _ => Doing::Idling,
    };
    UsagePeriod { doing, from: At(from), until: At(until) }
}

fn parts(used: Used) -> [u64; 3] {
    [used.waking_ms, used.running_ms, used.idling_ms]
}

fn again_from_store(ledger: &Ledger) -> Ledger {
    json::from_text(&json::to_text(ledger)).expect("its own")
}

/// Checks waking, running and idling up to 1,000 ms, whatever the order of the reports.
#[track_caller]
fn check(told: &[(char, u64, u64)], expected: [u64; 3]) {
    let (mut forth, mut back) = (Ledger::default(), Ledger::default());
    told.iter().for_each(|(doing, from, until)| forth.add(period(*doing, *from, *until)));
    told.iter().rev().for_each(|(doing, from, until)| back.add(period(*doing, *from, *until)));
    assert_eq!(parts(forth.today(At(1_000), UTC)), expected, "{told:?}");
    assert_eq!(forth, back, "{told:?}");
    let again = forth.clone();
    told.iter().for_each(|(doing, from, until)| forth.add(period(*doing, *from, *until)));
    assert_eq!(forth, again, "told twice");
    assert_eq!(again_from_store(&forth), forth);
}

#[test]
fn each_moment_is_counted_once_under_the_most_that_went_on() {
    check(&[], [0, 0, 0]);
    check(&[('w', 10, 70), ('r', 70, 75), ('i', 75, 105)], [60, 5, 30]);
    // A run starts before the GPU would sleep, and its answer extends the idle time.
    check(&[('i', 20, 50), ('r', 40, 60), ('i', 60, 90)], [0, 20, 50]);
    check(&[('i', 0, 100), ('r', 40, 60)], [0, 20, 80]);
    check(&[('i', 10, 40), ('i', 20, 50)], [0, 0, 40]);
    // Two tabs, each with a run.
    check(&[('r', 10, 20), ('r', 15, 30), ('r', 12, 14)], [0, 20, 0]);
    check(&[('r', 10, 20), ('w', 0, 30)], [20, 10, 0]);
    check(&[('i', 0, 10), ('w', 3, 4), ('r', 5, 6), ('w', 5, 8)], [3, 1, 6]);
    // Reported every second.
    check(&[('r', 10, 11), ('r', 10, 12), ('r', 10, 13)], [0, 3, 0]);
    // A clock that was set back.
    check(&[('r', 20, 10), ('i', 10, 10)], [0, 0, 0]);
}

#[test]
fn what_is_sure_to_follow_counts_when_it_has() {
    let mut ledger = Ledger::default();
    ledger.add(period('i', 100, 200));
    for (now, idled) in [(100, 0), (150, 50), (200, 100), (9_000, 100)] {
        assert_eq!(ledger.today(At(now), UTC).idling_ms, idled, "{now}");
    }
}

/// Returns what counts at each moment, computed naively.
fn plainly(told: &[UsagePeriod]) -> [u64; 3] {
    let mut parts = [0; 3];
    for at in 0..300 {
        let here = |period: &&UsagePeriod| period.from.0 <= at && at < period.until.0;
        match told.iter().filter(here).map(|period| period.doing).max() {
            Some(Doing::Waking) => parts[0] += 1,
            Some(Doing::Running) => parts[1] += 1,
            Some(Doing::Idling) => parts[2] += 1,
            None => {}
        }
    }
    parts
}

#[test]
fn no_moment_is_counted_twice_whatever_is_told() {
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut draw = |below: u64| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state % below
    };
    for round in 0..3_000 {
        let mut told = Vec::new();
        let mut ledger = Ledger::default();
        for _ in 0..draw(12) {
            let from = draw(250);
            let one = period(['r', 'w', 'i'][draw(3) as usize], from, from + draw(50));
            told.push(one);
            ledger.add(one);
            // Another page reads the stored usage, and reports some of it again.
            ledger = again_from_store(&ledger);
            ledger.add(told[draw(told.len() as u64) as usize]);
        }
        assert_eq!(parts(ledger.today(At(300), UTC)), plainly(&told), "{round}: {told:?}");
    }
}

#[test]
fn days_and_months_are_told_apart_by_the_wall() {
    let hour = 60 * MINUTE_MS;
    // 1970-01-31 20:00 to 1970-02-01 03:00 UTC.
    let (from, until) = (30 * 24 * hour + 20 * hour, 31 * 24 * hour + 3 * hour);
    let table = [(UTC, 3, 3), (Zone(480), 7, 7), (Zone(-240), 7, 7)];
    for (zone, today, month) in table {
        let mut ledger = Ledger::default();
        ledger.add(period('r', from, until));
        for settled in [false, true] {
            if settled {
                ledger.settle(At(until + OPEN_MS), zone);
                assert!(ledger.periods.is_empty());
            }
            let now = At(until);
            assert_eq!(ledger.today(now, zone).running_ms, today * hour, "{zone:?} {settled}");
            assert_eq!(ledger.this_month(now, zone).running_ms, month * hour, "{zone:?}");
            assert_eq!(again_from_store(&ledger), ledger);
        }
    }
}

#[test]
fn what_is_counted_for_good_cannot_be_told_again() {
    let mut ledger = Ledger::default();
    ledger.add(period('r', 100, 200));
    ledger.settle(At(200 + OPEN_MS), UTC);
    ledger.add(period('r', 100, 250));
    ledger.add(period('w', 0, 150));
    assert_eq!(parts(ledger.today(At(1_000), UTC)), [0, 150, 0]);
    // What has continued for long can still be reported.
    let mut ledger = Ledger::default();
    for until in (0..5 * OPEN_MS).step_by(60_000) {
        ledger.add(period('r', 0, until));
        ledger.settle(At(until), UTC);
    }
    assert_eq!(ledger.today(At(5 * OPEN_MS), UTC).running_ms, 5 * OPEN_MS - 60_000);
}

#[test]
fn a_clock_that_was_far_ahead_does_not_keep_later_moments_out() {
    let year = 365 * 24 * 60 * MINUTE_MS;
    let mut ledger = Ledger::default();
    ledger.add(period('r', year, year + 10));
    ledger.settle(At(year + 2 * OPEN_MS), UTC);
    ledger.add(period('i', year + OPEN_MS, year + OPEN_MS + 10));
    ledger.settle(At(1_000), UTC);
    ledger.add(period('r', 1_000, 1_500));
    assert_eq!(parts(ledger.today(At(2_000), UTC)), [0, 500, 0]);
}

#[test]
fn what_was_stored_otherwise_is_not_guessed() {
    let read = |value: Value| Ledger::deserialize(value).ok().map(|ledger| ledger.periods.len());
    let periods = json!([["r", 1, 5], ["x", 1, 5], ["r", 5], ["r", 9, 3], ["i", 0, u64::MAX], 7]);
    assert_eq!(read(json!({"v": 1, "days": {}, "closed": 0, "pieces": periods})), Some(1));
    assert_eq!(read(json!({"v": 2, "days": {}, "closed": 0, "pieces": []})), None);
    assert_eq!(read(json!({"v": 1, "closed": 0, "pieces": []})), None);
    assert_eq!(read(json!(null)), None);
}

fn ended(ran_ms: Option<u64>, ended_ms: Option<u64>, cached: bool) -> Box<Ended> {
    let file = FileRef {
        filename: "a.png".into(),
        subfolder: String::new(),
        folder: "output".into(),
        format: String::new(),
        ended_ms,
    };
    let outputs = vec![Output { node: "1".into(), content: Content::File(file) }];
    Box::new(Ended { how: How::Well, outputs, ran_ms, cached, seeds: Vec::new() })
}

/// Checks the usage at 21,000 of a run that was requested at 0, woken at `woken`, seen running from
/// `running` to 20,000 and ended then.
#[track_caller]
fn check_run(woken: u64, running: Option<u64>, end: Box<Ended>, expected: &[(char, u64, u64)]) {
    let context = |now| Context {
        now: At(now),
        heard_at: None,
        long_poll: LongPoll::There,
        usual_run_ms: None,
        hidden: false,
        limits: Limits::default(),
    };
    let id = PromptId::from_random([7; 16]);
    let mut run = Run::new(id.clone(), false, At(0));
    run.update(Event::Released, &context(0));
    run.update(Event::WakeReplied(run.turn(), Ok(Facts::default())), &context(woken));
    let accepted = Accepted { prompt_id: id, problems: Vec::new() };
    run.update(Event::Accepted(run.turn(), Ok(accepted)), &context(woken));
    if let Some(running) = running {
        run.update(Event::Waited(run.turn(), Ok(StatusReport::Running)), &context(running));
    }
    run.update(Event::Waited(run.turn(), Ok(StatusReport::Ended(end))), &context(20_000));
    run.update(Event::Collected(run.turn(), vec![crate::run::Fetched::Here]), &context(20_500));
    assert!(run.is_ended(), "{run:?}");
    let expected: Vec<UsagePeriod> = expected.iter().map(|(d, f, u)| period(*d, *f, *u)).collect();
    assert_eq!(of_run(&run, At(0), At(21_000)), expected);
}

#[test]
fn a_run_is_counted_as_it_was_seen_or_told() {
    let seen = ('r', 15_000, 20_000);
    check_run(10, Some(15_000), ended(Some(4_900), None, false), &[seen]);
    check_run(9_000, Some(15_000), ended(None, None, false), &[('w', 0, 9_000), seen]);
    // Most of it was not observed: the server reports how long it ran, and when it ended.
    let told = ended(Some(12_000), Some(19_000), false);
    check_run(10, Some(18_000), told, &[('r', 18_000, 20_000), ('r', 7_000, 19_000)]);
    check_run(10, None, ended(Some(3_000), None, false), &[('r', 17_000, 20_000)]);
    // The server's clock differs.
    check_run(10, None, ended(Some(3_000), Some(99_000), false), &[('r', 17_000, 20_000)]);
    check_run(10, None, ended(Some(3_000), None, true), &[]);
}
