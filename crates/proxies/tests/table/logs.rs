//! What stands in logs: no query, which names files and workflows.

use std::net::TcpListener;

use pilotlight_proxy_tests::client::Request;
use pilotlight_proxy_tests::front::Kind;

use crate::stage::{Pair, pairs};

const PATHS: &[&str] = &[
    "/?workflow=https://files.example/t0psecret.json",
    "/nothing?t0psecret",
    "/openai/api/view?model=m&filename=t0psecret.png",
    "/openai/api/view?model=m&filename=status-500&subfolder=t0psecret",
    "/openai/api/free?t0psecret",
];

#[tokio::test(flavor = "multi_thread")]
async fn no_log_of_requests_is_kept_unless_asked_for() {
    for pair in pairs(|s| s).await {
        ask(&pair).await;
        // The pretended main configuration of nginx logs whole requests.
        assert_eq!(pair.front.access_log(), "", "{:?}", pair.front.kind);
        assert!(!pair.front.words().contains("t0psecret"), "{}", pair.front.words());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_log_of_nginx_has_no_queries() {
    let pair = Pair::new(Kind::Nginx, |s| s.with("ACCESS_LOG", "access.log pilotlight")).await;
    ask(&pair).await;
    let log = pair.front.access_log();
    assert_eq!(log.lines().count(), PATHS.len(), "{log}");
    assert!(log.contains("\"GET /openai/api/view\" 200"), "{log}");
    assert!(!log.contains("t0psecret"), "{log}");
}

/// nginx writes the whole request of what went wrong at the server, and cannot be told not to;
/// docs/deploy.md says so.
#[tokio::test(flavor = "multi_thread")]
async fn only_nginx_logs_what_went_wrong() {
    let gone = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
    for pair in pairs(|s| s.with("UPSTREAM_HOST", gone.clone())).await {
        ask(&pair).await;
        let (kind, words) = (pair.front.kind, pair.front.words());
        assert_eq!(words.contains("t0psecret"), kind == Kind::Nginx, "{kind:?}: {words}");
        assert_eq!(words.contains("/openai/api/view"), kind == Kind::Nginx, "{kind:?}: {words}");
    }
}

async fn ask(pair: &Pair) {
    for path in PATHS {
        let referer = "https://page.example/?t0psecret";
        pair.send(&Request::new("GET", path).with("referer", referer)).await;
    }
}
