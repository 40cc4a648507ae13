//! Ids that no two nodes share. Invariant: the workflow's own nodes keep theirs.

use super::read::Graph;
use serde_json::Value;
use std::collections::HashSet;

/// The ids that are taken. One that a subgraph's node shares with another node is replaced, as the
/// editor does when it opens the file.
pub(super) struct Ids {
    taken: HashSet<String>,
    last: u64,
}

impl Ids {
    pub(super) fn of(root: &Value) -> Self {
        let state = root.get("state").and_then(|state| state.get("lastNodeId"));
        let last = root.get("last_node_id").or(state).and_then(Value::as_u64);
        Self { taken: HashSet::new(), last: last.unwrap_or(0).min(1 << 50) }
    }

    pub(super) fn tell_apart(&mut self, graph: &mut Graph, root: bool) {
        for node in &mut graph.nodes {
            if self.taken.contains(&node.id) && !root {
                let mut id = node.id.clone();
                while self.taken.contains(&id) {
                    self.last += 1;
                    id = self.last.to_string();
                }
                let old = std::mem::replace(&mut node.id, id.clone());
                graph.renamed.push((old, id));
            } else if let Ok(id) = node.id.parse::<u64>() {
                // Those of the workflow itself are only kept free.
                if !root && id < 1 << 50 {
                    self.last = self.last.max(id);
                }
            }
            self.taken.insert(node.id.clone());
        }
        if graph.renamed.is_empty() {
            return;
        }
        graph.renamed.sort_unstable();
        let renamed = &graph.renamed;
        let new = |id: &mut String| {
            if let Ok(at) = renamed.binary_search_by(|(old, _)| old.cmp(id)) {
                id.clone_from(&renamed[at].1);
            }
        };
        for link in &mut graph.links {
            link.from.as_mut().map(|(from, _)| new(from)).unwrap_or_default();
            new(&mut link.to);
        }
        for (id, _) in &mut graph.ids {
            new(id);
        }
        graph.ids.sort_unstable();
    }
}
