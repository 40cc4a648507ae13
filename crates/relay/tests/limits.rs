//! Size, time and broken connections: what the relay holds, streams, refuses and drops.
#![allow(clippy::unwrap_used, reason = "a test ends at the first surprise")]

mod support;

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::body::{Body, Bytes};
use axum::http::{Method, StatusCode};
use http_body_util::BodyExt;
use rustls::pki_types::CertificateDer;
use support::World;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::time::timeout;

const MIB: usize = 1024 * 1024;

#[tokio::test]
async fn a_body_may_have_128_mib_and_not_more() {
    let world = World::kubeai().await;
    let path = "/openai/api/upload/image";
    let piece = Bytes::from(vec![7; MIB]);
    let reply = world.post(path, support::pieces(piece.clone(), 128)).await;
    assert_eq!(reply.status, StatusCode::OK);
    assert_eq!(world.last_seen().body.len(), 128 * MIB);

    let reply = world.post(path, support::pieces(piece, 129)).await;
    assert_eq!(reply.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(reply.trouble(), "the request is larger than 128 MiB");
    let count = world.seen().len();
    assert_eq!(count, 1, "a body that was cut short was taken for a whole one");
}

#[tokio::test]
async fn a_body_that_says_it_is_too_large_is_refused_before_it_comes() {
    let world = World::kubeai().await;
    let length = 128 * MIB + 1;
    let head = format!(
        "POST /openai/api/upload/image HTTP/1.1\r\nHost: localhost\r\nX-Pilotlight: 1\r\n\
         Content-Length: {length}\r\n\r\n"
    );
    let mut stream = TcpStream::connect(world.relay).await.unwrap();
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut answer = vec![0; 4096];
    let read = timeout(Duration::from_secs(5), stream.read(&mut answer)).await.unwrap().unwrap();
    let answer = String::from_utf8_lossy(&answer[..read]).into_owned();
    assert!(answer.starts_with("HTTP/1.1 413"), "{answer}");
    // A browser goes on sending before it reads; it must not meet a reset.
    for _ in 0..32 {
        stream.write_all(&vec![0; MIB]).await.unwrap();
    }
    assert!(world.seen().is_empty());
}

#[tokio::test]
async fn a_body_that_cannot_be_read_is_no_fault_of_the_server() {
    let world = World::kubeai().await;
    let head = "POST /openai/api/prompt HTTP/1.1\r\nHost: localhost\r\nX-Pilotlight: 1\r\n\
                Transfer-Encoding: chunked\r\n\r\n";
    for body in ["zz\r\n", "3\r\nabc\r\n-1\r\n"] {
        let answer = world.raw(&format!("{head}{body}")).await;
        assert!(answer.starts_with("HTTP/1.1 400"), "{body:?}: {answer}");
        assert!(answer.contains("the body of the request cannot be read"), "{body:?}: {answer}");
    }
    assert!(world.seen().is_empty());
}

#[tokio::test]
async fn a_picture_is_seen_before_it_has_ended() {
    let world = World::kubeai().await;
    let path = "/openai/api/view?filename=halves&model=m";
    let mut body = world.open(Method::GET, path, &[], Body::empty()).await.into_body();
    let mut first = 0;
    while first < 300_000 {
        let frame = timeout(Duration::from_secs(5), body.frame()).await.unwrap();
        first += frame.unwrap().unwrap().into_data().unwrap().len();
    }
    world.record.go_on.notify_one();
    let rest = body.collect().await.unwrap().to_bytes();
    assert_eq!((first, rest.len()), (300_000, 300_000));
    assert!(rest.iter().all(|byte| *byte == 2));
}

#[tokio::test]
async fn an_answer_is_waited_for() {
    let world = World::kubeai().await;
    let started = Instant::now();
    let reply = world.get("/openai/api/pilotlight/wait/slow?model=m").await;
    assert_eq!((reply.status, &reply.body[..]), (StatusCode::OK, &b"from the server"[..]));
    assert!(started.elapsed() >= Duration::from_secs(3));
}

#[tokio::test]
async fn a_browser_that_leaves_takes_its_request_along() {
    for request in [
        "GET /openai/api/pilotlight/wait/forever?model=m HTTP/1.1\r\nHost: localhost\r\n\
         X-Pilotlight: 1\r\n\r\n",
        "POST /openai/api/pilotlight/wait/forever HTTP/1.1\r\nHost: localhost\r\n\
         X-Pilotlight: 1\r\nContent-Length: 2\r\n\r\n{}",
    ] {
        let world = World::kubeai().await;
        let mut stream = TcpStream::connect(world.relay).await.unwrap();
        stream.write_all(request.as_bytes()).await.unwrap();
        timeout(Duration::from_secs(5), world.record.arrived.notified()).await.unwrap();
        drop(stream);
        timeout(Duration::from_secs(5), world.record.left.notified())
            .await
            .expect("the server saw the browser leave");
    }
}

/// What the relay says of a server that is not there or not in order.
async fn check_trouble(upstream: &str, expected: &str) {
    let world = World::new("/openai", |s| s.upstream = upstream.parse().unwrap()).await;
    let reply = world.get("/openai/api/system_stats?model=m").await;
    assert_eq!(reply.status, StatusCode::BAD_GATEWAY, "{upstream}");
    let sentence = reply.trouble();
    assert!(sentence.starts_with(expected), "{upstream}: {sentence}");
    assert_eq!(reply.header("cache-control"), Some("no-store"));
}

#[tokio::test]
async fn a_server_out_of_order_is_named() {
    // Taken, so that nobody else gets it; but nobody listens.
    let closed = TcpSocket::new_v4().unwrap();
    closed.bind(SocketAddr::from((Ipv4Addr::LOCALHOST, 0))).unwrap();
    let address = closed.local_addr().unwrap();
    check_trouble(
        &format!("http://{address}/openai"),
        &format!("the relay cannot reach {address}: tcp connect error: Connection refused"),
    )
    .await;
    check_trouble(
        "http://nowhere.invalid/openai",
        "the relay cannot reach nowhere.invalid: dns error",
    )
    .await;

    let mute = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = mute.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = mute.accept().await {
            let _ = stream.read(&mut [0; 64]).await;
        }
    });
    check_trouble(
        &format!("http://{address}/openai"),
        &format!("{address} ended the connection before it answered: "),
    )
    .await;
    let plain = World::kubeai().await.upstream;
    check_trouble(
        &format!("https://{plain}/openai"),
        &format!("no encrypted connection to {plain} came about: "),
    )
    .await;
}

#[tokio::test]
async fn a_certificate_is_judged_and_can_be_trusted() {
    let (address, certificate) = tls_server().await;
    let upstream = format!("https://{address}/openai");
    check_trouble(&upstream, &format!("the certificate of {address} is not trusted: ")).await;

    let trusting = World::new("/openai", |s| {
        s.upstream = upstream.parse().unwrap();
        s.extra_roots.push(certificate);
    })
    .await;
    let reply = trusting.get("/openai/api/system_stats?model=m").await;
    assert_eq!((reply.status, &reply.body[..]), (StatusCode::OK, &b"{}"[..]));
}

/// Answers `{}` to everything, over TLS with a certificate of its own making.
async fn tls_server() -> (std::net::SocketAddr, CertificateDer<'static>) {
    let made = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).unwrap();
    let certificate = made.cert.der().clone();
    let key = rustls::pki_types::PrivateKeyDer::try_from(made.signing_key.serialize_der()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.clone()], key)
        .unwrap();
    let acceptor = tokio_rustls::TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let Ok(mut stream) = acceptor.accept(stream).await else {
                continue;
            };
            let _ = stream.read(&mut [0; 4096]).await;
            let answer = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}";
            let _ = stream.write_all(answer).await;
            let _ = stream.shutdown().await;
        }
    });
    (address, certificate)
}
