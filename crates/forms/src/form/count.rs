//! How many pictures a run makes at once.

use super::{Draft, Drafts, FieldKey, Form};

/// The input by which nodes of ComfyUI are told so.
const COUNT: &str = "batch_size";

impl Form {
    /// Returns the field that has a run make several pictures at once, as it is filled in.
    pub fn count_field(&self, drafts: &Drafts) -> Option<&FieldKey> {
        let is_several = |draft: &Draft| match draft {
            Draft::Text(text) => text.trim().parse::<u64>().is_ok_and(|count| count > 1),
            Draft::Switch(_) | Draft::Picture(_) => false,
        };
        let counts = self.fields.iter().filter(|field| field.key.input == COUNT);
        let mut several =
            counts.filter(|field| is_several(drafts.get(&field.key).unwrap_or(&field.default)));
        several.next().map(|field| &field.key)
    }
}

#[cfg(test)]
mod tests {
    use crate::form::{Draft, FieldKey, Package};
    use pilotlight_comfy::language::Language;

    #[test]
    fn several_are_made_by_a_field_above_one() {
        let text = r#"{"pilotlight":1,"id":"a","title":"A",
            "prompt":{"1":{"class_type":"A","inputs":{"batch_size":4,"steps":20}}},
            "form":[{"node":"1","input":"batch_size","label":"Pictures"},
                    {"node":"1","input":"steps","label":"Steps"}],"classes":{}}"#;
        let form = Package::parse(text).expect("a workflow").form();
        let key = FieldKey::new("1", "batch_size");
        let mut drafts = form.drafts(Language::English);
        assert_eq!(form.count_field(&drafts), Some(&key));
        for (text, expected) in [("2", true), (" 16 ", true), ("1", false), ("", false)] {
            drafts.set(key.clone(), Draft::Text(text.to_owned()));
            assert_eq!(form.count_field(&drafts).is_some(), expected, "{text}");
        }
    }
}
