//! The page in a real Chromium: what scenarios, measurements and pictures of it share.
//!
//! A [`Stage`] says how the emulator behaves and what browser looks at the page; [`Stage::play`]
//! sets it up, runs a scenario and takes everything down; [`Stage::build`] gives the [`Scene`] to a
//! program that goes on by itself. [`Page`] is what a person has in front of them.
//!
//! Invariant: nothing between page and emulator is intercepted; whatever goes wrong in a scenario
//! comes from the emulator, where a person can provoke it by hand.

pub mod emulator;
pub mod host;
pub mod host_page;
pub mod http;
pub mod kept;
pub mod large;
pub mod made;
pub mod page;
pub mod places;
pub mod program;
pub mod server;
pub mod session;
pub mod stage;
pub mod states;
pub mod store;
pub mod trouble;

use std::future::Future;
use std::process::ExitCode;

pub use emulator::Emulator;
pub use host::Host;
pub use host_page::HostPage;
pub use page::{Page, strings};
pub use session::{Browser, Session};
pub use stage::{Scene, Stage, ensure};
pub use thirtyfour::{WebElement, WindowHandle};
pub use trouble::{Failure, Outcome, Trouble, Verdict};

/// Carries out a program that looks at the page, and tells what stopped it.
pub fn play_to_end(name: &str, work: impl Future<Output = Outcome>) -> ExitCode {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
    let told = match runtime {
        Ok(runtime) => runtime.block_on(work),
        Err(error) => Err(Trouble::new(format!("no runtime: {error}"))),
    };
    match told {
        Ok(()) => ExitCode::SUCCESS,
        Err(trouble) => {
            eprintln!("\n{name}: {trouble}");
            ExitCode::FAILURE
        }
    }
}
