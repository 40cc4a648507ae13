//! Input that is long in a way that costs: what comes out is bounded, and the end is reached.
//! Nothing here looks at a clock; what took time by the square took minutes at these sizes.

#![allow(clippy::unwrap_used, reason = "an input that cannot be made fails the test")]

use pilotlight_comfy::comfy::{self, Reply, Response};
use pilotlight_comfy::graph::{Classes, GraphRefusal, Moment, convert};
use pilotlight_comfy::id::PromptId;
use pilotlight_comfy::json;
use pilotlight_comfy::language::Language;
use pilotlight_comfy::run_status::StatusReport;
use pilotlight_comfy::schema::Class;
use pilotlight_comfy::workflow::{MAX_WORKFLOW_BYTES, Refusal, Workflow};
use pilotlight_forms::form::{
    Drafts, Given, Package, PackageRefusal, candidates, derive, missing_outputs,
};
use pilotlight_forms::open::{Kind, Unopened, open};
use serde_json::{Map, Value, json};

const SIZES: [usize; 3] = [1_000, 2_000, 4_000];

fn converted(info: &Value, graph: &Value) -> Result<Value, GraphRefusal> {
    convert(&Classes::parse(&info.to_string()).unwrap(), graph, &Moment::default())
        .map(|it| it.prompt)
}

fn graph(nodes: Vec<Value>, links: Vec<Value>) -> Value {
    json!({"version": 0.4, "nodes": nodes, "links": links})
}

fn class(name: &str, inputs: Value) -> Value {
    json!({name: {"input": {"required": inputs}, "output": ["*"]}})
}

fn map(count: usize, entry: impl Fn(usize) -> (String, Value)) -> Value {
    Value::Object((0..count).map(entry).collect::<Map<_, _>>())
}

/// A node that runs behind a chain of others.
fn chain(count: usize, class: &str, mode: u64) -> Value {
    let one = |id: usize| {
        let (class, mode) = if id == 0 || id == count { ("A", 0) } else { (class, mode) };
        let inputs = json!([{"name": "in", "type": "*", "link": (id > 0).then_some(id)}]);
        json!({"id": id, "type": class, "mode": mode, "inputs": inputs, "outputs": [{"type": "*"}]})
    };
    let link = |id: usize| json!([id, id - 1, 0, id, 0, "*"]);
    graph((0..=count).map(one).collect(), (1..=count).map(link).collect())
}

#[test]
fn chains_lead_to_their_beginning() {
    for count in SIZES {
        for (class, mode) in [("Reroute", 0), ("B", 4)] {
            let prompt = converted(&json!({}), &chain(count, class, mode)).unwrap();
            assert_eq!(prompt[count.to_string()]["inputs"]["in"], json!(["0", 0]), "{class}");
            assert_eq!(prompt.as_object().unwrap().len(), 2);
        }
    }
}

#[test]
fn a_bomb_of_subgraphs_is_refused_before_it_goes_off() {
    let bomb = |depth: usize| {
        let level = |at: usize| {
            let inner = if at + 1 == depth { "X".to_owned() } else { format!("s{}", at + 1) };
            let nodes = json!([{"id": 2 * at, "type": inner}, {"id": 2 * at + 1, "type": inner}]);
            json!({"id": format!("s{at}"), "name": "s", "nodes": nodes})
        };
        let all: Vec<Value> = (0..depth).map(level).collect();
        let nodes = json!([{"id": 999, "type": "s0"}]);
        json!({"version": 0.4, "nodes": nodes, "links": [], "definitions": {"subgraphs": all}})
    };
    assert_eq!(converted(&json!({}), &bomb(8)).unwrap().as_object().unwrap().len(), 256);
    for depth in [16, 32, 64, 1_000] {
        let result = converted(&json!({}), &bomb(depth));
        assert!(matches!(result, Err(GraphRefusal::TooManyNodes { .. })), "{depth}: {result:?}");
    }
}

#[test]
fn what_instances_show_is_bounded() {
    let show = |shown: usize| {
        let list: Vec<Value> = (0..shown).map(|at| json!(["-1", format!("p{at}")])).collect();
        let node = |id: usize| json!({"id": id, "type": "s", "properties": {"proxyWidgets": list}});
        let inputs: Vec<Value> = (0..500).map(|at| json!({"name": format!("q{at}")})).collect();
        let inner = json!({"id": "s", "name": "s", "nodes": [], "inputs": inputs});
        let nodes: Vec<Value> = (0..1_000).map(node).collect();
        json!({"version": 0.4, "nodes": nodes, "definitions": {"subgraphs": [inner]}})
    };
    assert_eq!(converted(&json!({}), &show(20)), Ok(json!({})));
    assert_eq!(converted(&json!({}), &show(200)), Err(GraphRefusal::TooMuch));
}

#[test]
fn many_widgets_and_links_are_taken() {
    for count in SIZES.map(|size| 10 * size) {
        let named = map(count, |at| (format!("w{at}"), json!(at)));
        let node = json!({"id": 1, "type": "A", "widgets_values": named});
        let prompt = converted(&json!({}), &graph(vec![node], vec![])).unwrap();
        assert_eq!(prompt["1"]["inputs"].as_object().unwrap().len(), count);
        let links = (1..=count).map(|id| json!([id, 1, 0, 2, 0, "*"])).collect();
        let slot = json!([{"name": "in", "type": "*", "link": count}]);
        let nodes =
            vec![json!({"id": 1, "type": "A"}), json!({"id": 2, "type": "A", "inputs": slot})];
        let prompt = converted(&json!({}), &graph(nodes, links)).unwrap();
        assert_eq!(prompt["2"]["inputs"]["in"], json!(["1", 0]));
    }
}

#[test]
fn braces_comments_and_names_do_not_multiply() {
    let dynamic = class("A", json!({"w": ["STRING", {"dynamicPrompts": true}]}));
    let node =
        |text: String| graph(vec![json!({"id": 1, "type": "A", "widgets_values": [text]})], vec![]);
    let sent = |text: String| {
        let length = text.len();
        let prompt = converted(&dynamic, &node(text)).unwrap();
        let sent = prompt["1"]["inputs"]["w"].as_str().unwrap().len();
        assert!(sent <= length);
        sent
    };
    for count in SIZES.map(|size| 100 * size) {
        assert_eq!(sent("{a|b}".repeat(count)), count);
        let (open, close) = ("{".repeat(30), "}".repeat(30));
        assert!(sent(format!("{open}{}{close}", "a|".repeat(count))) <= 1);
        assert_eq!(sent(format!("{}*/", "/* ".repeat(count))), 0);
        assert_eq!(sent(format!("*/ {}", "/* ".repeat(count))), 3 + 3 * count);
        assert_eq!(
            converted(&dynamic, &node("{".repeat(count))),
            Err(GraphRefusal::TooManyBraces { node: "1".into() })
        );
    }
    // A name stands for what fits into the name of a file.
    let mut info = class("SaveImage", json!({"filename_prefix": ["STRING", {}]}));
    info["B"] = class("B", json!({"w": ["STRING", {}]}))["B"].take();
    let named = |value: &str| {
        let save = json!({"id": 1, "type": "SaveImage", "widgets_values": ["%B.w%".repeat(500)]});
        let other = json!({"id": 2, "type": "B", "widgets_values": [value]});
        let prompt = converted(&info, &graph(vec![save, other], vec![])).unwrap();
        prompt["1"]["inputs"]["filename_prefix"].as_str().unwrap().len()
    };
    assert_eq!(named("cat"), 1_500);
    assert_eq!(named(&"y".repeat(4 << 20)), 2_500);
}

#[test]
fn classes_do_not_multiply_what_they_say() {
    // The same input over and over, with a long list of choices.
    let long = json!({"a": [vec!["x".repeat(100); 4_000]]});
    let twice =
        json!({"A": {"input": {"required": long}, "input_order": {"required": vec!["a"; 4_000]}}});
    assert_eq!(Class::read_all(&twice)[0].inputs.len(), 1);
    let nodes = |count: usize| (0..count).map(|id| json!({"id": id, "type": "A"})).collect();
    let few = json!({"A": {"input": {"required": {"a": [["x"]]}}, "input_order": {"required": ["a", "a"]}}});
    let prompt = converted(&few, &graph(nodes(1), vec![])).unwrap();
    assert_eq!(prompt["0"]["inputs"], json!({"a": "x"}));
    // A class of more inputs than any is no class; what is known of it is of many nodes together.
    for count in SIZES {
        let wide = class("A", map(count, |at| (format!("w{at:05}"), json!(["INT", {}]))));
        let result = converted(&wide, &graph(nodes(count), vec![]));
        assert!(result.is_err() || count > 2_000, "{count}");
    }
    let wide = |count: usize| class("A", map(count, |at| (format!("w{at}"), json!(["INT"]))));
    assert_eq!(Class::read_all(&wide(2_000)).len(), 1);
    assert_eq!(Class::read_all(&wide(2_001)), []);
    let long = class("A", json!({"w": ["STRING", {"default": "x".repeat(1 << 16)}]}));
    assert_eq!(converted(&long, &graph(nodes(4_000), vec![])), Err(GraphRefusal::TooMuch));
    let template = json!({"template": {"prefix": "x".repeat(1 << 20), "min": 200}});
    let grown = class("A", json!({"w": ["COMFY_AUTOGROW_V3", template]}));
    assert!(converted(&grown, &graph(nodes(4_000), vec![])).is_ok());
}

#[test]
fn pictures_of_many_chunks_and_bombs_end() {
    let png = |chunks: &[Vec<u8>]| {
        let mut file = b"\x89PNG\r\n\x1a\n".to_vec();
        for body in chunks {
            file.extend(u32::try_from(body.len() - 4).unwrap().to_be_bytes());
            file.extend(body);
            file.extend([0; 4]);
        }
        file.extend(b"\0\0\0\0IEND\0\0\0\0");
        file
    };
    let nothing = Err(Unopened::NoWorkflow { kind: Kind::Png });
    for count in SIZES {
        assert_eq!(open(&png(&vec![b"tEXtprompt\0{}".to_vec(); 10 * count])), nothing);
        // Only the last one is unpacked; blocks of nothing come to an end.
        let blocks = [0_u8, 0, 0, 0xff, 0xff].repeat(count);
        let bomb = [&b"zTXtprompt\0\0\x78\x9c"[..], &blocks].concat();
        assert_eq!(open(&png(&vec![bomb; 200])), nothing);
        assert!(matches!(open("[".repeat(count).as_bytes()), Err(Unopened::NotJson { .. })));
        let words = format!("[{}", "NaN,".repeat(100 * count));
        assert_eq!(open(words.as_bytes()), Err(Unopened::Cut { kind: Kind::Json }));
    }
}

#[test]
fn forms_of_large_workflows_are_derived_and_stored() {
    for count in SIZES {
        let inputs = map(count, |at| (format!("w{at:05}"), json!(at)));
        let flow = json!({"1": {"class_type": "A", "inputs": inputs}});
        let flow = Workflow::from_value(flow).unwrap();
        let info = class("A", map(count, |at| (format!("w{at:05}"), json!(["INT", {}]))));
        let classes = Class::read_all(&info);
        assert_eq!(classes.len(), usize::from(count <= 2_000));
        assert_eq!(candidates(&flow, &classes).len(), count);
        let given = Given { workflow: flow, classes: &classes, author: None, app: None, name: "" };
        assert_eq!(derive(given).drafts(Language::English).iter().count(), 150);
        let fields = map(10 * count, |at| (format!("{at}.a"), json!({"text": ""})));
        let drafts = json::from_value::<Drafts>(&json!({"v": 1, "fields": fields})).unwrap();
        assert_eq!(drafts.iter().count(), 10 * count);
        assert_eq!(json::from_value(&json::to_value(&drafts)), Some(drafts));
    }
}

#[track_caller]
fn check_package(count: usize, choices: &Value, classes: usize, expected: Option<&str>) {
    let field =
        |at: usize| json!({"node": "1", "input": format!("{at}"), "label": format!("{at}")});
    let inputs = map(count, |at| (at.to_string(), json!("x")));
    let described = map(count, |at| (at.to_string(), choices.clone()));
    let mut known = map(classes, |at| (format!("B{at}"), json!({"input": {}})));
    known["A"] = class("A", described)["A"].take();
    let file = json!({
        "pilotlight": 1, "id": "a", "title": "A",
        "prompt": {"1": {"class_type": "A", "inputs": inputs}},
        "form": (0..count).map(field).collect::<Vec<_>>(), "classes": known,
    });
    let refused = Package::from_value(&file).err().map(PackageRefusal::place);
    assert_eq!(refused.as_deref(), expected);
}

#[test]
fn packages_are_bounded() {
    check_package(1_000, &json!(["STRING"]), 10, None);
    check_package(1_001, &json!(["STRING"]), 10, Some("form"));
    check_package(10, &json!(["STRING"]), 5_000, Some("classes"));
    check_package(100, &json!([vec!["x"; 20_000]]), 10, Some("form[50]"));
}

fn heard(body: Value) -> Response {
    let body = body.to_string().into_bytes();
    Ok(Reply {
        status: 200,
        retry_after_s: None,
        from_relay: false,
        modified_ms: None,
        body,
        key: None,
    })
}

#[test]
fn replies_do_not_multiply() {
    let id = PromptId::named("a").unwrap();
    for count in SIZES {
        let refused = json!({
            "errors": vec![json!({"type": "x"}); count],
            "dependent_outputs": (0..count).map(|id| id.to_string()).collect::<Vec<_>>(),
        });
        let body = json!({"prompt_id": "a", "node_errors": {"1": refused, "2": refused}});
        let problems = comfy::accepted(&heard(body)).unwrap().problems;
        assert_eq!(problems.len(), 200);
        assert!(problems.iter().map(|problem| problem.without.len()).sum::<usize>() <= 100);
        let flow = Workflow::from_value(json!({"1": {"class_type": "A"}})).unwrap();
        assert_eq!(missing_outputs(&problems, &flow).len(), 50);
        // The map has 10 before 9.
        let texts = json!({"text": vec!["x"; 10 * count]});
        let body = json!({"a": {"outputs": {"10": texts, "9": texts}}});
        let Ok(StatusReport::Ended(ended)) = comfy::history(&heard(body), &id) else { panic!() };
        assert_eq!(ended.outputs.len(), 20 * count);
        assert!(ended.outputs.iter().map(|output| output.node.len()).is_sorted());
        let waiting: Vec<Value> = (0..count).map(|at| json!([at, at.to_string()])).collect();
        let body = json!({"queue_running": [], "queue_pending": waiting});
        assert_eq!(comfy::queue(&heard(body), &id), Ok(StatusReport::NotInQueue));
    }
}

#[test]
fn a_workflow_inside_another_file_is_no_larger_than_one_by_itself() {
    let too_large = Err(Refusal::TooLarge { limit_bytes: MAX_WORKFLOW_BYTES });
    for value in [json!(vec![1; MAX_WORKFLOW_BYTES / 2]), json!("x".repeat(MAX_WORKFLOW_BYTES))] {
        let flow = json!({"1": {"class_type": "A", "inputs": {"x": value}}});
        assert_eq!(Workflow::from_value(flow), too_large);
    }
    let fits = json!({"1": {"class_type": "A", "inputs": {"x": vec![1; MAX_WORKFLOW_BYTES / 5]}}});
    assert!(Workflow::from_value(fits).is_ok());
}
