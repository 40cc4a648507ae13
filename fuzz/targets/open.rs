//! Any file: what is opened can be used and opens again, what is not has a sentence.
#![no_main]

use libfuzzer_sys::fuzz_target;
use pilotlight_comfy::graph::{Classes, Moment, classes, convert};
use pilotlight_comfy::json;
use pilotlight_comfy::language::Language;
use pilotlight_comfy::workflow::{NodeId, Workflow};
use pilotlight_forms::form::{AppMode, Given, derive};
use pilotlight_forms::open::{Opened, open};
use pilotlight_fuzz::reads_back;
use pilotlight_i18n::present::unopened;
use serde_json::Value;

fuzz_target!(|bytes: &[u8]| match open(bytes) {
    Ok(Opened::Api(flow)) => prompt(flow),
    Ok(Opened::Editor(value)) => editor(&value),
    Ok(Opened::Both { prompt: flow, workflow }) => {
        prompt(flow);
        editor(&workflow);
    }
    Ok(Opened::Package(package)) => {
        let (form, classes) = package.parts();
        reads_back(&form, &classes);
        let _ = form.check(&form.drafts(Language::Chinese), 7);
    }
    Err(why) => {
        for language in Language::ALL {
            let said = unopened("file", &why, language);
            assert!(said.ends_with(['.', '。']) && said.len() < 2_000 + bytes.len(), "{said}");
        }
    }
});

fn prompt(flow: Workflow) {
    // By this key a file says that it is a form.
    if flow.node(&NodeId::new("pilotlight")).is_none() {
        let text = json::text(&flow.to_value());
        assert_eq!(open(text.as_bytes()), Ok(Opened::Api(flow.clone())), "{text}");
    }
    let form = derive(Given { workflow: flow, classes: &[], author: None, app: None, name: "" });
    reads_back(&form, &[]);
    let _ = form.check(&form.drafts(Language::English), 7);
}

fn editor(value: &Value) {
    let again = open(json::text(value).as_bytes());
    let marked = value.get("pilotlight").is_some() || value.get("prompt").is_some();
    if !marked && value.as_object().is_some_and(|map| map.values().all(is_no_node)) {
        assert_eq!(again, Ok(Opened::Editor(value.clone())));
    }
    let names = classes(value);
    assert!(names.is_sorted());
    let _ = AppMode::read(value);
    let _ = convert(&Classes::default(), value, &Moment::default());
}

fn is_no_node(value: &Value) -> bool {
    value.get("class_type").is_none()
}
