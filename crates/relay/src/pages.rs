//! The built page: files of one folder, with the right type, packing and caching.
//!
//! Invariant: only a file whose name holds a hash of its content may be kept by a browser, and every
//! answer says who may frame it. Only regular files are served: no symbolic link, nothing whose name
//! begins with a dot, and no redirect to anywhere.

use std::convert::Infallible;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::http::header::{self, HeaderMap, HeaderValue};
use axum::http::{Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use percent_encoding::percent_decode_str;
use tower::ServiceExt;
use tower_http::services::ServeDir;

const KEPT: &str = "public, max-age=31536000, immutable";
const ASKED_AGAIN: &str = "no-cache";

/// What a page never needs, so that nothing in it can ask for it.
const NOT_ASKED_FOR: &str = "accelerometer=(), camera=(), display-capture=(), \
     geolocation=(), gyroscope=(), hid=(), microphone=(), midi=(), payment=(), serial=(), usb=()";

/// Serves `dist`; `config` stands in for its `config.json` when there is one, `policy` goes with
/// every answer.
pub fn router(dist: &Path, config: Option<Bytes>, policy: HeaderValue) -> Router {
    let files = ServeDir::new(dist)
        .precompressed_br()
        .precompressed_gzip()
        .append_index_html_on_directories(false);
    let root: Arc<Path> = dist.into();
    Router::new().fallback(move |request| serve(root, files, config, request, policy))
}

/// Whether an address, in whatever way it is written, names the file that `config` stands in for.
fn is_config(path: &str) -> bool {
    percent_decode_str(path).eq("/config.json".bytes())
}

fn made(bytes: Bytes, policy: &HeaderValue) -> Response {
    let mut response = bytes.into_response();
    let json = HeaderValue::from_static("application/json");
    response.headers_mut().insert(header::CONTENT_TYPE, json);
    finish(response.headers_mut(), ASKED_AGAIN, policy);
    response
}

async fn serve(
    root: Arc<Path>,
    files: ServeDir,
    config: Option<Bytes>,
    mut request: Request,
    policy: HeaderValue,
) -> Response {
    let is_read = request.method() == Method::GET || request.method() == Method::HEAD;
    if request.uri().path() == "/" {
        *request.uri_mut() = Uri::from_static("/index.html");
    }
    let path = request.uri().path().to_owned();
    if let Some(config) = config.filter(|_| is_read && is_config(&path)) {
        return made(config, &policy);
    }
    let caching = if is_hashed(&path) { KEPT } else { ASKED_AGAIN };
    let looked_up = tokio::task::spawn_blocking(move || is_plain_file(&root, &path)).await;
    let mut response = if is_read && !looked_up.unwrap_or(false) {
        StatusCode::NOT_FOUND.into_response()
    } else {
        let answered: Result<_, Infallible> = files.oneshot(request).await;
        let Ok(response) = answered;
        response.map(Body::new)
    };
    let status = response.status();
    if status.is_client_error() && status != StatusCode::RANGE_NOT_SATISFIABLE {
        let status = if is_read { StatusCode::NOT_FOUND } else { StatusCode::METHOD_NOT_ALLOWED };
        response =
            (status, axum::Json(serde_json::json!({ "error": words(status) }))).into_response();
        response.headers_mut().insert(crate::RELAY_HEADER, HeaderValue::from_static("1"));
        if !is_read {
            response.headers_mut().insert(header::ALLOW, HeaderValue::from_static("GET, HEAD"));
        }
    }
    let is_found = response.status().is_success() || response.status().is_redirection();
    let caching = if is_found { caching } else { ASKED_AGAIN };
    finish(response.headers_mut(), caching, &policy);
    response
}

/// Whether the path of an address names a regular file below `root`, and neither it nor a folder on
/// the way nor what is packed of it is a symbolic link or hidden.
fn is_plain_file(root: &Path, path: &str) -> bool {
    let Ok(path) = percent_decode_str(path).decode_utf8() else { return false };
    let Some(path) = path.strip_prefix('/') else { return false };
    let mut parts = path.split('/').peekable();
    let mut place = PathBuf::from(root);
    while let Some(part) = parts.next() {
        let is_odd = |c: char| c.is_control() || c == '\\' || c == ':';
        if part.is_empty() || part.starts_with('.') || part.contains(is_odd) {
            return false;
        }
        place.push(part);
        // Of the link itself, where there is one.
        let Ok(found) = fs::symlink_metadata(&place) else { return false };
        let is_expected = if parts.peek().is_some() { found.is_dir() } else { found.is_file() };
        if !is_expected {
            return false;
        }
    }
    ["br", "gz"].iter().all(|ending| {
        let mut packed = place.clone().into_os_string();
        packed.push(".");
        packed.push(ending);
        fs::symlink_metadata(packed).map_or(true, |found| found.is_file())
    })
}

fn words(status: StatusCode) -> &'static str {
    if status == StatusCode::METHOD_NOT_ALLOWED {
        "a file can only be read"
    } else {
        "there is no such file"
    }
}

fn finish(headers: &mut HeaderMap, caching: &'static str, policy: &HeaderValue) {
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(caching));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(header::CONTENT_SECURITY_POLICY, policy.clone());
    headers.insert("permissions-policy", HeaderValue::from_static(NOT_ASKED_FOR));
    headers.insert("cross-origin-opener-policy", HeaderValue::from_static("same-origin"));
}

/// Whether a name holds a hash as the build writes them: `-` and 14 to 16 hex digits before the
/// ending, or before what tells a part of the page, such as `_bg` or `_chunk_7`.
fn is_hashed(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let Some((stem, _)) = name.rsplit_once('.') else {
        return false;
    };
    let stem = stem.split_once('_').map_or(stem, |(stem, _)| stem);
    let Some((_, hash)) = stem.rsplit_once('-') else {
        return false;
    };
    let is_hex = |b: u8| b.is_ascii_digit() || (b'a'..=b'f').contains(&b);
    (14..=16).contains(&hash.len()) && hash.bytes().all(is_hex)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(path: &str, expected: bool) {
        assert_eq!(is_hashed(path), expected, "{path}");
    }

    #[test]
    fn a_hash_is_told_from_a_name() {
        check("/pilotlight-1f2e3d4c5b6a7988.js", true);
        check("/pilotlight-1f2e3d4c5b6a7988_bg.wasm", true);
        check("/pilotlight-1f2e3d4c5b6a7988_second_bundle.wasm", true);
        check("/pilotlight-1f2e3d4c5b6a7988_chunk_11.wasm", true);
        check("/base-1f2e3d4c5b6a798.css", true);
        check("/my_page-1f2e3d4c5b6a7988.js", false);
        check("/", false);
        check("/index.html", false);
        check("/config.json", false);
        check("/icon-192.png", false);
        check("/workflows/janus-text-to-image.json", false);
        check("/pilotlight-1f2e3d4c5b6a7988", false);
        check("/pilotlight-1F2E3D4C5B6A7988.js", false);
    }
}
