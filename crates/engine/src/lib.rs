//! pilotlight-engine

pub mod problem;
pub mod workflow;
