//! A form as a file to put beside the page. Invariant: `Package::parse` makes the same form of it.

use super::{VERSION, described};
use crate::form::{Field, Form, Widget};
use pilotlight_comfy::json;
use pilotlight_comfy::language::Label;
use pilotlight_comfy::schema::Class;
use pilotlight_comfy::workflow::link;
use serde::Serialize;
use serde_json::{Map, Number, Value};

impl Form {
    /// The file, with a line for each node, field and class. Of the classes those are written that
    /// describe a value, so that it can become a field; `classes` must be those the form was made
    /// with.
    pub fn to_file(&self, classes: &[Class]) -> String {
        let form = self;
        let mut file = String::from("{\n");
        line(&mut file, "pilotlight", &VERSION.into());
        line(&mut file, "id", &form.id.as_str().into());
        line(&mut file, "title", &json::to_value(&form.title));
        block(&mut file, "prompt", '{', '}', entries(form.workflow.map()));
        file.push_str(",\n");
        let fields = form.fields.iter().map(|field| json::to_text(&entry(form, field, classes)));
        block(&mut file, "form", '[', ']', fields.collect());
        file.push_str(",\n");
        if !form.outputs.is_empty() {
            let outputs = form.outputs.iter().map(|node| Value::from(node.as_str()));
            line(&mut file, "outputs", &Value::Array(outputs.collect()));
        }
        block(&mut file, "classes", '{', '}', entries(&used(form, classes)));
        file.push_str("\n}\n");
        file
    }
}

fn line(file: &mut String, key: &str, value: &Value) {
    file.push_str("  \"");
    file.push_str(key);
    file.push_str("\": ");
    file.push_str(&json::text(value));
    file.push_str(",\n");
}

fn block(file: &mut String, key: &str, open: char, close: char, lines: Vec<String>) {
    file.push_str("  \"");
    file.push_str(key);
    file.push_str("\": ");
    file.push(open);
    for (at, line) in lines.iter().enumerate() {
        file.push_str(if at == 0 { "\n    " } else { ",\n    " });
        file.push_str(line);
    }
    file.push_str("\n  ");
    file.push(close);
}

fn entries(object: &Map<String, Value>) -> Vec<String> {
    let entry = |(key, value): (&String, &Value)| {
        [json::text(&key.as_str().into()), json::text(value)].join(": ")
    };
    object.iter().map(entry).collect()
}

fn used(form: &Form, classes: &[Class]) -> Map<String, Value> {
    let mut used = Map::new();
    for (_, node) in form.workflow.nodes() {
        let has_value = node.inputs().any(|(_, value)| link(value).is_none());
        if !has_value || used.contains_key(node.class()) {
            continue;
        }
        if let Some(class) = classes.iter().find(|class| class.name == node.class()) {
            used.insert(class.name.clone(), class.to_value());
        }
    }
    used
}

/// A field, as the file has it.
#[derive(Serialize)]
struct Entry<'a> {
    node: &'a str,
    input: &'a str,
    label: &'a Label,
    #[serde(skip_serializing_if = "Option::is_none")]
    hint: Option<&'a Label>,
    #[serde(skip_serializing_if = "Option::is_none")]
    default: Option<&'a Label>,
    #[serde(skip_serializing_if = "Option::is_none")]
    group: Option<&'a Label>,
    #[serde(skip_serializing_if = "is_off")]
    advanced: bool,
    #[serde(skip_serializing_if = "is_off")]
    required: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    min: Option<Number>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max: Option<Number>,
}

fn is_off(flag: &bool) -> bool {
    !flag
}

fn entry<'a>(form: &Form, field: &'a Field, classes: &[Class]) -> Entry<'a> {
    let own = field.widget.bounds();
    // A list of choices, which may be long, has none.
    let bounded = own.iter().any(Option::is_some);
    let found = bounded.then(|| described(&form.workflow, &field.key, classes)).flatten();
    // What the class says need not be said again.
    let widest = found.as_ref().map_or([None, None], Widget::bounds);
    let [min, max] = own;
    let [widest_min, widest_max] = widest;
    Entry {
        node: field.key.node.as_str(),
        input: field.key.input.as_str(),
        label: &field.label,
        hint: field.hint.as_ref(),
        default: field.start.as_ref(),
        group: field.group.as_ref(),
        advanced: field.advanced,
        required: field.required,
        min: min.filter(|_| found.is_some()).filter(|min| Some(min) != widest_min.as_ref()),
        max: max.filter(|_| found.is_some()).filter(|max| Some(max) != widest_max.as_ref()),
    }
}
