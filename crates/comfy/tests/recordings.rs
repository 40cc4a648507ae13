//! Every recorded reply of a kind that the page reads, with what must come out of it.
//!
//! `recordings.tsv` is the list: recording, then what both versions of ComfyUI give, or a line for
//! each version. A recording of a route that the page reads and that is not in the list fails.

#![allow(clippy::unwrap_used, reason = "a recording that cannot be read fails the test")]

use std::collections::BTreeMap;

use pilotlight_comfy::comfy::{self, Reply, Response};
use pilotlight_comfy::failure::Fault;
use pilotlight_comfy::id::PromptId;
use pilotlight_comfy::problem::Problem;
use pilotlight_comfy::run_status::{Content, Ended, FileRef, How, StatusReport};
use pilotlight_comfy::time;
use pilotlight_fixtures::{Recording, VERSIONS};
use serde_json::Value;

const LIST: &str = include_str!("recordings.tsv");

/// The route, when the page reads its replies.
fn route(line: &str) -> Option<&'static str> {
    let (method, rest) = line.split_once(' ')?;
    let path = rest.split(['?', ' ']).next()?;
    match (method, path) {
        ("POST", "/api/prompt") => Some("prompt"),
        ("GET", "/api/queue") => Some("queue"),
        ("GET", "/api/system_stats") => Some("stats"),
        ("GET", "/api/view") => Some("view"),
        ("POST", "/api/upload/image") => Some("upload"),
        ("POST", "/api/interrupt" | "/api/queue") => Some("stop"),
        ("GET", path) if path.starts_with("/api/history/") => Some("history"),
        _ => None,
    }
}

/// The recordings of a version that the page would read.
fn recordings(version: &str) -> Vec<&'static Recording> {
    let all = pilotlight_fixtures::recordings(&format!("comfyui/{version}")).iter();
    let found: Vec<_> = all.filter(|recording| route(&recording.line()).is_some()).collect();
    assert!(found.len() > 100, "only {} recordings of {version}", found.len());
    found
}

fn heard(recording: &Recording) -> Response {
    let modified_ms = recording.header("Last-Modified");
    let modified_ms = modified_ms.map(|date| time::http_date_ms(date).unwrap());
    let (status, body) = (recording.status(), recording.body());
    Ok(Reply { status, retry_after_s: None, from_relay: false, modified_ms, body, key: None })
}

fn heard_as(version: &str, name: &str) -> Response {
    heard(pilotlight_fixtures::recording(&format!("comfyui/{version}"), name))
}

fn ok(body: Vec<u8>) -> Response {
    Ok(Reply {
        status: 200,
        retry_after_s: None,
        from_relay: false,
        modified_ms: None,
        body,
        key: None,
    })
}

/// What the engine makes of a reply, in a line.
fn decoded(line: &str, heard: &Response) -> String {
    let id = || {
        let path = line.split(['?', ' ']).nth(1).unwrap_or_default();
        let own = path.rsplit('/').next().unwrap_or_default();
        PromptId::named(own).unwrap()
    };
    let said = match route(line).unwrap() {
        "prompt" => comfy::accepted(heard).map(|accepted| match accepted.problems.as_slice() {
            [] => "accepted".to_owned(),
            problems => format!("accepted but {}", list(problems)),
        }),
        "history" => comfy::history(heard, &id()).map(glimpse),
        "queue" => comfy::queue(heard, &PromptId::named("nobody's").unwrap()).map(glimpse),
        "stats" => comfy::facts(heard).map(|facts| {
            format!("{} on {}", facts.version.unwrap_or_default(), facts.device.unwrap_or_default())
        }),
        "view" => comfy::viewed(heard).map(|here| if here { "here" } else { "gone" }.to_owned()),
        "upload" => comfy::uploaded(heard).map(|name| format!("as {name}")),
        _ => comfy::stopped(heard).map(|()| "ok".to_owned()),
    };
    said.unwrap_or_else(fault)
}

fn glimpse(glimpse: StatusReport) -> String {
    if let StatusReport::Ended(ended) = &glimpse {
        self::ended(ended)
    } else {
        format!("{glimpse:?}")
    }
}

fn ended(ended: &Ended) -> String {
    let how = match &ended.how {
        How::Well if ended.cached => "well from the cache".to_owned(),
        How::Well => "well".to_owned(),
        How::Interrupted => "interrupted".to_owned(),
        How::Badly(failure) => {
            format!("{:?} in {} {}", failure.kind, failure.node_id, failure.node_type)
        }
    };
    let previews = ended.outputs.iter().filter(|output| match &output.content {
        Content::File(file) => file.is_preview(),
        Content::Text(_) => false,
    });
    let seeds: Vec<u64> = ended.seeds.iter().map(|(_, seed)| *seed).collect();
    let (files, texts, previews) = (ended.files().len(), ended.texts().len(), previews.count());
    format!("{how}, {files} files, {texts} texts, {previews} previews, seeds {seeds:?}")
}

fn fault(fault: Fault) -> String {
    match fault.problems.as_slice() {
        [] => format!("{:?}", fault.error),
        problems => format!("{:?}: {}", fault.error, list(problems)),
    }
}

/// Sorted: the server's order varies.
fn list(problems: &[Problem]) -> String {
    let mut said: Vec<String> = problems
        .iter()
        .map(|problem| {
            let place = problem.place.as_ref().map_or("-".to_owned(), ToString::to_string);
            format!("{place} {:?}", problem.trouble)
        })
        .collect();
    said.sort();
    said.join("; ")
}

#[test]
fn every_recorded_reply_is_read_as_listed() {
    let mut wrong = Vec::new();
    let mut listed: BTreeMap<(&str, String), &str> = BTreeMap::new();
    for line in LIST.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let parts: Vec<&str> = line.splitn(3, '\t').collect();
        let [version, name, expected] = parts[..] else { panic!("three columns: {line}") };
        for each in VERSIONS.into_iter().filter(|each| version == "both" || version == *each) {
            listed.insert((each, name.to_owned()), expected);
        }
    }
    let mut seen = 0;
    for version in VERSIONS {
        for recording in recordings(version) {
            let name = &recording.name;
            let said = decoded(&recording.line(), &heard(recording));
            seen += 1;
            match listed.remove(&(version, name.clone())) {
                Some(expected) if expected == said => {}
                Some(expected) => {
                    wrong.push(format!("{version} {name}\n  listed {expected}\n  gave   {said}"));
                }
                None => wrong.push(format!("{version}\t{name}\t{said}")),
            }
        }
    }
    let left: Vec<_> = listed.keys().collect();
    assert!(left.is_empty(), "listed but not recorded: {left:?}");
    assert!(wrong.is_empty(), "of {seen} recordings:\n{}", wrong.join("\n"));
    println!("{seen} recordings read");
}

/// The guide's own two histories, recorded on the cloud itself.
#[test]
fn the_guides_histories_are_read() {
    let table = [
        ("guide-history-text-to-image", "well from the cache, 1 files, 0 texts, 1 previews"),
        ("guide-history-image-understanding", "well, 0 files, 1 texts, 0 previews"),
    ];
    for (file, expected) in table {
        let text = pilotlight_fixtures::workflow(file);
        let value: Value = serde_json::from_str(&text).unwrap();
        let id = value.as_object().unwrap().keys().next().unwrap().clone();
        let heard = ok(text.into_bytes());
        let said = comfy::history(&heard, &PromptId::named(&id).unwrap()).map(glimpse).unwrap();
        assert!(said.starts_with(expected), "{file}: {said}");
    }
}

/// Both versions date their files and the ends of runs, so that a younger file is told apart.
#[test]
fn recorded_files_are_as_old_as_the_run_that_made_them() {
    for version in VERSIONS {
        for recording in recordings(version) {
            let (line, heard) = (recording.line(), heard(recording));
            let is_whole = !line.contains("preview=") && !line.contains("channel=");
            if route(&line) == Some("view") && is_whole && comfy::viewed(&heard) == Ok(true) {
                assert!(heard.unwrap().modified_ms.is_some(), "{version} {}", recording.name);
            }
        }
        let history = heard_as(version, "history_id_success_t2i");
        let body: Value = serde_json::from_slice(&history.as_ref().unwrap().body).unwrap();
        let id = PromptId::named(body.as_object().unwrap().keys().next().unwrap()).unwrap();
        let Ok(StatusReport::Ended(ended)) = comfy::history(&history, &id) else {
            panic!("{version}")
        };
        let file = ended.files().remove(0);
        assert_eq!(file.filename, "ComfyUI_00001_.png");
        let view = heard_as(version, "view_png");
        assert!(view.as_ref().unwrap().modified_ms > file.ended_ms, "{version}: no margin needed");
        let earlier =
            |ms: u64| FileRef { ended_ms: file.ended_ms.map(|at| at - ms), ..file.clone() };
        let table = [(0, false), (60_000, true)];
        for (ms, expected) in table {
            assert_eq!(comfy::is_anothers(&view, &earlier(ms)), expected, "{version} {ms}");
        }
    }
}

/// In the recorded queues everybody finds the place that ComfyUI gave them.
#[test]
fn places_in_recorded_queues_are_counted_by_number() {
    for version in VERSIONS {
        let heard = heard_as(version, "queue_running_and_pending");
        let body = String::from_utf8(heard.as_ref().unwrap().body.clone()).unwrap();
        let body: Value = serde_json::from_str(&body).unwrap();
        let id = |item: &Value| PromptId::named(item[1].as_str().unwrap()).unwrap();
        for item in body["queue_running"].as_array().unwrap() {
            assert_eq!(comfy::queue(&heard, &id(item)), Ok(StatusReport::Running));
        }
        let mut pending: Vec<&Value> = body["queue_pending"].as_array().unwrap().iter().collect();
        pending.sort_by_key(|item| item[0].as_i64());
        assert!(pending.len() > 1);
        for (at, item) in pending.into_iter().enumerate() {
            let ahead = u32::try_from(at).unwrap() + 1;
            assert_eq!(comfy::queue(&heard, &id(item)), Ok(StatusReport::Pending { ahead }));
        }
    }
}

/// A bare `NaN` of somebody else's prompt does not hide one's own run.
#[test]
fn a_nan_in_the_queue_is_read_over() {
    let nan =
        br#"{"queue_running":[[1,"a",{"2":{"inputs":{"cfg":NaN}}},{},[]]],"queue_pending":[]}"#;
    let heard = ok(nan.to_vec());
    assert_eq!(comfy::queue(&heard, &PromptId::named("a").unwrap()), Ok(StatusReport::Running));
}
