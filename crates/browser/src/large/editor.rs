//! The large workflow in the editor's format, values by position, as older editors wrote them.
//! Invariant: it is the prompt with Reroutes and a subgraph around it.

use serde_json::{Value, json};

use super::{Held, IDS, INNER, Node, PART, classes, part};

const DETAILER: &str = "5d1c2f0e-8f0b-4b59-9c55-0d6f0f3f7a11";

/// The same in the editor's format, version 0.4: a Reroute before each first sampler and before
/// each blended picture, and one subgraph of which every part has an instance.
pub fn editor(nodes: usize, mark: &str) -> Value {
    let classes = classes();
    let mut root = Written::default();
    for number in 0..nodes / PART {
        let base = number * IDS;
        let around = |n: usize| (base + n).to_string();
        let (inside, outside): (Vec<Node>, Vec<Node>) =
            part(number, mark).into_iter().partition(|node| node.id.contains(':'));
        root.reroute(&around(19), &around(3), "MODEL");
        root.reroute(&around(20), &around(14), "IMAGE");
        for mut node in outside {
            for (name, held) in &mut node.inputs {
                let Held::Fed(from, slot) = held else { continue };
                if from.contains(':') {
                    (*from, *slot) = (around(17), 0);
                } else if node.id == around(7) && *name == "model" {
                    *from = around(19);
                } else if node.id == around(15) {
                    *from = around(20);
                }
            }
            root.node(&classes, node);
        }
        root.instance(&around(17), &inside);
    }
    let last = root.links.len();
    json!({
        "id": "0d0e53f3-6ef5-4b4a-8f0c-3f1a4f5b6c7d", "revision": 0,
        "last_node_id": nodes * IDS, "last_link_id": last,
        "nodes": root.nodes, "links": root.links, "groups": [],
        "definitions": {"subgraphs": [detailer(&classes)]},
        "config": {}, "extra": {"ds": {"scale": 0.6, "offset": [120.5, 88.25]}}, "version": 0.4,
    })
}

/// Nodes and links of the workflow itself.
#[derive(Default)]
struct Written {
    nodes: Vec<Value>,
    links: Vec<Value>,
}

impl Written {
    /// An input that is fed, as the node names it.
    fn fed(&mut self, name: &str, kind: &str, from: (&str, usize), to: (&str, usize)) -> Value {
        let id = self.links.len() + 1;
        self.links.push(json!([id, number(from.0), from.1, number(to.0), to.1, kind]));
        json!({"name": name, "type": kind, "link": id})
    }

    fn push(&mut self, id: &str, kind: &str, inputs: Vec<Value>, outputs: &[&str], values: Value) {
        let at = self.nodes.len();
        let outputs: Vec<Value> =
            outputs.iter().map(|kind| json!({"name": kind, "type": kind, "links": []})).collect();
        self.nodes.push(json!({
            "id": number(id), "type": kind, "pos": [at % 40 * 320, at / 40 * 480],
            "size": [270, 262], "flags": {}, "order": at, "mode": 0,
            "inputs": inputs, "outputs": outputs,
            "properties": {"Node name for S&R": kind, "cnr_id": "comfy-core", "ver": "0.3.64"},
            "widgets_values": values,
        }));
    }

    fn reroute(&mut self, id: &str, from: &str, kind: &str) {
        let input = self.fed("", kind, (from, 0), (id, 0));
        self.push(id, "Reroute", vec![input], &[kind], Value::Null);
    }

    fn node(&mut self, classes: &Value, node: Node) {
        let mut inputs = Vec::new();
        for (name, held) in &node.inputs {
            if let Held::Fed(from, slot) = held {
                let kind = kind(classes, node.class, name);
                inputs.push(self.fed(name, kind, (from, *slot), (&node.id, inputs.len())));
            }
        }
        let values = values(classes, &node);
        let outputs = classes[node.class]["output"].as_array().into_iter().flatten();
        let outputs: Vec<&str> = outputs.filter_map(Value::as_str).collect();
        self.push(&node.id, node.class, inputs, &outputs, values);
    }

    /// The subgraph's nodes tell what feeds it.
    fn instance(&mut self, id: &str, inside: &[Node]) {
        let mut inputs = Vec::new();
        for (port, kind) in PORTS {
            let mut held = inside.iter().flat_map(|node| &node.inputs);
            let from = held.find_map(|(name, held)| match held {
                Held::Fed(from, slot) if *name == port && !from.contains(':') => Some((from, slot)),
                Held::Fed(..) | Held::Typed(_) => None,
            });
            if let Some((from, slot)) = from {
                inputs.push(self.fed(port, kind, (from, *slot), (id, inputs.len())));
            }
        }
        self.push(id, DETAILER, inputs, &["IMAGE"], json!([]));
    }
}

/// The inputs of the subgraph.
const PORTS: [(&str, &str); 5] = [
    ("pixels", "IMAGE"),
    ("vae", "VAE"),
    ("model", "MODEL"),
    ("positive", "CONDITIONING"),
    ("negative", "CONDITIONING"),
];

fn detailer(classes: &Value) -> Value {
    let (mut inner, mut links) = (Written::default(), Vec::new());
    let mut ports: Vec<Vec<usize>> = vec![Vec::new(); PORTS.len()];
    for mut node in part(0, "").into_iter().filter(|node| node.id.contains(':')) {
        let own = |id: &str| id.split_once(':').map(|(_, own)| own.to_owned());
        node.id = own(&node.id).unwrap_or_default();
        let fed = node.inputs.iter().filter_map(|(name, held)| match held {
            Held::Fed(from, slot) => Some((*name, own(from), *slot)),
            Held::Typed(_) => None,
        });
        let mut inputs = Vec::new();
        for (name, from, slot) in fed {
            let (id, kind) = (links.len() + 1, kind(classes, node.class, name));
            let port = PORTS.iter().position(|(port, _)| *port == name);
            let (from, slot) = match (from, port) {
                (Some(from), _) => (number(&from), slot),
                (None, port) => {
                    let port = port.unwrap_or_default();
                    ports[port].push(id);
                    (json!(-10), port)
                }
            };
            links.push(json!({"id": id, "origin_id": from, "origin_slot": slot,
                "target_id": number(&node.id), "target_slot": inputs.len(), "type": kind}));
            inputs.push(json!({"name": name, "type": kind, "link": id}));
        }
        let values = values(classes, &node);
        let output = classes[node.class]["output"][0].as_str().unwrap_or_default();
        inner.push(&node.id, node.class, inputs, &[output], values);
    }
    let last = links.len() + 1;
    links.push(json!({"id": last, "origin_id": INNER + 3, "origin_slot": 0,
        "target_id": -20, "target_slot": 0, "type": "IMAGE"}));
    let inputs = PORTS.iter().zip(ports).map(|((name, kind), links)| {
        json!({"id": format!("in-{name}"), "name": name, "type": kind, "linkIds": links})
    });
    json!({
        "id": DETAILER, "version": 1, "revision": 0, "name": "Detailer", "config": {},
        "state": {"lastNodeId": INNER + 3, "lastLinkId": last, "lastGroupId": 0, "lastRerouteId": 0},
        "inputNode": {"id": -10, "bounding": [0, 0, 120, 60]},
        "outputNode": {"id": -20, "bounding": [900, 0, 120, 60]},
        "inputs": inputs.collect::<Vec<_>>(),
        "outputs": [{"id": "out-image", "name": "IMAGE", "type": "IMAGE", "linkIds": [last]}],
        "widgets": [], "nodes": inner.nodes, "links": links, "groups": [], "extra": {},
    })
}

fn number(id: &str) -> Value {
    json!(id.parse::<u64>().unwrap_or_default())
}

/// The type of an input that is fed.
fn kind<'a>(classes: &'a Value, class: &str, input: &str) -> &'a str {
    classes[class]["input"]["required"][input][0].as_str().unwrap_or_default()
}

/// What is typed, in the order of the class, with what the editor keeps behind a seed and a file.
fn values(classes: &Value, node: &Node) -> Value {
    let order = classes[node.class]["input_order"]["required"].as_array();
    let mut values = Vec::new();
    for name in order.into_iter().flatten().filter_map(Value::as_str) {
        let held = node.inputs.iter().find(|(input, _)| *input == name);
        let Some((_, Held::Typed(value))) = held else { continue };
        values.push(value.clone());
        match (node.class, name) {
            (_, "seed") => values.push(json!("randomize")),
            ("LoadImage", _) => values.push(json!("image")),
            _ => {}
        }
    }
    Value::Array(values)
}
