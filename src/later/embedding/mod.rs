//! The page in a frame of another site. Its module is fetched when the page is in one, or its
//! address says `?embed=1`. Invariant: where a site around the page may not show it, nothing stands
//! there but a card that leads out of the frame, and nobody is told anything.

mod asking;
mod host;
mod strangers;
mod telling;

use pilotlight_engine::config::Config;

use super::{Unfetched, go_through};
use crate::app::{Notice, Page};
use crate::{browser, task};

enum Wish {
    /// There are sites around the page that the configuration does not list, or that the browser
    /// does not name.
    Judge(Box<Config>, Vec<Notice>),
    Begin(Page),
}

/// Lets the page come up if the sites around it turn out to be listed, and shows the card if not.
pub fn judge(config: Config, notices: Vec<Notice>) {
    task::spawn(async move {
        if let Err(Unfetched) = door(Wish::Judge(Box::new(config), notices)).await {
            browser::report_unloaded();
        }
    });
}

/// Does what the address of a frame asks for, and speaks with its host.
pub fn begin(page: Page) {
    if browser::found("data-embed").is_none() {
        return;
    }
    go_through(page, door(Wish::Begin(page)));
}

/// The door to a module of its own, as `later` has one.
#[cfg(feature = "divided")]
#[leptos::wasm_split::wasm_split(embedding, wasm_split_path = leptos::wasm_split, fallible)]
fn door(wish: Wish) -> Result<(), Unfetched> {
    super::comes_after();
    grant(wish);
    Ok(())
}

#[cfg(not(feature = "divided"))]
async fn door(wish: Wish) -> Result<(), Unfetched> {
    grant(wish);
    std::future::ready(Ok(())).await
}

fn grant(wish: Wish) {
    match wish {
        Wish::Judge(config, notices) => strangers::judge(*config, notices),
        Wish::Begin(page) => {
            host::begin(page);
            asking::begin(page);
            telling::begin(page);
        }
    }
}
