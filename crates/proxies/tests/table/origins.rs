//! Who may ask: pages of other sites, pages that are listed, browsers that ask first.

use pilotlight_proxy_tests::client::Request;
use pilotlight_proxy_tests::front::{Front, Kind};
use pilotlight_proxy_tests::upstream::Upstream;

use crate::stage::{self, PAGE, Pair, pairs};

#[tokio::test(flavor = "multi_thread")]
async fn pages_of_other_sites_are_refused() {
    let cases: &[(&[(&str, &str)], bool)] = &[
        // An image of any site, over plain http on a network address.
        (&[], true),
        (&[("x-pilotlight", "")], true),
        (&[("x-pilotlight", "1")], false),
        (&[("x-pilotlight", "1"), ("sec-fetch-site", "cross-site")], true),
        (&[("x-pilotlight", "1"), ("origin", "https://other.example")], true),
        (&[("sec-fetch-site", "same-origin"), ("origin", "https://x.example")], false),
        (&[("sec-fetch-site", "none")], false),
        (&[("sec-fetch-site", "same-site")], true),
        (&[("sec-fetch-site", "cross-site")], true),
        (&[("origin", "http://h.example:1"), ("host", "h.example:1")], false),
        (&[("origin", "https://h.example:1"), ("host", "h.example:1")], false),
        (&[("origin", "http://h.example:2"), ("host", "h.example:1")], true),
        (&[("origin", "http://h.example:1.evil"), ("host", "h.example:1")], true),
        (&[("origin", "null"), ("host", "h.example:1")], true),
        (&[("origin", "https://page.example.evil")], true),
        (&[("origin", "http://page.example")], true),
        (&[("origin", "https://first.example https://page.example")], true),
        (&[("origin", PAGE), ("sec-fetch-site", "cross-site")], false),
        (&[("origin", PAGE)], false),
    ];
    for pair in pairs(|s| s).await {
        for (headers, is_foreign) in cases {
            for method in ["GET", "POST"] {
                let mut request =
                    Request::new(method, "/openai/api/queue?model=m").not_from_script();
                request.headers = headers.to_vec();
                let (reply, seen) = pair.ask(&request).await;
                let what = format!("{:?} {method} {headers:?}: {}", pair.front.kind, reply.text());
                assert_eq!(reply.status, if *is_foreign { 403 } else { 200 }, "{what}");
                assert_eq!(reply.sentence().is_some(), *is_foreign, "{what}");
                assert_eq!(seen.is_none(), *is_foreign, "{what}");
                if *is_foreign {
                    assert_eq!(reply.header("access-control-allow-origin"), None, "{what}");
                }
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_listed_page_can_read_every_status() {
    for pair in pairs(|s| s).await {
        for (method, path, status) in [
            ("GET", "/openai/api/queue?model=m", 200),
            ("POST", "/openai/api/prompt", 200),
            ("GET", "/openai/api/view?filename=status-404", 404),
            ("GET", "/openai/api/view?filename=status-429", 429),
            ("GET", "/openai/api/view?filename=status-500", 500),
            ("GET", "/openai/api/view?filename=status-502", 502),
            ("GET", "/openai/api/view?filename=status-503", 503),
            ("GET", "/openai/api/view?filename=status-504", 504),
            ("GET", "/openai/api/queue?model=%61", 400),
            ("GET", "/openai/api/history/a%20b", 400),
            ("GET", "/openai/api/free", 404),
            ("PUT", "/openai/api/queue", 405),
            ("OPTIONS", "/openai/api/free", 404),
            ("OPTIONS", "/openai/api/queue", 204),
        ] {
            readable(&pair, Request::new(method, path), status).await;
        }
    }
}

async fn readable(pair: &Pair, request: Request<'_>, status: u16) {
    let request = request.with("origin", PAGE).with("sec-fetch-site", "cross-site");
    let reply = pair.send(&request).await;
    let what =
        format!("{:?} {} {}: {}", pair.front.kind, request.method, request.path, reply.text());
    assert_eq!(reply.status, status, "{what}");
    assert_eq!(reply.header("access-control-allow-origin"), Some(PAGE), "{what}");
    assert_eq!(reply.header("access-control-allow-credentials"), None, "{what}");
    let exposed = reply.header("access-control-expose-headers").unwrap_or_default();
    let exposed = exposed.to_ascii_lowercase();
    assert_eq!(exposed, "x-pilotlight-relay, retry-after, last-modified", "{what}");
    let vary = reply.header("vary").unwrap_or_default().to_ascii_lowercase();
    assert!(vary.contains("origin"), "{what}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_that_asks_first_is_answered_here() {
    for pair in pairs(|s| s).await {
        let kind = pair.front.kind;
        for (path, methods) in [
            ("/openai/api/queue", "GET, POST"),
            ("/openai/api/prompt", "POST"),
            ("/openai/api/view?model=m", "GET"),
        ] {
            let asks = Request::new("OPTIONS", path)
                .with("origin", PAGE)
                .with("access-control-request-method", "POST")
                .with("access-control-request-headers", "content-type,x-pilotlight");
            let (reply, seen) = pair.ask(&asks).await;
            assert_eq!((reply.status, seen.is_none()), (204, true), "{kind:?} {path}");
            assert_eq!(reply.header("access-control-allow-methods"), Some(methods), "{kind:?}");
            let allowed = reply.header("access-control-allow-headers").unwrap_or_default();
            assert_eq!(
                allowed.to_ascii_lowercase(),
                "content-type, x-pilotlight",
                "{kind:?} {path}"
            );
            assert_eq!(reply.header("access-control-max-age"), Some("7200"), "{kind:?} {path}");
            assert_eq!(reply.header("x-pilotlight-relay"), Some("1"), "{kind:?} {path}");

            let stranger = Request::new("OPTIONS", path).with("origin", "https://other.example");
            let (reply, seen) = pair.ask(&stranger).await;
            assert_eq!((reply.status, seen.is_none()), (405, true), "{kind:?} {path}");
            assert_eq!(reply.header("access-control-allow-origin"), None, "{kind:?} {path}");
            assert_eq!(reply.header("access-control-allow-methods"), None, "{kind:?} {path}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_list_nobody_is_on_it() {
    for pair in pairs(|s| s.with("ALLOW_ORIGINS", "")).await {
        for origin in [PAGE, "null", "", "*"] {
            let asks = Request::new("GET", "/openai/api/queue?model=m")
                .with("origin", origin)
                .with("sec-fetch-site", "cross-site");
            let (reply, seen) = pair.ask(&asks).await;
            let what = format!("{:?} {origin:?}", pair.front.kind);
            assert_eq!((reply.status, seen.is_none()), (403, true), "{what}");
            assert_eq!(reply.header("access-control-allow-origin"), None, "{what}");
        }
    }
}

/// No browser calls a site so, and one that lists it by mistake lets nobody in.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_origin_is_never_listed() {
    const ODD: [&str; 6] =
        ["https://", "https://:8080", "https://.", "https:", "https://*", "https://page.example/"];
    for kind in [Kind::Nginx, Kind::Caddy] {
        let pair = Pair::new(kind, |s| s.with("ALLOW_ORIGINS", ODD.join(" "))).await;
        for origin in ODD {
            let asks = Request::new("GET", "/openai/api/queue?model=m").with("origin", origin);
            let (reply, seen) = pair.ask(&asks).await;
            let what = format!("{kind:?} {origin}: {}", reply.text());
            assert_eq!((reply.status, seen.is_none()), (403, true), "{what}");
            assert_eq!(reply.header("access-control-allow-origin"), None, "{what}");
        }
        for origin in ODD {
            let embeds = format!("https://blog.example {origin}");
            let pair = Pair::new(kind, |s| s.with("EMBED_ORIGINS", embeds.clone())).await;
            let reply = pair.send(&Request::new("GET", "/")).await;
            let policy = reply.header("content-security-policy").map(str::trim);
            assert_eq!(policy, Some("frame-ancestors 'self'"), "{kind:?} {origin}");
        }
    }
    // The project's own relay says so when it starts.
    for origin in ODD {
        let upstream = Upstream::start().await.unwrap();
        let page = stage::page();
        let settings = stage::settings(&upstream.host, page.path()).with("ALLOW_ORIGINS", origin);
        let why = Front::start(Kind::Relay, &settings).await.map(drop).unwrap_err();
        assert!(why.contains("is not an origin"), "{origin}: {why}");
    }
}
