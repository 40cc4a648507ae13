//! The emulator against what kubeai's own request code answered: texts, statuses, retries, word for word.

#![allow(clippy::unwrap_used)] // A test may end at once.

mod common;

use common::{Recording, at, parsed, text};
use pilotlight_emulator::json::Json;
use pilotlight_emulator::{Answer, Params, World};
use pilotlight_fixtures::recordings;

const FOLDER: &str = "kubeai/0.17";

/// Every recording, in the order it was made: first the ones without a pod.
const ORDER: &[&str] = &[
    "get_without_body",
    "options_preflight",
    "websocket_upgrade",
    "body_not_json",
    "body_not_json_text",
    "content_type_unparsable",
    "model_empty",
    "model_missing",
    "model_not_a_string",
    "model_unknown",
    "model_with_underscore",
    "multipart_without_model",
    "path_unknown_to_kubeai",
    "cold_hold_5_s",
    "warm_get_with_body",
    "warm_text_plain_post",
    "upload_with_model",
    "numbers_lose_precision",
    "upstream_400",
    "upstream_404",
    "upstream_429",
    "upstream_500",
    "upstream_501",
    "upstream_502",
    "upstream_503",
    "upstream_504",
    "upstream_reset",
    "upstream_cut_in_half",
    "pod_unreachable",
];

fn world() -> World {
    World::new(
        Params {
            told_pod: true,
            cold_start_ms: 5_000,
            cold_start_jitter_ms: 0,
            stale_endpoint_ms: 1_000,
            ..Params::default()
        },
        1,
    )
}

fn ask(world: &mut World, recording: &Recording, now: &mut u64) -> Answer {
    let ticket = world.handle(recording.request(), *now);
    loop {
        if let Some((_, answer)) = world.advance(*now).into_iter().find(|(t, _)| *t == ticket) {
            return answer;
        }
        *now = world.next_at().expect("an answer comes some time").max(*now);
    }
}

#[track_caller]
fn same(recording: &Recording, answer: &Answer) {
    let name = &recording.name;
    assert_eq!(answer.status(), recording.status(), "{name}");
    let Answer::Reply(reply) = answer else { return };
    assert_eq!(
        String::from_utf8_lossy(&reply.body),
        text(&recording.json, &["response", "body"]),
        "{name}"
    );
    for header in ["X-Proxy", "Content-Type", "X-Content-Type-Options"] {
        assert_eq!(
            reply.get_header(header),
            recording.header(header).as_deref(),
            "{name}: {header}"
        );
    }
}

#[test]
fn each_recording_is_answered_word_for_word() {
    let mut world = world();
    let mut now = 0;
    for name in ORDER {
        let recording = Recording::load(FOLDER, name);
        if *name == "pod_unreachable" {
            world.kill_pod(now);
        }
        let began = now;
        let answer = ask(&mut world, &recording, &mut now);
        same(&recording, &answer);
        let held = at(&recording.json, &["elapsed_ms"]).as_f64().unwrap();
        if *name != "websocket_upgrade" {
            assert!(
                (now - began).abs_diff(held as u64) < 400,
                "{name}: held {} ms, recorded {held}",
                now - began
            );
        }
    }
}

#[test]
fn what_reached_the_pod_and_how_often() {
    let mut world = world();
    let mut now = 0;
    for name in ORDER.iter().filter(|name| **name != "pod_unreachable") {
        ask(&mut world, &Recording::load(FOLDER, name), &mut now);
    }
    let recorded = parsed("upstream", &pilotlight_fixtures::text("kubeai/upstream.json"));
    let told = &world.journal().told;
    for (request, times) in at(&recorded, &["hits"]).as_map().unwrap() {
        let ours = told.iter().filter(|(r, _)| r == request).count();
        assert_eq!(*times, Json::Int(ours as i128), "{request}");
        let body = told
            .iter()
            .find(|(r, _)| r == request)
            .map(|(_, b)| String::from_utf8_lossy(b).into_owned());
        assert_eq!(body.as_deref(), Some(text(&recorded, &["bodies", request])), "{request}");
    }
    let known = at(&recorded, &["hits"]).as_map().unwrap();
    assert!(
        told.iter().all(|(request, _)| known.iter().any(|(k, _)| k == request)),
        "nothing else reached the pod"
    );
}

#[test]
fn every_recording_is_in_the_order() {
    for recording in recordings(FOLDER) {
        let name = recording.name.as_str();
        assert!(ORDER.contains(&name), "{name} is not replayed");
    }
}
