//! Requests as tables. The recordings of the real server are read in `tests/recordings.rs`.

use super::*;
use crate::failure::RAW_LIMIT_BYTES;
use serde_json::json;

const ID: &str = "58b14e27-570f-45c8-8c68-233210f2140a";

fn id() -> PromptId {
    PromptId::named(ID).unwrap()
}

fn relay() -> Endpoint {
    Endpoint::new("openai/", Some("serverless-comfyui"), Transport::Relay)
}

fn direct() -> Endpoint {
    Endpoint::new("https://host/openai", Some("serverless-comfyui"), Transport::Direct)
}

fn plain() -> Endpoint {
    Endpoint::new("http://127.0.0.1:8188", None, Transport::Relay)
}

#[track_caller]
fn check(request: Request, method: Method, url: &str, body: &str) {
    assert_eq!((request.method, request.url.as_str()), (method, url));
    let said = match request.body {
        Body::Empty => String::new(),
        Body::Json(text) => format!("json {text}"),
        Body::Plain(text) => format!("plain {text}"),
        Body::Upload { fields, file_name } => format!("form {fields:?} {file_name}"),
    };
    assert_eq!(said, body);
}

#[test]
fn reads_over_the_relay_carry_the_model_in_the_query() {
    let get = |request, url: &str| check(request, Method::Get, url, "");
    get(relay().wake_request(), "openai/api/system_stats?model=serverless-comfyui");
    get(relay().queue(), "openai/api/queue?model=serverless-comfyui");
    get(relay().history(&id()), &format!("openai/api/history/{ID}?model=serverless-comfyui"));
    get(
        relay().wait(&id(), Known::Pending { ahead: 2 }),
        &format!("openai/api/pilotlight/wait/{ID}?known=pending%3A2&model=serverless-comfyui"),
    );
    get(relay().awake(), "openai/api/pilotlight/awake?model=serverless-comfyui");
    get(plain().wake_request(), "http://127.0.0.1:8188/api/system_stats");
}

fn file(ended_ms: Option<u64>) -> FileRef {
    let (filename, subfolder) = ("猫 &1.png".into(), "a/b".into());
    FileRef { filename, subfolder, folder: "output".into(), format: String::new(), ended_ms }
}

#[test]
fn a_file_is_named_so_that_no_cache_can_mistake_it() {
    check(
        plain().view(&file(None), &id()),
        Method::Get,
        &format!(
            "http://127.0.0.1:8188/api/view?filename=%E7%8C%AB%20%261.png&subfolder=a%2Fb&type=output&rand={ID}"
        ),
        "",
    );
}

#[test]
fn everything_is_a_simple_post_when_direct() {
    let post = |request, url: &str, body: &str| check(request, Method::Post, url, body);
    let model = r#"plain {"model":"serverless-comfyui"}"#;
    post(direct().wake_request(), "https://host/openai/api/pilotlight/system_stats", model);
    post(
        direct().wait(&id(), Known::Running),
        &format!("https://host/openai/api/pilotlight/wait/{ID}?known=running"),
        model,
    );
    post(direct().awake(), "https://host/openai/api/pilotlight/awake", model);
    post(
        direct().interrupt(&id()),
        "https://host/openai/api/interrupt",
        &format!(r#"plain {{"model":"serverless-comfyui","prompt_id":"{ID}"}}"#),
    );
    post(
        direct().upload("a.png"),
        "https://host/openai/api/upload/image",
        r#"form [("model", "serverless-comfyui"), ("type", "input")] a.png"#,
    );
}

#[test]
fn writes_over_the_relay_are_json_with_the_model() {
    let post = |request, url: &str, body: &str| check(request, Method::Post, url, body);
    post(
        relay().submit(&id(), "me", json!({"1": {"inputs": {"seed": u64::MAX}}}), None),
        "openai/api/prompt",
        &format!(
            r#"json {{"client_id":"me","extra_data":{{"extra_pnginfo":{{}}}},"model":"serverless-comfyui","prompt":{{"1":{{"inputs":{{"seed":18446744073709551615}}}}}},"prompt_id":"{ID}"}}"#
        ),
    );
    let editor = json!({"nodes": [{"id": 1, "widgets_values": [u64::MAX]}]});
    post(
        plain().submit(&id(), "me", json!({"1": {"inputs": {}}}), Some(editor)),
        "http://127.0.0.1:8188/api/prompt",
        &format!(
            r#"json {{"client_id":"me","extra_data":{{"extra_pnginfo":{{"workflow":{{"nodes":[{{"id":1,"widgets_values":[18446744073709551615]}}]}}}}}},"prompt":{{"1":{{"inputs":{{}}}}}},"prompt_id":"{ID}"}}"#
        ),
    );
    post(
        plain().delete(&id()),
        "http://127.0.0.1:8188/api/queue",
        &format!(r#"json {{"delete":["{ID}"]}}"#),
    );
}

#[test]
fn a_key_stands_in_every_body_of_a_direct_request_and_nowhere_else() {
    let file = file(None);
    let known = Known::Running;
    let all = |endpoint: &Endpoint| {
        let submit = endpoint.submit(&id(), "me", json!({"1": {"inputs": {}}}), None);
        let writes =
            [submit, endpoint.delete(&id()), endpoint.interrupt(&id()), endpoint.upload("a.png")];
        let reads = [
            endpoint.wake_request(),
            endpoint.class("A"),
            endpoint.history(&id()),
            endpoint.queue(),
            endpoint.wait(&id(), known),
            endpoint.awake(),
            endpoint.view(&file, &id()),
        ];
        writes.into_iter().chain(reads).collect::<Vec<_>>()
    };
    let key = || AccessKey::typed("sesame");
    let keyed = direct().with_access(key());
    for request in all(&keyed) {
        let in_body = match &request.body {
            Body::Plain(text) => json::parse(text).unwrap()["key"] == "sesame",
            Body::Upload { fields, .. } => fields.contains(&("key", "sesame".to_owned())),
            Body::Empty | Body::Json(_) => false,
        };
        assert!(in_body, "{request:?}");
        // The browser follows no redirect of it.
        assert!(request.holds_key(), "{request:?}");
        assert!(!request.url.contains("sesame"), "{request:?}");
    }
    assert_eq!(keyed.key(), direct().key());
    assert!(!format!("{keyed:?}").contains("sesame"));
    assert!(keyed.has_access_key() && !keyed.clone().with_access(None).has_access_key());
    for other in [relay().with_access(key()), plain().with_access(key()), keyed.with_access(None)] {
        for request in all(&other) {
            assert!(!format!("{request:?}").contains("sesame"), "{request:?}");
        }
    }
}

/// The extension looks no further than the start of a body for the key.
#[test]
fn a_key_stands_first_in_whatever_may_be_large() {
    let keyed = direct().with_access(AccessKey::typed("sesame"));
    let large = json!({"1": {"inputs": {"text": "x".repeat(100_000)}}});
    let Body::Plain(text) = keyed.submit(&id(), "me", large, None).body else {
        panic!("not plain")
    };
    assert!(text.starts_with(r#"{"access_key":"sesame","client_id":"#), "{}", &text[..80]);
    let Body::Upload { fields, .. } = keyed.upload("a.png").body else { panic!("not a form") };
    let names = fields.iter().map(|(name, _)| *name).collect::<Vec<_>>();
    assert_eq!(names, ["key", "model", "type"]);
}

fn reply(status: u16, body: &str) -> Response {
    let body = body.into();
    Ok(Reply { status, retry_after_s: None, from_relay: false, modified_ms: None, body, key: None })
}

#[test]
fn a_reply_that_repeats_the_key_is_shown_without_it() {
    let key = AccessKey::typed("sesame");
    let keyed = |status, body: &str| reply(status, body).map(|it| Reply { key: key.clone(), ..it });
    let shown = |response: &Response| {
        let fault = accepted(response).expect_err("it is no answer to a prompt");
        assert!(fault.raw.starts_with("HTTP "), "{}", fault.raw);
        format!("{fault:?}")
    };
    // As frameworks do while they are debugged, as a gateway does, and cut by the limit.
    let long = ["x".repeat(RAW_LIMIT_BYTES - 3), "sesame".to_owned()].concat();
    for (status, body) in [
        (500, r#"{"received":{"prompt":{},"key":"sesame"}}"#),
        (502, "<html>POST body: {\"key\":\"sesame\"}"),
        (401, r#"{"error":{"type":"pilotlight_key","given":true,"key":"sesame"}}"#),
        (200, "debug: sesame"),
        (200, r#"{"echo":"sesame"}"#),
        (400, r#"{"error":{"type":"x","message":"what is sesame?"},"node_errors":{}}"#),
        (500, long.as_str()),
    ] {
        let said = shown(&keyed(status, body));
        assert!(!said.contains("sesame") && !said.contains("xses"), "{status} {body}: {said}");
        assert!(shown(&reply(status, body)).contains("ses"), "{body} shows nothing of itself");
    }
    // What a run brought may say the same word.
    let taken = keyed(200, r#"{"prompt_id":"sesame"}"#);
    assert_eq!(accepted(&taken).map(|it| it.prompt_id.to_string()), Ok("sesame".to_owned()));
}

#[test]
fn a_status_becomes_an_error_to_branch_on() {
    let table = [
        (reply(401, ""), ApiError::Unauthorized),
        (reply(403, ""), ApiError::Unauthorized),
        (reply(401, r#"{"error":"pilotlight_key"}"#), ApiError::Unauthorized),
        (
            reply(401, r#"{"error":{"type":"pilotlight_key","given":false}}"#),
            ApiError::Barred(Barred::KeyMissing),
        ),
        (
            reply(401, r#"{"error":{"type":"pilotlight_key","given":true}}"#),
            ApiError::Barred(Barred::KeyWrong),
        ),
        (reply(403, r#"{"error":{"type":"pilotlight_origin"}}"#), ApiError::Barred(Barred::Origin)),
        (reply(403, r#"{"error":{"type":"pilotlight_setup"}}"#), ApiError::Barred(Barred::Setup)),
        (reply(500, r#"{"error":{"type":"pilotlight_key"}}"#), ApiError::Unavailable(500)),
        (reply(404, r#"{"error":"model not found: \"nope\""}"#), ApiError::NoSuchModel),
        (reply(413, "<html>"), ApiError::TooLarge),
        (reply(429, ""), ApiError::Busy),
        (reply(500, ""), ApiError::Unavailable(500)),
        (reply(504, "<html>"), ApiError::Unavailable(504)),
        (reply(400, r#"{"error":"bad request"}"#), ApiError::NotUnderstood(400)),
        (reply(302, ""), ApiError::NotUnderstood(302)),
        (reply(200, "<html>hello"), ApiError::Garbled),
        (reply(200, r#"{"system":{"os":"li"#), ApiError::Garbled),
        (reply(200, "[]"), ApiError::Garbled),
        (Err(ApiError::TimedOut), ApiError::TimedOut),
        (Err(ApiError::Unanswered), ApiError::Unanswered),
    ];
    for (response, expected) in table {
        assert_eq!(facts(&response).map_err(|fault| fault.error), Err(expected), "{response:?}");
    }
}

#[test]
fn not_utf_8_is_garbled_and_still_shown() {
    let response = reply(200, "").map(|reply| Reply { body: vec![0xff, b'!'], ..reply });
    let fault = queue(&response, &id()).unwrap_err();
    assert_eq!(fault.error, ApiError::Garbled);
    assert_eq!(fault.raw, "HTTP 200\n\u{fffd}!");
}

#[test]
fn a_400_that_is_not_comfyuis_is_no_refusal_of_values() {
    let response = reply(400, r#"{"error":"bad request: reading model from body: decoding: EOF"}"#);
    assert_eq!(accepted(&response).map_err(|fault| fault.error), Err(ApiError::NotUnderstood(400)));
}

#[test]
fn the_long_poll_says_where_a_run_stands() {
    let table = [
        (reply(200, "{}"), StatusReport::NotInQueue),
        (reply(200, r#"{"pilotlight":{"state":"running"}}"#), StatusReport::Running),
        (
            reply(200, r#"{"pilotlight":{"state":"pending","ahead":3}}"#),
            StatusReport::Pending { ahead: 3 },
        ),
        (reply(404, ""), StatusReport::NoLongPoll),
        (reply(405, "405: Method Not Allowed"), StatusReport::NoLongPoll),
    ];
    for (response, expected) in table {
        assert_eq!(wait(&response, &id()), Ok(expected));
    }
    let strange = reply(200, r#"{"pilotlight":{"state":"dancing"}}"#);
    assert_eq!(wait(&strange, &id()).map_err(|fault| fault.error), Err(ApiError::Garbled));
}

#[test]
fn what_is_held_for_its_own_sake_says_only_that_it_was() {
    let table = [
        (reply(200, "{}"), Ok(true)),
        (reply(404, ""), Ok(false)),
        (reply(405, "405: Method Not Allowed"), Ok(false)),
        (reply(200, "<!doctype html>"), Err(ApiError::Garbled)),
        (reply(200, "[]"), Err(ApiError::Garbled)),
        (reply(504, ""), Err(ApiError::Unavailable(504))),
        (Err(ApiError::TimedOut), Err(ApiError::TimedOut)),
    ];
    for (response, expected) in table {
        assert_eq!(held(&response).map_err(|fault| fault.error), expected);
    }
}

#[test]
fn a_picture_that_is_gone_is_not_a_fault() {
    assert_eq!(viewed(&reply(200, "bytes")), Ok(true));
    assert_eq!(viewed(&reply(404, "")), Ok(false));
    assert_eq!(
        viewed(&reply(502, "")).map_err(|fault| fault.error),
        Err(ApiError::Unavailable(502))
    );
}

#[test]
fn a_file_that_is_younger_than_its_run_is_anothers() {
    const END: u64 = 1_795_336_013_428;
    let table = [
        (None, None, false),
        (None, Some(END), false),
        (Some(u64::MAX), None, false),
        (Some(END - 3_600_000), Some(END), false),
        (Some(END + 572), Some(END), false),
        (Some(END + 2_000), Some(END), false),
        (Some(END + 2_001), Some(END), true),
        (Some(END + 3_600_000), Some(END), true),
        (Some(u64::MAX), Some(u64::MAX), false),
    ];
    for (modified_ms, ended_ms, expected) in table {
        let response = reply(200, "bytes").map(|reply| Reply { modified_ms, ..reply });
        assert_eq!(
            is_anothers(&response, &file(ended_ms)),
            expected,
            "{modified_ms:?} {ended_ms:?}"
        );
    }
    assert!(!is_anothers(&Err(ApiError::Unanswered), &file(Some(0))));
}

#[test]
fn a_file_knows_when_its_run_ended() {
    let table = [
        ("", None),
        (r#","status":{"messages":[]}"#, None),
        (r#","status":{"messages":[["execution_success",{}]]}"#, None),
        (r#","status":{"messages":[["execution_success",{"timestamp":-1}]]}"#, None),
        (
            r#","status":{"messages":[["execution_start",{"timestamp":3}],["execution_error",{"timestamp":5}]]}"#,
            Some(5),
        ),
    ];
    for (status, expected) in table {
        let outputs = r#"{"4":{"images":[{"filename":"a.png"}]}}"#;
        let response = reply(200, &format!(r#"{{"{ID}":{{"outputs":{outputs}{status}}}}}"#));
        let Ok(StatusReport::Ended(ended)) = history(&response, &id()) else { panic!("{status}") };
        assert_eq!(ended.files()[0].ended_ms, expected, "{status}");
    }
}

#[test]
fn an_uploaded_picture_has_the_name_the_server_gave_it() {
    let table = [
        (r#"{"name":"up (1).png","subfolder":"","type":"input"}"#, "up (1).png"),
        (r#"{"name":"a.png","subfolder":"sub","type":"input"}"#, "sub/a.png"),
    ];
    for (body, expected) in table {
        assert_eq!(uploaded(&reply(200, body)).as_deref(), Ok(expected));
    }
    assert_eq!(uploaded(&reply(200, "{}")).map_err(|fault| fault.error), Err(ApiError::Garbled));
}

/// What an input offers, and what is wrong with a value that is not in its list.
#[test]
fn a_list_without_any_choice_is_told_apart() {
    use crate::problem::Trouble;
    let value = || "x.safetensors".to_owned();
    let table = [
        (json!([["a", "b"], {}]), Trouble::NotInList { value: value() }, 2),
        (json!([[], {}]), Trouble::NoneInstalled { value: value() }, 0),
        (json!(null), Trouble::NotInList { value: value() }, 0),
    ];
    for (config, trouble, offered) in table {
        let extra = json!({"input_name": "ckpt_name", "input_config": config, "received_value": "x.safetensors"});
        let error =
            json!({"type": "value_not_in_list", "message": "", "details": "", "extra_info": extra});
        let body = json!({"error": {}, "node_errors": {"4": {"errors": [error]}}});
        let problems = crate::refusal::refusals(&body);
        let found = problems.first().map(|it| (it.trouble.clone(), it.offered.len()));
        assert_eq!(found, Some((trouble, offered)));
    }
}

#[test]
fn only_kubeai_and_comfyui_answer_from_behind() {
    let relay = |response: Response| response.map(|reply| Reply { from_relay: true, ..reply });
    let table = [
        (reply(502, r#"{"error":"Bad Gateway"}"#), true),
        (reply(500, r#"{"error":{"type":"x"}}"#), true),
        (reply(502, "<html>502 Bad Gateway"), false),
        (reply(502, r#"{"error":"no way","kind":"unreachable"}"#), false),
        (relay(reply(502, r#"{"error":"no"}"#)), false),
        (Err(ApiError::Unanswered), false),
    ];
    for (response, expected) in table {
        assert_eq!(
            facts(&response).map_err(|fault| fault.is_from_behind),
            Err(expected),
            "{response:?}"
        );
    }
}
