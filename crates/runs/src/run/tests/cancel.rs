//! Canceling a run.

use super::*;

#[test]
fn cancelling_what_was_never_sent_costs_nothing() {
    fresh().tell(Event::Cancelled).phase("cancelled").step("rest");
    fresh().release().tell(Event::Cancelled).phase("cancelled").step("rest");
}

#[test]
fn cancelling_what_is_there_stops_it_and_sees_it_gone() {
    let mut s = Trial::running();
    s.tell(Event::Cancelled).phase("cancelling").step("stop");
    s.reply(|turn| Event::Stopped(turn, Ok(()))).step("sleep");
    s.slept().seen(StatusReport::NotInHistory).seen(StatusReport::Running).step("sleep");
    s.slept().seen(ended(How::Interrupted, Vec::new())).step("queue");
    s.seen(StatusReport::NotInQueue).phase("cancelled");
}

#[test]
fn a_prompt_that_kubeai_sent_twice_is_stopped_twice() {
    let mut s = Trial::running();
    s.tell(Event::Cancelled).reply(|turn| Event::Stopped(turn, Ok(()))).later(4_000);
    s.slept().seen(ended(How::Interrupted, Vec::new())).step("queue");
    s.seen(StatusReport::Running).phase("cancelling").step("stop");
    s.reply(|turn| Event::Stopped(turn, Ok(()))).slept();
    s.seen(ended(How::Interrupted, Vec::new())).seen(StatusReport::NotInQueue).phase("cancelled");
}

#[test]
fn a_stop_is_sent_at_most_five_times() {
    let mut s = Trial::running();
    s.tell(Event::Cancelled);
    let mut stops = 1;
    for _ in 0..100 {
        match s.step.as_ref().map_or("none", step_name) {
            "stop" => s.reply(|turn| Event::Stopped(turn, Ok(()))),
            "sleep" => s.slept(),
            "history" => s.seen(StatusReport::NotInHistory),
            "queue" => s.seen(StatusReport::Running),
            other => panic!("{other}"),
        };
        stops += u32::from(matches!(s.step, Some(Step::Stop { .. })));
    }
    assert_eq!(stops, 5);
    s.later(600_000);
    while s.run.is_live() {
        match s.step.as_ref().map_or("none", step_name) {
            "sleep" => s.slept(),
            "history" => s.seen(StatusReport::NotInHistory),
            _ => s.seen(StatusReport::Running),
        };
    }
    s.phase("cancelled?");
}

#[test]
fn cancelling_while_the_prompt_is_on_its_way_looks_before_it_believes() {
    let mut s = fresh();
    s.release().wake_replied(Ok(())).tell(Event::Cancelled).phase("cancelling").step("sleep");
    s.slept().not_at_server().phase("cancelling").slept().not_at_server().phase("cancelled");
    let mut s = fresh();
    s.release().wake_replied(Ok(())).tell(Event::Cancelled).slept().not_at_server();
    s.slept()
        .seen(StatusReport::NotInHistory)
        .seen(StatusReport::Pending { ahead: 0 })
        .step("stop");
}

#[test]
fn a_run_that_ended_well_before_the_stop_keeps_its_result() {
    let mut s = Trial::running();
    s.tell(Event::Cancelled).reply(|turn| Event::Stopped(turn, Ok(())));
    s.slept().seen(ended(How::Well, vec![picture("a.png")])).phase("collecting").step("collect");
}

#[test]
fn cancelling_in_silence_ends_and_says_so() {
    let mut s = Trial::running();
    s.tell(Event::Cancelled);
    let silent = Err(fault(ApiError::Unanswered));
    s.reply(|turn| Event::Stopped(turn, silent)).phase("cancelling").slept();
    s.later(60_000).blind(ApiError::TimedOut).phase("cancelled?");
}
