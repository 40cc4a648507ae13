//! Parts of a path that a caller chooses: the id of a run, the name of a node class.
//!
//! Invariant: what comes out is one path segment for every reader, however often it decodes.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

/// Everything but the characters that never need encoding.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

const LONGEST_ID: usize = 128;
const LONGEST_CLASS: usize = 256;

/// The id of a run: letters, digits and `-._`, which no server needs encoded.
pub fn run_id(raw: &str) -> Result<String, &'static str> {
    let plain = raw.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._".contains(&b));
    let fits = !raw.is_empty() && raw.len() <= LONGEST_ID;
    if plain && fits && !is_dots(raw) {
        Ok(raw.to_owned())
    } else {
        Err("that cannot be the id of a run")
    }
}

/// The name of a node class: any text without slashes, control characters or a second encoding.
pub fn class_name(raw: &str) -> Result<String, &'static str> {
    const WRONG: &str = "that cannot be the name of a node class";
    let text = percent_decode_str(raw).decode_utf8().map_err(|_| WRONG)?;
    let fits = !text.is_empty() && text.len() <= LONGEST_CLASS;
    let harmless = !text.chars().any(|c| c.is_control() || c == '/' || c == '\\');
    if fits && harmless && !is_dots(&text) && !is_encoded(&text) {
        Ok(utf8_percent_encode(&text, SEGMENT).to_string())
    } else {
        Err(WRONG)
    }
}

fn is_dots(text: &str) -> bool {
    text == "." || text == ".."
}

fn is_encoded(text: &str) -> bool {
    text.as_bytes()
        .windows(3)
        .any(|w| w[0] == b'%' && w[1].is_ascii_hexdigit() && w[2].is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_id(raw: &str, good: bool) {
        assert_eq!(run_id(raw).is_ok(), good, "{raw:?}");
    }

    #[track_caller]
    fn check_class(raw: &str, expected: Option<&str>) {
        assert_eq!(class_name(raw).ok().as_deref(), expected, "{raw:?}");
    }

    #[test]
    fn ids_are_plain() {
        check_id("3f2504e0-4f89-41d3-9a0c-0305e82c3301", true);
        check_id("a.b_c", true);
        check_id(&"x".repeat(128), true);
        check_id(&"x".repeat(129), false);
        for raw in ["", ".", "..", "%2e%2e", "a%2fb", "a b", "a\\b", "ü", "a?b", "a;b", "a\0"] {
            check_id(raw, false);
        }
    }

    #[test]
    fn classes_are_any_text_that_is_one_segment() {
        check_class("LoadImage", Some("LoadImage"));
        check_class("%E5%9B%BE", Some("%E5%9B%BE"));
        check_class("100%25", Some("100%25"));
        let hostile =
            ["", "..", "%2e%2e", "%252e%252e", "a%2Fb", "a%5Cb", "a%00", "%ff", "a%0d%0ab"];
        for raw in hostile {
            check_class(raw, None);
        }
        check_class(&"x".repeat(257), None);
    }
}
