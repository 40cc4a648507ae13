//! The workflow that a prompt was converted from, with the values of a run in it.
//! Invariant: what is returned is what the editor would have to contain to send this prompt, or
//! nothing is returned: a picture with a workflow that did not run would be worse than one without.

use crate::graph::{Places, whole};
use crate::json::{self, Version};
use crate::workflow::{FieldKey, Workflow};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// The largest that is kept, in bytes of its text: servers return it in every look at their queue
/// and history.
pub const MAX_BYTES: usize = 256 << 10;

/// A workflow in the editor's format, and where the values of its prompt stand in it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EditorWorkflow {
    v: Version<1>,
    workflow: Value,
    places: Places,
    /// A hash of all in the prompt that has no place.
    rest: u64,
}

impl EditorWorkflow {
    /// Keeps the workflow of a prompt that was converted from it; `None` if it is too large.
    pub fn of(workflow: &Value, prompt: &Workflow, places: Places) -> Option<Self> {
        let rest = rest(prompt, &places);
        let kept = Self { v: Version, workflow: workflow.clone(), places, rest };
        (json::text(&kept.workflow).len() <= MAX_BYTES).then_some(kept)
    }

    /// Returns the text that is stored.
    pub fn to_text(&self) -> String {
        json::to_text(self)
    }

    /// Reads what was stored; `None` for anything else.
    pub fn from_text(text: &str) -> Option<Self> {
        json::from_text(text)
    }

    /// Returns the workflow with the values of this prompt; `None` if the prompt differs in more
    /// than values that have a place.
    pub fn with(&self, prompt: &Workflow) -> Option<Value> {
        if rest(prompt, &self.places) != self.rest {
            return None;
        }
        let mut workflow = self.workflow.clone();
        let mut put: BTreeMap<&str, &Value> = BTreeMap::new();
        for (key, place) in &self.places {
            let value = input(prompt, key)?;
            // Several inputs may have one place.
            let is_free = put.insert(place.pointer(), value).is_none_or(|other| other == value);
            if !is_free || !place.put(&mut workflow, value) {
                return None;
            }
        }
        Some(workflow)
    }
}

fn input<'a>(prompt: &'a Workflow, key: &FieldKey) -> Option<&'a Value> {
    prompt.map().get(key.node.as_str())?.get("inputs")?.get(&key.input)
}

/// A hash (FNV-1a) of classes and inputs, except for the inputs with a place.
fn rest(prompt: &Workflow, places: &Places) -> u64 {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    let mut add = |text: &str| {
        // No byte of UTF-8 is 0xff, so it ends each text.
        for byte in text.bytes().chain([0xff]) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    };
    let mut nodes: Vec<_> = prompt.nodes().collect();
    nodes.sort_by(|(one, _), (other, _)| one.cmp(other));
    for (id, node) in nodes {
        add(id.as_str());
        add(node.class());
        let mut inputs: Vec<_> = node.inputs().collect();
        inputs.sort_by_key(|(name, _)| *name);
        for (name, value) in inputs {
            add(name);
            if !places.contains_key(&FieldKey::new(id.as_str(), name)) {
                // A server writes 1.0 where 1 was sent.
                add(&json::text(&whole(value.clone())));
            }
        }
    }
    hash
}
