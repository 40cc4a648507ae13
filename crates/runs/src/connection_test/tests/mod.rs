//! Tables for the connection test: stories of responses, and what is requested after each of them.

mod failed;
mod passed;
mod requested;

use super::*;
use pilotlight_comfy::comfy::{Guard, RelayTrouble, Reply};
use pilotlight_comfy::failure::ApiError;

const LIMIT_MS: u64 = 900_000;
const OWN: Place = Place { is_online: true, is_own: true, is_insecure: false };
const CROSS: Place = Place { is_online: true, is_own: false, is_insecure: false };

#[derive(Clone, Copy)]
enum To {
    Relay(Place),
    Direct(Place),
    /// The same without a model.
    Plain(Place),
    PlainDirect(Place),
    Unnamed(Place),
}

fn target(to: To) -> Box<Target> {
    let (transport, place, model, is_kubeai) = match to {
        To::Relay(place) => (Transport::Relay, place, Some("m"), true),
        To::Direct(place) => (Transport::Direct, place, Some("m"), true),
        To::Plain(place) => (Transport::Relay, place, None, false),
        To::PlainDirect(place) => (Transport::Direct, place, None, false),
        To::Unnamed(place) => (Transport::Relay, place, None, true),
    };
    let base = if is_kubeai { "https://k.example/openai" } else { "https://k.example" };
    Box::new(Target { endpoint: Endpoint::new(base, model, transport), place, is_kubeai })
}

fn reply(status: u16, body: &str) -> Reply {
    Reply {
        status,
        retry_after_s: None,
        from_relay: false,
        modified_ms: None,
        body: body.as_bytes().to_vec(),
        key: None,
    }
}

fn relay(status: u16, kind: &str) -> Reply {
    let body = format!(r#"{{"error":"the relay says so","kind":"{kind}"}}"#);
    Reply { from_relay: true, ..reply(status, &body) }
}

/// Returns the recorded reply of a real server.
fn recorded(folder: &str, name: &str) -> Reply {
    let recording = pilotlight_fixtures::recording(folder, name);
    reply(recording.status(), &String::from_utf8_lossy(&recording.body()))
}

fn heard(reply: Reply) -> Echo {
    Echo::Response(Ok(reply))
}

/// Returns a response by its name in the tables.
fn echo(word: &str) -> Echo {
    let comfy = |name: &str| heard(recorded("comfyui/0.33.0", name));
    let kubeai = |name: &str| heard(recorded("kubeai/0.17", name));
    match word {
        "unknown" => kubeai("model_unknown"),
        "no body" => kubeai("get_without_body"),
        "no model" => kubeai("model_missing"),
        "no path" => kubeai("path_unknown_to_kubeai"),
        "pod gone" => kubeai("pod_unreachable"),
        "stats" => comfy("system_stats"),
        "405" => comfy("cors_star_405"),
        "404" => comfy("cors_star_404"),
        "refused" => comfy("origin_sec_fetch_cross_site"),
        "taken" => comfy("origin_post_same_origin"),
        "{}" => heard(reply(200, "{}")),
        "html" => heard(reply(200, "<!doctype html>")),
        "html 404" => heard(reply(404, "<h1>404</h1>")),
        "502" | "503" | "504" | "500" => {
            heard(reply(word.parse().expect("a number"), "<h1>gateway</h1>"))
        }
        "401" => heard(reply(401, "who are you?")),
        "403" => heard(reply(403, "no")),
        "origin" => heard(reply(403, r#"{"error":{"type":"pilotlight_origin"}}"#)),
        "amiss" => heard(reply(403, r#"{"error":{"type":"pilotlight_setup"}}"#)),
        // A relay whose header a page of another origin must not read.
        "bare" => heard(reply(502, r#"{"error":"no","kind":"untrusted"}"#)),
        "kit 400" => heard(Reply { from_relay: true, ..reply(400, r#"{"error":"no"}"#) }),
        "kit 421" => heard(Reply { from_relay: true, ..reply(421, r#"{"error":"no"}"#) }),
        "kit 429" => heard(Reply { from_relay: true, ..reply(429, r#"{"error":"no"}"#) }),
        "key" => heard(reply(401, r#"{"error":{"type":"pilotlight_key","message":"m"}}"#)),
        "429" => heard(Reply { retry_after_s: Some(7), ..reply(429, "<h1>slow</h1>") }),
        "opaque" => Echo::Opaque,
        "login" => Echo::Redirected,
        "late" => Echo::Response(Err(ApiError::TimedOut)),
        "silent" => Echo::Response(Err(ApiError::Unanswered)),
        "kit 404" => heard(Reply { from_relay: true, ..reply(404, r#"{"error":"no"}"#) }),
        "kit 502" => heard(Reply { from_relay: true, ..reply(502, r#"{"error":"no"}"#) }),
        kind => heard(relay(relay_status(kind), kind)),
    }
}

fn relay_status(kind: &str) -> u16 {
    match kind {
        "path" => 404,
        "method" => 405,
        "segment" | "query" | "no_model" | "address" => 400,
        "foreign" => 403,
        "host" => 421,
        "busy" => 503,
        "too_large" => 413,
        "unreachable" | "untrusted" | "tls" | "cut_off" | "redirected" => 502,
        other => panic!("nobody says {other}"),
    }
}

/// Plays a story: after how many ms which response arrives, and what is requested then. Returns the
/// test and how often it sent a request.
#[track_caller]
fn play(to: To, first: &str, story: &[(u64, &str, &str)]) -> (ConnectionTest, usize) {
    let mut test = ConnectionTest::default();
    let context = |now| Context { now: At(now), limit_ms: LIMIT_MS };
    let (mut now, mut asked) = (1_000, 0);
    let step = test.update(Event::Pressed(target(to)), &context(now));
    let mut saw = |step: Option<Step>| match step {
        None => "-",
        Some(Step::Sleep { .. }) => "sleep",
        Some(Step::Rest) => "rest",
        Some(Step::Ask { probe, .. }) => {
            asked += 1;
            match probe {
                Probe::UnknownModel => "unknown model",
                Probe::Reach => "reach",
                Probe::Wake => "wake request",
                Probe::Plain => "plain",
                Probe::Wait => "wait",
            }
        }
    };
    assert_eq!(saw(step), first);
    for (ms, happens, expected) in story {
        now += ms;
        let turn = test.turn();
        let event = match *happens {
            "stop" => Event::Stopped,
            "rang" => Event::TimerFired(turn),
            "stale" => Event::Echoed(Turn(turn.0.wrapping_sub(1)), echo("stats")),
            word => Event::Echoed(turn, echo(word)),
        };
        let step = test.update(event, &context(now));
        assert_eq!(saw(step), *expected, "{happens} at {now}: {test:?}");
    }
    (test, asked)
}

#[track_caller]
fn broken(to: To, first: &str, story: &[(u64, &str, &str)], finding: Finding, asked: usize) {
    let (test, count) = play(to, first, story);
    let Some(End::Broken(broken)) = test.ended() else { panic!("{test:?}") };
    assert_eq!((broken.finding, count), (finding, asked), "{test:?}");
    let links = test.links();
    assert!(test.at().is_some_and(|at| at >= finding.link() && links.contains(&at)), "{test:?}");
}

#[track_caller]
fn well(to: To, first: &str, story: &[(u64, &str, &str)], by: Transport, has: Extension, n: usize) {
    let (test, asked) = play(to, first, story);
    let Some(End::Well(well)) = test.ended() else { panic!("{test:?}") };
    assert_eq!((well.transport, well.extension, asked), (by, has, n));
    assert_eq!(well.facts.version.as_deref(), Some("0.33.0"));
    assert_eq!(test.at(), None);
}

use Extension::{Absent, Locked, There, Unknown};
use Transport::{Direct, Relay};

const KNOWN: (u64, &str, &str) = (40, "unknown", "wake request");
