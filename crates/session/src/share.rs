//! What the runs of a batch have in common, and how each of them differs.

use std::collections::BTreeMap;

use pilotlight_forms::form::{Drafts, FieldKey};
use serde_json::Value;

use crate::request::{RunNumber, RunRequest};

/// How a run differs from the base of its batch.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Share {
    pub base: RunNumber,
    pub values: BTreeMap<FieldKey, Value>,
    pub drafts: Drafts,
}

impl Share {
    /// Returns how a request differs from the first one of its batch, which is stored under `base`;
    /// `None` if it is for another workflow.
    pub fn of(base: RunNumber, first: &RunRequest, request: &RunRequest) -> Option<Self> {
        let values = request.ready.workflow.beside(&first.ready.workflow)?.into_iter().collect();
        Some(Self { base, values, drafts: request.drafts.beside(&first.drafts) })
    }
}
