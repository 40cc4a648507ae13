//! A page's folder, a server and a proxy between them.

use std::fs;
use std::path::Path;

use pilotlight_proxy_tests::client::{Reply, Request};
use pilotlight_proxy_tests::front::{Front, KINDS, Kind};
use pilotlight_proxy_tests::places;
use pilotlight_proxy_tests::settings::Settings;
use pilotlight_proxy_tests::upstream::{Seen, Upstream};
use tempfile::TempDir;

/// Its page is on another host than the relay.
pub const PAGE: &str = "https://page.example";
pub const SHOP: &str = "https://shop.example:8443";

/// What most tests need: a server, a model, no limit to how often it may be asked.
pub fn settings(host: &str, page: &Path) -> Settings {
    let settings = Settings::read().unwrap();
    settings
        .with("UPSTREAM_SCHEME", "http")
        .with("UPSTREAM_HOST", host)
        .with("MODEL", "serverless-comfyui")
        .with("HOSTS", "h.example Pilotlight.example.")
        .with("ALLOW_ORIGINS", format!("https://first.example {PAGE}"))
        .with("EMBED_ORIGINS", format!("https://blog.example {SHOP}"))
        .with("CA", places::certificates().display().to_string())
        .with("ROOT", page.display().to_string())
        .with("RATE", "10000r/s")
}

/// One proxy with a server of its own.
pub struct Pair {
    pub front: Front,
    pub upstream: Upstream,
    pub page: TempDir,
}

impl Pair {
    pub async fn new(kind: Kind, change: impl Fn(Settings) -> Settings) -> Self {
        Self::before(kind, Upstream::start().await.unwrap(), change).await
    }

    pub async fn before(
        kind: Kind,
        upstream: Upstream,
        change: impl Fn(Settings) -> Settings,
    ) -> Self {
        let page = page();
        let settings = change(settings(&upstream.host, page.path()));
        let front = Front::start(kind, &settings).await.unwrap_or_else(|why| panic!("{why}"));
        Self { front, upstream, page }
    }

    pub async fn send(&self, request: &Request<'_>) -> Reply {
        let answered = request.send(&self.front.address).await;
        answered.unwrap_or_else(|why| {
            let Request { method, path, .. } = request;
            panic!("{:?} {method} {path}: {why}\n{}", self.front.kind, self.front.words())
        })
    }

    /// Sends it; with the answer comes what the server saw of it.
    pub async fn ask(&self, request: &Request<'_>) -> (Reply, Option<Seen>) {
        self.upstream.take_seen();
        let reply = self.send(request).await;
        let mut seen = self.upstream.take_seen();
        assert!(seen.len() < 2, "{:?} repeats: {seen:?}", self.front.kind);
        (reply, seen.pop())
    }
}

/// Every proxy, each with a server of its own.
pub async fn pairs(change: impl Fn(Settings) -> Settings) -> Vec<Pair> {
    let mut all = Vec::new();
    for kind in KINDS {
        all.push(Pair::new(kind, &change).await);
    }
    all
}

/// A built page in small.
pub fn page() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    for (name, text) in FILES {
        write(name, text);
        if name.ends_with(".js") || name.ends_with("_bg.wasm") || name.ends_with(".html") {
            write(&format!("{name}.br"), &format!("brotli of {name}"));
            write(&format!("{name}.gz"), &format!("gzip of {name}"));
        }
    }
    folder
}

pub const FILES: &[(&str, &str)] = &[
    ("index.html", "<!doctype html><title>page</title>"),
    ("config.json", "{\"model\":\"serverless-comfyui\"}"),
    ("worker.js", "// worker"),
    ("manifest.webmanifest", "{}"),
    ("pilotlight-0123456789abcdef.js", "export default 1;"),
    ("pilotlight-0123456789abcdef_bg.wasm", "\0asm"),
    ("pilotlight-0123456789abcdef_chunk_11.wasm", "\0asm"),
    ("base-0123456789abcdef.css", "a{}"),
    ("icons/icon.svg", "<svg/>"),
    ("icons/icon-192.png", "png"),
    ("workflows/a.json", "{}"),
];
