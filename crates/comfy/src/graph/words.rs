//! What the editor does to texts before it sends them: one of `{a|b}`, comments, `%date:…%` and
//! `%Node.widget%`.
//! Invariant: time is linear in the text, times how deep its braces nest.

use super::Moment;
use crate::number::shown;
use serde_json::Value;

/// Deeper braces than anybody writes.
const MAX_BRACES: usize = 32;

/// Draws one of several, always the same for the same seed (SplitMix64).
pub(super) struct Draw(pub(super) u64);

impl Draw {
    /// A number in `0..count`, 0 for none.
    fn below(&mut self, count: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((bits ^ (bits >> 31)) % (count as u64).max(1)) as usize
    }
}

/// A text with one of each `{a|b}` in its place and without comments; `None`: braces nest deeper
/// than 32.
pub(super) fn dynamic(text: &str, draw: &mut Draw) -> Option<String> {
    chosen(text, draw, MAX_BRACES)
}

fn chosen(text: &str, draw: &mut Draw, depth: usize) -> Option<String> {
    let text = without_comments(text);
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(char) = chars.next() {
        match char {
            '\\' => {
                out.push(char);
                out.extend(chars.next());
            }
            '{' => {
                let options = options(&mut chars);
                let at = if options.len() > 1 { draw.below(options.len()) } else { 0 };
                let option = options.get(at).map_or("", String::as_str);
                out.push_str(&chosen(option, draw, depth.checked_sub(1)?)?);
            }
            _ => out.push(char),
        }
    }
    Some(unescaped(&out))
}

/// What stands in braces, up to their end or the text's.
fn options(chars: &mut std::str::Chars) -> Vec<String> {
    let (mut options, mut option, mut depth) = (Vec::new(), String::new(), 0_usize);
    while let Some(char) = chars.next() {
        match char {
            '\\' => {
                option.push(char);
                option.extend(chars.next());
                continue;
            }
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            '|' if depth == 0 => {
                options.push(std::mem::take(&mut option));
                continue;
            }
            _ => {}
        }
        option.push(char);
    }
    options.push(option);
    options
}

fn unescaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(char) = chars.next() {
        let next = chars.peek().filter(|_| char == '\\');
        match next {
            Some('{' | '}' | '|') => out.extend(chars.next()),
            Some(_) | None => out.push(char),
        }
    }
    out
}

/// Without `/* … */`, and without `//` up to the end of its line.
fn without_comments(text: &str) -> String {
    let bytes = text.as_bytes();
    let pair = |at: usize| bytes.get(at..at + 2);
    let last_end = (0..bytes.len()).rev().find(|at| pair(*at) == Some(b"*/"));
    let mut out = String::with_capacity(text.len());
    let (mut at, mut kept) = (0, 0);
    while at < bytes.len() {
        let end = match pair(at) {
            Some(b"/*") if last_end.is_some_and(|end| end >= at + 2) => {
                (at + 2..bytes.len()).find(|end| pair(*end) == Some(b"*/")).map(|end| end + 2)
            }
            Some(b"//") => {
                let line = text.get(at..).unwrap_or_default();
                let breaks = ['\n', '\r', '\u{2028}', '\u{2029}'];
                Some(line.find(breaks).map_or(bytes.len(), |length| at + length))
            }
            Some(_) | None => None,
        };
        match end {
            Some(end) => {
                out.push_str(text.get(kept..at).unwrap_or_default());
                (at, kept) = (end, end);
            }
            None => at += 1,
        }
    }
    out.push_str(text.get(kept..).unwrap_or_default());
    out
}

/// A text with its `%…%` filled in; `find` knows the value of a node's widget. What nobody knows
/// stays.
pub(super) fn replaced<'v>(
    text: &str,
    moment: &Moment,
    find: impl Fn(&str, &str) -> Option<&'v Value>,
) -> String {
    let mut out = String::with_capacity(text.len());
    let mut parts = text.split('%').peekable();
    out.push_str(parts.next().unwrap_or_default());
    while let Some(part) = parts.next() {
        // Without a percent sign behind it, or with nothing between the two, it is no name.
        if parts.peek().is_none() || part.is_empty() {
            out.push('%');
            out.push_str(part);
            continue;
        }
        let filled = match (part.split_once('.'), part.strip_prefix("date:")) {
            (Some((node, widget)), _) if !widget.contains('.') => find(node, widget).map(file_name),
            (_, Some(pattern)) if part.split('.').count() != 2 => Some(dated(pattern, moment)),
            _ => None,
        };
        match filled {
            Some(filled) => {
                out.push_str(&filled);
                out.push_str(parts.next().unwrap_or_default());
            }
            None => {
                out.push('%');
                out.push_str(part);
                if parts.peek().is_some() {
                    // The second sign belongs to what was not filled in.
                    out.push('%');
                    out.push_str(parts.next().unwrap_or_default());
                }
            }
        }
    }
    out
}

/// A value as a part of a file's name.
fn file_name(value: &Value) -> String {
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => shown(number),
        Value::Null => String::new(),
        Value::Bool(_) | Value::Array(_) | Value::Object(_) => crate::json::text(value),
    };
    let odd = |c: char| {
        matches!(c, '/' | '?' | '<' | '>' | '\\' | ':' | '*' | '|' | '"') || c.is_ascii_control()
    };
    text.chars().map(|c| if odd(c) { '_' } else { c }).collect()
}

/// `yyyy-MM-dd hh:mm:ss`, any of them once or twice.
fn dated(pattern: &str, moment: &Moment) -> String {
    let mut out = String::new();
    let mut rest = pattern;
    while let Some(first) = rest.chars().next() {
        let count = rest.chars().take_while(|c| *c == first).count();
        let number = match first {
            'd' => moment.day,
            'M' => moment.month,
            'h' => moment.hour,
            'm' => moment.minute,
            's' => moment.second,
            _ => 0,
        };
        let taken = match first {
            'y' if count >= 4 => {
                out.push_str(&moment.year.to_string());
                4
            }
            'y' if count == 3 => {
                out.push_str("yyy");
                3
            }
            'y' if count == 2 => {
                let year = moment.year.to_string();
                out.push_str(year.get(2..).unwrap_or_default());
                2
            }
            'd' | 'M' | 'h' | 'm' | 's' => {
                let number = number.to_string();
                if count > 1 && number.len() < 2 {
                    out.push('0');
                }
                out.push_str(&number);
                count.min(2)
            }
            other => {
                out.push(other);
                other.len_utf8()
            }
        };
        rest = rest.get(taken..).unwrap_or_default();
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(dynamic(text, &mut Draw(1)).as_deref(), Some(expected), "{text}");
    }

    #[test]
    fn braces_comments_and_escapes_go() {
        check("plain", "plain");
        check("{a}", "a");
        check("{{x}} {}", "x ");
        check("{same|same|{same}}", "same");
        check(r"\{a\|b\}", "{a|b}");
        check(r"{\{a\}}", "{a}");
        check("https://host/path\nnext", "https:\nnext");
        check("a /* b\n{c} */ d", "a  d");
        check("a /* b", "a /* b");
        check("/*/ b */c", "c");
        check("{open|open", "open");
        check("over}", "over}");
        check("猫 {犬} // 鸟", "猫 犬 ");
        check("ends in \\", "ends in \\");
        let text = "{a|b|c}".repeat(40);
        let drawn = dynamic(&text, &mut Draw(7)).unwrap_or_default();
        assert!(["a", "b", "c"].iter().all(|letter| drawn.contains(letter)), "{drawn}");
        assert_eq!(Some(drawn), dynamic(&text, &mut Draw(7)));
        assert_eq!(dynamic(&"{".repeat(100), &mut Draw(1)), None);
        assert_eq!(
            dynamic(&"/* ".repeat(100_000), &mut Draw(1)).map(|text| text.len()),
            Some(300_000)
        );
    }

    #[track_caller]
    fn check_replaced(text: &str, expected: &str) {
        let moment =
            Moment { year: 2026, month: 3, day: 9, hour: 14, minute: 5, second: 0, draw: 0 };
        let (seed, name) = (json!(7), json!("a/b:c"));
        let find = |node: &str, widget: &str| match (node, widget) {
            ("KSampler", "seed") => Some(&seed),
            ("KSampler", "name") => Some(&name),
            _ => None,
        };
        assert_eq!(replaced(text, &moment, find), expected, "{text}");
    }

    #[test]
    fn names_and_dates_are_filled_in() {
        check_replaced("plain 50%", "plain 50%");
        check_replaced("%date:yyyy-MM-dd%", "2026-03-09");
        check_replaced("%date:yy.M.d hh:m:ss%x", "26.3.9 14:5:00x");
        check_replaced("%date:yyy yyyyy d%", "yyy 2026y 9");
        check_replaced("%KSampler.seed%_%KSampler.name%", "7_a_b_c");
        check_replaced(
            "%KSampler.none% %Other.seed% %width%",
            "%KSampler.none% %Other.seed% %width%",
        );
        check_replaced("%%KSampler.seed%", "%7");
        check_replaced("100% %KSampler.seed%", "100% %KSampler.seed%");
        check_replaced("", "");
    }
}
