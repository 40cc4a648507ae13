//! Cards of runs.

use super::*;

#[test]
fn each_phase_has_a_name_a_state_and_its_steps() {
    let table = [
        ("waiting", "Waiting", ""),
        (
            "waking",
            "Waking the GPU",
            "now Waking the GPU, next Queued, next Running, next Fetching results",
        ),
        (
            "submitting",
            "Sending",
            "done Waking the GPU, now Sending, next Running, next Fetching results",
        ),
        (
            "queued",
            "Queued",
            "done Waking the GPU, now Queued, next Running, next Fetching results",
        ),
        (
            "running",
            "Running",
            "done Waking the GPU, done Queued, now Running, next Fetching results",
        ),
        ("done", "Done", ""),
    ];
    for (phase, state, steps) in table {
        let card = card(&knocked_for(HELD_MS + 1, phase), &reader(10_000));
        assert_eq!((card.phase, card.state.as_str(), lines(&card).as_str()), (phase, state, steps));
    }
}

#[test]
fn a_server_that_is_there_at_once_is_not_said_to_wake() {
    let table = [
        (
            "waking",
            0,
            "Connecting to the GPU",
            "now Connecting to the GPU, next Running, next Fetching results",
        ),
        (
            "waking",
            HELD_MS,
            "Connecting to the GPU",
            "now Connecting to the GPU, next Running, next Fetching results",
        ),
        (
            "waking",
            HELD_MS + 1,
            "Waking the GPU",
            "now Waking the GPU, next Queued, next Running, next Fetching results",
        ),
        ("submitting", 60_000, "Sending", "now Sending, next Running, next Fetching results"),
        ("running", 60_000, "Running", "done Queued, now Running, next Fetching results"),
        ("done", 60_000, "Done", ""),
    ];
    for (phase, now, state, steps) in table {
        let (run, reader) = (knocked_for(HELD_MS, phase), reader(now));
        let card = card(&run, &reader);
        assert_eq!((card.state.as_str(), lines(&card).as_str()), (state, steps), "{phase}, {now}");
    }
    let usual_waking = Some((70_000, 110_000));
    let card = |now| card(&run("waking"), &Reader { usual_waking, ..reader(now) });
    let said = |card: &Card| (card.steps[0].time.clone(), card.meter, card.say.clone());
    assert_eq!(said(&card(2_000)), ("2 s".into(), Some(Meter::Unknown), None));
    assert_eq!(said(&card(4_000)), ("4 s · usually 70–110 s".into(), Some(Meter::Known(4)), None));
}

#[test]
fn how_long_it_woke_is_told_when_it_did() {
    let table = [(HELD_MS, "Ran 6.4 s · seed 42"), (72_000, "Woke in 1 min 12 s · Ran 6.4 s")];
    for (knock_ms, start) in table {
        let facts = card(&knocked_for(knock_ms, "done"), &reader(90_000)).facts.unwrap();
        assert!(facts.starts_with(start), "{facts}");
    }
}

#[test]
fn a_run_that_is_being_cancelled_has_not_finished_what_it_was_in() {
    let table = [
        (HELD_MS + 1, "running", "done Waking the GPU, done Queued, now Canceling"),
        (HELD_MS, "running", "done Queued, now Canceling"),
        (HELD_MS, "submitting", "now Canceling"),
    ];
    for (knock_ms, phase, steps) in table {
        let mut run = knocked_for(knock_ms, phase);
        run.update(Event::Cancelled, &context(20_000));
        assert_eq!(lines(&card(&run, &reader(25_000))), steps);
    }
}

#[test]
fn a_wait_is_held_against_the_usual_one() {
    let table = [
        (None, 42_000, "42 s", Meter::Unknown),
        (Some((70_000, 110_000)), 45_000, "45 s · usually 70–110 s", Meter::Known(50)),
        (Some((70_000, 110_000)), 130_000, "2 min 10 s · usually 70–110 s", Meter::Known(90)),
        (Some((70_000, 110_000)), 200_000, "3 min 20 s · longer than usual", Meter::Late),
    ];
    for (usual_waking, now, time, meter) in table {
        let card = card(&run("waking"), &Reader { usual_waking, ..reader(now) });
        assert_eq!((card.steps[0].time.as_str(), card.meter), (time, Some(meter)));
    }
}

#[test]
fn a_done_run_says_how_long_and_with_which_seed() {
    let card = card(&run("done"), &reader(60_000));
    assert_eq!(card.facts.as_deref(), Some("Ran 6.4 s · seed 42"));
    assert!(!card.busy && card.meter.is_none());
}

#[test]
fn a_hiccup_is_said_in_plain_words() {
    let table = [
        (ApiError::Unavailable(504), Transport::Relay, "The gateway timed out after 30 s"),
        (ApiError::Unavailable(502), Transport::Relay, "The gateway returned 502"),
        (ApiError::Busy, Transport::Relay, "The gateway is busy"),
        (ApiError::Garbled, Transport::Relay, "The reply didn’t come from ComfyUI"),
        (ApiError::Unanswered, Transport::Relay, "No reply; retrying"),
        (ApiError::Unanswered, Transport::Direct, "No reply this page can read"),
    ];
    for (error, transport, start) in table {
        let mut run = run("waking");
        run.update(Event::WakeReplied(run.turn(), Err(Fault::new(error))), &context(30_000));
        let say = card(&run, &Reader { transport, ..reader(31_000) }).say.unwrap();
        assert!(say.starts_with(start), "{error:?}: {say}");
        assert!(say.contains("Your run is safe"));
    }
}

#[test]
fn a_failure_has_a_title_a_remedy_and_the_raw_text() {
    let mut run = run("waking");
    let fault =
        Fault { raw: "HTTP 404\nmodel not found".into(), ..Fault::new(ApiError::NoSuchModel) };
    run.update(Event::WakeReplied(run.turn(), Err(fault)), &context(1_000));
    let failure = card(&run, &reader(2_000)).failure.unwrap();
    assert_eq!(failure.title, "Model not found");
    assert_eq!((failure.remedy, failure.remedy_name), (Remedy::OpenSettings, "Test connection"));
    assert_eq!(failure.raw, "HTTP 404\nmodel not found");
}

#[test]
fn who_is_not_let_in_is_told_why() {
    use pilotlight_comfy::access::Barred::{KeyMissing, KeyWrong, Origin, Setup};
    let direct = Transport::Direct;
    let table = [
        (KeyMissing, direct, "This server needs a key", "Enter key"),
        (KeyWrong, direct, "That key didn’t work", "Enter key"),
        (KeyMissing, Transport::Relay, "Access denied", "Test connection"),
        (Origin, direct, "Access denied", "Test connection"),
        (Setup, direct, "Access denied", "Test connection"),
    ];
    for (barred, transport, title, remedy) in table {
        let mut run = run("waking");
        let fault = Fault::new(ApiError::Barred(barred));
        run.update(Event::WakeReplied(run.turn(), Err(fault)), &context(1_000));
        let failure = card(&run, &Reader { transport, ..reader(2_000) }).failure.unwrap();
        assert_eq!((failure.title.as_str(), failure.remedy_name), (title, remedy), "{barred:?}");
    }
}

#[test]
fn a_run_taken_up_is_said_to_be_as_it_was_until_something_is_heard() {
    let running = run("running");
    let stored = running.stored().expect("it goes on");
    let (mut run, step) = Run::restore(&stored, &[], false, &context(60_000));
    let reader = reader(60_000);
    let card_of = |run: &Run| card(run, &reader);
    assert_eq!(card_of(&run).phase, "running");
    let said = "Status when you left; checking now.";
    assert_eq!(card_of(&run).say.as_deref(), Some(said));
    let pill = pill(
        &Server::default(),
        [&run],
        &KeepAwake::default(),
        At(60_000),
        Language::English,
        30_000,
    );
    assert_eq!(pill.state, PillState::Unknown, "nothing was heard of the server");
    assert!(matches!(step, Step::Look { .. }));
    run.update(Event::Seen(run.turn(), Ok(StatusReport::Running)), &context(61_000));
    assert_ne!(card_of(&run).say.as_deref(), Some(said));
}

#[test]
fn a_batch_is_told_as_a_whole() {
    let price = Some(Price { per_hour: 12.0, currency: "¥" });
    let with = |usual_run, usual_waking| Reader { usual_run, usual_waking, ..reader(0) };
    let (run, waking) = (Some((6_000, 6_000)), Some((90_000, 90_000)));
    let table = [
        (None, 1, false, with(None, waking), "1 run"),
        (price, 12, true, with(None, waking), "12 runs"),
        (None, 12, false, with(run, waking), "12 runs · about 1 min 12 s"),
        (price, 12, false, with(run, waking), "12 runs · about 1 min 12 s · ¥0.24"),
        // Once, however many there are.
        (price, 12, true, with(run, waking), "12 runs · about 2 min 42 s including waking · ¥0.54"),
        (price, 12, true, with(run, None), "12 runs · about 1 min 12 s · ¥0.24"),
        (price, 0, true, with(run, waking), "0 runs"),
        (price, 200, false, with(run, waking), "200 runs · about 20 min · ¥4.00"),
        (price, 201, false, with(run, None), "That’s 201 runs; you can start 200 at once."),
    ];
    for (price, count, wakes, reader, expected) in table {
        assert_eq!(batch_line(price, Batch { count, wakes }, &reader), expected);
    }
}
