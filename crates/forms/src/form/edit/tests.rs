//! Tables for editing forms: each step, what it refuses, and that the form survives its file.

use super::*;
use crate::form::derive::tests::recorded;
use crate::form::{Given, Package, candidates, derive};
use pilotlight_comfy::language::Language;
use serde_json::json;

fn classes() -> Vec<Class> {
    Class::read_all(&json!({"A": {"input": {"required": {
        "steps": ["INT", {"min": 1, "max": 100, "tooltip": "How often"}],
        "cfg": ["FLOAT", {"min": 0, "max": 30, "step": 0.5}],
        "text": ["STRING", {"multiline": true}],
        "seed": ["INT", {"min": 0, "max": 999}],
        "on": ["BOOLEAN"],
        "mode": [["a", "b"]],
        "image": [[], {"image_upload": true}],
        "points": ["POINTS"],
    }}}}))
}

fn form() -> Form {
    let flow = json!({
        "1": {"class_type": "A", "inputs": {"steps": 4, "cfg": 5, "text": "x", "seed": 7, "on": true,
            "mode": "a", "image": "a.png", "points": {}, "in": ["2", 0]}},
        "2": {"class_type": "B", "inputs": {"amount": 2.5, "steps": 3}},
    });
    let workflow = Workflow::from_value(flow).expect("a workflow");
    let classes = classes();
    derive(Given { workflow, classes: &classes, author: None, app: None, name: "x" })
}

fn key(input: &str) -> FieldKey {
    FieldKey::parse(input).expect("a key")
}

fn order(form: &Form) -> Vec<String> {
    let line = |field: &Field| format!("{}{}", field.key, if field.advanced { "*" } else { "" });
    form.fields.iter().map(line).collect()
}

/// Does the steps, and sees that the form reads back as it is.
#[track_caller]
fn edited(edits: Vec<Edit>) -> Form {
    let mut form = form();
    for edit in edits {
        let said = form.edit(edit.clone(), &classes());
        assert_eq!(said, Ok(()), "{edit:?}");
        let file = form.to_file(&classes());
        assert_eq!(Package::parse(&file).map(Package::form), Ok(form.clone()), "{file}");
    }
    form
}

#[track_caller]
fn check_refused(edit: Edit, expected: Unfit) {
    let mut form = form();
    assert_eq!(form.edit(edit, &classes()), Err(expected));
    assert_eq!(form, self::form());
}

fn text(text: &str) -> Draft {
    Draft::Text(text.into())
}

#[test]
fn inputs_become_fields_and_stop_being_fields() {
    assert_eq!(
        order(&form()),
        [
            "1.image",
            "1.text",
            "1.seed",
            "1.cfg*",
            "1.mode*",
            "1.on*",
            "1.points*",
            "1.steps*",
            "2.steps*",
            "2.amount*"
        ]
    );
    let form = edited(vec![
        Edit::Drop(key("1.steps")),
        Edit::Drop(key("2.steps")),
        Edit::Choose(key("1.steps")),
        Edit::Choose(key("2.steps")),
    ]);
    let front = ["1.image", "1.text", "1.seed", "1.steps", "2.steps"];
    assert_eq!(order(&form)[..5], front);
    let label = |input| form.field(&key(input)).map(|field| field.label.get(Language::English));
    assert_eq!((label("1.steps"), label("2.steps")), (Some("Steps"), Some("Steps · B")));
    check_refused(Edit::Choose(key("1.text")), Unfit::Twice);
    check_refused(Edit::Choose(key("1.in")), Unfit::Linked);
    check_refused(Edit::Choose(key("1.gone")), Unfit::NoSuchInput);
    check_refused(Edit::Drop(key("1.gone")), Unfit::NotAField);
}

#[test]
fn fields_move_within_their_part() {
    let form = edited(vec![
        Edit::Up(key("1.text")),
        Edit::Down(key("1.mode")),
        Edit::Advanced(key("1.seed"), true),
        Edit::Advanced(key("1.steps"), false),
        Edit::Up(key("1.steps")),
    ]);
    assert_eq!(
        order(&form),
        [
            "1.text",
            "1.steps",
            "1.seed*",
            "1.cfg*",
            "1.on*",
            "1.mode*",
            "1.points*",
            "1.image",
            "2.steps*",
            "2.amount*"
        ]
    );
    check_refused(Edit::Up(key("1.image")), Unfit::AtTheEnd);
    check_refused(Edit::Down(key("2.amount")), Unfit::AtTheEnd);
    check_refused(Edit::Up(key("1.cfg")), Unfit::AtTheEnd);
}

#[test]
fn names_are_given_in_both_languages() {
    let both = |en: &str, zh: &str| Label::both(en, zh);
    let form = edited(vec![
        Edit::Title(both(" Mine ", "我的")),
        Edit::Name(key("1.text"), both("", "文字 ")),
        Edit::Hint(key("1.text"), Some(both("in English", "用英文"))),
        Edit::Group(key("1.cfg"), Some(both("Sampling", "采样"))),
        Edit::Group(key("2.amount"), None),
        Edit::Required(key("1.text"), true),
    ]);
    assert_eq!(form.title, both("Mine", "我的"));
    let field = form.field(&key("1.text")).expect("the field");
    assert_eq!((&field.label, field.required), (&both("文字", "文字"), true));
    check_refused(Edit::Name(key("1.text"), both(" ", "")), Unfit::Empty);
    check_refused(Edit::Hint(key("1.gone"), None), Unfit::NotAField);
}

#[track_caller]
fn check_bounds(input: &str, min: &str, max: &str, expected: Result<[&str; 2], Unfit>) {
    let edit = Edit::Bounds(key(input), min.into(), max.into());
    match expected {
        Ok(expected) => {
            let form = edited(vec![edit]);
            let range = form.field(&key(input)).map(|field| field.widget.range());
            let range = range.map(|range| [range.min, range.max].map(Option::unwrap_or_default));
            assert_eq!(range, Some(expected.map(str::to_owned)));
        }
        Err(expected) => check_refused(edit, expected),
    }
}

#[test]
fn bounds_are_those_of_the_author_within_those_of_the_class() {
    check_bounds("1.steps", "2", "8", Ok(["2", "8"]));
    check_bounds("1.steps", "", "8", Ok(["1", "8"]));
    check_bounds("1.steps", "0", "500", Ok(["1", "100"]));
    check_bounds("1.cfg", "1.5", "10", Ok(["1.5", "10"]));
    check_bounds("1.seed", "1", "", Ok(["1", "999"]));
    check_bounds("2.amount", "-1", "", Ok(["-1", ""]));
    check_bounds("1.steps", "8", "2", Err(Unfit::NoRange));
    check_bounds("1.steps", "x", "", Err(Unfit::NoRange));
    check_bounds("1.steps", "1.5", "", Err(Unfit::NoRange));
    check_bounds("1.text", "1", "", Err(Unfit::NoRange));
    let too_large = Trouble::TooLarge { max: "3".into() };
    check_bounds("1.steps", "", "3", Err(Unfit::Value(too_large)));
    let wide = edited(vec![
        Edit::Bounds(key("1.steps"), "2".into(), "8".into()),
        Edit::Bounds(key("1.steps"), String::new(), String::new()),
    ]);
    assert_eq!(wide, form());
}

#[track_caller]
fn check_default(input: &str, draft: Draft, holds: Draft, sent: serde_json::Value) {
    let form = edited(vec![Edit::Default(key(input), draft)]);
    let field = form.field(&key(input)).expect("the field");
    assert_eq!(field.default_in(Language::English), holds);
    assert_eq!(form.workflow().input(&key(input)), Some(&sent));
}

#[test]
fn a_form_begins_with_the_authors_values() {
    check_default("1.steps", text(" 12 "), text("12"), json!(12));
    check_default("1.cfg", text("7"), text("7"), json!(7.0));
    check_default("2.amount", text("3"), text("3"), json!(3.0));
    check_default("1.text", text("a cat"), text("a cat"), json!("a cat"));
    check_default("1.text", text(""), text(""), json!(""));
    check_default("1.on", Draft::Switch(false), Draft::Switch(false), json!(false));
    check_default("1.mode", text("b"), text("b"), json!("b"));
    check_default("1.seed", text("42"), text("42"), json!(7));
    check_default("1.seed", text(""), text(""), json!(7));
    let refused = |input, draft, trouble| {
        check_refused(Edit::Default(key(input), draft), Unfit::Value(trouble));
    };
    refused("1.steps", text("0"), Trouble::TooSmall { min: "1".into() });
    refused("1.steps", text("1.5"), Trouble::NotWhole);
    refused("1.mode", text("c"), Trouble::NotInList { value: "c".into() });
    refused("1.on", text("x"), Trouble::WrongType);
    refused("1.seed", text("1000"), Trouble::TooLarge { max: "999".into() });
    check_refused(Edit::Default(key("1.image"), Draft::Picture(None)), Unfit::NoDefault);
    check_refused(Edit::Default(key("1.points"), text("{}")), Unfit::NoDefault);
}

#[test]
fn a_text_begins_differently_in_each_language() {
    let start = Label::both(" a cat ", "猫");
    let form = edited(vec![Edit::Start(key("1.text"), Some(start))]);
    let drafts = Language::ALL.map(|language| form.drafts(language).get(&key("1.text")).cloned());
    assert_eq!(drafts, [Some(text("a cat")), Some(text("猫"))]);
    edited(vec![Edit::Start(key("1.text"), Some(Label::plain("")))]);
    check_refused(Edit::Start(key("1.steps"), Some(Label::plain("5"))), Unfit::NotAText);
}

#[test]
fn every_recorded_form_can_be_edited_and_reads_back() {
    let classes = crate::form::derive::tests::classes();
    for (name, workflow, _) in recorded() {
        for known in [&classes[..], &[]] {
            let workflow = workflow.clone();
            let mut form =
                derive(Given { workflow, classes: known, author: None, app: None, name: "" });
            let mut done = 0;
            for field in form.fields.clone() {
                let key = || field.key.clone();
                let typed =
                    ["7", "0.5", "a long text that has more than sixty bytes, as prompts have"];
                let mut edits: Vec<Edit> =
                    typed.map(|text| Edit::Default(key(), Draft::Text(text.into()))).into();
                edits.extend([
                    Edit::Bounds(key(), "0".into(), "1000".into()),
                    Edit::Default(key(), field.default.clone()),
                    Edit::Down(key()),
                    Edit::Advanced(key(), !field.advanced),
                    Edit::Drop(key()),
                    Edit::Choose(key()),
                ]);
                done +=
                    edits.into_iter().filter(|edit| form.edit(edit.clone(), known).is_ok()).count();
            }
            assert!(done >= form.fields.len() * 3, "{name}");
            let file = form.to_file(known);
            assert_eq!(Package::parse(&file).map(Package::form), Ok(form), "{name}");
        }
    }
}

#[test]
fn what_can_become_a_field_is_called_as_the_field_will_be() {
    let form = form();
    let all = candidates(form.workflow(), &classes());
    let names: Vec<_> = all.iter().map(|one| one.key.to_string()).collect();
    assert_eq!(names.len(), 10, "{names:?}");
    assert!(all.iter().all(|one| one.title == "A" || one.title == "B"));
    for one in all {
        let mut empty = Form { fields: Vec::new(), ..form.clone() };
        assert_eq!(empty.edit(Edit::Choose(one.key.clone()), &classes()), Ok(()));
        assert_eq!(empty.fields[0].label, one.label, "{}", one.key);
    }
}

#[test]
fn a_label_is_no_longer_than_it_can_be_read_back() {
    let long = "x".repeat(2_001);
    let mut form = form();
    let key = form.fields[0].key.clone();
    let too_long = Err(Unfit::Value(Trouble::TooLong { limit_bytes: 2_000 }));
    let before = form.clone();
    for edit in [
        Edit::Title(Label::both("A", &long)),
        Edit::Name(key.clone(), Label::plain(&long)),
        Edit::Hint(key, Some(Label::plain(&long))),
    ] {
        assert_eq!(form.edit(edit, &classes()), too_long);
    }
    assert_eq!(form, before);
}
