//! Tables for reading packages.

use super::*;
use pilotlight_comfy::language::Language;
use serde_json::json;

fn package() -> Value {
    json!({
        "pilotlight": 1,
        "id": "a-1",
        "title": {"en": "A", "zh": "甲"},
        "prompt": {
            "1": {"class_type": "A", "inputs": {"steps": 4, "text": "x", "on": true}},
            "2": {"class_type": "B", "inputs": {"in": ["1", 0]}},
        },
        "form": [{"node": "1", "input": "steps", "label": "Steps"}],
        "classes": {"A": {"input": {"required": {"steps": ["INT", {"min": 1, "max": 9}]}}}},
    })
}

/// The package above with the value at a JSON pointer replaced, or a new key put there.
fn with(pointer: &str, value: Value) -> Value {
    let mut package = package();
    let (parent, key) = pointer.rsplit_once('/').expect("a pointer");
    match package.pointer_mut(parent) {
        Some(Value::Object(map)) => drop(map.insert(key.to_owned(), value)),
        Some(Value::Array(list)) => list.push(value),
        other => panic!("{pointer} leads to {other:?}"),
    }
    package
}

#[track_caller]
fn check_refused(value: Value, expected: PackageRefusal) {
    assert_eq!(Package::parse(&value.to_string()), Err(expected));
}

fn wrong(path: &str, expected: Expected) -> PackageRefusal {
    PackageRefusal::WrongType { path: path.into(), expected }
}

#[test]
fn a_wrong_file_is_refused_with_the_place() {
    assert_eq!(
        Package::parse("{\n\"pilotlight\": }"),
        Err(PackageRefusal::NotJson { line: 2, column: 15 })
    );
    check_refused(json!([]), wrong("", Expected::Object));
    check_refused(json!({}), PackageRefusal::NotThisVersion);
    check_refused(with("/pilotlight", json!(2)), PackageRefusal::NotThisVersion);
    check_refused(with("/titel", json!("x")), PackageRefusal::UnknownKey { path: "titel".into() });
    check_refused(with("/id", json!("A b")), wrong("id", Expected::Id));
    check_refused(with("/title", json!("")), wrong("title", Expected::Label));
    check_refused(with("/prompt", json!({})), PackageRefusal::Workflow(Refusal::NoNodes));
    check_refused(with("/form", json!({})), wrong("form", Expected::List));
    check_refused(with("/form/-", json!(5)), wrong("form[1]", Expected::Object));
    check_refused(with("/classes", json!([])), wrong("classes", Expected::Object));
    check_refused(with("/classes/C", json!({})), wrong("classes.C", Expected::Class));
    let mut no_title = package();
    drop(no_title.as_object_mut().map(|map| map.remove("title")));
    check_refused(no_title, PackageRefusal::Missing { path: "title".into() });
}

#[test]
fn a_wrong_field_is_refused_with_the_place() {
    let path = || "form[1]".to_owned();
    let field = |node: &str, input: &str| json!({"node": node, "input": input, "label": "x"});
    for (node, input) in [("1", "nothing"), ("9", "steps")] {
        let key = FieldKey::new(node, input);
        let expected = PackageRefusal::NoSuchInput { path: path(), key };
        check_refused(with("/form/-", field(node, input)), expected);
    }
    check_refused(
        with("/form/-", field("2", "in")),
        PackageRefusal::Linked { path: path(), key: FieldKey::new("2", "in") },
    );
    check_refused(
        with("/form/-", field("1", "steps")),
        PackageRefusal::Twice { path: path(), key: FieldKey::new("1", "steps") },
    );
    check_refused(
        with("/form/0/lable", json!("x")),
        PackageRefusal::UnknownKey { path: "form[0].lable".into() },
    );
    check_refused(with("/form/0/node", json!(1)), wrong("form[0].node", Expected::Text));
    check_refused(with("/form/0/label", json!(1)), wrong("form[0].label", Expected::Label));
    check_refused(with("/form/0/hint", json!({})), wrong("form[0].hint", Expected::Label));
    let long = "x".repeat(2_001);
    check_refused(with("/form/0/label", json!(long)), wrong("form[0].label", Expected::Label));
    let hint = json!({"en": "x", "zh": long});
    check_refused(with("/form/0/hint", hint), wrong("form[0].hint", Expected::Label));
    check_refused(with("/title", json!(long)), wrong("title", Expected::Label));
    let advanced = wrong("form[0].advanced", Expected::Switch);
    check_refused(with("/form/0/advanced", json!("no")), advanced);
    check_refused(with("/form/0/min", json!("1")), wrong("form[0].min", Expected::Number));
    check_refused(
        with("/form/0/min", json!(10)),
        PackageRefusal::NoRange { path: "form[0]".into() },
    );
    let mut on = field("1", "on");
    on["default"] = json!("x");
    check_refused(
        with("/form/-", on),
        PackageRefusal::UnknownKey { path: "form[1].default".into() },
    );
}

#[test]
fn a_package_becomes_a_form() {
    let package = with("/form/0/max", json!(5));
    let form = Package::parse(&format!("\u{feff}{package}")).map(Package::form);
    let form = form.expect("a package");
    assert_eq!((form.id.as_str(), form.title.get(Language::Chinese)), ("a-1", "甲"));
    let field = form.field(&FieldKey::new("1", "steps")).expect("the field");
    assert_eq!(field.widget, Widget::Int { min: Some(1), max: Some(5), step: None });
    assert_eq!(field.default_in(Language::Chinese), Draft::Text("4".into()));
}

#[test]
fn a_text_may_begin_differently_in_each_language() {
    let text = json!({"node": "1", "input": "text", "label": "Text",
        "default": {"en": "a tiger", "zh": "老虎"}});
    let form = Package::from_value(&with("/form/-", text)).map(Package::form);
    let form = form.expect("a package");
    let key = FieldKey::new("1", "text");
    for (language, expected) in [(Language::English, "a tiger"), (Language::Chinese, "老虎")] {
        assert_eq!(form.drafts(language).get(&key), Some(&Draft::Text(expected.into())));
    }
}

#[test]
fn the_built_in_forms_are_the_same_after_they_were_written() {
    for name in ["janus-text-to-image", "janus-image-understanding"] {
        let path = format!("{}/../../public/workflows/{name}.json", env!("CARGO_MANIFEST_DIR"));
        let text = std::fs::read_to_string(path).expect("a built-in workflow");
        let package = Package::parse(&text).expect("a package");
        let value: Value = serde_json::from_str(&text).expect("JSON");
        let file = package.clone().form().to_file(&Class::read_all(&value["classes"]));
        assert_eq!(Package::parse(&file), Ok(package), "{file}");
        assert!(file.len() < text.len(), "{file}");
        // A line for each node, field and class, as somebody would write it.
        assert_eq!(file.lines().filter(|line| line.starts_with("    {\"")).count(), 6);
        assert!(!file.contains("JanusModelLoader\": {\"input"), "it describes no field");
    }
}

#[test]
fn what_a_form_editor_adds_is_read_and_written() {
    let mut value = with("/outputs", json!(["2", "1"]));
    value["form"][0]["group"] = json!({"en": "Sampling", "zh": "采样"});
    value["form"][0]["max"] = json!(5);
    value["form"][0]["default"] = json!("4");
    let package = Package::from_value(&value).expect("a package");
    let classes = Class::read_all(&value["classes"]);
    assert_eq!(Package::parse(&package.clone().form().to_file(&classes)), Ok(package.clone()));
    let form = package.form();
    assert_eq!(form.outputs, [NodeId::new("2"), NodeId::new("1")]);
    assert_eq!(
        form.fields[0].group.as_ref().map(|group| group.get(Language::Chinese)),
        Some("采样")
    );
    check_refused(with("/outputs", json!("2")), wrong("outputs", Expected::List));
    check_refused(with("/outputs", json!([2])), wrong("outputs", Expected::List));
    check_refused(with("/form/0/group", json!(5)), wrong("form[0].group", Expected::Label));
}

#[test]
fn the_classes_come_back_although_no_field_needs_them() {
    let value = with("/form", json!([]));
    let (form, classes) = Package::from_value(&value).map(Package::parts).expect("a package");
    assert_eq!(classes, Class::read_all(&value["classes"]));
    let file = form.to_file(&classes);
    assert_eq!(Package::parse(&file).map(Package::parts), Ok((form, classes)), "{file}");
}

#[test]
fn a_file_without_an_id_is_known_by_its_name() {
    let long = "x".repeat(100);
    for (name, expected) in [
        ("lamp", Some("lamp")),
        ("Made by us", Some("made-by-us")),
        ("  (2) flux_dev--fp8.v1 ", Some("2-flux-dev-fp8-v1")),
        (long.as_str(), Some(&long[..64])),
        ("灯", None),
        ("--", None),
        ("", None),
    ] {
        assert_eq!(id_of_name(name).as_deref(), expected, "{name}");
    }
}
