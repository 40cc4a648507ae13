//! The states that the page can be in, each with a stage to play it on and the way to it: for
//! pictures of all of them, and for scenarios about what they have in common.
//!
//! Invariant: the way ends when the state is there by what the page says of itself.

mod cost;
mod embedded;
mod failures;
pub mod phases;
pub mod play;
mod setup;
pub mod words;

use std::pin::Pin;

use crate::{Outcome, Stage};

pub use play::Play;

/// The way to a state.
pub type Reach = for<'p> fn(&'p Play<'p>) -> Pin<Box<dyn Future<Output = Outcome> + 'p>>;

/// A state worth a picture.
#[derive(Debug)]
pub struct State {
    /// As in the names of its pictures.
    pub name: &'static str,
    /// What it is played on.
    pub stage: fn() -> Stage,
    /// The way to it.
    pub reach: Reach,
}

/// All states.
pub fn all() -> Vec<State> {
    let states = phases::all().into_iter().chain(cost::all()).chain(failures::all());
    states.chain(embedded::all()).chain(setup::all()).collect()
}

/// A state, from the way to it as an async block over `play`.
macro_rules! state {
    ($name:literal, $stage:expr, |$play:ident| $way:block) => {
        State {
            name: $name,
            stage: || $stage,
            reach: |$play| {
                Box::pin(async move {
                    $way
                    Ok(())
                })
            },
        }
    };
}
pub(crate) use state;
