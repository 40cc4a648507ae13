//! Which nodes are sent: muted, bypassed and virtual ones, primitives, and classes without a
//! description.

use super::converted;
use super::small::{check, check_source, classes, graph, inputs, node, source, with};
use pilotlight_comfy::graph::GraphRefusal;
use serde_json::{Value, json};

#[test]
fn links_win_over_values_and_match_by_name() {
    let number = node(2, "Number", &[], &["INT"], json!([6, "fixed"]));
    let linked = node(1, "Source", &["size:INT!<1"], &[], json!([4]));
    check(
        &[linked, number.clone()],
        &[[1, 2, 0, 1, 7]],
        json!({"1": {"size": ["2", 0]}, "2": {"value": 6}}),
    );
    // Converted and not linked: its value is kept; a link that is not there is none.
    check(&[node(1, "Source", &["size:INT!"], &[], json!([4]))], &[], json!({"1": {"size": 4}}));
    check(&[node(1, "Source", &["size:INT!<8"], &[], json!([4]))], &[], json!({"1": {"size": 4}}));
    // What only the file has is kept, but for a widget that is gone.
    let extra = node(1, "Source", &["more:INT<1", "gone:INT!<1"], &[], json!([4]));
    check(
        &[extra, number],
        &[[1, 2, 0, 1, 0]],
        json!({"1": {"size": 4, "more": ["2", 0]}, "2": {"value": 6}}),
    );
}

#[test]
fn muted_nodes_go_and_bypassed_ones_let_through() {
    let blend = |mode, slots: &[&str]| {
        with(node(3, "Blend", slots, &["IMAGE"], json!([0.1])), "mode", json!(mode))
    };
    let both = ["one:IMAGE<1", "two:IMAGE<2"];
    let links = [[1, 1, 0, 3, 0], [2, 2, 0, 3, 1], [9, 3, 0, 9, 0]];
    let sources = [source(1), source(2)];
    let linked = |node: Value, links: &[[u64; 5]], expected: Option<Value>| {
        check_source(&[sources.as_slice(), &[node]].concat(), links, expected);
    };
    let run = |node: Value, expected: Option<Value>| linked(node, &links, expected);
    run(blend(0, &both), Some(json!(["3", 0])));
    run(blend(1, &both), Some(json!(["3", 0])));
    run(blend(3, &both), Some(json!(["3", 0])));
    run(blend(2, &both), None);
    run(blend(4, &both), Some(json!(["1", 0])));
    // No second try.
    linked(blend(4, &["one:IMAGE", "two:IMAGE<2"]), &links[1..], None);
    // Not the one beside it, but the first of that type.
    let mask = with(
        node(3, "Mask", &["mask:MASK", "image:IMAGE<2"], &["IMAGE", "MASK"], json!([])),
        "mode",
        json!(4),
    );
    run(mask, Some(json!(["2", 0])));
    // Nothing fits.
    let number = with(node(3, "Sampler", &[], &["IMAGE"], json!([])), "mode", json!(4));
    linked(number, &links[2..], None);
    // A widget that is fed by a muted or bypassed node sends its own value.
    for mode in [2, 4] {
        let number = with(node(2, "Number", &[], &["INT"], json!([6])), "mode", json!(mode));
        check(
            &[node(1, "Source", &["size:INT!<1"], &[], json!([4])), number],
            &[[1, 2, 0, 1, 0]],
            json!({"1": {"size": 4}}),
        );
    }
}

#[test]
fn virtual_nodes_never_appear() {
    let reroute =
        |id, link: &str| node(id, "Reroute", &[&format!(":*<{link}")], &["IMAGE"], Value::Null);
    let links = [[1, 1, 0, 3, 0], [2, 3, 0, 4, 0], [9, 4, 0, 9, 0]];
    let chain = |three: Value| {
        [
            source(1),
            three,
            reroute(4, "2"),
            node(5, "Note", &[], &[], json!(["hi"])),
            node(6, "MarkdownNote", &[], &[], json!(["hi"])),
        ]
    };
    check_source(&chain(reroute(3, "1")), &links, Some(json!(["1", 0])));
    check_source(&chain(with(reroute(3, "1"), "mode", json!(4))), &links, Some(json!(["1", 0])));
    check_source(&chain(with(reroute(3, "1"), "mode", json!(2))), &links, None);
    check_source(&chain(node(3, "Reroute", &[":*"], &["IMAGE"], Value::Null)), &links[1..], None);
    let set = node(3, "SetNode", &["IMAGE:IMAGE<1"], &["*"], json!(["name"]));
    let get = |name| node(4, "GetNode", &[], &["IMAGE"], json!([name]));
    let links = [[1, 1, 0, 3, 0], [9, 4, 0, 9, 0]];
    check_source(&[source(1), set.clone(), get("name")], &links, Some(json!(["1", 0])));
    check_source(&[source(1), set, get("other")], &links, None);
}

#[test]
fn a_primitive_writes_into_its_targets() {
    let target = |id| node(id, "Source", &["size:INT!<1"], &[], json!([4]));
    let primitive =
        |mode, values| with(node(2, "PrimitiveNode", &[], &["INT"], values), "mode", json!(mode));
    for mode in [0, 2, 4] {
        check(
            &[target(1), primitive(mode, json!([77, "fixed"]))],
            &[[1, 2, 0, 1, 0]],
            json!({"1": {"size": 77}}),
        );
    }
    check(&[target(1), primitive(0, json!([]))], &[[1, 2, 0, 1, 0]], json!({"1": {"size": 4}}));
    let reroute = node(3, "Reroute", &[":*<2"], &["INT"], Value::Null);
    check(
        &[target(1), reroute, primitive(0, json!([77]))],
        &[[1, 3, 0, 1, 0], [2, 2, 0, 3, 0]],
        json!({"1": {"size": 4}}),
    );
    let words = node(1, "Words", &["text:STRING!<1"], &[], json!(["", ""]));
    check(
        &[words, primitive(0, json!(["{a}"]))],
        &[[1, 2, 0, 1, 0]],
        json!({"1": {"text": "a", "plain": ""}}),
    );
}

#[test]
fn titles_and_packs_are_told() {
    let properties = json!({"cnr_id": "pack", "ver": "v1.2.3", "aux_id": "no", "other": 1});
    let nodes = [
        source(1),
        with(with(source(2), "title", json!("Mine")), "properties", properties),
        with(node(3, "Blend", &[], &[], json!([])), "title", json!("Blend")),
    ];
    let prompt = converted(&classes(), &graph(&nodes, &[])).unwrap();
    assert_eq!(prompt["1"]["_meta"], json!({"title": "A source"}));
    assert_eq!(prompt["2"]["_meta"], json!({"title": "Mine", "cnr_id": "pack", "ver": "1.2.3"}));
    assert_eq!(prompt["3"]["_meta"], json!({"title": "Blend"}));
    assert_eq!(prompt["3"]["class_type"], json!("Blend"));
}

#[test]
fn classes_without_a_description_are_named_or_done_without() {
    let missing = |nodes: &[Value]| converted(&classes(), &graph(nodes, &[]));
    let unknown = |slots: &[&str], values| node(1, "Unknown", slots, &["IMAGE"], values);
    let refused =
        Err(GraphRefusal::MissingClasses { classes: vec!["Other".into(), "Unknown".into()] });
    let nodes = [
        unknown(&[], json!([1])),
        node(2, "Other", &[], &[], json!([1])),
        node(3, "Unknown", &[], &[], json!([1])),
    ];
    assert_eq!(missing(&nodes), refused);
    // Muted and bypassed ones are not asked for.
    assert_eq!(missing(&[with(unknown(&[], json!([1])), "mode", json!(2))]), Ok(json!({})));
    let taken = |node: Value| inputs(&graph(&[node], &[]))["1"].clone();
    assert_eq!(taken(unknown(&["a:INT"], json!([]))), json!({}));
    assert_eq!(
        taken(unknown(&[], json!({"a": 1, "control_after_generate": "fixed"}))),
        json!({"a": 1})
    );
    let slots = ["model:MODEL", "seed:INT!", "text:STRING!"];
    assert_eq!(
        taken(unknown(&slots, json!([5, "randomize", "t"]))),
        json!({"seed": 5, "text": "t"})
    );
    assert_eq!(taken(unknown(&slots, json!([5, "t"]))), json!({"seed": 5, "text": "t"}));
    let named = with(unknown(&[], json!([5, 6])), "widgets_values_named", json!({"x": 5, "y": 6}));
    assert_eq!(taken(named), json!({"x": 5, "y": 6}));
    assert!(missing(&[unknown(&slots, json!([5, "t", "more"]))]).is_err());
    // What was shown last is no part of these.
    for class in ["easy showAnything", "Image Comparer (rgthree)", "Display Any (rgthree)"] {
        assert_eq!(taken(node(1, class, &["a:*"], &[], json!([["x"], ""]))), json!({}), "{class}");
    }
    let shown = taken(node(1, "ShowText|pysssss", &["text:STRING"], &[], json!([["x"]])));
    assert_eq!(shown, json!({"text_0": "x"}));
}
