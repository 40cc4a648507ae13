//! Tables for reading `config.json`.

use super::*;
use serde_json::json;

#[track_caller]
fn check(text: &str, expected: &[Notice]) -> Config {
    let (config, notices) = Config::parse(text);
    assert_eq!(notices, expected);
    config
}

#[test]
fn an_unreadable_file_leaves_every_default() {
    let table = [
        ("", Notice::NotJson { line: 1, column: 0 }),
        ("{\n\"title\": }", Notice::NotJson { line: 2, column: 10 }),
        ("<!doctype html>", Notice::NotJson { line: 1, column: 1 }),
        ("[]", Notice::NotAnObject),
        ("null", Notice::NotAnObject),
    ];
    for (text, notice) in table {
        assert_eq!(check(text, &[notice]), Config::default());
    }
    assert_eq!(check("\u{feff}{}", &[]), Config::default());
}

#[test]
fn every_key_is_read() {
    let file = json!({
        "$schema": "x", "_why": "x",
        "title": {"en": "Pictures", "zh": "绘图"},
        "endpoint": "https://kubeai-x-ns-x-id.sproxy.hd-01.alayanew.com:22443/openai/",
        "endpoints": ["openai", "http://gpu:8188/"],
        "model": "serverless-comfyui", "transport": "direct",
        "workflows": ["a.json"],
        "languages": ["zh-CN"], "language": "zh", "theme": "dark",
        "price_per_gpu_hour": 12, "currency": "CN¥",
        "wake_hint_seconds": [70, 110], "wake_limit_seconds": 600, "reach_limit_seconds": 300, "idle_delay_seconds": 60,
        "limit_per_day": 5, "limit_per_month": 99.5,
        "embed_origins": ["https://shop.example", "http://127.0.0.1:8000/"],
    });
    let config = check(&file.to_string(), &[]);
    let address = "https://kubeai-x-ns-x-id.sproxy.hd-01.alayanew.com:22443/openai";
    assert_eq!(
        config,
        Config {
            title: Some(Label::both("Pictures", "绘图")),
            endpoint: Address::parse(address).ok(),
            endpoints: ["openai", "http://gpu:8188"]
                .map(|it| Address::parse(it).expect("one"))
                .into(),
            model: Some("serverless-comfyui".into()),
            transport: Transport::Direct,
            workflows: vec!["a.json".into()],
            languages: vec![Language::Chinese],
            language: Some(Language::Chinese),
            theme: Theme::Dark,
            price_per_gpu_hour: Some(12.0),
            currency: "CN¥".into(),
            wake_hint_seconds: Some((70, 110)),
            wake_limit_seconds: 600,
            reach_limit_seconds: 300,
            idle_delay_seconds: Some(60),
            limit_per_day: Some(5.0),
            limit_per_month: Some(99.5),
            embed_origins: vec!["https://shop.example".into(), "http://127.0.0.1:8000".into()],
        }
    );
    let limits = config.limits();
    assert_eq!((limits.waking_ms, limits.reach_ms), (600_000, 300_000));
    assert_eq!((config.idle_ms(), Config::default().idle_ms()), (Some(60_000), None));
    let endpoint = config.endpoint().expect("an endpoint");
    assert_eq!((endpoint.base(), endpoint.model()), (address, Some("serverless-comfyui")));
}

#[test]
fn no_endpoint_is_none() {
    for text in ["{}", r#"{"endpoint":null}"#, r#"{"endpoint":""}"#] {
        assert_eq!(check(text, &[]).endpoint(), None, "{text}");
    }
}

#[track_caller]
fn check_wrong(key: &'static str, value: Value, expected: Expected) {
    let config = check(&json!({key: value}).to_string(), &[Notice::Wrong { key, expected }]);
    assert_eq!(config, Config::default());
}

#[test]
fn a_wrong_value_leaves_the_default() {
    check_wrong("title", json!(5), Expected::Label);
    check_wrong("endpoint", json!(5), Expected::Text);
    check_wrong("endpoints", json!("openai"), Expected::Addresses);
    check_wrong("endpoints", json!(["openai", "ftp://host"]), Expected::Addresses);
    check_wrong("model", json!("a b"), Expected::ModelName);
    check_wrong("model", json!(7), Expected::ModelName);
    check_wrong("transport", json!("Relay"), Expected::Transport);
    check_wrong("workflows", json!("a.json"), Expected::Paths);
    check_wrong("workflows", json!(["a.json", ""]), Expected::Paths);
    check_wrong("languages", json!([]), Expected::Languages);
    check_wrong("languages", json!(["en", "fr"]), Expected::Languages);
    check_wrong("language", json!("fr"), Expected::Language);
    check_wrong("theme", json!(true), Expected::Theme);
    check_wrong("price_per_gpu_hour", json!("12"), Expected::Price);
    check_wrong("price_per_gpu_hour", json!(-1), Expected::Price);
    check_wrong("currency", json!(5), Expected::Text);
    check_wrong("wake_hint_seconds", json!(70), Expected::SecondsRange);
    check_wrong("wake_hint_seconds", json!([110, 70]), Expected::SecondsRange);
    check_wrong("wake_limit_seconds", json!(0), Expected::Seconds);
    check_wrong("wake_limit_seconds", json!(900.5), Expected::Seconds);
    check_wrong("idle_delay_seconds", json!(1e9), Expected::Seconds);
    check_wrong("limit_per_day", json!(0), Expected::Amount);
    check_wrong("limit_per_day", json!("5"), Expected::Amount);
    check_wrong("limit_per_month", json!(-3), Expected::Amount);
    check_wrong("embed_origins", json!("https://shop.example"), Expected::Origins);
    check_wrong("embed_origins", json!(["*"]), Expected::Origins);
    check_wrong("embed_origins", json!(["https://shop.example", 5]), Expected::Origins);
}

#[test]
fn keys_that_are_not_known_or_do_not_fit_together_are_named() {
    check(r#"{"modle":"x"}"#, &[Notice::UnknownKey { key: "modle".into() }]);
    let config = check(
        r#"{"endpoint":"x y","model":"m"}"#,
        &[Notice::NotAnAddress { value: "x y".into(), trouble: AddressTrouble::OddCharacter }],
    );
    assert_eq!((config.endpoint(), config.model.as_deref()), (None, Some("m")));
    check(r#"{"transport":"direct","endpoint":"openai"}"#, &[Notice::ModelMissing]);
    check(r#"{"transport":"direct","endpoint":"http://gpu:8188"}"#, &[]);
    let language = Notice::Wrong { key: "language", expected: Expected::Language };
    let config = check(r#"{"languages":["en"],"language":"zh"}"#, &[language]);
    assert_eq!(config.language, None);
    assert_eq!(check(r#"{"model":""}"#, &[]).model, None);
}

#[track_caller]
fn check_welcome(around: &str, expected: bool) {
    let file = r#"{"embed_origins":["https://shop.example","https://intranet.example"]}"#;
    assert_eq!(check(file, &[]).welcomes(around), expected, "{around:?}");
}

#[test]
fn every_site_around_the_page_has_to_be_listed() {
    check_welcome("https://shop.example", true);
    check_welcome("https://shop.example https://intranet.example", true);
    check_welcome("https://shop.example https://evil.example", false);
    check_welcome("https://evil.example https://shop.example", false);
    check_welcome("https://shop.example.evil.example", false);
    check_welcome("http://shop.example", false);
    check_welcome("https://shop.example:8443", false);
    check_welcome("null", false);
    check_welcome("?", false);
    check_welcome("", false);
    assert!(!Config::default().welcomes("https://shop.example"));
}

#[test]
fn the_file_beside_the_page_is_in_order() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../public/config.json");
    let text = std::fs::read_to_string(path).expect("public/config.json");
    let config = check(&text, &[]);
    assert_eq!(config.model.as_deref(), Some("serverless-comfyui"));
    for workflow in &config.workflows {
        let path = format!("{}/../../public/{workflow}", env!("CARGO_MANIFEST_DIR"));
        assert!(std::path::Path::new(&path).is_file(), "{workflow} is not there");
    }
}

#[test]
fn the_worker_keeps_the_workflows_of_the_default_configuration() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../public/worker.js");
    let text = std::fs::read_to_string(path).expect("public/worker.js");
    let (_, list) = text.split_once("const WORKFLOWS = ").expect("a list of workflows");
    let (list, _) = list.split_once(';').expect("its end");
    let list: Vec<String> = serde_json::from_str(list).expect("a list of texts");
    assert_eq!(list, Config::default().workflows);
}
