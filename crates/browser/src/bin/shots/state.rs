//! What a state is: a name, a stage to play it on, and the way to it.
//!
//! Invariant: the way ends when the state is there by what the page says of itself.

use std::pin::Pin;

use pilotlight_browser_tests::{Outcome, Stage};

use crate::play::Play;

/// The way to a state.
pub type Reach = for<'p> fn(&'p Play) -> Pin<Box<dyn Future<Output = Outcome> + 'p>>;

/// A state worth a picture.
pub struct State {
    /// As in the names of its pictures.
    pub name: &'static str,
    pub stage: fn() -> Stage,
    pub reach: Reach,
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
