//! `pilotlight-relay`: reads its command line, listens, says where.
//!
//! Invariant: the first line on standard output is the address, printed once it can be used.

use std::io::{self, Write};
use std::process::ExitCode;

use pilotlight_relay::options::{self, Command, Options};
use pilotlight_relay::{Limits, allow_open_files};
use tokio::net::TcpListener;
use tokio::sync::oneshot;

#[tokio::main]
async fn main() -> ExitCode {
    let outcome = match options::parse(std::env::args().skip(1)) {
        Ok(Command::Help) => {
            print!("{}", options::HELP);
            Ok(())
        }
        Ok(Command::Run(options)) => run(*options).await,
        Err(sentence) => Err(sentence),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => {
            eprintln!("pilotlight-relay: {sentence}");
            ExitCode::FAILURE
        }
    }
}

/// Files that are open besides connections: standard streams, libraries, page files on their way.
const OTHER_FILES: u64 = 64;

async fn run(options: Options) -> Result<(), String> {
    let Options { listen, settings, ends_with_stdin } = options;
    let upstream = settings.upstream.to_string();
    let limits = affordable(settings.limits);
    let router = pilotlight_relay::router(settings)?;
    let listener = TcpListener::bind(&listen)
        .await
        .map_err(|error| format!("cannot listen on {listen}: {error}"))?;
    let address = listener.local_addr().map_err(|error| error.to_string())?;
    println!("relay listening on http://{address}");
    println!("relaying to {upstream}");
    io::stdout().flush().map_err(|error| error.to_string())?;
    pilotlight_relay::serve(listener, router, limits, stopped(ends_with_stdin)).await;
    Ok(())
}

/// As many connections as there may be open files: each may need a second one, to the server.
fn affordable(limits: Limits) -> Limits {
    let needed = 2 * limits.connections as u64 + OTHER_FILES;
    let Some(files) = allow_open_files(needed).filter(|files| *files < needed) else {
        return limits;
    };
    let connections = usize::try_from(files.saturating_sub(OTHER_FILES) / 2).unwrap_or(usize::MAX);
    eprintln!("at most {connections} connections at once: only {files} files may be open here");
    Limits { connections, ..limits }
}

/// Ready when somebody wants this program to end.
async fn stopped(ends_with_stdin: bool) {
    let (ended, stdin_ended) = oneshot::channel();
    let mut unused = Some(ended);
    if ends_with_stdin && let Some(ended) = unused.take() {
        // A plain thread: an unfinished read would keep the runtime from ending.
        std::thread::spawn(move || {
            let _ = io::copy(&mut io::stdin(), &mut io::sink());
            let _ = ended.send(());
        });
    }
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        () = terminated() => {}
        _ = stdin_ended => {}
    }
}

#[cfg(unix)]
async fn terminated() {
    use tokio::signal::unix::{SignalKind, signal};
    match signal(SignalKind::terminate()) {
        Ok(mut signal) => {
            signal.recv().await;
        }
        Err(_) => std::future::pending().await,
    }
}

#[cfg(not(unix))]
async fn terminated() {
    std::future::pending().await
}
