//! Classes, an editor's workflow, changes to it: the prompt is bounded, whole and always the same.
#![no_main]

use libfuzzer_sys::fuzz_target;
use pilotlight_comfy::graph::{Classes, MAX_PROMPT_BYTES, Moment, classes, convert};
use pilotlight_comfy::json;
use pilotlight_comfy::language::Language;
use pilotlight_comfy::workflow::{Refusal, Workflow, link};
use pilotlight_forms::form::{AppMode, Given, derive};
use pilotlight_fuzz::{change, parts, reads_back, value};
use pilotlight_i18n::present::unconverted;
use serde_json::Value;

const MOMENT: Moment =
    Moment { year: 2026, month: 3, day: 9, hour: 14, minute: 5, second: 0, draw: 1 };

fuzz_target!(|input: &[u8]| {
    let [info, graph, script] = parts(input);
    let (Ok(text), Some(mut graph)) = (str::from_utf8(info), value(graph)) else { return };
    let (first, script) = script.split_at(script.len().min(12));
    change(&mut graph, script);
    let changed = value(info).filter(|_| first.first().is_some_and(|byte| *byte > 127));
    let text = changed.map_or(text.to_owned(), |mut info| {
        change(&mut info, first.get(1..).unwrap_or_default());
        json::text(&info)
    });
    let Some(known) = Classes::parse(&text) else { return };
    assert!(classes(&graph).is_sorted());
    let converted = convert(&known, &graph, &MOMENT);
    assert_eq!(converted, convert(&known, &graph, &MOMENT));
    match converted {
        Ok(converted) => whole(converted.prompt, &graph),
        Err(refusal) => {
            for language in Language::ALL {
                let said = unconverted(&refusal, language);
                assert!(said.ends_with(['.', '。']), "{said}");
            }
        }
    }
});

fn whole(prompt: Value, graph: &Value) {
    assert!(json::text(&prompt).len() <= 4 * MAX_PROMPT_BYTES);
    let flow = match Workflow::from_value(prompt) {
        Ok(flow) => flow,
        Err(Refusal::NoNodes | Refusal::NoClass { .. } | Refusal::TooDeep { .. }) => return,
        Err(refusal) => panic!("{refusal:?}"),
    };
    for (id, node) in flow.nodes() {
        for (name, value) in node.inputs().filter(|(_, value)| value.is_array()) {
            let from = link(value).map(|link| link.node);
            let there = from.is_some_and(|from| flow.node(&from).is_some());
            assert!(there, "{id}.{name}: {value}");
        }
    }
    let app = AppMode::read(graph);
    let given = Given { workflow: flow, classes: &[], author: None, app: app.as_ref(), name: "a" };
    reads_back(&derive(given), &[]);
}
