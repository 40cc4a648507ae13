//! The extension's guard, as its own tests in Python have it.
#![allow(clippy::unwrap_used)] // A test may end at once.

mod common;

use common::{Client, form, json_of, text};
use pilotlight_emulator::{Params, Reply, Request};

const PAGE: &str = "https://the.page.example";
const KEY: &str = "sesame";

fn client(key: &str, origins: &[&str], cors: bool) -> Client {
    let mut client = Client::new(Params {
        kubeai: false,
        cors,
        extension_key: key.to_owned(),
        extension_origins: origins.iter().map(|origin| (*origin).to_owned()).collect(),
        ..Params::default()
    });
    client.pass(1_000);
    client
}

fn header<'a>(reply: &'a Reply, name: &str) -> Vec<&'a str> {
    let found = reply.headers.iter().filter(|(known, _)| known == name);
    found.map(|(_, value)| value.as_str()).collect()
}

#[track_caller]
fn check(client: &mut Client, method: &str, path: &str, body: &str, expected: (u16, &str)) {
    let request = Request::new(method, path).with_body("text/plain", body);
    let reply = client.ask(request);
    assert_eq!(reply.status, expected.0, "{method} {path} {body}");
    if !expected.1.is_empty() {
        assert_eq!(text(&json_of(&reply), &["error", "type"]), expected.1);
        assert_eq!(header(&reply, "Access-Control-Allow-Origin"), ["*"]);
    }
}

#[test]
fn whoever_brings_no_key_is_sent_away() {
    let mut client = client(KEY, &[], true);
    let (wanted, given) = ((401, "pilotlight_key"), (200, ""));
    for (method, path) in [
        ("GET", "/api/queue"),
        ("POST", "/api/prompt"),
        ("POST", "/api/pilotlight/system_stats"),
        ("GET", "/api/system_stats"),
        ("POST", "/nothing"),
        ("OPTIONS", "/api/prompt"),
    ] {
        for body in ["", "{", "{}", r#"{"key":""}"#, r#"{"key":["sesame"]}"#, r#"{"key":"x"}"#] {
            check(&mut client, method, path, body, wanted);
        }
    }
    for (method, path) in [("GET", "/"), ("GET", "/system_stats")] {
        check(&mut client, method, path, "", given);
    }
    let with_key = r#"{"model":"m","key":" sesame "}"#;
    for (method, path) in [("GET", "/api/queue"), ("POST", "/api/pilotlight/system_stats")] {
        check(&mut client, method, path, with_key, given);
    }
}

#[test]
fn another_key_is_told_from_none_and_a_form_may_carry_one() {
    let mut client = client(KEY, &[], true);
    for (fields, status) in
        [(vec![("model", "m")], 401), (vec![("key", "x")], 401), (vec![("key", KEY)], 200)]
    {
        let reply = client.ask(form("a.png", b"bytes", &fields));
        assert_eq!(reply.status, status, "{fields:?}");
    }
    let late = form("a.png", b"bytes", &[("type", "input"), ("key", KEY)]);
    let long = form("a.png", b"bytes", &[("key", &format!("{KEY}{}", " ".repeat(4_096)))]);
    for request in [late, long] {
        assert_eq!(client.ask(request).status, 401);
    }
    for (body, given) in [("{}", "false"), (r#"{"key":"x"}"#, "true")] {
        let reply = client.ask(Request::new("POST", "/api/queue").with_body("text/plain", body));
        assert!(common::utf8(&reply).contains(&format!("\"given\": {given}")), "{body}");
    }
}

#[test]
fn the_key_stands_in_the_first_64_kb_and_nothing_is_compressed() {
    let mut client = client(KEY, &[], true);
    let long = "x".repeat(70_000);
    let path = "/api/pilotlight/queue";
    for (status, body) in [
        (200, format!(r#"{{"key":"{KEY}","x":"{long}"}}"#)),
        (200, format!(r#"{{"access_key":"{KEY}","extra_data":"{long}","key":"{KEY}"}}"#)),
        (401, format!(r#"{{"extra_data":"{long}","key":"{KEY}"}}"#)),
        (401, format!(r#"{{"x":{{"key":"{KEY}"}}}}"#)),
    ] {
        let expected = (status, if status == 401 { "pilotlight_key" } else { "" });
        check(&mut client, "POST", path, &body, expected);
    }
    for (encoding, status) in [("gzip", 415), ("identity, br", 415), ("Identity", 200)] {
        let request = Request::new("POST", path).header("Content-Encoding", encoding);
        let body = format!(r#"{{"key":"{KEY}"}}"#);
        let reply = client.ask(request.with_body("text/plain", body));
        assert_eq!(reply.status, status, "{encoding}");
        if status == 415 {
            assert_eq!(text(&json_of(&reply), &["error", "type"]), "pilotlight_encoding");
        }
    }
}

#[test]
fn what_a_browser_fetches_for_another_site_without_naming_it_is_refused() {
    let paths = ["/api/queue", "/system_stats", "/pilotlight/wait/none", "/api/pilotlight/awake"];
    for (origins, refused) in [(&[][..], [200, 200, 403, 403]), (&[PAGE], [403, 200, 403, 403])] {
        for (path, status) in paths.into_iter().zip(refused) {
            for site in ["cross-site", "same-site"] {
                let mut client = client("", origins, true);
                let request = Request::new("GET", path).header("Sec-Fetch-Site", site);
                assert_eq!(client.ask(request).status, status, "{path} {site} {origins:?}");
            }
        }
    }
}

#[test]
fn only_listed_pages_may_ask_and_they_may_read_everything() {
    for cors in [true, false] {
        let mut client = client(KEY, &[PAGE], cors);
        let mut ask = |method: &str, path: &str, origin: &str, body: &str| {
            let request = Request::new(method, path).header("Origin", origin);
            let request = request.header("Sec-Fetch-Site", "cross-site");
            client.ask(request.with_body("text/plain", body))
        };
        let key = r#"{"key":"sesame"}"#;
        for (method, path, body, status) in [
            ("POST", "/api/pilotlight/queue", key, 200),
            ("POST", "/api/pilotlight/queue", "{}", 401),
            ("POST", "/api/system_stats", key, 405),
            ("GET", "/api/nothing", key, 404),
            ("OPTIONS", "/api/prompt", "", 204),
        ] {
            let reply = ask(method, path, PAGE, body);
            assert_eq!(reply.status, status, "{method} {path} {cors}");
            assert_eq!(header(&reply, "Access-Control-Allow-Origin"), [PAGE], "{method} {path}");
            assert_eq!(header(&reply, "Vary"), ["Origin"]);
        }
        for origin in ["https://another.example", "null", "https://the.page.example:444"] {
            let reply = ask("POST", "/api/pilotlight/queue", origin, key);
            assert_eq!(reply.status, 403);
            assert_eq!(text(&json_of(&reply), &["error", "type"]), "pilotlight_origin");
            assert_eq!(header(&reply, "Access-Control-Allow-Origin"), ["*"]);
        }
    }
}
