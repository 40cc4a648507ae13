//! Derived forms: invariants over every recorded workflow, and what some of them look like.

use super::*;
use crate::form::{Draft, NodeId, Package, PictureRef};
use pilotlight_comfy::language::Language;
use pilotlight_comfy::problem::Trouble;
use pilotlight_fixtures::examples;
use serde_json::{Map, json};

mod front;
mod shipped;

fn value(text: &str) -> Value {
    serde_json::from_str(text).expect("JSON")
}

pub fn classes() -> Vec<Class> {
    Class::read_all(&value(&pilotlight_fixtures::object_info()))
}

/// Name, workflow and the editor's JSON of every recorded pair that is a workflow.
pub fn recorded() -> Vec<(String, Workflow, Value)> {
    let mut found = Vec::new();
    for example in ["strict", "odd"].into_iter().flat_map(examples) {
        if let Ok(flow) = Workflow::parse(&example.api) {
            found.push((example.name, flow, value(&example.ui)));
        }
    }
    assert!(found.len() >= 96, "only {} workflows", found.len());
    found.sort_by(|(one, ..), (other, ..)| one.cmp(other));
    found
}

fn given<'a>(workflow: Workflow, classes: &'a [Class]) -> Given<'a> {
    Given { workflow, classes, author: None, app: None, name: "" }
}

/// What stands in front, a line each, and after `–` what is folded away, by heading.
fn summary(form: &Form) -> Vec<String> {
    let mut lines = Vec::new();
    for field in form.fields.iter().filter(|field| !field.advanced) {
        let zh = if field.label.is_same() { "" } else { field.label.get(Language::Chinese) };
        lines.push(
            format!("{} {} {zh}", field.key, field.label.get(Language::English))
                .trim_end()
                .to_owned(),
        );
    }
    let mut heading = None;
    for field in form.fields.iter().filter(|field| field.advanced) {
        let group = field.group.as_ref().map(|group| group.get(Language::English));
        if group != heading {
            lines.push(format!("– {}:", group.unwrap_or("?")));
            heading = group;
        }
        if let Some(last) = lines.last_mut() {
            last.push_str(&format!(" {},", field.label.get(Language::English)));
        }
    }
    lines
}

#[test]
fn every_recorded_workflow_gets_a_form_that_holds() {
    let classes = classes();
    for (name, flow, ui) in recorded() {
        let app = AppMode::read(&ui);
        for known in [&classes[..], &[]] {
            let form = derive(Given { app: app.as_ref(), ..given(flow.clone(), known) });
            check_holds(&name, &form, known, app.is_some());
            assert_eq!(form, derive(Given { app: app.as_ref(), ..given(flow.clone(), known) }));
        }
    }
}

#[track_caller]
fn check_holds(name: &str, form: &Form, classes: &[Class], selected: bool) {
    let front = form.fields.iter().filter(|field| !field.advanced).count();
    assert!(selected || front <= MAX_FRONT, "{name}: {front} in front");
    assert!(form.fields.len() <= MAX_FIELDS, "{name}");
    for language in Language::ALL {
        let mut labels: Vec<_> =
            form.fields.iter().map(|field| field.label.get(language)).collect();
        labels.sort_unstable();
        let twice = labels.windows(2).find(|pair| pair[0] == pair[1]);
        assert_eq!(twice, None, "{name}");
    }
    for field in &form.fields {
        let value = form.workflow().input(&field.key).expect("a field is an input");
        assert_eq!(link(value), None, "{name}");
        assert!(field.advanced == field.group.is_some(), "{name}: {}", field.key);
    }
    // Published workflows run as they are; only choices can be missing from a list.
    let mut drafts = form.drafts(Language::English);
    for field in &form.fields {
        if matches!(field.default, Draft::Picture(_)) {
            let file = PictureRef { name: "x".into(), size_bytes: 1, hash: String::new() };
            drafts.set(field.key.clone(), Draft::Picture(Some(file)));
        }
    }
    for problem in form.check(&drafts, 1).err().unwrap_or_default() {
        let listed = matches!(problem.trouble, Trouble::NotInList { .. }) && !classes.is_empty();
        let published = name.starts_with("tpl-") || name.starts_with("craft-");
        assert!(listed || !published, "{name}: {problem:?}");
    }
    let file = form.to_file(classes);
    let read = Package::parse(&file).map(Package::form);
    assert_eq!(read.as_ref(), Ok(form), "{name}: {file}");
}

fn flow(nodes: Value) -> Workflow {
    Workflow::from_value(nodes).expect("a workflow")
}

#[track_caller]
fn check_app(selection: Value, expected: &[&str]) {
    let flow = flow(json!({
        "1": {"class_type": "A", "inputs": {"text": "x", "in": ["2:3", 0]}},
        "2:3": {"class_type": "B", "inputs": {"steps": 4}},
        "2:4:5": {"class_type": "B", "inputs": {"steps": 4, "cfg": 1}},
        "6:3": {"class_type": "B", "inputs": {"steps": 4}},
    }));
    let app = AppMode::read(&json!({"extra": {"linearData": selection}}));
    let keys = app.as_ref().map(|app| app.inputs(&flow)).unwrap_or_default();
    assert_eq!(keys.iter().map(|(key, _)| key.to_string()).collect::<Vec<_>>(), expected);
}

#[test]
fn app_mode_names_nodes_as_the_editor_does() {
    check_app(json!({"inputs": [["1", "text"], [1, "text"]]}), &["1.text"]);
    check_app(json!({"inputs": [["5", "steps", {"height": 5}]]}), &["2:4:5.steps"]);
    check_app(json!({"inputs": [["3", "steps"]]}), &["2:3.steps", "6:3.steps"]);
    check_app(json!({"inputs": [["2", "cfg"]]}), &["2:4:5.cfg"]);
    check_app(json!({"inputs": [["2", "steps"]]}), &[]);
    check_app(json!({"inputs": [["1", "in"], ["9", "text"], ["1"], 5]}), &[]);
    check_app(json!({"inputs": "x"}), &[]);
    check_app(json!(null), &[]);
}

/// Label and rank of the first text that was found for each class.
#[track_caller]
fn check_texts(nodes: Value, expected: &[&str]) {
    let form = derive(given(flow(nodes), &[]));
    let texts = form.fields.iter().filter(|field| field.widget == Widget::LongText);
    let lines: Vec<String> = texts
        .map(|field| format!("{} {}", field.key, field.label.get(Language::English)))
        .collect();
    assert_eq!(lines, expected);
}

#[test]
fn a_negative_prompt_is_told_by_where_it_goes() {
    let text = |of: &str| json!({"class_type": "CLIPTextEncode", "inputs": {"text": of}});
    let sampler = |positive: Value, negative: Value| json!({"class_type": "S", "inputs": {"positive": positive, "negative": negative}});
    check_texts(
        json!({"1": text("bad"), "2": text("good"), "3": sampler(json!(["2", 0]), json!(["1", 0]))}),
        &["2.text Prompt", "1.text Negative prompt"],
    );
    // Through a node that takes both and gives both.
    check_texts(
        json!({
            "1": text("bad"), "2": text("good"),
            "3": sampler(json!(["4", 0]), json!(["4", 1])),
            "4": {"class_type": "ControlNetApplyAdvanced",
                "inputs": {"positive": ["2", 0], "negative": ["1", 0], "image": ["5", 0]}},
            "5": {"class_type": "LoadImage", "inputs": {"image": "a.png"}},
        }),
        &["2.text Prompt", "1.text Negative prompt"],
    );
    // The same text for both is the prompt, emptied on the way.
    check_texts(
        json!({
            "1": text("good"), "2": sampler(json!(["1", 0]), json!(["3", 0])),
            "3": {"class_type": "ConditioningZeroOut", "inputs": {"conditioning": ["1", 0]}},
        }),
        &["1.text Prompt"],
    );
    // A circle ends.
    check_texts(
        json!({"1": {"class_type": "S", "inputs": {"negative": ["1", 0], "text": "x"}}}),
        &["1.text Negative prompt"],
    );
}

#[test]
fn without_classes_the_words_of_inputs_decide() {
    let form = derive(given(
        flow(json!({
            "2": {"class_type": "KSampler", "inputs": {"seed": 5, "steps": 20, "cfg": 8,
                "denoise": 1, "sampler_name": "euler", "control_after_generate": "fixed"}},
            "10": {"class_type": "KSampler", "inputs": {"seed": 5, "cfg": 7.5},
                "_meta": {"title": "Refine"}},
            "3": {"class_type": "LoadImage", "inputs": {"image": "a.png", "upload": "image"}},
            "4": {"class_type": "ShowText|pysssss", "inputs": {"text_0": "former result"}},
            "5": {"class_type": "PrimitiveStringMultiline", "inputs": {"value": "a tiger"},
                "_meta": {"title": "What to draw"}},
            "6": {"class_type": "X", "inputs": {"strings": {"__value__": []}, "prompt": ["5", 0]}},
        })),
        &[],
    ));
    assert_eq!(
        summary(&form),
        [
            "3.image Image 图片",
            "5.value What to draw",
            "2.seed Seed 随机种子",
            "– KSampler: Steps, Guidance · KSampler, Sampler, Denoising,",
            "– X: Strings,",
            "– Refine: Guidance · Refine, Seed · Refine,",
        ]
    );
    let cfg = form.field(&FieldKey::new("2", "cfg")).map(|field| &field.widget);
    assert_eq!(cfg, Some(&Widget::Float { min: None, max: None, step: None }));
}

#[test]
fn an_authors_form_comes_first_and_learns_what_classes_say() {
    let nodes = json!({"1": {"class_type": "A", "inputs": {"steps": 4, "text": "x"}}});
    let field = |input: &str| json!({"node": "1", "input": input, "label": input, "max": 50});
    let package = json!({"pilotlight": 1, "id": "mine", "title": "Mine", "prompt": nodes,
        "form": [field("steps")]});
    let author = Package::from_value(&package).map(Package::form).expect("a package");
    let entry = json!({"input": {"required": {"steps": ["INT", {"min": 1, "max": 100}]}}});
    let classes: Vec<Class> = Class::read("A", &entry).into_iter().collect();
    let form = derive(Given { author: Some(&author), ..given(flow(nodes), &classes) });
    assert_eq!((form.id.as_str(), form.fields.len()), ("mine", 1));
    let learned = Widget::Int { min: Some(1), max: Some(50), step: None };
    assert_eq!(form.fields[0].widget, learned);
    // Over another workflow only what is still there stays.
    let other = flow(json!({"1": {"class_type": "A", "inputs": {"steps": ["2", 0]}}}));
    let form = derive(Given { author: Some(&author), ..given(other, &classes) });
    assert_eq!(form.fields, []);
}

#[test]
fn the_id_is_that_of_the_content() {
    let id = |text: &str| derive(given(Workflow::parse(text).expect("a workflow"), &[])).id;
    let one = id(r#"{"1":{"class_type":"A","inputs":{"a":1,"b":"x"}},"2":{"class_type":"B"}}"#);
    assert_eq!(one.len(), 18);
    let same = r#"{"2":{"class_type":"B","is_changed":[1]},"1":{"inputs":{"b":"x","a":1},"class_type":"A","_meta":{"title":"A"}}}"#;
    assert_eq!(id(same), one);
    for other in [
        r#"{"1":{"class_type":"A","inputs":{"a":2,"b":"x"}},"2":{"class_type":"B"}}"#,
        r#"{"1":{"class_type":"A","inputs":{"a":1,"b":"xB"}},"2":{"class_type":"B"}}"#,
        r#"{"1":{"class_type":"A","inputs":{"a":1,"b":"x"}},"3":{"class_type":"B"}}"#,
    ] {
        assert_ne!(id(other), one, "{other}");
    }
}

#[track_caller]
fn check_title(name: &str, expected: &str) {
    assert_eq!(title(name).get(Language::English), expected, "{name:?}");
}

#[test]
fn a_form_is_called_like_its_file() {
    check_title("flux_dev.json", "flux dev");
    check_title("C:\\x/夜景 v1.2.png", "夜景 v1.2");
    check_title("My workflow", "My workflow");
    check_title(".json", ".json");
    check_title(" _ .json", "Workflow");
    check_title("", "Workflow");
    check_title(&"x".repeat(99), &format!("{}…", "x".repeat(60)));
}

#[test]
fn a_large_workflow_has_a_small_form() {
    let mut nodes = Map::new();
    for at in 0..1_000 {
        let before = (at.max(1) - 1).to_string();
        nodes.insert(
            at.to_string(),
            json!({"class_type": "KSampler", "inputs": {"seed": at, "steps": 20, "cfg": 8,
                "denoise": 1, "sampler_name": "euler", "scheduler": "simple", "text": "x",
                "positive": [before, 0], "negative": [before, 1], "model": [before, 2]}}),
        );
    }
    let many: Map<String, Value> = (0..5_000).map(|at| (format!("in{at}"), json!(at))).collect();
    nodes.insert("x".into(), json!({"class_type": "Y", "inputs": many}));
    let flow = flow(Value::Object(nodes));
    let classes = classes();
    let started = std::time::Instant::now();
    let form = derive(given(flow.clone(), &classes));
    println!("{:?} for {} fields", started.elapsed(), form.fields.len());
    check_holds("large", &form, &classes, false);
    assert_eq!(form.fields.len(), MAX_FIELDS);
    assert_eq!(candidates(&flow, &[]).len(), 1_000 * 7 + 5_000);
}

/// Numbers that look drawn, the same on every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit.max(1) as u64) as usize
    }
}

/// Puts something odd in a place far down in the value.
fn spoil(value: &mut Value, dice: &mut Dice) {
    let odd = [
        json!(null),
        json!(true),
        json!(-1),
        json!(1e300),
        json!(u64::MAX),
        json!(""),
        json!(" \n\u{0}猫\u{feff} "),
        json!("x.y.z"),
        json!([]),
        json!(["1", 0]),
        json!({"": {}}),
    ];
    let below = match value {
        Value::Array(list) if !list.is_empty() => {
            let at = dice.below(list.len());
            list.get_mut(at)
        }
        Value::Object(map) if !map.is_empty() => {
            let at = dice.below(map.len());
            map.values_mut().nth(at)
        }
        Value::Null
        | Value::Bool(_)
        | Value::Number(_)
        | Value::String(_)
        | Value::Array(_)
        | Value::Object(_) => None,
    };
    match below {
        Some(below) if dice.below(8) > 0 => spoil(below, dice),
        Some(_) | None => *value = odd[dice.below(odd.len())].clone(),
    }
}

/// `ROUNDS=200` looks longer.
#[test]
fn what_is_odd_breaks_nothing() {
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
    let info = value(&pilotlight_fixtures::object_info());
    let rounds = std::env::var("ROUNDS").ok().and_then(|it| it.parse().ok()).unwrap_or(20);
    let mut made = 0;
    for (name, flow, ui) in recorded() {
        let mut info: Map<String, Value> = flow
            .nodes()
            .filter_map(|(_, node)| {
                Some((node.class().to_owned(), info.get(node.class())?.clone()))
            })
            .collect();
        for _ in 0..rounds {
            let (mut graph, mut ui) = (flow.to_value(), ui["extra"].clone());
            for _ in 0..3 {
                let nodes = graph.as_object_mut().expect("nodes");
                let at = dice.below(nodes.len());
                let node = nodes.values_mut().nth(at).expect("a node");
                match node.get_mut("inputs") {
                    Some(inputs) if dice.below(9) > 0 => spoil(inputs, &mut dice),
                    Some(_) | None => spoil(node, &mut dice),
                }
                spoil(&mut ui, &mut dice);
                for description in info.values_mut() {
                    spoil(description, &mut dice);
                }
            }
            let classes = Class::read_all(&Value::Object(info.clone()));
            for class in &classes {
                assert_eq!(Class::read(&class.name, &class.to_value()).as_ref(), Some(class));
            }
            let app = AppMode::read(&json!({"extra": ui}));
            let Ok(workflow) = Workflow::from_value(graph) else { continue };
            let form = derive(Given { app: app.as_ref(), ..given(workflow, &classes) });
            check_holds("odd", &form, &classes, app.is_some());
            let _found = crate::form::flaws(form.workflow(), &classes, std::slice::from_ref(&name));
            made += 1;
        }
    }
    assert!(made > 1_000, "{made}");
}
