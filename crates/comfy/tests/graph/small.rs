//! Graphs as small as they get, and what is sent of them.

use super::converted;
use pilotlight_comfy::graph::Classes;
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
pub(super) fn check(nodes: &[Value], links: &[[u64; 5]], expected: Value) {
    assert_eq!(inputs(&graph(nodes, links)), expected);
}

/// What one node alone sends.
#[track_caller]
pub(super) fn check_values(class: &str, values: Value, expected: Value) {
    check(&[node(1, class, &[], &[], values)], &[], json!({"1": expected}));
}

/// What link 9 leads to, or nothing.
#[track_caller]
pub(super) fn check_source(nodes: &[Value], links: &[[u64; 5]], expected: Option<Value>) {
    let nodes = [nodes, &[save()]].concat();
    let found = inputs(&graph(&nodes, links));
    assert_eq!(found["9"].get("images").cloned(), expected, "{found}");
}
