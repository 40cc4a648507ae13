//! Which pack a node comes from, as its properties say. Invariant: what has not the shape that the
//! editor's own check asks for is not passed on.

/// The name of a pack or repository: ASCII letters, digits, `_`, `-` and `.`, the last three not at
/// an end.
pub(super) fn is_id(id: &str) -> bool {
    let plain = |c: &u8| c.is_ascii_alphanumeric();
    let good = |c: &u8| plain(c) || matches!(c, b'_' | b'-' | b'.');
    let bytes = id.as_bytes();
    let ends = bytes.first().is_some_and(plain) && bytes.last().is_some_and(plain);
    ends && bytes.len() <= 100 && bytes.iter().all(good)
}

/// `user/name`.
pub(super) fn is_repository(id: &str) -> bool {
    let user =
        |name: &str| name.len() <= 39 && is_id(name) && !name.contains('_') && !name.contains('.');
    id.split_once('/').is_some_and(|(name, repository)| user(name) && is_id(repository))
}

/// A version: `1.2.3`, with or without `v`, `-x` and `+x`; a commit of 4 to 40 hexadecimal digits;
/// `unknown`. It comes without its `v`.
pub(super) fn version(version: &str) -> Option<&str> {
    let bare = version.strip_prefix('v').unwrap_or(version);
    let hash = (4..=40).contains(&bare.len()) && bare.bytes().all(|c| c.is_ascii_hexdigit());
    (hash || is_semantic(bare) || version == "unknown").then_some(bare)
}

fn is_semantic(version: &str) -> bool {
    let (version, build) = match version.split_once('+') {
        Some((version, build)) => (version, Some(build)),
        None => (version, None),
    };
    let (core, before) = match version.split_once('-') {
        Some((core, before)) => (core, Some(before)),
        None => (version, None),
    };
    let number = |part: &str| {
        let digits = !part.is_empty() && part.bytes().all(|c| c.is_ascii_digit());
        digits && (part == "0" || !part.starts_with('0'))
    };
    let letters = |part: &str| {
        !part.is_empty() && part.bytes().all(|c| c.is_ascii_alphanumeric() || c == b'-')
    };
    let tail = |tail: Option<&str>| tail.is_none_or(|tail| tail.split('.').all(letters));
    core.split('.').count() == 3 && core.split('.').all(number) && tail(before) && tail(build)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_what_the_editor_takes_for_one() {
        let table = [
            ("0.3.64", Some("0.3.64")),
            ("v1.0.0", Some("1.0.0")),
            ("1.0.0-rc.1+b-2", Some("1.0.0-rc.1+b-2")),
            ("unknown", Some("unknown")),
            ("1a2b3c4", Some("1a2b3c4")),
            ("nightly", None),
            ("1.0", None),
            ("01.0.0", None),
            ("1.0.0-", None),
            ("", None),
        ];
        for (text, expected) in table {
            assert_eq!(version(text), expected, "{text}");
        }
    }

    #[test]
    fn ids_are_what_the_editor_takes_for_one() {
        let table =
            [("comfy-core", true), ("a.b_c", true), ("-a", false), ("a b", false), ("", false)];
        for (id, expected) in table {
            assert_eq!(is_id(id), expected, "{id}");
        }
        assert!(is_repository("user-1/some.repo_2"));
        assert!(!is_repository("user") && !is_repository("a/b/c") && !is_repository("/b"));
    }
}
