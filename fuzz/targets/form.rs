//! A prompt, classes, changes: its form is bounded, is checked, refilled, edited, and reads back.
#![no_main]

use libfuzzer_sys::fuzz_target;
use pilotlight_comfy::json;
use pilotlight_comfy::language::{Label, Language};
use pilotlight_comfy::schema::Class;
use pilotlight_comfy::workflow::Workflow;
use pilotlight_forms::form::{
    Draft, Drafts, Edit, FieldKey, Form, Given, MAX_FIELDS, MAX_FRONT, candidates, derive, flaws,
};
use pilotlight_fuzz::{bounded, change, parts, reads_back, value};
use serde_json::Value;

fuzz_target!(|input: &[u8]| {
    let [prompt, info, script] = parts(input);
    let (Some(mut prompt), Some(mut info)) = (value(prompt), value(info)) else { return };
    let (name, script) = script.split_at(script.len().min(8));
    let (steps, script) = script.split_at(script.len().min(16));
    let (first, second) = script.split_at(script.len() / 2);
    change(&mut prompt, first);
    change(&mut info, second);
    let length = prompt.to_string().len() + info.to_string().len();
    let Ok(flow) = Workflow::from_value(prompt) else { return };
    let classes = Class::read_all(&info);
    let name = String::from_utf8_lossy(name);
    let given =
        Given { workflow: flow.clone(), classes: &classes, author: None, app: None, name: &name };
    let mut form = derive(given.clone());
    assert!(form.fields.len() <= MAX_FIELDS);
    assert!(form.fields.iter().filter(|field| !field.advanced).count() <= MAX_FRONT);
    for language in Language::ALL {
        let mut labels: Vec<&str> =
            form.fields.iter().map(|field| field.label.get(language)).collect();
        labels.sort_unstable();
        assert!(labels.windows(2).all(|pair| pair[0] != pair[1]), "{labels:?}");
    }
    bounded(reads_back(&form, &classes), length, 20);
    assert_eq!(derive(Given { author: Some(&form), ..given }), form);
    assert!(flaws(&flow, &classes, &[]).len() <= 51);
    checked(&form, &form.drafts(Language::English));
    let keys: Vec<FieldKey> = candidates(&flow, &classes).into_iter().map(|one| one.key).collect();
    for pair in steps.chunks_exact(2) {
        let Some(key) = keys.get(usize::from(pair[0]) % keys.len().max(1)) else { return };
        let before = form.clone();
        match form.edit(edit(key.clone(), pair[1]), &classes) {
            Ok(()) => drop(reads_back(&form, &classes)),
            Err(_) => assert_eq!(form, before),
        }
    }
    checked(&form, &form.drafts(Language::Chinese));
});

/// What was checked is filled in again, and then gives the same.
fn checked(form: &Form, drafts: &Drafts) {
    assert_eq!(json::from_value(&json::to_value(drafts)).as_ref(), Some(drafts));
    let _ = form.drafts_for_run(drafts, 3);
    let Ok(ready) = form.check(drafts, 1 << 52) else { return };
    assert_eq!(ready.workflow.nodes().count(), form.workflow().nodes().count());
    let Some(again) = form.refill(&ready.workflow) else { return };
    if let Ok(twice) = form.check(&again, 5) {
        let (one, other) = (twice.workflow.to_value(), ready.workflow.to_value());
        assert!(same(&one, &other), "{one}\n{other}");
    }
}

/// Python writes 5.0 where JavaScript wrote 5.
fn same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| same(one, other))
        }
        (Value::Object(one), Value::Object(other)) => {
            let found = |key: &String| other.get(key);
            one.len() == other.len()
                && one.iter().all(|(key, one)| found(key).is_some_and(|other| same(one, other)))
        }
        _ => one == other || one.as_f64().is_some_and(|one| other.as_f64() == Some(one)),
    }
}

fn edit(key: FieldKey, how: u8) -> Edit {
    let label = || match how / 16 {
        0 => Label::plain(" "),
        1 => Label::both("a\u{a0}", ""),
        2 => Label::both("a", "\u{2003}啊"),
        _ => Label::plain(&"ab".repeat(usize::from(how / 16))),
    };
    let number = ["", "0", "1", "-1", "0.5", "18446744073709551615", "1e3", "x", "1,5"];
    let number = |at: u8| number[usize::from(at) % number.len()].to_owned();
    match how % 14 {
        0 => Edit::Title(label()),
        1 => Edit::Choose(key),
        2 => Edit::Drop(key),
        3 => Edit::Name(key, label()),
        4 => Edit::Hint(key, Some(label()).filter(|_| how < 200)),
        5 => Edit::Up(key),
        6 => Edit::Down(key),
        7 => Edit::Advanced(key, how < 128),
        8 => Edit::Group(key, Some(label())),
        9 => Edit::Required(key, how < 128),
        10 => Edit::Bounds(key, number(how / 14), number(how / 7)),
        11 => Edit::Default(key, Draft::Text(number(how / 14))),
        12 => Edit::Default(key, Draft::Switch(how < 128)),
        _ => Edit::Start(key, Some(label()).filter(|_| how < 200)),
    }
}
