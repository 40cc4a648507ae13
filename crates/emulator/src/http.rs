//! Requests and answers as plain values.
//!
//! Invariant: no connection, no clock; an answer says what a client would meet, the face makes it so.

/// Names one request that is in the world, from its arrival to its answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ticket(pub u64);

/// Header lines, in order; names in any case.
pub type Headers = Vec<(String, String)>;

/// A request as it arrives at the gateway. `path` is still percent-encoded, `query` comes without `?`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Request {
    pub method: String,
    pub path: String,
    pub query: String,
    pub headers: Headers,
    pub body: Vec<u8>,
}

impl Request {
    /// A request without body; `target` may hold a query.
    pub fn new(method: &str, target: &str) -> Self {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        Self {
            method: method.to_owned(),
            path: path.to_owned(),
            query: query.to_owned(),
            ..Self::default()
        }
    }

    /// The same request with one more header.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The same request with `body` of the given content type.
    #[must_use]
    pub fn with_body(self, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        let mut with = self.header("Content-Type", content_type);
        with.body = body.into();
        with
    }

    /// The first header of that name.
    pub fn get_header(&self, name: &str) -> Option<&str> {
        find(&self.headers, name)
    }
}

/// A whole answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    pub status: u16,
    pub headers: Headers,
    pub body: Vec<u8>,
}

impl Reply {
    /// An answer without body or headers.
    pub fn empty(status: u16) -> Self {
        Self { status, headers: Vec::new(), body: Vec::new() }
    }

    /// An answer with a body of the given type.
    pub fn new(status: u16, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        Self {
            status,
            headers: vec![("Content-Type".to_owned(), content_type.to_owned())],
            body: body.into(),
        }
    }

    /// The same answer with one more header.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The first header of that name.
    pub fn get_header(&self, name: &str) -> Option<&str> {
        find(&self.headers, name)
    }
}

/// What a client meets in the end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// A whole reply.
    Reply(Reply),
    /// The connection ends without one byte.
    Reset,
    /// The connection ends in the middle: `reply.body` is what came of the `length` bytes promised.
    Cut { reply: Reply, length: usize },
}

impl Answer {
    /// The status a client gets to see, if any.
    pub fn status(&self) -> Option<u16> {
        match self {
            Answer::Reply(reply) | Answer::Cut { reply, .. } => Some(reply.status),
            Answer::Reset => None,
        }
    }
}

fn find<'a>(headers: &'a Headers, name: &str) -> Option<&'a str> {
    headers.iter().find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, v)| v.as_str())
}

/// The first query value of that name, decoded; `+` is a blank.
pub fn query_value(query: &str, name: &str) -> Option<String> {
    query.split('&').find_map(|pair| {
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        (decode(key, true) == name).then(|| decode(value, true))
    })
}

/// Percent-decoding; what is not UTF-8 afterwards becomes U+FFFD.
pub fn decode(text: &str, plus_is_blank: bool) -> String {
    if !text.contains(['%', '+']) {
        return text.to_owned();
    }
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut i = 0;
    while i < bytes.len() {
        let hex = |at: usize| bytes.get(at).and_then(|b| char::from(*b).to_digit(16));
        match (bytes[i], hex(i + 1), hex(i + 2)) {
            (b'%', Some(high), Some(low)) => {
                out.push((high * 16 + low) as u8);
                i += 3;
                continue;
            }
            (b'+', _, _) if plus_is_blank => out.push(b' '),
            (byte, _, _) => out.push(byte),
        }
        i += 1;
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(query: &str, name: &str, expected: Option<&str>) {
        assert_eq!(query_value(query, name).as_deref(), expected, "{query}");
    }

    #[test]
    fn query_values() {
        check("filename=a%20b.png&type=output", "filename", Some("a b.png"));
        check("filename=%E7%8C%AB+1.png", "filename", Some("猫 1.png"));
        check("filename=", "filename", Some(""));
        check("preview=webp;90", "preview", Some("webp;90"));
        check("a=100%", "a", Some("100%"));
        check("", "a", None);
    }
}
