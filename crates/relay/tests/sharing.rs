//! Pages of other origins: who may use the relay, and what their browsers are told.
#![allow(clippy::unwrap_used, reason = "a test ends at the first surprise")]

mod support;

use axum::body::Body;
use axum::http::Method;
use pilotlight_relay::options::{self, Command};
use support::World;

const PAGE: &str = "https://page.example";
const OTHER: &str = "https://other.example";

async fn world() -> World {
    World::new("/openai", |settings| {
        settings.allow_origins =
            vec!["https://first.example".parse().unwrap(), PAGE.parse().unwrap()];
    })
    .await
}

#[track_caller]
fn check(world: &World, method: &str, path: &str, origin: &str, expected: (u16, bool)) {
    let method = Method::from_bytes(method.as_bytes()).unwrap();
    let headers = [("origin", origin), ("sec-fetch-site", "cross-site")];
    let reply = tokio::task::block_in_place(|| {
        let work = world.send(method.clone(), path, &headers, Body::empty());
        tokio::runtime::Handle::current().block_on(work)
    });
    let is_readable = reply.header("access-control-allow-origin") == Some(origin);
    assert_eq!((reply.status.as_u16(), is_readable), expected, "{method} {path} from {origin}");
    let exposed = reply.header("access-control-expose-headers");
    assert_eq!(exposed.is_some(), is_readable, "{method} {path} from {origin}");
    if let Some(exposed) = exposed {
        assert_eq!(exposed, "x-pilotlight-relay, retry-after, last-modified");
    }
    assert_eq!(reply.header("access-control-allow-credentials"), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_listed_page_reads_every_status_and_no_other_page_any() {
    let world = world().await;
    for (method, path, listed, other) in [
        ("GET", "/openai/api/queue?model=m", 200, 403),
        ("POST", "/openai/api/prompt", 200, 403),
        ("GET", "/openai/api/view?model=m&filename=gone", 404, 403),
        ("GET", "/openai/api/view?model=m&filename=moved", 502, 403),
        ("GET", "/openai/api/queue", 400, 403),
        ("GET", "/openai/api/queue?model=%61", 400, 403),
        ("GET", "/openai/api/history/a%20b?model=m", 400, 400),
        ("GET", "/openai/api/prompt?model=m", 405, 405),
        ("GET", "/openai/api/free?model=m", 404, 404),
        ("OPTIONS", "/openai/api/prompt", 204, 405),
        ("OPTIONS", "/openai/api/free", 404, 404),
    ] {
        check(&world, method, path, PAGE, (listed, true));
        check(&world, method, path, OTHER, (other, false));
        check(&world, method, path, "null", (other, false));
        check(&world, method, path, "https://page.example.evil", (other, false));
    }
}

#[tokio::test]
async fn a_browser_that_asks_first_is_told_what_its_page_may_send() {
    let world = world().await;
    let headers = [("origin", PAGE), ("access-control-request-method", "POST")];
    let reply = world.send(Method::OPTIONS, "/openai/api/queue", &headers, Body::empty()).await;
    assert_eq!(reply.status.as_u16(), 204);
    assert_eq!(reply.header("access-control-allow-methods"), Some("GET, POST"));
    assert_eq!(reply.header("access-control-allow-headers"), Some("content-type, x-pilotlight"));
    assert_eq!(reply.header("access-control-max-age"), Some("7200"));
    assert_eq!(reply.header("x-pilotlight-relay"), Some("1"));
    assert_eq!(reply.header("vary"), Some("origin"));
    assert!(world.seen().is_empty(), "the server was asked");
}

#[tokio::test]
async fn files_are_not_shared_and_need_not_be_there() {
    let world = world().await;
    let headers = [("origin", PAGE)];
    let reply = world.send(Method::GET, "/config.json", &headers, Body::empty()).await;
    assert_eq!(reply.header("access-control-allow-origin"), None);

    let args = |more: &[&str]| {
        let up = ["--upstream", "https://k.example/openai", "--allow-origin", PAGE];
        options::parse(up.iter().chain(more).map(ToString::to_string))
    };
    assert!(matches!(args(&[]), Ok(Command::Run(_))), "a relay without a page");
    assert!(args(&["--dist", "/no/such/folder"]).is_err());
    assert!(args(&["--allow-origin", "https://page.example/"]).is_err());
}
