//! Descriptions that the page ships, of another version than the server's perhaps.
//! Invariant: what a workflow already holds is never called wrong because of such a description.

use super::{Class, Input, Kind};
use crate::number::integer;
use crate::workflow::{Node, link};

impl Class {
    /// Lets a shipped description take what this node holds, and lack what it lacks; one of a server
    /// stays as it is.
    pub fn admit(&mut self, node: Node<'_>) {
        if self.shipped {
            admit(&mut self.inputs, "", node);
        }
    }
}

/// `within`: the choice that brings these inputs, with a dot behind it.
fn admit(inputs: &mut [Input], within: &str, node: Node<'_>) {
    for input in inputs {
        let name = [within, &input.name].concat();
        let Some(value) = node.input(&name) else {
            input.required = false;
            continue;
        };
        if link(value).is_some() {
            continue;
        }
        match &mut input.kind {
            Kind::Int { min, max, .. } => {
                let value = integer(value);
                *min = min.filter(|min| value.is_none_or(|value| *min <= value));
                *max = max.filter(|max| value.is_none_or(|value| value <= *max));
            }
            Kind::Float { min, max, .. } => {
                let value = value.as_f64();
                *min = min.filter(|min| value.is_none_or(|value| *min <= value));
                *max = max.filter(|max| value.is_none_or(|value| value <= *max));
            }
            Kind::Choice { options } => {
                let is_plain = !value.is_array() && !value.is_object() && !value.is_null();
                // An empty list means that nobody knows the choices.
                if is_plain && !options.is_empty() && !options.contains(value) {
                    options.push(value.clone());
                }
            }
            Kind::Branches(branches) => {
                let chosen = branches.iter_mut().find(|branch| value.as_str() == Some(&branch.key));
                if let Some(branch) = chosen {
                    admit(&mut branch.inputs, &[&name, "."].concat(), node);
                }
            }
            Kind::Text { .. }
            | Kind::Switch
            | Kind::Picture
            | Kind::Video
            | Kind::Sound
            | Kind::Growing
            | Kind::Link
            | Kind::Fixed(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workflow::{NodeId, Workflow};
    use serde_json::{Value, json};

    fn admitted(shipped: bool, inputs: &Value) -> Value {
        let described = json!({"A": {"shipped": shipped, "input": {"required": {
            "choice": ["COMBO", {"options": ["a", "b"]}],
            "models": [[]],
            "whole": ["INT", {"min": 1, "max": 10}],
            "number": ["FLOAT", {"min": 0.5, "max": 2.0}],
            "size": ["COMFY_DYNAMICCOMBO_V3", {"options": [{"key": "x", "inputs": {"required": {
                "width": ["INT", {"min": 1, "max": 10}]}}}]}],
        }}}});
        let flow = json!({"1": {"class_type": "A", "inputs": inputs}});
        let flow = Workflow::from_value(flow).expect("a workflow");
        let mut class = Class::read_all(&described).remove(0);
        class.admit(flow.node(&NodeId::new("1")).expect("it is there"));
        class.to_value()["input"].take()
    }

    #[test]
    fn a_shipped_description_takes_what_stands_there() {
        let within = json!({"choice": "b", "models": "m.pt", "whole": 10, "number": 0.5,
            "size": "x", "size.width": 1});
        let unchanged = admitted(false, &within);
        assert_eq!(admitted(true, &within), unchanged);
        let table = [
            ("choice", json!("c"), json!(["COMBO", {"options": ["a", "b", "c"]}])),
            ("choice", json!(["2", 0]), json!(["COMBO", {"options": ["a", "b"]}])),
            ("choice", json!(null), json!(["COMBO", {"options": ["a", "b"]}])),
            ("models", json!("n.pt"), json!(["COMBO", {"options": []}])),
            ("whole", json!(11), json!(["INT", {"min": 1}])),
            ("whole", json!(0), json!(["INT", {"max": 10}])),
            ("whole", json!("x"), json!(["INT", {"min": 1, "max": 10}])),
            ("number", json!(7), json!(["FLOAT", {"min": 0.5}])),
        ];
        for (input, value, expected) in table {
            let mut inputs = within.clone();
            inputs[input] = value.clone();
            assert_eq!(admitted(true, &inputs)["required"][input], expected, "{input}: {value}");
            assert_eq!(admitted(false, &inputs), unchanged, "{input}: {value}");
        }
        let mut inputs = within;
        inputs["size.width"] = json!(99);
        let size = &admitted(true, &inputs)["required"]["size"][1]["options"][0]["inputs"];
        assert_eq!(size["required"]["width"], json!(["INT", {"min": 1}]));
        let lacking = admitted(true, &json!({}));
        assert!(lacking.get("required").is_none() && lacking["optional"]["whole"].is_array());
    }
}
