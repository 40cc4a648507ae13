//! The editor's workflow with the values of a run in it: what changes there, and what is refused.

use super::small::{classes, graph, node, save, source, with};
use super::subgraphs::{AROUND, around, subgraph};
use pilotlight_comfy::editor_workflow::{EditorWorkflow, MAX_BYTES};
use pilotlight_comfy::graph::{Classes, Moment, convert};
use pilotlight_comfy::workflow::{FieldKey, Workflow};
use serde_json::{Value, json};

const MOMENT: Moment =
    Moment { year: 2026, month: 3, day: 9, hour: 14, minute: 5, second: 0, draw: 1 };

fn read(classes: &Classes, editor: &Value) -> (Workflow, Option<EditorWorkflow>) {
    let converted = convert(classes, editor, &MOMENT).unwrap();
    let prompt = Workflow::from_value(converted.prompt).unwrap();
    let kept = EditorWorkflow::of(editor, &prompt, &converted.places);
    (prompt, kept)
}

/// `POINTER VALUE` for all that one has and the other has not.
fn differences(path: &str, one: &Value, other: &Value, found: &mut Vec<String>) {
    match (one, other) {
        (Value::Object(one), Value::Object(other)) => {
            for key in one.keys().filter(|key| !other.contains_key(*key)) {
                found.push(format!("{path}/{key} gone"));
            }
            for (key, other) in other {
                differences(&format!("{path}/{key}"), &one[key], other, found);
            }
        }
        (Value::Array(one), Value::Array(other)) if one.len() == other.len() => {
            for (at, (one, other)) in one.iter().zip(other).enumerate() {
                differences(&format!("{path}/{at}"), one, other, found);
            }
        }
        _ if one == other => {}
        _ => found.push(format!("{path} {other}")),
    }
}

/// `set`: what is sent instead; `expected`: what changes in the workflow.
#[track_caller]
fn check_of(classes: &Classes, editor: &Value, set: &[(&str, Value)], expected: Option<&[&str]>) {
    let (mut prompt, kept) = read(classes, editor);
    let kept = EditorWorkflow::from_text(&kept.unwrap().to_text()).unwrap();
    for (key, value) in set {
        assert!(prompt.set(&FieldKey::parse(key).unwrap(), value.clone()), "{key}");
    }
    let written = kept.with(&prompt);
    let found = written.as_ref().map(|written| {
        let mut found = Vec::new();
        differences("", editor, written, &mut found);
        found
    });
    let expected: Option<Vec<String>> =
        expected.map(|all| all.iter().map(|one| (*one).to_owned()).collect());
    assert_eq!(found, expected, "{set:?}");
    if let Some(written) = written {
        assert_eq!(read(classes, &written).0, prompt, "{written}");
    }
}

#[track_caller]
fn check(nodes: &[Value], set: &[(&str, Value)], expected: Option<&[&str]>) {
    check_of(&classes(), &graph(nodes, &[]), set, expected);
}

#[test]
fn a_value_stands_where_it_was_read() {
    let sampler = || node(1, "Sampler", &[], &["IMAGE"], json!(["euler", 7, "fixed", 30, "x"]));
    check(&[sampler()], &[], Some(&[]));
    // The control behind the seed stays, and a seed of 64 bits is exact.
    check(
        &[source(4), sampler()],
        &[("1.seed", json!(u64::MAX)), ("1.name", json!("lcm")), ("1.steps", json!(8))],
        Some(&[
            "/nodes/1/widgets_values/0 \"lcm\"",
            "/nodes/1/widgets_values/1 18446744073709551615",
            "/nodes/1/widgets_values/3 8",
        ]),
    );
    // Newer editors save each value twice.
    let named = json!({"name": "euler", "seed": 7, "control_after_generate": "fixed", "steps": 30});
    check(
        &[with(sampler(), "widgets_values_named", named)],
        &[("1.seed", json!(8))],
        Some(&["/nodes/0/widgets_values/1 8", "/nodes/0/widgets_values_named/seed 8"]),
    );
    let unclear = json!({"a": 30, "b": 30});
    check(
        &[with(sampler(), "widgets_values_named", unclear)],
        &[("1.steps", json!(8))],
        Some(&["/nodes/0/widgets_values_named gone", "/nodes/0/widgets_values/3 8"]),
    );
    // What the workflow does not contain, and what is no value, cannot be put there.
    let short = || node(1, "Sampler", &[], &["IMAGE"], json!(["euler", 7]));
    check(&[short()], &[("1.seed", json!(8))], Some(&["/nodes/0/widgets_values/1 8"]));
    check(&[short()], &[("1.steps", json!(8))], None);
    check(&[sampler()], &[("1.other", json!(8))], None);
    check(&[sampler()], &[("1.seed", json!(["2", 0]))], None);
    check(&[sampler(), source(2)], &[("1.image", json!(["2", 0]))], None);
    // A choice that brings inputs along decides more than its value.
    let branches = || node(1, "Branches", &[], &["IMAGE"], json!(["size", 6, 7, 3]));
    check(&[branches()], &[("1.way", json!("none"))], None);
    check(&[branches()], &[("1.way.width", json!(8))], Some(&["/nodes/0/widgets_values/1 8"]));
}

#[test]
fn texts_are_sent_as_they_were() {
    let words = |text: &str| node(1, "Words", &[], &["STRING"], json!([text, "{a|b}"]));
    let table: [(&str, &str, Option<&str>); 8] = [
        ("a cat", "a lamp", Some("a lamp")),
        ("a cat", "{a|b} c", Some("\\{a\\|b\\} c")),
        ("a cat", "a \\ b", Some("a \\ b")),
        ("a cat", "https://host", None),
        ("a cat", "a /* b */", None),
        ("{a} lamp", "a lamp", None),
        ("{a|b|c} lamp", "b lamp", Some("b lamp")),
        ("a // b", "a ", None),
    ];
    for (saved, text, expected) in table {
        let put = expected.map(|text| format!("/nodes/0/widgets_values/0 {}", json!(text)));
        // What is sent without comments, and the only one in braces, may be saved with them.
        let expected: Option<Vec<&str>> = match &put {
            Some(put) => Some(vec![put]),
            None if ["{a} lamp", "a // b"].contains(&saved) => Some(Vec::new()),
            None => None,
        };
        check(&[words(saved)], &[("1.text", json!(text))], expected.as_deref());
    }
    // One that is not chosen from is sent as it is.
    let plain = Some(&["/nodes/0/widgets_values/1 \"{c|d} // e\""][..]);
    check(&[words("x")], &[("1.plain", json!("{c|d} // e"))], plain);
    let save = |prefix| with(save(), "widgets_values", json!([prefix]));
    let table = [
        ("p", "out/x", Some("out/x")),
        ("p", "50% %width%", Some("50% %width%")),
        ("p", "%date:yy%", None),
        ("%date:yyyy%/p", "2026/p", Some("2026/p")),
    ];
    for (saved, prefix, expected) in table {
        let put = expected.map(|text| format!("/nodes/0/widgets_values/0 {}", json!(text)));
        let expected = put.as_ref().map(|put| vec![put.as_str()]);
        check(&[save(saved)], &[("9.filename_prefix", json!(prefix))], expected.as_deref());
    }
}

#[test]
fn values_that_are_no_texts_or_numbers_are_put_back() {
    let values =
        json!(["y", "fixed", "", 5, ["a"], {"points": [1]}, {"x": 1}, 1, 2, 3, 4, 2.5, true]);
    let odd = || node(1, "Odd", &[], &[], values.clone());
    check(&[odd()], &[], Some(&[]));
    check(
        &[odd()],
        &[("1.on", json!(false)), ("1.wide", json!(3))],
        Some(&["/nodes/0/widgets_values/11 3", "/nodes/0/widgets_values/12 false"]),
    );
    check(
        &[odd()],
        &[("1.list", json!({"__value__": ["b", "c"]}))],
        Some(&["/nodes/0/widgets_values/4 [\"b\",\"c\"]"]),
    );
    check(
        &[odd()],
        &[("1.curve", json!({"__type__": "CURVE", "__value__": {"points": [2]}}))],
        Some(&["/nodes/0/widgets_values/5/points/0 2"]),
    );
    // A row keeps what is not sent of it.
    let mut known = classes();
    known.add(r#"{"Power Lora Loader (rgthree)": {"input": {}, "output": []}, "VHS_Load": {"input": {"required": {"rate": ["INT", {}]}}, "output": []}}"#);
    let row = json!([{}, {"type": "X"}, {"on": true, "lora": "a", "strength": 1, "strengthTwo": null}, {}, ""]);
    let rows = graph(&[node(1, "Power Lora Loader (rgthree)", &[], &[], row)], &[]);
    check_of(&known, &rows, &[], Some(&[]));
    check_of(
        &known,
        &rows,
        &[("1.lora_1.strength", json!(0.5)), ("1.lora_1.on", json!(false))],
        Some(&["/nodes/0/widgets_values/2/on false", "/nodes/0/widgets_values/2/strength 0.5"]),
    );
    // Values by name.
    let load = graph(&[node(1, "VHS_Load", &[], &[], json!({"rate": 8, "videopreview": {}}))], &[]);
    check_of(&known, &load, &[("1.rate", json!(24))], Some(&["/nodes/0/widgets_values/rate 24"]));
    // A class that nobody described, by name and in the order of its slots.
    let slots = ["seed:INT!", "image:IMAGE", "steps:INT!"];
    let named = json!({"seed": 7, "control_after_generate": "fixed", "steps": 7});
    let unknown = node(1, "Nobody knows", &slots, &[], json!([7, "fixed", 7]));
    let unknown = with(unknown, "widgets_values_named", named);
    check(
        &[unknown],
        &[("1.steps", json!(8))],
        Some(&["/nodes/0/widgets_values/2 8", "/nodes/0/widgets_values_named/steps 8"]),
    );
    let unknown = node(1, "Nobody knows", &slots[..1], &[], json!([7, "fixed", 7]));
    let unknown = with(unknown, "widgets_values_named", json!({"seed": 7, "steps": 7}));
    check(&[unknown], &[("1.seed", json!(8))], None);
    let guessed = graph(&[node(1, "Nobody knows", &[], &[], json!({"rate": 8, "~/x": 1}))], &[]);
    check_of(
        &known,
        &guessed,
        &[("1.rate", json!(24)), ("1.~/x", json!(2))],
        Some(&["/nodes/0/widgets_values/rate 24", "/nodes/0/widgets_values/~/x 2"]),
    );
}

#[test]
fn a_primitive_gives_one_value_to_all_that_it_feeds() {
    let primitive = node(5, "PrimitiveNode", &[], &["INT"], json!([4, "randomize"]));
    let fed = |id, link: &str| {
        node(id, "Source", &[&["size:INT!<", link].concat()], &["IMAGE"], json!([1]))
    };
    let alone = graph(&[primitive.clone(), fed(1, "1")], &[[1, 5, 0, 1, 0]]);
    let put = Some(&["/nodes/0/widgets_values/0 6"][..]);
    check_of(&classes(), &alone, &[("1.size", json!(6))], put);
    let both = graph(&[primitive, fed(1, "1"), fed(2, "2")], &[[1, 5, 0, 1, 0], [2, 5, 0, 2, 0]]);
    check_of(&classes(), &both, &[("1.size", json!(6)), ("2.size", json!(6))], put);
    check_of(&classes(), &both, &[("1.size", json!(6))], None);
}

#[test]
fn a_subgraph_is_written_only_where_that_changes_one_instance() {
    let instance =
        |id, values| node(id, "sub", &["image:IMAGE<1", "size:INT!"], &["IMAGE"], values);
    let one = |values| around(instance(3, values), &AROUND[..2], json!([subgraph("sub")]));
    check_of(
        &classes(),
        &one(json!([50])),
        &[("3:11.by", json!(0.5)), ("3:12.size", json!(60))],
        Some(&[
            "/definitions/subgraphs/0/nodes/0/widgets_values/0 0.5",
            "/nodes/2/widgets_values/0 60",
        ]),
    );
    check_of(
        &classes(),
        &one(json!([])),
        &[("3:12.size", json!(60))],
        Some(&["/definitions/subgraphs/0/nodes/1/widgets_values/0 60"]),
    );
    let two = |values: Value| {
        let mut two = one(values.clone());
        two["nodes"].as_array_mut().unwrap().push(instance(4, values));
        two
    };
    // What is typed on the instance is its own; what is within belongs to both.
    let own = Some(&["/nodes/2/widgets_values/0 60"][..]);
    check_of(&classes(), &two(json!([50])), &[("3:12.size", json!(60))], own);
    check_of(&classes(), &two(json!([50])), &[("3:11.by", json!(0.5))], None);
    check_of(&classes(), &two(json!([])), &[("3:12.size", json!(60))], None);
    check_of(
        &classes(),
        &two(json!([50])),
        &[("3:11.by", json!(0.5)), ("4:11.by", json!(0.5))],
        Some(&["/definitions/subgraphs/0/nodes/0/widgets_values/0 0.5"]),
    );
}

#[test]
fn only_the_workflow_of_this_prompt_is_returned() {
    let editor = graph(&[source(1), save()], &[[9, 1, 0, 9, 0]]);
    let (prompt, kept) = read(&classes(), &editor);
    let kept = kept.unwrap();
    assert_eq!(kept.with(&prompt), Some(editor.clone()));
    let changed = |from: &str, to: &str| {
        let text = prompt.to_value().to_string().replace(from, to);
        kept.with(&Workflow::parse(&text).unwrap())
    };
    // A server writes 1.0 where 1 was sent; titles are not sent to nodes.
    assert_eq!(changed("\"size\":1}", "\"size\":1.0}"), Some(editor.clone()));
    assert_eq!(changed("A source", "B"), Some(editor));
    for (from, to) in
        [("Source", "Other"), ("[\"1\",0]", "[\"1\",1]"), ("\"9\":", "\"8\":"), ("size", "sizes")]
    {
        assert_eq!(changed(from, to), None, "{from}");
    }
    for stored in ["", "{}", "null", &kept.to_text().replace("\"v\":1", "\"v\":2")] {
        assert_eq!(EditorWorkflow::from_text(stored), None, "{stored}");
    }
}

#[test]
fn what_is_too_large_is_not_kept() {
    for (bytes, is_kept) in [(MAX_BYTES / 2, true), (MAX_BYTES, false)] {
        let note = node(2, "Note", &[], &[], json!(["x".repeat(bytes)]));
        let (_, kept) = read(&classes(), &graph(&[source(1), note], &[]));
        assert_eq!(kept.is_some(), is_kept, "{bytes}");
    }
}
