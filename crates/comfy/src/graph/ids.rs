//! Ids that no two nodes share. Invariant: the workflow's own nodes keep theirs.

use super::file::Graph;
use super::index::Index;
use serde_json::Value;

/// The ids that are taken. One that a subgraph's node shares with another node is replaced, as the
/// editor does when it opens the file.
pub(super) struct Ids {
    taken: Index,
    last: u64,
}

impl Ids {
    pub(super) fn of(root: &Value) -> Self {
        let state = root.get("state").and_then(|state| state.get("lastNodeId"));
        let last = root.get("last_node_id").or(state).and_then(Value::as_u64);
        Self { taken: Index::default(), last: last.unwrap_or(0).min(1 << 50) }
    }

    pub(super) fn tell_apart(&mut self, graph: &mut Graph, root: bool) {
        for (place, node) in graph.nodes.iter_mut().enumerate() {
            if self.taken.has(&node.id) && !root {
                graph.renamed.put(&node.id, place);
                while self.taken.has(&node.id) {
                    self.last += 1;
                    node.id = self.last.to_string();
                }
            } else if let Ok(id) = node.id.parse::<u64>() {
                // Those of the workflow itself are only kept free.
                if !root && id < 1 << 50 {
                    self.last = self.last.max(id);
                }
            }
            self.taken.put(&node.id, place);
        }
        let (nodes, renamed) = (&graph.nodes, &graph.renamed);
        let new = |id: &mut String| {
            if let Some(node) = renamed.get(id).and_then(|place| nodes.get(place)) {
                id.clone_from(&node.id);
            }
        };
        for link in &mut graph.links {
            if let Some((from, _)) = &mut link.from {
                new(from);
            }
            new(&mut link.to);
        }
        let mut ids = Index::default();
        for (place, node) in graph.nodes.iter().enumerate() {
            ids.put(&node.id, place);
        }
        graph.ids = ids;
    }
}
