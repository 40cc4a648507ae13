//! One rule at a time, in graphs as small as they get.

use super::converted;
use pilotlight_comfy::graph::{Classes, GraphRefusal, Moment, convert};
use serde_json::{Value, json};

/// Classes that have one of everything.
pub(super) fn classes() -> Classes {
    // As text: the order of what a dynamic choice brings counts.
    let classes = r#"{
        "Source": {
            "input": {"required": {"size": ["INT", {"default": 8}]}},
            "output": ["IMAGE"], "display_name": "A source"
        },
        "Number": {"input": {"required": {"value": ["INT", {}]}}, "output": ["INT"]},
        "Blend": {
            "input": {"required": {"one": ["IMAGE"], "two": ["IMAGE"], "by": ["FLOAT", {"default": 0.5}]}},
            "output": ["IMAGE"]
        },
        "Mask": {"input": {"required": {"mask": ["MASK"], "image": ["IMAGE"]}}, "output": ["IMAGE", "MASK"]},
        "Sampler": {
            "input": {
                "required": {
                    "seed": ["INT", {}], "steps": ["INT", {"default": 20}],
                    "name": [["euler", "lcm"], {"default": "lcm"}]
                },
                "optional": {"image": ["IMAGE"], "note": ["STRING", {"default": "n"}]}
            },
            "input_order": {"required": ["name", "seed", "steps"], "optional": ["image", "note"]},
            "output": ["IMAGE"]
        },
        "Words": {
            "input": {"required": {
                "text": ["STRING", {"multiline": true, "dynamicPrompts": true}],
                "plain": ["STRING", {}]
            }},
            "output": ["STRING"]
        },
        "LoadImage": {
            "input": {"required": {"image": [["a.png"], {"image_upload": true}]}, "optional": {"more": ["INT", {"default": 3}]}},
            "output": ["IMAGE"]
        },
        "SaveImage": {
            "input": {"required": {"images": ["IMAGE"], "filename_prefix": ["STRING", {"default": "ComfyUI"}]}},
            "output": [], "output_node": true
        },
        "Odd": {
            "input": {"required": {
                "choice": ["COMBO", {"options": ["x", "y"], "control_after_generate": true}],
                "fixed": ["INT", {"control_after_generate": false, "default": 1}],
                "forced": ["STRING", {"forceInput": true}],
                "list": ["COLORS", {}],
                "curve": ["CURVE", {"default": {"points": []}}],
                "box": ["BOUNDING_BOX", {}],
                "wide": ["FLOAT,INT", {"widgetType": "FLOAT", "default": 2.5}],
                "on": ["BOOLEAN", {}]
            }},
            "output": []
        },
        "Branches": {
            "input": {"required": {
                "way": ["COMFY_DYNAMICCOMBO_V3", {"options": [
                    {"key": "none", "inputs": {"required": {}}},
                    {"key": "size", "inputs": {"required": {"width": ["INT", {"default": 4}], "height": ["INT", {"default": 5}], "mask": ["MASK"]}}}
                ]}],
                "after": ["INT", {"default": 9}]
            }},
            "output": ["IMAGE"]
        },
        "Forced": {
            "input": {"required": {"a": ["INT"], "f": ["STRING", {"forceInput": true}], "b": ["INT"]}}
        },
        "Many": {
            "input": {"required": {
                "images": ["COMFY_AUTOGROW_V3", {"template": {"input": {"required": {"image": ["IMAGE"]}}, "prefix": "image", "min": 1}}],
                "values": ["COMFY_AUTOGROW_V3", {"template": {"input": {"required": {"value": ["INT"]}}, "names": ["a", "b", "c"], "min": 0}}]
            }},
            "output": ["IMAGE"]
        }
    }"#;
    Classes::parse(classes).unwrap()
}

/// A node: id, class, what feeds its slots (`name:TYPE<link`, `name:TYPE` or with `!` for a
/// widget), the types of its outputs, its values.
pub(super) fn node(id: u64, class: &str, slots: &[&str], outputs: &[&str], values: Value) -> Value {
    let slots = slots.iter().map(|slot| {
        let (slot, link) = slot
            .split_once('<')
            .map_or((*slot, None), |(slot, link)| (slot, Some(link.parse::<u64>().unwrap())));
        let (name, kind) = slot.split_once(':').unwrap();
        let widget = kind.strip_suffix('!');
        let mut slot = json!({"name": name, "type": widget.unwrap_or(kind), "link": link});
        if widget.is_some() {
            slot["widget"] = json!({"name": name});
        }
        slot
    });
    json!({
        "id": id, "type": class, "mode": 0,
        "inputs": slots.collect::<Vec<_>>(),
        "outputs": outputs.iter().map(|kind| json!({"name": kind, "type": kind})).collect::<Vec<_>>(),
        "widgets_values": values,
    })
}

pub(super) fn with(mut node: Value, key: &str, value: Value) -> Value {
    node[key] = value;
    node
}

pub(super) fn source(id: u64) -> Value {
    node(id, "Source", &[], &["IMAGE"], json!([1]))
}

/// The last node, which saves what link 9 brings.
pub(super) fn save() -> Value {
    node(9, "SaveImage", &["images:IMAGE<9"], &[], json!(["p"]))
}

pub(super) fn graph(nodes: &[Value], links: &[[u64; 5]]) -> Value {
    let links =
        links.iter().map(|[id, from, slot, to, to_slot]| json!([id, from, slot, to, to_slot, "*"]));
    json!({"version": 0.4, "nodes": nodes, "links": links.collect::<Vec<_>>()})
}

/// The inputs of each node, by id.
pub(super) fn inputs(graph: &Value) -> Value {
    let prompt =
        converted(&classes(), graph).unwrap_or_else(|refusal| panic!("{refusal:?}: {graph}"));
    let inputs = prompt.as_object().unwrap().iter();
    inputs.map(|(id, node)| (id.clone(), node["inputs"].clone())).collect()
}

#[track_caller]
fn check(nodes: &[Value], links: &[[u64; 5]], expected: Value) {
    assert_eq!(inputs(&graph(nodes, links)), expected);
}

/// What one node alone sends.
#[track_caller]
fn check_values(class: &str, values: Value, expected: Value) {
    check(&[node(1, class, &[], &[], values)], &[], json!({"1": expected}));
}

/// What link 9 leads to, or nothing.
#[track_caller]
fn check_source(nodes: &[Value], links: &[[u64; 5]], expected: Option<Value>) {
    let nodes = [nodes, &[save()]].concat();
    let found = inputs(&graph(&nodes, links));
    assert_eq!(found["9"].get("images").cloned(), expected, "{found}");
}

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
        convert(&classes(), &one, &Moment { draw, ..Moment::default() }).unwrap()["1"]["inputs"]["text"].clone()
    };
    let all: Vec<Value> = (0..20).map(drawn).collect();
    assert!(all.contains(&json!("a")) && all.contains(&json!("b")) && drawn(3) == drawn(3));
    let prefix = |text: &str| {
        let save = node(1, "SaveImage", &[], &[], json!([text]));
        let named = with(source(2), "title", json!("T"));
        let aliased = with(source(3), "properties", json!({"Node name for S&R": "S"}));
        let moment = Moment { year: 2026, month: 1, day: 2, ..Moment::default() };
        convert(&classes(), &graph(&[save, named, aliased], &[]), &moment).unwrap()["1"]["inputs"]["filename_prefix"].clone()
    };
    assert_eq!(
        prefix("%date:yyyy-MM-dd%/%T.size%_%S.size%_%X.size%"),
        json!("2026-01-02/1_1_%X.size%")
    );
}

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
}
