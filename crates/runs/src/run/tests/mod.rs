//! The life of a run as tables: `what happens => what follows`.

mod cancel;
mod restore;

use super::*;
use pilotlight_comfy::failure::{ApiError, NodeFailure, NodeFailureKind, Remedy};
use pilotlight_comfy::sighting::{Content, How, Output};
use pilotlight_comfy::sighting::{FileRef, Known};

const T0: u64 = 1_000_000;

/// A run with a clock that only moves when told to.
struct Trial {
    run: Run,
    around: Around,
    step: Option<Step>,
}

fn around() -> Around {
    Around {
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
    Trial { run, around: around(), step: None }
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

fn ended(how: How, outputs: Vec<Output>) -> Glimpse {
    let seeds = Vec::new();
    Glimpse::Ended(Box::new(Ended { how, outputs, ran_ms: Some(6_000), cached: false, seeds }))
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
        self.step = self.run.update(event, &self.around);
        self
    }

    fn reply(&mut self, event: impl FnOnce(Turn) -> Event) -> &mut Self {
        self.tell(event(self.run.turn()))
    }

    fn later(&mut self, ms: u64) -> &mut Self {
        self.around.now = self.around.now.plus(ms);
        self
    }

    fn release(&mut self) -> &mut Self {
        self.tell(Event::Released)
    }

    fn knocked(&mut self, result: Result<(), ApiError>) -> &mut Self {
        let result = result.map(|()| Facts::default()).map_err(fault);
        self.tell(Event::Knocked(self.run.turn(), result))
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

    fn seen(&mut self, glimpse: Glimpse) -> &mut Self {
        self.tell(Event::Seen(self.run.turn(), Ok(glimpse)))
    }

    fn blind(&mut self, error: ApiError) -> &mut Self {
        self.tell(Event::Seen(self.run.turn(), Err(fault(error))))
    }

    fn rang(&mut self) -> &mut Self {
        self.tell(Event::Rang(self.run.turn()))
    }

    /// Lets the sleep that is outstanding pass.
    fn slept(&mut self) -> &mut Self {
        let Some(Step::Sleep { ms }) = self.step else { panic!("not asleep: {:?}", self.step) };
        self.later(ms).rang()
    }

    fn nowhere(&mut self) -> &mut Self {
        self.seen(Glimpse::NotInHistory).seen(Glimpse::NotInQueue)
    }

    /// The history has the last word.
    fn confirmed_nowhere(&mut self) -> &mut Self {
        self.step("sleep").slept().step("history").seen(Glimpse::NotInHistory)
    }

    /// A run that the server was seen to run.
    fn running() -> Self {
        let mut trial = fresh();
        trial.release().knocked(Ok(())).own_accepted().slept();
        trial.seen(Glimpse::NotInHistory).seen(Glimpse::Running);
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
        Step::Knock { .. } => "knock",
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

#[test]
fn a_cold_run_from_press_to_picture() {
    let mut s = fresh();
    s.release().phase("waking").step("knock");
    s.later(70_000).knocked(Ok(())).phase("submitting").step("submit");
    assert_eq!(s.run.posts(), 1, "stored before it is sent");
    s.own_accepted().phase("queued").step("sleep");
    s.slept().step("history");
    s.seen(Glimpse::NotInHistory).step("queue");
    s.seen(Glimpse::Pending { ahead: 1 }).phase("queued").step("sleep");
    s.slept().seen(Glimpse::NotInHistory).step("queue");
    s.seen(Glimpse::Running).phase("running").step("sleep");
    s.slept().step("history");
    s.seen(Glimpse::NotInHistory).step("sleep");
    s.slept().seen(ended(How::Well, vec![picture("a.png")])).phase("collecting").step("collect");
    s.reply(|turn| Event::Collected(turn, vec![Fetched::Here])).phase("done").step("rest");
    let span = |stage| s.run.span(stage).and_then(|span| Some(span.until?.since(span.from)));
    assert_eq!(span(Stage::Waking), Some(70_000));
    assert!(s.run.stored().is_none(), "nothing is left to take up");
}

#[test]
fn a_server_heard_of_just_now_needs_no_knock() {
    let mut s = fresh();
    s.around.heard_at = Some(At(T0 - FRESH_MS));
    s.release().phase("submitting").step("submit");
    let mut s = fresh();
    s.around.heard_at = Some(At(T0 - FRESH_MS - 1));
    s.release().phase("waking").step("knock");
}

#[test]
fn a_failed_knock_is_repeated_until_the_limit() {
    for error in [
        ApiError::Unavailable(504),
        ApiError::Unavailable(502),
        ApiError::Busy,
        ApiError::Unanswered,
        ApiError::Garbled,
    ] {
        let mut s = fresh();
        s.release().later(60_000).knocked(Err(error)).phase("waking").step("sleep");
        s.slept().step("knock").later(1_000_000).knocked(Err(error)).phase("failed");
        let Failure::OutOfReach { waking: true, .. } = s.failed() else { panic!("{error:?}") };
        assert_eq!(s.failed().remedy(), Remedy::TryAgain);
        // The time between the failure and the press is not counted as waking.
        s.later(5_000_000).tell(Event::Resumed).phase("waiting").step("rest");
        s.release().phase("waking").step("knock");
        let span = Span { from: s.around.now, until: None };
        assert_eq!(s.run.span(Stage::Waking), Some(span));
    }
}

#[test]
fn a_wrong_set_up_is_told_at_once() {
    let barred = ApiError::Barred(pilotlight_comfy::access::Barred::Origin);
    for error in
        [ApiError::NoSuchModel, ApiError::Unauthorized, barred, ApiError::NotUnderstood(400)]
    {
        let mut s = fresh();
        s.release().knocked(Err(error)).phase("failed").step("rest");
        assert!(matches!(s.failed(), Failure::Setup(_)), "{error:?}");
    }
}

#[test]
fn with_the_right_key_a_run_goes_on_and_nothing_is_sent_twice() {
    let error = ApiError::Barred(pilotlight_comfy::access::Barred::KeyMissing);
    let mut s = fresh();
    s.release().knocked(Err(error)).phase("failed").step("rest");
    // One key may be entered for many runs, so each waits for its turn.
    s.tell(Event::Resumed).phase("waiting").step("rest");
    s.release().phase("waking").step("knock");
    // Refused with the prompt in hand: looked for first, then sent.
    s.knocked(Ok(())).accepted(Err(error)).phase("failed").step("rest");
    assert_eq!(s.failed().remedy(), Remedy::EnterKey);
    s.tell(Event::Resumed).phase("unconfirmed");
    assert_eq!(s.run.posts(), 1);
    assert!(matches!(s.run.phase(), Phase::Unconfirmed { restored: false }));
}

#[test]
fn an_id_of_the_server_is_taken_over() {
    let mut s = fresh();
    s.release().knocked(Ok(())).accepted(Ok("theirs")).phase("queued");
    assert_eq!(s.run.id().as_str(), "theirs");
    assert_eq!(s.run.stored().map(|stored| stored.prompt_id.to_string()), Some("theirs".into()));
}

#[test]
fn a_refusal_is_final_and_nothing_is_sent_again() {
    let mut s = fresh();
    s.release().knocked(Ok(())).accepted(Err(ApiError::Refused)).phase("failed").step("rest");
    assert!(matches!(s.failed(), Failure::Rejected(_)));
}

#[test]
fn a_prompt_without_a_reply_is_looked_for_before_it_is_sent_again() {
    let mut s = fresh();
    s.release().knocked(Ok(())).accepted(Err(ApiError::Unavailable(502))).phase("unconfirmed");
    s.step("sleep").slept().step("history");
    s.nowhere().phase("unconfirmed").step("sleep");
    s.slept().nowhere().phase("unconfirmed").step("sleep");
    s.slept().step("history").seen(Glimpse::NotInHistory).phase("submitting").step("submit");
    assert_eq!(s.run.posts(), 2);
    // The second try starts from the beginning: one miss is not enough.
    s.accepted(Err(ApiError::Unavailable(502))).slept().nowhere().phase("unconfirmed");
}

#[test]
fn a_prompt_that_arrived_is_not_sent_again() {
    let mut s = fresh();
    s.release().knocked(Ok(())).accepted(Err(ApiError::Unavailable(502)));
    s.slept().nowhere().slept().seen(Glimpse::NotInHistory).seen(Glimpse::Running);
    s.phase("running");
    assert_eq!(s.run.posts(), 1);
}

#[test]
fn looks_too_close_together_do_not_count_twice() {
    let mut s = fresh();
    s.release().knocked(Ok(())).accepted(Err(ApiError::Unanswered));
    s.slept().nowhere().later(100).tell(Event::Woken).nowhere().phase("unconfirmed");
    assert_eq!(s.run.posts(), 1);
}

#[test]
fn an_answer_that_comes_late_says_nothing_of_later() {
    let mut s = fresh();
    s.release().knocked(Ok(())).accepted(Err(ApiError::Unanswered));
    s.slept().nowhere().later(100).tell(Event::Woken).seen(Glimpse::NotInHistory).step("queue");
    s.later(3_000).seen(Glimpse::NotInQueue).step("sleep").slept().step("history");
    s.seen(Glimpse::NotInHistory).step("queue");
}

#[test]
fn a_run_that_ends_between_two_halves_of_a_look_is_found() {
    let mut s = fresh();
    s.release().knocked(Ok(())).accepted(Err(ApiError::Unanswered));
    s.slept().nowhere().slept().nowhere().step("sleep").slept().step("history");
    s.seen(ended(How::Well, Vec::new())).phase("done");
    assert_eq!(s.run.posts(), 1);
}

#[test]
fn sending_in_vain_ends() {
    let mut s = fresh();
    s.release().knocked(Ok(()));
    for _ in 0..POSTS_MAX {
        s.phase("submitting").accepted(Err(ApiError::Unavailable(502)));
        s.slept().nowhere().slept().nowhere().confirmed_nowhere();
    }
    s.phase("failed");
    assert_eq!(s.run.posts(), POSTS_MAX);
}

#[test]
fn a_run_seen_nowhere_three_times_is_lost() {
    let mut s = Trial::running();
    s.slept().later(13_000).nowhere().phase("running");
    s.slept().nowhere().phase("running").slept().nowhere().phase("running");
    s.confirmed_nowhere().phase("failed");
    assert_eq!(*s.failed(), Failure::Lost { long_poll: false });
    assert_eq!(s.failed().remedy(), Remedy::RunAgain);
}

#[test]
fn a_sighting_forgives_earlier_misses() {
    let mut s = Trial::running();
    s.slept().later(13_000).nowhere().slept().nowhere();
    s.slept().seen(Glimpse::NotInHistory).seen(Glimpse::Running).phase("running");
    s.slept().later(13_000).nowhere().slept().seen(Glimpse::NotInHistory).phase("running");
}

#[test]
fn the_server_says_when_to_ask_again() {
    let mut s = Trial::running();
    let busy = Fault { retry_after_s: Some(4), ..fault(ApiError::Busy) };
    s.slept().reply(|turn| Event::Seen(turn, Err(busy)));
    assert_eq!(s.step, Some(Step::Sleep { ms: 4_000 }));
}

#[test]
fn an_answer_that_took_long_may_come_from_another_pod() {
    let mut s = Trial::running();
    s.slept().later(pace::SLOW_ANSWER_MS).seen(Glimpse::NotInHistory).step("queue");
    let mut s = Trial::running();
    s.slept().blind(ApiError::Unavailable(502)).slept().seen(Glimpse::NotInHistory).step("queue");
}

#[test]
fn a_live_run_survives_silence_until_the_limit() {
    let mut s = Trial::running();
    s.slept();
    for _ in 0..20 {
        s.blind(ApiError::Unavailable(503)).phase("running").slept();
    }
    s.later(900_000).blind(ApiError::Unanswered).phase("failed");
    assert_eq!(s.failed().remedy(), Remedy::LookAgain);
    assert!(s.run.stored().is_some(), "it can be taken up again");
    s.tell(Event::Resumed).phase("unconfirmed").step("history");
    s.seen(ended(How::Well, Vec::new())).phase("done");
    assert_eq!(s.run.posts(), 1);
}

#[test]
fn the_server_says_how_a_run_ended() {
    let mut s = Trial::running();
    s.slept().seen(ended(How::Badly(oom()), Vec::new())).phase("failed");
    assert_eq!(*s.failed(), Failure::Broken(oom()));
    let mut s = Trial::running();
    s.slept().seen(ended(How::Interrupted, Vec::new())).phase("failed");
    assert_eq!(*s.failed(), Failure::Interrupted);
}

#[test]
fn a_file_that_is_gone_does_not_take_the_others_along() {
    let mut s = Trial::running();
    s.slept().seen(ended(How::Well, vec![picture("a.png"), picture("b.png"), picture("c.png")]));
    let missed = Fetched::Missed(fault(ApiError::Unavailable(502)));
    s.reply(|turn| Event::Collected(turn, vec![Fetched::Here, missed, Fetched::Gone]));
    s.phase("collecting").step("sleep").slept();
    let Some(Step::Collect { files, .. }) = &s.step else { panic!("{:?}", s.step) };
    assert_eq!(files.iter().map(|(at, _)| *at).collect::<Vec<_>>(), [1]);
    s.reply(|turn| Event::Collected(turn, vec![Fetched::Here]));
    let Phase::Ended(Outcome::Done { gone, .. }) = s.run.phase() else { panic!() };
    assert_eq!(gone, &[2]);
}

#[test]
fn of_several_files_the_one_that_asks_for_the_longest_wait_is_heeded() {
    let mut s = Trial::running();
    s.slept().seen(ended(How::Well, vec![picture("a.png"), picture("b.png")]));
    let busy = Fault { retry_after_s: Some(9), ..fault(ApiError::Busy) };
    let missed = vec![Fetched::Missed(busy), Fetched::Missed(fault(ApiError::Unavailable(502)))];
    s.reply(|turn| Event::Collected(turn, missed));
    assert_eq!(s.step, Some(Step::Sleep { ms: 9_000 }));
}

#[test]
fn with_the_long_poll_one_request_is_always_out() {
    let mut s = fresh();
    s.around.long_poll = LongPoll::Unknown;
    s.release().knocked(Ok(())).own_accepted().phase("queued").step("wait");
    s.seen(Glimpse::Pending { ahead: 2 }).step("wait");
    assert!(matches!(s.step, Some(Step::Wait { known: Known::Pending { ahead: 2 }, .. })));
    s.seen(Glimpse::Running).phase("running").step("wait");
    s.seen(Glimpse::Running).phase("running").step("wait");
    s.seen(ended(How::Well, vec![picture("a.png")])).step("collect");
}

#[test]
fn a_gateway_that_ends_every_long_poll_is_no_silence() {
    let mut s = fresh();
    s.around.long_poll = LongPoll::There;
    s.release().knocked(Ok(())).own_accepted().seen(Glimpse::Running);
    for _ in 0..100 {
        s.step("wait").later(20_000).blind(ApiError::Unavailable(504)).step("sleep");
        assert!(matches!(s.step, Some(Step::Sleep { ms: ..=1_000 })), "{:?}", s.step);
        s.slept().step("history").seen(Glimpse::NotInHistory);
        s.step("queue").seen(Glimpse::Running).phase("running");
    }
}

#[test]
fn without_the_extension_the_run_is_polled() {
    let mut s = fresh();
    s.around.long_poll = LongPoll::Unknown;
    s.release().knocked(Ok(())).own_accepted().step("wait");
    s.seen(Glimpse::NoLongPoll).step("history");
    s.seen(Glimpse::NotInHistory).step("queue").seen(Glimpse::Running).step("sleep");
    assert!(s.run.polls());
}

#[test]
fn a_long_poll_that_finds_nothing_is_checked() {
    let mut s = fresh();
    s.around.long_poll = LongPoll::There;
    s.release().knocked(Ok(())).own_accepted().seen(Glimpse::Running).step("wait");
    s.seen(Glimpse::NotInQueue).step("sleep").slept().step("history").nowhere();
    s.slept().nowhere().confirmed_nowhere().phase("failed");
    assert_eq!(*s.failed(), Failure::Lost { long_poll: true });
}

#[test]
fn what_is_stale_changes_nothing() {
    let mut s = Trial::running();
    let old = Turn(s.run.turn().0 - 1);
    let before = s.run.clone();
    s.tell(Event::Seen(old, Ok(ended(How::Well, Vec::new())))).step("none");
    s.tell(Event::Rang(old)).step("none");
    s.tell(Event::Released).step("none");
    s.tell(Event::Resumed).step("none");
    // A reply to a sleep is no reply to anything.
    s.tell(Event::Seen(s.run.turn(), Ok(Glimpse::NotInHistory))).step("none");
    assert_eq!(s.run, before);
}

#[test]
fn a_woken_page_asks_at_once() {
    let mut s = Trial::running();
    s.tell(Event::Woken).step("history");
    s.tell(Event::Woken).step("none");
}

#[test]
fn pictures_go_before_the_prompt() {
    let mut s = fresh();
    s.run = Run::new(PromptId::from_random([1; 16]), true, At(T0));
    s.release().knocked(Ok(())).phase("uploading").step("upload");
    s.reply(|turn| Event::Uploaded(turn, Ok(()))).phase("submitting").step("submit");
    // The pod may have changed in between: they are sent once more, then the refusal stands.
    s.accepted(Err(ApiError::Refused)).phase("uploading");
    s.reply(|turn| Event::Uploaded(turn, Ok(()))).accepted(Err(ApiError::Refused)).phase("failed");
}

#[test]
fn what_ended_before_a_failure_is_kept() {
    let text = Output { node: "6".into(), content: Content::Text("an answer".into()) };
    let mut s = Trial::running();
    s.slept().seen(ended(How::Badly(oom()), vec![text.clone()])).phase("failed");
    assert_eq!(s.run.brought().map(Ended::texts), Some(vec!["an answer"]));
    let mut s = Trial::running();
    s.slept().seen(ended(How::Badly(oom()), vec![text, picture("a.png")])).step("collect");
    s.reply(|turn| Event::Collected(turn, vec![Fetched::Here])).phase("failed");
    assert_eq!(s.run.brought().map(|ended| ended.files().len()), Some(1));
}
