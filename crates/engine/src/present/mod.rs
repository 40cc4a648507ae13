//! State and moment → what a person reads. Invariant: it claims only what was seen, and a bar
//! reaches its end only when the bytes are here.

mod card;
mod chain;
mod failing;
mod money;
mod notice;
mod queue;
mod server;
#[cfg(test)]
mod tests;
mod warm;

pub use card::{Card, Mark, Meter, StepLine, announcement, card};
pub use chain::{FindingView, LinkLine, chain_finding, chain_hiccup, links};
pub use failing::{FailureView, named_problem, problem, warning};
pub use money::{Batch, Price, amount, batch_line, cost_line, cost_of};
pub use notice::config_notice;
pub use queue::{Queue, queue};
pub use server::{Pill, PillState, device_name, heard, pill, sleeps};
pub use warm::{warm_end, warm_hiccup, warmth};

use crate::comfy::Transport;
use crate::estimate::Range;
use crate::form::Form;
use crate::language::Language;
use crate::run::{Phase, Run, Stage};
use crate::server::HELD_MS;
use crate::time::At;

/// Where the reader stands.
#[derive(Clone, Copy, Debug)]
pub struct Reader<'a> {
    pub now: At,
    pub language: Language,
    /// What waking this endpoint and model usually takes, in ms.
    pub usual_waking: Option<Range>,
    /// What running this workflow usually takes, in ms.
    pub usual_run: Option<Range>,
    pub transport: Transport,
    /// What an hour of the GPU costs, if that is known.
    pub price: Option<Price<'a>>,
    /// What the run was filled in with, for the names of its fields.
    pub form: Option<&'a Form>,
}

/// Whether it is known by now that a run waits for a GPU to wake.
pub fn is_waking(run: &Run, now: At) -> bool {
    matches!(run.phase(), Phase::Waking) && is_held(run, now)
}

/// Whether the first request is held, or was: then the server was not there at once, and waking
/// is what the run waits for. Until that is known nothing is said to sleep, so that a run at a
/// server that is awake shows no step that vanishes. Only time decides, not what came back: a
/// fault is forgotten with the next answer, but a wait that was once long stays so.
fn is_held(run: &Run, now: At) -> bool {
    run.span(Stage::Waking).is_some_and(|at| at.until.unwrap_or(now).since(at.from) > HELD_MS)
}
