//! Reading JSON the way Go's decoder and Python's `json.loads` read it.
//!
//! Invariant: what Go says of a bad body is Go's own sentence, word for word, since kubeai passes
//! it on to the person.

use crate::json::Json;

/// Why a text is not JSON, in Go's words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Complaint(pub String);

const DEEPEST: usize = 200;

/// As Go's `json.NewDecoder(body).Decode(&v)`: the first value counts, what follows is not read.
pub fn go(bytes: &[u8]) -> Result<Json, Complaint> {
    let text = String::from_utf8_lossy(bytes);
    let mut reader = Reader { text: &text, bytes: text.as_bytes(), at: 0, lenient: false };
    reader.blanks();
    if reader.peek().is_none() {
        return Err(Complaint("EOF".to_owned()));
    }
    reader.value(0)
}

/// As Python's `json.loads`: everything must be one value; `NaN` and `Infinity` are taken.
pub fn python(bytes: &[u8]) -> Option<Json> {
    let text = std::str::from_utf8(bytes).ok()?;
    let mut reader = Reader { text, bytes: text.as_bytes(), at: 0, lenient: true };
    let value = reader.value(0).ok()?;
    reader.blanks();
    reader.peek().is_none().then_some(value)
}

/// The first member with one of `names` of the object that `start` begins, whatever follows it.
pub fn first_member(start: &[u8], names: &[&str]) -> Option<Json> {
    let text = String::from_utf8_lossy(start);
    let mut reader = Reader { text: &text, bytes: text.as_bytes(), at: 0, lenient: true };
    let mut mark = b'{';
    loop {
        reader.blanks();
        if reader.peek() != Some(mark) {
            return None;
        }
        reader.at += 1;
        reader.blanks();
        let name = reader.value(0).ok()?;
        reader.blanks();
        if reader.peek() != Some(b':') {
            return None;
        }
        reader.at += 1;
        let value = reader.value(0).ok()?;
        if name.as_str().is_some_and(|name| names.contains(&name)) {
            return Some(value);
        }
        mark = b',';
    }
}

struct Reader<'a> {
    text: &'a str,
    /// The bytes of `text`.
    bytes: &'a [u8],
    at: usize,
    lenient: bool,
}

impl Reader<'_> {
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn blanks(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\n' | b'\r' | b'\t')) {
            self.at += 1;
        }
    }

    /// What is wrong at the present byte: its name and where it stands, or that the text ended.
    fn bad<T>(&self, place: &str) -> Result<T, Complaint> {
        Err(Complaint(match self.peek() {
            None => "unexpected EOF".to_owned(),
            Some(byte) => format!("invalid character {} {place}", quoted(byte)),
        }))
    }

    fn value(&mut self, depth: usize) -> Result<Json, Complaint> {
        self.blanks();
        if depth > DEEPEST {
            return Err(Complaint("exceeded max depth".to_owned()));
        }
        match self.peek() {
            Some(b'{') => self.object(depth),
            Some(b'[') => self.list(depth),
            Some(b'"') => Ok(Json::Str(self.string()?)),
            Some(b't') => self.word("true", Json::Bool(true)),
            Some(b'f') => self.word("false", Json::Bool(false)),
            Some(b'n') => self.word("null", Json::Null),
            Some(b'N') if self.lenient => self.word("NaN", Json::Float(f64::NAN)),
            Some(b'I') if self.lenient => self.word("Infinity", Json::Float(f64::INFINITY)),
            Some(b'-') if self.lenient && self.bytes.get(self.at + 1) == Some(&b'I') => {
                self.word("-Infinity", Json::Float(f64::NEG_INFINITY))
            }
            Some(b'-' | b'0'..=b'9') => self.number(),
            _ => self.bad("looking for beginning of value"),
        }
    }

    fn word(&mut self, word: &str, value: Json) -> Result<Json, Complaint> {
        for expected in word.bytes() {
            if self.peek() != Some(expected) {
                return self.bad(&format!("in literal {word} (expecting {})", quoted(expected)));
            }
            self.at += 1;
        }
        Ok(value)
    }

    fn object(&mut self, depth: usize) -> Result<Json, Complaint> {
        self.at += 1;
        let mut pairs: Vec<(String, Json)> = Vec::new();
        self.blanks();
        if self.peek() == Some(b'}') {
            self.at += 1;
            return Ok(Json::Map(pairs));
        }
        loop {
            self.blanks();
            if self.peek() != Some(b'"') {
                return self.bad("looking for beginning of object key string");
            }
            let key = self.string()?;
            self.blanks();
            if self.peek() != Some(b':') {
                return self.bad("after object key");
            }
            self.at += 1;
            let value = self.value(depth + 1)?;
            match pairs.iter_mut().find(|(k, _)| *k == key) {
                Some((_, old)) => *old = value,
                None => pairs.push((key, value)),
            }
            self.blanks();
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(b'}') => {
                    self.at += 1;
                    return Ok(Json::Map(pairs));
                }
                _ => return self.bad("after object key:value pair"),
            }
        }
    }

    fn list(&mut self, depth: usize) -> Result<Json, Complaint> {
        self.at += 1;
        let mut items = Vec::new();
        self.blanks();
        if self.peek() == Some(b']') {
            self.at += 1;
            return Ok(Json::List(items));
        }
        loop {
            items.push(self.value(depth + 1)?);
            self.blanks();
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(b']') => {
                    self.at += 1;
                    return Ok(Json::List(items));
                }
                _ => return self.bad("after array element"),
            }
        }
    }

    fn string(&mut self) -> Result<String, Complaint> {
        self.at += 1;
        let mut out = String::new();
        loop {
            let start = self.at;
            while matches!(self.peek(), Some(byte) if byte != b'"' && byte != b'\\' && byte >= 0x20)
            {
                self.at += 1;
            }
            // Both ends stand beside an ASCII byte, so they are boundaries of characters.
            out.push_str(self.text.get(start..self.at).unwrap_or(""));
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(out);
                }
                Some(b'\\') => {
                    self.at += 1;
                    let c = self.escaped()?;
                    out.push(c);
                }
                _ => return self.bad("in string literal"),
            }
        }
    }

    fn escaped(&mut self) -> Result<char, Complaint> {
        let c = match self.peek() {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.unicode(),
            _ => return self.bad("in string escape code"),
        };
        self.at += 1;
        Ok(c)
    }

    fn unicode(&mut self) -> Result<char, Complaint> {
        let first = self.four()?;
        if !(0xD800..0xDC00).contains(&first) || !self.bytes[self.at..].starts_with(b"\\u") {
            return Ok(char::from_u32(first).unwrap_or('\u{FFFD}'));
        }
        let before = self.at;
        self.at += 1;
        let second = self.four()?;
        if !(0xDC00..0xE000).contains(&second) {
            self.at = before;
            return Ok('\u{FFFD}');
        }
        let whole = 0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00);
        Ok(char::from_u32(whole).unwrap_or('\u{FFFD}'))
    }

    /// The four digits after a `u`.
    fn four(&mut self) -> Result<u32, Complaint> {
        self.at += 1;
        let mut unit = 0;
        for _ in 0..4 {
            let Some(digit) = self.peek().and_then(|b| char::from(b).to_digit(16)) else {
                return self.bad("in \\u hexadecimal character escape");
            };
            unit = unit * 16 + digit;
            self.at += 1;
        }
        Ok(unit)
    }

    fn digits(&mut self) -> bool {
        let start = self.at;
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        self.at > start
    }

    fn number(&mut self) -> Result<Json, Complaint> {
        let start = self.at;
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        if self.peek() == Some(b'0') {
            self.at += 1;
        } else if !self.digits() {
            return self.bad("in numeric literal");
        }
        let mut whole = true;
        if self.peek() == Some(b'.') {
            self.at += 1;
            whole = false;
            if !self.digits() {
                return self.bad("after decimal point in numeric literal");
            }
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.at += 1;
            whole = false;
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.at += 1;
            }
            if !self.digits() {
                return self.bad("in exponent of numeric literal");
            }
        }
        let text = self.text.get(start..self.at).unwrap_or("");
        if whole && let Ok(n) = text.parse::<i128>() {
            return Ok(Json::Int(n));
        }
        match text.parse::<f64>() {
            Ok(f) if f.is_finite() || self.lenient => Ok(Json::Float(f)),
            _ => Err(Complaint(format!(
                "json: cannot unmarshal number {text} into Go value of type float64"
            ))),
        }
    }
}

/// A byte as Go quotes it in its complaints.
fn quoted(byte: u8) -> String {
    match byte {
        b'\'' => r"'\''".to_owned(),
        b'"' => "'\"'".to_owned(),
        b'\\' => r"'\\'".to_owned(),
        b'\n' => r"'\n'".to_owned(),
        b'\r' => r"'\r'".to_owned(),
        b'\t' => r"'\t'".to_owned(),
        0x20..=0x7E => format!("'{}'", char::from(byte)),
        0xA1..=0xFF => format!("'{}'", char::from(byte)),
        _ => format!("'\\x{byte:02x}'"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_member_is_found_in_the_start_of_a_body() {
        let long = "x".repeat(70_000);
        for (text, found) in [
            (r#"{"key":"a""#, true),
            (r#" { "x" : {"key":"b"} , "access_key" : "a", "key":"b"}"#, true),
            (r#"{"key":"a","key":"b"#, true),
            (r#"{"x":"\"key\":","key":"a"}"#, true),
            (r#"{"x":{"key":"a"}}"#, false),
            (r#"{"key":"a"#, false),
            (r#"[{"key":"a"}]"#, false),
            (r#"{"x" "key":"a"}"#, false),
            (&format!(r#"{{"x":"{long}"#), false),
            ("", false),
        ] {
            let value = first_member(text.as_bytes(), &["access_key", "key"]);
            assert_eq!(value, found.then(|| Json::from("a")), "{text}");
        }
    }

    #[track_caller]
    fn refused(text: &str, complaint: &str) {
        assert_eq!(go(text.as_bytes()), Err(Complaint(complaint.to_owned())), "{text}");
    }

    #[test]
    fn go_complains_in_its_own_words() {
        refused("", "EOF");
        refused("  \n", "EOF");
        refused("{\"model\":", "unexpected EOF");
        refused("hello", "invalid character 'h' looking for beginning of value");
        refused("{a:1}", "invalid character 'a' looking for beginning of object key string");
        refused("{\"a\" 1}", "invalid character '1' after object key");
        refused("{\"a\":1 2}", "invalid character '2' after object key:value pair");
        refused("[1 2]", "invalid character '2' after array element");
        refused("nul!", "invalid character '!' in literal null (expecting 'l')");
        refused("{\"a\":NaN}", "invalid character 'N' looking for beginning of value");
        refused("\"a\nb\"", "invalid character '\\n' in string literal");
        refused("-x", "invalid character 'x' in numeric literal");
        refused("1.x", "invalid character 'x' after decimal point in numeric literal");
        refused("1e999", "json: cannot unmarshal number 1e999 into Go value of type float64");
    }

    #[track_caller]
    fn read(text: &str, expected: Option<&str>) {
        assert_eq!(python(text.as_bytes()).map(|v| v.python()).as_deref(), expected, "{text}");
    }

    #[test]
    fn python_reads_what_python_reads() {
        read("{\"a\":[1,2.50,-0,true,null]}", Some(r#"{"a": [1, 2.5, 0, true, null]}"#));
        read("{\"a\":NaN, \"b\": -Infinity}", Some(r#"{"a": NaN, "b": -Infinity}"#));
        read("\"\\ud83e\\udd8a\\u00fc\"", Some(r#""\ud83e\udd8a\u00fc""#));
        read("18446744073709551616", Some("18446744073709551616"));
        read("{\"a\":1,\"a\":2}", Some(r#"{"a": 2}"#));
        read("{\"a\":1} x", None);
        read("{bad", None);
        read("", None);
        assert_eq!(python(b"\"\xff\xfe\""), None);
    }

    #[test]
    fn go_reads_the_first_value_only() {
        assert_eq!(
            go(b" {\"model\":\"m\"} trailing").map(|v| v.go(false)),
            Ok(r#"{"model":"m"}"#.to_owned())
        );
    }

    #[test]
    fn deep_nesting_is_refused_not_fatal() {
        assert!(go("[".repeat(100_000).as_bytes()).is_err());
        assert_eq!(python("[".repeat(100_000).as_bytes()), None);
    }
}
