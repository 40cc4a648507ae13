//! What crosses with a request and its reply, and what is said when there is none.

use pilotlight_proxy_tests::client::{self, Reply, Request};
use pilotlight_proxy_tests::front::{KINDS, Kind};
use pilotlight_proxy_tests::ports;
use pilotlight_proxy_tests::upstream::{NOT_DOWN, Upstream};

use crate::stage::{PAGE, Pair, pairs};

const TOKEN: &str = "t0ken-abc._~+/=";

#[track_caller]
fn guarded(reply: &Reply, what: &str) {
    assert_eq!(reply.header("cache-control"), Some("no-store"), "{what}");
    assert_eq!(reply.header("x-content-type-options"), Some("nosniff"), "{what}");
    let policy = reply.header("content-security-policy");
    assert_eq!(policy, Some("default-src 'none'; sandbox"), "{what}");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_reply_of_the_server_comes_as_it_is() {
    for pair in pairs(|s| s).await {
        for status in [200, 201, 400, 401, 404, 413, 416, 429, 500, 501, 502, 503, 504] {
            let path = format!("/openai/api/view?model=m&filename=status-{status}");
            let (reply, seen) = pair.ask(&Request::new("GET", &path)).await;
            let what = format!("{:?} {status}: {:?}", pair.front.kind, reply.headers);
            assert_eq!(reply.status, status, "{what}");
            assert!(reply.text().starts_with("{\"length\":"), "{what}: {}", reply.text());
            assert!(seen.is_some(), "{what}");
            guarded(&reply, &what);
            assert_eq!(reply.header("content-type"), Some("text/plain"), "{what}");
            assert_eq!(reply.header("retry-after"), Some("7"), "{what}");
            assert_eq!(reply.header("etag"), Some("\"abc\""), "{what}");
            assert_eq!(reply.header("x-proxy"), Some("lingo"), "{what}");
            assert_eq!(reply.header("content-disposition"), Some("inline"), "{what}");
            let modified = reply.header("last-modified");
            assert_eq!(modified, Some("Sun, 22 Nov 2026 08:26:54 GMT"), "{what}");
            for name in NOT_DOWN {
                assert_eq!(reply.header(name), None, "{name}: {what}");
            }
            // Without modules nginx can only leave out what it knows by name.
            let unheard_of = (pair.front.kind == Kind::Nginx).then_some("1");
            assert_eq!(reply.header("x-unheard-of"), unheard_of, "{what}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_redirect_leads_nowhere() {
    for pair in pairs(|s| s).await {
        let path = "/openai/api/view?model=m&filename=moved";
        let (reply, _) = pair.ask(&Request::new("GET", path)).await;
        let kind = pair.front.kind;
        assert_eq!(reply.header("location"), None, "{kind:?}");
        assert_eq!(reply.header("refresh"), None, "{kind:?}");
        // nginx cannot write another answer without losing the server's own 502; it takes the way.
        let status = if kind == Kind::Nginx { 302 } else { 502 };
        assert_eq!(reply.status, status, "{kind:?}");
        let sentence = reply.sentence().unwrap_or_default();
        assert_eq!(sentence.contains("redirect"), kind != Kind::Nginx, "{kind:?}: {sentence}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_of_who_browses_goes_up() {
    const PRIVATE: &[(&str, &str)] = &[
        ("cookie", "session=1"),
        ("referer", "https://page.example/secret"),
        ("origin", PAGE),
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-mode", "cors"),
        ("sec-fetch-dest", "empty"),
        ("authorization", "Basic browser"),
        ("proxy-authorization", "Basic browser"),
        ("x-forwarded-for", "192.0.2.1"),
        ("x-forwarded-host", "page.example"),
        ("x-forwarded-proto", "https"),
        ("x-real-ip", "192.0.2.1"),
        ("forwarded", "for=192.0.2.1"),
        ("via", "1.1 gateway"),
        ("te", "trailers"),
        ("upgrade", "websocket"),
        ("user-agent", "Mozilla/5.0"),
        ("accept-language", "zh-CN"),
        ("dnt", "1"),
        ("true-client-ip", "192.0.2.1"),
        ("cf-connecting-ip", "192.0.2.1"),
        ("cf-access-jwt-assertion", "who"),
        ("cf-access-authenticated-user-email", "who"),
        ("remote-user", "who"),
        ("x-remote-user", "who"),
        ("x-auth-request-email", "who"),
        ("x-auth-request-access-token", "who"),
        ("x-authenticated-user", "who"),
        ("x-amzn-oidc-data", "who"),
        ("x-amzn-oidc-accesstoken", "who"),
        ("x-goog-authenticated-user-email", "who"),
        ("x-ms-client-principal", "who"),
        ("x-client-cert", "who"),
        ("x-unheard-of", "who"),
    ];
    /// All that goes up, and what the relay puts there itself.
    const UP: &[&str] = &[
        "accept",
        "accept-encoding",
        "connection",
        "content-length",
        "content-type",
        "host",
        "if-modified-since",
        "if-none-match",
        "if-range",
        "range",
        "x-pilotlight",
    ];
    for pair in pairs(|s| s).await {
        for method in ["GET", "POST"] {
            let mut request = Request::new(method, "/openai/api/queue?model=m")
                .with("range", "bytes=0-3")
                .with("if-none-match", "\"abc\"")
                .with("accept", "image/webp, {env.HOME}");
            request.headers.extend(PRIVATE);
            let (reply, seen) = pair.ask(&request).await;
            let what = format!("{:?} {method}", pair.front.kind);
            assert_eq!(reply.status, 200, "{what}: {}", reply.text());
            let headers = seen.unwrap().headers;
            for (name, _) in PRIVATE {
                assert_eq!(headers.get(*name), None, "{what}");
            }
            assert_eq!(headers["host"], pair.upstream.host, "{what}");
            assert_eq!(headers["range"], "bytes=0-3", "{what}");
            assert_eq!(headers["if-none-match"], "\"abc\"", "{what}");
            // What Caddy would take for the name of a value of its own arrives as it was written.
            assert_eq!(headers["accept"], "image/webp, {env.HOME}", "{what}");
            assert_eq!(headers["x-pilotlight"], "1", "{what}");
            for (name, value) in &headers {
                let is_known = UP.contains(&name.as_str()) && !value.is_empty();
                assert!(is_known, "{what}: {name}: {value}");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_token_goes_up_and_never_comes_down() {
    for pair in pairs(|s| s.with("TOKEN", TOKEN)).await {
        for (method, path) in [
            ("GET", "/openai/api/queue?model=m"),
            ("POST", "/openai/api/prompt"),
            ("POST", "/openai/api/upload/image"),
        ] {
            let request = Request::new(method, path).with("authorization", "Basic browser");
            let (reply, seen) = pair.ask(&request).await;
            let what = format!("{:?} {method} {path}", pair.front.kind);
            assert_eq!(seen.unwrap().headers["authorization"], format!("Bearer {TOKEN}"), "{what}");
            hidden(&reply, &what);
        }
        for path in
            ["/openai/api/free", "/openai/api/queue?model=%22", "/", "/nothing", "/config.json"]
        {
            hidden(&pair.send(&Request::new("GET", path)).await, path);
        }
    }
}

fn hidden(reply: &Reply, what: &str) {
    let everything = format!("{:?} {}", reply.headers, reply.text());
    assert!(!everything.contains("t0ken"), "{what}: {everything}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_not_there_is_named() {
    let (_taken, gone) = ports::where_nobody_listens().unwrap();
    for pair in pairs(|s| s.with("UPSTREAM_HOST", gone.clone())).await {
        for method in ["GET", "POST"] {
            let path = "/openai/api/queue?model=m";
            let reply = pair.send(&Request::new(method, path).with("origin", PAGE)).await;
            let what = format!("{:?} {method}: {}", pair.front.kind, reply.text());
            assert_eq!(reply.status, 502, "{what}");
            let sentence = reply.sentence().unwrap_or_default();
            assert!(sentence.contains("cannot reach") && sentence.contains(&gone), "{what}");
            assert_eq!(reply.header("access-control-allow-origin"), Some(PAGE), "{what}");
            guarded(&reply, &what);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_is_checked_and_named() {
    for kind in KINDS {
        for (name, is_trusted, passes) in
            [("localhost", true, true), ("localhost", false, false), ("other.example", true, false)]
        {
            let upstream = Upstream::start_tls(name).await.unwrap();
            let folder = tempfile::tempdir().unwrap();
            let file = folder.path().join("ca.pem");
            std::fs::write(&file, upstream.certificate.clone().unwrap()).unwrap();
            let pair = Pair::before(kind, upstream, |settings| {
                let settings = settings.with("UPSTREAM_SCHEME", "https").with("TOKEN", TOKEN);
                if is_trusted { settings.with("CA", file.display().to_string()) } else { settings }
            });
            let pair = pair.await;
            let path = "/openai/api/queue?model=m";
            let (reply, seen) = pair.ask(&Request::new("GET", path).with("origin", PAGE)).await;
            let what = format!("{kind:?} {name} {is_trusted}: {}", reply.text());
            assert_eq!(reply.status, if passes { 200 } else { 502 }, "{what}");
            assert_eq!(seen.is_some(), passes, "{what}");
            let sentence = reply.sentence().unwrap_or_default();
            assert_eq!(sentence.contains("certificate"), !passes, "{what}");
            assert_eq!(reply.header("access-control-allow-origin"), Some(PAGE), "{what}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nginx_asks_for_a_pause() {
    let pair = Pair::new(Kind::Nginx, |s| s.with("RATE", "1r/s")).await;
    let ask = Request::new("GET", "/openai/api/queue?model=m").with("origin", PAGE);
    let mut refused = None;
    for _ in 0..300 {
        let reply = pair.send(&ask).await;
        if reply.status != 200 {
            refused = Some(reply);
            break;
        }
    }
    let reply = refused.expect("300 requests at once were let through at one a second");
    assert_eq!(reply.status, 429);
    assert!(reply.sentence().unwrap().contains("pause"), "{}", reply.text());
    assert_eq!(reply.header("retry-after"), Some("1"));
    assert_eq!(reply.header("access-control-allow-origin"), Some(PAGE));
    guarded(&reply, "429");
    assert!(pair.upstream.seen().len() > 200, "less than the 200 that may come at once");
    // Files are not counted, and neither is somebody else behind the same load balancer.
    assert_eq!(pair.send(&Request::new("GET", "/")).await.status, 200);
    let other = ask.clone().with("x-forwarded-for", "203.0.113.7");
    assert_eq!(pair.send(&other).await.status, 200);
    assert_eq!(pair.send(&ask).await.status, 429);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_nginx_cannot_read_it_refuses_in_json() {
    let pair = Pair::new(Kind::Nginx, |s| s).await;
    let long = format!("/openai/api/view?filename={}", "x".repeat(40_000));
    for (request, status) in [
        ("GET /openai/api/history/%00 HTTP/1.1\r\nhost: localhost\r\n\r\n".to_owned(), 400),
        ("GET /openai/api/queue HTTP/1.1\r\n\r\n".to_owned(), 400),
        ("GET /../x HTTP/1.1\r\nhost: localhost\r\n\r\n".to_owned(), 400),
        ("NONSENSE\r\n\r\n".to_owned(), 400),
        (
            format!(
                "GET /openai/api/queue HTTP/1.1\r\nhost: localhost\r\na: {}\r\n\r\n",
                "x".repeat(40_000)
            ),
            400,
        ),
        (format!("GET {long} HTTP/1.1\r\nhost: localhost\r\n\r\n"), 414),
    ] {
        let mut stream = client::connect(&pair.front.address).await.unwrap();
        client::write(&mut stream, request.as_bytes()).await;
        let reply = client::read(&mut stream).await.unwrap();
        let what = &request[..60.min(request.len())];
        assert_eq!(reply.status, status, "{what}");
        assert!(reply.sentence().is_some(), "{what}: {:?} {}", reply.headers, reply.text());
    }
}
