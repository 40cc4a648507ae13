//! Prompts that the server refuses completely or in part.

use std::sync::Arc;

use super::*;

/// Two nodes, one of them with an input that the form shows.
fn form() -> Form {
    let file = r#"{
        "pilotlight": 1, "id": "janus", "title": "Janus",
        "prompt": {
            "2": {"class_type": "JanusImageGeneration", "_meta": {"title": "Make a picture"},
                "inputs": {"temperature": 1.0, "cfg_weight": 5.0}},
            "3": {"class_type": "SaveImage", "inputs": {"filename_prefix": "a"}}
        },
        "form": [{"node": "2", "input": "temperature",
            "label": {"en": "Temperature", "zh": "温度"}}],
        "classes": {}
    }"#;
    Package::parse(file).unwrap().form()
}

#[test]
fn a_refusal_says_of_which_field_it_is() {
    let table = [
        (Some("2.temperature"), Language::English, "Temperature: Maximum 1."),
        (Some("2.temperature"), Language::Chinese, "温度：最大值为 1。"),
        (Some("2.cfg_weight"), Language::English, "Make a picture · cfg_weight: Maximum"),
        (Some("3.filename_prefix"), Language::Chinese, "SaveImage · filename_prefix：最大值"),
        (Some("9.gone"), Language::English, "Maximum 1."),
        (None, Language::English, "Maximum 1."),
    ];
    let form = form();
    for (place, language, start) in table {
        let problem = Problem {
            place: place.and_then(FieldKey::parse),
            ..Problem::of(Trouble::TooLarge { max: "1".into() })
        };
        let fault = Fault { problems: vec![problem], ..Fault::new(ApiError::Refused) };
        let mut run = run("submitting");
        run.update(Event::Accepted(run.turn(), Err(fault)), &context(2_000));
        let reader = Reader { form: Some(Arc::new(form.clone())), language, ..reader(3_000) };
        let body = card(&run, &reader).failure.unwrap().body;
        assert!(body.starts_with(start), "{body}");
    }
}

#[test]
fn what_the_server_leaves_out_is_told_with_the_results_that_will_be_missing() {
    let start = "Part of the workflow won’t run: Temperature: Maximum 1.";
    let chinese = "工作流有一部分不会运行：温度：最大值为 1。以下节点不会有结果：SaveImage。";
    let table = [
        (vec!["3"], Language::English, [start, " No result from SaveImage."].concat()),
        (vec!["3"], Language::Chinese, chinese.to_owned()),
        (vec!["3", "9", "3"], Language::English, [start, " No result from SaveImage, 9."].concat()),
        (vec![], Language::English, start.to_owned()),
    ];
    let form = form();
    for (without, language, expected) in table {
        let problem = Problem {
            place: FieldKey::parse("2.temperature"),
            without: without
                .into_iter()
                .map(Into::into)
                .map(|id: String| NodeId::new(id))
                .collect(),
            ..Problem::of(Trouble::TooLarge { max: "1".into() })
        };
        let mut run = run("submitting");
        let id = PromptId::from_random([1; 16]);
        let accepted = Accepted { prompt_id: id, problems: vec![problem] };
        run.update(Event::Accepted(run.turn(), Ok(accepted)), &context(2_000));
        let reader = Reader { form: Some(Arc::new(form.clone())), language, ..reader(3_000) };
        assert_eq!(card(&run, &reader).say, Some(expected));
    }
}

#[test]
fn a_choice_the_server_lacks_is_told_with_those_it_has() {
    let offered = |count: usize| (0..count).map(|at| serde_json::json!(format!("m{at}"))).collect();
    let table = [
        (0, Language::English, "“x” isn’t available on this server."),
        (2, Language::English, "“x” isn’t available on this server. Available: m0, m1."),
        (2, Language::Chinese, "服务器没有“x”这个选项。可选：m0、m1。"),
        (
            9,
            Language::English,
            "“x” isn’t available on this server. Available: m0, m1, m2, m3, m4, m5, m6, m7 ….",
        ),
    ];
    for (count, language, expected) in table {
        let trouble = Trouble::NotInList { value: "x".into() };
        let it = Problem { offered: offered(count), ..Problem::of(trouble) };
        assert_eq!(problem(&it, language), expected);
    }
}

#[test]
fn every_rejected_value_is_named() {
    let place = |place| FieldKey::parse(place);
    let large =
        |key| Problem { place: place(key), ..Problem::of(Trouble::TooLarge { max: "1".into() }) };
    let none = Trouble::NoneInstalled { value: "x.safetensors".into() };
    let problems = vec![large("2.temperature"), large("2.cfg_weight"), Problem::of(none)];
    let form = form();
    let fault = Fault { problems, ..Fault::new(ApiError::Refused) };
    let mut run = run("submitting");
    run.update(Event::Accepted(run.turn(), Err(fault)), &context(2_000));
    let reader = Reader { form: Some(form.into()), ..reader(3_000) };
    let expected = "Temperature: Maximum 1. Make a picture · cfg_weight: Maximum 1. \
        “x.safetensors” isn’t available: none is installed on this server.";
    assert_eq!(card(&run, &reader).failure.unwrap().body, expected);
}
