//! The values of widgets: their order, their places, and how they are written.

use super::small::{check, check_values, classes, graph, node, source, with};
use pilotlight_comfy::graph::{Moment, convert};
use serde_json::{Value, json};

#[test]
fn values_stand_in_the_order_of_the_description() {
    let sent =
        |name, seed, steps, note| json!({"name": name, "seed": seed, "steps": steps, "note": note});
    check_values(
        "Sampler",
        json!(["euler", 7, "fixed", 30, "x"]),
        sent(json!("euler"), json!(7), json!(30), json!("x")),
    );
    check_values(
        "Sampler",
        json!(["euler", 7]),
        sent(json!("euler"), json!(7), json!(20), json!("n")),
    );
    check_values("Sampler", json!([]), sent(json!("lcm"), json!(0), json!(20), json!("n")));
    check_values("Sampler", Value::Null, sent(json!("lcm"), json!(0), json!(20), json!("n")));
    // The control is missing: nothing is mended.
    check_values(
        "Sampler",
        json!(["lcm", 7, 30, "x"]),
        sent(json!("lcm"), json!(7), json!("x"), json!("n")),
    );
    check_values(
        "Sampler",
        json!(["lcm", 7, 0, 1, "x", 5, 6]),
        sent(json!("lcm"), json!(7), json!(1), json!("x")),
    );
    // Nothing is clamped, rounded or read as another type.
    check_values(
        "Sampler",
        json!(["no", "7", 0, 1.5, null]),
        sent(json!("no"), json!("7"), json!(1.5), json!(null)),
    );
    check_values(
        "Sampler",
        json!([null, u64::MAX, 0, i64::MIN, ""]),
        sent(json!("euler"), json!(u64::MAX), json!(i64::MIN), json!("")),
    );
    check_values(
        "Sampler",
        json!(["lcm", 1.0, 0, -0.0, {"a": [2.5, 3.0]}]),
        sent(json!("lcm"), json!(1), json!(0), json!({"a": [2.5, 3]})),
    );
    check_values(
        "Sampler",
        json!({"steps": 3}),
        sent(json!("lcm"), json!(0), json!(20), json!("n")),
    );
    check_values("LoadImage", json!(["b.png", "image", 4]), json!({"image": "b.png", "more": 4}));
    check_values("LoadImage", json!(["b.png"]), json!({"image": "b.png", "more": 3}));
}

#[test]
fn special_widgets_take_their_places() {
    check_values(
        "Odd",
        json!(["y", "fixed", "", 5, ["#fff"], {"points": [1]}, {"x": 1}, 1, 2, 3, 4, 7, true]),
        json!({
            "choice": "y", "fixed": 5, "list": {"__value__": ["#fff"]},
            "curve": {"__type__": "CURVE", "__value__": {"points": [1]}},
            "box": {"x": 1}, "wide": 7, "on": true,
        }),
    );
    check_values(
        "Odd",
        json!([]),
        json!({
            "choice": "x", "fixed": 1, "list": {"__value__": []},
            "curve": {"__type__": "CURVE", "__value__": {"points": []}},
            "box": {"x": 0, "y": 0, "width": 512, "height": 512}, "wide": 2.5, "on": false,
        }),
    );
    // As many values as there were widgets before 1.16: the forced input had one.
    check_values("Forced", json!([1, "dummy", 2]), json!({"a": 1, "b": 2}));
    check_values("Forced", json!([1, 2]), json!({"a": 1, "b": 2}));
}

#[test]
fn a_dynamic_choice_is_followed_by_what_it_brings() {
    check_values("Branches", json!([]), json!({"way": "none", "after": 9}));
    check_values("Branches", json!(["none", 1]), json!({"way": "none", "after": 1}));
    check_values(
        "Branches",
        json!(["size", 1, 2, 3]),
        json!({"way": "size", "way.width": 1, "way.height": 2, "after": 3}),
    );
    check_values(
        "Branches",
        json!(["size"]),
        json!({"way": "size", "way.width": 4, "way.height": 5, "after": 9}),
    );
    check_values("Branches", json!(["gone", 1]), json!({"way": "gone", "after": 1}));
    let branches =
        node(1, "Branches", &["way.mask:MASK<1", "way.gone:MASK<1"], &[], json!(["size"]));
    let links = [[1, 2, 1, 1, 0]];
    check(
        &[branches, node(2, "Mask", &[], &["IMAGE", "MASK"], json!([]))],
        &links,
        json!({"1": {"way": "size", "way.width": 4, "way.height": 5, "way.mask": ["2", 1], "after": 9}, "2": {}}),
    );
    let closed = node(1, "Branches", &["way.mask:MASK<1"], &[], json!(["none"]));
    check(
        &[closed, node(2, "Mask", &[], &["IMAGE", "MASK"], json!([]))],
        &links,
        json!({"1": {"way": "none", "after": 9}, "2": {}}),
    );
}

#[test]
fn growing_inputs_keep_their_names() {
    let many = node(
        1,
        "Many",
        &[
            "images.image0:IMAGE<1",
            "images.image1:IMAGE",
            "images.image2:IMAGE<2",
            "values.b:INT<3",
        ],
        &[],
        Value::Null,
    );
    check(
        &[many, source(2), node(3, "Number", &[], &["INT"], json!([6, "fixed"]))],
        &[[1, 2, 0, 1, 0], [2, 2, 0, 1, 2], [3, 3, 0, 1, 3]],
        json!({
            "1": {"images.image0": ["2", 0], "images.image2": ["2", 0], "values.b": ["3", 0]},
            "2": {"size": 1}, "3": {"value": 6},
        }),
    );
}

#[test]
fn texts_are_prepared() {
    check_values(
        "Words",
        json!(["{a} // b", "{a} // b"]),
        json!({"text": "a ", "plain": "{a} // b"}),
    );
    check_values("Words", json!([5, 5]), json!({"text": "5", "plain": 5}));
    let drawn = |draw| {
        let one = graph(&[node(1, "Words", &[], &[], json!(["{a|b}", ""]))], &[]);
        convert(&classes(), &one, &Moment { draw, ..Moment::default() }).unwrap().prompt["1"]["inputs"]["text"].clone()
    };
    let all: Vec<Value> = (0..20).map(drawn).collect();
    assert!(all.contains(&json!("a")) && all.contains(&json!("b")) && drawn(3) == drawn(3));
    let prefix = |text: &str| {
        let save = node(1, "SaveImage", &[], &[], json!([text]));
        let named = with(source(2), "title", json!("T"));
        let aliased = with(source(3), "properties", json!({"Node name for S&R": "S"}));
        let moment = Moment { year: 2026, month: 1, day: 2, ..Moment::default() };
        convert(&classes(), &graph(&[save, named, aliased], &[]), &moment).unwrap().prompt["1"]["inputs"]["filename_prefix"].clone()
    };
    assert_eq!(
        prefix("%date:yyyy-MM-dd%/%T.size%_%S.size%_%X.size%"),
        json!("2026-01-02/1_1_%X.size%")
    );
}
