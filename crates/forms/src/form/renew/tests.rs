//! Tables for forms that learn what the server takes now.

use super::*;
use crate::form::{Edit, Given, Package, derive};
use serde_json::{Value, json};

fn class(parts: Value) -> Vec<Class> {
    Class::read_all(&json!({"A": {"input": {"required": parts}}}))
}

fn classes() -> Vec<Class> {
    class(json!({
        "steps": ["INT", {"min": 1, "max": 20}],
        "mode": [["a", "b"]],
        "name": ["STRING"],
        "image": [[], {"image_upload": true}],
        "several": ["COMBO", {"multiselect": true, "options": ["a"]}],
    }))
}

fn form(classes: &[Class]) -> Form {
    let flow = json!({
        "1": {"class_type": "A", "inputs": {"steps": 4, "mode": "a", "name": "x", "image": "a.png",
            "several": "a", "in": ["2", 0]}},
        "2": {"class_type": "B", "inputs": {"amount": 2.5, "on": true}},
        "3": {"class_type": "LoadImage", "inputs": {"image": "b.png"}},
        "4": {"class_type": "A", "inputs": {"mode": "b"}},
    });
    let workflow = Workflow::from_value(flow).expect("a workflow");
    derive(Given { workflow, classes, author: None, app: None, name: "x" })
}

fn key(input: &str) -> FieldKey {
    FieldKey::parse(input).expect("a key")
}

fn refused(place: &str, offered: Vec<Value>) -> Problem {
    Problem { offered, ..Problem::at(&key(place), Trouble::NotInList { value: "a".into() }) }
}

/// What a field takes, in a few words.
fn takes(form: &Form, place: &str) -> String {
    let Some(field) = form.field(&key(place)) else { return "no field".to_owned() };
    if let Widget::Choice { options } = &field.widget {
        let texts: Vec<&str> = options.iter().map(|one| one.text.as_str()).collect();
        return texts.join("|");
    }
    let range = field.widget.range();
    match range.min.zip(range.max) {
        Some((min, max)) => [min, max].join("–"),
        None => format!("{:?}", field.widget),
    }
}

#[test]
fn what_the_server_offers_becomes_the_choice_and_is_kept_with_the_form() {
    let (mut known, two) = (classes(), || vec![json!("c"), json!(2)]);
    let mut form = form(&known);
    assert!(form.offer(&refused("1.mode", two()), &mut known));
    assert_eq!(takes(&form, "1.mode"), "c|2");
    // The list is the class's own, so it holds for its other node; the value that stands there
    // stays.
    assert_eq!(takes(&form, "4.mode"), "c|2");
    let field = form.field(&key("4.mode")).expect("the field");
    assert_eq!(field.default, Draft::Text("b".into()));
    assert!(form.offer(&refused("1.name", vec![json!("m.safetensors")]), &mut known));
    assert_eq!(takes(&form, "1.name"), "m.safetensors");
    assert_eq!(form.unoffered(&refused("1.name", two()), &known), None);
    let file = form.to_file(&known);
    assert_eq!(Package::parse(&file).map(Package::form), Ok(form.clone()), "{file}");
    // Once more changes nothing.
    let before = (form.clone(), known.clone());
    assert!(form.offer(&refused("1.mode", two()), &mut known));
    assert_eq!((form, known), before);
}

#[test]
fn without_a_class_the_choice_holds_for_now_and_the_class_is_to_be_asked_for() {
    let mut known = classes();
    let mut form = form(&known);
    form.fields.retain(|field| field.key != key("2.amount"));
    assert!(form.offer(&refused("2.amount", vec![json!(1)]), &mut known));
    assert_eq!(takes(&form, "2.amount"), "1");
    assert!(form.field(&key("2.amount")).is_some_and(|field| !field.advanced));
    assert_eq!(form.unoffered(&refused("2.amount", vec![json!(1)]), &known), Some("B"));
    assert!(form.offer(&refused("2.on", vec![json!("yes")]), &mut known));
    let field = form.field(&key("2.on")).expect("the field");
    assert_eq!(field.default, Draft::Text(String::new()));
    assert_eq!(known, classes());
}

#[test]
fn long_lists_are_to_be_asked_for_and_files_never() {
    let known = classes();
    let mut form = form(&known);
    let table = [
        ("1.mode", Some("A")),
        ("1.name", Some("A")),
        ("1.image", None),
        ("3.image", None),
        ("1.several", None),
        ("1.in", None),
        ("9.mode", None),
    ];
    for (place, expected) in table {
        assert_eq!(form.unoffered(&refused(place, Vec::new()), &known), expected, "{place}");
    }
    let before = form.clone();
    for (place, offered) in [
        ("1.mode", Vec::new()),
        ("1.in", vec![json!(1)]),
        ("1.image", vec![json!("theirs.png")]),
        ("3.image", vec![json!("theirs.png")]),
        ("1.several", vec![json!("b")]),
    ] {
        assert!(!form.offer(&refused(place, offered), &mut known.clone()), "{place}");
    }
    let too_large = Problem::at(&key("1.steps"), Trouble::TooLarge { max: "3".into() });
    assert!(!form.offer(&too_large, &mut known.clone()));
    assert_eq!(form.unoffered(&too_large, &known), None);
    assert_eq!(form, before);
}

#[test]
fn new_choices_and_bounds_are_taken_and_those_of_an_author_stay() {
    let old = classes();
    let wider = |max: u32| {
        class(json!({
            "steps": ["INT", {"min": 1, "max": max}],
            "mode": [["b", "c", "d"]],
            "name": [["x", "y"]],
        }))
    };
    let mine = |min: &str, max: &str| {
        let mut form = form(&old);
        let edit = Edit::Bounds(key("1.steps"), min.into(), max.into());
        assert_eq!(form.edit(edit, &old), Ok(()));
        form
    };
    let table = [
        (form(&old), 50, "1–50"),
        (mine("", "10"), 50, "1–10"),
        (mine("2", ""), 50, "2–50"),
        (mine("2", "10"), 8, "2–8"),
        // Nothing would be left of the author's.
        (mine("4", ""), 3, "1–3"),
    ];
    for (form, max, expected) in table {
        let now = form.described_anew(&old, &wider(max));
        assert_eq!(takes(&now, "1.steps"), expected);
        assert_eq!(takes(&now, "1.mode"), "b|c|d");
        assert_eq!(takes(&now, "1.name"), "x|y");
        // The value that is gone from the list is shown as it is.
        let field = now.field(&key("1.mode")).expect("the field");
        assert_eq!(field.default, Draft::Text("a".into()));
        // What the server does not describe any more, or never did, is as it was.
        for place in ["1.image", "2.amount", "3.image"] {
            assert_eq!(now.field(&key(place)), form.field(&key(place)), "{place}");
        }
        assert_eq!(now.fields.len(), form.fields.len());
        assert_eq!(form.described_anew(&old, &old), form);
        assert_eq!(form.described_anew(&old, &[]), form);
    }
}

#[test]
fn a_form_made_without_descriptions_takes_them_later() {
    let form = form(&[]);
    let now = form.described_anew(&[], &classes());
    assert_eq!((takes(&form, "1.mode"), takes(&now, "1.mode")), ("Text".into(), "a|b".into()));
    assert_eq!(takes(&now, "1.steps"), "1–20");
    assert_eq!(now.described_anew(&classes(), &classes()), now);
}
