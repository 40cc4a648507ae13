//! Under which names the relays answer.

use pilotlight_proxy_tests::client::{self, Request};
use pilotlight_proxy_tests::front::Kind;

use crate::stage::{PAGE, Pair, pairs};

const ANSWERED: &[&str] = &[
    "localhost",
    "LocalHost:8080",
    "page.localhost",
    "127.0.0.1:1",
    "127.9.9.9",
    "192.0.2.7",
    "[::1]:8080",
    "[2001:db8::7]",
    "h.example",
    "H.Example:8443",
    "h.example.",
    "pilotlight.example",
];

const REFUSED: &[&str] = &[
    "rebind.test",
    "rebind.test:8080",
    "www.h.example",
    "h.example.rebind.test",
    "xh.example",
    "localhost.rebind.test",
    "notlocalhost",
    "127.0.0.1.rebind.test",
    "example",
    "0x7f.0.0.1.test",
];

#[tokio::test(flavor = "multi_thread")]
async fn only_known_names_are_answered() {
    for pair in pairs(|s| s).await {
        let kind = pair.front.kind;
        for path in ["/", "/config.json", "/openai/api/queue?model=m"] {
            for host in ANSWERED {
                let reply = pair.send(&Request::new("GET", path).with("host", host)).await;
                assert_eq!(reply.status, 200, "{kind:?} {host} {path}: {}", reply.text());
            }
            for host in REFUSED {
                for method in ["GET", "POST", "OPTIONS"] {
                    // As a page of that name would send it, and with what a proxy might add.
                    let origin = format!("http://{host}");
                    let request = Request::new(method, path)
                        .with("host", host)
                        .with("origin", &origin)
                        .with("sec-fetch-site", "same-origin")
                        .with("x-forwarded-host", "localhost");
                    let (reply, seen) = pair.ask(&request).await;
                    let what = format!("{kind:?} {method} {host} {path}: {}", reply.text());
                    assert_eq!(reply.status, 421, "{what}");
                    assert!(seen.is_none(), "{what}");
                    let sentence = reply.sentence().unwrap_or_default();
                    let name = host.split(':').next().unwrap();
                    assert!(sentence.contains(name), "{what}");
                    let remedy = match kind {
                        Kind::Relay => format!("--host {name}"),
                        Kind::Nginx | Kind::Caddy => "PILOTLIGHT_HOSTS".to_owned(),
                    };
                    assert!(sentence.contains(&remedy), "{what}");
                }
            }
        }
    }
}

/// So that the test of the connection can say what is wrong.
#[tokio::test(flavor = "multi_thread")]
async fn a_listed_page_can_read_that_the_name_is_unknown() {
    for pair in pairs(|s| s).await {
        for origin in [PAGE, "https://other.example"] {
            let request = Request::new("GET", "/openai/api/queue?model=m");
            let request = request.with("host", "relay.example").with("origin", origin);
            let reply = pair.send(&request).await;
            assert_eq!(reply.status, 421, "{:?}", pair.front.kind);
            let readable = reply.header("access-control-allow-origin");
            assert_eq!(readable, (origin == PAGE).then_some(PAGE), "{:?}", pair.front.kind);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_list_only_loopback_and_addresses_are_answered() {
    for pair in pairs(|s| s.with("HOSTS", "")).await {
        for (host, status) in [("localhost", 200), ("192.0.2.7:80", 200), ("h.example", 421)] {
            let reply = pair.send(&Request::new("GET", "/").with("host", host)).await;
            assert_eq!(reply.status, status, "{:?} {host}", pair.front.kind);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn commas_may_stand_between_names() {
    for pair in pairs(|s| s.with("HOSTS", "a.example,b.example, c.example")).await {
        for (host, status) in
            [("a.example", 200), ("b.example", 200), ("c.example", 200), ("example", 421)]
        {
            let reply = pair.send(&Request::new("GET", "/").with("host", host)).await;
            assert_eq!(reply.status, status, "{:?} {host}", pair.front.kind);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_without_one_plain_name_is_refused() {
    let rest = "x-pilotlight: 1\r\nconnection: close\r\n\r\n";
    for pair in pairs(|s| s).await {
        for head in [
            "GET /openai/api/queue?model=m HTTP/1.0\r\n",
            "GET /openai/api/queue?model=m HTTP/1.1\r\n",
            "GET /openai/api/queue?model=m HTTP/1.1\r\nhost: \r\n",
            "GET /openai/api/queue?model=m HTTP/1.1\r\nhost: localhost\r\nhost: localhost\r\n",
            "GET /openai/api/queue?model=m HTTP/1.1\r\nhost: localhost\r\nhost: rebind.test\r\n",
            "GET /openai/api/queue?model=m HTTP/1.1\r\nhost: rebind.test\r\nhost: localhost\r\n",
            "GET /openai/api/queue?model=m HTTP/1.1\r\nhost: localhost, rebind.test\r\n",
            "GET /openai/api/queue?model=m HTTP/1.1\r\nhost: localhost:80:80\r\n",
            "GET /openai/api/queue?model=m HTTP/1.1\r\nhost: rebind.test/localhost\r\n",
            // A target that names its host, as to a proxy.
            "GET http://rebind.test/openai/api/queue?model=m HTTP/1.1\r\nhost: localhost\r\n",
        ] {
            refused(&pair, &format!("{head}{rest}")).await;
        }
        for path in ["/openai/api/queue?model=m", "/", "/config.json"] {
            let head = format!("GET http://localhost{path} HTTP/1.1\r\nhost: rebind.test\r\n");
            refused(&pair, &format!("{head}{rest}")).await;
        }
        // Caddy cannot tell that both are the same.
        let head = "GET http://localhost/openai/api/queue?model=m HTTP/1.1\r\nhost: localhost\r\n";
        let mut stream = client::connect(&pair.front.address).await.unwrap();
        client::write(&mut stream, format!("{head}{rest}").as_bytes()).await;
        let reply = client::read(&mut stream).await.unwrap();
        let is_refused = pair.front.kind == Kind::Caddy;
        let status = if is_refused { 400 } else { 200 };
        assert_eq!(reply.status, status, "{:?} {head:?}: {}", pair.front.kind, reply.text());
        assert_eq!(reply.sentence().is_some(), is_refused, "{:?} {head:?}", pair.front.kind);
    }
}

async fn refused(pair: &Pair, request: &str) {
    pair.upstream.take_seen();
    let mut stream = client::connect(&pair.front.address).await.unwrap();
    client::write(&mut stream, request.as_bytes()).await;
    let reply = client::read(&mut stream).await.unwrap();
    let what = format!("{:?} {request:?}: {} {}", pair.front.kind, reply.status, reply.text());
    assert!([400, 421].contains(&reply.status), "{what}");
    assert!(pair.upstream.take_seen().is_empty(), "{what}");
}
