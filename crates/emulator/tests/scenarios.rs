//! Each scenario shows what its name says, to a client that does no more than the protocol asks.
#![allow(clippy::unwrap_used)] // A test may end at once.

mod common;

use common::{Client, json_of, text, utf8, workflow};
use pilotlight_emulator::json::{Json, map};
use pilotlight_emulator::{Answer, Outcome, Request, World, scenario};

const ID: &str = "11111111-1111-4111-8111-111111111111";

fn enter(name: &str) -> Client {
    Client {
        world: World::new(scenario::named(name).unwrap_or_else(|| panic!("no scenario {name}")), 5),
        now: 0,
    }
}

fn get(path: &str) -> Request {
    Request::new("GET", &format!("/openai/api{path}"))
        .with_body("application/json", r#"{"model":"serverless-comfyui"}"#)
}

fn post(words: &str, seed: &str) -> Request {
    let graph = workflow("janus-text-to-image")
        .python()
        .replace("a tiger", words)
        .replace("820488455847715", seed);
    let body = format!(r#"{{"model":"serverless-comfyui","prompt_id":"{ID}","prompt":{graph}}}"#);
    Request::new("POST", "/openai/api/prompt").with_body("application/json", body)
}

/// Asks until something else than an error comes; how many errors came first.
fn persist(client: &mut Client, request: &Request) -> (usize, String) {
    for errors in 0..40 {
        match client.answer(request.clone()) {
            Answer::Reply(reply) if reply.status == 200 && !reply.body.starts_with(b"<html>") => {
                return (errors, utf8(&reply));
            }
            Answer::Reply(_) | Answer::Cut { .. } | Answer::Reset => client.pass(1_000),
        }
    }
    panic!("40 errors");
}

/// Posts, waits for the end by polling, and gives the history entry.
fn run(client: &mut Client) -> Json {
    persist(client, &get("/system_stats"));
    persist(client, &post("a fox", "1"));
    ended(client).expect("the run ends")
}

fn ended(client: &mut Client) -> Option<Json> {
    for _ in 0..200 {
        let (_, body) = persist(client, &get(&format!("/history/{ID}")));
        if body != "{}" {
            return Some(
                common::at(&pilotlight_emulator::parse::python(body.as_bytes())?, &[ID]).clone(),
            );
        }
        client.pass(1_000);
    }
    None
}

fn status(entry: &Json) -> &str {
    text(entry, &["status", "status_str"])
}

fn outcomes(client: &Client) -> Vec<Outcome> {
    client.world.executions().iter().map(|e| e.outcome).collect()
}

#[track_caller]
fn runs_well(name: &str, began_after: std::ops::RangeInclusive<u64>) {
    let mut client = enter(name);
    let entry = run(&mut client);
    assert_eq!(status(&entry), "success", "{name}");
    let queued = client.world.executions()[0].queued_ms;
    assert!(began_after.contains(&queued), "{name}: queued after {queued} ms");
    assert_eq!(outcomes(&client), [Outcome::Success], "{name}");
    assert_eq!(client.ask(get("/view?filename=ComfyUI_00001_.png")).status, 200, "{name}");
}

#[test]
fn the_ones_in_which_a_run_succeeds() {
    runs_well("demo", 10_000..=14_000);
    runs_well("warm", 0..=10);
    runs_well("cold", 20_000..=20_010);
    runs_well("gateway-timeout", 90_000..=90_010);
    runs_well("flaky-start", 12_000..=13_010);
    runs_well("two-tabs", 0..=10);
    runs_well("old-comfyui", 0..=10);
    runs_well("polling", 0..=10);
    runs_well("direct", 0..=10);
    runs_well("direct-cold", 5_000..=5_010);
    runs_well("too-many-requests", 0..=2_010);
    runs_well("html-reply", 0..=2_010);
}

#[test]
fn every_scenario_is_tested_here() {
    let source = include_str!("scenarios.rs");
    for scenario in scenario::ALL {
        assert!(
            source.contains(&format!("(\"{}\"", scenario.name)),
            "{} has no test",
            scenario.name
        );
    }
}

#[test]
fn post_502_queued() {
    let mut client = enter("post-502-queued");
    assert_eq!(client.ask(post("x", "1")).status, 502);
    assert_eq!(outcomes(&client), [Outcome::Running]);
    assert_eq!(status(&ended(&mut client).unwrap()), "success");
}

#[test]
fn post_queued_twice() {
    let mut client = enter("post-queued-twice");
    assert_eq!(client.ask(post("x", "1")).status, 200);
    client.pass(30_000);
    assert_eq!(outcomes(&client), [Outcome::Success, Outcome::Success]);
    assert_eq!(client.world.executions()[1].nodes_run, 0, "the second is answered from the cache");
}

/// The status of a POST and something in its body.
#[track_caller]
fn refused(mut client: Client, seed: &str, status: u16, part: &str) {
    let reply = client.ask(post("x", seed));
    assert_eq!(reply.status, status);
    assert!(utf8(&reply).contains(part), "{}", utf8(&reply));
    assert!(client.world.executions().is_empty());
}

#[test]
fn the_ones_in_which_the_post_is_refused() {
    refused(
        enter("refused-values"),
        "1",
        400,
        r#""message": "Value 1.0 bigger than max of 0.5", "details": "temperature""#,
    );
    refused(enter("missing-class"), "1", 400, r#""type": "missing_node_type""#);
    refused(enter("direct-key"), "1", 401, r#""type": "pilotlight_key""#);
    refused(enter("unknown-model"), "1", 404, r#"model not found: \"serverless-comfyui\""#);
    refused(
        enter("big-seed"),
        "18446744073709551615",
        400,
        r#""received_value": 18446744073709552000"#,
    );
}

#[test]
fn the_ones_in_which_the_run_fails() {
    for (mut client, kind) in
        [(enter("out-of-memory"), "torch.OutOfMemoryError"), (enter("run-error"), "RuntimeError")]
    {
        let entry = run(&mut client);
        assert_eq!(status(&entry), "error");
        assert!(entry.python().contains(&format!(r#""exception_type": "{kind}""#)));
    }
}

#[test]
fn killed_while_running() {
    let mut client = enter("killed-while-running");
    client.ask(post("x", "1"));
    client.pass(2_000);
    assert_eq!(outcomes(&client), [Outcome::Lost]);
    assert_eq!(status(&run(&mut client)), "success", "the second try works");
}

#[test]
fn killed_before_fetch() {
    let mut client = enter("killed-before-fetch");
    assert_eq!(status(&run(&mut client)), "success");
    let picture = get("/view?filename=ComfyUI_00001_.png");
    assert_eq!(client.ask(picture.clone()).status, 502);
    client.pass(5_000);
    assert_eq!(client.ask(picture).status, 404);
}

#[test]
fn same_name_after_restart() {
    let mut client = enter("same-name-after-restart");
    run(&mut client);
    let picture = get("/view?filename=ComfyUI_00001_.png");
    let first = client.ask(picture.clone());
    client.pass(3_000);
    assert_eq!(client.ask(picture.clone()).status, 404);
    persist(&mut client, &post("a whale", "2"));
    ended(&mut client).unwrap();
    let second = client.ask(picture);
    assert_eq!((first.status, second.status), (200, 200));
    assert_ne!(first.body, second.body, "the same name is another picture");
}

#[test]
fn a_polled_run_dies_under_the_tight_window_and_a_long_poll_keeps_it() {
    let mut polled = enter("tight");
    persist(&mut polled, &get("/system_stats"));
    persist(&mut polled, &post("x", "1"));
    for _ in 0..90 {
        polled.pass(1_000);
        polled.answer(get(&format!("/history/{ID}")));
    }
    assert_eq!(outcomes(&polled), [Outcome::Lost]);
    let mut held = enter("tight-wait");
    persist(&mut held, &get("/system_stats"));
    persist(&mut held, &post("x", "1"));
    while json_of(&held.ask(get(&format!("/pilotlight/wait/{ID}?known=running")))).get(ID).is_none()
    {
    }
    assert_eq!(outcomes(&held), [Outcome::Success]);
}

#[test]
fn what_is_held_keeps_a_pod_and_without_it_the_pod_goes() {
    let mut client = enter("tight-wait");
    persist(&mut client, &get("/system_stats"));
    for _ in 0..10 {
        let began = client.now;
        assert_eq!(client.ask(get("/pilotlight/awake")).body, b"{}");
        assert!((25_000..25_020).contains(&(client.now - began)), "{}", client.now - began);
        assert!(client.world.is_ready());
    }
    client.pass(60_000);
    assert!(!client.world.is_ready());
}

#[test]
fn busy() {
    let mut client = enter("busy");
    assert_eq!(client.ask(post("x", "1")).status, 200);
    let state = json_of(&client.ask(get(&format!("/pilotlight/wait/{ID}?known=pending:0"))));
    assert_eq!(state.python(), r#"{"pilotlight": {"state": "pending", "ahead": 2}}"#);
    client.pass(30_000);
    assert!(client.world.executions().iter().all(|e| e.outcome == Outcome::Success));
}

#[test]
fn upload_too_large() {
    let mut client = enter("upload-too-large");
    let upload = |size: usize| {
        let mut form = common::form("a.png", &vec![0; size], &[("model", "serverless-comfyui")]);
        form.path = "/openai/api/upload/image".to_owned();
        form
    };
    let refused = client.ask(upload(70_000));
    assert_eq!((refused.status, refused.get_header("Content-Type")), (413, Some("text/html")));
    assert_eq!(client.ask(upload(1_000)).status, 200);
}

#[test]
fn cut_reply() {
    let mut client = enter("cut-reply");
    for request in [post("x", "1"), get(&format!("/history/{ID}"))] {
        let answer = client.answer(request);
        let Answer::Cut { reply, length } = answer else { panic!("{answer:?}") };
        assert_eq!(reply.body.len(), length / 2);
    }
    assert_eq!(status(&ended(&mut client).unwrap()), "success");
    assert!(matches!(client.answer(get("/view?filename=ComfyUI_00001_.png")), Answer::Cut { .. }));
    assert!(matches!(client.answer(get("/view?filename=ComfyUI_00001_.png")), Answer::Reply(_)));
}

#[test]
fn nan_history() {
    let mut client = enter("nan-history");
    client.ask(post("x", "1"));
    client.pass(10_000);
    let body = utf8(&client.ask(get(&format!("/history/{ID}"))));
    assert!(body.contains(r#""top_p": NaN"#), "{body}");
}

#[test]
fn never_starts() {
    let mut client = enter("never-starts");
    for i in 1..4 {
        assert_eq!(client.ask(get("/system_stats")).status, 504);
        assert_eq!(client.now, i * 60_000);
    }
}

#[test]
fn ancient_comfyui() {
    let mut client = enter("ancient-comfyui");
    let posted = json_of(&client.ask(post("x", "1")));
    assert_ne!(text(&posted, &["prompt_id"]), ID);
}

#[test]
fn plain() {
    let mut client = enter("plain");
    let graph = workflow("janus-text-to-image");
    let posted = client.post("/api/prompt", &map([("prompt", graph), ("prompt_id", ID.into())]));
    assert_eq!((posted.status, posted.get_header("X-Proxy")), (200, None));
    client.pass(10_000);
    assert_eq!(outcomes(&client), [Outcome::Success]);
}
