//! The rules of subgraphs, in graphs as small as they get.

use super::small::{graph, inputs, node, save, source, with};
use serde_json::{Value, json};

/// A subgraph with the inputs `image` and `size`: its node 11 blends `image` with the source 12,
/// whose size is the second input.
pub(super) fn subgraph(id: &str) -> Value {
    json!({
        "id": id, "name": "Inner",
        "inputs": [{"name": "image", "type": "IMAGE", "linkIds": [1]}, {"name": "size", "type": "INT", "linkIds": [2]}],
        "outputs": [{"name": "IMAGE", "type": "IMAGE", "linkIds": [4]}],
        "nodes": [
            node(11, "Blend", &["one:IMAGE<1", "two:IMAGE<3"], &["IMAGE"], json!([0.1])),
            node(12, "Source", &["size:INT!<2"], &["IMAGE"], json!([4])),
        ],
        "links": [
            {"id": 1, "origin_id": -10, "origin_slot": 0, "target_id": 11, "target_slot": 0},
            {"id": 2, "origin_id": -10, "origin_slot": 1, "target_id": 12, "target_slot": 0},
            {"id": 3, "origin_id": 12, "origin_slot": 0, "target_id": 11, "target_slot": 1},
            {"id": 4, "origin_id": 11, "origin_slot": 0, "target_id": -20, "target_slot": 0},
        ],
    })
}

pub(super) fn around(instance: Value, links: &[[u64; 5]], definitions: Value) -> Value {
    let number = node(2, "Number", &[], &["INT"], json!([6, "fixed"]));
    let graph = graph(&[source(1), number, instance, save()], links);
    with(graph, "definitions", json!({"subgraphs": definitions}))
}

pub(super) const AROUND: [[u64; 5]; 3] = [[1, 1, 0, 3, 0], [9, 3, 0, 9, 0], [2, 2, 0, 3, 1]];

/// What an instance as node 3 becomes: what its nodes take, and what comes out of it.
#[track_caller]
fn check_instance(instance: Value, inner: Value, expected: Option<Value>) {
    check_linked(instance, &AROUND[..2], inner, expected);
}

#[track_caller]
fn check_linked(instance: Value, links: &[[u64; 5]], inner: Value, expected: Option<Value>) {
    let found = inputs(&around(instance, links, json!([subgraph("sub")])));
    let of = |id: &str| found.get(id).cloned().unwrap_or_default();
    assert_eq!(json!({"11": of("3:11"), "12": of("3:12")}), inner, "{found}");
    assert_eq!(found["9"].get("images").cloned(), expected, "{found}");
}

#[test]
fn subgraphs_are_opened() {
    let inner = |one: Value, size: Value| json!({"11": {"one": one, "two": ["3:12", 0], "by": 0.1}, "12": {"size": size}});
    let instance = |slots: &[&str], values| node(3, "sub", slots, &["IMAGE"], values);
    let out = Some(json!(["3:11", 0]));
    check_instance(
        instance(&["image:IMAGE<1", "size:INT!"], json!([])),
        inner(json!(["1", 0]), json!(4)),
        out.clone(),
    );
    check_instance(
        instance(&["image:IMAGE<1", "size:INT!"], json!([50])),
        inner(json!(["1", 0]), json!(50)),
        out.clone(),
    );
    // Slots match by name, whatever their order; one that is left out is there all the same.
    check_linked(
        instance(&["size:INT!<2", "image:IMAGE<1"], json!([50])),
        &AROUND,
        inner(json!(["1", 0]), json!(["2", 0])),
        out.clone(),
    );
    check_instance(
        instance(&["image:IMAGE<1"], json!([50])),
        inner(json!(["1", 0]), json!(50)),
        out.clone(),
    );
    let alone = instance(&["image:IMAGE"], json!([50]));
    check_linked(
        alone,
        &AROUND[1..2],
        json!({"11": {"two": ["3:12", 0], "by": 0.1}, "12": {"size": 50}}),
        out.clone(),
    );
    let proxied = |proxies, values| {
        with(instance(&["image:IMAGE<1"], values), "properties", json!({"proxyWidgets": proxies}))
    };
    check_instance(
        proxied(json!([["11", "by"], ["12", "size"]]), json!([0.9, 60])),
        json!({"11": {"one": ["1", 0], "two": ["3:12", 0], "by": 0.9}, "12": {"size": 60}}),
        out.clone(),
    );
    check_instance(
        proxied(json!([["-1", "size"]]), json!([60])),
        inner(json!(["1", 0]), json!(60)),
        out,
    );
    // Muted and bypassed as a node.
    check_instance(
        with(instance(&["image:IMAGE<1"], json!([])), "mode", json!(2)),
        json!({"11": null, "12": null}),
        None,
    );
    check_instance(
        with(instance(&["image:IMAGE<1"], json!([])), "mode", json!(4)),
        json!({"11": null, "12": null}),
        Some(json!(["1", 0])),
    );
}

#[test]
fn what_is_shown_on_an_instance_is_not_fed_from_within() {
    let mut inner = subgraph("sub");
    inner["inputs"][1]["linkIds"] = json!([]);
    inner["nodes"].as_array_mut().unwrap().push(node(13, "Number", &[], &["INT"], json!([7])));
    (inner["links"][1]["origin_id"], inner["links"][1]["origin_slot"]) = (json!(13), json!(0));
    let table = [(json!([]), json!(["3:13", 0])), (json!([["12", "size"]]), json!(60))];
    for (proxies, expected) in table {
        let instance = node(3, "sub", &["image:IMAGE<1"], &["IMAGE"], json!([60]));
        let instance = with(instance, "properties", json!({"proxyWidgets": proxies}));
        let found = inputs(&around(instance, &AROUND[..2], json!([inner])));
        assert_eq!(found["3:12"]["size"], expected);
    }
}

#[test]
fn subgraphs_stand_in_subgraphs() {
    let outer = json!({
        "id": "outer", "name": "Outer",
        "inputs": [{"name": "image", "type": "IMAGE", "linkIds": [1]}, {"name": "wide", "type": "INT", "linkIds": [2]}],
        "outputs": [{"name": "IMAGE", "type": "IMAGE", "linkIds": [3]}],
        "nodes": [node(21, "sub", &["image:IMAGE<1", "size:INT!<2"], &["IMAGE"], json!([33]))],
        "links": [
            {"id": 1, "origin_id": -10, "origin_slot": 0, "target_id": 21, "target_slot": 0},
            {"id": 2, "origin_id": -10, "origin_slot": 1, "target_id": 21, "target_slot": 1},
            {"id": 3, "origin_id": 21, "origin_slot": 0, "target_id": -20, "target_slot": 0},
        ],
    });
    for (values, size) in [(json!([]), json!(33)), (json!([44]), json!(44))] {
        let instance = node(3, "outer", &["image:IMAGE<1", "wide:INT!"], &["IMAGE"], values);
        let found = inputs(&around(instance, &AROUND[..2], json!([outer, subgraph("sub")])));
        assert_eq!(found["9"]["images"], json!(["3:21:11", 0]));
        assert_eq!(found["3:21:11"]["one"], json!(["1", 0]));
        assert_eq!(found["3:21:12"]["size"], size);
    }
    // The editor's modes end at the first level: what is in there goes out, and is passed by.
    let mut bypassed = outer;
    bypassed["nodes"][0]["mode"] = json!(4);
    let instance = node(3, "outer", &["image:IMAGE<1", "wide:INT!"], &["IMAGE"], json!([44]));
    let found = inputs(&around(instance, &AROUND[..2], json!([bypassed, subgraph("sub")])));
    assert_eq!(found["9"]["images"], json!(["1", 0]));
    assert_eq!(found["3:21:12"]["size"], json!(44));
    // Two instances, and ids that a subgraph shares with the workflow.
    let mut shared = subgraph("sub");
    shared["nodes"][1]["id"] = json!(1);
    shared["links"][1]["target_id"] = json!(1);
    shared["links"][2]["origin_id"] = json!(1);
    let mut twice = around(
        node(3, "sub", &["image:IMAGE<1"], &["IMAGE"], json!([])),
        &AROUND[..2],
        json!([shared]),
    );
    twice["last_node_id"] = json!(30);
    twice["nodes"].as_array_mut().unwrap().push(node(4, "sub", &[], &["IMAGE"], json!([70])));
    let found = inputs(&twice);
    assert_eq!(found["3:11"]["two"], json!(["3:31", 0]));
    assert_eq!((&found["3:31"]["size"], &found["4:31"]["size"]), (&json!(4), &json!(70)));
}
