//! What must be so when everything is over. Invariant: judged once for each seed.

use pilotlight_comfy::failure::Failure;
use pilotlight_emulator::{Outcome as End, World};
use pilotlight_runs::run::{Outcome, Phase};

use crate::browser::Browser;
use crate::rules::{Verdict, broken};
use crate::watched::Watched;

/// Every run ends, whatever happens.
pub fn every_run_ends(browser: &Browser, now: u64, instants: u32) -> Verdict {
    match browser.jobs().find(|(_, job)| !job.run.is_ended()) {
        Some((number, job)) => broken(
            "every run ends",
            format!(
                "run {number} is still {:?} after {} s and {instants} instants",
                job.run.phase(),
                now / 1_000
            ),
        ),
        None if instants > 0 => broken(
            "every run ends",
            format!("all runs ended, yet the page goes on after {} s", now / 1_000),
        ),
        None => Ok(()),
    }
}

/// What was cancelled and confirmed never arrives afterwards. (A pod that is going may still work
/// off what it has; nobody can reach it.)
pub fn cancelled_stays_stopped(runs: &[Watched], world: &World) -> Verdict {
    for (number, watched) in runs.iter().enumerate() {
        let Some(confirmed_at) = watched.confirmed_at else { continue };
        let late = world.executions().iter().find(|execution| {
            watched.ids.contains(&execution.prompt_id) && execution.queued_ms > confirmed_at
        });
        if let Some(execution) = late {
            return broken(
                "cancelled stays stopped",
                format!(
                    "run {number} was cancelled at {confirmed_at} ms and arrived at {} ms",
                    execution.queued_ms
                ),
            );
        }
    }
    Ok(())
}

/// What stays in the store can be taken up, or run again, by a press.
pub fn only_what_can_be_taken_up_stays_stored(browser: &Browser) -> Verdict {
    for record in browser.store.records() {
        let record: serde_json::Value = serde_json::from_str(record).unwrap_or_default();
        let id = record["run"]["prompt_id"].as_str().unwrap_or_default();
        let number = browser.index_of_id(id).unwrap_or(usize::MAX);
        let phase = browser.job(number).map(|job| job.run.phase());
        match phase {
            Some(Phase::Ended(Outcome::Failed(
                Failure::OutOfReach { .. } | Failure::Expired | Failure::Lost { .. },
            ))) => {}
            _ => {
                return broken(
                    "only what can be taken up stays stored",
                    format!("run {number} is {phase:?} and still stored"),
                );
            }
        }
    }
    Ok(())
}

/// A stop never hits anybody else: neither another of the page's runs nor a stranger's.
pub fn nobody_else_is_stopped(runs: &[Watched], world: &World, strangers_stopped: bool) -> Verdict {
    if strangers_stopped {
        return Ok(());
    }
    for execution in world.executions() {
        let was_wanted = runs.iter().any(|watched| {
            watched.cancelled_at.is_some() && watched.ids.contains(&execution.prompt_id)
        });
        if matches!(execution.outcome, End::Interrupted | End::Deleted) && !was_wanted {
            return broken(
                "nobody else is stopped",
                format!(
                    "{} was {:?} although nobody took it back",
                    execution.prompt_id, execution.outcome
                ),
            );
        }
    }
    Ok(())
}

/// What was never sent never ran.
pub fn each_execution_was_wanted(runs: &[Watched], world: &World) -> Verdict {
    for (number, watched) in runs.iter().enumerate() {
        let ran = world.executions().iter().any(|e| watched.ids.contains(&e.prompt_id));
        if ran && watched.posts == 0 {
            return broken(
                "each execution was wanted",
                format!("run {number} was never sent and ran"),
            );
        }
    }
    Ok(())
}

/// GPU time is counted once, and only when something went on.
pub fn a_moment_is_counted_once(browser: &Browser, most_ms: u64, now: u64) -> Verdict {
    let used_ms = browser.used_ms(now);
    match used_ms > most_ms {
        false => Ok(()),
        true => broken(
            "a moment is counted once",
            format!("{used_ms} ms are counted, and at most {most_ms} ms went on"),
        ),
    }
}
