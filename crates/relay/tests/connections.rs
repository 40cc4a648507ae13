//! Connections: how long they may wait, how many there are, and what is never cut short.
//!
//! The limits are short here; that the real ones are kept is tested in `crates/proxies`.
#![allow(clippy::unwrap_used, reason = "a test ends at the first surprise")]

mod support;

use std::time::{Duration, Instant};

use pilotlight_relay::Limits;
use support::World;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{sleep, timeout};

/// Longer than every limit here, with room for a busy machine.
const SOON: Duration = Duration::from_secs(5);
const ASK: &str =
    "GET /openai/api/queue?model=m HTTP/1.1\r\nHost: localhost\r\nX-Pilotlight: 1\r\n\r\n";
const HOLD: &str = "GET /openai/api/pilotlight/wait/forever?model=m HTTP/1.1\r\n\
                    Host: localhost\r\nX-Pilotlight: 1\r\n\r\n";

const LIMITS: Limits = Limits {
    connections: 8,
    head: Duration::from_millis(400),
    idle: Duration::from_millis(1600),
    body: Duration::from_millis(400),
    unread: Duration::from_millis(400),
    unread_file: Duration::from_millis(400),
    makes_room: Duration::from_millis(200),
};

async fn world(limits: Limits) -> World {
    World::new("/openai", |settings| settings.limits = limits).await
}

async fn connect(world: &World, text: &str) -> TcpStream {
    let mut stream = TcpStream::connect(world.relay).await.unwrap();
    stream.write_all(text.as_bytes()).await.unwrap();
    stream
}

/// What arrives until the connection ends, and how long that takes.
async fn until_closed(mut stream: TcpStream) -> (String, Duration) {
    let begun = Instant::now();
    let mut bytes = Vec::new();
    // A reset is an end too.
    let _ended = timeout(SOON, stream.read_to_end(&mut bytes)).await.expect("it is never closed");
    (String::from_utf8_lossy(&bytes).into_owned(), begun.elapsed())
}

#[track_caller]
fn check_time(what: &str, took: Duration, limit: Duration) {
    let is_in_time = took + Duration::from_millis(50) >= limit && took < limit * 2 + SOON / 5;
    assert!(is_in_time, "{what} was closed after {took:?}, its limit is {limit:?}");
}

#[tokio::test]
async fn a_head_that_never_ends_and_a_silent_connection_are_closed() {
    let world = world(LIMITS).await;
    for begun in ["", "GET / HTTP/1.1\r\nHost: loc", "GET / HTTP/1.1\r\nHost: localhost\r\n"] {
        let (answer, took) = until_closed(connect(&world, begun).await).await;
        assert_eq!(answer, "", "{begun:?}");
        check_time(begun, took, LIMITS.head);
    }
    // One byte now and then is no progress.
    let mut stream = connect(&world, "GET / HTTP/1.1\r\nX: ").await;
    let begun = Instant::now();
    while stream.write_all(b"x").await.is_ok() && begun.elapsed() < SOON {
        sleep(Duration::from_millis(50)).await;
    }
    check_time("a slow head", begun.elapsed(), LIMITS.head);
}

#[tokio::test]
async fn between_requests_there_is_more_time_than_within_one() {
    let world = world(LIMITS).await;
    let mut stream = connect(&world, ASK).await;
    let mut some = [0; 4096];
    assert!(stream.read(&mut some).await.unwrap() > 0);
    sleep(LIMITS.head * 2).await;
    stream.write_all(ASK.as_bytes()).await.unwrap();
    assert!(stream.read(&mut some).await.unwrap() > 0, "an idle connection was closed too soon");
    // The head of a second request has the time of a head, not that of an idle connection.
    stream.write_all(b"GET / HTTP/1.1\r\n").await.unwrap();
    let (_, took) = until_closed(stream).await;
    check_time("a second head", took, LIMITS.head);
    assert!(took < LIMITS.idle, "{took:?}");

    let (answer, took) = until_closed(connect(&world, ASK).await).await;
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    check_time("an idle connection", took, LIMITS.idle);
}

#[tokio::test]
async fn a_held_request_outlives_every_limit() {
    let world = world(LIMITS).await;
    let path = "/openai/api/pilotlight/wait/slow?model=m";
    let held = world.get(path).await;
    assert_eq!(&held.body[..], b"from the server");
    // The server holds it for three seconds, longer than any limit here.
    assert_eq!(world.post(&path.replace("?model=m", ""), "{}").await.status, 200);
}

#[tokio::test]
async fn an_upload_that_brings_nothing_is_ended_and_a_steady_one_arrives() {
    let world = world(LIMITS).await;
    let head = "POST /openai/api/prompt HTTP/1.1\r\nHost: localhost\r\nX-Pilotlight: 1\r\n\
                Content-Length: 12000\r\n\r\n";
    let (answer, took) = until_closed(connect(&world, &format!("{head}a")).await).await;
    assert!(answer.starts_with("HTTP/1.1 408"), "{answer}");
    assert!(answer.contains("\"kind\":\"late\""), "{answer}");
    check_time("an upload", took, LIMITS.body);

    let mut stream = connect(&world, head).await;
    for _ in 0..6 {
        stream.write_all(&[b'a'; 2000]).await.unwrap();
        sleep(LIMITS.body / 2).await;
    }
    let mut some = [0; 4096];
    let read = timeout(SOON, stream.read(&mut some)).await.unwrap().unwrap();
    assert!(some[..read].starts_with(b"HTTP/1.1 200"));
    assert_eq!(world.last_seen().body.len(), 12_000);
}

#[tokio::test]
async fn an_upload_by_single_bytes_is_ended() {
    let world = world(LIMITS).await;
    let head = "POST /openai/api/prompt HTTP/1.1\r\nHost: localhost\r\nX-Pilotlight: 1\r\n\
                Content-Length: 12000\r\n\r\n";
    let (mut read, mut write) = connect(&world, head).await.into_split();
    let drip = tokio::spawn(async move {
        while write.write_all(b"a").await.is_ok() {
            sleep(LIMITS.body / 8).await;
        }
    });
    let mut some = [0; 4096];
    let count = timeout(SOON, read.read(&mut some)).await.expect("it goes on for ever").unwrap();
    drip.abort();
    let answer = String::from_utf8_lossy(&some[..count]).into_owned();
    assert!(answer.starts_with("HTTP/1.1 408"), "{answer}");
}

#[tokio::test]
async fn a_reply_that_nobody_reads_is_ended() {
    let world = world(LIMITS).await;
    let large = std::fs::File::create(world.folder.path().join("dist/large.bin")).unwrap();
    large.set_len(64 * 1024 * 1024).unwrap();
    let stream = connect(&world, "GET /large.bin HTTP/1.1\r\nHost: localhost\r\n\r\n").await;
    sleep(LIMITS.unread * 4).await;
    let (answer, _) = until_closed(stream).await;
    assert!(answer.len() < 32 * 1024 * 1024, "all of it was still there to be read");

    // One that is read slowly comes whole.
    let mut stream = connect(&world, "GET /large.bin HTTP/1.1\r\nHost: localhost\r\n\r\n").await;
    let (mut count, mut bytes) = (0, vec![0; 1024 * 1024]);
    while count < 64 * 1024 * 1024 {
        let read = timeout(SOON, stream.read(&mut bytes)).await.unwrap().unwrap();
        assert!(read > 0, "cut off after {count} bytes");
        count += read;
        sleep(Duration::from_millis(2)).await;
    }
}

#[tokio::test]
async fn whoever_waits_longest_makes_room_and_whoever_works_does_not() {
    let limits = Limits { head: SOON, idle: SOON, ..LIMITS };
    let world = world(limits).await;
    // As many as there may be, none of which asks for anything.
    let mut waiting = Vec::new();
    for _ in 0..limits.connections {
        waiting.push(connect(&world, "GET / HTTP/1.1\r\n").await);
        sleep(Duration::from_millis(20)).await;
    }
    // Each further one takes the place of the one that has waited longest.
    for at in 0..limits.connections {
        let mut working = connect(&world, HOLD).await;
        timeout(SOON, world.record.arrived.notified()).await.expect("it was not let in");
        let (answer, _) = until_closed(waiting.remove(0)).await;
        assert_eq!(answer, "", "{at}");
        waiting.push({
            working.write_all(b"").await.unwrap();
            working
        });
    }
    // Now all of them work: nobody gives way, and that is said.
    let refused = world.raw(ASK).await;
    assert!(refused.starts_with("HTTP/1.1 503"), "{refused}");
    let lower = refused.to_ascii_lowercase();
    for line in ["retry-after: 1", "connection: close", "x-pilotlight-relay: 1", "no-store"] {
        assert!(lower.contains(line), "{refused}");
    }
    assert!(refused.contains("\"kind\":\"busy\""), "{refused}");
    for stream in &mut waiting {
        let silent = timeout(Duration::from_millis(50), stream.read(&mut [0; 16])).await;
        assert!(silent.is_err(), "a held request was closed");
    }
    // One that leaves makes room.
    drop(waiting.pop());
    timeout(SOON, world.record.left.notified()).await.unwrap();
    let deadline = Instant::now() + SOON;
    while !world
        .raw(&ASK.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n"))
        .await
        .contains("200 OK")
    {
        assert!(Instant::now() < deadline, "there is no room again");
        sleep(Duration::from_millis(20)).await;
    }
}

/// Bytes behind a request, of a next one or of none, keep the HTTP library from reading on.
#[tokio::test]
async fn whoever_leaves_with_bytes_unread_is_noticed() {
    let world = world(Limits::default()).await;
    let post =
        HOLD.replace("GET", "POST").replace("\r\n\r\n", "\r\nContent-Length: 5\r\n\r\nhello");
    let read = HOLD.replace("\r\n\r\n", "\r\nContent-Length: 5\r\n\r\nhello");
    for (what, request) in [
        ("nothing behind it", HOLD.to_owned()),
        ("a blank line", format!("{HOLD}\r\n")),
        ("another request", format!("{HOLD}{ASK}")),
        ("a byte", format!("{HOLD}G")),
        ("a read with a body", read),
        ("a write with a byte behind it", format!("{post}X")),
    ] {
        let stream = connect(&world, &request).await;
        timeout(SOON, world.record.arrived.notified()).await.expect("it does not arrive");
        sleep(Duration::from_millis(100)).await;
        drop(stream);
        let left = timeout(Duration::from_secs(3), world.record.left.notified()).await;
        assert!(left.is_ok(), "{what}: its request goes on for 3 s");
    }
    // Whoever stays is not taken for gone.
    let mut stream = connect(&world, &format!("{HOLD}G")).await;
    let silent = timeout(Duration::from_secs(3), stream.read(&mut [0; 16])).await;
    assert!(silent.is_err(), "a held request was closed");
}

/// A file that fits into no buffer.
fn put_large_file(world: &World) {
    let large = std::fs::File::create(world.folder.path().join("dist/large.bin")).unwrap();
    large.set_len(64 * 1024 * 1024).unwrap();
}

const LARGE: &str = "GET /large.bin HTTP/1.1\r\nHost: localhost\r\n\r\n";
const QUICK: &str = "GET /index.html HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

#[tokio::test]
async fn whoever_reads_no_file_makes_room_and_a_reply_of_the_server_does_not() {
    let limits = Limits { connections: 4, makes_room: Duration::from_secs(1), ..Limits::default() };
    let world = world(limits).await;
    put_large_file(&world);
    let mut held = connect(&world, HOLD).await;
    timeout(SOON, world.record.arrived.notified()).await.unwrap();
    let halves = "/openai/api/view?model=m&filename=halves";
    let mut streaming = connect(&world, &ASK.replace("/openai/api/queue?model=m", halves)).await;
    let unread = [connect(&world, LARGE).await, connect(&world, LARGE).await];
    sleep(Duration::from_millis(300)).await;
    assert!(world.raw(QUICK).await.starts_with("HTTP/1.1 503"), "one that works gave way");
    // On a busy machine the files begin to be sent late.
    sleep(limits.makes_room * 3).await;
    for _ in 0..2 {
        assert!(world.raw(QUICK).await.starts_with("HTTP/1.1 200"), "nobody gave way");
    }
    drop(unread);
    // Fill the places that became free, so that the two others would be next.
    let _more = [connect(&world, LARGE).await, connect(&world, LARGE).await];
    sleep(limits.makes_room * 2).await;
    for _ in 0..3 {
        assert!(world.raw(QUICK).await.starts_with("HTTP/1.1 200"));
    }
    let silent = timeout(Duration::from_millis(50), held.read(&mut [0; 16])).await;
    assert!(silent.is_err(), "a held request was closed");
    world.record.go_on.notify_one();
    let mut count = 0;
    let mut some = vec![0; 100_000];
    while count < 600_000 {
        let read = timeout(SOON, streaming.read(&mut some)).await.unwrap().unwrap();
        assert!(read > 0, "a reply of the server was cut off after {count} bytes");
        count += read;
    }
}

#[tokio::test]
async fn a_file_that_is_read_by_single_bytes_is_ended() {
    let limits = Limits { unread: Duration::from_secs(300), ..LIMITS };
    let world = world(limits).await;
    put_large_file(&world);
    // Asked for again and again, so that there is always another one to begin with.
    let mut stream = connect(&world, &LARGE.repeat(40)).await;
    let begun = Instant::now();
    let mut count = 0;
    while begun.elapsed() < limits.unread_file * 4 {
        count += stream.read(&mut [0; 16]).await.unwrap_or(0);
        sleep(Duration::from_millis(20)).await;
    }
    // What was under way when it ended is still there to be read.
    let (answer, _) = until_closed(stream).await;
    assert!(count + answer.len() < 32 * 1024 * 1024, "it goes on");
}

#[tokio::test]
async fn refusals_that_nobody_reads_are_ended() {
    let long = Duration::from_secs(300);
    let limits = Limits { unread: long, idle: long, ..LIMITS };
    let world = world(limits).await;
    let asked = "GET /openai/api/free HTTP/1.1\r\nHost: localhost\r\n\r\n".repeat(1000);
    let mut stream = connect(&world, "").await;
    let mut sent = 0;
    // Until no more is taken, as the answers have no place left.
    while let Ok(Ok(())) =
        timeout(Duration::from_millis(300), stream.write_all(asked.as_bytes())).await
    {
        sent += 1000;
        assert!(sent < 1_000_000, "it takes whatever is sent");
    }
    sleep(limits.unread_file * 4).await;
    let (answers, _) = until_closed(stream).await;
    let answered = answers.matches("HTTP/1.1 404").count();
    assert!(answered < sent, "all {sent} were answered");
}

#[tokio::test]
async fn a_head_is_no_larger_than_32_kib() {
    let world = world(Limits::default()).await;
    let head = |bytes: usize| {
        let long = "x".repeat(bytes);
        format!("GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nX: {long}\r\n\r\n")
    };
    assert!(world.raw(&head(31_000)).await.starts_with("HTTP/1.1 200"));
    let mut stream = connect(&world, &head(40_000)).await;
    let mut some = [0; 1024];
    let count = timeout(SOON, stream.read(&mut some)).await.unwrap().unwrap();
    assert!(some[..count].starts_with(b"HTTP/1.1 431"), "{:?}", &some[..count]);
}
