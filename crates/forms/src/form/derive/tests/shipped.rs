//! The editor's workflows of `fixtures/`, opened with nothing but the descriptions that the page
//! ships.

use super::*;
use crate::open::{KnownClasses, Opened, Prepared, Unprepared, open};
use pilotlight_comfy::graph::{Moment, core_nodes};
use pilotlight_fixtures::{all_posted, bytes, files};

const SHIPPED: &str = include_str!("../../../../../../public/core-nodes.json");

/// Name and bytes of every workflow in the editor's format.
fn editors() -> Vec<(String, Vec<u8>)> {
    let mut found: Vec<_> = ["strict", "odd"]
        .into_iter()
        .flat_map(examples)
        .filter(|example| !example.is_outside)
        .map(|example| (example.name, example.ui.into_bytes()))
        .collect();
    found.extend(all_posted().into_iter().map(|posted| (posted.name, posted.ui.into_bytes())));
    let others = ["cases", "workflows"].into_iter().flat_map(files);
    found.extend(others.map(|file| (file.clone(), bytes(&file))));
    found
}

/// Workflows without a text, a file, a number, a switch or a choice; nothing of them stands in front.
const NOTHING_IN_FRONT: [&str; 8] = [
    "craft-custom_combo",
    "craft-mute_then_reroute",
    "craft-painter",
    "craft-preview3d",
    "craft-reroute_dangling",
    "raw-bypass_then_mute",
    "raw-cycle",
    "raw-saveimg_short",
];
/// Invalid on purpose: its seed is a text.
const SEED_IS_TEXT: &str = "raw-ks_strings";

/// Returns the form by the descriptions that the page ships; `None` if they lack a class.
fn form(name: &str, opened: &Opened) -> Option<Result<Form, Unprepared>> {
    let names = opened.classes();
    let mut known = KnownClasses::default();
    for reply in core_nodes::replies(SHIPPED, &names) {
        known.add(&reply);
    }
    if !known.missing(&names).is_empty() {
        return None;
    }
    let prepared = opened.prepare(&known, &Moment::default());
    Some(prepared.map(|Prepared { workflow, app, classes, .. }| {
        derive(Given { workflow, classes: &classes, author: None, app: app.as_ref(), name })
    }))
}

#[test]
fn editors_workflows_of_core_nodes_are_opened_by_the_shipped_file() {
    let (mut opened, mut empty) = (0, Vec::new());
    for (name, bytes) in editors() {
        let Ok(file @ (Opened::Editor(_) | Opened::Both { .. })) = open(&bytes) else { continue };
        let Some(form) = form(&name, &file) else { continue };
        let form = form.unwrap_or_else(|why| panic!("{name}: {why:?}"));
        let front: Vec<&Field> = form.fields.iter().filter(|field| !field.advanced).collect();
        for field in &front {
            if let Draft::Text(text) = &field.default {
                assert!(!texts::is_code(text), "{name}: {}: {text}", field.key);
            }
        }
        if front.is_empty() && name != SEED_IS_TEXT {
            empty.push(name);
        }
        opened += 1;
    }
    empty.sort_unstable();
    assert_eq!(empty, NOTHING_IN_FRONT);
    assert!(opened >= 120, "only {opened} were opened");
}
