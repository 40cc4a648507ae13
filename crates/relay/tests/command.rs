//! The command line and the program itself.
#![allow(clippy::unwrap_used, reason = "a test ends at the first surprise")]

mod support;

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use pilotlight_relay::options::{self, Command as Parsed};

#[track_caller]
fn check(args: &[&str], expected: &str) {
    match options::parse(args.iter().map(ToString::to_string)) {
        Err(sentence) => assert!(sentence.contains(expected), "{args:?}: {sentence}"),
        Ok(Parsed::Help) => assert_eq!(expected, "help", "{args:?}"),
        Ok(Parsed::Run(options)) => assert_eq!(expected, options.listen, "{args:?}"),
    }
}

/// Like [`check`], for a sentence that must not repeat what may be secret.
#[track_caller]
fn check_silent(args: &[&str], expected: &str, secret: &str) {
    let sentence = options::parse(args.iter().map(ToString::to_string)).unwrap_err();
    let is_silent = sentence.contains(expected) && !sentence.contains(secret);
    assert!(is_silent, "{args:?}: {sentence}");
}

#[tokio::test]
async fn a_command_line_is_understood_or_explained() {
    let world = support::World::kubeai().await;
    let dist = world.folder.path().join("dist").display().to_string();
    let empty = world.folder.path().display().to_string();
    let up = ["--upstream", "https://k.example/openai"];
    let with = |more: &[&'static str]| [&up[..], &["--dist"], more].concat();

    check(&["--help"], "help");
    check(&[], "--upstream is missing");
    check(&["--upstream"], "--upstream needs a value");
    check(&["--upstream", "k.example/openai"], "is not an address the relay can use");
    check(&["--wrong"], "--wrong is not an option");
    check(&[&up[..], &["--dist", &empty]].concat(), "holds no index.html");
    check(&[&up[..], &["--dist", &dist]].concat(), "127.0.0.1:8080");
    check(&[&up[..], &["--dist", &dist, "--listen", "127.0.0.1:0"]].concat(), "127.0.0.1:0");
    check(&with(&["x", "--model", "a\"b"]), "is not a model's name");
    check(&with(&["x", "--token-env", "PILOTLIGHT_NO_SUCH"]), "is not set");
    for secret in ["sk-live-REALTOKEN", "hf_aBcDeF0123456789", "0123456789abcdef0123", "a b"] {
        check_silent(&["--token-env", secret], "not the token", secret);
    }
    check_silent(&["--token=REALTOKEN"], "--token is not an option", "REALTOKEN");
    check_silent(&["sk-live-REALTOKEN"], "a value stands where", "REALTOKEN");
    for address in ["http://user:REALTOKEN@h/openai", "https://h/openai?token=REALTOKEN"] {
        check_silent(&["--upstream", address], "is not an address the relay can use", "REALTOKEN");
        check_silent(&["--host", address], "is not a host name", "REALTOKEN");
        check_silent(&["--allow-origin", address], "is not an origin", "REALTOKEN");
    }
    check(&with(&["x", "--ca", "/no/such/file"]), "cannot read /no/such/file");
    check(&with(&["x", "--host", "https://page.example"]), "is not a host name");
    check(&with(&["x", "--host", "*"]), "each name is given in full");
    check(&with(&["x", "--allow-origin", "https://"]), "is not an origin");
    check(&with(&["x", "--allow-origin", "https://:8080"]), "is not an origin");
    check(&with(&["x", "--max-connections", "0"]), "is not a number of connections");
}

/// What `GET /` is answered under each of these names, by a relay that was started with `args`.
async fn answers(args: &[&str], hosts: &str, asked: &[&str]) -> Vec<u16> {
    let world = support::World::kubeai().await;
    let mut child = Command::new(env!("CARGO_BIN_EXE_pilotlight-relay"))
        .args([
            "--listen",
            "127.0.0.1:0",
            "--until-stdin-closes",
            "--upstream",
            "http://127.0.0.1:9",
        ])
        .arg("--dist")
        .arg(world.folder.path().join("dist"))
        .args(args)
        .env("PILOTLIGHT_HOSTS", hosts)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap());
    let mut line = String::new();
    lines.read_line(&mut line).unwrap();
    let address = line.trim().strip_prefix("relay listening on http://").expect("an address");
    let statuses = asked.iter().map(|name| {
        let mut stream = std::net::TcpStream::connect(address).unwrap();
        write!(stream, "GET / HTTP/1.1\r\nHost: {name}\r\nConnection: close\r\n\r\n").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer.split(' ').nth(1).unwrap().parse().unwrap()
    });
    let statuses = statuses.collect();
    drop(child.stdin.take());
    child.wait().unwrap();
    statuses
}

#[tokio::test]
async fn names_come_from_flags_and_from_the_environment() {
    let asked = ["localhost", "a.example", "b.example:8443", "c.example", "d.example"];
    assert_eq!(answers(&[], "", &asked).await, [200, 421, 421, 421, 421]);
    let flags = ["--host", "a.example", "--host", "B.example."];
    assert_eq!(answers(&flags, "", &asked).await, [200, 200, 200, 421, 421]);
    assert_eq!(answers(&flags, "c.example,d.example", &asked).await, [200; 5]);
    assert_eq!(answers(&[], " c.example\t", &asked).await, [200, 421, 421, 200, 421]);
}

/// The limit of open files is raised as far as it may be, and what does not fit is said.
#[cfg(unix)]
#[tokio::test]
async fn connections_are_as_many_as_open_files_allow() {
    let world = support::World::kubeai().await;
    for (limit, waiting, said) in [("-S", 200, None), ("", 20, Some("at most 32 connections"))] {
        let script = format!("ulimit {limit} -n 128 && exec \"$0\" \"$@\"");
        let mut child = Command::new("sh")
            .args(["-c", &script, env!("CARGO_BIN_EXE_pilotlight-relay")])
            .args(["--listen", "127.0.0.1:0", "--until-stdin-closes"])
            .args(["--upstream", "http://127.0.0.1:9", "--max-connections", "300", "--dist"])
            .arg(world.folder.path().join("dist"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        lines.read_line(&mut line).unwrap();
        let address = line.trim().strip_prefix("relay listening on http://").expect("an address");
        let mut streams: Vec<_> =
            (0..waiting).map(|_| std::net::TcpStream::connect(address).unwrap()).collect();
        // The one that has waited longest is still there, and works.
        let first = &mut streams[0];
        first.write_all(b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").unwrap();
        let mut answer = String::new();
        first.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 200"), "{limit}: {answer}");
        drop(child.stdin.take());
        let mut words = String::new();
        child.stderr.take().unwrap().read_to_string(&mut words).unwrap();
        child.wait().unwrap();
        assert_eq!(said.is_some_and(|said| words.contains(said)), said.is_some(), "{words}");
        assert_eq!(words.is_empty(), said.is_none(), "{words}");
    }
}

#[tokio::test]
async fn the_first_line_is_the_address_and_stdin_ends_it() {
    let world = support::World::kubeai().await;
    let mut child = Command::new(env!("CARGO_BIN_EXE_pilotlight-relay"))
        .args([
            "--listen",
            "127.0.0.1:0",
            "--until-stdin-closes",
            "--upstream",
            "http://127.0.0.1:9",
        ])
        .arg("--dist")
        .arg(world.folder.path().join("dist"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    let mut lines = BufReader::new(child.stdout.take().unwrap());
    lines.read_line(&mut line).unwrap();
    let address = line.trim().strip_prefix("relay listening on http://").expect("an address");
    assert!(std::net::TcpStream::connect(address).is_ok(), "{line}");

    drop(child.stdin.take());
    let deadline = Instant::now() + Duration::from_secs(10);
    while child.try_wait().unwrap().is_none() {
        if Instant::now() > deadline {
            child.kill().unwrap();
            panic!("the relay outlived its standard input");
        }
        std::thread::sleep(Duration::from_millis(20));
    }
}
