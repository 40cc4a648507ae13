//! Input that means harm, by hand and by chance: never a panic, never more than a moment, and the
//! answer is a prompt of bounded size or a reason.

use super::{classes, converted, parsed};
use pilotlight_comfy::graph::{
    Classes, GraphRefusal, MAX_PROMPT_BYTES, Moment, convert_text, is_graph,
};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

fn empty() -> Classes {
    Classes::parse("{}").unwrap()
}

/// Converts in a reasonable time, or says why not.
#[track_caller]
fn tried(classes: &Classes, graph: &Value) -> Result<Value, GraphRefusal> {
    let before = Instant::now();
    let result = converted(classes, graph);
    assert!(before.elapsed() < Duration::from_secs(20), "{:?}", before.elapsed());
    if let Ok(prompt) = &result {
        assert!(prompt.is_object());
        assert!(prompt.to_string().len() <= 4 * MAX_PROMPT_BYTES);
    }
    result
}

#[track_caller]
fn check(graph: Value, expected: Result<Value, GraphRefusal>) {
    assert_eq!(tried(&empty(), &graph), expected);
}

#[track_caller]
fn check_refused(graph: Value, expected: GraphRefusal) {
    check(graph, Err(expected));
}

fn node(id: u64, class: &str, link: Option<u64>) -> Value {
    json!({
        "id": id, "type": class, "mode": 0,
        "inputs": [{"name": "in", "type": "*", "link": link}], "outputs": [{"type": "*"}],
    })
}

fn graph(nodes: Vec<Value>, links: Vec<Value>) -> Value {
    json!({"version": 0.4, "nodes": nodes, "links": links})
}

/// A subgraph that holds instances of others.
fn holding(id: &str, of: &[&str]) -> Value {
    let nodes =
        of.iter().enumerate().map(|(at, of)| json!({"id": format!("{id}{at}"), "type": of}));
    json!({"id": id, "name": id, "nodes": nodes.collect::<Vec<_>>()})
}

#[test]
fn what_is_no_workflow_is_refused() {
    let text = |text: &str| convert_text(&empty(), text, &Moment::default()).map(|it| it.prompt);
    assert_eq!(text("{\"nodes\":"), Err(GraphRefusal::NotJson { line: 1, column: 9 }));
    assert_eq!(text(""), Err(GraphRefusal::NotJson { line: 1, column: 0 }));
    assert!(matches!(text(&"[".repeat(100_000)), Err(GraphRefusal::NotJson { .. })));
    assert_eq!(text("\u{feff}{\"nodes\":[]}"), Ok(json!({})));
    assert!(matches!(text(&" ".repeat(9 << 20)), Err(GraphRefusal::TooLarge { .. })));
    for other in [
        json!(null),
        json!([]),
        json!("x"),
        json!(1),
        json!({}),
        json!({"nodes": {}}),
        json!({"1": {"class_type": "A"}}),
    ] {
        assert!(!is_graph(&other));
        check_refused(other, GraphRefusal::NotAGraph);
    }
    let inner = json!({"nodes": [], "definitions": {"subgraphs": [{"id": "a"}]}});
    check_refused(inner, GraphRefusal::NotAGraph);
}

#[test]
fn parts_of_wrong_types_are_left_out_or_refused() {
    let no_node = |node: &str| GraphRefusal::NotANode { node: node.into() };
    for odd in [
        json!(null),
        json!(1),
        json!("x"),
        json!([]),
        json!({"type": "A"}),
        json!({"id": [], "type": "A"}),
    ] {
        check_refused(graph(vec![odd], vec![]), no_node(""));
    }
    check_refused(graph(vec![json!({"id": 5})], vec![]), no_node("5"));
    check_refused(graph(vec![json!({"id": "x", "type": 7})], vec![]), no_node("x"));
    check_refused(
        graph(vec![node(1, "A", None), node(1, "B", None)], vec![]),
        GraphRefusal::SameId { node: "1".into() },
    );
    let text_id = json!({"id": "1", "type": "B"});
    check_refused(
        graph(vec![node(1, "A", None), text_id], vec![]),
        GraphRefusal::SameId { node: "1".into() },
    );
    check_refused(graph(vec![], vec![json!(7)]), GraphRefusal::NotALink);
    check_refused(
        json!({"nodes": [], "links": [[1, 1, 0, 2, 0, "*"]]}),
        GraphRefusal::OtherVersion,
    );
    let odd = json!({
        "id": -1.5, "type": "A", "mode": "4", "title": 5, "inputs": [null, 1, {"name": 5}, {"name": "x", "link": {}}],
        "outputs": {"a": 1}, "properties": [], "widgets_values": null, "flags": 7,
    });
    let meant = json!({"-1.5": {"class_type": "A", "inputs": {}, "_meta": {"title": "A"}}});
    check(graph(vec![odd], vec![json!([]), json!(["a", {}, [], null]), json!([1])]), Ok(meant));
    let odd = json!({"nodes": [], "links": 5, "definitions": {"subgraphs": [1, {"id": 5}, null]}, "extra": [], "version": "x"});
    check(odd, Ok(json!({})));
}

#[test]
fn links_to_nothing_and_circles_are_refused() {
    let link = |id: u64, from: Value, slot: Value, to: u64| json!([id, from, slot, to, 0, "*"]);
    let nothing = GraphRefusal::LinkToNothing { node: "1".into(), input: "in".into() };
    check_refused(
        graph(vec![node(1, "A", Some(1))], vec![link(1, json!(7), json!(0), 1)]),
        nothing.clone(),
    );
    check_refused(
        graph(vec![node(1, "A", Some(1))], vec![link(1, json!(null), json!(0), 1)]),
        nothing.clone(),
    );
    check_refused(
        graph(vec![node(1, "A", Some(1))], vec![link(1, json!(-10), json!(0), 1)]),
        nothing.clone(),
    );
    check_refused(
        graph(
            vec![node(1, "A", Some(1)), node(2, "B", None)],
            vec![link(1, json!(2), json!(-1), 1)],
        ),
        nothing,
    );
    // A slot that nobody has is passed on; through a reroute it is nothing.
    for (class, expected) in
        [("B", json!({"in": ["2", 1_000_000_000_000_u64]})), ("Reroute", json!({}))]
    {
        let far = graph(
            vec![node(1, "A", Some(1)), node(2, class, None)],
            vec![link(1, json!("2"), json!(1e12), 1)],
        );
        assert_eq!(tried(&empty(), &far).unwrap()["1"]["inputs"], expected);
    }
    let around = |class, mode| {
        let mut nodes =
            vec![node(1, "A", Some(1)), node(2, class, Some(2)), node(3, class, Some(3))];
        nodes[1]["mode"] = json!(mode);
        nodes[2]["mode"] = json!(mode);
        graph(
            nodes,
            vec![
                link(1, json!(2), json!(0), 1),
                link(2, json!(3), json!(0), 2),
                link(3, json!(2), json!(0), 3),
            ],
        )
    };
    let circle = GraphRefusal::Loop { node: "1".into(), input: "in".into() };
    check_refused(around("Reroute", 0), circle.clone());
    check_refused(around("B", 4), circle);
    assert!(tried(&empty(), &around("B", 0)).is_ok());
}

#[test]
fn subgraphs_are_bounded() {
    let file = |nodes: Vec<Value>, definitions: Vec<Value>| json!({"version": 0.4, "nodes": nodes, "links": [], "definitions": {"subgraphs": definitions}});
    let start = |of: &str| vec![json!({"id": 1, "type": of})];
    let itself = |name: &str| GraphRefusal::SubgraphInItself { name: name.into() };
    check_refused(file(start("a"), vec![holding("a", &["a"])]), itself("a"));
    check_refused(
        file(start("a"), vec![holding("a", &["b"]), holding("b", &["c"]), holding("c", &["a"])]),
        itself("a"),
    );
    let names: Vec<String> = (0..60).map(|at| format!("s{at}")).collect();
    let chain = |width: usize| {
        names
            .windows(2)
            .map(|pair| holding(&pair[0], &vec![pair[1].as_str(); width]))
            .chain([holding("s59", &["X"])])
            .collect::<Vec<_>>()
    };
    check_refused(file(start("s0"), chain(1)), GraphRefusal::TooDeep);
    let many = tried(&empty(), &file(start("s30"), chain(3)));
    assert!(matches!(many, Err(GraphRefusal::TooManyNodes { .. })), "{many:?}");
    // Nodes that nobody uses count as well, and a large text that is used often.
    let wide = (0..6_000).map(|id| node(id, "A", None)).collect();
    assert!(matches!(
        tried(&empty(), &graph(wide, vec![])),
        Err(GraphRefusal::TooManyNodes { .. })
    ));
    let mut heavy = holding("a", &["X"]);
    heavy["nodes"][0]["widgets_values"] = json!({"text": "x".repeat(1 << 20)});
    let often = (0..100).map(|id| json!({"id": id, "type": "a"})).collect();
    check_refused(file(often, vec![heavy]), GraphRefusal::TooMuch);
    let slots = vec![json!({"name": "x"}); 600];
    let wide = json!({"id": 1, "type": "A", "inputs": slots});
    assert!(matches!(
        tried(&empty(), &graph(vec![wide], vec![])),
        Err(GraphRefusal::TooManySlots { .. })
    ));
    check_refused(
        json!({"nodes": [{"id": 1, "type": "workflow>x"}], "extra": {"groupNodes": {"x": {}}}}),
        GraphRefusal::GroupNode { node: "1".into() },
    );
}

#[test]
fn long_ways_are_bounded() {
    let chain = (0..4_800).map(|id| {
        let class = if id < 2_400 { "Reroute" } else { "A" };
        node(id, class, (id > 0).then_some(id))
    });
    let links = (1..4_800_u64).map(|id| json!([id, id.min(2_400) - 1, 0, id, 0, "*"])).collect();
    assert_eq!(
        tried(&empty(), &graph(chain.collect(), links)).err(),
        Some(GraphRefusal::TooTangled)
    );
    let braces = json!({"W": {"input": {"required": {"t": ["STRING", {"dynamicPrompts": true}]}}}});
    let classes = Classes::parse(&braces.to_string()).unwrap();
    let words =
        |text: String| graph(vec![json!({"id": 1, "type": "W", "widgets_values": [text]})], vec![]);
    assert_eq!(
        tried(&classes, &words("{".repeat(1 << 16))),
        Err(GraphRefusal::TooManyBraces { node: "1".into() })
    );
    for text in ["/*", "//", "{|", "\\{", "%a.b%", "{}"] {
        assert!(tried(&classes, &words(text.repeat(1 << 14))).is_ok() || text == "{|", "{text}");
    }
    let save = json!({"id": 1, "type": "SaveImage", "widgets_values": ["%a.b%".repeat(1 << 14)]});
    let prefix = json!({"SaveImage": {"input": {"required": {"filename_prefix": ["STRING", {}]}}}});
    let classes = Classes::parse(&prefix.to_string()).unwrap();
    let nodes = std::iter::once(save).chain((2..4_000).map(|id| node(id, "A", None))).collect();
    assert!(tried(&classes, &graph(nodes, vec![])).is_ok());
}

#[test]
fn odd_class_descriptions_do_no_harm() {
    assert!(
        Classes::parse("[]").is_none()
            && Classes::parse("").is_none()
            && Classes::parse("{\"A\":").is_none()
    );
    let odd = json!({
        "A": null, "B": {"input": 5}, "C": {"input": {"required": {"a": 5, "b": [], "c": [5], "d": ["INT", 5], "e": [[]]}}},
        "D": {"input": {"required": {"g": ["COMFY_AUTOGROW_V3", {"template": {"min": u64::MAX, "prefix": 5}}], "h": ["COMFY_DYNAMICCOMBO_V3", {"options": [5, {"key": []}, {"key": 1, "inputs": []}]}]}},
              "input_order": {"required": ["g", 5, "none", "h"]}, "output": [5, null, "X"], "display_name": 5},
    });
    let classes = Classes::parse(&odd.to_string()).unwrap();
    for class in ["A", "B", "C", "D"] {
        for values in [json!([]), json!([1, 2, 3, null, {}, []]), json!("x"), json!({"d": 1})] {
            let nodes = vec![json!({"id": 1, "type": class, "widgets_values": values})];
            let _ = tried(&classes, &graph(nodes, vec![]));
        }
    }
}

/// A small generator (SplitMix64), so that a failure can be seen again.
struct Chance(u64);

impl Chance {
    fn below(&mut self, count: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (bits ^ (bits >> 31)) as usize % count.max(1)
    }
}

/// Changes something somewhere.
fn mutate(value: &mut Value, chance: &mut Chance, pool: &[Value]) {
    if chance.below(6) == 0 {
        *value = pool[chance.below(pool.len())].clone();
        return;
    }
    match value {
        Value::Array(list) if !list.is_empty() => {
            let at = chance.below(list.len());
            match chance.below(8) {
                0 => drop(list.remove(at)),
                1 => list.insert(at, list[chance.below(list.len())].clone()),
                2 => {
                    let other = chance.below(list.len());
                    list.swap(at, other);
                }
                _ => mutate(&mut list[at], chance, pool),
            }
        }
        Value::Object(map) if !map.is_empty() => {
            let at = chance.below(map.len());
            let key = map.keys().nth(at).cloned().unwrap();
            match chance.below(12) {
                0 => drop(map.remove(&key)),
                _ => mutate(map.get_mut(&key).unwrap(), chance, pool),
            }
        }
        Value::Number(number) => {
            let near = number.as_i64().unwrap_or(0);
            *value = json!(near + chance.below(5) as i64 - 2);
        }
        Value::Null | Value::Bool(_) | Value::String(_) | Value::Array(_) | Value::Object(_) => {
            *value = pool[chance.below(pool.len())].clone();
        }
    }
}

#[test]
fn mutated_examples_do_no_harm() {
    let classes = classes();
    let pool = [
        json!(null),
        json!(true),
        json!(0),
        json!(1),
        json!(2),
        json!(4),
        json!(-10),
        json!(-20),
        json!(1e300),
        json!(u64::MAX),
        json!(""),
        json!("1"),
        json!("Reroute"),
        json!("PrimitiveNode"),
        json!("GetNode"),
        json!("*"),
        json!([]),
        json!({}),
        json!([1, 2, 3, 4, 5]),
        json!({"name": "width"}),
        json!([["-1", "width"], ["1", "seed"]]),
    ];
    let rounds = if cfg!(debug_assertions) { 12 } else { 200 };
    let examples = ["strict", "odd"].into_iter().flat_map(pilotlight_fixtures::examples);
    let examples = examples.map(|example| (example.name, parsed(&example.ui)));
    let groups = (0..10).map(|_| ("groups".to_owned(), super::groups::sample()));
    for (at, (name, graph)) in examples.chain(groups).enumerate() {
        for round in 0..rounds {
            let mut chance = Chance((at * 1_000 + round) as u64);
            let mut graph = graph.clone();
            for _ in 0..=chance.below(8) {
                mutate(&mut graph, &mut chance, &pool);
            }
            let result = std::panic::catch_unwind(|| tried(&classes, &graph));
            assert!(result.is_ok(), "{name}, round {round}");
        }
    }
}
