//! Which pictures of a form are asked for a mask. Invariant: it follows from the workflow and from
//! what is filled in; no form says it of itself, so it cannot be out of date.
//!
//! ComfyUI's `LoadImage` gives the picture as its first output and the mask as its second: what is
//! transparent is masked.

use super::{Draft, Drafts, FieldKey, Form, Widget};
use pilotlight_comfy::workflow::link;

/// The second output of every class that reads a picture of the input folder.
const MASK_SLOT: u64 = 1;

impl Form {
    /// Whether the mask of this picture goes anywhere.
    pub fn uses_mask(&self, key: &FieldKey, drafts: &Drafts) -> bool {
        let is_picture = self.field(key).is_some_and(|field| field.widget == Widget::Picture);
        let Some(node) = self.workflow.node(&key.node).filter(|_| is_picture) else {
            return false;
        };
        // It gives nothing but a mask, and the alpha is one of several places to take it from.
        if node.class() == "LoadImageMask" {
            let channel = FieldKey { node: key.node.clone(), input: "channel".to_owned() };
            return match drafts.get(&channel) {
                Some(Draft::Text(chosen)) => chosen == "alpha",
                Some(Draft::Switch(_) | Draft::Picture(_)) | None => {
                    node.input("channel").and_then(|value| value.as_str()) == Some("alpha")
                }
            };
        }
        self.workflow.nodes().any(|(_, other)| {
            other
                .inputs()
                .filter_map(|(_, value)| link(value))
                .any(|link| link.slot == MASK_SLOT && link.node == key.node)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::form::{Given, derive};
    use pilotlight_comfy::schema::Class;
    use pilotlight_comfy::workflow::Workflow;
    use serde_json::{Value, json};

    /// `reader`: node 1, which reads `image`; `uses`: the inputs of node 2.
    #[track_caller]
    fn check(reader: Value, uses: Value, classes: Value, filled: &[(&str, &str)], expected: bool) {
        let flow = json!({"1": reader, "2": {"class_type": "Uses", "inputs": uses}});
        let workflow = Workflow::from_value(flow).expect("a workflow");
        let classes = Class::read_all(&classes);
        let form = derive(Given { workflow, classes: &classes, author: None, app: None, name: "" });
        let mut drafts = form.drafts(pilotlight_comfy::language::Language::English);
        for (key, text) in filled {
            drafts.set(FieldKey::parse(key).expect("a key"), Draft::Text((*text).to_owned()));
        }
        assert_eq!(form.uses_mask(&FieldKey::new("1", "image"), &drafts), expected);
    }

    fn load(class: &str) -> Value {
        json!({"class_type": class, "inputs": {"image": "cat.png"}})
    }

    fn load_mask(channel: Value) -> Value {
        json!({"class_type": "LoadImageMask", "inputs": {"image": "cat.png", "channel": channel}})
    }

    #[test]
    fn the_second_output_of_a_picture_is_its_mask() {
        let none = || json!({});
        check(load("LoadImage"), json!({"image": ["1", 0], "mask": ["1", 1]}), none(), &[], true);
        check(load("LoadImage"), json!({"anything": ["1", 1]}), none(), &[], true);
        check(load("LoadImage"), json!({"image": ["1", 0]}), none(), &[], false);
        check(load("LoadImage"), json!({"image": ["1", 2]}), none(), &[], false);
        check(load("LoadImage"), json!({"mask": ["3", 1]}), none(), &[], false);
        check(load("LoadImage"), json!({"mask": "1"}), none(), &[], false);
    }

    #[test]
    fn other_classes_are_known_by_their_description() {
        let uses = || json!({"mask": ["1", 1]});
        let uploads = json!({"Mine": {"input": {"required": {
            "image": [["cat.png"], {"image_upload": true}]
        }}}});
        let chooses =
            json!({"Mine": {"input": {"required": {"image": [["cat.png", "dog.png"], {}]}}}});
        check(load("Mine"), uses(), uploads, &[], true);
        check(load("Mine"), uses(), chooses, &[], false);
        check(load("Mine"), uses(), json!({}), &[], false);
    }

    #[test]
    fn a_mask_taken_from_a_colour_is_not_painted() {
        let uses = || json!({"mask": ["1", 0]});
        let channels = json!({"LoadImageMask": {"input": {"required": {
            "image": [["cat.png"], {"image_upload": true}],
            "channel": [["alpha", "red", "green", "blue"]]
        }}}});
        check(load_mask(json!("alpha")), uses(), json!({}), &[], true);
        check(load_mask(json!("red")), uses(), json!({}), &[], false);
        check(load_mask(json!(["3", 0])), uses(), json!({}), &[], false);
        check(load_mask(json!("red")), uses(), channels.clone(), &[("1.channel", "alpha")], true);
        check(load_mask(json!("alpha")), uses(), channels, &[("1.channel", "blue")], false);
    }
}
