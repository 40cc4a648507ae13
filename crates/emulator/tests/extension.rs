//! The ComfyUI extension: its routes, the long-poll, and reads by POST.

#![allow(clippy::unwrap_used)] // A test may end at once.

mod common;

use common::{Client, ID, OTHER, get, model, post, prompt, utf8, wait, warm};
use pilotlight_emulator::Request;
use pilotlight_emulator::json::map;

/// The wait's answers, by the state the page knows.
#[track_caller]
fn waits(
    known: &str,
    prepare: impl FnOnce(&mut Client),
    expected: &str,
    held_ms: std::ops::RangeInclusive<u64>,
) {
    let mut client = warm(|p| p.run_ms = 5_000);
    prepare(&mut client);
    let began = client.now;
    let body = utf8(&client.ask(wait(known)));
    assert!(body.starts_with(expected), "{body}");
    assert!(held_ms.contains(&(client.now - began)), "held {} ms", client.now - began);
}

#[test]
fn the_long_poll() {
    let nothing = |_: &mut Client| {};
    let running = |c: &mut Client| drop(c.ask(prompt(ID, "x", 1)));
    let pending = |c: &mut Client| {
        c.ask(prompt(OTHER, "[sleep=60]", 1));
        c.ask(prompt(ID, "x", 2));
    };
    let ended = |c: &mut Client| {
        c.ask(prompt(ID, "x", 1));
        c.pass(20_000);
    };
    let state_running = r#"{"pilotlight": {"state": "running"}}"#;
    let state_pending = r#"{"pilotlight": {"state": "pending", "ahead": 1}}"#;
    waits("", nothing, "{}", 1_000..=1_010);
    waits("running", nothing, "{}", 1_000..=1_010);
    waits("pending:0", running, state_running, 0..=20);
    waits("", running, &format!("{{\"{ID}\""), 5_000..=6_000);
    waits("running", running, &format!("{{\"{ID}\""), 5_000..=6_000);
    waits("running", pending, state_pending, 0..=20);
    waits("pending:1", pending, state_pending, 25_000..=25_020);
    waits("", pending, state_pending, 25_000..=25_020);
    waits("running", ended, &format!("{{\"{ID}\""), 0..=20);
}

#[track_caller]
fn route(method: &str, path: &str, extension: bool, status: u16) {
    let mut client = warm(|p| p.extension = extension);
    let request = Request::new(method, &format!("/openai/api{path}"))
        .with_body("text/plain", model().python());
    assert_eq!(client.ask(request).status, status, "{method} {path}");
}

#[test]
fn the_routes_of_the_extension() {
    for path in [
        "prompt",
        "queue",
        "history",
        "history/x",
        "system_stats",
        "object_info",
        "object_info/SaveImage",
    ] {
        route("POST", &format!("/pilotlight/{path}"), true, 200);
        route("POST", &format!("/pilotlight/{path}"), false, 405);
    }
    route("POST", "/pilotlight/view?filename=nosuch.png", true, 404);
    route("GET", "/pilotlight/wait/x", true, 200);
    route("POST", "/pilotlight/wait/x", true, 200);
    route("GET", "/pilotlight/wait/x", false, 404);
    route("POST", "/pilotlight/wait/x", false, 405);
    route("GET", "/pilotlight/awake", true, 200);
    route("POST", "/pilotlight/awake", true, 200);
    route("GET", "/pilotlight/awake", false, 404);
    route("POST", "/pilotlight/awake", false, 405);
    route("GET", "/pilotlight/queue", true, 404);
    route("POST", "/pilotlight/nosuch", true, 405);
}

#[test]
fn an_extension_of_before_does_not_hold_a_request_for_its_own_sake() {
    let mut client = warm(|p| p.extension_holds = false);
    assert_eq!(client.ask(get("/pilotlight/awake")).status, 404);
    assert_eq!(client.ask(post("/pilotlight/awake", model())).status, 405);
    assert_eq!(client.ask(wait("")).status, 200);
}

#[test]
fn a_twin_answers_like_the_core_and_ignores_the_body() {
    let mut client = warm(|p| p.cors = true);
    client.ask(prompt(ID, "[sleep=9]", 1));
    let core = client.ask(get("/queue"));
    let twin = client.ask(post("/pilotlight/queue", map([("clear", true.into())])));
    assert_eq!((core.body.clone(), core.status), (twin.body.clone(), twin.status));
    assert_eq!(twin.get_header("Access-Control-Allow-Origin"), Some("*"));
}
