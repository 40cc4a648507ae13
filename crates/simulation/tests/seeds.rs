//! Plays many seeds on all cores. Invariant: a failing seed is named together with the command that
//! plays it alone.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Instant;

use pilotlight_simulation::{Tally, play};

/// Fewer when unoptimised, where a seed takes ten times as long.
const SEEDS: u64 = if cfg!(debug_assertions) { 3_000 } else { 100_000 };
/// So many seeds show everything there is to be shown.
const SEEDS_THAT_SHOW_ALL: u64 = 50_000;
/// As many lines of a story as a person reads.
const LINES: usize = 400;

fn number(name: &str) -> Option<u64> {
    let text = std::env::var(name).ok()?;
    Some(text.replace('_', "").parse().unwrap_or_else(|_| panic!("{name} is a number, not {text}")))
}

/// What is wrong with a seed, if anything.
fn fault_of(seed: u64, tally: &mut Tally) -> Option<String> {
    match catch_unwind(AssertUnwindSafe(|| play(seed, false))) {
        Ok(report) => {
            tally.add(&report.tally);
            report.violation.map(|violation| violation.to_string())
        }
        Err(_) => Some("panicked".to_owned()),
    }
}

#[test]
fn every_seed_keeps_every_property() {
    if let Some(seed) = number("PILOTLIGHT_SEED") {
        return alone(seed);
    }
    let seeds = number("PILOTLIGHT_SEEDS").unwrap_or(SEEDS);
    let first = number("PILOTLIGHT_FIRST_SEED").unwrap_or(0);
    let began = Instant::now();
    let (next, failed) = (AtomicU64::new(first), AtomicBool::new(false));
    let threads = std::thread::available_parallelism().map_or(2, usize::from);
    let mut tally = Tally::default();
    let mut faults = Vec::new();
    std::thread::scope(|scope| {
        let work = || {
            let (mut tally, mut faults) = (Tally::default(), Vec::new());
            while !failed.load(Ordering::Relaxed) {
                let from = next.fetch_add(64, Ordering::Relaxed);
                if from >= first + seeds {
                    break;
                }
                for seed in from..(from + 64).min(first + seeds) {
                    if let Some(fault) = fault_of(seed, &mut tally) {
                        faults.push((seed, fault));
                    }
                }
                if faults.len() > 20 || !faults.is_empty() && number("PILOTLIGHT_ALL").is_none() {
                    failed.store(true, Ordering::Relaxed);
                }
            }
            (tally, faults)
        };
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        for worker in workers {
            let (counted, found) = worker.join().expect("a thread of the simulation panicked");
            tally.add(&counted);
            faults.extend(found);
        }
    });
    faults.sort();
    let took = began.elapsed().as_secs_f64();
    let played = next.load(Ordering::Relaxed).min(first + seeds) - first;
    println!("{played} seeds in {took:.1} s, {:.0} a second", played as f64 / took);
    println!("{tally}");
    for (seed, fault) in faults.iter().take(10) {
        println!("seed {seed}: {fault}");
    }
    if let Some((seed, fault)) = faults.first() {
        let story = play_with_diary(*seed);
        panic!(
            "{story}\n\nseed {seed}: {fault}\nalone: PILOTLIGHT_SEED={seed} cargo test -p pilotlight-simulation --release -- --nocapture"
        );
    }
    if seeds >= SEEDS_THAT_SHOW_ALL {
        assert!(tally.missing().is_empty(), "never happened: {:#?}", tally.missing());
    }
}

fn alone(seed: u64) {
    let report = play(seed, true);
    for line in &report.diary {
        println!("{line}");
    }
    match report.violation {
        Some(violation) => panic!("seed {seed}: {violation}"),
        None => println!("seed {seed}: nothing wrong"),
    }
}

/// The end of a failing seed's story.
fn play_with_diary(seed: u64) -> String {
    let Ok(report) = catch_unwind(AssertUnwindSafe(|| play(seed, true))) else {
        return "It panics; the panic is above.".to_owned();
    };
    let skipped = report.diary.len().saturating_sub(LINES);
    report.diary[skipped..].join("\n")
}

#[test]
fn a_seed_is_always_the_same_story() {
    for seed in [3, 77, 4_711] {
        assert_eq!(play(seed, true).diary, play(seed, true).diary, "seed {seed}");
    }
}
