//! The editor's workflow with the values of a run: for every workflow that is recorded, whatever is
//! changed in its form, the editor would send the same prompt.

#![allow(clippy::unwrap_used, reason = "a recording that cannot be read fails the test")]

use pilotlight_comfy::editor_workflow::EditorWorkflow;
use pilotlight_comfy::graph::Moment;
use pilotlight_comfy::language::Language;
use pilotlight_comfy::workflow::{FieldKey, Workflow};
use pilotlight_fixtures::{bytes, examples, files, object_info, outside_object_info};
use pilotlight_forms::form::{
    Draft, Drafts, Field, Form, Given, PictureRef, Ready, Widget, derive,
};
use pilotlight_forms::open::{KnownClasses, Opened, Prepared, open};
use serde_json::Value;

const MOMENT: Moment =
    Moment { year: 2026, month: 3, day: 9, hour: 14, minute: 5, second: 7, draw: 3 };

/// Every file with a workflow in the editor's format, by its name.
fn all() -> Vec<(String, Opened, KnownClasses)> {
    let known = |more: Option<String>| {
        let mut known = KnownClasses::default();
        known.add(&object_info());
        more.iter().for_each(|more| known.add(more));
        known
    };
    let mut found = Vec::new();
    for file in ["cases", "pictures"].iter().flat_map(|folder| files(folder)) {
        if let Ok(opened @ (Opened::Editor(_) | Opened::Both { .. })) = open(&bytes(&file)) {
            found.push((file, opened, known(None)));
        }
    }
    for example in examples("strict").into_iter().chain(examples("odd")) {
        if let Ok(opened) = open(example.ui.as_bytes()) {
            let more = example.is_outside.then(outside_object_info).flatten();
            found.push((example.name, opened, known(more)));
        }
    }
    found
}

fn prepared(opened: &Opened, known: &KnownClasses) -> Option<Prepared> {
    opened.prepare(known, &MOMENT).ok().filter(|prepared| !prepared.workflow.map().is_empty())
}

fn form(prepared: &Prepared) -> Form {
    let (workflow, classes) = (prepared.workflow.clone(), &*prepared.classes);
    derive(Given { workflow, classes, author: None, app: prepared.app.as_ref(), name: "" })
}

/// Other values of a field; those that do not fit it are passed over.
fn others(field: &Field) -> Vec<Draft> {
    let texts = |texts: &[&str]| texts.iter().map(|text| Draft::Text((*text).into())).collect();
    match &field.widget {
        Widget::LongText | Widget::Text => texts(&[
            "a lamp\n猫",
            "{a|b} \\ \"q\"",
            "50% %x%",
            "out/%date:yy%",
            "a // b /* c */",
            "",
        ]),
        Widget::Int { .. } | Widget::Float { .. } => {
            texts(&["3", "8", "16", "64", "512", "1024", "0.5", "-1", "2.25", "1e3"])
        }
        Widget::Seed { .. } => texts(&["", "0", "7", "9007199254740993", "18446744073709551615"]),
        Widget::Switch => vec![Draft::Switch(true), Draft::Switch(false)],
        Widget::Choice { options } => {
            options.iter().take(4).map(|option| Draft::Text(option.text.clone())).collect()
        }
        Widget::Picture | Widget::Video | Widget::Sound => {
            let (name, hash) = ("a.png".into(), "1".into());
            vec![Draft::Picture(Some(PictureRef { name, size_bytes: 1, hash }))]
        }
        Widget::ReadOnly(_) => Vec::new(),
    }
}

fn ready(form: &Form, drafts: &Drafts) -> Option<Ready> {
    let mut ready = form.check(drafts, 0xfedc_ba98_7654).ok()?;
    let keys: Vec<FieldKey> = ready.attachments.iter().map(|one| one.key.clone()).collect();
    keys.iter().for_each(|key| ready.attach(key, "9f.png"));
    Some(ready)
}

/// Classes and inputs, and numbers as one kind.
fn levelled(prompt: &Workflow) -> Value {
    fn level(value: &Value) -> Value {
        match value {
            Value::Number(number) if number.is_f64() => {
                let float = number.as_f64().unwrap();
                if float.fract() == 0.0 { Value::from(float as i64) } else { value.clone() }
            }
            Value::Array(list) => list.iter().map(level).collect(),
            Value::Object(map) => map.iter().map(|(key, value)| (key, level(value))).collect(),
            Value::Null | Value::Bool(_) | Value::String(_) | Value::Number(_) => value.clone(),
        }
    }
    let node = |(id, node): (&String, &Value)| {
        let inputs: Value = level(node.get("inputs").unwrap_or(&Value::Null));
        (id.clone(), serde_json::json!([node["class_type"], inputs]))
    };
    Value::Object(prompt.map().iter().map(node).collect())
}

/// The drafts with a picture in each field for one: without it, nothing is sent.
fn with_pictures(form: &Form) -> Drafts {
    let mut drafts = form.drafts(Language::English);
    for field in form.fields.iter().filter(|field| field.default == Draft::Picture(None)) {
        drafts.set(field.key.clone(), others(field).remove(0));
    }
    drafts
}

/// All but the values of widgets.
fn arranged(workflow: &Value) -> Value {
    match workflow {
        Value::Object(map) => map
            .iter()
            .filter(|(key, _)| !matches!(key.as_str(), "widgets_values" | "widgets_values_named"))
            .map(|(key, value)| (key, arranged(value)))
            .collect(),
        Value::Array(list) => list.iter().map(arranged).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => workflow.clone(),
    }
}

#[test]
fn the_editor_sends_what_was_sent_whatever_is_changed() {
    let (mut kept, mut sent, mut refused) = (0, 0, 0);
    for (name, opened, known) in all() {
        let Some(prepared) = prepared(&opened, &known) else { continue };
        let editor = prepared.editor.as_ref().unwrap_or_else(|| panic!("{name} is not kept"));
        let editor = EditorWorkflow::from_text(&editor.to_text()).expect(&name);
        kept += 1;
        let form = form(&prepared);
        let begin = with_pictures(&form);
        let fields = form.fields.iter();
        let changes = fields
            .flat_map(|field| others(field).into_iter().map(|draft| (field.key.clone(), draft)));
        for (key, draft) in changes {
            let mut drafts = begin.clone();
            drafts.set(key.clone(), draft.clone());
            let Some(ready) = ready(&form, &drafts) else { continue };
            let Some(workflow) = editor.with(&ready.workflow) else {
                refused += 1;
                continue;
            };
            sent += 1;
            let (Opened::Editor(original) | Opened::Both { workflow: original, .. }) = &opened
            else {
                panic!("{name} is no workflow of the editor");
            };
            assert!(arranged(&workflow) == arranged(original), "{name} {key} {draft:?}");
            let again = prepared_again(workflow, &known).expect(&name);
            let (again, ready) = (levelled(&again), levelled(&ready.workflow));
            assert!(again == ready, "{name} {key} {draft:?}\n{again}\n{ready}");
        }
    }
    // Refused are values that the files do not contain, that belong to two nodes at once, or that
    // the editor would change.
    assert!(kept >= 130 && sent >= 2_500 && refused * 4 < sent, "{kept} {sent} {refused}");
}

fn prepared_again(workflow: Value, known: &KnownClasses) -> Option<Workflow> {
    prepared(&Opened::Editor(workflow), known).map(|prepared| prepared.workflow)
}
