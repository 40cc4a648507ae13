//! Another site: it answers as it is told, and remembers what it was asked.
//!
//! Invariant: it listens on loopback only, and ends with its value.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

use crate::trouble::Outcome;

/// Status line and headers without the last blank line, then the body.
pub type Said = (String, Vec<u8>);

/// A header that a [`Said`] may have: its body is sent 1.5 s after its headers.
pub const SLOW_BODY: &str = "\r\nx-slow-body: 1";

/// A site.
#[derive(Debug)]
pub struct Host {
    /// `http://127.0.0.1:PORT`.
    pub address: String,
    asked: Arc<Mutex<Vec<String>>>,
    work: JoinHandle<()>,
}

impl Host {
    /// Starts it on a free port. `answer` is given the path.
    pub async fn start(answer: impl Fn(&str) -> Said + Send + Sync + 'static) -> Outcome<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await.map_err(|e| e.to_string())?;
        let address = listener.local_addr().map_err(|e| e.to_string())?;
        let asked: Arc<Mutex<Vec<String>>> = Arc::default();
        let (answer, heard) = (Arc::new(answer), asked.clone());
        let work = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (answer, heard) = (answer.clone(), heard.clone());
                tokio::spawn(async move {
                    // A browser that goes away is none of its business.
                    let _ = serve(stream, &*answer, &heard).await;
                });
            }
        });
        Ok(Self { address: format!("http://{address}"), asked, work })
    }

    /// A static host of these files, any site may read them; `config` in the place of `config.json`.
    pub async fn of_folder(folder: PathBuf, config: String) -> Outcome<Self> {
        Self::start(move |path| {
            let path = path.split('?').next().unwrap_or_default();
            match path {
                "/config.json" => (head("application/json"), config.clone().into_bytes()),
                "/" => file(&folder, "index.html"),
                path => file(&folder, path.trim_start_matches('/')),
            }
        })
        .await
    }

    /// The heads of all requests so far.
    pub fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        self.work.abort();
    }
}

/// The head of an answer of this type that any site may read.
pub fn head(kind: &str) -> String {
    format!("HTTP/1.1 200 OK\r\naccess-control-allow-origin: *\r\ncontent-type: {kind}")
}

/// A file of a folder, of the type that its name says.
pub fn file(folder: &Path, name: &str) -> Said {
    let kind = match name.rsplit_once('.').map(|(_, end)| end) {
        Some("html") => "text/html",
        Some("js") => "text/javascript",
        Some("wasm") => "application/wasm",
        Some("json" | "webmanifest") => "application/json",
        Some("css") => "text/css",
        Some(_) | None => "application/octet-stream",
    };
    match std::fs::read(folder.join(name)) {
        Ok(bytes) => (head(kind), bytes),
        Err(_) => ("HTTP/1.1 404 Not Found".to_owned(), Vec::new()),
    }
}

async fn serve(
    mut stream: TcpStream,
    answer: &(dyn Fn(&str) -> Said + Send + Sync),
    heard: &Mutex<Vec<String>>,
) -> std::io::Result<()> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await?);
    }
    let head = String::from_utf8_lossy(&head).into_owned();
    let path = head.split(' ').nth(1).unwrap_or("/").to_owned();
    // Whoever closes before all was read breaks the connection.
    let length = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse().ok())?
    });
    tokio::io::copy(&mut (&mut stream).take(length.unwrap_or(0)), &mut tokio::io::sink()).await?;
    heard.lock().unwrap_or_else(PoisonError::into_inner).push(head);
    let (said, body) = answer(&path);
    stream.write_all(format!("{said}\r\nconnection: close\r\n\r\n").as_bytes()).await?;
    if said.contains(SLOW_BODY) {
        tokio::time::sleep(Duration::from_millis(1500)).await;
    }
    stream.write_all(&body).await?;
    stream.shutdown().await
}
