//! Links that Use Everywhere resolved and saved beside the workflow's own (`extra.ue_links`).
//! Invariant: only an input without a link of its own gets one, from a node that is there.

use super::raw::{self, Link, Slot};
use crate::workflow::MAX_NODES;
use serde_json::Value;

/// The inputs that are fed so, in one graph.
#[derive(Default)]
pub(super) struct Everywhere(Vec<Fed>);

struct Fed {
    node: String,
    slot: usize,
    link: i64,
}

impl Everywhere {
    /// Reads the links of a graph and adds them to its own.
    pub(super) fn read(definition: &Value, links: &mut Vec<Link>) -> Self {
        let given = raw::list(definition.get("extra"), "ue_links");
        let mut everywhere = Self::default();
        if given.is_empty() {
            return everywhere;
        }
        let mut nodes: Vec<String> = raw::list(definition, "nodes")
            .iter()
            .filter_map(|node| raw::id(node.get("id")?))
            .collect();
        nodes.sort_unstable();
        // Sorted by id: those that are added come behind the last.
        let mut last = links.last().map_or(0, |link| link.id.max(0));
        for entry in given.iter().take(MAX_NODES) {
            let node = |key| entry.get(key).and_then(raw::id);
            let slot =
                |key| entry.get(key).and_then(raw::link_id).and_then(|at| at.try_into().ok());
            let (Some(to), Some(slot_to)) = (node("downstream"), slot("downstream_slot")) else {
                continue;
            };
            let (Some(from), Some(slot)) = (node("upstream"), slot("upstream_slot")) else {
                continue;
            };
            let Some(id) = last.checked_add(1) else { break };
            if nodes.binary_search(&from).is_err() {
                continue;
            }
            last = id;
            let place = links.len();
            everywhere.0.push(Fed {
                node: to.clone(),
                slot: usize::try_from(slot_to).unwrap_or(usize::MAX),
                link: id,
            });
            links.push(Link { id, from: Some((from, slot)), to, to_slot: slot_to, place });
        }
        everywhere
    }

    /// Names these links in the slots of a node that have none.
    pub(super) fn name(&self, node: &str, slots: &mut [Slot]) {
        for fed in self.0.iter().filter(|fed| fed.node == node) {
            if let Some(slot) = slots.get_mut(fed.slot).filter(|slot| slot.link.is_none()) {
                slot.link = Some(fed.link);
            }
        }
    }
}
