//! Tables for choosing widgets.

use super::*;
use pilotlight_comfy::schema::Class;
use pilotlight_comfy::workflow::{NodeId, Workflow};
use serde_json::json;

fn text(text: &str) -> Draft {
    Draft::Text(text.into())
}

#[track_caller]
fn check(name: &str, value: Value, description: Option<Value>, expected: (Widget, Draft)) {
    let flow = json!({"1": {"class_type": "A", "inputs": {"upload": "image"}}});
    let flow = Workflow::from_value(flow).expect("a workflow");
    let node = flow.node(&NodeId::new("1")).expect("a node");
    let class = description.map(|x| json!({"input": {"required": {name: x}}}));
    let class = class.and_then(|class| Class::read("A", &class));
    let kind = class.as_ref().and_then(|class| class.input(name)).map(|input| &input.kind);
    let widget = Widget::of(name, &value, node, kind);
    let draft = widget.draft(&value);
    assert_eq!((widget, draft), expected, "{name}");
}

#[test]
fn a_class_description_decides() {
    let size = json!(["INT", {"min": 1, "max": 16, "step": 8, "control_after_generate": true}]);
    let int = Widget::Int { min: Some(1), max: Some(16), step: Some(8) };
    check("width", json!(4), Some(size), (int, text("4")));
    let seed = json!(["INT", {"control_after_generate": true, "max": 99}]);
    check("seed_num", json!(7), Some(seed), (Widget::Seed { min: 0, max: 99 }, text("")));
    check(
        "noise_seed",
        json!(7),
        Some(json!(["INT"])),
        (Widget::Seed { min: 0, max: u64::MAX.into() }, text("")),
    );
    let float = Widget::Float { min: Some(1.0), max: None, step: Some(0.5) };
    let described = json!(["FLOAT", {"min": 1, "step": 0.5}]);
    check("cfg", json!(5), Some(described.clone()), (float.clone(), text("5")));
    check("cfg", json!(5.0), Some(described), (float, text("5")));
    check("a", json!("x"), Some(json!(["STRING"])), (Widget::Text, text("x")));
    let long = json!(["STRING", {"multiline": true}]);
    check("a", json!("x"), Some(long), (Widget::LongText, text("x")));
    check("a", json!(true), Some(json!(["BOOLEAN"])), (Widget::Switch, Draft::Switch(true)));
    let options = vec![
        Choice { text: "a".into(), value: json!("a") },
        Choice { text: "2".into(), value: json!(2) },
    ];
    check("a", json!(2), Some(json!([["a", 2]])), (Widget::Choice { options }, text("2")));
    let upload = json!([[], {"image_upload": true}]);
    check("a", json!("x.png"), Some(upload), (Widget::Picture, Draft::Picture(None)));
}

#[test]
fn without_a_description_the_value_decides() {
    let int = Widget::Int { min: None, max: None, step: None };
    let float = Widget::Float { min: None, max: None, step: None };
    let any_seed = Widget::Seed { min: 0, max: u64::MAX.into() };
    check("steps", json!(20), None, (int, text("20")));
    check("seed", json!(20), None, (any_seed, text("")));
    check("cfg", json!(0.5), None, (float.clone(), text("0.5")));
    check("cfg", json!(5.0), None, (float, text("5")));
    check("a", json!(false), None, (Widget::Switch, Draft::Switch(false)));
    check("a", json!("x"), None, (Widget::Text, text("x")));
    check("a", json!("x\ny"), None, (Widget::LongText, text("x\ny")));
    check("prompt", json!(""), None, (Widget::LongText, text("")));
    check("image", json!("x.png"), None, (Widget::Picture, Draft::Picture(None)));
    let list = json!({"__value__": [1]});
    check("a", list, None, (Widget::ReadOnly(Fixed::Unknown), text("{\"__value__\":[1]}")));
    check("a", json!("x"), Some(json!([[]])), (Widget::Text, text("x")));
    check("a", json!("x"), Some(json!(["*"])), (Widget::Text, text("x")));
}

#[test]
fn a_value_that_does_not_fit_its_description_is_not_changed() {
    check("a", json!("x"), Some(json!(["INT"])), (Widget::Text, text("x")));
    check("a", json!([1]), Some(json!(["INT"])), (Widget::ReadOnly(Fixed::Unknown), text("[1]")));
    // What was never filled in still can be.
    check("a", json!(null), Some(json!(["STRING"])), (Widget::Text, text("")));
    let int = Widget::Int { min: None, max: None, step: None };
    check("a", json!(null), Some(json!(["INT"])), (int, text("")));
    check("a", json!(null), None, (Widget::ReadOnly(Fixed::Unknown), text("null")));
    let float = Widget::Float { min: None, max: None, step: None };
    check("a", json!(1.5), Some(json!(["INT", {"min": 1}])), (float, text("1.5")));
}

#[track_caller]
fn check_narrow(mut widget: Widget, low: Value, high: Value, expected: Option<[&str; 2]>) {
    let given = |bound: Value| (!bound.is_null()).then_some(bound);
    let (low, high) = (given(low), given(high));
    let left = widget.narrow(low.as_ref(), high.as_ref());
    let Range { min, max, .. } = widget.range();
    let bounds = [min.as_deref().unwrap_or("-"), max.as_deref().unwrap_or("-")];
    assert_eq!(left.then_some(bounds), expected);
}

#[test]
fn bounds_are_drawn_closer_only() {
    let int = |min, max| Widget::Int { min, max, step: None };
    let float = |min, max| Widget::Float { min, max, step: None };
    let seed = Widget::Seed { min: 0, max: u64::MAX.into() };
    check_narrow(int(Some(1), Some(16)), json!(2), json!(4), Some(["2", "4"]));
    check_narrow(int(Some(1), Some(16)), json!(0), json!(99), Some(["1", "16"]));
    check_narrow(int(None, None), json!(2), json!(null), Some(["2", "-"]));
    check_narrow(int(Some(1), Some(16)), json!(17), json!(null), None);
    check_narrow(float(Some(1.0), Some(10.0)), json!(1.5), json!(20), Some(["1.5", "10"]));
    check_narrow(float(None, None), json!(3), json!(2), None);
    check_narrow(seed.clone(), json!(null), json!(99), Some(["0", "99"]));
    check_narrow(seed, json!(null), json!(null), Some(["0", "18446744073709551615"]));
    check_narrow(Widget::Text, json!(1), json!(null), None);
    check_narrow(Widget::Text, json!(null), json!(null), Some(["-", "-"]));
}

#[test]
fn files_are_told_by_class_mark_or_description() {
    let table = [
        ("LoadImage", "image", json!({}), Widget::Picture),
        ("Odd", "image", json!({"upload": "image"}), Widget::Picture),
        ("Odd", "image", json!({}), Widget::Text),
        ("LoadVideo", "file", json!({}), Widget::Video),
        ("LoadAudio", "audio", json!({}), Widget::Sound),
        ("LoadAudio", "other", json!({}), Widget::Text),
    ];
    for (class, name, mut inputs, expected) in table {
        inputs[name] = json!("x");
        let flow = json!({"1": {"class_type": class, "inputs": inputs}});
        let flow = Workflow::from_value(flow).expect("a workflow");
        let node = flow.node(&NodeId::new("1")).expect("a node");
        assert_eq!(Widget::of(name, &json!("x"), node, None), expected, "{class}.{name}");
    }
    let video = json!(["COMBO", {"video_upload": true}]);
    check("file", json!(null), Some(video), (Widget::Video, Draft::Picture(None)));
    let mask = json!(["COMBO", {"mask_upload": true}]);
    check("a", json!("x"), Some(mask), (Widget::ReadOnly(Fixed::File), text("x")));
}

#[test]
fn only_options_whose_inputs_are_there_are_offered() {
    let option = |key: &str, inputs: Value| json!({"key": key, "inputs": {"required": inputs}});
    let options = json!([
        option("now", json!({"size": ["INT"]})),
        option("same", json!({"size": ["INT"]})),
        option("less", json!({})),
        option("other", json!({"size": ["FLOAT"]})),
        option("more", json!({"size": ["INT"], "shape": ["STRING"]})),
    ]);
    let description =
        json!({"input": {"required": {"a": ["COMFY_DYNAMICCOMBO_V3", {"options": options}]}}});
    let class = Class::read("A", &description).expect("a class");
    let flow = json!({"1": {"class_type": "A", "inputs": {"a.size": 5}}});
    let flow = Workflow::from_value(flow).expect("a workflow");
    let node = flow.node(&NodeId::new("1")).expect("a node");
    let kind = class.input("a").map(|input| &input.kind);
    let widget = |value: Value| Widget::of("a", &value, node, kind);
    let Widget::Choice { options } = widget(json!("now")) else { panic!("a choice") };
    let texts: Vec<&str> = options.iter().map(|option| option.text.as_str()).collect();
    assert_eq!(texts, ["now", "same", "less"]);
    assert_eq!(widget(json!("gone")), Widget::ReadOnly(Fixed::Branches));
    assert_eq!(widget(json!(5)), Widget::ReadOnly(Fixed::Branches));
}

#[test]
fn a_text_that_is_too_long_to_be_shown_is_sent_as_it_is() {
    let long = "x".repeat(MAX_TEXT_BYTES + 1);
    let shown = text(&format!("{}…", "x".repeat(500)));
    for description in [None, Some(json!(["STRING", {"multiline": true}]))] {
        check("a", json!(long), description, (Widget::ReadOnly(Fixed::Long), shown.clone()));
    }
    let fits = &long[..MAX_TEXT_BYTES];
    check("a", json!(fits), None, (Widget::LongText, text(fits)));
}

#[test]
fn bounds_that_take_any_number_are_not_told() {
    let range = |min: &str, max: &str| Range {
        min: Some(min.to_owned()).filter(|text| !text.is_empty()),
        max: Some(max.to_owned()).filter(|text| !text.is_empty()),
        step: None,
    };
    let table = [
        (range("1", "16"), Some(("1", "16"))),
        (range("-1.5", "0.25"), Some(("-1.5", "0.25"))),
        (range("0", "16384"), Some(("0", "16384"))),
        (range("0", "1.8446744073709552e19"), None),
        (range("0", "18446744073709551615"), None),
        (range("-9223372036854775808", "9223372036854775807"), None),
        (range("-1000000", "10"), None),
        (range("0", ""), None),
    ];
    for (range, expected) in table {
        assert_eq!(range.told(), expected, "{range:?}");
    }
}
