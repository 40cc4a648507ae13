//! Serving the built page: types, packing, caching, `config.json`, and nothing outside the folder.
#![allow(clippy::unwrap_used, reason = "a test ends at the first surprise")]

mod support;

use axum::body::Body;
use axum::http::{Method, StatusCode};
use pilotlight_relay::model::ModelName;
use support::World;

const KEPT: Option<&str> = Some("public, max-age=31536000, immutable");
const ASKED_AGAIN: Option<&str> = Some("no-cache");

#[track_caller]
fn check(reply: &support::Reply, path: &str, kind: &str, caching: Option<&str>) {
    assert_eq!(reply.status, StatusCode::OK, "{path}");
    assert_eq!(reply.header("content-type"), Some(kind), "{path}");
    assert_eq!(reply.header("cache-control"), caching, "{path}");
    assert_eq!(reply.header("x-content-type-options"), Some("nosniff"), "{path}");
    assert_eq!(reply.header("x-pilotlight-relay"), None, "{path}");
}

#[tokio::test]
async fn types_and_caching() {
    let world = World::kubeai().await;
    for (path, kind, caching) in [
        ("/", "text/html", ASKED_AGAIN),
        ("/index.html", "text/html", ASKED_AGAIN),
        ("/config.json", "application/json", ASKED_AGAIN),
        ("/workflows/a.json", "application/json", ASKED_AGAIN),
        ("/icons/icon.svg", "image/svg+xml", ASKED_AGAIN),
        ("/site.webmanifest", "application/manifest+json", ASKED_AGAIN),
        ("/pilotlight-0123456789abcdef.js", "text/javascript", KEPT),
        ("/pilotlight-0123456789abcdef_bg.wasm", "application/wasm", KEPT),
        ("/base-0123456789abcdef.css", "text/css", KEPT),
    ] {
        check(&world.get(path).await, path, kind, caching);
    }
    assert!(world.seen().is_empty());
}

#[tokio::test]
async fn packing_follows_what_the_browser_takes() {
    let world = World::kubeai().await;
    for (accepted, packing, body) in [
        ("gzip, deflate, br, zstd", Some("br"), "packed by brotli"),
        ("gzip", Some("gzip"), "packed by gzip"),
        ("br;q=0, gzip", Some("gzip"), "packed by gzip"),
        ("identity", None, "export default 1; // plain"),
        ("", None, "export default 1; // plain"),
    ] {
        let path = "/pilotlight-0123456789abcdef.js";
        let headers = [("accept-encoding", accepted)];
        let reply = world.send(Method::GET, path, &headers, Body::empty()).await;
        check(&reply, path, "text/javascript", KEPT);
        assert_eq!(reply.header("content-encoding"), packing, "{accepted}");
        assert_eq!(reply.header("vary"), Some("accept-encoding"), "{accepted}");
        assert_eq!(reply.body, body, "{accepted}");
    }
    let headers = [("accept-encoding", "br")];
    let reply = world.send(Method::GET, "/icons/icon.svg", &headers, Body::empty()).await;
    assert_eq!((reply.header("content-encoding"), &reply.body[..]), (None, &b"<svg/>"[..]));
}

#[tokio::test]
async fn a_page_seen_before_costs_no_bytes() {
    let world = World::kubeai().await;
    let first = world.get("/").await;
    let since = first.header("last-modified").unwrap();
    let headers = [("if-modified-since", since)];
    let again = world.send(Method::GET, "/", &headers, Body::empty()).await;
    assert_eq!((again.status, again.body.len()), (StatusCode::NOT_MODIFIED, 0));
    assert_eq!(again.header("cache-control"), ASKED_AGAIN);
    assert_eq!(world.send(Method::HEAD, "/", &[], Body::empty()).await.status, StatusCode::OK);
}

#[tokio::test]
async fn what_is_not_there_is_said_in_json_and_never_kept() {
    let world = World::kubeai().await;
    for path in ["/nothing.html", "/pilotlight-fedcba9876543210.js", "/icons/none.svg"] {
        let reply = world.get(path).await;
        assert_eq!(reply.status, StatusCode::NOT_FOUND, "{path}");
        assert_eq!(reply.trouble(), "there is no such file");
        assert_eq!(reply.header("cache-control"), ASKED_AGAIN, "{path}");
    }
    let reply = world.post("/index.html", "x").await;
    assert_eq!(reply.status, StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(reply.trouble(), "a file can only be read");
}

#[tokio::test]
async fn nothing_outside_the_folder_is_read() {
    let world = World::kubeai().await;
    for path in [
        "/../secret.txt",
        "/icons/../../secret.txt",
        "/%2e%2e/secret.txt",
        "/..%2fsecret.txt",
        "/%2e%2e%2fsecret.txt",
        "/..%5csecret.txt",
        "/%252e%252e/secret.txt",
        "/icons/..%2f..%2fsecret.txt",
        "//secret.txt",
        "/./../secret.txt",
        "/..;/secret.txt",
        "/%00/../secret.txt",
        "/secret.txt",
        "/etc/passwd",
        "//etc/passwd",
        "/%2fetc/passwd",
    ] {
        let request =
            format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        let answer = world.raw(&request).await;
        assert!(answer.starts_with("HTTP/1.1 40"), "{path}: {answer}");
        assert!(!answer.contains("\r\n\r\nsecret") && !answer.contains("root:"), "{path}");
    }
}

#[cfg(unix)]
#[tokio::test]
async fn neither_links_nor_hidden_files_are_served() {
    use std::os::unix::fs::symlink;

    let world = World::kubeai().await;
    let dist = world.folder.path().join("dist");
    let secret = world.folder.path().join("secret.txt");
    std::fs::create_dir(dist.join(".git")).unwrap();
    for name in [".env", ".git/config", "icons/.svg"] {
        std::fs::write(dist.join(name), "secret").unwrap();
    }
    symlink(&secret, dist.join("link.txt")).unwrap();
    symlink(world.folder.path(), dist.join("folder")).unwrap();
    // Within the folder a link is one, too.
    symlink(dist.join("index.html"), dist.join("other.html")).unwrap();
    // What is packed of a file counts as well.
    symlink(&secret, dist.join("site.webmanifest.gz")).unwrap();
    for path in [
        "/.env",
        "/%2eenv",
        "/.git/config",
        "/icons/.svg",
        "/link.txt",
        "/folder/secret.txt",
        "/folder",
        "/other.html",
        "/site.webmanifest",
        "//icons",
        "//icons/icon.svg",
        "/icons",
        "/icons/",
        "/icons/icon.svg/",
        "/icons/icon.svg/x",
    ] {
        let headers = [("accept-encoding", "gzip")];
        let reply = world.send(Method::GET, path, &headers, Body::empty()).await;
        assert_eq!(reply.status, StatusCode::NOT_FOUND, "{path}: {:?}", reply.headers);
        assert_eq!(reply.trouble(), "there is no such file", "{path}");
    }
}

#[cfg(unix)]
#[tokio::test]
async fn a_link_in_the_place_of_a_file_that_is_needed_is_said_at_once() {
    use std::os::unix::fs::symlink;

    let folder = tempfile::tempdir().unwrap();
    let dist = folder.path().join("dist");
    std::fs::create_dir(&dist).unwrap();
    std::fs::write(folder.path().join("config.json"), "{}").unwrap();
    symlink(folder.path().join("config.json"), dist.join("config.json")).unwrap();
    let mut settings = support::settings(&dist, "http://127.0.0.1:9/openai");
    let why = pilotlight_relay::router(settings.clone()).map(drop).unwrap_err();
    assert!(why.contains("symbolic link") && why.contains("--config"), "{why}");
    // Named apart it may be anything, as the ConfigMap of a cluster is.
    settings.config_file = Some(dist.join("config.json"));
    assert!(pilotlight_relay::router(settings).is_ok());
}

#[track_caller]
fn check_config(reply: &support::Reply, expected: &str) {
    let found: serde_json::Value = serde_json::from_slice(&reply.body).unwrap();
    let expected: serde_json::Value = serde_json::from_str(expected).unwrap();
    assert_eq!(found, expected);
    assert_eq!(reply.header("content-type"), Some("application/json"));
    assert_eq!(reply.header("cache-control"), Some("no-cache"));
}

#[tokio::test]
async fn the_config_says_what_the_relay_was_told() {
    let untouched = World::kubeai().await;
    check_config(
        &untouched.get("/config.json").await,
        r#"{"endpoint":"elsewhere","model":"old","title":"T","keep":1}"#,
    );
    let named = World::new("/openai", |s| {
        s.model = ModelName::parse("m-1");
        s.title = Some("Mine \"here\"".to_owned());
    });
    check_config(
        &named.await.get("/config.json").await,
        r#"{"endpoint":"openai","model":"m-1","title":"Mine \"here\"","keep":1}"#,
    );
    let plain = World::new("", |s| s.model = ModelName::parse("m-1"));
    check_config(
        &plain.await.get("/config.json").await,
        r#"{"endpoint":"openai","title":"T","keep":1}"#,
    );
}

#[tokio::test]
async fn the_made_config_has_one_way_to_it() {
    let world = World::new("/openai", |s| s.model = ModelName::parse("m-1")).await;
    let made = r#"{"endpoint":"openai","model":"m-1","title":"T","keep":1}"#;
    for path in ["/config.json", "/%63onfig.json", "/config%2Ejson", "/config.json?x=1"] {
        check_config(&world.get(path).await, made);
        let head = world.send(Method::HEAD, path, &[], Body::empty()).await;
        assert_eq!((head.status, head.body.len()), (StatusCode::OK, 0), "{path}");
        for method in [Method::POST, Method::PUT, Method::OPTIONS] {
            let reply = world.send(method.clone(), path, &[], Body::empty()).await;
            assert_eq!(reply.status, StatusCode::METHOD_NOT_ALLOWED, "{method} {path}");
            assert_eq!(reply.trouble(), "a file can only be read", "{method} {path}");
            assert_eq!(reply.header("allow"), Some("GET, HEAD"), "{method} {path}");
            let policy = reply.header("content-security-policy");
            assert_eq!(policy, Some("frame-ancestors 'self'"), "{method} {path}");
        }
    }
    for path in ["//config.json", "/./config.json", "/config.json/", "/%2fconfig.json"] {
        assert_eq!(world.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn a_config_file_stands_in_for_the_built_one() {
    let with = |text: &'static str, model: Option<&'static str>| {
        World::new("/openai", move |s| {
            let path = s.dist.join("../mine.json");
            std::fs::write(&path, text).unwrap();
            s.config_file = Some(path);
            s.model = model.and_then(ModelName::parse);
        })
    };
    let direct = r#"{"endpoint":"https://k.example/openai","transport":"direct","model":"a"}"#;
    check_config(&with(direct, None).await.get("/config.json").await, direct);
    let both = with(direct, Some("b")).await;
    check_config(&both.get("/config.json").await, &direct.replace(r#""a""#, r#""b""#));
    // A page that is served here learns where the relay is, unless its file says none.
    let silent = r#"{"model":"a"}"#;
    let told = r#"{"endpoint":"openai","model":"a"}"#;
    check_config(&with(silent, None).await.get("/config.json").await, told);
    let none = r#"{"endpoint":null,"model":"a"}"#;
    check_config(&with(none, None).await.get("/config.json").await, none);
    let broken = with("{ not json", None).await.get("/config.json").await;
    assert_eq!(broken.body, "{ not json");
}

#[tokio::test]
async fn every_answer_says_who_may_frame_it() {
    let listing = r#"{"endpoint":"openai","embed_origins":["https://shop.example"]}"#;
    for (config, expected) in [
        (None, "frame-ancestors 'self'"),
        (Some(listing), "frame-ancestors 'self' https://shop.example"),
    ] {
        let world = World::new("/openai", move |s| {
            if let Some(config) = config {
                let path = s.dist.join("../mine.json");
                std::fs::write(&path, config).unwrap();
                s.config_file = Some(path);
            }
        });
        let world = world.await;
        for path in ["/", "/config.json", "/icons/icon.svg", "/nothing.html"] {
            let reply = world.get(path).await;
            assert_eq!(reply.header("content-security-policy"), Some(expected), "{path}");
            assert_eq!(reply.header("referrer-policy"), Some("no-referrer"), "{path}");
            assert_eq!(reply.header("cross-origin-opener-policy"), Some("same-origin"), "{path}");
            let asked_for = reply.header("permissions-policy").unwrap_or_default();
            assert!(asked_for.contains("camera=()") && asked_for.contains("usb=()"), "{path}");
        }
    }
}
