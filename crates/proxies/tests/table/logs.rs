//! What stands in logs: no query, which names files and workflows.

use std::time::Duration;

use pilotlight_proxy_tests::client::{self, Request};
use pilotlight_proxy_tests::front::Kind;
use pilotlight_proxy_tests::ports;

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
    let (_taken, gone) = ports::where_nobody_listens().unwrap();
    for pair in pairs(|s| s.with("UPSTREAM_HOST", gone.clone())).await {
        ask(&pair).await;
        let (kind, words) = (pair.front.kind, pair.front.words());
        assert_eq!(words.contains("t0psecret"), kind == Kind::Nginx, "{kind:?}: {words}");
        assert_eq!(words.contains("/openai/api/view"), kind == Kind::Nginx, "{kind:?}: {words}");
    }
}

/// Whoever leaves in the middle of a body, or sends one that cannot be read, is answered in JSON
/// where an answer can still be read, and leaves nothing in a log.
#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_breaks_off_leaves_nothing_in_a_log() {
    const READ: &str = "GET /openai/api/view?model=m&filename=t0psecret.png";
    const WRITE: &str = "POST /openai/api/prompt?t0psecret";
    const SHORT: &str = "content-length: 500\r\n\r\nhello";
    const UNREADABLE: &str = "transfer-encoding: chunked\r\n\r\nzz\r\n";
    for pair in pairs(|s| s).await {
        let kind = pair.front.kind;
        for (begin, body, answered) in [
            (READ, SHORT, false),
            (WRITE, SHORT, false),
            (READ, UNREADABLE, true),
            (WRITE, UNREADABLE, true),
        ] {
            let head = format!(
                "{begin} HTTP/1.1\r\nhost: localhost\r\nx-pilotlight: 1\r\n\
                 x-auth-request-access-token: t0ken-of-login\r\nconnection: close\r\n{body}"
            );
            let mut stream = client::connect(&pair.front.address).await.unwrap();
            client::write(&mut stream, head.as_bytes()).await;
            if answered {
                let reply = client::read(&mut stream).await.unwrap();
                let what = format!("{kind:?} {begin} {body}: {} {}", reply.status, reply.text());
                // The own relay reads no body of a read, so that it may answer before.
                let is_read = kind == Kind::Relay && begin == READ && reply.status == 200;
                assert!(reply.status == 400 || is_read, "{what}");
                assert!(reply.sentence().is_some() || is_read, "{what}");
            }
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
        // While a reply comes.
        let large = Request::new("GET", "/openai/api/view?model=m&filename=large&t0psecret");
        let mut stream = client::connect(&pair.front.address).await.unwrap();
        client::write(&mut stream, large.head(&pair.front.address).as_bytes()).await;
        client::read_head(&mut stream).await.unwrap();
        pair.upstream.record.go_on.notify_one();
        drop(stream);
        tokio::time::sleep(Duration::from_secs(1)).await;
        let words = pair.front.words();
        // nginx has the first line of a request in its log of errors, see above.
        assert!(kind == Kind::Nginx || !words.contains("t0psecret"), "{kind:?}: {words}");
        assert!(!words.contains("t0ken-of-login"), "{kind:?}: {words}");
    }
}

async fn ask(pair: &Pair) {
    for path in PATHS {
        let referer = "https://page.example/?t0psecret";
        pair.send(&Request::new("GET", path).with("referer", referer)).await;
    }
}
