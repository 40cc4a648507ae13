//! The properties, one function each: what is asked (`requests`), what is stored (`storing`), how
//! runs end (`ending`), and what must be so when everything is over (`final_state`). Invariant: a property says in one sentence what
//! must hold, and its message says how it did not.

mod ending;
mod final_state;
mod requests;
mod storing;

pub use ending::*;
pub use final_state::*;
pub use requests::*;
pub use storing::*;

use crate::report::Violation;

pub type Verdict = Result<(), Violation>;

/// Two looks that must both miss are this far apart.
const APART_MS: u64 = 2_000;

fn broken(rule: &'static str, message: String) -> Verdict {
    Err(Violation { rule, message })
}
