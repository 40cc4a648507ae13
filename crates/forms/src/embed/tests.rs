//! Tables for the messages between a frame and its host, and for the address of a frame.

use super::*;
use crate::form::{Drafts, Package};
use pilotlight_comfy::failure::{FailureView, Remedy};
use pilotlight_comfy::language::Language;
use serde_json::{Map, Value, json};

#[track_caller]
fn check(message: Value, expected: Option<Result<Ask, Misasked>>) {
    let taken = read(&message.to_string());
    let taken = taken.map(|taken| taken.map(|asked| asked.ask).map_err(|(_, why)| why));
    assert_eq!(taken, expected, "{message}");
}

fn wrong(member: &'static str) -> Option<Result<Ask, Misasked>> {
    Some(Err(Misasked::Wrong { member }))
}

#[test]
fn every_request_is_read() {
    check(json!({"pilotlight": 1, "type": "hello"}), Some(Ok(Ask::Hello)));
    check(json!({"pilotlight": 1, "type": "run", "id": "a"}), Some(Ok(Ask::Run)));
    let cancel = |run| Some(Ok(Ask::Cancel { run }));
    check(json!({"pilotlight": 1, "type": "cancel"}), cancel(None));
    check(json!({"pilotlight": 1, "type": "cancel", "run": 7}), cancel(Some(7)));
    for (name, theme) in [("auto", Theme::Auto), ("light", Theme::Light), ("dark", Theme::Dark)] {
        let message = json!({"pilotlight": 1, "type": "theme", "theme": name});
        check(message, Some(Ok(Ask::Theme(theme))));
    }
    check(json!({"pilotlight": 1, "type": "set"}), Some(Ok(Ask::Set(Wanted::default()))));
    let values: Map<String, Value> =
        [("2.prompt".to_owned(), json!("a lamp"))].into_iter().collect();
    let wanted = Wanted {
        workflow: Some("lamp".to_owned()),
        language: Some(Language::Chinese),
        values: values.clone(),
    };
    check(
        json!({"pilotlight": 1, "type": "set", "id": 1, "workflow": " lamp ",
            "language": "zh-CN", "values": values}),
        Some(Ok(Ask::Set(wanted))),
    );
}

#[test]
fn what_is_of_others_is_left_alone() {
    for message in [
        json!(null),
        json!("pilotlight"),
        json!(5),
        json!([{"pilotlight": 1}]),
        json!({}),
        json!({"type": "run"}),
        json!({"source": "react-devtools", "payload": {"pilotlight": 1}}),
    ] {
        check(message, None);
    }
    assert_eq!(read("undefined"), None);
    assert_eq!(read(""), None);
    // Deeper than the parser goes.
    let deep = ["{\"pilotlight\":1,\"type\":\"set\",\"values\":", &"[".repeat(5_000)].concat();
    assert_eq!(read(&deep), None);
}

#[test]
fn hostile_messages_are_refused_by_what_is_wrong_with_them() {
    check(json!({"pilotlight": 2, "type": "run"}), Some(Err(Misasked::Newer { version: 2 })));
    let newest = Some(Err(Misasked::Newer { version: u64::MAX }));
    check(json!({"pilotlight": u64::MAX, "type": "x"}), newest);
    for version in
        [json!(0), json!(-1), json!(1.5), json!("1"), json!(true), json!(null), json!({})]
    {
        check(json!({"pilotlight": version, "type": "run"}), wrong("pilotlight"));
    }
    check(json!({"pilotlight": 1}), wrong("type"));
    check(json!({"pilotlight": 1, "type": ["run"]}), wrong("type"));
    let unknown = |name: &str| Some(Err(Misasked::UnknownType { name: name.to_owned() }));
    check(json!({"pilotlight": 1, "type": "Run"}), unknown("Run"));
    check(json!({"pilotlight": 1, "type": ""}), unknown(""));
    check(json!({"pilotlight": 1, "type": "x".repeat(500)}), unknown(&"x".repeat(80)));
    let member = |name: &str| Some(Err(Misasked::UnknownMember { name: name.to_owned() }));
    check(json!({"pilotlight": 1, "type": "run", "times": 1_000}), member("times"));
    check(json!({"pilotlight": 1, "type": "set", "langauge": "en"}), member("langauge"));
    check(json!({"pilotlight": 1, "type": "hello", "__proto__": {}}), member("__proto__"));
    for id in [json!(null), json!({}), json!([1]), json!(1.5), json!(-1), json!("x".repeat(101))] {
        check(json!({"pilotlight": 1, "type": "run", "id": id}), wrong("id"));
    }
    for run in [json!("1"), json!(-1), json!(1e12), json!(null)] {
        check(json!({"pilotlight": 1, "type": "cancel", "run": run}), wrong("run"));
    }
    for theme in [json!("Dark"), json!(null), json!({})] {
        check(json!({"pilotlight": 1, "type": "theme", "theme": theme}), wrong("theme"));
    }
    check(json!({"pilotlight": 1, "type": "theme"}), wrong("theme"));
    check(json!({"pilotlight": 1, "type": "set", "language": "fr"}), wrong("language"));
    check(json!({"pilotlight": 1, "type": "set", "workflow": " "}), wrong("workflow"));
    check(json!({"pilotlight": 1, "type": "set", "workflow": 5}), wrong("workflow"));
    check(json!({"pilotlight": 1, "type": "set", "values": ["a"]}), wrong("values"));
}

#[test]
fn a_refusal_carries_the_name_of_the_request_and_a_large_one_has_none() {
    let text = json!({"pilotlight": 9, "type": "run", "id": "mine"}).to_string();
    let Some(Err((Some(id), Misasked::Newer { version: 9 }))) = read(&text) else {
        panic!("not refused by its name");
    };
    assert_eq!(refused(Some(&id), "no", &[])["id"], json!("mine"));
    let long = "x".repeat(MAX_MESSAGE_BYTES);
    let text = json!({"pilotlight": 1, "type": "set", "id": 1, "values": {"a": long}}).to_string();
    let why = Misasked::TooLarge { limit_bytes: MAX_MESSAGE_BYTES };
    assert_eq!(read(&text), Some(Err((None, why))));
}

#[track_caller]
fn check_query(query: &str, values: Value, expected: &[Unread]) {
    let (wishes, unread) = wishes(query);
    assert_eq!(Value::Object(wishes.values), values, "{query}");
    assert_eq!(unread, expected, "{query}");
}

#[test]
fn an_address_is_read_and_what_is_wrong_in_it_is_named() {
    check_query("", json!({}), &[]);
    check_query("?embed=1&workflow=lamp&utm_source=x&debug", json!({}), &[]);
    check_query("?embed=1&show=header,tabs%2Cresults+cost&lang=zh-CN&theme=dark", json!({}), &[]);
    check_query("?show=", json!({}), &[]);
    check_query(
        "?values=%7B%222.prompt%22%3A%22a+lamp+%26%20more%22%2C%222.seed%22%3A18446744073709551615%7D",
        json!({"2.prompt": "a lamp & more", "2.seed": u64::MAX}),
        &[],
    );
    let part = |name: &str| Unread::Part { name: name.to_owned() };
    check_query("?show=hedaer,tabs,%3Cb%3E", json!({}), &[part("hedaer"), part("<b>")]);
    check_query("?lang=fr", json!({}), &[Unread::Language { name: "fr".into() }]);
    check_query("?theme=", json!({}), &[Unread::Theme { name: String::new() }]);
    check_query("?values=[1]", json!({}), &[Unread::Values]);
    check_query("?values=", json!({}), &[Unread::Values]);
    check_query("?values=%7B", json!({}), &[Unread::Values]);
    let long = ["?values={\"a\":\"", &"x".repeat(70_000), "\"}"].concat();
    check_query(&long, json!({}), &[Unread::Values]);
}

fn of() -> Of<'static> {
    Of { run: 3, prompt_id: "p", id: None }
}

#[test]
fn what_is_told_says_version_type_and_run() {
    let file = include_str!("../../../../public/workflows/janus-text-to-image.json");
    let form = Package::parse(file).unwrap().form();
    let greeting = Greeting {
        form: Some(&form),
        drafts: &Drafts::default(),
        workflows: &[("a", "A"), ("b", "B")],
        language: Language::Chinese,
        theme: Theme::Dark,
        is_kept: false,
    };
    let told = ready(&greeting, None);
    assert_eq!(
        (&told["pilotlight"], &told["type"], &told["version"]),
        (&json!(1), &json!("ready"), &json!(1))
    );
    assert_eq!(
        (&told["kept"], &told["language"], &told["theme"]),
        (&json!(false), &json!("zh"), &json!("dark"))
    );
    assert_eq!(told["workflows"][1], json!({"id": "b", "title": "B"}));
    let fields = told["fields"].as_array().unwrap();
    assert_eq!(fields.len(), form.fields.len());
    let of_type = |name: &str| fields.iter().find(|field| field["type"] == name).unwrap();
    assert_eq!(
        (&of_type("text")["label"], &of_type("text")["required"]),
        (&json!("提示词"), &json!(true))
    );
    assert_eq!((&of_type("seed")["value"], &of_type("seed")["max"]), (&Value::Null, &Value::Null));
    assert_eq!(of_type("integer")["min"], json!(1));

    let nothing = ready(&Greeting { form: None, workflows: &[], ..greeting }, None);
    assert_eq!((&nothing["workflow"], &nothing["fields"]), (&Value::Null, &json!([])));

    let told = phase(&of(), "queued", "In line", 1_500);
    let expected = json!({"pilotlight": 1, "type": "phase", "run": 3, "prompt_id": "p",
        "phase": "queued", "state": "In line", "elapsed_ms": 1_500});
    assert_eq!(told, expected);
    let brought = Brought::File { name: "a.png", media_type: "image/png" };
    let told = result(&of(), brought, Some(u64::MAX), &Map::new());
    assert_eq!(
        (&told["seed"], &told["file_name"]),
        (&json!("18446744073709551615"), &json!("a.png"))
    );
    let told = result(&of(), Brought::Text("A flame."), Some(7), &Map::new());
    assert_eq!((&told["seed"], &told["text"]), (&json!(7), &json!("A flame.")));
    let view = FailureView {
        title: "Lost".into(),
        body: "It is gone.".into(),
        remedy: Remedy::RunAgain,
        remedy_name: "Run again",
        raw: "x".into(),
    };
    let told = failed(&of(), &view);
    assert_eq!(
        (&told["remedy"], &told["raw"], &told["run"]),
        (&json!("run-again"), &json!("x"), &json!(3))
    );
    assert_eq!(height(480), json!({"pilotlight": 1, "type": "height", "height": 480}));
    assert_eq!(hello(), json!({"pilotlight": 1, "type": "hello"}));
    assert_eq!(ok(None, &[]), json!({"pilotlight": 1, "type": "ok"}));
    assert_eq!(ok(None, &[3, 4])["runs"], json!([3, 4]));
}

/// What a host says is answered, if at all, in messages that are of this version.
#[test]
fn what_is_told_is_no_request() {
    for told in [
        hello(),
        height(1),
        ok(None, &[]),
        phase(&of(), "done", "Done", 0),
        refused(None, "no", &[]),
    ] {
        let heard = read(&told.to_string()).expect("it says its version");
        let is_request = heard.is_ok_and(|asked| asked.ask != Ask::Hello);
        assert!(!is_request, "{told} would be taken for a request");
    }
}
