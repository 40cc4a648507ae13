//! A workflow seen as a graph: its nodes in a lasting order, which texts come in as the negative
//! prompt of a sampler, what a bare value is used for. Invariant: each walk visits a node once.

use super::texts::takes_words;
use pilotlight_comfy::workflow::{Node, NodeId, Workflow, link};
use std::cmp::Ordering;

pub(super) struct Graph<'a> {
    pub flow: &'a Workflow,
    /// Ordered by id, numbers as numbers.
    pub nodes: Vec<(NodeId, Node<'a>)>,
    /// Of each node: whether its result is part of a positive or of a negative prompt.
    sides: Vec<[bool; 2]>,
    /// Of each node: whether its texts come to a text encoder, or it is one.
    encoded: Vec<bool>,
    /// Feeding node and fed input, ordered by node.
    uses: Vec<(usize, &'a str)>,
}

const POSITIVE: usize = 0;
const NEGATIVE: usize = 1;

/// What feeds these inputs is no part of a prompt.
const NO_PROMPT: [&str; 14] = [
    "clip",
    "clip_vision",
    "clip_vision_output",
    "control_net",
    "end_image",
    "image",
    "images",
    "latent",
    "latent_image",
    "model",
    "pixels",
    "samples",
    "start_image",
    "vae",
];

impl<'a> Graph<'a> {
    pub fn of(flow: &'a Workflow) -> Self {
        let mut nodes: Vec<_> = flow.nodes().collect();
        nodes.sort_by(|(one, _), (other, _)| in_order(one.as_str(), other.as_str()));
        let sides = vec![[false; 2]; nodes.len()];
        let encoded = vec![false; nodes.len()];
        let mut graph = Self { flow, nodes, sides, encoded, uses: Vec::new() };
        graph.walk();
        graph.encode();
        graph
    }

    /// Whether the text of this node is a negative prompt and nothing else.
    pub fn is_negative(&self, at: usize) -> bool {
        self.sides.get(at) == Some(&[false, true])
    }

    /// Whether the text of this node reaches a sampler as its prompt.
    pub fn is_positive(&self, at: usize) -> bool {
        self.sides.get(at).is_some_and(|sides| sides[POSITIVE])
    }

    /// Whether the texts of this node come to a text encoder.
    pub fn is_encoded(&self, at: usize) -> bool {
        self.encoded.get(at) == Some(&true)
    }

    /// The first input that this node feeds.
    pub fn used_as(&self, at: usize) -> Option<&'a str> {
        let first = self.uses.partition_point(|(node, _)| *node < at);
        self.uses.get(first).filter(|(node, _)| *node == at).map(|(_, input)| *input)
    }

    pub fn find(&self, id: &NodeId) -> Option<usize> {
        let id = id.as_str();
        self.nodes.binary_search_by(|(node, _)| in_order(node.as_str(), id)).ok()
    }

    fn walk(&mut self) {
        let mut ahead = Vec::new();
        let mut uses: Vec<(usize, &str)> = Vec::new();
        for (_, node) in &self.nodes {
            for (name, value) in node.inputs() {
                let Some(link) = link(value) else { continue };
                let Some(from) = self.find(&link.node) else { continue };
                uses.push((from, name));
                match name {
                    "positive" => ahead.push((from, link.slot, POSITIVE)),
                    "negative" => ahead.push((from, link.slot, NEGATIVE)),
                    _ => {}
                }
            }
        }
        uses.sort_by_key(|(of, ..)| *of);
        self.uses = uses;
        while let Some((at, slot, side)) = ahead.pop() {
            if std::mem::replace(&mut self.sides[at][side], true) {
                continue;
            }
            let node = self.nodes[at].1;
            // Nodes that take both prompts give both, in the same order.
            let both = node.input("positive").and(node.input("negative")).is_some();
            let passed = if slot == 0 { "positive" } else { "negative" };
            for (name, value) in node.inputs() {
                if if both { name == passed } else { !NO_PROMPT.contains(&name) }
                    && let Some(link) = link(value)
                    && let Some(from) = self.find(&link.node)
                {
                    ahead.push((from, link.slot, side));
                }
            }
        }
    }
}

impl Graph<'_> {
    /// Marks the text encoders and what feeds them texts.
    fn encode(&mut self) {
        let mut ahead: Vec<usize> =
            (0..self.nodes.len()).filter(|at| is_encoder(self.nodes[*at].1)).collect();
        while let Some(at) = ahead.pop() {
            if std::mem::replace(&mut self.encoded[at], true) {
                continue;
            }
            let node = self.nodes[at].1;
            let feeding = node.inputs().filter(|(name, _)| !NO_PROMPT.contains(name));
            let feeding = feeding.filter_map(|(_, value)| self.find(&link(value)?.node));
            ahead.extend(feeding);
        }
    }
}

/// Whether a node turns words into what a sampler is guided by: by its class's name, or because it
/// takes words and a text encoder's model.
fn is_encoder(node: Node<'_>) -> bool {
    let class: String =
        node.class().chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_lowercase();
    let takes_clip = ["clip", "text_encoder", "t5"];
    class.contains("textencode")
        || class.contains("promptencode")
        || node.inputs().any(|(name, value)| takes_clip.contains(&name) && link(value).is_some())
            && node.inputs().any(|(name, _)| takes_words(name))
}

/// `2` before `10`, and `57:8` before `57:30`.
fn in_order(one: &str, other: &str) -> Ordering {
    let number = |part: &str| part.parse::<u64>().ok();
    let mut parts = other.split(':');
    for part in one.split(':') {
        let Some(against) = parts.next() else { return Ordering::Greater };
        let order = match (number(part), number(against)) {
            (Some(part), Some(against)) => part.cmp(&against),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (None, None) => part.cmp(against),
        };
        if order != Ordering::Equal {
            return order;
        }
    }
    if parts.next().is_some() { Ordering::Less } else { one.cmp(other) }
}
