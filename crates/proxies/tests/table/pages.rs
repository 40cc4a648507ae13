//! The page's files: types, packing, what a browser keeps, what a page may.

use pilotlight_proxy_tests::client::Request;
use pilotlight_proxy_tests::front::Kind;

use crate::stage::{FILES, SHOP, pairs};

const KEPT: &str = "public, max-age=31536000, immutable";

#[tokio::test(flavor = "multi_thread")]
async fn files_have_their_types_and_only_hashed_ones_are_kept() {
    let cases = [
        ("/", "index.html", "text/html", "no-cache"),
        ("/index.html", "index.html", "text/html", "no-cache"),
        ("/?workflow=x#y", "index.html", "text/html", "no-cache"),
        ("/config.json", "config.json", "application/json", "no-cache"),
        ("/worker.js", "worker.js", "text/javascript", "no-cache"),
        ("/manifest.webmanifest", "manifest.webmanifest", "application/manifest+json", "no-cache"),
        ("/icons/icon.svg", "icons/icon.svg", "image/svg+xml", "no-cache"),
        ("/icons/icon-192.png", "icons/icon-192.png", "image/png", "no-cache"),
        ("/workflows/a.json", "workflows/a.json", "application/json", "no-cache"),
        ("/base-0123456789abcdef.css", "base-0123456789abcdef.css", "text/css", KEPT),
        (
            "/pilotlight-0123456789abcdef.js",
            "pilotlight-0123456789abcdef.js",
            "text/javascript",
            KEPT,
        ),
        (
            "/pilotlight-0123456789abcdef_bg.wasm",
            "pilotlight-0123456789abcdef_bg.wasm",
            "application/wasm",
            KEPT,
        ),
        (
            "/pilotlight-0123456789abcdef_chunk_11.wasm",
            "pilotlight-0123456789abcdef_chunk_11.wasm",
            "application/wasm",
            KEPT,
        ),
    ];
    for pair in pairs(|s| s).await {
        for (path, file, kind, caching) in cases {
            let path = path.split('#').next().unwrap();
            let reply = pair.send(&Request::new("GET", path)).await;
            let what = format!("{:?} {path}: {:?}", pair.front.kind, reply.headers);
            assert_eq!(reply.status, 200, "{what}");
            let text = FILES.iter().find(|(name, _)| *name == file).unwrap().1;
            // The relay makes its own config.json, with what it was told.
            if pair.front.kind != Kind::Relay || file != "config.json" {
                assert_eq!(reply.text(), text, "{what}");
            }
            let found = reply.header("content-type").unwrap().split(';').next();
            assert_eq!(found, Some(kind), "{what}");
            assert_eq!(reply.header("cache-control"), Some(caching), "{what}");
            assert_eq!(reply.header("content-encoding"), None, "{what}");
            assert_eq!(reply.header("x-content-type-options"), Some("nosniff"), "{what}");
            assert_eq!(reply.header("x-pilotlight-relay"), None, "{what}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn packed_files_go_to_whoever_takes_them() {
    let script = "/pilotlight-0123456789abcdef.js";
    let module = "/pilotlight-0123456789abcdef_bg.wasm";
    let cases = [
        (script, "gzip, deflate, br, zstd", Some("br"), "brotli of"),
        (script, "br", Some("br"), "brotli of"),
        (script, "br;q=1.0, gzip;q=0.8", Some("br"), "brotli of"),
        (script, "gzip", Some("gzip"), "gzip of"),
        (script, "br;q=0, gzip", Some("gzip"), "gzip of"),
        (script, "abra", None, "export"),
        (script, "identity", None, "export"),
        (module, "gzip, br", Some("br"), "brotli of"),
        (module, "gzip", Some("gzip"), "gzip of"),
        ("/", "gzip, br", Some("br"), "brotli of index.html"),
        ("/", "gzip", Some("gzip"), "gzip of index.html"),
        ("/config.json", "gzip, br", None, "{"),
    ];
    for pair in pairs(|s| s).await {
        for (path, accepted, packing, text) in cases {
            let request = Request::new("GET", path).with("accept-encoding", accepted);
            let reply = pair.send(&request).await;
            let what = format!("{:?} {path} {accepted}: {:?}", pair.front.kind, reply.headers);
            assert_eq!((reply.status, reply.header("content-encoding")), (200, packing), "{what}");
            assert!(reply.text().starts_with(text), "{what}: {}", reply.text());
            let kind = match path {
                "/" => "text/html",
                "/config.json" => "application/json",
                _ if path.ends_with("wasm") => "application/wasm",
                _ => "text/javascript",
            };
            let found = reply.header("content-type").unwrap().split(';').next();
            assert_eq!(found, Some(kind), "{what}");
            let caching = if path.contains("0123") { KEPT } else { "no-cache" };
            assert_eq!(reply.header("cache-control"), Some(caching), "{what}");
            if packing.is_some() {
                let vary = reply.header("vary").unwrap_or_default().to_ascii_lowercase();
                assert!(vary.contains("accept-encoding"), "{what}");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_there_is_said_and_not_kept() {
    for pair in pairs(|s| s).await {
        let kind = pair.front.kind;
        for (method, path, status) in [
            ("GET", "/nothing", 404),
            ("GET", "/icons/", 404),
            ("GET", "/other-0123456789abcdef.js", 404),
            ("GET", "/-/read", 404),
            ("GET", "/-/write", 404),
            ("GET", "/-/preflight", 404),
            ("GET", "/-/429", 404),
            ("GET", "/%2e%2e/stage.rs", 404),
            ("POST", "/", 405),
            ("DELETE", "/index.html", 405),
            ("PUT", "/worker.js", 405),
        ] {
            let reply = pair.send(&Request::new(method, path)).await;
            let what = format!("{kind:?} {method} {path}: {:?}", reply.headers);
            // nginx refuses to leave its folder before it looks for anything.
            let status = if path.contains("%2e") && kind == Kind::Nginx { 400 } else { status };
            assert_eq!(reply.status, status, "{what}");
            assert!(reply.sentence().is_some(), "{what}: {}", reply.text());
            assert_eq!(reply.header("cache-control"), Some("no-cache"), "{what}");
        }
        let reply = pair.send(&Request::new("HEAD", "/index.html")).await;
        assert_eq!((reply.status, reply.body.len()), (200, 0), "{kind:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_did_not_change_is_not_sent_again() {
    for pair in pairs(|s| s).await {
        let kind = pair.front.kind;
        let first = pair.send(&Request::new("GET", "/config.json")).await;
        let Some(date) = first.header("last-modified") else {
            // The relay makes its own, with the model that it was given.
            assert_eq!(kind, Kind::Relay);
            continue;
        };
        let again = Request::new("GET", "/config.json").with("if-modified-since", date);
        assert_eq!(pair.send(&again).await.status, 304, "{kind:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_is_shown_by_whom_the_operator_names() {
    // The relay's own headers are tried in its own tests.
    for pair in pairs(|s| s).await.iter().filter(|pair| pair.front.kind != Kind::Relay) {
        for path in ["/", "/index.html"] {
            let reply = pair.send(&Request::new("GET", path)).await;
            let what = format!("{:?} {path}: {:?}", pair.front.kind, reply.headers);
            let policy = format!("frame-ancestors 'self' https://blog.example {SHOP}");
            assert_eq!(reply.header("content-security-policy"), Some(&*policy), "{what}");
            assert_eq!(reply.header("referrer-policy"), Some("no-referrer"), "{what}");
            let opener = reply.header("cross-origin-opener-policy");
            assert_eq!(opener, Some("same-origin"), "{what}");
            let permissions = reply.header("permissions-policy").unwrap();
            for power in ["camera", "microphone", "geolocation", "payment", "usb"] {
                assert!(permissions.contains(&format!("{power}=()")), "{what}");
            }
        }
    }
    for pair in pairs(|s| s.with("EMBED_ORIGINS", "")).await {
        if pair.front.kind != Kind::Relay {
            let reply = pair.send(&Request::new("GET", "/")).await;
            let policy = reply.header("content-security-policy").map(str::trim);
            assert_eq!(policy, Some("frame-ancestors 'self'"), "{:?}", pair.front.kind);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_leads_elsewhere_and_hidden_files_stay_hidden() {
    for pair in pairs(|s| s).await {
        let kind = pair.front.kind;
        let put = |name: &str| {
            let path = pair.page.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, "secret").unwrap();
        };
        for name in [".env", ".git/config", "icons/.hidden.svg", ".well-known/x"] {
            put(name);
        }
        for path in [
            "/icons",
            "//icons",
            "//icons/",
            "///icons",
            "/icons//",
            "//evil.example/..",
            "/%2ficons",
            "/.env",
            "/%2eenv",
            "/.git/config",
            "/icons/.hidden.svg",
            "/.well-known/x",
            "//index.html",
            "/icons//icon.svg",
        ] {
            let reply = pair.send(&Request::new("GET", path)).await;
            let what = format!("{kind:?} {path}: {:?} {}", reply.headers, reply.text());
            assert_eq!(reply.header("location"), None, "{what}");
            assert_eq!(reply.status, 404, "{what}");
            assert!(reply.sentence().is_some(), "{what}");
        }
    }
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn symbolic_links_are_not_followed() {
    use std::os::unix::fs::symlink;

    for pair in pairs(|s| s).await {
        let outside = tempfile::tempdir().unwrap();
        std::fs::write(outside.path().join("key"), "secret").unwrap();
        let page = pair.page.path();
        symlink(outside.path().join("key"), page.join("key.json")).unwrap();
        symlink(outside.path(), page.join("folder")).unwrap();
        for path in ["/key.json", "/folder/key"] {
            let reply = pair.send(&Request::new("GET", path)).await;
            let what = format!("{:?} {path}: {}", pair.front.kind, reply.text());
            // Caddy has no way not to follow them; docs/deploy.md says so.
            let is_followed = pair.front.kind == Kind::Caddy;
            assert_eq!(reply.status == 200, is_followed, "{what}");
            assert_eq!(reply.text() == "secret", is_followed, "{what}");
        }
    }
}
