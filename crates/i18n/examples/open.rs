//! Prints for each file that is named what it is and how many nodes it has.
//! Invariant: it only reads.

use pilotlight_comfy::language::Language;
use pilotlight_forms::open::{Opened, open};
use pilotlight_i18n::present;
use serde_json::Value;

fn main() {
    for name in std::env::args().skip(1) {
        let said = match std::fs::read(&name) {
            Err(error) => error.to_string(),
            Ok(bytes) => match open(&bytes) {
                Ok(opened) => describe(&opened),
                Err(why) => present::unopened(&name, &why, Language::English),
            },
        };
        println!("{name}: {said}");
    }
}

fn describe(opened: &Opened) -> String {
    let placed = |workflow: &Value| workflow["nodes"].as_array().map_or(0, Vec::len);
    match opened {
        Opened::Api(prompt) => format!("a prompt of {} nodes", prompt.nodes().count()),
        Opened::Editor(workflow) => format!("the editor's format, {} nodes", placed(workflow)),
        Opened::Both { prompt, workflow } => {
            let nodes = prompt.nodes().count();
            format!("a prompt of {nodes} nodes and the editor's of {}", placed(workflow))
        }
        Opened::Package(package) => {
            let form = package.clone().form();
            let nodes = form.workflow().nodes().count();
            format!("a package, {nodes} nodes, {} fields", form.fields.len())
        }
    }
}
