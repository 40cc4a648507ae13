//! The form that each file gets, and what is sent when nobody touches it.

use pilotlight_comfy::graph::{self, Classes, Moment};
use pilotlight_comfy::language::Language;
use pilotlight_comfy::problem::{Problem, Trouble, Warning};
use pilotlight_comfy::schema::{Class, Kind};
use pilotlight_comfy::workflow::{FieldKey, Workflow};
use pilotlight_forms::form::{AppMode, Draft, Form, Given, Widget, derive};
use pilotlight_forms::open::{Opened, open};
use serde_json::{Value, json};

/// Whether the server's descriptions are known.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Known {
    All,
    None,
}

fn opened(bytes: &[u8], known: Known, also: Option<Value>) -> Form {
    let text = pilotlight_fixtures::object_info();
    let mut classes = match known {
        Known::All => Class::read_all(&serde_json::from_str(&text).unwrap()),
        Known::None => Vec::new(),
    };
    // The recorded list of schedulers is shorter than a server's.
    let inputs = classes.iter_mut().flat_map(|class| &mut class.inputs);
    for input in inputs.filter(|input| input.name == "scheduler") {
        if let Kind::Choice { options } = &mut input.kind {
            options.push("normal".into());
        }
    }
    for class in also.iter().flat_map(Class::read_all) {
        classes.retain(|known| known.name != class.name);
        classes.push(class);
    }
    let (workflow, app) = match open(bytes).unwrap() {
        Opened::Api(prompt) => (prompt, None),
        Opened::Both { prompt, workflow } => (prompt, AppMode::read(&workflow)),
        Opened::Editor(editor) => {
            let for_graph = Classes::parse(&text).unwrap();
            let prompt = graph::convert(&for_graph, &editor, &Moment::default()).unwrap().prompt;
            (Workflow::from_value(prompt).unwrap(), AppMode::read(&editor))
        }
        Opened::Package(package) => return package.form(),
    };
    derive(Given { workflow, classes: &classes, author: None, app: app.as_ref(), name: "" })
}

fn case(name: &str, known: Known) -> Form {
    opened(&pilotlight_fixtures::bytes(&format!("cases/{name}.json")), known, None)
}

fn front(form: &Form) -> Vec<String> {
    let fields = form.fields.iter().filter(|field| !field.advanced);
    fields.map(|field| format!("{} {}", field.key, field.label.get(Language::English))).collect()
}

/// What is sent when nobody touches the form, as the text of JSON.
#[track_caller]
fn sent(form: &Form) -> Value {
    form.check(&form.drafts(Language::English), 7).unwrap().workflow.to_value()
}

#[track_caller]
fn check_front(name: &str, known: Known, expected: &[&str]) {
    assert_eq!(front(&case(name, known)), expected, "{name}, {known:?}");
}

const USUAL: [&str; 6] = [
    "6.text Prompt",
    "7.text Negative prompt",
    "5.width Width",
    "5.height Height",
    "5.batch_size Count",
    "3.seed Seed",
];

#[test]
fn what_people_set_stands_in_front() {
    for known in [Known::All, Known::None] {
        for name in ["rgthree-label", "easy-set-get", "anything-everywhere", "long-model-name"] {
            check_front(name, known, &USUAL);
        }
        let mut inner = USUAL;
        inner[0] = "10.wildcard_text Wildcard text";
        inner[5] = "3.seed Seed";
        check_front("short-prompt-in-custom-text-node", known, &inner);
        let parts = ["7.text Negative prompt", "10.string_a String a", "10.string_b String b"];
        let form = case("trailing-blank-in-prefix", known);
        for part in parts {
            assert!(front(&form).iter().any(|line| line == part), "{part}: {:?}", front(&form));
        }
    }
}

#[test]
fn the_authors_selection_is_found_however_it_is_written() {
    let table: [(&str, &[&str]); 5] = [
        ("app-mode-widget-ids.app", &["6.text Prompt", "3.steps Steps", "5.width Width"]),
        ("app-mode-stale-graph-id", &["6.text Prompt", "3.cfg Guidance"]),
        ("app-mode-subgraph-renamed-input", &["30:6.text Prompt"]),
        ("app-mode-only-subgraph-legacy", &["30:6.text Prompt"]),
        ("app-mode-author-label", &["6.text What to paint"]),
    ];
    for (name, expected) in table {
        for known in [Known::All, Known::None] {
            check_front(name, known, expected);
        }
    }
    let hint = |name: &str| {
        let form = case(name, Known::None);
        form.fields[0].hint.as_ref().map(|hint| hint.get(Language::English).to_owned())
    };
    assert_eq!(hint("app-mode-author-label").as_deref(), Some("one sentence"));
    assert_eq!(hint("app-mode-widget-ids.app").as_deref(), Some("what to paint"));
    let form = case("app-mode-subgraph-renamed-input", Known::All);
    assert_eq!(form.fields[0].default, Draft::Text("outer words".into()));
}

/// Two inputs of a subgraph lead to inputs of one name, each with a name of its author.
#[test]
fn an_input_of_a_subgraph_stands_for_what_its_links_lead_to() {
    let node = |id: u32, link: u32| {
        json!({"id": id, "type": "CLIPTextEncode", "widgets_values": ["x"], "inputs": [
            {"name": "text", "type": "STRING", "widget": {"name": "text"}, "link": link}]})
    };
    let link = |id: u32, slot: u32, target: u32| {
        json!({"id": id, "origin_id": -10, "origin_slot": slot, "target_id": target,
            "target_slot": 0, "type": "STRING"})
    };
    let port = |name: &str, label: &str, link: u32| json!({"name": name, "label": label, "type": "STRING", "linkIds": [link]});
    let file = json!({"version": 0.4, "links": [],
        "nodes": [{"id": 8, "type": "s", "inputs": [],
            "properties": {"proxyWidgets": [["1", "text"], ["2", "text"]]}}],
        "definitions": {"subgraphs": [{"id": "s", "nodes": [node(1, 4), node(2, 5)],
            "links": [link(4, 0, 1), link(5, 1, 2)],
            "inputs": [port("text", "positive_prompt", 4), port("text_1", "What not", 5)]}]},
        "extra": {"linearData": {"inputs": [["g:8:text_1", "text_1"], ["8", "text"]]}}});
    let form = opened(file.to_string().as_bytes(), Known::All, None);
    assert_eq!(front(&form), ["8:2.text What not", "8:1.text Prompt"]);
}

/// What a run made fills the form that it came from, with its seed, although some of its values are
/// only shown or were never filled in.
#[test]
fn a_run_fills_its_form_with_values_and_seed() {
    let graph = |text: &str, seed: u64| {
        json!({"1": {"class_type": "A", "inputs": {"text": text, "seed": seed, "none": null,
            "list": {"__value__": [1]}, "long": "x".repeat(200_000), "by": 1.0}}})
    };
    let form = opened(graph("a lamp", 1).to_string().as_bytes(), Known::None, None);
    let run = Workflow::from_value(graph("a fox", u64::MAX)).unwrap();
    let drafts = form.refill(&run).unwrap();
    let ready = form.check(&drafts, 7).unwrap();
    assert_eq!(ready.workflow, run);
    let other = Workflow::from_value(
        graph("a fox", 2)
            .as_object()
            .map(|nodes| {
                let mut nodes = nodes.clone();
                nodes["1"]["inputs"]["list"] = json!({"__value__": [2]});
                nodes.into()
            })
            .unwrap(),
    );
    assert_eq!(form.refill(&other.unwrap()), None);
}

#[test]
fn titles_of_mcww_give_label_group_and_order() {
    let form = case("mcww-titles", Known::All);
    assert_eq!(front(&form), ["6.text Text prompt"]);
    let seed = form.field(&FieldKey::new("20", "value")).unwrap();
    assert_eq!(seed.label.get(Language::English), "Seed");
    assert_eq!(seed.group.as_ref().map(|it| it.get(Language::English)), Some("Generation"));
    assert!(seed.advanced && matches!(seed.widget, Widget::Seed { .. }));
}

#[test]
fn a_number_that_feeds_a_seed_is_one() {
    for known in [Known::All, Known::None] {
        for name in ["primitive-int-feeds-seed-api", "primitive-int-randomize-ui"] {
            let form = case(name, known);
            let seed = form.field(&FieldKey::new("20", "value")).unwrap();
            assert!(matches!(seed.widget, Widget::Seed { min: 0, .. }), "{name}: {seed:?}");
            assert!(!seed.advanced, "{name}");
            assert_eq!(sent(&form)["20"]["inputs"]["value"], 7, "{name}");
        }
    }
    // Of what feeds a seed and something else nothing is drawn.
    let both = r#"{"1":{"class_type":"PrimitiveInt","inputs":{"value":4}},"2":{"class_type":"A",
        "inputs":{"seed":["1",0],"steps":["1",0]}}}"#;
    let form = opened(both.as_bytes(), Known::None, None);
    assert!(matches!(form.fields[0].widget, Widget::Int { .. }));
}

#[test]
fn rows_of_loras_are_fields() {
    let loras = json!({"LoraLoader": {"input": {"required":
        {"lora_name": [["styles/fog.safetensors", "b.safetensors"]]}}}});
    let bytes = pilotlight_fixtures::bytes("cases/power-lora-loader-ui.json");
    let form = opened(&bytes, Known::All, Some(loras));
    let rows: Vec<String> = form
        .fields
        .iter()
        .filter(|field| field.key.node.as_str() == "20")
        .map(|field| {
            let is_choice = matches!(field.widget, Widget::Choice { .. });
            let is_number = matches!(field.widget, Widget::Float { .. });
            let is_switch = field.widget == Widget::Switch;
            let kinds = [(is_choice, "choice"), (is_number, "number"), (is_switch, "switch")];
            let widget = kinds.iter().find(|(is, _)| *is).unwrap().1;
            format!("{} {} {widget}", field.key, field.label.get(Language::English))
        })
        .collect();
    assert_eq!(
        rows,
        [
            "20.lora_1.on LoRA 1 · On switch",
            "20.lora_1.lora LoRA 1 choice",
            "20.lora_1.strength LoRA 1 · Strength number",
            "20.lora_2.on LoRA 2 · On switch",
            "20.lora_2.lora LoRA 2 choice",
            "20.lora_2.strength LoRA 2 · Strength number",
        ]
    );
    let mut drafts = form.drafts(Language::English);
    drafts.set(FieldKey::new("20", "lora_2.on"), Draft::Switch(true));
    drafts.set(FieldKey::new("20", "lora_2.strength"), Draft::Text("0.5".into()));
    let ready = form.check(&drafts, 7).unwrap();
    let inputs = &ready.workflow.to_value()["20"]["inputs"];
    assert_eq!(inputs["lora_2"], json!({"on": true, "lora": "b.safetensors", "strength": 0.5}));
    assert_eq!(
        inputs["lora_1"],
        json!({"on": true, "lora": "styles/fog.safetensors", "strength": 0.8})
    );
    // A run of it fills the form again.
    let filled = form.refill(&ready.workflow).unwrap();
    assert_eq!(filled.get(&FieldKey::new("20", "lora_2.on")), Some(&Draft::Switch(true)));
}

#[test]
fn a_number_that_was_never_filled_in_is_required() {
    let form = case("null-int-inputs", Known::All);
    let problems = form.check(&form.drafts(Language::English), 7).unwrap_err();
    let expected = ["3.steps", "5.width"];
    for input in expected {
        let key = FieldKey::parse(input).unwrap();
        let field = form.field(&key).unwrap();
        assert!(matches!(field.widget, Widget::Int { .. }) && field.required, "{field:?}");
        assert!(problems.contains(&Problem::at(&key, Trouble::Missing)), "{problems:?}");
    }
    assert_eq!(problems.len(), expected.len(), "{problems:?}");
}

#[test]
fn what_nobody_touched_is_sent_as_it_was_saved() {
    let prompt = |value: &Value| {
        let graph = json!({"1": {"class_type": "A", "inputs": {"text": value, "x": "y"}}});
        opened(graph.to_string().as_bytes(), Known::None, None)
    };
    let values = [
        json!(" a photo of "),
        json!("  - item\n"),
        json!("one\r\ntwo\r\n"),
        json!("a\u{0}b"),
        json!("\u{feff}猫 "),
        json!("x".repeat(300_000)),
        json!(1.0),
        json!(1e-7),
        json!(-0.0),
        json!(18_446_744_073_709_551_615_u64),
        json!("2.50"),
        json!(null),
        json!({"__value__": [1, 2.0]}),
    ];
    for value in values {
        let form = prompt(&value);
        assert_eq!(sent(&form)["1"]["inputs"]["text"].to_string(), value.to_string());
    }
    for name in ["trailing-blank-in-prefix", "indented-multiline"] {
        let file: Value =
            serde_json::from_str(&pilotlight_fixtures::text(&format!("cases/{name}.json")))
                .unwrap();
        for known in [Known::All, Known::None] {
            assert_eq!(sent(&case(name, known))["10"], file["10"], "{name}");
        }
    }
    // What is changed keeps the rest.
    let touched = [
        (" a photo of ", " a photo of a cat ", " a photo of a cat "),
        ("  - item\n", "  - item\n  - more\n", "  - item\n  - more\n"),
        ("one\r\ntwo", "one\ntwo\nthree", "one\r\ntwo\r\nthree"),
        ("a\u{0}b", "a\u{0}bc", "a\u{0}bc"),
        ("ab", "a\u{0}b c", "ab c"),
    ];
    for (saved, typed, expected) in touched {
        let form = prompt(&json!(saved));
        let mut drafts = form.drafts(Language::English);
        drafts.set(FieldKey::new("1", "text"), Draft::Text(typed.into()));
        let ready = form.check(&drafts, 7).unwrap();
        assert_eq!(ready.workflow.to_value()["1"]["inputs"]["text"], expected);
    }
}

#[test]
fn every_file_to_run_is_sent_as_it_was_but_for_seeds() {
    for name in [
        "short-prompt-in-custom-text-node",
        "long-model-name",
        "mcww-titles",
        "primitive-int-feeds-seed-api",
        "windows-path-in-combo",
    ] {
        let file: Value =
            serde_json::from_str(&pilotlight_fixtures::text(&format!("cases/{name}.json")))
                .unwrap();
        let mut sent = sent(&case(name, Known::None));
        for (id, node) in file.as_object().unwrap() {
            for input in ["seed", "value"] {
                if let Some(value) = node["inputs"].get(input) {
                    sent[id]["inputs"][input] = value.clone();
                }
            }
        }
        assert_eq!(sent.to_string(), file.to_string(), "{name}");
    }
}

#[test]
fn the_option_with_other_slashes_is_taken_and_said() {
    let list = |names: Value| json!({"CheckpointLoaderSimple": {"input": {"required": {"ckpt_name": [names]}}}});
    let bytes = pilotlight_fixtures::bytes("cases/windows-path-in-combo.json");
    let key = FieldKey::new("4", "ckpt_name");
    let form =
        opened(&bytes, Known::All, Some(list(json!(["a.safetensors", "SDXL/base.safetensors"]))));
    let ready = form.check(&form.drafts(Language::English), 7).unwrap();
    assert_eq!(ready.workflow.input(&key), Some(&json!("SDXL/base.safetensors")));
    let saved = "SDXL\\base.safetensors".to_owned();
    assert_eq!(ready.warnings, [Warning::SlashesDiffer { place: key.clone(), saved }]);
    // The very name comes first; another one is not taken for it.
    let both = list(json!(["SDXL/base.safetensors", "SDXL\\base.safetensors"]));
    let form = opened(&bytes, Known::All, Some(both));
    let ready = form.check(&form.drafts(Language::English), 7).unwrap();
    assert_eq!(ready.workflow.input(&key), Some(&json!("SDXL\\base.safetensors")));
    assert_eq!(ready.warnings, []);
    let other = opened(&bytes, Known::All, Some(list(json!(["SDXL_base.safetensors"]))));
    assert!(other.check(&other.drafts(Language::English), 7).is_err());
}

/// Labels on many instances of a subgraph with many inputs and links.
#[test]
fn names_of_many_instances_end() {
    let many = 500;
    let ports: Vec<Value> = (0..many)
        .map(|at| json!({"name": format!("p{at}"), "label": format!("L {at}"), "linkIds": [at]}))
        .collect();
    let links: Vec<Value> = (0..20 * many)
        .map(|at| {
            json!({"id": at, "origin_id": -10, "origin_slot": at, "target_id": 1,
            "target_slot": at})
        })
        .collect();
    let slots: Vec<Value> = (0..many).map(|at| json!({"name": format!("p{at}")})).collect();
    let nodes: Vec<Value> = (0..2_000).map(|id| json!({"id": id, "type": "s"})).collect();
    let file = json!({"nodes": nodes, "links": [], "definitions": {"subgraphs": [
        {"id": "s", "inputs": ports, "links": links, "nodes": [{"id": 1, "type": "A",
            "inputs": slots}, {"id": 2, "type": "s"}, {"id": 3, "type": "s"}]}]}});
    let started = std::time::Instant::now();
    assert!(AppMode::read(&file).is_some());
    assert!(started.elapsed().as_secs() < 5, "{:?}", started.elapsed());
}
