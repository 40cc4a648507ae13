//! Which pod answers, and what it knows of a run. Invariant: read from the world's own journal.

use pilotlight_emulator::{Execution, Outcome as End, World};

/// What the pod that answers now knows of a run: queued, running or ended there.
pub(crate) fn alive<'a>(ids: &'a [String], pods: &Pods<'a>) -> impl Iterator<Item = &'a Execution> {
    let pod = pods.living();
    pods.world.executions().iter().filter(move |execution| {
        Some(execution.pod) == pod
            && execution.outcome != End::Deleted
            && ids.contains(&execution.prompt_id)
    })
}

/// The world, and which pod was the last to answer.
#[derive(Clone, Copy)]
pub struct Pods<'a> {
    pub world: &'a World,
    newest: Option<u64>,
}

impl<'a> Pods<'a> {
    pub fn new(world: &'a World, newest: Option<u64>) -> Self {
        Self { world, newest }
    }

    /// The pod that answers now. One that was followed by another is gone for good, even where it
    /// answers once more before it ends.
    fn living(&self) -> Option<u64> {
        self.world.serving_pod().filter(|pod| self.newest.is_none_or(|newest| newest <= *pod))
    }
}
