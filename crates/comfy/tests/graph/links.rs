//! Where links end when a file is not of one mind about it.

use super::small::{graph, inputs, node, save, source, with};
use serde_json::{Value, json};

/// What feeds the first two inputs of a node that blends, with this in the file.
#[track_caller]
fn check(slots: &[&str], links: &[(u64, u64, u64)], expected: [Option<u64>; 2]) {
    let blend = node(3, "Blend", slots, &["IMAGE"], json!([0.1]));
    let links: Vec<[u64; 5]> =
        links.iter().map(|(id, from, slot)| [*id, *from, 0, 3, *slot]).collect();
    let found = inputs(&graph(&[source(1), source(2), blend, save()], &links));
    let from = |name: &str| found["3"].get(name)?.get(0)?.as_str()?.parse().ok();
    assert_eq!([from("one"), from("two")], expected, "{slots:?} {links:?} {found}");
}

#[test]
fn the_list_of_links_decides() {
    let (none, one, two) = (None, Some(1), Some(2));
    // A slot that names no link has the one that the list leads to it.
    check(&["one:IMAGE", "two:IMAGE<6"], &[(5, 1, 0), (6, 2, 1)], [one, two]);
    check(&[], &[(5, 1, 1)], [none, one]);
    // Places are those of the class, whatever the order in the file.
    check(&["two:IMAGE", "one:IMAGE"], &[(5, 1, 0)], [one, none]);
    check(&["two:IMAGE", "one:IMAGE"], &[(5, 1, 9)], [none, none]);
    // A slot that names a link takes it.
    check(&["one:IMAGE", "two:IMAGE<5"], &[(5, 1, 0)], [none, one]);
    check(&["one:IMAGE<6", "two:IMAGE<5"], &[(5, 1, 0), (6, 2, 1)], [two, one]);
    check(&["one:IMAGE<5", "two:IMAGE<5"], &[(5, 1, 1)], [none, one]);
    check(&["two:IMAGE<5", "one:IMAGE<5"], &[(5, 1, 9)], [one, none]);
    // Of two to one place the one that a slot names stays, else the first.
    check(&["one:IMAGE<6"], &[(5, 1, 0), (6, 2, 0)], [two, none]);
    check(&["one:IMAGE"], &[(6, 2, 0), (5, 1, 0)], [two, none]);
    check(&["one:IMAGE<6", "two:IMAGE<5"], &[(5, 1, 1), (6, 2, 1)], [none, one]);
    // Where two would end at one place, neither is moved.
    check(&["one:IMAGE", "two:IMAGE<5"], &[(5, 1, 0), (6, 2, 1)], [one, two]);
    check(&["one:IMAGE<5", "one:IMAGE<6"], &[(5, 1, 0), (6, 2, 1)], [one, two]);
}

#[test]
fn gaps_in_the_list_of_links_are_passed_over() {
    let nodes = [source(1), node(3, "Blend", &["one:IMAGE<5"], &["IMAGE"], json!([0.1])), save()];
    let whole = graph(&nodes, &[[5, 1, 0, 3, 0]]);
    let mut gaps = whole.clone();
    gaps["links"] = json!([null, whole["links"][0], null]);
    assert_eq!(inputs(&gaps), inputs(&whole));
    assert_eq!(inputs(&gaps)["3"].get("one"), Some(&json!(["1", 0])));
}

#[test]
fn a_link_from_a_removed_node_that_no_slot_names_is_passed_over() {
    check(&["one:IMAGE", "two:IMAGE<6"], &[(5, 99, 0), (6, 2, 1)], [None, Some(2)]);
    check(&["one:IMAGE"], &[(5, 99, 0), (6, 2, 0)], [Some(2), None]);
}

#[test]
fn a_slot_of_another_node_may_name_the_link_that_stays() {
    let blend = |id, slot| node(id, "Blend", &[slot], &["IMAGE"], json!([0.1]));
    let nodes = [source(1), source(2), blend(3, "one:IMAGE<6"), blend(4, "one:IMAGE<5")];
    let found = inputs(&graph(&nodes, &[[5, 1, 0, 3, 0], [6, 2, 0, 3, 0]]));
    assert_eq!(found["3"].get("one"), Some(&json!(["1", 0])));
    assert_eq!(found["4"].get("one"), None);
}

#[test]
fn a_primitive_keeps_to_the_bounds_of_all_its_targets() {
    let classes = r#"{
        "Wide": {"input": {"required": {"wide": ["INT", {"min": 16, "max": 512, "step": 8}]}}},
        "Small": {"input": {"required": {"small": ["INT", {"min": 0, "max": 100}]}}},
        "Scale": {"input": {"required": {"by": ["FLOAT", {"min": 0, "max": 100, "step": 0.1, "round": 0.01}]}}}
    }"#;
    let classes = pilotlight_comfy::graph::Classes::parse(classes).unwrap();
    let check = |written: Value, targets: &[(&str, &str)], expected: Value| {
        let mut nodes = vec![node(1, "PrimitiveNode", &[], &["INT"], json!([written, "fixed"]))];
        let mut links = Vec::new();
        for (id, (class, input)) in (2..).zip(targets) {
            nodes.push(node(id, class, &[&format!("{input}:INT!<{id}")], &[], json!([50])));
            links.push([id, 1, 0, id, 0]);
        }
        let prompt = super::converted(&classes, &graph(&nodes, &links)).unwrap();
        for (id, (_, input)) in (2..).zip(targets) {
            assert_eq!(prompt[id.to_string()]["inputs"][*input], expected, "{written}");
        }
    };
    let (wide, small, scale) = (("Wide", "wide"), ("Small", "small"), ("Scale", "by"));
    check(json!(60), &[wide], json!(64));
    check(json!(600), &[wide], json!(512));
    check(json!(3), &[wide], json!(16));
    check(json!(33), &[small], json!(33));
    check(json!(33), &[wide, small], json!(32));
    check(json!(300), &[small, wide], json!(104));
    check(json!(8.35), &[scale], json!(8.3));
    check(json!("text"), &[wide], json!("text"));
}

#[test]
fn the_first_link_to_an_output_feeds_it() {
    let inner = |named: Value, links: [u64; 2]| {
        let link = |id| json!({"id": id, "origin_id": 10 + id, "origin_slot": 0, "target_id": -20, "target_slot": 0});
        json!({
            "id": "sub", "name": "Inner", "inputs": [],
            "outputs": [{"name": "IMAGE", "type": "IMAGE", "linkIds": named}],
            "nodes": [source(11), source(12)],
            "links": links.map(link),
        })
    };
    let table = [
        (json!([1, 2]), [1, 2], Some("3:11")),
        (json!([1, 2]), [2, 1], Some("3:12")),
        (json!([2]), [1, 2], Some("3:11")),
        (json!([9]), [1, 2], None),
        (json!([]), [1, 2], None),
    ];
    for (named, links, expected) in table {
        let instance = node(3, "sub", &[], &["IMAGE"], json!([]));
        let file = graph(&[instance, save()], &[[9, 3, 0, 9, 0]]);
        let file = with(file, "definitions", json!({"subgraphs": [inner(named.clone(), links)]}));
        let found = inputs(&file);
        let from = found["9"].get("images").and_then(|link| link[0].as_str());
        assert_eq!(from, expected, "{named} {links:?}");
    }
}

/// `links`: those that Use Everywhere saved, as upstream, its slot, downstream, its slot.
fn everywhere(links: &[[u64; 4]]) -> Value {
    let link = |[from, slot, to, at]: &[u64; 4]| {
        json!({"upstream": from, "upstream_slot": slot, "downstream": to, "downstream_slot": at,
            "controller": 50, "type": "IMAGE"})
    };
    json!({"ue_links": links.iter().map(link).collect::<Vec<_>>()})
}

#[test]
fn links_of_use_everywhere_feed_inputs_without_a_link() {
    type Links = [[u64; 4]];
    let table: [(&Links, [Option<u64>; 2]); 8] = [
        (&[], [None, Some(2)]),
        (&[[1, 0, 3, 0]], [Some(1), Some(2)]),
        (&[[2, 0, 3, 0]], [Some(2), Some(2)]),
        // A link of the workflow's own stays, and the first of two is taken.
        (&[[1, 0, 3, 1]], [None, Some(2)]),
        (&[[1, 0, 3, 0], [2, 0, 3, 0]], [Some(1), Some(2)]),
        // From or to what is not there.
        (&[[7, 0, 3, 0]], [None, Some(2)]),
        (&[[1, 0, 7, 0]], [None, Some(2)]),
        (&[[1, 0, 3, 9]], [None, Some(2)]),
    ];
    for (links, expected) in table {
        let caster = node(50, "Anything Everywhere", &["anything:IMAGE"], &[], json!([]));
        let blend = |out| node(3, "Blend", &["one:IMAGE", "two:IMAGE<5"], &["IMAGE"], json!([out]));
        let nodes = [source(1), source(2), blend(0.1), caster];
        // In the workflow itself.
        let own =
            graph(&[nodes.as_slice(), &[save()]].concat(), &[[5, 2, 0, 3, 1], [9, 3, 0, 9, 0]]);
        let own = with(own, "extra", everywhere(links));
        // The same nodes in a subgraph, whose own `extra` has the links.
        let link = |id: u64, from: u64, to: i64, slot: u64| {
            json!({"id": id, "origin_id": from, "origin_slot": 0, "target_id": to,
                "target_slot": slot})
        };
        let inner = json!({"id": "sub", "name": "Inner", "inputs": [], "nodes": nodes,
            "outputs": [{"name": "IMAGE", "type": "IMAGE", "linkIds": [9]}],
            "links": [link(5, 2, 3, 1), link(9, 3, -20, 0)], "extra": everywhere(links)});
        let outer =
            graph(&[node(8, "sub", &[], &["IMAGE"], json!([])), save()], &[[9, 8, 0, 9, 0]]);
        // The links of the workflow are not those of the subgraph.
        let outer = with(outer, "extra", everywhere(&[[8, 0, 3, 0]]));
        let outer = with(outer, "definitions", json!({"subgraphs": [inner]}));
        for (file, place) in [(own, ""), (outer, "8:")] {
            let found = inputs(&file);
            let id = |id: u64| format!("{place}{id}");
            let blend = &found[id(3)];
            for (name, from) in ["one", "two"].into_iter().zip(expected) {
                let from = from.map(|from| json!([id(from), 0]));
                assert_eq!(blend.get(name), from.as_ref(), "{links:?} {name}: {found}");
            }
            assert_eq!(found.get(id(50)), None, "{links:?}");
        }
    }
}

#[test]
fn links_of_an_option_go_with_it() {
    let classes = r#"{
        "Source": {"input": {"required": {}}, "output": ["IMAGE"]},
        "Grows": {"input": {"required": {
            "text": ["STRING", {}],
            "way": ["COMFY_DYNAMICCOMBO_V3", {"options": [
                {"key": "some", "inputs": {"required": {
                    "one": ["IMAGE"],
                    "more": ["COMFY_AUTOGROW_V3", {"template": {"input": {"required": {"i": ["IMAGE"]}}, "prefix": "i", "min": 0}}]
                }}},
                {"key": "none", "inputs": {"required": {}}},
                {"key": "late", "inputs": {"required": {
                    "late": ["COMFY_AUTOGROW_V3", {"template": {"input": {"required": {"i": ["IMAGE"]}}, "prefix": "i", "min": 0}}]
                }}}
            ]}]
        }}}
    }"#;
    let classes = pilotlight_comfy::graph::Classes::parse(classes).unwrap();
    let taken = |way: &str, slots: &[&str], links: &[[u64; 5]]| {
        let grows = node(3, "Grows", slots, &[], json!(["t", way]));
        let nodes = [1, 2].map(|id| node(id, "Source", &[], &["IMAGE"], json!([])));
        let file = graph(&[nodes.as_slice(), &[grows]].concat(), links);
        let prompt = super::converted(&classes, &file).unwrap();
        let inputs = prompt["3"]["inputs"].as_object().unwrap().clone();
        inputs.iter().filter(|(_, value)| value.is_array()).map(|(key, _)| key.clone()).collect()
    };
    let check = |way: &str, slots: &[&str], links: &[[u64; 5]], expected: &[&str]| {
        let found: Vec<String> = taken(way, slots, links);
        assert_eq!(found, expected, "{way} {slots:?}");
    };
    let two = [[5, 1, 0, 3, 0], [6, 2, 0, 3, 1]];
    check(
        "some",
        &["way.more.i0:IMAGE<5", "way.more.i1:IMAGE<6"],
        &two,
        &["way.more.i0", "way.more.i1"],
    );
    // A plain input takes its link with it; one of a group leaves it where the list leads it.
    check("none", &["way.one:IMAGE<5"], &[[5, 1, 0, 3, 0]], &[]);
    check("none", &["way.more.i0:IMAGE<5"], &[[5, 1, 0, 3, 0]], &["text"]);
    // A group that comes with a later option has not grown.
    check("late", &["way.late.i0:IMAGE<5", "way.late.i1:IMAGE<6"], &two, &["way.late.i0"]);
}
