//! The status of the server.

use super::*;

#[test]
fn the_pill_tells_only_what_was_heard() {
    let heard = |at| Server { heard_at: Some(At(at)), ..Server::default() };
    let said = |server: &Server, runs: &[Run], now| {
        let pill = pill(server, runs, &KeepAwake::default(), At(now), Language::English, 30_000);
        (pill.state, pill.clock.or(pill.more).unwrap_or_default())
    };
    assert_eq!(said(&Server::default(), &[], 0), (PillState::Unknown, String::new()));
    assert_eq!(
        said(&Server::default(), &[run("waking")], 42_000),
        (PillState::Waking, "42 s".into())
    );
    assert_eq!(
        said(&heard(0), &[run("waking")], HELD_MS),
        (PillState::Awake, String::new()),
        "not held yet"
    );
    assert_eq!(said(&heard(0), &[], 60_000), (PillState::Awake, String::new()));
    assert_eq!(said(&heard(0), &[], 720_000), (PillState::Asleep, "last used 12 min ago".into()));
    assert_eq!(said(&heard(0), &[run("running")], 720_000), (PillState::Awake, String::new()));
}

#[test]
fn the_pill_knows_of_what_was_pressed() {
    use pilotlight_runs::keep_awake::{self, Goal};
    let heard = Server { heard_at: Some(At(0)), ..Server::default() };
    let context = |now| keep_awake::Context { now: At(now), heard_at: None, limit_ms: 900_000 };
    let said = |warm: &KeepAwake, now| {
        let pill = pill(&heard, &[], warm, At(now), Language::English, 30_000);
        [Some(pill.text), pill.clock].into_iter().flatten().collect::<Vec<_>>().join(" · ")
    };
    let mut warm = KeepAwake::default();
    let goal = Goal::Keep { ms: 900_000 };
    warm.update(keep_awake::Event::Pressed(goal), &context(500_000));
    assert_eq!(said(&warm, 503_000), "GPU asleep", "not held yet");
    assert_eq!(said(&warm, 542_000), "Waking the GPU · 42 s");
    let wake_replied = keep_awake::Event::WakeReplied(warm.turn(), Ok(Facts::default()));
    warm.update(wake_replied, &context(560_000));
    assert_eq!(said(&warm, 560_000), "Kept awake · 15 min");
    let cut = keep_awake::Event::Held(warm.turn(), Err(Fault::new(ApiError::Unanswered)));
    warm.update(cut, &context(570_000));
    assert_eq!(said(&warm, 700_000), "GPU asleep", "nobody answers");
    warm.update(keep_awake::Event::Stopped, &context(700_000));
    assert_eq!(warmth(&warm, At(700_000), Language::English), None);
    let end = warm_end(&warm).map(|label| label.get(Language::English).to_owned());
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
