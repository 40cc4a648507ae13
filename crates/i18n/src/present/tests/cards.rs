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

/// Every result was gone, or one of two.
#[test]
fn a_run_whose_results_are_gone_is_not_said_to_be_done() {
    for (fetched, state) in [
        (vec![Fetched::Here], "Done"),
        (vec![Fetched::Gone], "Incomplete"),
        (vec![Fetched::Gone, Fetched::Here], "Incomplete"),
    ] {
        let mut run = run("running");
        run.update(Event::TimerFired(run.turn()), &context(5_000));
        let picture = Output { node: "6".into(), content: Content::File(file()) };
        let report = ended(How::Well, vec![picture; fetched.len()]);
        run.update(Event::Seen(run.turn(), Ok(report)), &context(5_000));
        run.update(Event::Collected(run.turn(), fetched), &context(6_000));
        let reader = reader(7_000);
        assert_eq!(card(&run, &reader).state, state);
        assert_eq!(announcement(&run, "a cat", &reader), Some(format!("a cat: {state}")));
    }
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
        assert!(say.ends_with("Your run is safe."));
    }
}

/// How often in a row a run that runs was not answered for, and what is said of it.
#[test]
fn a_run_that_is_not_answered_for_is_not_said_to_run_or_to_be_safe() {
    let stopped = "The server stopped answering; checking whether your run survived.";
    let offline = "You’re offline; checking your run continues when you’re back.";
    let table = [
        (1, 502, false, "Running", "The gateway returned 502; retrying.", PillState::Awake),
        (2, 502, false, "Not answering", stopped, PillState::Silent),
        (9, 502, false, "Not answering", stopped, PillState::Silent),
        (2, 0, true, "Not answering", offline, PillState::Silent),
    ];
    for (times, status, is_offline, state, said, pill_state) in table {
        let mut run = run("running");
        for at in 0..times {
            let now = context(10_000 + at * 1_000);
            run.update(Event::TimerFired(run.turn()), &now);
            let error =
                if status == 0 { ApiError::Unanswered } else { ApiError::Unavailable(status) };
            run.update(Event::Seen(run.turn(), Err(Fault::new(error))), &now);
        }
        let card = card(&run, &Reader { is_offline, ..reader(20_000) });
        assert_eq!((card.state.as_str(), card.say.as_deref()), (state, Some(said)), "{times}");
        assert_eq!(card.meter, Some(Meter::Unknown));
        assert!(lines(&card).contains(&format!("now {state}")), "{}", lines(&card));
        let server = Server { heard_at: Some(At(9_000)), ..Server::default() };
        let language = Language::English;
        let pill = pill(&server, [&run], &KeepAwake::default(), None, At(20_000), language, None);
        assert_eq!(pill.state, pill_state, "{times}");
    }
}

#[test]
fn who_is_offline_is_not_told_of_waking() {
    let mut run = run("waking");
    let lost = |run: &Run| Event::WakeReplied(run.turn(), Err(Fault::new(ApiError::Unanswered)));
    run.update(lost(&run), &context(5));
    let offline = |now| Reader { is_offline: true, ..reader(now) };
    let said = |card: &Card| (card.state.clone(), card.say.clone().unwrap_or_default());
    for (reader, say) in [
        (offline(16_000), "You’re offline; the run starts when you’re back."),
        (reader(16_000), "No reply; retrying. Your run is safe."),
    ] {
        let card = card(&run, &reader);
        assert_eq!(said(&card), ("Connecting to the GPU".to_owned(), say.to_owned()));
        assert_eq!(card.steps[0].time, "16 s");
    }
    run.update(Event::TimerFired(run.turn()), &context(1_000));
    run.update(lost(&run), &context(1_000_000));
    let failure = |run: &Run| card(run, &reader(1_000_000)).failure.unwrap();
    assert_eq!(failure(&run).title, "The GPU didn’t wake", "the last request was held");
    let mut run = self::run("waking");
    run.update(lost(&run), &context(5));
    run.update(Event::TimerFired(run.turn()), &context(1_000_000));
    run.update(lost(&run), &context(1_000_000));
    assert_eq!(failure(&run).title, "The server doesn’t answer");
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
    let (server, language) = (Server::default(), Language::English);
    let pill =
        pill(&server, [&run], &KeepAwake::default(), None, At(60_000), language, Some(30_000));
    assert_eq!(pill.state, PillState::Asking, "nothing was heard of the server");
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
        (price, 12, false, with(run, waking), "12 runs · about 1 min 12 s · about ¥0.24"),
        // Once, however many there are.
        (
            price,
            12,
            true,
            with(run, waking),
            "12 runs · about 2 min 42 s including waking · about ¥0.24 · ¥0.54 if the GPU has to wake",
        ),
        (price, 12, true, with(run, None), "12 runs · about 1 min 12 s · about ¥0.24"),
        (price, 0, true, with(run, waking), "0 runs"),
        (price, 200, false, with(run, waking), "200 runs · about 20 min · about ¥4.00"),
        (price, 201, false, with(run, None), "That’s 201 runs; you can start 200 at once."),
    ];
    for (price, count, wakes, reader, expected) in table {
        assert_eq!(batch_line(price, Batch { count, wakes }, &reader), expected);
    }
}

#[test]
fn a_result_that_the_gpu_took_with_it_is_neither_done_well_nor_counted() {
    use pilotlight_comfy::run_status::FileRef;
    use pilotlight_runs::run::Fetched;
    let (filename, folder) = ("a.png".into(), "output".into());
    let [subfolder, format] = [const { String::new() }; 2];
    let file = FileRef { filename, subfolder, folder, format, ended_ms: None };
    let outputs = vec![Output { node: "4".into(), content: Content::File(file) }];
    let (how, seeds) = (How::Well, Vec::new());
    for (fetched, lacks_results) in [(Fetched::Here, false), (Fetched::Gone, true)] {
        let mut run = run("running");
        let ended = Ended {
            how: how.clone(),
            outputs: outputs.clone(),
            ran_ms: None,
            cached: false,
            seeds: seeds.clone(),
        };
        run.update(Event::TimerFired(run.turn()), &context(8_000));
        run.update(
            Event::Seen(run.turn(), Ok(StatusReport::Ended(Box::new(ended)))),
            &context(8_000),
        );
        run.update(Event::Collected(run.turn(), vec![fetched]), &context(9_000));
        let card = card(&run, &reader(9_000));
        assert_eq!((card.phase, card.lacks_results), ("done", lacks_results));
        let queue = queue([(&run, None)], None, false, At(9_000));
        assert_eq!((queue.total, queue.done), (1, usize::from(!lacks_results)));
    }
}

/// How many pictures a run makes and whether it is given some; what is said, and what helps.
#[test]
fn what_ran_out_of_memory_is_made_smaller() {
    use pilotlight_comfy::failure::{NodeFailure, NodeFailureKind};
    let table = [
        (true, "Several images at once are too many for this GPU.", "Make one at a time"),
        (
            false,
            "This run needs more than this GPU has. Make it smaller, or ask your admin for a larger GPU.",
            "Run again",
        ),
    ];
    for (makes_several, body, remedy) in table {
        let [node_id, node_type, message, raw] = [const { String::new() }; 4];
        let kind = NodeFailureKind::OutOfMemory;
        let failure = NodeFailure { kind, node_id, node_type, message, raw };
        let how = How::Badly(failure);
        let ended =
            Ended { how, outputs: Vec::new(), ran_ms: None, cached: false, seeds: Vec::new() };
        let mut run = run("running");
        run.update(Event::TimerFired(run.turn()), &context(8_000));
        run.update(
            Event::Seen(run.turn(), Ok(StatusReport::Ended(Box::new(ended)))),
            &context(8_000),
        );
        let failure = card(&run, &Reader { makes_several, ..reader(9_000) }).failure.unwrap();
        assert_eq!((failure.body.as_str(), failure.remedy_name), (body, remedy));
    }
}
