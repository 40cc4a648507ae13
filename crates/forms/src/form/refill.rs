//! A form from what once ran: the values that make the same prompt again.
//! Invariant: what is filled in gives the workflow as it was, or nothing is filled in.

use super::{Draft, Drafts, FieldKey, Form, Widget};
use pilotlight_comfy::number::shown;
use pilotlight_comfy::workflow::Workflow;
use serde_json::Value;

impl Form {
    /// What to fill in so that this workflow runs. `None` unless it is the form's own but for the
    /// values of its fields. A picture stays empty, as its name means nothing outside of its server,
    /// unless the form itself names one of the server's.
    pub fn refill(&self, flow: &Workflow) -> Option<Drafts> {
        if self.workflow.nodes().count() != flow.nodes().count() {
            return None;
        }
        for (id, node) in self.workflow.nodes() {
            let other = flow.node(&id).filter(|other| other.class() == node.class())?;
            if node.inputs().count() != other.inputs().count() {
                return None;
            }
            for (name, value) in node.inputs() {
                let other = other.input(name)?;
                if same(value, other) {
                    continue;
                }
                let key = |input: String| FieldKey { node: id.clone(), input };
                let Some(parts) = value.as_object() else {
                    self.field(&key(name.to_owned()))?;
                    continue;
                };
                // The parts of a row are fields of their own.
                let other = other.as_object().filter(|other| other.len() == parts.len())?;
                for (part, value) in parts {
                    if !same(value, other.get(part)?) {
                        self.field(&key([name, ".", part].concat()))?;
                    }
                }
            }
        }
        let mut filled = Drafts::default();
        for field in &self.fields {
            let (saved, value) = (self.workflow.input(&field.key)?, flow.input(&field.key)?);
            // What is only shown, or was never filled in, is as it was.
            let is_drawn = matches!(field.widget, Widget::Seed { .. });
            let kept = field.start.as_ref().filter(|_| field.widget.is_file());
            let draft = match value.as_str().filter(|_| kept.is_some()) {
                Some(name) => Draft::Text(name.to_owned()),
                None if same(saved, value) && !is_drawn => field.widget.draft(saved),
                None => draft(&field.widget, value)?,
            };
            filled.set(field.key.clone(), draft);
        }
        Some(filled)
    }
}

fn draft(widget: &Widget, value: &Value) -> Option<Draft> {
    match widget {
        Widget::Seed { .. } => value.as_number().map(|seed| Draft::Text(shown(seed))),
        Widget::Picture | Widget::Video | Widget::Sound => {
            value.is_string().then_some(Draft::Picture(None))
        }
        Widget::LongText | Widget::Text => value.is_string().then(|| widget.draft(value)),
        Widget::Int { .. } | Widget::Float { .. } => value.is_number().then(|| widget.draft(value)),
        Widget::Switch => value.is_boolean().then(|| widget.draft(value)),
        Widget::Choice { .. } => (!value.is_array()).then(|| widget.draft(value)),
        Widget::ReadOnly(_) => None,
    }
}

/// Python writes 5.0 where JavaScript wrote 5.
fn same(one: &Value, other: &Value) -> bool {
    one == other || one.as_f64().is_some_and(|one| other.as_f64() == Some(one))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::form::Package;

    fn form() -> Form {
        let file = r#"{
            "pilotlight": 1, "id": "a", "title": "A",
            "prompt": {
                "1": {"class_type": "Load", "inputs": {"name": "janus", "cfg": 5}},
                "2": {"class_type": "Make", "inputs":
                    {"prompt": "a tiger", "seed": 1, "on": true, "model": ["1", 0]}},
                "3": {"class_type": "LoadImage", "inputs": {"image": "a.png", "upload": "image"}}
            },
            "form": [
                {"node": "2", "input": "prompt", "label": "Prompt"},
                {"node": "2", "input": "seed", "label": "Seed"},
                {"node": "2", "input": "on", "label": "On"},
                {"node": "3", "input": "image", "label": "Image"}
            ]
        }"#;
        Package::parse(file).unwrap().form()
    }

    #[track_caller]
    fn check(change: (&str, &str), expected: Option<&str>) {
        let text =
            pilotlight_comfy::json::text(&form().workflow().to_value()).replace(change.0, change.1);
        let drafts = form().refill(&Workflow::parse(&text).unwrap());
        let said = drafts.map(|drafts| {
            let one = |(key, draft): (&FieldKey, &Draft)| match draft {
                Draft::Text(text) => format!("{}={text}", key.input),
                Draft::Switch(on) => format!("{}={on}", key.input),
                Draft::Picture(picture) => format!("{}={}", key.input, picture.is_some()),
            };
            drafts.iter().map(one).collect::<Vec<_>>().join(" ")
        });
        assert_eq!(said.as_deref(), expected, "{change:?}");
    }

    #[test]
    fn a_file_of_the_server_is_filled_in_where_the_form_names_one() {
        let file = |image: &str| {
            format!(
                r#"{{"pilotlight": 1, "id": "a", "title": "A", "prompt": {{
                    "3": {{"class_type": "LoadImage", "inputs": {{"image": "{image}"}}}}}},
                    "form": [{{"node": "3", "input": "image", "label": "I", "default": "a.png"}}]}}"#
            )
        };
        let form = Package::parse(&file("a.png")).unwrap().form();
        for image in ["a.png", "b.png"] {
            let other = Package::parse(&file(image)).unwrap().form();
            let filled = form.refill(other.workflow()).unwrap();
            let sent = form.check(&filled, 0).unwrap().workflow;
            assert_eq!(sent, *other.workflow(), "{image}");
        }
    }

    #[test]
    fn the_forms_own_workflow_is_filled_in_and_no_other() {
        check(("", ""), Some("on=true prompt=a tiger seed=1 image=false"));
        check(("a tiger", "a lamp"), Some("on=true prompt=a lamp seed=1 image=false"));
        check(
            ("\"seed\":1", "\"seed\":18446744073709551615"),
            Some("on=true prompt=a tiger seed=18446744073709551615 image=false"),
        );
        check(("\"cfg\":5", "\"cfg\":5.0"), Some("on=true prompt=a tiger seed=1 image=false"));
        check(("a.png", "b.png"), Some("on=true prompt=a tiger seed=1 image=false"));
        check(("janus", "flux"), None);
        check(("\"cfg\":5", "\"cfg\":6"), None);
        check(("Load\"", "Other\""), None);
        check(("[\"1\",0]", "[\"1\",1]"), None);
        check(("\"on\":true", "\"on\":3"), None);
        check(("\"seed\":1", "\"seed\":[\"1\",0]"), None);
        check(("\"cfg\":5", "\"cfg\":5,\"more\":1"), None);
    }
}
