//! Files that may stay empty: what a workflow is without the nodes that load them.
//! Invariant: only what is known to be optional is left out; no node whose results are those of
//! the run is.

use super::{Draft, Drafts, Field, Form};
use pilotlight_comfy::schema::{Class, Known};
use pilotlight_comfy::workflow::{FieldKey, Link, Node, NodeId, Workflow, link};
use std::borrow::Cow;
use std::collections::BTreeSet;

/// What is left out with a file.
#[derive(Default)]
struct Branch {
    nodes: BTreeSet<NodeId>,
    inputs: Vec<FieldKey>,
}

impl Form {
    /// Returns whether a field is a file that may stay empty, because its node leads to optional
    /// inputs only, with nothing but nodes between that can be left out as well. `classes`: those
    /// the form was made with.
    pub fn may_be_empty(&self, field: &Field, classes: &[Class]) -> bool {
        is_optional_file(field)
            && Links::of(&self.workflow).branch(&field.key.node, &Known::of(classes)).is_some()
    }

    /// Returns the form without the files that were left empty and may be, and without the nodes
    /// that they are for; the form itself where there is none.
    pub fn without_empty(&self, drafts: &Drafts, classes: &[Class]) -> Cow<'_, Self> {
        let is_empty = |field: &&Field| {
            let draft = drafts.get(&field.key).unwrap_or(&field.default);
            is_optional_file(field) && matches!(draft, Draft::Picture(None))
        };
        let mut empty = self.fields.iter().filter(is_empty).peekable();
        if empty.peek().is_none() {
            return Cow::Borrowed(self);
        }
        let (links, known) = (Links::of(&self.workflow), Known::of(classes));
        let mut left_out = Branch::default();
        for field in empty {
            if let Some(branch) = links.branch(&field.key.node, &known) {
                left_out.nodes.extend(branch.nodes);
                left_out.inputs.extend(branch.inputs);
            }
        }
        if left_out.nodes.is_empty() {
            return Cow::Borrowed(self);
        }
        links.add_sources(&mut left_out.nodes, &known);
        let mut form = self.clone();
        form.fields.retain(|field| !left_out.nodes.contains(&field.key.node));
        form.workflow = self.workflow.without(&left_out.nodes, &left_out.inputs);
        Cow::Owned(form)
    }
}

fn is_optional_file(field: &Field) -> bool {
    field.widget.is_file() && !field.required
}

/// The links of a workflow, by the node that they come from.
struct Links<'a> {
    flow: &'a Workflow,
    /// Sorted by the node that they come from.
    list: Vec<(Link, NodeId, &'a str)>,
}

impl<'a> Links<'a> {
    fn of(flow: &'a Workflow) -> Self {
        let mut list = Vec::new();
        for (id, node) in flow.nodes() {
            let links = node.inputs().filter_map(|(name, value)| Some((link(value)?, name)));
            list.extend(links.map(|(link, name)| (link, id.clone(), name)));
        }
        list.sort_by(|one, other| one.0.node.cmp(&other.0.node));
        Self { flow, list }
    }

    /// The inputs that a node feeds.
    fn from(&self, node: &NodeId) -> &[(Link, NodeId, &'a str)] {
        let start = self.list.partition_point(|(link, ..)| link.node < *node);
        let rest = self.list.get(start..).unwrap_or_default();
        let end = rest.partition_point(|(link, ..)| link.node == *node);
        rest.get(..end).unwrap_or_default()
    }

    /// What is left out with a node; `None` if it is needed, or if that is not known.
    fn branch(&self, loader: &NodeId, known: &Known<'_>) -> Option<Branch> {
        if known.get(self.flow.node(loader)?.class())?.output_node {
            return None;
        }
        let mut branch = Branch::default();
        let mut waiting = vec![loader.clone()];
        branch.nodes.insert(loader.clone());
        while let Some(node) = waiting.pop() {
            for (_, to, input) in self.from(&node) {
                let fed = self.flow.node(to)?;
                let class = known.get(fed.class())?;
                if !class.input_of(input, fed)?.required {
                    let input = (*input).to_owned();
                    branch.inputs.push(FieldKey { node: to.clone(), input });
                } else if class.output_node {
                    return None;
                } else if branch.nodes.insert(to.clone()) {
                    waiting.push(to.clone());
                }
            }
        }
        Some(branch)
    }

    /// Adds the nodes that feed nothing but what is left out.
    fn add_sources(&self, nodes: &mut BTreeSet<NodeId>, known: &Known<'_>) {
        let is_result = |node: Node<'_>| known.get(node.class()).is_none_or(|it| it.output_node);
        let mut waiting: Vec<NodeId> = nodes.iter().cloned().collect();
        while let Some(id) = waiting.pop() {
            let inputs = self.flow.node(&id).into_iter().flat_map(Node::inputs);
            for source in inputs.filter_map(|(_, value)| Some(link(value)?.node)) {
                let is_needed = self.from(&source).iter().any(|(_, to, _)| !nodes.contains(to));
                let node = self.flow.node(&source).filter(|node| !is_result(*node));
                if !is_needed && node.is_some() && nodes.insert(source.clone()) {
                    waiting.push(source);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests;
