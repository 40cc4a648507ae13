//! Many clients at once that only keep their connections: they lock nobody out, and go.

use std::time::{Duration, Instant};

use pilotlight_proxy_tests::client::{self, Request};
use pilotlight_proxy_tests::front::{KINDS, Kind};
use pilotlight_relay::allow_open_files;
use tokio::io::AsyncReadExt;
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use crate::stage::{Pair, pairs};

/// Clients that begin a request and never end it.
const SLOW: usize = 500;
/// Clients that have had a reply and ask for nothing more.
const IDLE: usize = 2000;
const HEAD_LIMIT: Duration = Duration::from_secs(10);
const IDLE_LIMIT: Duration = Duration::from_secs(60);
/// How much later than its limit a connection may be closed on a busy machine.
const LATE: Duration = Duration::from_secs(15);
/// A request of somebody else meanwhile.
const QUICK: Duration = Duration::from_secs(2);

#[tokio::test(flavor = "multi_thread")]
async fn clients_that_only_keep_connections_go_and_lock_nobody_out() {
    // Here and, by inheritance, in the programs under test.
    let needed = ((SLOW + IDLE) * KINDS.len() + 1000) as u64;
    let files = allow_open_files(needed).unwrap_or(needed);
    assert!(files >= needed, "{needed} files have to be open at once, and only {files} may be");
    let mut crowds = JoinSet::new();
    for pair in pairs(|s| s).await {
        crowds.spawn(crowd(pair));
    }
    let told = crowds.join_all().await;
    assert_eq!(told.len(), KINDS.len());
    told.iter().for_each(|line| println!("{line}"));
}

async fn crowd(pair: Pair) -> String {
    let kind = pair.front.kind;
    // One request that is held meanwhile, longer than any limit.
    let address = pair.front.address.clone();
    let held = tokio::spawn(async move {
        let path = "/openai/api/pilotlight/wait/95?model=m";
        Request::new("GET", path).send(&address).await.map(|reply| reply.status)
    });
    ask(&pair).await;
    let before = pair.front.resident_kb().unwrap();
    let mut clients = JoinSet::new();
    for at in 0..SLOW + IDLE {
        let mut stream = client::connect(&pair.front.address).await.unwrap();
        let is_slow = at % ((SLOW + IDLE) / SLOW) == 0;
        let head = "GET /config.json HTTP/1.1\r\nhost: localhost\r\n";
        client::write(&mut stream, head.as_bytes()).await;
        if !is_slow {
            client::write(&mut stream, b"\r\n").await;
        }
        clients.spawn(until_closed(stream, is_slow));
    }
    sleep(Duration::from_secs(1)).await;
    let during = pair.front.resident_kb().unwrap();
    let mut slowest = Duration::ZERO;
    let begun = Instant::now();
    while begun.elapsed() < IDLE_LIMIT {
        slowest = slowest.max(ask(&pair).await);
        sleep(Duration::from_secs(1)).await;
    }
    let (mut slow, mut idle) = (Vec::new(), Vec::new());
    for (is_slow, time) in clients.join_all().await {
        if is_slow { &mut slow } else { &mut idle }.push(time);
    }
    assert_eq!((slow.len(), idle.len()), (SLOW, IDLE), "{kind:?}");
    let slow = bounded(kind, "slow", &slow, HEAD_LIMIT);
    let idle = bounded(kind, "idle", &idle, IDLE_LIMIT);
    assert!(slowest < QUICK, "{kind:?}: a request took {slowest:?} meanwhile");
    assert_eq!(held.await.unwrap(), Ok(200), "{kind:?}: a held request was closed");
    let grown = during.saturating_sub(before);
    assert!(grown < 150_000, "{kind:?} grew by {grown} KiB");
    format!(
        "{kind:?}: {before} KiB before, {during} KiB with {SLOW} slow and {IDLE} idle clients \
         ({:.1} KiB each); slow ones closed after {slow}, idle ones after {idle}; the slowest \
         request meanwhile took {} ms",
        grown as f64 / (SLOW + IDLE) as f64,
        slowest.as_millis()
    )
}

fn bounded(kind: Kind, what: &str, times: &[Duration], limit: Duration) -> String {
    let (first, last) = (times.iter().min().unwrap(), times.iter().max().unwrap());
    let is_in_time = *first + Duration::from_secs(1) > limit && *last < limit + LATE;
    assert!(is_in_time, "{kind:?}: {what} ones were closed after {first:?} to {last:?}");
    format!("{:.1} to {:.1} s", first.as_secs_f64(), last.as_secs_f64())
}

async fn until_closed(mut stream: TcpStream, is_slow: bool) -> (bool, Duration) {
    let begun = Instant::now();
    let limit = IDLE_LIMIT + LATE * 2;
    let mut bytes = [0; 4096];
    let _ended = timeout(limit, async {
        // A reset is an end too.
        while stream.read(&mut bytes).await.is_ok_and(|count| count > 0) {}
    })
    .await;
    (is_slow, begun.elapsed())
}

async fn ask(pair: &Pair) -> Duration {
    let begun = Instant::now();
    let reply = pair.send(&Request::new("GET", "/openai/api/queue?model=m")).await;
    assert_eq!(reply.status, 200, "{:?}", pair.front.kind);
    begun.elapsed()
}
