//! The pure crates under one name, for the page, which still names them so: workflows and the wire (`comfy`),
//! forms and files (`forms`), runs (`runs`), words (`i18n`).
//!
//! Invariant: nothing is here that is not in one of them.

pub use pilotlight_comfy::{
    access, comfy, failure, graph, id, json, language, media, number, problem, schema, seed,
    sighting, time, workflow,
};
pub use pilotlight_forms::{embed, form, mask, open, share};
pub use pilotlight_i18n::{present, text};
pub use pilotlight_runs::{
    budget, chain, config, estimate, kept, lane, meter, pill, price, record, run, server, setup,
    warm,
};

/// Archives, and how much of one is taken in.
pub mod archive {
    pub use pilotlight_forms::archive::*;
    pub use pilotlight_runs::kept::Budget;
}
