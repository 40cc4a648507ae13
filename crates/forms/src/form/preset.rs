//! Named sets of values for a form. Invariant: a preset is read as far as it is understood, and one
//! of the same name takes the place of the former.

use super::Drafts;
use pilotlight_comfy::json;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Longer names are cut.
const MAX_NAME_CHARS: usize = 60;

/// Values that somebody gave a name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Stored")]
pub struct Preset {
    /// The name, of at most 60 characters.
    pub name: String,
    /// Of any of the form's fields; a form takes those that it knows (`Drafts::merge`).
    pub drafts: Drafts,
}

/// As it is stored.
#[derive(Deserialize)]
struct Stored {
    name: String,
    drafts: Drafts,
}

impl Preset {
    /// `None` if nothing is left of the name.
    pub fn new(name: &str, drafts: Drafts) -> Option<Self> {
        let name: String = name.trim().chars().take(MAX_NAME_CHARS).collect();
        let name = name.trim_end().to_owned();
        (!name.is_empty()).then_some(Self { name, drafts })
    }

    /// Puts it among others, in place of one of the same name.
    pub fn put(self, presets: &mut Vec<Self>) {
        match presets.iter_mut().find(|preset| preset.name == self.name) {
            Some(former) => *former = self,
            None => presets.push(self),
        }
    }

    /// Reads the stored form of all presets of a workflow; what is not understood is left out.
    pub fn list(text: &str) -> Vec<Self> {
        let stored: Vec<Value> = json::from_text(text).unwrap_or_default();
        let mut presets = Vec::new();
        for preset in stored.into_iter().filter_map(|preset| serde_json::from_value(preset).ok()) {
            Self::put(preset, &mut presets);
        }
        presets
    }
}

impl TryFrom<Stored> for Preset {
    type Error = &'static str;

    fn try_from(stored: Stored) -> Result<Self, Self::Error> {
        Self::new(&stored.name, stored.drafts).ok_or("a preset without a name")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::form::{Draft, FieldKey};
    use serde_json::json;

    fn preset(name: &str, text: &str) -> Preset {
        let drafts = [(FieldKey::new("2", "prompt"), Draft::Text(text.into()))];
        Preset::new(name, drafts.into_iter().collect()).expect("a name")
    }

    #[test]
    fn presets_survive_storage() {
        let presets = vec![preset("夜景", "a city"), preset("Portrait", "a cat")];
        assert_eq!(Preset::list(&json::to_text(&presets)), presets);
    }

    #[test]
    fn a_name_is_there_once() {
        let mut presets = vec![preset("A", "1"), preset("B", "2")];
        preset(" A ", "3").put(&mut presets);
        assert_eq!(presets, [preset("A", "3"), preset("B", "2")]);
        assert_eq!(Preset::new(" ", Drafts::default()), None);
    }

    #[test]
    fn what_is_not_understood_is_left_out() {
        let good = json::to_value(&preset("A", "1"));
        let stored = json!([{}, 5, {"name": "B"}, {"name": "", "drafts": {"v": 1}}, good]);
        assert_eq!(Preset::list(&stored.to_string()), [preset("A", "1")]);
        assert_eq!(Preset::list("{}"), []);
    }
}
