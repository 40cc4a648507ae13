//! What is shown, as tables.

mod cards;
mod cost;
mod pill;
mod refusals;

use super::*;
use pilotlight_comfy::comfy::{Accepted, Facts};
use pilotlight_comfy::failure::{ApiError, Fault, Remedy};
use pilotlight_comfy::id::PromptId;
use pilotlight_comfy::problem::{Problem, Trouble};
use pilotlight_comfy::run_status::{Content, Ended, FileRef, How, Output, StatusReport};
use pilotlight_forms::form::{FieldKey, Form, NodeId, Package};
use pilotlight_runs::keep_awake::KeepAwake;
use pilotlight_runs::run::{Context, Event, Fetched, Limits, LongPoll, Run, Step};
use pilotlight_runs::server::{HELD_MS, Server};

fn context(now: u64) -> Context {
    Context {
        now: At(now),
        heard_at: None,
        long_poll: LongPoll::Absent,
        usual_run_ms: None,
        hidden: false,
        limits: Limits::default(),
    }
}

fn reader(now: u64) -> Reader<'static> {
    Reader {
        now: At(now),
        language: Language::English,
        usual_waking: None,
        usual_run: None,
        transport: Transport::Relay,
        is_offline: false,
        price: None,
        idle_ms: None,
        makes_several: false,
        form: None,
    }
}

fn file() -> FileRef {
    FileRef {
        filename: "a_00001_.png".into(),
        subfolder: String::new(),
        folder: "output".into(),
        format: String::new(),
        ended_ms: None,
    }
}

fn ended(how: How, outputs: Vec<Output>) -> StatusReport {
    let seeds = vec![("2".to_owned(), 42)];
    StatusReport::Ended(Box::new(Ended { how, outputs, ran_ms: Some(6_400), cached: false, seeds }))
}

/// A run that went on to `phase`, a second for each step.
fn run(phase: &str) -> Run {
    knocked_for(1_000, phase)
}

/// The same with a wake request that was answered after `knock_ms`.
fn knocked_for(knock_ms: u64, phase: &str) -> Run {
    let id = PromptId::from_random([1; 16]);
    let mut run = Run::new(id.clone(), false, At(0));
    let text = Output { node: "6".into(), content: Content::Text("a cat".into()) };
    let order = ["waiting", "waking", "submitting", "queued", "running", "done"];
    let steps = order.iter().position(|name| *name == phase).unwrap();
    for (at, name) in order[1..=steps].iter().enumerate() {
        let context = context(if at == 0 { 0 } else { knock_ms + (at as u64 - 1) * 1_000 });
        let turn = |run: &Run| run.turn();
        let event = match *name {
            "waking" => Event::Released,
            "submitting" => Event::WakeReplied(turn(&run), Ok(Facts::default())),
            "queued" => {
                let accepted = Accepted { prompt_id: id.clone(), problems: Vec::new() };
                Event::Accepted(turn(&run), Ok(accepted))
            }
            "running" => {
                run.update(Event::TimerFired(run.turn()), &context);
                run.update(Event::Seen(run.turn(), Ok(StatusReport::NotInHistory)), &context);
                Event::Seen(turn(&run), Ok(StatusReport::Running))
            }
            _ => {
                run.update(Event::TimerFired(run.turn()), &context);
                Event::Seen(turn(&run), Ok(ended(How::Well, vec![text.clone()])))
            }
        };
        run.update(event, &context);
    }
    run
}

fn lines(card: &Card) -> String {
    let line = |step: &StepLine| format!("{} {}", step.mark.name(), step.name);
    card.steps.iter().map(line).collect::<Vec<_>>().join(", ")
}
