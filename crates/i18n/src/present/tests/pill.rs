//! The status of the server.

use super::*;

/// When the server was heard, the cluster's delay, what goes on, and what is said at which moment.
#[test]
fn the_pill_tells_only_what_was_heard() {
    let delay = Some(30_000);
    let table = [
        (None, None, "", 0, "unknown GPU status unknown"),
        (None, None, "waking", 0, "asking Connecting to the GPU"),
        (None, None, "waking", HELD_MS, "asking Connecting to the GPU"),
        (None, None, "waking", 42_000, "waking Waking the GPU · 42 s"),
        (None, None, "submitting", 2_000, "asking Connecting to the GPU"),
        (None, None, "asked", 2_000, "asking Connecting to the GPU"),
        (None, None, "asked", 25_000, "waking Waking the GPU · 25 s"),
        (None, None, "done", 20_000, "unknown GPU status unknown"),
        (Some(0), None, "waking", HELD_MS, "awake Awake"),
        (Some(0), None, "waking", 600_000, "waking Waking the GPU · 10 min"),
        (Some(0), None, "", 30_000, "awake Awake"),
        (Some(0), None, "", 101_000, "used Last used 2 min ago"),
        (Some(0), None, "", 720_000, "used Last used 12 min ago"),
        (Some(0), delay, "", 60_000, "used Last used 1 min ago"),
        (Some(0), delay, "", 720_000, "asleep GPU probably asleep · last used 12 min ago"),
        (Some(0), delay, "submitting", 720_000, "asking Connecting to the GPU"),
        (Some(700_000), delay, "running", 720_000, "awake Awake"),
        (Some(0), delay, "running", 720_000, "silent Not answering"),
    ];
    for (heard, idle_ms, goes_on, now, expected) in table {
        let server = Server { heard_at: heard.map(At), ..Server::default() };
        let runs = ["waking", "submitting", "running", "done"].into_iter();
        let runs: Vec<Run> = runs.filter(|phase| *phase == goes_on).map(run).collect();
        let asked = (goes_on == "asked").then_some(At(0));
        let language = Language::English;
        let pill = pill(&server, &runs, &KeepAwake::default(), asked, At(now), language, idle_ms);
        let parts = [Some(pill.text), pill.clock, pill.more].into_iter().flatten();
        let said = [pill.state.name(), " ", &parts.collect::<Vec<_>>().join(" · ")].concat();
        assert_eq!(said, expected, "{heard:?} {idle_ms:?} {goes_on} {now}");
    }
}

#[test]
fn the_pill_knows_of_what_was_pressed() {
    use pilotlight_runs::keep_awake::{self, Goal};
    let heard = Server { heard_at: Some(At(0)), ..Server::default() };
    let context = |now| keep_awake::Context { now: At(now), heard_at: None, limit_ms: 900_000 };
    let said = |keep_awake: &KeepAwake, now| {
        let pill = pill(&heard, &[], keep_awake, None, At(now), Language::English, Some(30_000));
        [Some(pill.text), pill.clock].into_iter().flatten().collect::<Vec<_>>().join(" · ")
    };
    let mut keep_awake = KeepAwake::default();
    let goal = Goal::Keep { ms: 900_000 };
    keep_awake.update(keep_awake::Event::Pressed(goal), &context(500_000));
    assert_eq!(said(&keep_awake, 503_000), "Connecting to the GPU", "not held yet");
    assert_eq!(said(&keep_awake, 542_000), "Waking the GPU · 42 s");
    let wake_replied = keep_awake::Event::WakeReplied(keep_awake.turn(), Ok(Facts::default()));
    keep_awake.update(wake_replied, &context(560_000));
    assert_eq!(said(&keep_awake, 560_000), "Kept awake · 15 min");
    let cut = keep_awake::Event::Held(keep_awake.turn(), Err(Fault::new(ApiError::Unanswered)));
    keep_awake.update(cut, &context(570_000));
    assert_eq!(said(&keep_awake, 700_000), "Connecting to the GPU", "one failure may be a hiccup");
    keep_awake.update(keep_awake::Event::TimerFired(keep_awake.turn()), &context(571_000));
    let cut =
        keep_awake::Event::WakeReplied(keep_awake.turn(), Err(Fault::new(ApiError::Unanswered)));
    keep_awake.update(cut, &context(572_000));
    assert_eq!(said(&keep_awake, 700_000), "Not answering", "nobody answers");
    keep_awake.update(keep_awake::Event::Stopped, &context(700_000));
    assert_eq!(keep_awake_line(&keep_awake, At(700_000), Language::English), None);
    let end = keep_awake_end(&keep_awake).map(|label| label.get(Language::English).to_owned());
    assert_eq!(end.as_deref(), Some("Stopped: the GPU is no longer kept awake."));
}

#[test]
fn when_it_sleeps_is_said_as_long_as_it_is_taken_to_be_awake() {
    let server = Server { heard_at: Some(At(1_000)), ..Server::default() };
    let table = [
        (1_000, Some("Sleeps in about 30 s unless you run something.")),
        (26_000, Some("Sleeps in about 5 s unless you run something.")),
        (31_000, Some("It may be asleep by now.")),
        (92_000, None),
    ];
    for (now, expected) in table {
        let said = sleeps(&server, 30_000, At(now), Language::English);
        assert_eq!(said.as_deref(), expected, "{now}");
    }
    assert_eq!(sleeps(&Server::default(), 30_000, At(0), Language::English), None);
}

#[test]
fn a_device_is_called_by_its_name() {
    let table = [
        ("cuda:0 NVIDIA H800 : cudaMallocAsync", "NVIDIA H800"),
        ("cuda:0 NVIDIA GeForce RTX 4090", "NVIDIA GeForce RTX 4090"),
        ("NVIDIA H800", "NVIDIA H800"),
        ("cpu", "cpu"),
    ];
    for (told, expected) in table {
        assert_eq!(device_name(told), expected);
    }
}
