//! Compares the inputs of two runs. Invariant: every differing input is returned, once.

use std::collections::BTreeSet;

use serde_json::Value;

use super::Record;
use pilotlight_comfy::json;
use pilotlight_comfy::workflow::{self, NodeId, Workflow};
use pilotlight_forms::form::{Draft, FieldKey};

/// An input that differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The title of the node.
    pub node: String,
    /// The name of the input.
    pub input: String,
    /// The key of the input.
    pub key: FieldKey,
    /// Its value in the first run; `None` if there is no such input.
    pub one: Option<String>,
    /// Its value in the other run.
    pub other: Option<String>,
}

/// Returns the inputs that differ, including seeds and input images; links are described by the
/// title of their source node.
pub fn differences(one: &Record, other: &Record) -> Vec<Difference> {
    let mut keys = BTreeSet::new();
    for flow in [&one.workflow, &other.workflow] {
        for (id, node) in flow.nodes() {
            keys.extend(node.inputs().map(|(input, _)| FieldKey::new(id.as_str(), input)));
        }
    }
    let mut found: Vec<Difference> = Vec::new();
    for key in &keys {
        let (first, second) = (said(one, key), said(other, key));
        if first != second {
            found.push(Difference {
                node: title(&one.workflow, &key.node)
                    .or_else(|| title(&other.workflow, &key.node))
                    .unwrap_or_default(),
                input: key.input.clone(),
                key: key.clone(),
                one: first.map(|(text, _)| text),
                other: second.map(|(text, _)| text),
            });
        }
    }
    found
}

/// Returns an input's value as text, and what distinguishes values with equal texts: two images may
/// have the same name.
fn said(record: &Record, key: &FieldKey) -> Option<(String, String)> {
    let value = record.workflow.input(key)?;
    if let Some(Draft::Picture(Some(picture))) = record.drafts.get(key) {
        return Some((picture.name.clone(), picture.hash.clone()));
    }
    let text = match (workflow::link(value), value) {
        (Some(link), _) => {
            let from = title(&record.workflow, &link.node);
            let from = from.unwrap_or_else(|| link.node.to_string());
            return Some((["← ", &from].concat(), json::text(value)));
        }
        (None, Value::String(text)) => text.clone(),
        (None, value) => json::text(value),
    };
    Some((text, String::new()))
}

fn title(flow: &Workflow, node: &NodeId) -> Option<String> {
    Some(flow.node(node)?.title().to_owned())
}

#[cfg(test)]
mod tests {
    use super::super::tests::record;
    use super::*;
    use pilotlight_forms::form::PictureRef;
    use serde_json::json;

    fn of(workflow: Value) -> Record {
        Record {
            workflow: Workflow::from_value(workflow).expect("a workflow"),
            drafts: Default::default(),
            ..record()
        }
    }

    #[track_caller]
    fn check(one: Value, other: Value, expected: &[(&str, &str, Option<&str>, Option<&str>)]) {
        let found = differences(&of(one), &of(other));
        let found: Vec<_> = found
            .iter()
            .map(|it| (&*it.node, &*it.input, it.one.as_deref(), it.other.as_deref()))
            .collect();
        assert_eq!(found, expected);
    }

    fn node(class: &str, inputs: Value) -> Value {
        json!({"class_type": class, "inputs": inputs})
    }

    #[test]
    fn each_input_that_differs_is_named_once() {
        let sampler =
            |seed: u64, steps: u64| node("KSampler", json!({"seed": seed, "steps": steps}));
        check(json!({"3": sampler(1, 20)}), json!({"3": sampler(1, 20)}), &[]);
        check(
            json!({"3": sampler(u64::MAX, 20)}),
            json!({"3": sampler(7, 20)}),
            &[("KSampler", "seed", Some("18446744073709551615"), Some("7"))],
        );
        let titled =
            json!({"class_type": "A", "inputs": {"text": "虎"}, "_meta": {"title": "Prompt"}});
        check(
            json!({"2": titled, "3": sampler(1, 20)}),
            json!({"2": node("A", json!({"text": "a \"cat\"", "on": true})), "3": sampler(1, 9)}),
            &[
                ("Prompt", "on", None, Some("true")),
                ("Prompt", "text", Some("虎"), Some("a \"cat\"")),
                ("KSampler", "steps", Some("20"), Some("9")),
            ],
        );
    }

    #[test]
    fn links_are_named_by_where_they_come_from() {
        let flow = |from: &str| {
            json!({
                "1": node("Model", json!({})),
                "2": node("Lora", json!({})),
                "3": node("Sampler", json!({"model": [from, 0], "list": ["a", "b"]})),
            })
        };
        check(flow("1"), flow("2"), &[("Sampler", "model", Some("← Model"), Some("← Lora"))]);
        check(flow("1"), flow("9"), &[("Sampler", "model", Some("← Model"), Some("← 9"))]);
    }

    #[test]
    fn pictures_are_told_apart_by_their_bytes() {
        let with = |name: &str, hash: &str| {
            let picture = PictureRef { name: name.into(), size_bytes: 1, hash: hash.into() };
            let draft = Draft::Picture(Some(picture));
            let mut record = of(json!({"5": node("LoadImage", json!({"image": "x.png"}))}));
            record.drafts.set(FieldKey::new("5", "image"), draft);
            record
        };
        assert_eq!(differences(&with("a.png", "1"), &with("a.png", "1")), []);
        let found = differences(&with("a.png", "1"), &with("a.png", "2"));
        assert_eq!(found[0].one.as_deref(), Some("a.png"));
        assert_eq!(found.len(), 1);
    }
}
