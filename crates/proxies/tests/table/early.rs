//! A server that writes more than one answer, or something before its answer.

use pilotlight_proxy_tests::client::{self, Request};
use pilotlight_proxy_tests::front::{KINDS, Kind};
use pilotlight_proxy_tests::upstream::Upstream;

use crate::stage::{PAGE, Pair};

const EARLY: &str = "Set-Cookie: early=1\r\nLink: </x>;rel=preload\r\nRefresh: 0;url=/x\r\n\r\n";
const FINAL: &str = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nSet-Cookie: final=1\r\n\
                     Strict-Transport-Security: max-age=9\r\nContent-Length: 17\r\n\r\n\
                     <script></script>";

/// What comes before the answer, and whether it is passed on, or refused, by Caddy and the relay.
const BEFORE: &[(&str, bool)] = &[
    ("HTTP/1.1 100 Continue\r\n", true),
    ("HTTP/1.1 102 Processing\r\n", true),
    ("HTTP/1.1 103 Early Hints\r\n", true),
    ("HTTP/1.1 199 Other\r\n", true),
    ("HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: other\r\n", false),
    (" ", false),
];

/// nginx is the exception: it takes what comes first for the whole answer and passes on what follows
/// as it is, so that the server writes the second answer. docs/deploy.md and docs/security.md say so.
#[tokio::test(flavor = "multi_thread")]
async fn what_comes_before_an_answer_changes_nothing_but_with_nginx() {
    for (before, passes) in BEFORE {
        let early = if before.starts_with("HTTP") { EARLY } else { "" };
        for kind in KINDS {
            let upstream = Upstream::start_raw(format!("{before}{early}{FINAL}")).await.unwrap();
            let pair = Pair::before(kind, upstream, |s| s).await;
            let path = "/openai/api/view?model=m&filename=a.png";
            let request = Request::new("GET", path).with("origin", PAGE);
            let mut stream = client::connect(&pair.front.address).await.unwrap();
            client::write(&mut stream, request.head(&pair.front.address).as_bytes()).await;
            let bytes = client::read_all(&mut stream).await.unwrap();
            let text = String::from_utf8_lossy(&bytes).to_ascii_lowercase();
            let what = format!("{kind:?} {before:?}: {text}");
            let is_filtered = ["set-cookie", "refresh", "link", "strict-transport-security"]
                .iter()
                .all(|name| !text.contains(&format!("\r\n{name}: ")));
            assert_eq!(is_filtered, kind != Kind::Nginx, "{what}");
            if kind == Kind::Nginx {
                continue;
            }
            // Informational replies are passed on empty, or not at all.
            let mut rest = text.as_str();
            while let Some((_, next)) =
                rest.split_once("\r\n\r\n").filter(|_| rest.starts_with("http/1.1 1"))
            {
                rest = next;
            }
            let status = if *passes { 200 } else { 502 };
            assert!(rest.starts_with(&format!("http/1.1 {status} ")), "{what}");
            for line in [
                "content-security-policy: default-src 'none'; sandbox",
                "x-content-type-options: nosniff",
                "cache-control: no-store",
                &format!("access-control-allow-origin: {PAGE}"),
            ] {
                assert_eq!(rest.matches(&format!("\r\n{line}\r\n")).count(), 1, "{line}: {what}");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_early_reply_does_not_change_what_is_said_of_a_redirect() {
    for kind in [Kind::Caddy, Kind::Relay] {
        let moved = "HTTP/1.1 302 Found\r\nLocation: https://login.example/\r\n\
                     Content-Length: 0\r\n\r\n";
        let early = format!("HTTP/1.1 103 Early Hints\r\n{EARLY}{moved}");
        let pair = Pair::before(kind, Upstream::start_raw(early).await.unwrap(), |s| s).await;
        let path = "/openai/api/view?model=m&filename=a.png";
        let request = Request::new("GET", path).with("origin", PAGE);
        let mut stream = client::connect(&pair.front.address).await.unwrap();
        client::write(&mut stream, request.head(&pair.front.address).as_bytes()).await;
        let bytes = client::read_all(&mut stream).await.unwrap();
        let text = String::from_utf8_lossy(&bytes).to_ascii_lowercase();
        for line in [
            "http/1.1 502 bad gateway",
            "content-security-policy: default-src 'none'; sandbox",
            &format!("access-control-allow-origin: {PAGE}"),
        ] {
            assert!(text.contains(&format!("{line}\r\n")), "{line}: {kind:?}: {text}");
        }
    }
}
