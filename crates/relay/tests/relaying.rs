//! Relaying: what reaches the server, what comes back, and what is refused here.
#![allow(clippy::unwrap_used, reason = "a test ends at the first surprise")]

mod support;

use axum::body::{Body, Bytes};
use axum::http::{Method, StatusCode};
use pilotlight_relay::model::ModelName;
use support::World;

/// A read must arrive as a GET of `arrives` with the model in a JSON body.
async fn check_read(world: &World, asked: &str, arrives: &str, body: &str) {
    let reply = world.get(asked).await;
    assert_eq!(reply.status, StatusCode::OK, "{asked}: {:?}", reply.body);
    assert_eq!(reply.body, "from the server", "{asked}");
    let seen = world.last_seen();
    assert_eq!(seen.method, Method::GET, "{asked}");
    assert_eq!(seen.path_and_query, arrives, "{asked}");
    assert_eq!(seen.body, body.to_owned(), "{asked}");
    let kind = (!body.is_empty()).then_some("application/json");
    assert_eq!(seen.headers.get("content-type").map(String::as_str), kind, "{asked}");
    assert_eq!(seen.headers["host"], world.upstream.to_string(), "{asked}");
}

#[tokio::test]
async fn reads_carry_their_model_in_a_body() {
    let world = World::kubeai().await;
    for (asked, arrives) in [
        ("system_stats?model=m-1", "system_stats"),
        ("queue?model=m-1", "queue"),
        ("history/0a-1b?model=m-1", "history/0a-1b"),
        ("view?filename=a%20b.png&model=m-1&type=output", "view?filename=a%20b.png&type=output"),
        ("object_info?model=m-1", "object_info"),
        ("object_info/ShowText%7Cpysssss?model=m-1", "object_info/ShowText%7Cpysssss"),
        ("features?model=m-1", "features"),
        (
            "pilotlight/wait/0a-1b?known=pending:0&model=m-1",
            "pilotlight/wait/0a-1b?known=pending:0",
        ),
    ] {
        let (asked, arrives) = (format!("/openai/api/{asked}"), format!("/openai/api/{arrives}"));
        check_read(&world, &asked, &arrives, r#"{"model":"m-1"}"#).await;
    }
}

#[tokio::test]
async fn a_constant_model_needs_no_query() {
    let world = World::new("/base/openai", |s| s.model = ModelName::parse("constant")).await;
    let body = r#"{"model":"constant"}"#;
    check_read(&world, "/openai/api/queue", "/base/openai/api/queue", body).await;
    let named = "/openai/api/queue?model=named";
    check_read(&world, named, "/base/openai/api/queue", r#"{"model":"named"}"#).await;
}

#[tokio::test]
async fn a_plain_comfyui_gets_no_model() {
    for base in ["", "/", "/api"] {
        let world = World::new(base, |_| {}).await;
        check_read(&world, "/openai/api/queue", "/api/queue", "").await;
        check_read(&world, "/openai/api/queue?model=m", "/api/queue", "").await;
        assert_eq!(world.get("/openai/api/queue?model=%22").await.status, StatusCode::BAD_REQUEST);
        world.post("/openai/api/prompt", r#"{"prompt":{}}"#).await;
        let seen = world.last_seen();
        assert_eq!(seen.path_and_query, "/api/prompt");
        assert_eq!(seen.body, r#"{"prompt":{}}"#);
    }
}

#[tokio::test]
async fn hostile_models_stop_at_the_relay() {
    let world = World::new("/openai", |s| s.model = ModelName::parse("constant")).await;
    let long = format!("model={}", "a".repeat(64));
    for query in [
        "model=",
        "model",
        "model=%22",
        "model=a%22%7D",
        "model=%61",
        "model=a'b",
        "model=..",
        "model=a/b",
        "model=a%00",
        "model=a+b",
        "model=-a",
        "mo%64el=a",
        "Model=a",
        "model[]=a",
        "model=a&model=b",
        "model=a&model=a",
        "x=1&model=a&%6dodel=b",
        long.as_str(),
    ] {
        let reply = world.get(&format!("/openai/api/queue?{query}")).await;
        assert_eq!(reply.status, StatusCode::BAD_REQUEST, "{query}");
        assert!(reply.trouble().contains("model"), "{query}");
    }
    for query in ["model=a\"b", "model=a\\b", "model=\u{e9}", "model=a}b"] {
        let request = format!(
            "GET /openai/api/queue?{query} HTTP/1.1\r\nHost: localhost\r\nX-Pilotlight: 1\r\n\
             Connection: close\r\n\r\n"
        );
        let answer = world.raw(&request).await;
        assert!(answer.starts_with("HTTP/1.1 400"), "{query}: {answer}");
    }
    assert!(world.seen().is_empty());
    let nobody = World::kubeai().await;
    let reply = nobody.get("/openai/api/queue").await;
    assert_eq!(reply.status, StatusCode::BAD_REQUEST);
    assert!(reply.trouble().starts_with("no model is named"));
}

#[tokio::test]
async fn only_the_table_passes() {
    let world = World::new("/openai", |s| s.model = ModelName::parse("m")).await;
    for (method, path, status) in [
        ("GET", "/openai/api/prompt", 405),
        ("POST", "/openai/api/system_stats", 405),
        ("PUT", "/openai/api/prompt", 405),
        ("DELETE", "/openai/api/queue", 405),
        ("OPTIONS", "/openai/api/prompt", 405),
        ("PATCH", "/openai/api/upload/image", 405),
        ("GET", "/openai/api/history", 404),
        ("POST", "/openai/api/free", 404),
        ("GET", "/openai/api/userdata", 404),
        ("POST", "/openai/api/upload/mask", 404),
        ("GET", "/openai/v1/models", 404),
        ("POST", "/openai/v1/chat/completions", 404),
        ("GET", "/openai", 404),
        ("GET", "/openai/", 404),
        ("GET", "/openai/__emulator/log", 404),
        ("GET", "/openai/api/../api/queue", 404),
        ("GET", "/openai/api/%71ueue", 404),
        ("GET", "/openai/api/queue/", 404),
        ("GET", "/openai/api/history/%2e%2e", 400),
        ("GET", "/openai/api/history/..", 400),
        ("GET", "/openai/api/history/a%2fb", 400),
        ("GET", "/openai/api/object_info/..%2fx", 400),
        ("GET", "/openai/api/object_info/%252e%252e", 400),
        ("POST", "/openai/api/pilotlight/wait/%0d%0a", 400),
    ] {
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: localhost\r\nX-Pilotlight: 1\r\nContent-Length: 0\r\n\
             Connection: close\r\n\r\n"
        );
        let answer = world.raw(&request).await;
        assert!(answer.starts_with(&format!("HTTP/1.1 {status}")), "{method} {path}: {answer}");
        assert!(answer.contains("x-pilotlight-relay: 1"), "{method} {path}: {answer}");
        assert!(answer.contains("\r\n\r\n{\"error\":\""), "{method} {path}: {answer}");
        assert_eq!(answer.contains("\r\nallow: "), status == 405, "{method} {path}");
    }
    let upgrade = "GET /openai/ws HTTP/1.1\r\nHost: localhost\r\nX-Pilotlight: 1\r\n\
                   Upgrade: websocket\r\nConnection: Upgrade, close\r\n\r\n";
    assert!(world.raw(upgrade).await.starts_with("HTTP/1.1 404"));
    assert!(world.seen().is_empty());
}

#[tokio::test]
async fn headers_are_sorted_out_both_ways() {
    let world = World::kubeai().await;
    let host = world.relay.to_string();
    let origin = format!("http://{host}");
    let sent = [
        ("cookie", "session=1"),
        ("origin", origin.as_str()),
        ("referer", origin.as_str()),
        ("sec-fetch-site", "same-origin"),
        ("sec-fetch-mode", "cors"),
        ("sec-fetch-dest", "empty"),
        ("te", "trailers"),
        ("x-hop", "1"),
        ("connection", "x-hop"),
        ("accept-encoding", "gzip"),
        ("accept-language", "zh-CN"),
        ("content-type", "application/json"),
    ];
    let body = Body::from(r#"{"model":"m"}"#);
    let reply = world.send(Method::POST, "/openai/api/prompt", &sent, body).await;
    let seen = world.last_seen();
    let names: Vec<&str> = seen.headers.keys().map(String::as_str).collect();
    let expected = ["accept-encoding", "content-length", "content-type", "host", "x-pilotlight"];
    assert_eq!(names, expected);
    assert_eq!(seen.headers["host"], world.upstream.to_string());

    assert_eq!(reply.header("cache-control"), Some("no-store"));
    assert_eq!(reply.header("x-content-type-options"), Some("nosniff"));
    assert_eq!(reply.header("x-proxy"), Some("lingo"));
    for dropped in ["set-cookie", "access-control-allow-origin", "x-pilotlight-relay"] {
        assert_eq!(reply.header(dropped), None, "{dropped}");
    }
}

#[tokio::test]
async fn the_token_is_added_and_never_shown() {
    let world = World::new("/openai", |s| {
        s.authorization = Some("Bearer t0ken".parse().unwrap());
    })
    .await;
    let own = [("authorization", "Basic browser")];
    for (method, path) in
        [(Method::GET, "/openai/api/queue?model=m"), (Method::POST, "/openai/api/prompt")]
    {
        let reply = world.send(method, path, &own, Body::empty()).await;
        assert_eq!(world.last_seen().headers["authorization"], "Bearer t0ken", "{path}");
        assert!(!format!("{:?}", reply.headers).contains("t0ken"), "{path}");
    }
}

#[tokio::test]
async fn what_kept_it_is_said_for_programs_too() {
    let world = World::kubeai().await;
    for (path, kind) in [
        ("/openai/api/history", "path"),
        ("/openai/api/prompt", "method"),
        ("/openai/api/history/%2e%2e", "segment"),
        ("/openai/api/queue?model=a+b", "query"),
        ("/openai/api/queue", "no_model"),
    ] {
        let reply = world.get(path).await;
        let said: serde_json::Value = serde_json::from_slice(&reply.body).unwrap();
        assert_eq!(said["kind"], kind, "{path}: {said}");
        assert!(!reply.trouble().is_empty());
    }
}

#[tokio::test]
async fn pages_of_other_sites_are_refused() {
    let world = World::kubeai().await;
    for header in [
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
        ("origin", "https://evil.example"),
        ("origin", "null"),
    ] {
        let body = Body::from(r#"{"model":"m"}"#);
        let reply = world.send(Method::POST, "/openai/api/prompt", &[header], body).await;
        assert_eq!(reply.status, StatusCode::FORBIDDEN, "{header:?}");
        assert!(reply.trouble().starts_with("this request came from a page of another site"));
    }
    assert!(world.seen().is_empty());
}

#[tokio::test]
async fn posts_arrive_byte_for_byte() {
    let world = World::kubeai().await;
    let picture: Vec<u8> =
        (0..20 * 1024 * 1024_u32).map(|i| (i.wrapping_mul(31) >> 7) as u8).collect();
    let picture = Bytes::from(picture);
    let kind = ("content-type", "multipart/form-data; boundary=\"x y\"");
    let path = "/openai/api/upload/image?overwrite=1";
    let reply = world.send(Method::POST, path, &[kind], Body::from(picture.clone())).await;
    assert_eq!(reply.status, StatusCode::OK);
    let seen = world.last_seen();
    assert_eq!(seen.path_and_query, path);
    assert_eq!(seen.headers["content-type"], kind.1);
    assert_eq!(seen.headers["content-length"], picture.len().to_string());
    assert!(seen.body == picture, "the picture changed on its way");

    for text in ["", "{", "{\"model\":\"m\",\"seed\":18446744073709551615 }\n", "\u{0}\u{ff}"] {
        world.post("/openai/api/prompt", text).await;
        assert_eq!(world.last_seen().body, text);
    }
    let body = support::pieces(Bytes::from_static(b"piece "), 3);
    world.send(Method::POST, "/openai/api/prompt", &[], body).await;
    assert_eq!(world.last_seen().body, "piece piece piece ");
}

#[tokio::test]
async fn replies_keep_their_status() {
    let world = World::kubeai().await;
    let reply = world.get("/openai/api/view?filename=gone&model=m").await;
    assert_eq!((reply.status, &reply.body[..]), (StatusCode::NOT_FOUND, &b"from the server"[..]));
    assert_eq!(reply.header("x-pilotlight-relay"), None);
    let reply = world.get("/openai/api/view?filename=moved&model=m").await;
    assert_eq!(reply.status, StatusCode::BAD_GATEWAY);
    let sentence = reply.trouble();
    assert!(sentence.contains("redirect to https://login.example/?\u{2026},"), "{sentence}");
}
