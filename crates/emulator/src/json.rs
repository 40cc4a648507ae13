//! JSON as the two programs in the way see it: Go's encoder (kubeai) and Python's (ComfyUI).
//!
//! Integers keep all their digits, floats may be `NaN`, objects keep their order; so what each of
//! the two does to a number can be told apart. Invariant: nothing here knows what a value means.

use std::fmt::Write;
use std::sync::Arc;

/// A JSON value. `Raw` is text that is already JSON and is printed as it is.
#[derive(Clone, Debug, PartialEq)]
pub enum Json {
    Null,
    Bool(bool),
    Int(i128),
    Float(f64),
    Str(String),
    List(Vec<Json>),
    Map(Vec<(String, Json)>),
    Raw(Arc<str>),
}

impl From<&str> for Json {
    fn from(text: &str) -> Self {
        Json::Str(text.to_owned())
    }
}
impl From<String> for Json {
    fn from(text: String) -> Self {
        Json::Str(text)
    }
}
impl From<u64> for Json {
    fn from(n: u64) -> Self {
        Json::Int(i128::from(n))
    }
}
impl From<bool> for Json {
    fn from(b: bool) -> Self {
        Json::Bool(b)
    }
}

/// An object from pairs: `map([("a", Json::Null)])`.
pub fn map<const N: usize>(pairs: [(&str, Json); N]) -> Json {
    Json::Map(pairs.into_iter().map(|(k, v)| (k.to_owned(), v)).collect())
}

/// A list of strings.
pub fn strings<'a>(items: impl IntoIterator<Item = &'a str>) -> Json {
    Json::List(items.into_iter().map(Json::from).collect())
}

impl Json {
    /// The member `key`, when this is an object that has it.
    pub fn get(&self, key: &str) -> Option<&Json> {
        self.as_map()?.iter().find(|(k, _)| k == key).map(|(_, v)| v)
    }

    /// The text, when this is a string.
    pub fn as_str(&self) -> Option<&str> {
        if let Json::Str(text) = self { Some(text) } else { None }
    }

    /// The members, when this is an object.
    pub fn as_map(&self) -> Option<&[(String, Json)]> {
        if let Json::Map(pairs) = self { Some(pairs) } else { None }
    }

    /// The items, when this is a list.
    pub fn as_list(&self) -> Option<&[Json]> {
        if let Json::List(items) = self { Some(items) } else { None }
    }

    /// The number as a float, when this is a number.
    pub fn as_f64(&self) -> Option<f64> {
        match self {
            Json::Int(n) => Some(*n as f64),
            Json::Float(f) => Some(*f),
            Json::Null
            | Json::Bool(_)
            | Json::Str(_)
            | Json::List(_)
            | Json::Map(_)
            | Json::Raw(_) => None,
        }
    }

    /// Sets member `key`, keeping its place when it is there already; only for objects.
    pub fn set(&mut self, key: &str, value: Json) {
        if let Json::Map(pairs) = self {
            match pairs.iter_mut().find(|(k, _)| k == key) {
                Some((_, old)) => *old = value,
                None => pairs.push((key.to_owned(), value)),
            }
        }
    }

    /// As Python's `json.dumps`: `", "`, `": "`, ASCII only, `NaN` allowed.
    pub fn python(&self) -> String {
        let mut out = String::with_capacity(256);
        print(self, Style::Python, &mut out);
        out
    }

    /// As Go's `json.Marshal` of a `map[string]any`: sorted keys, no blanks, `<`, `>`, `&` escaped.
    /// With `exact` integers keep their digits, otherwise every number passes through a float64.
    pub fn go(&self, exact: bool) -> String {
        let mut out = String::with_capacity(256);
        print(self, if exact { Style::GoExact } else { Style::Go }, &mut out);
        out
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Style {
    Python,
    Go,
    GoExact,
}

fn print(value: &Json, style: Style, out: &mut String) {
    match value {
        Json::Null => out.push_str("null"),
        Json::Bool(b) => out.push_str(if *b { "true" } else { "false" }),
        Json::Int(n) if style == Style::Go => out.push_str(&go_float(*n as f64)),
        Json::Int(n) => {
            let _ = write!(out, "{n}");
        }
        Json::Float(f) if style == Style::Python => out.push_str(&python_float(*f)),
        Json::Float(f) => out.push_str(&go_float(*f)),
        Json::Str(text) => quote(text, style, out),
        Json::Raw(text) => out.push_str(text),
        Json::List(items) => {
            out.push('[');
            for (i, item) in items.iter().enumerate() {
                separate(i, style, out);
                print(item, style, out);
            }
            out.push(']');
        }
        Json::Map(pairs) if style == Style::Python => print_pairs(pairs.iter(), style, out),
        Json::Map(pairs) => {
            let mut sorted: Vec<&(String, Json)> = pairs.iter().collect();
            sorted.sort_by(|a, b| a.0.cmp(&b.0));
            print_pairs(sorted.into_iter(), style, out);
        }
    }
}

fn print_pairs<'a>(
    pairs: impl Iterator<Item = &'a (String, Json)>,
    style: Style,
    out: &mut String,
) {
    out.push('{');
    for (i, (key, value)) in pairs.enumerate() {
        separate(i, style, out);
        quote(key, style, out);
        out.push_str(if style == Style::Python { ": " } else { ":" });
        print(value, style, out);
    }
    out.push('}');
}

fn separate(i: usize, style: Style, out: &mut String) {
    if i > 0 {
        out.push_str(if style == Style::Python { ", " } else { "," });
    }
}

fn quote(text: &str, style: Style, out: &mut String) {
    out.push('"');
    let plain =
        |b: u8| (b' '..=b'~').contains(&b) && !matches!(b, b'"' | b'\\' | b'<' | b'>' | b'&');
    if text.bytes().all(plain) {
        out.push_str(text);
        out.push('"');
        return;
    }
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            ' '..='~' if style == Style::Python => out.push(c),
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' if style != Style::Python => escape(c, out),
            c if style != Style::Python && c >= ' ' => out.push(c),
            c => escape(c, out),
        }
    }
    out.push('"');
}

fn escape(c: char, out: &mut String) {
    let mut units = [0u16; 2];
    for unit in c.encode_utf16(&mut units) {
        let _ = write!(out, "\\u{unit:04x}");
    }
}

/// As Python's `repr(float)`.
pub fn python_float(f: f64) -> String {
    if f.is_nan() {
        return "NaN".to_owned();
    }
    if f.is_infinite() {
        return if f > 0.0 { "Infinity" } else { "-Infinity" }.to_owned();
    }
    let (digits, exponent) = scientific(f);
    if (-4..16).contains(&exponent) {
        let plain = format!("{f}");
        return if plain.contains('.') { plain } else { plain + ".0" };
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{digits}e{sign}{:02}", exponent.abs())
}

/// As Go's `encoding/json` prints a float64.
pub fn go_float(f: f64) -> String {
    let (digits, exponent) = scientific(f);
    if f == 0.0 || (-6..21).contains(&exponent) {
        return format!("{f}");
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{digits}e{sign}{:02}", exponent.abs()).replace("e-0", "e-")
}

fn scientific(f: f64) -> (String, i32) {
    let text = format!("{f:e}");
    match text.split_once('e') {
        Some((digits, exponent)) => (digits.to_owned(), exponent.parse().unwrap_or(0)),
        None => (text, 0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(value: Json, python: &str, go: &str) {
        assert_eq!(value.python(), python);
        assert_eq!(value.go(false), go);
    }

    #[test]
    fn numbers_as_each_prints_them() {
        check(
            Json::Int(18_446_744_073_709_551_615),
            "18446744073709551615",
            "18446744073709552000",
        );
        check(Json::Int(9_007_199_254_740_993), "9007199254740993", "9007199254740992");
        check(Json::Int(-3), "-3", "-3");
        check(Json::Float(7.0), "7.0", "7");
        check(Json::Float(1e21), "1e+21", "1e+21");
        check(Json::Float(1e16), "1e+16", "10000000000000000");
        check(Json::Float(1.5e-7), "1.5e-07", "1.5e-7");
        check(Json::Float(0.95), "0.95", "0.95");
        check(Json::Float(0.0), "0.0", "0");
        assert_eq!(Json::Float(f64::NAN).python(), "NaN");
        assert_eq!(Json::Int(18_446_744_073_709_551_615).go(true), "18446744073709551615");
    }

    #[test]
    fn text_as_each_prints_it() {
        check("<a&b>".into(), "\"<a&b>\"", "\"\\u003ca\\u0026b\\u003e\"");
        check("ü你🦊\n".into(), "\"\\u00fc\\u4f60\\ud83e\\udd8a\\n\"", "\"ü你🦊\\n\"");
    }

    #[test]
    fn order_is_kept_by_python_and_sorted_by_go() {
        check(
            map([("b", Json::Null), ("a", strings(["x", "y"]))]),
            r#"{"b": null, "a": ["x", "y"]}"#,
            r#"{"a":["x","y"],"b":null}"#,
        );
    }
}
