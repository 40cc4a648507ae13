//! Group nodes: what each is replaced by.

use super::{classes, converted};
use pilotlight_comfy::graph::{self, Classes, GraphRefusal, Moment, convert};
use serde_json::{Value, json};

/// A node of a definition: a class, its inputs (`text!` was a widget), and its saved values.
fn inner(class: &str, inputs: &[&str], values: Value) -> Value {
    let input = |name: &&str| match name.strip_suffix('!') {
        Some(name) => json!({"name": name, "type": "*", "link": null, "widget": {"name": name}}),
        None => json!({"name": name, "type": "*", "link": null}),
    };
    let inputs: Vec<Value> = inputs.iter().map(input).collect();
    json!({"id": -1, "type": class, "mode": 0, "inputs": inputs, "widgets_values": values})
}

/// A group node or another one: its id, type, inputs (`model<5` names link 5), and values.
fn node(id: u64, kind: &str, inputs: &[&str], values: Value) -> Value {
    let input = |text: &&str| {
        let (name, link) = text.split_once('<').unwrap_or((text, ""));
        json!({"name": name, "type": "*", "link": link.parse::<u64>().ok()})
    };
    let inputs: Vec<Value> = inputs.iter().map(input).collect();
    json!({"id": id, "type": kind, "mode": 0, "inputs": inputs, "widgets_values": values})
}

fn workflow(nodes: &[Value], links: &[[u64; 5]], groups: Value) -> Value {
    let links: Vec<Value> =
        links.iter().map(|[id, from, slot, to, at]| json!([id, from, slot, to, at, "*"])).collect();
    json!({"version": 0.4, "nodes": nodes, "links": links, "extra": {"groupNodes": groups}})
}

/// The inputs of all nodes of the prompt, by node.
#[track_caller]
fn check(workflow: &Value, expected: Value) {
    let prompt = converted(&classes(), workflow).unwrap();
    let inputs: Value = prompt
        .as_object()
        .unwrap()
        .iter()
        .map(|(id, node)| (id.clone(), node["inputs"].clone()))
        .collect();
    assert_eq!(inputs, expected, "{inputs:#}");
}

const SAMPLER: [&str; 4] = ["model", "positive", "negative", "latent_image"];

/// An empty latent that feeds a sampler.
fn sampling() -> Value {
    json!({
        "nodes": [
            inner("EmptyLatentImage", &[], json!([64, 64, 1])),
            inner("KSampler", &SAMPLER, json!([1, "fixed", 20, 8, "euler", "normal", 1])),
        ],
        "links": [[0, 0, 1, 3, 7, "LATENT"]],
        "external": [[1, 0, "LATENT"]],
    })
}

/// A workflow with two group nodes, to be changed by chance.
pub(super) fn sample() -> Value {
    let values = || json!([8, 8, 1, 7, "fixed", 9, 2.5, "lcm", "simple", 0.5]);
    let nodes = [
        node(1, "workflow>s", &SAMPLER[..3], values()),
        node(2, "workflow>p", &["clip", "positive<1"], json!([640, "increment", 4])),
        node(3, "workflow>s", &["model", "positive<1", "negative"], values()),
    ];
    let primitive = json!({"type": "PrimitiveNode", "outputs": [{"type": "INT"}]});
    let reroute = json!({"type": "Reroute", "inputs": [{"name": ""}], "outputs": [{"name": ""}]});
    let empty = inner("EmptyLatentImage", &["width!", "height!"], json!([1, 2, 3]));
    let group = json!({"nodes": [primitive, empty, reroute], "links": [[0, 0, 1, 0, 0, "INT"]],
        "external": [[1, 0, "LATENT"]], "config": {"1": {"input": {"height": {"visible": false}}}}});
    workflow(&nodes, &[[1, 1, 0, 3, 1], [2, 2, 0, 1, 0]], json!({"s": sampling(), "p": group}))
}

#[test]
fn an_inner_node_without_widgets_needs_no_description() {
    let pipe = json!({"type": "Piped", "outputs": [{"name": "pipe", "type": "PIPE"}],
        "inputs": [{"name": "model", "type": "MODEL"}, {"name": "vae", "type": "VAE"}]});
    let group = |pipe: &Value| json!({"g": {"nodes": [pipe], "external": [[0, 0, "PIPE"]]}});
    let nodes = [
        node(1, "workflow>g", &["model<5", "vae"], json!([])),
        node(2, "CheckpointLoaderSimple", &[], json!(["m"])),
        node(3, "VAEDecode", &["samples<6", "vae"], json!([])),
    ];
    let links = [[5, 2, 0, 1, 0], [6, 1, 0, 3, 0]];
    let sent = json!({"1:0": {"model": ["2", 0]}, "2": {"ckpt_name": "m"},
        "3": {"samples": ["1:0", 0]}});
    check(&workflow(&nodes, &links, group(&pipe)), sent);
    let mut held = pipe;
    held["widgets_values"] = json!([7]);
    let refused = Err(GraphRefusal::MissingClasses { classes: vec!["Piped".into()] });
    assert_eq!(converted(&classes(), &workflow(&nodes, &links, group(&held))), refused);
}

fn sampled(seed: u64, model: Value, positive: Value) -> Value {
    json!({"seed": seed, "steps": 9, "cfg": 2.5, "sampler_name": "lcm", "scheduler": "simple",
        "denoise": 0.5, "model": model, "positive": positive})
}

#[test]
fn values_are_those_of_the_group_node_in_the_order_of_its_nodes() {
    for kind in ["workflow>s", "workflow/s"] {
        let values = json!([512, 768, 2, 7, "randomize", 9, 2.5, "lcm", "simple", 0.5]);
        let nodes = [
            node(1, "CheckpointLoaderSimple", &[], json!(["a.safetensors"])),
            node(2, "CLIPTextEncode", &["clip<2"], json!(["a tiger"])),
            node(3, kind, &["model<1", "positive<3", "negative"], values),
            node(4, "VAEDecode", &["samples<4", "vae<5"], json!([])),
        ];
        let links =
            [[1, 1, 0, 3, 0], [2, 1, 1, 2, 0], [3, 2, 0, 3, 1], [4, 3, 0, 4, 0], [5, 1, 2, 4, 1]];
        let mut sampler = sampled(7, json!(["1", 0]), json!(["2", 0]));
        sampler["latent_image"] = json!(["3:0", 0]);
        check(
            &workflow(&nodes, &links, json!({"s": sampling()})),
            json!({
                "1": {"ckpt_name": "a.safetensors"},
                "2": {"text": "a tiger", "clip": ["1", 1]},
                "3:0": {"width": 512, "height": 768, "batch_size": 2},
                "3:1": sampler,
                "4": {"samples": ["3:1", 0], "vae": ["1", 2]},
            }),
        );
    }
}

#[test]
fn two_group_nodes_of_one_definition_have_values_of_their_own() {
    let values = |seed: u64| json!([8, 8, 1, seed, "fixed", 9, 2.5, "lcm", "simple", 0.5]);
    let nodes = [
        node(7, "workflow>s", &[], values(70)),
        node(8, "workflow>s", &["model", "positive<1", "negative"], values(80)),
    ];
    let latent = json!({"width": 8, "height": 8, "batch_size": 1});
    let sampler = |seed: u64, from: &str| {
        json!({"seed": seed, "steps": 9, "cfg": 2.5, "sampler_name": "lcm", "scheduler": "simple",
            "denoise": 0.5, "latent_image": [from, 0]})
    };
    let mut second = sampler(80, "8:0");
    second["positive"] = json!(["7:1", 0]);
    check(
        &workflow(&nodes, &[[1, 7, 0, 8, 1]], json!({"s": sampling()})),
        json!({"7:0": latent, "7:1": sampler(70, "7:0"), "8:0": latent, "8:1": second}),
    );
}

/// A reroute that is fed from outside, inputs that are renamed and hidden, outputs that are shown
/// and hidden, and titles in front of names that were given before.
#[test]
fn inputs_and_outputs_go_where_the_definition_says() {
    let group = json!({
        "nodes": [
            inner("InvertMask", &["mask"], json!([])),
            {"type": "Reroute", "inputs": [{"name": "", "type": "*"}], "outputs": [{"name": ""}]},
            inner("JoinImageWithAlpha", &["image", "alpha"], json!([])),
            {"type": "ImageInvert", "title": "Second", "inputs": [{"name": "image", "link": null}]},
            inner("ImageInvert", &["image"], json!([])),
            inner("InvertMask", &["mask"], json!([])),
        ],
        "links": [
            [null, 0, 1, 0, 50, "IMAGE"],
            [0, 0, 2, 1, 9, "MASK"],
            [1, 0, 2, 0, 9, "IMAGE"],
        ],
        "config": {
            "0": {"output": {"0": {"visible": true}}},
            "1": {"input": {"*": {"name": "picture"}}},
            "4": {"input": {"image": {"visible": false}}},
            "5": {"input": {"mask": {"name": "other"}}, "output": {"0": {"visible": false}}},
        },
    });
    let nodes = [
        node(1, "EmptyImage", &[], json!([8, 8, 1, 0])),
        node(2, "JoinImageWithAlpha", &["image<10", "alpha<11"], json!([])),
        node(3, "workflow>g", &["mask<12", "picture<13", "image<14", "other<15"], json!([])),
        node(4, "ImageInvert", &["image<16"], json!([])),
        node(5, "InvertMask", &["mask<17"], json!([])),
        node(6, "ImageInvert", &["image<18"], json!([])),
    ];
    // Outputs: of node 0, of 2, of 3, of 4.
    let links = [
        [10, 3, 1, 2, 0],
        [11, 3, 0, 2, 1],
        [12, 5, 0, 3, 0],
        [13, 1, 0, 3, 1],
        [14, 6, 0, 3, 2],
        [15, 5, 0, 3, 3],
        [16, 3, 2, 4, 0],
        [17, 3, 9, 5, 0],
        [18, 3, 3, 6, 0],
    ];
    let workflow = workflow(&nodes, &links, json!({"g": group}));
    let refused = converted(&classes(), &workflow);
    let (node, input) = ("5".to_owned(), "mask".to_owned());
    assert_eq!(refused, Err(GraphRefusal::LinkToNothing { node, input }), "no output 9");
    let mut workflow = workflow;
    workflow["links"][7] = json!([17, 99, 0, 98, 0, "*"]);
    workflow["nodes"][4]["inputs"][0]["link"] = json!(null);
    check(
        &workflow,
        json!({
            "1": {"width": 8, "height": 8, "batch_size": 1, "color": 0},
            "2": {"image": ["3:2", 0], "alpha": ["3:0", 0]},
            "3:0": {"mask": ["5", 0]},
            "3:2": {"image": ["1", 0], "alpha": ["3:0", 0]},
            "3:3": {"image": ["6", 0]},
            "3:4": {},
            "3:5": {"mask": ["5", 0]},
            "4": {"image": ["3:3", 0]},
            "5": {},
            "6": {"image": ["3:4", 0]},
        }),
    );
}

/// Values of widgets that became slots stand behind all others; one that a primitive node of the
/// group feeds is the primitive's.
#[test]
fn primitives_and_widgets_that_became_slots_have_their_values() {
    let group = json!({
        "nodes": [
            {"type": "PrimitiveNode", "title": "Width", "outputs": [{"type": "INT"}],
                "widgets_values": [1, "fixed"]},
            inner("EmptyLatentImage", &["width!", "height!"], json!([1, 2, 3])),
            inner("CLIPTextEncode", &["clip", "text!"], json!(["inner"])),
            inner("CLIPTextEncode", &["clip"], json!(["inner"])),
        ],
        "links": [[0, 0, 1, 0, 0, "INT"]],
    });
    let values = json!([640, "increment", 4, "lower", 480, "upper"]);
    let slots = ["clip", "CLIPTextEncode clip", "height", "CLIPTextEncode text<1"];
    let mut nodes = vec![
        node(1, "workflow>g", &slots, values),
        node(2, "PrimitiveString", &[], json!(["fed"])),
    ];
    let groups = json!({"g": group});
    let expected = |text: Value| {
        json!({
            "1:1": {"width": 640, "height": 480, "batch_size": 4},
            "1:2": {"text": text},
            "1:3": {"text": "lower"},
            "2": {"value": "fed"},
        })
    };
    check(&workflow(&nodes, &[[1, 2, 0, 1, 3]], groups.clone()), expected(json!(["2", 0])));
    check(&workflow(&nodes, &[], groups.clone()), expected(json!("upper")));
    // What was not saved is the default of the class.
    nodes[0]["widgets_values"] = json!([640]);
    let prompt = converted(&classes(), &workflow(&nodes, &[], groups)).unwrap();
    assert_eq!(prompt["1:1"]["inputs"], json!({"width": 640, "height": 512, "batch_size": 1}));
}

#[test]
fn group_nodes_that_do_not_run_are_left_out_whole() {
    let values = json!([8, 8, 1, 7, "fixed", 9, 2.5, "lcm", "simple", 0.5]);
    let mut group = node(3, "workflow>s", &["model"], values);
    for (mode, definition) in [(2, sampling()), (4, sampling()), (2, json!(7)), (4, json!(null))] {
        group["mode"] = mode.into();
        let nodes = [node(1, "EmptyImage", &[], json!([8, 8, 1, 0])), group.clone()];
        check(
            &workflow(&nodes, &[], json!({"s": definition})),
            json!({"1": {"width": 8, "height": 8, "batch_size": 1, "color": 0}}),
        );
    }
    // A bypassed one gives on what it is fed.
    let mut bypassed = node(3, "workflow>s", &["image<1"], json!([]));
    bypassed["mode"] = 4.into();
    bypassed["outputs"] = json!([{"name": "IMAGE", "type": "*"}]);
    let nodes = [
        node(1, "EmptyImage", &[], json!([8, 8, 1, 0])),
        bypassed,
        node(4, "ImageInvert", &["image<2"], json!([])),
    ];
    check(
        &workflow(&nodes, &[[1, 1, 0, 3, 0], [2, 3, 0, 4, 0]], json!({"s": sampling()})),
        json!({
            "1": {"width": 8, "height": 8, "batch_size": 1, "color": 0},
            "4": {"image": ["1", 0]},
        }),
    );
}

#[test]
fn damaged_definitions_are_refused_by_the_group_node() {
    let whole = sampling();
    let with = |key: &str, value: Value| {
        let mut damaged = whole.clone();
        damaged[key] = value;
        damaged
    };
    let table = [
        json!(null),
        json!({}),
        with("nodes", json!("none")),
        with("nodes", json!([{"title": "no type"}])),
        with("nodes", json!([7])),
        with(
            "nodes",
            json!([inner("EmptyImage", &[], json!([])), inner("workflow>s", &[], json!([]))]),
        ),
        with("links", json!({})),
        with("links", json!([7])),
        with("links", json!([[0, 0, 9, 3, 7, "LATENT"]])),
        with("links", json!([[0, -1, 1, 3, 7, "LATENT"]])),
    ];
    let nodes = [node(3, "workflow>s", &[], json!([]))];
    for definition in table {
        let refused = converted(&classes(), &workflow(&nodes, &[], json!({"s": definition})));
        assert_eq!(refused, Err(GraphRefusal::GroupNode { node: "3".into() }), "{definition}");
    }
    let refused = converted(&classes(), &workflow(&nodes, &[], json!({"other": whole})));
    assert_eq!(refused, Err(GraphRefusal::GroupNode { node: "3".into() }));
    // Odd parts that change nothing are passed over.
    for (key, odd) in
        [("external", json!(7)), ("external", json!([[{}, 0]])), ("config", json!([]))]
    {
        let workflow = workflow(&nodes, &[], json!({"s": with(key, odd.clone())}));
        assert!(converted(&classes(), &workflow).is_ok(), "{key}: {odd}");
    }
}

#[test]
fn classes_of_inner_nodes_are_asked_for() {
    let group = json!({"nodes": [inner("Mystery", &[], json!([7])), inner("Note", &[], json!([])),
        inner("KSampler", &SAMPLER, json!([1]))], "links": []});
    let unused = json!({"nodes": [inner("Unused", &[], json!([]))]});
    let nodes = [node(3, "workflow>s", &[], json!([])), node(4, "VAEDecode", &[], json!([]))];
    let workflow = workflow(&nodes, &[], json!({"s": group, "unused": unused}));
    assert_eq!(graph::classes(&workflow), ["KSampler", "Mystery", "VAEDecode"]);
    let known = |result: Result<Value, GraphRefusal>| match result {
        Err(GraphRefusal::MissingClasses { classes }) => classes,
        other => panic!("{other:?}"),
    };
    assert_eq!(known(converted(&classes(), &workflow)), ["Mystery"]);
    assert_eq!(known(converted(&Classes::default(), &workflow)), ["KSampler", "Mystery"]);
}

#[test]
fn values_that_no_widget_of_the_group_node_takes_are_named() {
    let values = json!([8, 8, 1, 7, "fixed", 9, 2.5, "lcm", "simple", 0.5, "left", null]);
    let nodes = [node(3, "workflow>s", &[], values)];
    let workflow = workflow(&nodes, &[], json!({"s": sampling()}));
    let untaken = convert(&classes(), &workflow, &Moment::default()).unwrap().untaken;
    let named: Vec<_> = untaken.iter().map(|it| [&it.node, &it.title, &it.value]).collect();
    assert_eq!(named, [["3", "s", "left"]]);
}

/// The editor writes a value behind each seed, whatever it is called on the group node.
#[test]
fn seeds_that_share_a_name_have_their_control_behind_them() {
    let sampler = || inner("KSampler", &SAMPLER, json!([0, "fixed", 20, 8, "euler", "normal", 1]));
    let advanced = inner("KSamplerAdvanced", &SAMPLER, json!([]));
    let group = json!({"nodes": [advanced, sampler(), sampler()], "links": []});
    let values = json!([
        "enable",
        11,
        "randomize",
        21,
        7.5,
        "lcm",
        "simple",
        1,
        9,
        "disable",
        12,
        "increment",
        22,
        7,
        "euler",
        "normal",
        1,
        13,
        "fixed",
        23,
        6,
        "lcm",
        "karras",
        0.5,
    ]);
    let nodes = [node(1, "workflow>g", &[], values)];
    check(
        &workflow(&nodes, &[], json!({"g": group})),
        json!({
            "1:0": {"add_noise": "enable", "noise_seed": 11, "steps": 21, "cfg": 7.5,
                "sampler_name": "lcm", "scheduler": "simple", "start_at_step": 1, "end_at_step": 9,
                "return_with_leftover_noise": "disable"},
            "1:1": {"seed": 12, "steps": 22, "cfg": 7, "sampler_name": "euler",
                "scheduler": "normal", "denoise": 1},
            "1:2": {"seed": 13, "steps": 23, "cfg": 6, "sampler_name": "lcm",
                "scheduler": "karras", "denoise": 0.5},
        }),
    );
}

#[test]
fn group_nodes_keep_within_the_limits() {
    let many: Vec<Value> =
        (0..3_000).map(|_| inner("ImageInvert", &["image"], json!([]))).collect();
    let nodes = [1, 2].map(|id| node(id, "workflow>g", &[], json!([])));
    let refused =
        converted(&classes(), &workflow(&nodes, &[], json!({"g": {"nodes": many, "links": []}})));
    assert!(matches!(refused, Err(GraphRefusal::TooManyNodes { .. })), "{refused:?}");
    let heavy = inner("CLIPTextEncode", &["clip"], json!(["x".repeat(1 << 20)]));
    let nodes: Vec<Value> = (1..100).map(|id| node(id, "workflow>g", &[], json!([]))).collect();
    let groups = json!({"g": {"nodes": [heavy], "links": []}});
    assert_eq!(converted(&classes(), &workflow(&nodes, &[], groups)), Err(GraphRefusal::TooMuch));
    let slots = vec!["x"; 600];
    let nodes = [node(1, "workflow>g", &slots, json!([]))];
    let groups = json!({"g": {"nodes": [], "links": []}});
    let refused = converted(&classes(), &workflow(&nodes, &[], groups));
    assert!(matches!(refused, Err(GraphRefusal::TooManySlots { .. })), "{refused:?}");
}
