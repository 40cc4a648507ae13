//! Named sets of values for a form. Invariant: a preset is read as far as it is understood, and one
//! of the same name takes the place of the former.

use super::Drafts;
use crate::json;
use serde_json::Value;

/// Longer names are cut.
const MAX_NAME_CHARS: usize = 60;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Preset {
    pub name: String,
    /// Of any of the form's fields; a form takes those that it knows (`Drafts::merge`).
    pub drafts: Drafts,
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

    pub fn to_value(&self) -> Value {
        let name = Value::from(self.name.as_str());
        json::object(vec![("name", name), ("drafts", self.drafts.to_value())])
    }

    pub fn from_value(value: &Value) -> Option<Self> {
        Self::new(value.get("name")?.as_str()?, Drafts::from_value(value.get("drafts")?)?)
    }

    /// The stored form of all presets of a workflow.
    pub fn list_to_value(presets: &[Self]) -> Value {
        Value::Array(presets.iter().map(Self::to_value).collect())
    }

    /// Reads the stored form; what is not understood is left out.
    pub fn list_from_value(value: &Value) -> Vec<Self> {
        let mut presets = Vec::new();
        for preset in value.as_array().into_iter().flatten().filter_map(Self::from_value) {
            preset.put(&mut presets);
        }
        presets
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
        let text = Preset::list_to_value(&presets).to_string();
        let value = serde_json::from_str(&text).expect("JSON");
        assert_eq!(Preset::list_from_value(&value), presets);
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
        let good = preset("A", "1").to_value();
        let value = json!([{}, 5, {"name": "B"}, {"name": "", "drafts": {"v": 1}}, good]);
        assert_eq!(Preset::list_from_value(&value), [preset("A", "1")]);
        assert_eq!(Preset::list_from_value(&json!({})), []);
    }
}
