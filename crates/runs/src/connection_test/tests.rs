//! Tables for the connection test: each failure by the replies of real servers, how many requests
//! it takes, and what must always hold.

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
    Echo::Heard(Ok(reply))
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
        "late" => Echo::Heard(Err(ApiError::TimedOut)),
        "silent" => Echo::Heard(Err(ApiError::Unanswered)),
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
    let mut chain = ConnectionTest::default();
    let context = |now| Context { now: At(now), limit_ms: LIMIT_MS };
    let (mut now, mut asked) = (1_000, 0);
    let step = chain.update(Event::Pressed(target(to)), &context(now));
    let mut saw = |step: Option<Step>| match step {
        None => "-",
        Some(Step::Sleep { .. }) => "sleep",
        Some(Step::Rest) => "rest",
        Some(Step::Ask { probe, .. }) => {
            asked += 1;
            match probe {
                Probe::UnknownModel => "unknown model",
                Probe::Reach => "reach",
                Probe::Wake => "knock",
                Probe::Plain => "plain",
                Probe::Wait => "wait",
            }
        }
    };
    assert_eq!(saw(step), first);
    for (ms, happens, expected) in story {
        now += ms;
        let turn = chain.turn();
        let event = match *happens {
            "stop" => Event::Stopped,
            "rang" => Event::TimerFired(turn),
            "stale" => Event::Echoed(Turn(turn.0.wrapping_sub(1)), echo("stats")),
            word => Event::Echoed(turn, echo(word)),
        };
        let step = chain.update(event, &context(now));
        assert_eq!(saw(step), *expected, "{happens} at {now}: {chain:?}");
    }
    (chain, asked)
}

#[track_caller]
fn broken(to: To, first: &str, story: &[(u64, &str, &str)], finding: Finding, asked: usize) {
    let (chain, count) = play(to, first, story);
    let Some(End::Broken(broken)) = chain.ended() else { panic!("{chain:?}") };
    assert_eq!((broken.finding, count), (finding, asked), "{chain:?}");
    let links = chain.links();
    assert!(chain.at().is_some_and(|at| at >= finding.link() && links.contains(&at)), "{chain:?}");
}

#[track_caller]
fn well(to: To, first: &str, story: &[(u64, &str, &str)], by: Transport, has: Extension, n: usize) {
    let (chain, asked) = play(to, first, story);
    let Some(End::Well(well)) = chain.ended() else { panic!("{chain:?}") };
    assert_eq!((well.transport, well.extension, asked), (by, has, n));
    assert_eq!(well.facts.version.as_deref(), Some("0.33.0"));
    assert_eq!(chain.at(), None);
}

use Extension::{Absent, Locked, There, Unknown};
use Transport::{Direct, Relay};

const KNOWN: (u64, &str, &str) = (40, "unknown", "knock");

#[test]
fn all_is_well_through_a_relay() {
    let woken = [KNOWN, (70_000, "stats", "wait")];
    let on = |word, has| {
        well(
            To::Relay(OWN),
            "unknown model",
            &[&woken[..], &[(9, word, "rest")]].concat(),
            Relay,
            has,
            3,
        );
    };
    on("{}", There);
    on("404", Absent);
    on("405", Absent);
    on("kit 404", Absent);
    on("key", Locked);
    on("silent", Unknown);
    on("late", Unknown);
    on("502", Unknown);
    on("login", Unknown);
    // Plain ComfyUI: the reply to the unknown model already answers.
    let plain = [(30, "stats", "wait"), (1_000, "404", "rest")];
    well(To::Unnamed(OWN), "unknown model", &plain, Relay, Absent, 2);
    well(To::Relay(OWN), "unknown model", &plain, Relay, Absent, 2);
    // The relay is configured for a model, the page is not.
    let named = [KNOWN, (20_000, "stats", "wait"), (1_000, "{}", "rest")];
    well(To::Unnamed(OWN), "unknown model", &named, Relay, There, 3);
    // A gateway that times out while a GPU wakes is a transient fault.
    let hiccup = [KNOWN, (60_000, "504", "sleep"), (900, "rang", "knock")];
    let hiccup = [&hiccup[..], &[(30_000, "stats", "wait"), (1_000, "{}", "rest")]].concat();
    well(To::Relay(OWN), "unknown model", &hiccup, Relay, There, 4);
    let (chain, _) = play(To::Relay(OWN), "unknown model", &hiccup[..2]);
    assert_eq!(chain.hiccup(), Some((Finding::Gateway { status: 504 }, 60_000)));
    let (chain, _) = play(To::Relay(OWN), "unknown model", &hiccup);
    assert_eq!((chain.hiccup(), chain.woke_ms()), (None, Some(90_900)));
}

#[test]
fn all_is_well_straight_to_the_server() {
    let cross = [(30, "opaque", "knock"), (5_000, "stats", "rest")];
    well(To::Direct(CROSS), "reach", &cross, Direct, There, 2);
    let own = [KNOWN, (5_000, "stats", "rest")];
    well(To::Direct(OWN), "unknown model", &own, Direct, There, 2);
    // No transport is set: the relay's responses are unreadable, those of the direct transport are
    // not.
    let found = [(30, "silent", "reach"), (30, "opaque", "knock"), (5_000, "stats", "rest")];
    well(To::Relay(CROSS), "unknown model", &found, Direct, There, 3);
    let plain = [(30, "stats", "wait"), (1_000, "404", "rest")];
    well(To::Plain(CROSS), "knock", &plain, Relay, Absent, 2);
    well(To::Plain(OWN), "knock", &plain, Relay, Absent, 2);
    // Held by a gateway that timed out, whose response the page must not read.
    let held = [(30, "opaque", "knock"), (60_000, "silent", "sleep"), (900, "rang", "knock")];
    well(
        To::Direct(CROSS),
        "reach",
        &[&held[..], &[(9, "stats", "rest")]].concat(),
        Direct,
        There,
        3,
    );
}

#[test]
fn the_way_that_works_is_found() {
    // Something removes the bodies of GET requests, but not of POST requests.
    let lost = [(30, "no body", "unknown model"), (30, "unknown", "knock"), (99, "stats", "rest")];
    well(To::Relay(OWN), "unknown model", &lost, Direct, There, 3);
    let (chain, _) = play(To::Relay(OWN), "unknown model", &lost);
    assert_eq!(
        chain.former().map(|it| (it.finding, it.transport)),
        Some((Finding::BodyLost, Relay))
    );
    let neither = [&lost[..2], &[(99, "405", "rest")]].concat();
    broken(To::Relay(OWN), "unknown model", &neither, Finding::BodyLost, 3);
    let lacks =
        [KNOWN, (99, "405", "unknown model"), (30, "unknown", "knock"), (99, "stats", "wait")];
    let lacks = [&lacks[..], &[(9, "405", "rest")]].concat();
    well(To::Direct(OWN), "unknown model", &lacks, Relay, Absent, 5);
    let plain = [(9, "opaque", "knock"), (9, "silent", "plain"), (9, "taken", "knock")];
    let plain = [&plain[..], &[(9, "stats", "wait"), (9, "404", "rest")]].concat();
    well(To::PlainDirect(CROSS), "reach", &plain, Relay, Absent, 5);
}

#[test]
fn what_is_at_the_address_is_told_by_one_request() {
    let table = [
        ("silent", Finding::NotReached),
        ("late", Finding::Silent),
        ("html 404", Finding::NoRelay { status: 404 }),
        ("html", Finding::NoRelay { status: 200 }),
        ("no path", Finding::NoRelay { status: 404 }),
        ("login", Finding::Login),
        ("401", Finding::Access { status: 401 }),
        ("403", Finding::Access { status: 403 }),
        ("key", Finding::Guarded(Guard::Key)),
        ("429", Finding::Busy),
        ("500", Finding::Odd { status: 500 }),
        ("502", Finding::Gateway { status: 502 }),
        ("503", Finding::Gateway { status: 503 }),
        ("504", Finding::Gateway { status: 504 }),
        ("pod gone", Finding::Gateway { status: 502 }),
        ("refused", Finding::OriginRefused),
        // Every error of the relay itself.
        ("path", Finding::WrongPath),
        ("method", Finding::WrongPath),
        ("segment", Finding::WrongPath),
        ("query", Finding::WrongPath),
        ("address", Finding::WrongPath),
        ("too_large", Finding::WrongPath),
        ("no_model", Finding::ModelWanted),
        ("foreign", Finding::Foreign),
        ("host", Finding::UnknownHost),
        ("kit 421", Finding::UnknownHost),
        ("busy", Finding::Busy),
        ("unreachable", Finding::Upstream(RelayTrouble::Unreachable)),
        ("untrusted", Finding::Upstream(RelayTrouble::Untrusted)),
        ("tls", Finding::Upstream(RelayTrouble::TlsFailed)),
        ("cut_off", Finding::Upstream(RelayTrouble::CutOff)),
        ("redirected", Finding::Upstream(RelayTrouble::Redirected)),
        ("kit 404", Finding::WrongPath),
        ("kit 429", Finding::Busy),
        ("bare", Finding::Upstream(RelayTrouble::Untrusted)),
        ("origin", Finding::Guarded(Guard::Origin)),
        ("amiss", Finding::Guarded(Guard::Amiss)),
        ("kit 502", Finding::Upstream(RelayTrouble::Unnamed)),
    ];
    for (word, finding) in table {
        broken(To::Relay(OWN), "unknown model", &[(30, word, "rest")], finding, 1);
        broken(To::Plain(OWN), "knock", &[(30, word, "rest")], finding, 1);
    }
}

#[test]
fn a_broken_link_further_on() {
    let on = |word, finding| {
        broken(To::Relay(OWN), "unknown model", &[KNOWN, (30, word, "rest")], finding, 2);
    };
    on("unknown", Finding::UnknownModel);
    on("login", Finding::Login);
    on("401", Finding::Access { status: 401 });
    on("refused", Finding::OriginRefused);
    on("404", Finding::Odd { status: 404 });
    on("late", Finding::NeverReady);
    on("taken", Finding::Odd { status: 200 });
    let no_model = [KNOWN, (30, "no model", "rest")];
    broken(To::Unnamed(OWN), "unknown model", &no_model, Finding::ModelWanted, 2);
    let no_model = [KNOWN, (30, "no_model", "rest")];
    broken(To::Unnamed(OWN), "unknown model", &no_model, Finding::ModelWanted, 2);
    let no_model = [KNOWN, (30, "kit 400", "rest")];
    broken(To::Unnamed(OWN), "unknown model", &no_model, Finding::ModelWanted, 2);
    // Tried again until the limit.
    for word in ["502", "503", "504", "429", "html", "unreachable", "pod gone", "silent"] {
        let story = [KNOWN, (60_000, word, "sleep"), (9_000, "rang", "knock")];
        let story = [&story[..], &[(LIMIT_MS, word, "rest")]].concat();
        broken(To::Relay(OWN), "unknown model", &story, Finding::NeverReady, 3);
    }
    let cross = [(30, "silent", "reach"), (30, "silent", "rest")];
    broken(To::Relay(CROSS), "unknown model", &cross, Finding::NotReached, 2);
    broken(To::Plain(CROSS), "knock", &cross, Finding::NotReached, 2);
    let hidden = [(30, "silent", "reach"), (30, "opaque", "rest")];
    broken(To::Plain(CROSS), "knock", &hidden, Finding::CorsOff, 2);
}

#[test]
fn what_another_site_hides() {
    let wake_replied = [(30, "opaque", "knock"), (99, "silent", "plain")];
    let on = |word, finding| {
        let story = [&wake_replied[..], &[(99, word, "rest")]].concat();
        broken(To::Direct(CROSS), "reach", &story, finding, 3);
    };
    on("taken", Finding::NoExtension);
    on("silent", Finding::Hidden);
    on("late", Finding::NeverReady);
    on("refused", Finding::OriginRefused);
    let late = [&wake_replied[..], &[(9_000, "silent", "sleep"), (900, "rang", "knock")]].concat();
    broken(
        To::Direct(CROSS),
        "reach",
        &[&late[..], &[(30, "404", "rest")]].concat(),
        Finding::NoExtension,
        4,
    );
    broken(To::Direct(CROSS), "reach", &[(30, "silent", "rest")], Finding::NotReached, 1);
    let plain = [&wake_replied[..], &[(99, "silent", "rest")]].concat();
    broken(To::PlainDirect(CROSS), "reach", &plain, Finding::CorsOff, 3);
    let key = [(30, "opaque", "knock"), (99, "key", "rest")];
    broken(To::Direct(CROSS), "reach", &key, Finding::Guarded(Guard::Key), 2);
}

#[test]
fn nothing_is_asked_where_nothing_can_come_back() {
    let offline = Place { is_online: false, ..OWN };
    broken(To::Relay(offline), "rest", &[], Finding::Offline, 0);
    let insecure = Place { is_insecure: true, ..CROSS };
    broken(To::Direct(insecure), "rest", &[], Finding::Insecure, 0);
    let mut unnamed = target(To::Direct(CROSS));
    unnamed.endpoint = Endpoint::new("https://k.example/openai", None, Direct);
    let mut chain = ConnectionTest::default();
    let context = Context { now: At(0), limit_ms: LIMIT_MS };
    assert_eq!(chain.update(Event::Pressed(unnamed), &context), Some(Step::Rest));
    let Some(End::Broken(broken)) = chain.ended() else { panic!("{chain:?}") };
    assert_eq!(broken.finding, Finding::ModelWanted);
}

#[test]
fn it_can_be_stopped_and_says_so() {
    let story = [KNOWN, (9_000, "stop", "rest"), (10, "stats", "-"), (10, "stop", "-")];
    let (chain, asked) = play(To::Relay(OWN), "unknown model", &story);
    assert_eq!((chain.ended(), chain.at(), asked), (Some(&End::Stopped), Some(Link::Gpu), 2));
    let story = [(10, "stale", "-"), (10, "rang", "-"), (10, "stop", "rest")];
    let (chain, _) = play(To::Relay(OWN), "unknown model", &story);
    assert_eq!(chain.at(), Some(Link::Way));
}

/// Whatever responses arrive in whatever order: a GPU is woken only after requests that wake
/// nothing were answered, nothing is requested after the end, a test without a waking GPU takes at
/// most six requests, and it ends.
#[test]
fn a_gpu_is_woken_only_when_the_way_to_it_is_whole() {
    let words = [
        "unknown",
        "no body",
        "stats",
        "405",
        "taken",
        "{}",
        "html",
        "502",
        "504",
        "401",
        "429",
        "opaque",
        "login",
        "late",
        "silent",
        "untrusted",
        "kit 404",
        "pod gone",
    ];
    let places = [
        To::Relay(OWN),
        To::Relay(CROSS),
        To::Direct(OWN),
        To::Direct(CROSS),
        To::Plain(CROSS),
        To::PlainDirect(CROSS),
        To::Unnamed(OWN),
    ];
    for seed in 1..6_000_u64 {
        let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
        let mut draw = |below: usize| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            (state % below as u64) as usize
        };
        let to = places[draw(places.len())];
        let (mut chain, mut now, mut free, mut quick) = (ConnectionTest::default(), 0, false, 0);
        let context = |now| Context { now: At(now), limit_ms: LIMIT_MS };
        let mut step = chain.update(Event::Pressed(target(to)), &context(now));
        for _ in 0..400 {
            match step {
                Some(Step::Ask { probe: Probe::UnknownModel | Probe::Reach, .. }) => {
                    quick += 1;
                    free = true;
                }
                Some(Step::Ask { probe: Probe::Wake | Probe::Plain, .. }) => {
                    assert!(free || !chain.has_kubeai(), "{seed}: woken unasked: {chain:?}");
                }
                Some(Step::Ask { probe: Probe::Wait, limit_ms, .. }) => {
                    assert!(limit_ms <= QUICK_LIMIT_MS);
                    quick += 1;
                }
                Some(Step::Sleep { ms }) => assert!(ms <= 300_000),
                Some(Step::Rest) | None => break,
            }
            now += draw(90_000) as u64;
            let turn = chain.turn();
            let event = match matches!(step, Some(Step::Sleep { .. })) {
                true => Event::TimerFired(turn),
                false => Event::Echoed(turn, echo(words[draw(words.len())])),
            };
            step = chain.update(event, &context(now));
        }
        assert!(quick <= 4, "{seed}: {quick} requests that wake nothing");
        assert!(chain.ended().is_some(), "{seed}: not at its end: {chain:?}");
        assert_eq!(chain.update(Event::TimerFired(chain.turn()), &context(now)), None, "{seed}");
        let late = Event::Echoed(chain.turn(), echo("stats"));
        assert_eq!(chain.update(late, &context(now)), None, "{seed}");
    }
}
