//! The world's own rules: holding, retries, the autoscaler, faults, and that it is cheap.

#![allow(clippy::unwrap_used)] // A test may end at once.

mod common;

use common::{
    Client, ID, OTHER, form, get, json_of, post, prompt, text, utf8, wait, warm, workflow,
};
use pilotlight_emulator::json::{Json, map};
use pilotlight_emulator::{
    Answer, Fault, Outcome, Params, PlannedFault, Version, Volume, When, World, scenario,
};

#[test]
fn a_cold_run_from_the_first_knock_to_the_picture() {
    let mut client = Client::new(scenario::named("demo").unwrap());
    assert_eq!(client.ask(get("/system_stats")).status, 200);
    assert!((10_000..14_000).contains(&client.now), "{}", client.now);
    assert_eq!(client.ask(prompt(ID, "a fox", 1)).status, 200);
    assert_eq!(utf8(&client.ask(wait("pending:0"))), r#"{"pilotlight": {"state": "running"}}"#);
    let ended = json_of(&client.ask(wait("running")));
    assert_eq!(text(&ended, &[ID, "status", "status_str"]), "success");
    let picture = client
        .ask(get(&format!("/view?filename=ComfyUI_00001_.png&subfolder=&type=output&rand={ID}")));
    assert!(picture.body.starts_with(b"\x89PNG") && picture.get_header("X-Proxy") == Some("lingo"));
    let [execution] = client.world.executions() else { panic!("{:?}", client.world.executions()) };
    assert_eq!((execution.outcome, execution.nodes_run), (Outcome::Success, 4));
    assert_eq!(client.world.log().len(), 5);
}

#[test]
fn an_answer_about_an_uploaded_picture() {
    let mut client = warm(|_| {});
    let mut upload = form(
        "test.png",
        &pilotlight_emulator::picture::draw(1, "", 64, &[]),
        &[("model", "serverless-comfyui")],
    );
    upload.path = "/openai/api/upload/image".to_owned();
    let uploaded = json_of(&client.ask(upload));
    assert_eq!(text(&uploaded, &["name"]), "test.png");
    client.ask(post(
        "/prompt",
        map([("prompt", workflow("janus-image-understanding")), ("prompt_id", ID.into())]),
    ));
    client.pass(20_000);
    let ended = json_of(&client.ask(get(&format!("/history/{ID}"))));
    let answer = &common::at(&ended, &[ID, "outputs", "6", "text"]).as_list().unwrap()[0];
    assert!(answer.as_str().unwrap().contains("宽 64 像素"), "{answer:?}");
}

#[test]
fn a_held_request_is_freed_when_its_client_leaves_and_the_start_goes_on() {
    let mut client = Client::new(scenario::named("cold").unwrap());
    let ticket = client.world.handle(get("/system_stats"), 0);
    client.world.abandon(ticket, 5_000);
    client.now = 5_000;
    client.ask(get("/system_stats"));
    assert!((20_000..20_100).contains(&client.now), "{}", client.now);
    assert_eq!(client.world.log()[0].ended, "abandoned");
}

#[test]
fn the_gateway_gives_up_and_the_start_goes_on() {
    let mut client = Client::new(scenario::named("gateway-timeout").unwrap());
    let first = client.ask(get("/system_stats"));
    assert_eq!((first.status, client.now), (504, 60_000));
    assert_eq!(first.get_header("Content-Type"), Some("text/html"));
    assert_eq!(client.ask(get("/system_stats")).status, 200);
    assert!((90_000..90_100).contains(&client.now));
}

#[track_caller]
fn posts(fault: Option<Fault>, expected: Option<u16>, queued: usize) {
    let mut client = warm(|p| p.run_ms = 60_000);
    if let Some(fault) = fault {
        client.world.plan_fault(PlannedFault::next("POST", "/prompt", fault));
    }
    let answer = client.answer(prompt(ID, "x", 1));
    assert_eq!((answer.status(), client.world.executions().len()), (expected, queued), "{fault:?}");
}

#[test]
fn a_post_under_faults() {
    posts(None, Some(200), 1);
    posts(Some(Fault::Status(502, When::Before)), Some(502), 0);
    posts(Some(Fault::Status(502, When::After)), Some(502), 1);
    posts(Some(Fault::Reset(When::Before)), None, 0);
    posts(Some(Fault::Reset(When::After)), None, 1);
    posts(Some(Fault::TooMany(3, When::Before)), Some(429), 0);
    posts(Some(Fault::TooLarge), Some(413), 0);
    posts(Some(Fault::Cut), Some(200), 1);
    posts(Some(Fault::Html(When::After)), Some(200), 1);
    posts(Some(Fault::PodReset(1)), Some(200), 2);
    posts(Some(Fault::PodReset(4)), Some(502), 4);
}

#[test]
fn a_second_post_under_the_same_id_is_a_second_and_nearly_free_run() {
    let mut client = warm(|_| {});
    client.ask(prompt(ID, "x", 1));
    client.ask(prompt(ID, "x", 1));
    client.pass(30_000);
    let runs: Vec<_> = client.world.executions().iter().map(|e| (e.outcome, e.nodes_run)).collect();
    assert_eq!(runs, [(Outcome::Success, 4), (Outcome::Success, 0)]);
}

#[test]
fn an_interrupt_names_its_run_and_bites_at_the_end_of_the_node() {
    let mut client = warm(|p| p.run_ms = 5_000);
    client.ask(prompt(ID, "x", 1));
    client.ask(prompt(OTHER, "x", 2));
    client.pass(1_000);
    client.ask(post("/interrupt", map([("prompt_id", OTHER.into())])));
    client.pass(1_000);
    client.ask(post("/interrupt", map([("prompt_id", ID.into())])));
    client.pass(1_000);
    assert_eq!(client.world.executions()[0].outcome, Outcome::Running);
    client.pass(20_000);
    let outcomes: Vec<_> = client.world.executions().iter().map(|e| e.outcome).collect();
    assert_eq!(outcomes, [Outcome::Interrupted, Outcome::Success]);
    let entry = utf8(&client.ask(get(&format!("/history/{ID}"))));
    assert!(
        entry.contains("execution_interrupted") && entry.contains(r#""status_str": "error""#),
        "{entry}"
    );
    client.ask(prompt(ID, "y", 3));
    client.pass(500);
    client.ask(post("/interrupt", map([])));
    client.pass(20_000);
    assert_eq!(
        client.world.executions()[2].outcome,
        Outcome::Interrupted,
        "without an id it stops whoever runs"
    );
}

#[test]
fn a_waiting_run_can_be_dropped() {
    let mut client = warm(|p| p.run_ms = 5_000);
    client.ask(prompt(OTHER, "x", 1));
    client.ask(prompt(ID, "x", 2));
    client.ask(post("/queue", map([("delete", Json::List(vec![ID.into()]))])));
    client.pass(20_000);
    assert_eq!(client.world.executions()[1].outcome, Outcome::Deleted);
    assert_eq!(utf8(&client.ask(get(&format!("/history/{ID}")))), "{}");
}

#[test]
fn the_history_comes_after_a_gap() {
    let mut client = warm(|p| (p.gap_ms, p.run_ms) = (700, 1_000));
    client.ask(prompt(ID, "x", 1));
    let mut nowhere = 0;
    for _ in 0..1_000 {
        client.pass(10);
        let queue = utf8(&client.ask(get("/queue")));
        let history = utf8(&client.ask(get(&format!("/history/{ID}"))));
        nowhere += usize::from(!queue.contains(ID) && history == "{}");
    }
    assert!((1..80).contains(&nowhere), "{nowhere} looks found it nowhere");
}

#[test]
fn everything_in_memory_dies_with_the_pod() {
    let mut client =
        warm(|p| (p.volume, p.cold_start_ms, p.cold_start_jitter_ms) = (Volume::Output, 3_000, 0));
    client.ask(prompt(ID, "x", 1));
    client.pass(20_000);
    client.ask(prompt(OTHER, "y", 2));
    client.pass(300);
    client.world.kill_pod(client.now);
    assert_eq!(client.world.executions()[1].outcome, Outcome::Lost);
    assert!(!client.world.remembers(ID) && !client.world.remembers(OTHER));
    assert_eq!(client.ask(get("/queue")).status, 502, "kubeai still believes in the dead pod");
    client.pass(1_000);
    assert_eq!(utf8(&client.ask(get(&format!("/history/{ID}")))), "{}");
    assert_eq!(
        client.ask(get("/view?filename=ComfyUI_00001_.png")).status,
        200,
        "the volume keeps the output"
    );
    client.ask(prompt(ID, "z", 3));
    client.pass(20_000);
    let entry = utf8(&client.ask(get(&format!("/history/{ID}"))));
    assert!(entry.contains("ComfyUI_00002_.png"), "names go on with a volume: {entry}");
}

#[test]
fn a_request_in_flight_at_the_death_of_the_pod_is_tried_again() {
    let mut client =
        warm(|p| (p.stale_endpoint_ms, p.cold_start_ms, p.cold_start_jitter_ms) = (0, 3_000, 0));
    client.ask(prompt(ID, "[sleep=60]", 1));
    let ticket = client.world.handle(wait("running"), client.now);
    client.pass(2_000);
    client.world.kill_pod(client.now);
    let killed = client.now;
    client.now += 10_000;
    let answers = client.world.advance(client.now);
    let Some((_, Answer::Reply(reply))) = answers.iter().find(|(t, _)| *t == ticket) else {
        panic!("{answers:?}")
    };
    assert_eq!(utf8(reply), "{}", "held for the next pod, where the run is nowhere");
    let entry = client.world.log().last().unwrap();
    assert_eq!((entry.tries, entry.held_ms), (2, Some(killed + 4_002 - entry.at_ms)));
}

#[test]
fn the_word_kill_kills() {
    let mut client = warm(|_| {});
    client.ask(prompt(ID, "[kill] [sleep=4]", 1));
    client.pass(2_000);
    assert!(client.world.is_ready());
    client.pass(1_000);
    assert_eq!(client.world.executions()[0].outcome, Outcome::Lost);
}

#[test]
fn an_idle_pod_goes_and_its_grace_swallows_a_post() {
    let mut params = scenario::named("tight").unwrap();
    params.terminating_ms = 5_000;
    let mut client = Client::new(params);
    client.ask(get("/system_stats"));
    while client.world.is_ready() {
        client.pass(500);
    }
    assert!((30_000..70_000).contains(&client.now), "gone after {} ms", client.now);
    assert_eq!(client.ask(prompt(ID, "x", 1)).status, 200, "the dying pod still accepts");
    client.pass(6_000);
    assert_eq!(client.world.executions()[0].outcome, Outcome::Lost);
}

#[test]
fn a_run_may_kill_a_pod_that_is_already_dying() {
    let mut params = scenario::named("tight").unwrap();
    (params.terminating_ms, params.sample_misses_ms) = (60_000, 1_000_000);
    let mut client = Client::new(params);
    client.ask(prompt(ID, "[kill] [sleep=100]", 1));
    while client.world.is_ready() {
        client.pass(500);
    }
    client.pass(60_000);
    assert_eq!(client.world.executions()[0].outcome, Outcome::Lost);
}

#[test]
fn old_versions_treat_an_own_id_their_way() {
    let posted = |version, id: &str| {
        let mut client = warm(|p| p.version = version);
        let reply = client.ask(prompt(id, "x", 1));
        (reply.status, json_of(&reply).get("prompt_id").map(Json::python))
    };
    assert_eq!(posted(Version::V0_33_0, "run 1").0, 400);
    assert_eq!(posted(Version::V0_33_0, ID), (200, Some(format!("\"{ID}\""))));
    assert_eq!(posted(Version::V0_3_64, "run 1"), (200, Some("\"run 1\"".to_owned())));
    assert_ne!(posted(Version::Ancient, ID), (200, Some(format!("\"{ID}\""))));
}

#[track_caller]
fn set(text: &str, expected: Result<(), &str>) {
    let mut world = World::new(Params::default(), 1);
    let before = world.params().clone();
    match (world.set(text.as_bytes(), 0), expected) {
        (Ok(()), Ok(())) => {}
        (Err(said), Err(part)) => {
            assert!(said.contains(part), "{said}");
            assert_eq!(*world.params(), before, "nothing is changed when something is wrong");
        }
        (got, _) => panic!("{text}: {got:?}"),
    }
}

#[test]
fn setting_parameters_at_run_time() {
    set("{}", Ok(()));
    set(r#"{"run_ms": 5, "extension": false}"#, Ok(()));
    set(r#"{"scenario": "warm", "run_ms": 5}"#, Ok(()));
    set(r#"{"kill": true}"#, Ok(()));
    set(r#"{"reset": true}"#, Ok(()));
    set(r#"{"run_ms": 5, "nonsense": 1}"#, Err("no parameter \"nonsense\""));
    set(r#"{"scenario": "nonsense"}"#, Err("no scenario \"nonsense\""));
    set(r#"{"run_ms": "soon"}"#, Err("run_ms must be a whole number"));
    set("[]", Err("JSON object"));
    set("{", Err("unexpected EOF"));
}

#[test]
fn a_scenario_begins_anew() {
    let mut client = Client::new(scenario::named("cold").unwrap());
    let held = client.world.handle(get("/queue"), 100);
    client.world.set(br#"{"scenario": "warm"}"#, 200).unwrap();
    assert_eq!(client.world.advance(200), [(held, Answer::Reset)]);
    assert!(client.world.is_ready() && client.world.log().is_empty());
    client.now = 200;
    assert_eq!(client.ask(get("/queue")).status, 200);
}

fn story(seed: u64) -> Vec<String> {
    let params = Params {
        chaos_fault: 0.3,
        chaos_kill: 0.05,
        cold_start_ms: 2_000,
        cold_start_jitter_ms: 500,
        gateway_timeout_ms: 3_000,
        picture_px: 1,
        ..scenario::named("demo").unwrap()
    };
    let mut client = Client { world: World::new(params, seed), now: 0 };
    let mut told = Vec::new();
    for i in 0..60 {
        let request = match i % 6 {
            0 => prompt(ID, "x", i),
            1 => get("/queue"),
            2 => get(&format!("/history/{ID}")),
            3 => get("/view?filename=ComfyUI_00001_.png"),
            4 => wait("pending:0"),
            _ => get("/system_stats"),
        };
        let status = client.answer(request).status();
        told.push(format!("{} {status:?}", client.now));
        client.pass(700);
    }
    told
}

#[test]
fn the_same_seed_tells_the_same_story() {
    assert_eq!(story(3), story(3));
    assert_ne!(story(3), story(4));
}

#[test]
fn a_world_is_cheap() {
    let began = std::time::Instant::now();
    let count = 300;
    for seed in 0..count {
        story(seed);
    }
    let each = began.elapsed().as_secs_f64() * 1000.0 / count as f64;
    println!("{each:.3} ms for a world of 60 requests");
    assert!(each < 20.0, "{each} ms for a world of 60 requests");
}
