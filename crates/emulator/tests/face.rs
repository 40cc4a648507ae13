//! The program itself: its first line, its control, how connections end.
#![allow(clippy::unwrap_used)] // A test may end at once.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

struct Program {
    child: Child,
    address: String,
}

impl Program {
    fn start(args: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_pilotlight-emulator"))
            .args(["--listen", "127.0.0.1:0"])
            .args(args)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address = line
            .trim()
            .strip_prefix("emulator listening on http://")
            .unwrap_or_else(|| panic!("{line}"))
            .to_owned();
        Self { child, address }
    }

    fn send(&self, method: &str, path: &str, body: &str) -> TcpStream {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        write!(stream, "{method} {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{body}", self.address, body.len()).unwrap();
        stream
    }

    /// Everything the connection brings until it ends.
    fn ask(&self, method: &str, path: &str, body: &str) -> String {
        let mut out = Vec::new();
        // A connection that is reset has brought what it has brought.
        let _ = self.send(method, path, body).read_to_end(&mut out);
        String::from_utf8_lossy(&out).into_owned()
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

const MODEL: &str = r#"{"model":"serverless-comfyui"}"#;

#[test]
fn requests_and_control() {
    let program = Program::start(&["--scenario", "warm"]);
    assert!(
        program
            .ask("GET", "/openai/api/queue", MODEL)
            .ends_with(r#"{"queue_running": [], "queue_pending": []}"#)
    );
    assert!(program.ask("GET", "/__emulator/log", "").contains(r#""path": "/openai/api/queue""#));
    assert!(program.ask("GET", "/__emulator/state", "").contains(r#""state": "ready""#));
    let refused = program.ask("POST", "/__emulator/set", r#"{"nonsense": 1}"#);
    assert!(
        refused.starts_with("HTTP/1.1 400")
            && refused.contains("There is no parameter \"nonsense\""),
        "{refused}"
    );
    assert!(program.ask("POST", "/__emulator/set", r#"{"speed": 0}"#).starts_with("HTTP/1.1 400"));
    assert!(program.ask("GET", "/__emulator/nonsense", "").starts_with("HTTP/1.1 404"));
    assert!(
        program.ask("POST", "/__emulator/set", r#"{"kill": true}"#).starts_with("HTTP/1.1 200")
    );
    assert!(program.ask("GET", "/__emulator/state", "").contains(r#""state": "starting""#));
}

#[test]
fn resets_and_cuts_reach_the_client() {
    let program = Program::start(&[
        "--scenario",
        "warm",
        "--set",
        r#"faults=["* /queue reset", "* /queue cut"]"#,
    ]);
    assert_eq!(program.ask("GET", "/openai/api/queue", MODEL), "");
    let cut = program.ask("GET", "/openai/api/queue", MODEL);
    assert!(
        cut.to_lowercase().contains("content-length: 42")
            && cut.ends_with(r#"{"queue_running": [], "#.trim_end_matches(' ')),
        "{cut}"
    );
    assert!(program.ask("GET", "/openai/api/queue", MODEL).ends_with('}'));
}

#[test]
fn a_client_that_leaves_abandons_its_request() {
    let program = Program::start(&["--scenario", "never-starts"]);
    let stream = program.send("GET", "/openai/api/queue", MODEL);
    wait_for(&program, r#""ended": "held""#);
    drop(stream);
    wait_for(&program, r#""ended": "abandoned""#);
}

fn wait_for(program: &Program, part: &str) {
    let began = Instant::now();
    while !program.ask("GET", "/__emulator/log", "").contains(part) {
        assert!(began.elapsed() < Duration::from_secs(10), "no {part} in the log");
        std::thread::sleep(Duration::from_millis(10));
    }
}

#[test]
fn time_passes_as_fast_as_told() {
    let program = Program::start(&["--scenario", "cold", "--speed", "100"]);
    let began = Instant::now();
    assert!(program.ask("GET", "/openai/api/system_stats", MODEL).starts_with("HTTP/1.1 200"));
    assert!((190..3_000).contains(&began.elapsed().as_millis()), "20 s took {:?}", began.elapsed());
}
