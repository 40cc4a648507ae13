//! The workflow that a prompt was converted from, with the values of a run in it.
//! Invariant: what is returned is what the editor would have to contain to send this prompt, or
//! nothing is returned: a picture with a workflow that did not run would be worse than one without.

use crate::graph::{Place, Places, whole};
use crate::json;
use crate::workflow::{FieldKey, Workflow};
use serde_json::{Map, Value};

/// The largest that is kept, in bytes of its text: servers return it in every look at their queue
/// and history.
pub const MAX_BYTES: usize = 256 << 10;

/// The version of the stored form.
const VERSION: u64 = 1;

/// A workflow in the editor's format, and where the values of its prompt stand in it.
#[derive(Clone, Debug, PartialEq)]
pub struct EditorWorkflow {
    workflow: Value,
    /// The stored forms of the places, by the text forms of their inputs. Maps of other types would
    /// be compiled for this alone.
    places: Map<String, Value>,
    /// A hash of all in the prompt that has no place.
    rest: u64,
}

impl EditorWorkflow {
    /// Keeps the workflow of a prompt that was converted from it; `None` if it is too large.
    pub fn of(workflow: &Value, prompt: &Workflow, places: &Places) -> Option<Self> {
        let places = places.iter().map(|(key, place)| (key.to_string(), place.to_value()));
        let places = places.collect();
        let rest = rest(prompt, &places);
        let kept = Self { workflow: workflow.clone(), places, rest };
        (json::text(&kept.workflow).len() <= MAX_BYTES).then_some(kept)
    }

    /// Returns the text that is stored.
    pub fn to_text(&self) -> String {
        json::text(&json::object(vec![
            ("v", VERSION.into()),
            ("workflow", self.workflow.clone()),
            ("places", Value::Object(self.places.clone())),
            ("rest", self.rest.into()),
        ]))
    }

    /// Reads what was stored; `None` for anything else.
    pub fn from_text(text: &str) -> Option<Self> {
        let mut stored = json::parse(text)?;
        let is_known = stored.get("v")?.as_u64() == Some(VERSION);
        let rest = stored.get("rest")?.as_u64().filter(|_| is_known)?;
        let workflow = stored.get_mut("workflow")?.take();
        let Value::Object(places) = stored.get_mut("places")?.take() else { return None };
        Some(Self { workflow, places, rest })
    }

    /// Returns the workflow with the values of this prompt; `None` if the prompt differs in more
    /// than values that have a place.
    pub fn with(&self, prompt: &Workflow) -> Option<Value> {
        if rest(prompt, &self.places) != self.rest {
            return None;
        }
        let mut workflow = self.workflow.clone();
        let mut put: Map<String, Value> = Map::new();
        for (key, place) in &self.places {
            let (key, place) = (FieldKey::parse(key)?, Place::read(place)?);
            let value = input(prompt, &key)?;
            // Several inputs may have one place.
            let former = put.insert(place.pointer().to_owned(), value.clone());
            let is_free = former.is_none_or(|former| former == *value);
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

/// A hash (FNV-1a) of classes and inputs, except for the inputs with a place. Both are ordered by
/// their names in the maps that JSON objects are made of.
fn rest(prompt: &Workflow, places: &Map<String, Value>) -> u64 {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    let mut add = |text: &str| {
        // No byte of UTF-8 is 0xff, so it ends each text.
        for byte in text.bytes().chain([0xff]) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    };
    for (id, node) in prompt.nodes() {
        add(id.as_str());
        add(node.class());
        for (name, value) in node.inputs() {
            add(name);
            if !places.contains_key(&FieldKey::new(id.as_str(), name).to_string()) {
                // A server writes 1.0 where 1 was sent.
                add(&json::text(&whole(value.clone())));
            }
        }
    }
    hash
}
