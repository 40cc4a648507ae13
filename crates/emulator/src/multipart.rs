//! Multipart bodies, byte for byte.
//!
//! Invariant: parts are slices of the body they came in, so leaving one out changes nothing else.

/// One part of a form.
#[derive(Debug, PartialEq)]
pub struct Part<'a> {
    /// Header lines and blank line, as they came.
    pub head: &'a [u8],
    pub name: String,
    pub filename: Option<String>,
    pub body: &'a [u8],
}

/// The boundary a content type names.
pub fn boundary(content_type: &str) -> Option<String> {
    let (kind, rest) = content_type.split_once(';')?;
    if !kind.trim().to_ascii_lowercase().starts_with("multipart/") {
        return None;
    }
    let value = rest.split(';').find_map(|p| p.trim().strip_prefix("boundary="))?;
    Some(value.trim_matches('"').to_owned()).filter(|b| !b.is_empty())
}

/// The parts of a body; `None` when it is not made of parts.
pub fn parts<'a>(body: &'a [u8], boundary: &str) -> Option<Vec<Part<'a>>> {
    let first = format!("--{boundary}");
    let between = format!("\r\n--{boundary}");
    let mut at = find(body, first.as_bytes(), 0)? + first.len();
    let mut parts = Vec::new();
    loop {
        if body[at..].starts_with(b"--") {
            return Some(parts);
        }
        let start = at + find(&body[at..], b"\r\n", 0)? + 2;
        let blank = find(body, b"\r\n\r\n", start.saturating_sub(2))? + 4;
        let end = find(body, between.as_bytes(), blank.saturating_sub(2))?;
        let head = &body[start..blank];
        parts.push(part(head, &body[blank.min(end)..end]));
        at = end + between.len();
    }
}

/// Puts parts together again.
pub fn join(parts: &[Part<'_>], boundary: &str) -> Vec<u8> {
    let size: usize = parts.iter().map(|p| p.head.len() + p.body.len() + boundary.len() + 8).sum();
    let mut out = Vec::with_capacity(size + boundary.len() + 8);
    for part in parts {
        out.extend_from_slice(format!("--{boundary}\r\n").as_bytes());
        out.extend_from_slice(part.head);
        out.extend_from_slice(part.body);
        out.extend_from_slice(b"\r\n");
    }
    out.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
    out
}

fn part<'a>(head: &'a [u8], body: &'a [u8]) -> Part<'a> {
    let text = String::from_utf8_lossy(head).into_owned();
    let disposition = text
        .lines()
        .find(|line| line.to_ascii_lowercase().starts_with("content-disposition:"))
        .unwrap_or("");
    Part {
        head,
        name: parameter(disposition, "name").unwrap_or_default(),
        filename: parameter(disposition, "filename"),
        body,
    }
}

fn parameter(line: &str, name: &str) -> Option<String> {
    let mut rest = line;
    let key = format!("{name}=\"");
    loop {
        let at = rest.find(&key)?;
        let value = &rest[at + key.len()..];
        if rest[..at].ends_with([' ', ';', '\t']) {
            return Some(value.split('"').next().unwrap_or("").replace("%22", "\""));
        }
        rest = value;
    }
}

fn find(haystack: &[u8], needle: &[u8], from: usize) -> Option<usize> {
    let first = *needle.first()?;
    let mut at = from;
    while at + needle.len() <= haystack.len() {
        let step = haystack[at..].iter().position(|b| *b == first)?;
        at += step;
        if haystack[at..].starts_with(needle) {
            return Some(at);
        }
        at += 1;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    const BODY: &[u8] = b"--BND\r\nContent-Disposition: form-data; name=\"image\"; filename=\"a b.png\"\r\nContent-Type: image/png\r\n\r\nPN\r\nG\r\n--BND\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\nm\r\n--BND--\r\n";

    #[test]
    fn parts_are_found_and_put_together_again() {
        let parts = parts(BODY, "BND").unwrap();
        let seen: Vec<_> =
            parts.iter().map(|p| (p.name.as_str(), p.filename.as_deref(), p.body)).collect();
        assert_eq!(seen, [("image", Some("a b.png"), &b"PN\r\nG"[..]), ("model", None, b"m")]);
        assert_eq!(join(&parts, "BND"), BODY);
    }

    #[track_caller]
    fn check(body: &[u8], expected: Option<usize>) {
        assert_eq!(parts(body, "BND").map(|p| p.len()), expected);
    }

    #[test]
    fn odd_bodies() {
        check(b"garbage", None);
        check(b"", None);
        check(b"--BND--\r\n", Some(0));
        check(b"--BND\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n\r\n--BND--", Some(1));
        check(b"--BND\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\ncut", None);
    }

    #[test]
    fn boundaries() {
        assert_eq!(boundary("multipart/form-data; boundary=BND").as_deref(), Some("BND"));
        assert_eq!(
            boundary("multipart/form-data; charset=x; boundary=\"a b\"").as_deref(),
            Some("a b")
        );
        assert_eq!(boundary("application/json"), None);
        assert_eq!(boundary("application/json; boundary=x"), None);
    }
}
