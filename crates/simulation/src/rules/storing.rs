//! What is stored when, and what is said where it is not. Invariant: judged by what the browser was
//! asked for, when it was asked.

use pilotlight_session::{Effect, Event, WriteOutcome};

use crate::browser::Store;
use crate::rules::{Verdict, broken};

/// What a full store refuses is said, or tried once more in a shorter form.
pub fn what_is_refused_is_said(event: &Event, effects: &[Effect]) -> Verdict {
    let is_refused = if let Event::RecordsStored { refused, .. } = event {
        !refused.is_empty()
    } else if let Event::FileStored { outcome, .. } | Event::ResultsStored { outcome, .. } = event {
        *outcome != WriteOutcome::Stored
    } else {
        false
    };
    let is_said = |effect: &Effect| matches!(effect, Effect::Show(_) | Effect::StoreRecords { .. });
    match is_refused && !effects.iter().any(is_said) {
        false => Ok(()),
        true => broken("what is refused is said", format!("nothing is said of {event:?}")),
    }
}

/// The record of a run stays until its results are stored, or were refused.
pub fn stored_until_its_results_are(number: usize, ids: &[String], store: &Store) -> Verdict {
    match store.record(ids).is_some() || store.refused.contains(&number) {
        true => Ok(()),
        false => broken(
            "the record of a run stays until its results are stored",
            format!("the results of run {number} are about to be stored, its record is gone"),
        ),
    }
}

/// Where there is room, what the history said is stored before the files are asked for: they may be
/// all that is left of a run after a reload.
pub fn what_the_history_said_is_stored(number: usize, ids: &[String], store: &Store) -> Verdict {
    match store.record(ids).is_some_and(|record| record["run"]["ended"].is_null()) {
        false => Ok(()),
        true => broken(
            "what the history said is stored",
            format!("run {number} asks for a file, and its record does not name it"),
        ),
    }
}

/// What a tab tells of, another one finds.
pub fn results_are_told_of_once_they_are_kept(id: &str, is_kept: bool) -> Verdict {
    match is_kept {
        true => Ok(()),
        false => broken(
            "results are told of once they are kept",
            format!("another tab looks up the results of {id}, which are not kept"),
        ),
    }
}
