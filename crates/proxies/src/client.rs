//! A client that sends exactly what it is told, which no browser and no library does.
//!
//! Invariant: every wait has an end.

use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::Outcome;

/// Longer than the longest hold of the tests.
const PATIENCE: Duration = Duration::from_secs(180);

/// A whole answer.
#[derive(Debug, Default)]
pub struct Reply {
    /// 0 when none came.
    pub status: u16,
    /// Names in small letters.
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Reply {
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut all = self.headers.iter().filter(|(known, _)| known == name);
        let first = all.next().map(|(_, value)| value.as_str());
        assert!(all.next().is_none(), "{name} is there twice: {:?}", self.headers);
        first
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The sentence of an answer that the proxy wrote itself, and marked so.
    pub fn sentence(&self) -> Option<String> {
        if self.header("x-pilotlight-relay") != Some("1") {
            return None;
        }
        let json: serde_json::Value = serde_json::from_slice(&self.body).ok()?;
        let is_json = self.header("content-type") == Some("application/json");
        json["error"].as_str().filter(|_| is_json).map(str::to_owned)
    }
}

/// What is sent.
#[derive(Debug, Clone)]
pub struct Request<'a> {
    pub method: &'a str,
    pub path: &'a str,
    pub headers: Vec<(&'a str, &'a str)>,
    pub body: &'a [u8],
    /// Says that it comes from a script or a program, not from an element of some page.
    pub is_from_script: bool,
}

impl<'a> Request<'a> {
    pub fn new(method: &'a str, path: &'a str) -> Self {
        Self { method, path, headers: Vec::new(), body: &[], is_from_script: true }
    }

    #[must_use]
    pub fn with(mut self, name: &'a str, value: &'a str) -> Self {
        self.headers.push((name, value));
        self
    }

    #[must_use]
    pub fn body(mut self, body: &'a [u8]) -> Self {
        self.body = body;
        self
    }

    /// As an image, a link or a form of some page would send it.
    #[must_use]
    pub fn not_from_script(mut self) -> Self {
        self.is_from_script = false;
        self
    }

    /// The first lines, with the blank one.
    pub fn head(&self, host: &str) -> String {
        let mut head = format!("{} {} HTTP/1.1\r\n", self.method, self.path);
        let mut line = |name: &str, value: &str| head.push_str(&format!("{name}: {value}\r\n"));
        if !self.headers.iter().any(|(name, _)| *name == "host") {
            line("host", host);
        }
        line("connection", "close");
        if self.is_from_script {
            line("x-pilotlight", "1");
        }
        let is_chunked = self.headers.iter().any(|(name, _)| *name == "transfer-encoding");
        if self.method == "POST" && !is_chunked {
            line("content-length", &self.body.len().to_string());
        }
        for (name, value) in &self.headers {
            line(name, value);
        }
        head + "\r\n"
    }

    /// Sends it and reads the answer to its end.
    ///
    /// # Errors
    /// When there is no answer, or half of one.
    pub async fn send(&self, address: &str) -> Outcome<Reply> {
        let mut stream = connect(address).await?;
        write(&mut stream, self.head(address).as_bytes()).await;
        write(&mut stream, self.body).await;
        if self.method == "HEAD" {
            return Ok(read_head(&mut stream).await?.0);
        }
        read(&mut stream).await
    }
}

/// # Errors
/// When nobody listens there.
pub async fn connect(address: &str) -> Outcome<TcpStream> {
    TcpStream::connect(address).await.map_err(|error| format!("{address}: {error}"))
}

/// Whoever answers early need not read all of it, so that this fails is no failure.
pub async fn write(stream: &mut TcpStream, bytes: &[u8]) {
    let _ = stream.write_all(bytes).await;
}

/// Reads an answer until the connection ends.
///
/// # Errors
/// When it is no answer, or is cut off.
pub async fn read(stream: &mut TcpStream) -> Outcome<Reply> {
    let (mut reply, rest) = read_head(stream).await?;
    let mut body = rest;
    let reading = timeout(PATIENCE, stream.read_to_end(&mut body));
    reading.await.map_err(|_| "the answer has no end")?.map_err(|e| format!("cut off: {e}"))?;
    reply.body = if reply.header("transfer-encoding").is_some() { dechunked(&body)? } else { body };
    let length = reply.header("content-length").and_then(|length| length.parse().ok());
    if length.is_some_and(|length: usize| length != reply.body.len()) {
        return Err(format!("{} bytes of {length:?} came", reply.body.len()));
    }
    Ok(reply)
}

/// Reads all that comes until the connection ends.
///
/// # Errors
/// When it does not end, or is cut off.
pub async fn read_all(stream: &mut TcpStream) -> Outcome<Vec<u8>> {
    let mut bytes = Vec::new();
    let reading = timeout(PATIENCE, stream.read_to_end(&mut bytes));
    reading.await.map_err(|_| "the answer has no end")?.map_err(|e| format!("cut off: {e}"))?;
    Ok(bytes)
}

/// Reads status and headers; with them comes what of the body arrived already, as it was sent.
///
/// # Errors
/// When it is no answer.
pub async fn read_head(stream: &mut TcpStream) -> Outcome<(Reply, Vec<u8>)> {
    let mut bytes = Vec::new();
    let end = loop {
        if let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            break end;
        }
        let read = timeout(PATIENCE, stream.read_buf(&mut bytes));
        let count = read.await.map_err(|_| "no answer came")?.map_err(|e| format!("reset: {e}"))?;
        if count == 0 {
            return Err(format!("no answer, but {:?}", String::from_utf8_lossy(&bytes)));
        }
    };
    let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
    let mut lines = head.split("\r\n");
    let status = lines.next().and_then(|line| line.split(' ').nth(1)).and_then(|s| s.parse().ok());
    let headers = lines.filter_map(|line| line.split_once(':'));
    let headers = headers.map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()));
    let status = status.ok_or_else(|| format!("no answer, but {head:?}"))?;
    let reply = Reply { status, headers: headers.collect(), body: Vec::new() };
    Ok((reply, bytes.split_off(end + 4)))
}

fn dechunked(mut bytes: &[u8]) -> Outcome<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let end = bytes.windows(2).position(|two| two == b"\r\n").ok_or("a piece has no size")?;
        let size =
            std::str::from_utf8(&bytes[..end]).ok().and_then(|s| usize::from_str_radix(s, 16).ok());
        let size = size.ok_or("a piece has no size")?;
        bytes = &bytes[end + 2..];
        if size == 0 {
            return Ok(body);
        }
        if bytes.len() < size + 2 {
            return Err("a piece is cut off".to_owned());
        }
        body.extend_from_slice(&bytes[..size]);
        bytes = &bytes[size + 2..];
    }
}
