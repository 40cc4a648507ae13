//! `pilotlight-emulator`: the pretend cloud on a port.
//!
//! Invariant: nothing is decided here; the face passes requests to the world and answers back.

mod cli;
mod routes;

use std::process::ExitCode;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use pilotlight_emulator::World;
use tokio::net::TcpListener;

use crate::cli::{Command, Start};
use crate::routes::Face;

fn main() -> ExitCode {
    let start = match cli::read(std::env::args().skip(1)) {
        Ok(Command::Start(start)) => *start,
        Ok(Command::Print(text)) => {
            print!("{text}");
            return ExitCode::SUCCESS;
        }
        Err(why) => {
            eprintln!("pilotlight-emulator: {why}");
            return ExitCode::from(2);
        }
    };
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(why) => return failed(&format!("cannot start: {why}")),
    };
    match runtime.block_on(run(start)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => failed(&why),
    }
}

fn failed(why: &str) -> ExitCode {
    eprintln!("pilotlight-emulator: {why}");
    ExitCode::FAILURE
}

async fn run(mut start: Start) -> Result<(), String> {
    let listener = TcpListener::bind(&start.listen)
        .await
        .map_err(|why| format!("cannot listen on {}: {why}", start.listen))?;
    let address = listener.local_addr().map_err(|why| why.to_string())?;
    println!("emulator listening on http://{address}");
    if let Ok(since) = SystemTime::now().duration_since(UNIX_EPOCH) {
        start.params.epoch_ms = since.as_millis() as u64;
    }
    let ends_with_stdin = start.ends_with_stdin;
    let face = Arc::new(Face::new(World::new(start.params, start.seed), start.speed));
    let driver = tokio::spawn(routes::drive(face.clone()));
    tokio::select! {
        () = routes::accept(listener, face) => {}
        _ = tokio::signal::ctrl_c() => {}
        _ = driver => {}
        () = stdin_closed(), if ends_with_stdin => {}
    }
    Ok(())
}

/// Ready when standard input ends; read by a plain thread, which does not keep the runtime up.
async fn stdin_closed() {
    let (ended, seen) = tokio::sync::oneshot::channel();
    std::thread::spawn(move || {
        let read = std::io::copy(&mut std::io::stdin(), &mut std::io::sink());
        let _ = ended.send(read.is_ok());
    });
    let _ = seen.await;
}
