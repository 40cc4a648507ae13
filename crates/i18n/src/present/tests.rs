//! Cards, pills and prices as tables.

use super::*;
use pilotlight_comfy::comfy::{Accepted, Facts};
use pilotlight_comfy::failure::{ApiError, Fault, Remedy};
use pilotlight_comfy::id::PromptId;
use pilotlight_comfy::problem::{Problem, Trouble};
use pilotlight_comfy::sighting::{Content, Ended, Glimpse, How, Output};
use pilotlight_forms::form::{FieldKey, Form, NodeId, Package};
use pilotlight_runs::run::{Around, Event, Limits, LongPoll, Run, Step};
use pilotlight_runs::server::{HELD_MS, Server};
use pilotlight_runs::warm::Warm;

fn around(now: u64) -> Around {
    Around {
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
        price: None,
        form: None,
    }
}

/// A run that went on to `phase`, a second for each step.
fn run(phase: &str) -> Run {
    knocked_for(1_000, phase)
}

/// The same with a knock that was answered after `knock_ms`.
fn knocked_for(knock_ms: u64, phase: &str) -> Run {
    let id = PromptId::from_random([1; 16]);
    let mut run = Run::new(id.clone(), false, At(0));
    let text = Output { node: "6".into(), content: Content::Text("a cat".into()) };
    let ended = |how, outputs| {
        let seeds = vec![("2".to_owned(), 42)];
        Glimpse::Ended(Box::new(Ended { how, outputs, ran_ms: Some(6_400), cached: false, seeds }))
    };
    let order = ["waiting", "waking", "submitting", "queued", "running", "done"];
    let steps = order.iter().position(|name| *name == phase).unwrap();
    for (at, name) in order[1..=steps].iter().enumerate() {
        let around = around(if at == 0 { 0 } else { knock_ms + (at as u64 - 1) * 1_000 });
        let turn = |run: &Run| run.turn();
        let event = match *name {
            "waking" => Event::Released,
            "submitting" => Event::Knocked(turn(&run), Ok(Facts::default())),
            "queued" => {
                let accepted = Accepted { prompt_id: id.clone(), problems: Vec::new() };
                Event::Accepted(turn(&run), Ok(accepted))
            }
            "running" => {
                run.update(Event::Rang(run.turn()), &around);
                run.update(Event::Seen(run.turn(), Ok(Glimpse::NotInHistory)), &around);
                Event::Seen(turn(&run), Ok(Glimpse::Running))
            }
            _ => {
                run.update(Event::Rang(run.turn()), &around);
                Event::Seen(turn(&run), Ok(ended(How::Well, vec![text.clone()])))
            }
        };
        run.update(event, &around);
    }
    run
}

fn lines(card: &Card) -> String {
    let line = |step: &StepLine| format!("{} {}", step.mark.name(), step.name);
    card.steps.iter().map(line).collect::<Vec<_>>().join(", ")
}

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
        run.update(Event::Cancelled, &around(20_000));
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
        run.update(Event::Knocked(run.turn(), Err(Fault::new(error))), &around(30_000));
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
    run.update(Event::Knocked(run.turn(), Err(fault)), &around(1_000));
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
        run.update(Event::Knocked(run.turn(), Err(fault)), &around(1_000));
        let failure = card(&run, &Reader { transport, ..reader(2_000) }).failure.unwrap();
        assert_eq!((failure.title.as_str(), failure.remedy_name), (title, remedy), "{barred:?}");
    }
}

/// Two nodes, one of them with an input that the form shows.
fn form() -> Form {
    let file = r#"{
        "pilotlight": 1, "id": "janus", "title": "Janus",
        "prompt": {
            "2": {"class_type": "JanusImageGeneration", "_meta": {"title": "Make a picture"},
                "inputs": {"temperature": 1.0, "cfg_weight": 5.0}},
            "3": {"class_type": "SaveImage", "inputs": {"filename_prefix": "a"}}
        },
        "form": [{"node": "2", "input": "temperature",
            "label": {"en": "Temperature", "zh": "温度"}}],
        "classes": {}
    }"#;
    Package::parse(file).unwrap().form()
}

#[test]
fn a_refusal_says_of_which_field_it_is() {
    let table = [
        (Some("2.temperature"), Language::English, "Temperature: Maximum 1."),
        (Some("2.temperature"), Language::Chinese, "温度：最大值为 1。"),
        (Some("2.cfg_weight"), Language::English, "Make a picture · cfg_weight: Maximum"),
        (Some("3.filename_prefix"), Language::Chinese, "SaveImage · filename_prefix：最大值"),
        (Some("9.gone"), Language::English, "Maximum 1."),
        (None, Language::English, "Maximum 1."),
    ];
    let form = form();
    for (place, language, start) in table {
        let problem = Problem {
            place: place.and_then(FieldKey::parse),
            ..Problem::of(Trouble::TooLarge { max: "1".into() })
        };
        let fault = Fault { problems: vec![problem], ..Fault::new(ApiError::Refused) };
        let mut run = run("submitting");
        run.update(Event::Accepted(run.turn(), Err(fault)), &around(2_000));
        let reader = Reader { form: Some(&form), language, ..reader(3_000) };
        let body = card(&run, &reader).failure.unwrap().body;
        assert!(body.starts_with(start), "{body}");
    }
}

#[test]
fn what_the_server_leaves_out_is_told_with_the_results_that_will_be_missing() {
    let start = "Part of the workflow won’t run: Temperature: Maximum 1.";
    let chinese = "工作流有一部分不会运行：温度：最大值为 1。以下节点不会有结果：SaveImage。";
    let table = [
        (vec!["3"], Language::English, [start, " No result from SaveImage."].concat()),
        (vec!["3"], Language::Chinese, chinese.to_owned()),
        (vec!["3", "9", "3"], Language::English, [start, " No result from SaveImage, 9."].concat()),
        (vec![], Language::English, start.to_owned()),
    ];
    let form = form();
    for (without, language, expected) in table {
        let problem = Problem {
            place: FieldKey::parse("2.temperature"),
            without: without
                .into_iter()
                .map(Into::into)
                .map(|id: String| NodeId::new(id))
                .collect(),
            ..Problem::of(Trouble::TooLarge { max: "1".into() })
        };
        let mut run = run("submitting");
        let id = PromptId::from_random([1; 16]);
        let accepted = Accepted { prompt_id: id, problems: vec![problem] };
        run.update(Event::Accepted(run.turn(), Ok(accepted)), &around(2_000));
        let reader = Reader { form: Some(&form), language, ..reader(3_000) };
        assert_eq!(card(&run, &reader).say, Some(expected));
    }
}

#[test]
fn a_choice_the_server_lacks_is_told_with_those_it_has() {
    let offered = |count: usize| (0..count).map(|at| serde_json::json!(format!("m{at}"))).collect();
    let table = [
        (0, Language::English, "“x” isn’t available on this server."),
        (2, Language::English, "“x” isn’t available on this server. Available: m0, m1."),
        (2, Language::Chinese, "服务器没有“x”这个选项。可选：m0、m1。"),
        (
            9,
            Language::English,
            "“x” isn’t available on this server. Available: m0, m1, m2, m3, m4, m5, m6, m7 ….",
        ),
    ];
    for (count, language, expected) in table {
        let trouble = Trouble::NotInList { value: "x".into() };
        let it = Problem { offered: offered(count), ..Problem::of(trouble) };
        assert_eq!(problem(&it, language), expected);
    }
}

#[test]
fn the_pill_tells_only_what_was_heard() {
    let heard = |at| Server { heard_at: Some(At(at)), ..Server::default() };
    let said = |server: &Server, runs: &[Run], now| {
        let pill = pill(server, runs, &Warm::default(), At(now), Language::English, 30_000);
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
fn a_run_taken_up_is_said_to_be_as_it_was_until_something_is_heard() {
    let running = run("running");
    let stored = running.stored().expect("it goes on");
    let (mut run, step) = Run::restore(&stored, &[], false, &around(60_000));
    let reader = reader(60_000);
    let card_of = |run: &Run| card(run, &reader);
    assert_eq!(card_of(&run).phase, "running");
    let said = "Status when you left; checking now.";
    assert_eq!(card_of(&run).say.as_deref(), Some(said));
    let pill =
        pill(&Server::default(), [&run], &Warm::default(), At(60_000), Language::English, 30_000);
    assert_eq!(pill.state, PillState::Unknown, "nothing was heard of the server");
    assert!(matches!(step, Step::Look { .. }));
    run.update(Event::Seen(run.turn(), Ok(Glimpse::Running)), &around(61_000));
    assert_ne!(card_of(&run).say.as_deref(), Some(said));
}

#[test]
fn the_pill_knows_of_what_was_pressed() {
    use pilotlight_runs::warm::{self, Goal};
    let heard = Server { heard_at: Some(At(0)), ..Server::default() };
    let around = |now| warm::Around { now: At(now), heard_at: None, limit_ms: 900_000 };
    let said = |warm: &Warm, now| {
        let pill = pill(&heard, &[], warm, At(now), Language::English, 30_000);
        [Some(pill.text), pill.clock].into_iter().flatten().collect::<Vec<_>>().join(" · ")
    };
    let mut warm = Warm::default();
    let goal = Goal::Keep { ms: 900_000 };
    warm.update(warm::Event::Pressed(goal), &around(500_000));
    assert_eq!(said(&warm, 503_000), "GPU asleep", "not held yet");
    assert_eq!(said(&warm, 542_000), "Waking the GPU · 42 s");
    let knocked = warm::Event::Knocked(warm.turn(), Ok(Facts::default()));
    warm.update(knocked, &around(560_000));
    assert_eq!(said(&warm, 560_000), "Kept awake · 15 min");
    let cut = warm::Event::Held(warm.turn(), Err(Fault::new(ApiError::Unanswered)));
    warm.update(cut, &around(570_000));
    assert_eq!(said(&warm, 700_000), "GPU asleep", "nobody answers");
    warm.update(warm::Event::Stopped, &around(700_000));
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
fn a_run_that_is_over_says_what_it_cost() {
    let price = Some(Price { per_hour: 36.0, currency: "¥" });
    let facts = |knock_ms| {
        card(&knocked_for(knock_ms, "done"), &Reader { price, ..reader(90_000) }).facts.unwrap()
    };
    assert_eq!(facts(HELD_MS), "Ran 6.4 s · cost about ¥0.06 · seed 42");
    assert_eq!(facts(72_000), "Woke in 1 min 12 s · Ran 6.4 s · cost about ¥0.78 · seed 42");
    let spent = pilotlight_runs::kept::Spent::default();
    let said = price.map(|price| cost_of(&spent, price, Language::Chinese));
    assert_eq!(said.as_deref(), Some("费用约 ¥0.00"));
    assert_eq!(amount(90_000, price, Language::English), "¥0.90");
    assert_eq!(amount(90_000, None, Language::English), "1 min 30 s");
}

#[test]
fn a_price_is_said_only_with_a_figure_behind_it() {
    let price = Some(Price { per_hour: 12.0, currency: "¥" });
    let with = |usual_run, usual_waking| Reader { usual_run, usual_waking, ..reader(0) };
    let run = Some((6_000, 6_000));
    let waking = Some((90_000, 90_000));
    let table = [
        (price, 1, with(None, waking), None),
        (price, 1, with(run, None), Some("about ¥0.02")),
        (price, 3, with(run, waking), Some("about ¥0.06 · ¥0.36 if the GPU has to wake")),
        (None, 1, with(run, waking), Some("about 6 s · 1 min 36 s if the GPU has to wake")),
        (
            Some(Price { per_hour: 2.0, currency: "USD" }),
            1,
            with(run, None),
            Some("about 0.0033 USD"),
        ),
        (Some(Price { per_hour: 0.0, currency: "元" }), 1, with(run, None), Some("about 0.00 元")),
        (
            Some(Price { per_hour: 6_000.0, currency: "CN¥" }),
            1,
            with(run, None),
            Some("about CN¥10.00"),
        ),
        (Some(Price { per_hour: 6.3, currency: "$" }), 100, with(run, None), Some("about $1.05")),
    ];
    for (price, runs, reader, expected) in table {
        assert_eq!(cost_line(runs, &Reader { price, ..reader }).as_deref(), expected);
    }
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
