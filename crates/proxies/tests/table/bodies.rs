//! Large bodies and long waits: streamed, held, ended.

use std::time::{Duration, Instant};

use pilotlight_proxy_tests::client::{self, Request};
use pilotlight_proxy_tests::front::KINDS;
use pilotlight_proxy_tests::upstream::{EVENTS, HOLD, PICTURE_BYTES, sum};
use tokio::io::AsyncReadExt;
use tokio::time::timeout;

use crate::stage::{PAGE, Pair, pairs};

const MIB: usize = 1024 * 1024;
/// How long anything that should happen at once may take on a busy machine.
const SOON: Duration = Duration::from_secs(60);

/// Bytes that a transcoding or a cut would change.
fn noise(length: usize) -> Vec<u8> {
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let next = |state: &mut u64| {
        *state ^= *state << 13;
        *state ^= *state >> 7;
        *state ^= *state << 17;
        *state as u8
    };
    (0..length).map(|_| next(&mut state)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_arrives_byte_for_byte() {
    let mut body =
        b"--x\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\nm\r\n--x\r\n".to_vec();
    body.extend(noise(20 * MIB));
    let expected = sum(&body);
    for pair in pairs(|s| s).await {
        let multipart = "multipart/form-data; boundary=x";
        let request = Request::new("POST", "/openai/api/upload/image").body(&body);
        let (reply, seen) = pair.ask(&request.with("content-type", multipart)).await;
        let kind = pair.front.kind;
        assert_eq!(reply.status, 200, "{kind:?}: {}", reply.text());
        let seen = seen.unwrap();
        assert_eq!((seen.length, seen.sum), (body.len(), expected), "{kind:?}");
        assert_eq!(seen.headers["content-type"], multipart, "{kind:?}");
        assert_eq!(seen.headers["content-length"], body.len().to_string(), "{kind:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_begins_to_arrive_before_it_has_ended() {
    for pair in pairs(|s| s).await {
        let half = noise(MIB);
        let length = (2 * MIB).to_string();
        let request =
            Request::new("PUT", "/openai/api/upload/image").with("content-length", &length);
        let request = Request { method: "POST", ..request };
        // Written by hand, as the length is that of both halves.
        let head = request.head(&pair.front.address).replacen("content-length: 0\r\n", "", 1);
        let mut stream = client::connect(&pair.front.address).await.unwrap();
        client::write(&mut stream, head.as_bytes()).await;
        client::write(&mut stream, &half).await;
        let begun = timeout(SOON, pair.upstream.record.begun.notified()).await;
        assert!(begun.is_ok(), "{:?} waits for the end of an upload", pair.front.kind);
        client::write(&mut stream, &half).await;
        assert_eq!(client::read(&mut stream).await.unwrap().status, 200);
        assert_eq!(pair.upstream.seen()[0].length, 2 * MIB);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn more_than_128_mib_is_refused() {
    for pair in pairs(|s| s).await {
        let kind = pair.front.kind;
        let length = (128 * MIB + 1).to_string();
        let head = format!(
            "POST /openai/api/upload/image HTTP/1.1\r\nhost: localhost\r\norigin: {PAGE}\r\n\
             content-length: {length}\r\n\r\n"
        );
        let mut stream = client::connect(&pair.front.address).await.unwrap();
        client::write(&mut stream, head.as_bytes()).await;
        // Go on as a browser does; Caddy answers once it has seen 256 KiB.
        client::write(&mut stream, &vec![7; MIB]).await;
        let (reply, _) = client::read_head(&mut stream).await.unwrap();
        assert_eq!(reply.status, 413, "{kind:?}");
        assert_eq!(reply.header("access-control-allow-origin"), Some(PAGE), "{kind:?}");
        assert_eq!(reply.header("x-pilotlight-relay"), Some("1"), "{kind:?}");
        assert!(pair.upstream.seen().is_empty(), "{kind:?}");

        // Of unknown length: counted while it passes.
        let head = "POST /openai/api/upload/image HTTP/1.1\r\nhost: localhost\r\nx-pilotlight: 1\r\n\
                    transfer-encoding: chunked\r\nconnection: close\r\n\r\n";
        let mut stream = client::connect(&pair.front.address).await.unwrap();
        client::write(&mut stream, head.as_bytes()).await;
        let mut piece = format!("{MIB:x}\r\n").into_bytes();
        piece.extend(std::iter::repeat_n(7, MIB));
        piece.extend(b"\r\n");
        for _ in 0..130 {
            client::write(&mut stream, &piece).await;
        }
        client::write(&mut stream, b"0\r\n\r\n").await;
        // Whoever is cut off while it sends may see a reset before the answer.
        if let Ok(reply) = client::read(&mut stream).await {
            assert_eq!(reply.status, 413, "{kind:?}: {}", reply.text());
        }
        let whole = pair.upstream.seen().into_iter().filter(|seen| seen.is_whole).count();
        assert_eq!(whole, 0, "{kind:?}: a body that was cut short was taken for a whole one");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_passes_while_it_is_made() {
    for pair in pairs(|s| s).await {
        let kind = pair.front.kind;
        let request = Request::new("GET", "/openai/api/view?model=m&filename=large");
        // What it has once it has done everything that it does the first time.
        pair.send(&Request::new("GET", "/openai/api/queue?model=m")).await;
        let before = pair.front.resident_kb().unwrap();
        let mut stream = client::connect(&pair.front.address).await.unwrap();
        client::write(&mut stream, request.head(&pair.front.address).as_bytes()).await;
        let (reply, first) = client::read_head(&mut stream).await.unwrap();
        assert_eq!(reply.status, 200, "{kind:?}");
        let mut count = first.len();
        let mut buffer = vec![0; 256 * 1024];
        while count < 100_000 {
            let read = timeout(SOON, stream.read(&mut buffer)).await;
            let read = read.unwrap_or_else(|_| panic!("{kind:?} keeps the first bytes back"));
            count += read.unwrap();
        }
        pair.upstream.record.go_on.notify_one();
        let mut most = before;
        loop {
            let read = timeout(SOON, stream.read(&mut buffer)).await.unwrap().unwrap();
            if read == 0 {
                break;
            }
            let was = count / (10 * MIB);
            count += read;
            if count / (10 * MIB) > was {
                most = most.max(pair.front.resident_kb().unwrap());
            }
        }
        // The chunks' own sizes come along.
        let extra = count.checked_sub(PICTURE_BYTES).expect("the picture was cut off");
        assert!(extra < MIB, "{kind:?}: {extra} bytes too many");
        let grown = most.saturating_sub(before);
        assert!(grown < 40_000, "{kind:?} grew by {grown} KiB of {} KiB", PICTURE_BYTES / 1024);
        println!("{kind:?}: {before} KiB before, at most {most} KiB while 100 MiB passed");
    }
}

/// The median event of a live stream arrives at most this long after the server sent it.
const EVENT_LIMIT: Duration = Duration::from_millis(100);

#[tokio::test(flavor = "multi_thread")]
async fn each_event_of_a_stream_passes_at_once() {
    for pair in pairs(|s| s).await {
        let kind = pair.front.kind;
        for method in ["GET", "POST"] {
            let request = Request::new(method, "/openai/api/pilotlight/events/live?model=m");
            let request = match method {
                "POST" => {
                    request.body(b"{\"model\":\"m\"}").with("content-type", "application/json")
                }
                _ => request,
            };
            pair.upstream.record.events.lock().unwrap().clear();
            let mut stream = client::connect(&pair.front.address).await.unwrap();
            client::write(&mut stream, request.head(&pair.front.address).as_bytes()).await;
            client::write(&mut stream, request.body).await;
            let (reply, first) = client::read_head(&mut stream).await.unwrap();
            assert_eq!(reply.status, 200, "{kind:?} {method}");
            assert_eq!(reply.header("content-type"), Some("text/event-stream"), "{kind:?}");
            let mut text = String::from_utf8(first).unwrap();
            let (mut arrived, mut buffer) = (Vec::new(), vec![0; 4_096]);
            loop {
                let whole = text.matches("}\n\n").count();
                arrived.resize(whole.max(arrived.len()), Instant::now());
                if whole == EVENTS {
                    break;
                }
                let read = timeout(SOON, stream.read(&mut buffer)).await;
                let read = read.unwrap_or_else(|_| panic!("{kind:?} keeps events back")).unwrap();
                assert!(read > 0, "{kind:?} {method} ends after {whole} events");
                text.push_str(std::str::from_utf8(&buffer[..read]).unwrap());
            }
            let sent = pair.upstream.record.events.lock().unwrap().clone();
            let delays = sent.iter().zip(&arrived).map(|(sent, arrived)| *arrived - *sent);
            let mut delays: Vec<Duration> = delays.collect();
            delays.sort();
            let [median, longest] = [delays[EVENTS / 2], delays[EVENTS - 1]];
            assert!(median <= EVENT_LIMIT, "{kind:?} {method}: events take {delays:?}");
            let [median, longest] = [median, longest].map(|delay| delay.as_secs_f64() * 1e3);
            println!("{kind:?} {method}: an event takes {median:.1} ms, at most {longest:.1} ms");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sleeping_gpu_is_waited_for() {
    let mut waits = tokio::task::JoinSet::new();
    for pair in pairs(|s| s).await {
        waits.spawn(async move {
            let begun = Instant::now();
            let path = "/openai/api/pilotlight/wait/95?model=m";
            let read = Request::new("GET", path);
            let write = Request::new("POST", path).body(b"{\"model\":\"m\"}");
            let (read, written) = tokio::join!(pair.send(&read), pair.send(&write));
            (pair.front.kind, read.status, written.status, begun.elapsed())
        });
    }
    let results = waits.join_all().await;
    assert_eq!(results.len(), KINDS.len());
    for (kind, read, written, time) in results {
        assert_eq!((read, written), (200, 200), "{kind:?} after {time:?}");
        assert!(time >= HOLD, "{kind:?} {time:?}");
        println!("{kind:?}: held {:.1} s", time.as_secs_f64());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_that_leaves_ends_its_request() {
    for pair in pairs(|s| s).await {
        let kind = pair.front.kind;
        for method in ["GET", "POST"] {
            let path = "/openai/api/pilotlight/wait/forever?model=m";
            let body = b"{\"model\":\"m\"}";
            let request = Request::new(method, path);
            let request = if method == "POST" { request.body(body) } else { request };
            let mut stream = client::connect(&pair.front.address).await.unwrap();
            client::write(&mut stream, request.head(&pair.front.address).as_bytes()).await;
            client::write(&mut stream, request.body).await;
            let arrived = timeout(SOON, pair.upstream.record.arrived.notified()).await;
            assert!(arrived.is_ok(), "{kind:?} {method} does not arrive");
            drop(stream);
            let left = timeout(SOON, pair.upstream.record.left.notified()).await;
            assert!(left.is_ok(), "{kind:?} {method} goes on without its browser");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_large_answer_the_next_is_right() {
    // A connection to the server that is used again must not begin with what was left over.
    for kind in KINDS {
        let pair = Pair::new(kind, |s| s).await;
        for _ in 0..3 {
            let mut stream = client::connect(&pair.front.address).await.unwrap();
            let request = Request::new("GET", "/openai/api/view?model=m&filename=large");
            client::write(&mut stream, request.head(&pair.front.address).as_bytes()).await;
            client::read_head(&mut stream).await.unwrap();
            drop(stream);
            let reply = pair.send(&Request::new("GET", "/openai/api/queue?model=m")).await;
            assert_eq!((reply.status, reply.text().starts_with('{')), (200, true), "{kind:?}");
        }
    }
}
