//! pilotlight-engine

pub mod language;
pub mod number;
pub mod problem;
pub mod schema;
pub mod workflow;
