//! `/view` and `/upload/image`.
//!
//! Invariant: nothing outside the three directories can be named.

use std::fmt::Write;

use crate::comfy::disk::{Disk, File, Folder, annotation, leads_out};
use crate::http::{Reply, Request, query_value};
use crate::json::map;
use crate::multipart;
use crate::params::{Params, Version};

/// `GET /view`.
pub fn view(request: &Request, disk: &Disk, params: &Params) -> Reply {
    let Some(given) = query_value(&request.query, "filename") else { return Reply::empty(404) };
    let (name, annotated) = annotation(&given);
    if name.is_empty() || name.starts_with('/') || name.contains("..") {
        return Reply::empty(400);
    }
    let kind = query_value(&request.query, "type").unwrap_or_else(|| "output".to_owned());
    let Some(folder) = annotated.or_else(|| Folder::named(&kind)) else { return Reply::empty(400) };
    let subfolder = query_value(&request.query, "subfolder").unwrap_or_default();
    if leads_out(&subfolder) {
        return Reply::empty(403);
    }
    let name = name.rsplit('/').next().unwrap_or(name);
    let path = if subfolder.is_empty() { name.to_owned() } else { format!("{subfolder}/{name}") };
    match disk.get(folder, &path) {
        Some(file) => serve(request, name, file, params),
        None => Reply::empty(404),
    }
}

fn serve(request: &Request, name: &str, file: &File, params: &Params) -> Reply {
    let new = params.version == Version::V0_33_0;
    let bytes = file.bytes();
    let modified = params.epoch_ms + file.modified_ms;
    let etag = format!("\"{modified:x}-{:x}\"", bytes.len());
    let last_modified = last_modified(modified);
    let image = request.get_header("Sec-Fetch-Dest") == Some("image");
    let (kind, harmful) = content_type(name);
    let served_as_is = kind == "image/svg+xml" && (image || !new);
    let hidden = harmful && !served_as_is;
    let mut headers = Vec::new();
    let mut push = |name: &str, value: String| headers.push((name.to_owned(), value));
    if new {
        push("X-Content-Type-Options", "nosniff".to_owned());
    }
    if new && harmful {
        push("Vary", "Sec-Fetch-Dest".to_owned());
        push("Cache-Control", "no-store".to_owned());
    }
    let attachment = if new && hidden { "attachment; " } else { "" };
    push("Content-Disposition", format!("{attachment}filename=\"{name}\""));
    push("Content-Type", if hidden { "application/octet-stream" } else { kind }.to_owned());
    push("Etag", etag.clone());
    push("Last-Modified", last_modified.clone());
    let same = match request.get_header("If-None-Match") {
        Some(known) => known == "*" || known.split(',').any(|tag| tag.trim() == etag),
        None => request.get_header("If-Modified-Since") == Some(&last_modified),
    };
    if same {
        return Reply { status: 304, headers, body: Vec::new() };
    }
    headers.push(("Accept-Ranges".to_owned(), "bytes".to_owned()));
    match request.get_header("Range").and_then(|range| range_of(range, bytes.len())) {
        Some((from, to)) => {
            headers
                .push(("Content-Range".to_owned(), format!("bytes {from}-{to}/{}", bytes.len())));
            Reply { status: 206, headers, body: bytes[from..=to].to_vec() }
        }
        None => Reply { status: 200, headers, body: bytes.to_vec() },
    }
}

fn range_of(range: &str, length: usize) -> Option<(usize, usize)> {
    let (from, to) = range.strip_prefix("bytes=")?.split_once('-')?;
    let from: usize = from.parse().ok()?;
    let to = to.parse().map_or(length.checked_sub(1)?, |to: usize| to.min(length - 1));
    (from <= to).then_some((from, to))
}

fn content_type(name: &str) -> (&'static str, bool) {
    let extension = name.rsplit_once('.').map_or("", |(_, e)| e).to_ascii_lowercase();
    match extension.as_str() {
        "png" => ("image/png", false),
        "jpg" | "jpeg" => ("image/jpeg", false),
        "webp" => ("image/webp", false),
        "gif" => ("image/gif", false),
        "txt" => ("text/plain", false),
        "wav" => ("audio/x-wav", false),
        "webm" => ("video/webm", false),
        "svg" => ("image/svg+xml", true),
        "html" | "htm" => ("text/html", true),
        "js" => ("text/javascript", true),
        "css" => ("text/css", true),
        _ => ("application/octet-stream", false),
    }
}

/// `POST /upload/image`: `None` when Python raised (500).
pub fn upload(request: &Request, disk: &mut Disk, now_ms: u64) -> Option<Reply> {
    let content_type = request.get_header("Content-Type").unwrap_or("");
    let Some(boundary) = multipart::boundary(content_type) else { return Some(Reply::empty(400)) };
    let parts = multipart::parts(&request.body, &boundary)?;
    let field = |name: &str| {
        parts.iter().find(|p| p.name == name).map(|p| String::from_utf8_lossy(p.body).into_owned())
    };
    let Some(image) = parts.iter().find(|p| p.name == "image") else {
        return Some(Reply::empty(400));
    };
    let filename = image.filename.clone().filter(|name| !name.is_empty())?;
    let folder = match field("type") {
        Some(kind) => Folder::named(&kind)?,
        None => Folder::Input,
    };
    let subfolder = field("subfolder").unwrap_or_default();
    let path = |name: &str| {
        if subfolder.is_empty() { name.to_owned() } else { format!("{subfolder}/{name}") }
    };
    if leads_out(&subfolder) || leads_out(&path(&filename)) {
        return Some(Reply::empty(400));
    }
    let overwrite = matches!(field("overwrite").as_deref(), Some("true" | "1"));
    let name =
        if overwrite { filename } else { free_name(&filename, image.body, folder, &path, disk) };
    disk.write(folder, &path(&name), image.body.to_vec(), now_ms);
    let body = map([
        ("name", name.into()),
        ("subfolder", subfolder.into()),
        ("type", folder.name().into()),
    ]);
    Some(Reply::new(200, "application/json; charset=utf-8", body.python()))
}

/// The name itself when it is free or holds the same bytes, else `name (1).png` and so on.
fn free_name(
    filename: &str,
    bytes: &[u8],
    folder: Folder,
    path: &dyn Fn(&str) -> String,
    disk: &Disk,
) -> String {
    let (stem, extension) = match filename.rsplit_once('.') {
        Some((stem, extension)) if !stem.is_empty() => (stem, format!(".{extension}")),
        _ => (filename, String::new()),
    };
    let mut name = filename.to_owned();
    let mut i = 1;
    while disk.get(folder, &path(&name)).is_some_and(|old| old.bytes() != bytes) {
        name = format!("{stem} ({i}){extension}");
        i += 1;
    }
    name
}

/// aiohttp rounds up: the recorded dates lie up to a second after the times in the ETags.
fn last_modified(modified_ms: u64) -> String {
    http_date(modified_ms.next_multiple_of(1000))
}

/// An instant (ms since 1970) as HTTP writes it.
pub fn http_date(ms: u64) -> String {
    let seconds = ms / 1000;
    let days = seconds / 86_400;
    let (mut year, mut rest) = (1970, days);
    let length = |year: u64| {
        if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) {
            366
        } else {
            365
        }
    };
    while rest >= length(year) {
        rest -= length(year);
        year += 1;
    }
    let months = [31, length(year) - 337, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let mut month = 0;
    while rest >= months[month] {
        rest -= months[month];
        month += 1;
    }
    let name =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"][month];
    let weekday = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"][(days % 7) as usize];
    let mut out = String::new();
    let _ = write!(
        out,
        "{weekday}, {:02} {name} {year} {:02}:{:02}:{:02} GMT",
        rest + 1,
        seconds / 3600 % 24,
        seconds / 60 % 60,
        seconds % 60
    );
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates() {
        assert_eq!(http_date(1_795_336_014_000), "Sun, 22 Nov 2026 08:26:54 GMT");
        assert_eq!(http_date(0), "Thu, 01 Jan 1970 00:00:00 GMT");
        assert_eq!(http_date(951_782_400_000), "Tue, 29 Feb 2000 00:00:00 GMT");
    }

    #[test]
    fn a_file_is_dated_to_the_next_whole_second() {
        // The times in the ETags of `view_png` and `view_temp_png`, in whole ms.
        assert_eq!(last_modified(1_795_336_013_411), "Sun, 22 Nov 2026 08:26:54 GMT");
        assert_eq!(last_modified(1_795_336_013_255), "Sun, 22 Nov 2026 08:26:54 GMT");
        assert_eq!(last_modified(1_795_336_014_000), "Sun, 22 Nov 2026 08:26:54 GMT");
        assert_eq!(last_modified(1_795_336_014_001), "Sun, 22 Nov 2026 08:26:55 GMT");
    }

    #[track_caller]
    fn range(text: &str, expected: Option<(usize, usize)>) {
        assert_eq!(range_of(text, 10), expected, "{text}");
    }

    #[test]
    fn ranges() {
        range("bytes=0-3", Some((0, 3)));
        range("bytes=4-", Some((4, 9)));
        range("bytes=4-99", Some((4, 9)));
        range("bytes=12-13", None);
        range("lines=0-3", None);
    }
}
