//! The life of a run as tables: `what happens => what follows`.

mod cancel;
mod collecting;
mod restore;
mod submitting;
mod waking;
mod watching;

use super::*;
use pilotlight_comfy::failure::{ApiError, MadeFrom, NodeFailure, NodeFailureKind, Remedy};
use pilotlight_comfy::run_status::{Content, How, Output};
use pilotlight_comfy::run_status::{FileRef, Known};

const T0: u64 = 1_000_000;

/// A run with a virtual clock.
struct Trial {
    run: Run,
    context: Context,
    step: Option<Step>,
}

fn context() -> Context {
    Context {
        now: At(T0),
        heard_at: None,
        long_poll: LongPoll::Absent,
        usual_run_ms: None,
        hidden: false,
        limits: Limits::default(),
    }
}

fn fresh() -> Trial {
    let run = Run::new(PromptId::from_random([1; 16]), false, At(T0));
    Trial { run, context: context(), step: None }
}

fn fault(error: ApiError) -> Fault {
    Fault::new(error)
}

fn picture(name: &str) -> Output {
    let (filename, folder) = (name.into(), "output".into());
    let [subfolder, format] = [const { String::new() }; 2];
    let file = FileRef { filename, subfolder, folder, format, ended_ms: None };
    Output { node: "4".into(), content: Content::File(file) }
}

fn ended(how: How, outputs: Vec<Output>) -> StatusReport {
    let seeds = Vec::new();
    StatusReport::Ended(Box::new(Ended { how, outputs, ran_ms: Some(6_000), cached: false, seeds }))
}

fn oom() -> NodeFailure {
    NodeFailure {
        kind: NodeFailureKind::OutOfMemory,
        node_id: "2".into(),
        node_type: "JanusImageGeneration".into(),
        message: String::new(),
        raw: String::new(),
    }
}

impl Trial {
    fn tell(&mut self, event: Event) -> &mut Self {
        self.step = self.run.update(event, &self.context);
        self
    }

    fn reply(&mut self, event: impl FnOnce(Turn) -> Event) -> &mut Self {
        self.tell(event(self.run.turn()))
    }

    fn later(&mut self, ms: u64) -> &mut Self {
        self.context.now = self.context.now.plus(ms);
        self
    }

    fn release(&mut self) -> &mut Self {
        self.tell(Event::Released)
    }

    fn wake_replied(&mut self, result: Result<(), ApiError>) -> &mut Self {
        let result = result.map(|()| Facts::default()).map_err(fault);
        self.tell(Event::WakeReplied(self.run.turn(), result))
    }

    fn accepted(&mut self, result: Result<&str, ApiError>) -> &mut Self {
        let result = result
            .map(|id| Accepted { prompt_id: PromptId::named(id).unwrap(), problems: Vec::new() })
            .map_err(fault);
        self.tell(Event::Accepted(self.run.turn(), result))
    }

    fn own_accepted(&mut self) -> &mut Self {
        let id = self.run.id().to_string();
        self.accepted(Ok(&id))
    }

    fn seen(&mut self, glimpse: StatusReport) -> &mut Self {
        self.tell(Event::Seen(self.run.turn(), Ok(glimpse)))
    }

    fn blind(&mut self, error: ApiError) -> &mut Self {
        self.tell(Event::Seen(self.run.turn(), Err(fault(error))))
    }

    fn rang(&mut self) -> &mut Self {
        self.tell(Event::TimerFired(self.run.turn()))
    }

    /// Lets the outstanding pause pass.
    fn slept(&mut self) -> &mut Self {
        let Some(Step::Sleep { ms }) = self.step else { panic!("not asleep: {:?}", self.step) };
        self.later(ms).rang()
    }

    fn not_at_server(&mut self) -> &mut Self {
        self.seen(StatusReport::NotInHistory).seen(StatusReport::NotInQueue)
    }

    /// Lets the last look at the history miss.
    fn confirmed_nowhere(&mut self) -> &mut Self {
        self.step("sleep").slept().step("history").seen(StatusReport::NotInHistory)
    }

    /// Returns a run that was seen running.
    fn running() -> Self {
        let mut trial = fresh();
        trial.release().wake_replied(Ok(())).own_accepted().slept();
        trial.seen(StatusReport::NotInHistory).seen(StatusReport::Running);
        trial
    }

    #[track_caller]
    fn phase(&mut self, expected: &str) -> &mut Self {
        assert_eq!(name(self.run.phase()), expected, "{:?}", self.run.phase());
        self
    }

    #[track_caller]
    fn step(&mut self, expected: &str) -> &mut Self {
        assert_eq!(self.step.as_ref().map_or("none", step_name), expected, "{:?}", self.step);
        self
    }

    #[track_caller]
    fn failed(&self) -> &Failure {
        let Phase::Ended(Outcome::Failed(failure)) = self.run.phase() else {
            panic!("not failed: {:?}", self.run.phase());
        };
        failure
    }
}

fn name(phase: &Phase) -> &'static str {
    match phase {
        Phase::Waiting => "waiting",
        Phase::Waking => "waking",
        Phase::Uploading => "uploading",
        Phase::Submitting => "submitting",
        Phase::Unconfirmed { .. } => "unconfirmed",
        Phase::Queued { .. } => "queued",
        Phase::Running => "running",
        Phase::Collecting { .. } => "collecting",
        Phase::Cancelling(_) => "cancelling",
        Phase::Ended(Outcome::Done { .. }) => "done",
        Phase::Ended(Outcome::Cancelled { confirmed: true }) => "cancelled",
        Phase::Ended(Outcome::Cancelled { confirmed: false }) => "cancelled?",
        Phase::Ended(Outcome::Failed(_)) => "failed",
    }
}

fn step_name(step: &Step) -> &'static str {
    match step {
        Step::Wake { .. } => "wake request",
        Step::Upload { .. } => "upload",
        Step::Submit { .. } => "submit",
        Step::Look { ask: Ask::History, .. } => "history",
        Step::Look { ask: Ask::Queue, .. } => "queue",
        Step::Wait { .. } => "wait",
        Step::Collect { .. } => "collect",
        Step::Stop { .. } => "stop",
        Step::Sleep { .. } => "sleep",
        Step::Rest => "rest",
    }
}
