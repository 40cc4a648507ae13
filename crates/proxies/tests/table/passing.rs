//! What passes and as what: methods, paths, the model.

use pilotlight_proxy_tests::client::Request;
use pilotlight_proxy_tests::front::Kind;
use pilotlight_relay::allow::ROUTES;

use crate::stage::{Pair, pairs};

/// Methods and a path below `/openai/api/` that pass.
const PASSES: &[(&str, &str)] = &[
    ("GET", "system_stats"),
    ("GET POST", "queue"),
    ("GET", "history/3f2504e0-4f89-41d3-9a0c-0305e82c3301"),
    ("GET", "history/a.b_c"),
    ("GET", "view"),
    ("GET", "object_info"),
    ("GET", "object_info/LoadImage"),
    ("GET", "object_info/ShowText%7Cpysssss"),
    ("GET", "object_info/%E5%9B%BE"),
    ("GET", "object_info/100%25"),
    ("GET", "object_info/A%20%28b%29"),
    ("GET", "features"),
    ("POST", "prompt"),
    ("POST", "interrupt"),
    ("POST", "upload/image"),
    ("GET POST", "pilotlight/wait/x1"),
    ("GET POST", "pilotlight/events/x1"),
    ("GET POST", "pilotlight/awake"),
    ("POST", "pilotlight/system_stats"),
    ("POST", "pilotlight/queue"),
    ("POST", "pilotlight/history/x1"),
    ("POST", "pilotlight/view"),
    ("POST", "pilotlight/object_info"),
    ("POST", "pilotlight/object_info/LoadImage"),
];

const METHODS: [&str; 8] = ["GET", "POST", "HEAD", "PUT", "DELETE", "PATCH", "PROPFIND", "OPTIONS"];

/// Whole paths that nobody may ask for.
const REFUSED: &[(&str, u16)] = &[
    ("/openai", 404),
    ("/openai/", 404),
    ("/openai/api", 404),
    ("/openai/api/", 404),
    ("/openai/api/history", 404),
    ("/openai/api/history/a/b", 404),
    ("/openai/api/queue/", 404),
    ("/openai/api//queue", 404),
    ("/openai//api/queue", 404),
    ("//openai/api/queue", 404),
    ("/openai/api/./queue", 404),
    ("/openai/api/x/../queue", 404),
    ("/openai/api/%71ueue", 404),
    ("/openai/%61pi/queue", 404),
    ("/openai/api/Queue", 404),
    ("/openai/api/queue%3Fa", 404),
    ("/openai/api/queue;a", 404),
    ("/openai/api/awake", 404),
    ("/openai/api/pilotlight/awake/x", 404),
    ("/openai/api/free", 404),
    ("/openai/api/users", 404),
    ("/openai/api/userdata/x", 404),
    ("/openai/api/upload/mask", 404),
    ("/openai/v1/models", 404),
    ("/openai/system_stats", 404),
    ("/api/system_stats", 404),
    ("/openaix/api/queue", 404),
    ("/__emulator/log", 404),
    ("/openai/api/history/..", 400),
    ("/openai/api/history/%2e%2e", 400),
    ("/openai/api/history/a%2fb", 400),
    ("/openai/api/history/a%20b", 400),
    ("/openai/api/history/a;b", 400),
    ("/openai/api/history/", 400),
    ("/openai/api/object_info/%2e%2E", 400),
    ("/openai/api/object_info/a%2Fb", 400),
    ("/openai/api/object_info/a%5Cb", 400),
    ("/openai/api/object_info/a%0d%0ab", 400),
    ("/openai/api/object_info/%252e%252e", 400),
    ("/openai/api/object_info/%ff", 400),
    ("/openai/api/object_info/%C2%85", 400),
];

#[tokio::test(flavor = "multi_thread")]
async fn exactly_the_table_passes() {
    for pair in pairs(|s| s).await {
        let kind = pair.front.kind;
        for (methods, path) in PASSES {
            for method in METHODS {
                let path = format!("/openai/api/{path}?model=m");
                let (reply, seen) = pair.ask(&Request::new(method, &path)).await;
                let what = format!("{kind:?} {method} {path}: {} {}", reply.status, reply.text());
                if !methods.split(' ').any(|known| known == method) {
                    assert_eq!(reply.status, 405, "{what}");
                    assert_eq!(reply.header("allow"), Some(&*methods.replace(' ', ", ")), "{what}");
                    assert!(reply.sentence().is_some() || method == "HEAD", "{what}");
                    assert!(seen.is_none(), "{what}");
                    continue;
                }
                assert_eq!((reply.status, reply.sentence()), (200, None), "{what}");
                let seen = seen.unwrap_or_else(|| panic!("{what}: the server saw nothing"));
                let target = path.strip_suffix("?model=m").unwrap();
                assert_eq!((&*seen.method, &*seen.target), (method, target), "{what}");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_else_passes() {
    for pair in pairs(|s| s).await {
        let long_id = format!("/openai/api/history/{}", "x".repeat(129));
        let long_class = format!("/openai/api/object_info/{}", "x".repeat(257));
        let long = [(long_id.as_str(), 400), (long_class.as_str(), 400)];
        for (path, status) in REFUSED.iter().chain(&long) {
            refused(&pair, "GET", &format!("{path}?model=m"), *status).await;
        }
    }
}

async fn refused(pair: &Pair, method: &str, path: &str, status: u16) {
    let (reply, seen) = pair.ask(&Request::new(method, path)).await;
    let what = format!("{:?} {method} {path}: {} {}", pair.front.kind, reply.status, reply.text());
    assert_eq!(reply.status, status, "{what}");
    // What no browser sends, such as a bare quotation mark, the relay's HTTP library refuses first.
    let is_unreadable = pair.front.kind == Kind::Relay && reply.body.is_empty() && status == 400;
    assert!(reply.sentence().is_some() || is_unreadable, "{what}: {:?}", reply.headers);
    assert!(seen.is_none(), "{what}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_model_moves_into_the_body_and_the_rest_stays() {
    let long = format!("{}_{}", "a".repeat(63), "b".repeat(63));
    let long_query = format!("model={long}");
    let cases = [
        ("model=m", "m", ""),
        ("a=1&model=m&b=2", "m", "a=1&b=2"),
        ("model=m&b=2", "m", "b=2"),
        ("a=1&model=m", "m", "a=1"),
        ("model=llama-3.1_lora-a", "llama-3.1_lora-a", ""),
        ("", "serverless-comfyui", ""),
        ("filename=x.png&type=output", "serverless-comfyui", "filename=x.png&type=output"),
        ("filename=a%20b%26c.png", "serverless-comfyui", "filename=a%20b%26c.png"),
        ("models=x&my_model=y", "serverless-comfyui", "models=x&my_model=y"),
        ("a=model&b=x", "serverless-comfyui", "a=model&b=x"),
        ("preview=webp;90&rand=0.5", "serverless-comfyui", "preview=webp;90&rand=0.5"),
        ("x={env.HOME}&y=$host", "serverless-comfyui", "x={env.HOME}&y=$host"),
        (long_query.as_str(), long.as_str(), ""),
    ];
    for pair in pairs(|s| s).await {
        for (query, model, rest) in cases {
            let kind = pair.front.kind;
            let path = format!("/openai/api/view?{query}");
            let browser = Request::new("GET", &path).with("content-type", "text/x").body(b"");
            let (reply, seen) = pair.ask(&browser).await;
            assert_eq!(reply.status, 200, "{kind:?} {query}: {}", reply.text());
            let seen = seen.unwrap();
            let body = format!("{{\"model\":\"{model}\"}}");
            assert_eq!(seen.body, body, "{kind:?} {query}");
            assert_eq!(seen.headers["content-type"], "application/json", "{kind:?} {query}");
            assert_eq!(seen.headers["content-length"], body.len().to_string(), "{kind:?} {query}");
            let target = seen.target.split_once('?').map_or("", |(_, rest)| rest);
            assert_eq!(target, rest, "{kind:?} {query}");
        }
        // A write keeps its own body, and its model is in there.
        let body = br#"{"model":"own","prompt":{}}"#;
        let write = Request::new("POST", "/openai/api/prompt?model=m").body(body);
        let (_, seen) = pair.ask(&write.with("content-type", "application/json")).await;
        let seen = seen.unwrap();
        assert_eq!(seen.body.as_bytes(), body);
        assert_eq!(seen.target, "/openai/api/prompt");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hostile_model_gets_nowhere() {
    let long = format!("model={}", "a".repeat(64));
    let long_adapter = format!("model=a_{}", "a".repeat(64));
    let cases = [
        "model",
        "model=",
        "model=-a",
        "model=.a",
        "model=_a",
        "model=a%22",
        "model=a%22%2C%22x%22%3A%22",
        "model=%61",
        "model=a\"b",
        "model=a'b",
        "model=a}b",
        "model=a\\b",
        "model=a$host",
        "model={env.HOME}",
        "model=${HOME}",
        "model=a+b",
        "model=a%0a",
        "model=a%00",
        "model=a/b",
        "model=a=b",
        "model=a;b",
        "model=..",
        "model=\u{e9}",
        "mo%64el=a",
        "%6dodel=a",
        "MODEL=a",
        "Model=a",
        "model[]=a",
        "model%5B%5D=a",
        "+model=a",
        "%20model=a",
        "model%00=a",
        "model=a&model=a",
        "model=a&mode%6c=b",
        "model=a&MODEL=b",
        "model=a&x=1&model=b",
        "model&model=b",
        "x=1&model=%22",
        long.as_str(),
        long_adapter.as_str(),
    ];
    for pair in pairs(|s| s).await {
        for query in cases {
            for method in ["GET", "POST"] {
                refused(&pair, method, &format!("/openai/api/queue?{query}"), 400).await;
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_any_model_a_read_goes_nowhere() {
    for pair in pairs(|s| s.with("MODEL", "")).await {
        refused(&pair, "GET", "/openai/api/queue", 400).await;
        let (reply, _) = pair.ask(&Request::new("POST", "/openai/api/queue")).await;
        assert_eq!(reply.status, 200, "{:?}", pair.front.kind);
    }
}

/// What the relay passes and nobody here asks for would be tried on none of them.
#[test]
fn every_route_of_the_relay_is_in_the_table() {
    let fits = |route: &str, path: &str| {
        route.split('/').count() == path.split('/').count()
            && route
                .split('/')
                .zip(path.split('/'))
                .all(|(pattern, part)| pattern.starts_with('{') || pattern == part)
    };
    for (methods, route) in ROUTES {
        let methods = methods.replace(", ", " ");
        let is_tried = PASSES.iter().any(|(by, path)| *by == methods && fits(route, path));
        assert!(is_tried, "{methods} {route}");
    }
}
