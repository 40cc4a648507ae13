//! Where what an input is linked to really comes from: through reroutes, bypassed nodes and the
//! edges of subgraphs.
//! Invariant: nothing here calls itself, and the steps of a whole conversion are counted, so that
//! neither a loop nor a labyrinth of links can hold the page.

use super::file::{File, Graph, INPUTS, Mode, Node, Role};
use super::promote::Promoted;
use super::{GraphRefusal, fits};
use crate::workflow::MAX_NODES;
use serde_json::Value;

/// Subgraphs within subgraphs; people stop at four.
const MAX_LEVELS: usize = 32;
/// A workflow of 1,000 nodes takes some 10,000.
const MAX_STEPS: usize = 1_000_000;

/// The workflow, or one instance of a subgraph.
pub(super) struct Level<'a> {
    pub(super) graph: usize,
    /// The level that the instance stands on, and its place there.
    pub(super) above: Option<(usize, usize)>,
    /// What stands before the ids of its nodes: empty, or `8:7:`.
    pub(super) path: String,
    pub(super) promoted: Promoted<'a>,
    /// The levels of the instances on this one, by their places.
    below: Vec<(usize, usize)>,
}

pub(super) enum Source<'a> {
    /// The output of a node that runs.
    Output {
        level: usize,
        node: usize,
        slot: u64,
    },
    /// What is typed on an instance of a subgraph.
    Typed(&'a Value),
    Nothing,
}

pub(super) struct Tracer<'f, 'a> {
    pub(super) file: &'f File<'a>,
    pub(super) levels: Vec<Level<'f>>,
    steps: usize,
}

/// Where a trace stands.
enum At {
    Input {
        level: usize,
        node: usize,
        slot: usize,
    },
    Output {
        level: usize,
        node: usize,
        slot: u64,
    },
    /// An input of an instance, seen from within.
    Edge {
        level: usize,
        node: usize,
        slot: usize,
    },
}

impl<'f, 'a> Tracer<'f, 'a> {
    /// Opens every instance that runs.
    pub(super) fn new(file: &'f File<'a>) -> Result<Self, GraphRefusal> {
        let mut tracer = Self { file, levels: Vec::new(), steps: 0 };
        let mut count = 0;
        tracer.open(0, None, String::new());
        let mut next = 0;
        while next < tracer.levels.len() {
            let graph = tracer.graph(next);
            count += graph.nodes.len();
            if count > MAX_NODES {
                return Err(GraphRefusal::TooManyNodes { limit: MAX_NODES });
            }
            for (place, node) in graph.nodes.iter().enumerate() {
                let Role::Instance(inner) = node.role else { continue };
                // One within a subgraph is opened whatever its mode: so does the editor.
                if next == 0 && node.mode != Mode::Runs {
                    continue;
                }
                tracer.not_in_itself(next, inner)?;
                let path = [&tracer.levels[next].path, node.id.as_str(), ":"].concat();
                let level = tracer.open(inner, Some((next, place)), path);
                tracer.levels[next].below.push((place, level));
            }
            next += 1;
        }
        Ok(tracer)
    }

    fn open(&mut self, graph: usize, above: Option<(usize, usize)>, path: String) -> usize {
        let promoted = Promoted::default();
        self.levels.push(Level { graph, above, path, promoted, below: Vec::new() });
        self.levels.len() - 1
    }

    fn not_in_itself(&self, level: usize, inner: usize) -> Result<(), GraphRefusal> {
        let name =
            || self.file.graphs.get(inner).map(|graph| graph.name.to_owned()).unwrap_or_default();
        let (mut at, mut depth) = (Some(level), 0);
        while let Some(level) = at.and_then(|at| self.levels.get(at)) {
            if level.graph == inner {
                return Err(GraphRefusal::SubgraphInItself { name: name() });
            }
            at = level.above.map(|(above, _)| above);
            depth += 1;
        }
        if depth > MAX_LEVELS {
            return Err(GraphRefusal::TooDeep);
        }
        Ok(())
    }

    pub(super) fn graph(&self, level: usize) -> &'f Graph<'a> {
        // Levels are only opened for graphs of the file, whose first is always there.
        let graph = self.levels.get(level).map_or(0, |level| level.graph);
        &self.file.graphs[graph]
    }

    /// The node above that a level is an instance of.
    pub(super) fn instance(&self, level: usize) -> Option<(usize, usize, &'f Node<'a>)> {
        let (above, place) = self.levels.get(level)?.above?;
        Some((above, place, self.graph(above).nodes.get(place)?))
    }

    /// What feeds an input.
    pub(super) fn source(
        &mut self,
        level: usize,
        node: usize,
        slot: usize,
    ) -> Result<Source<'f>, GraphRefusal> {
        let start = (level, node, slot);
        let mut at = At::Input { level, node, slot };
        let mut kind = String::new();
        // As many steps as there are nodes, twice, with room for the edges of subgraphs.
        let mut left = MAX_NODES * 4;
        loop {
            self.steps += 1;
            left -= 1;
            if self.steps > MAX_STEPS {
                return Err(GraphRefusal::TooTangled);
            }
            if left == 0 {
                return Err(self.about(start, |node, input| GraphRefusal::Loop { node, input }));
            }
            let next = match at {
                At::Input { level, node, slot } => {
                    let Some(slot) =
                        self.graph(level).nodes.get(node).and_then(|node| node.slots.get(slot))
                    else {
                        return Ok(Source::Nothing);
                    };
                    if kind.is_empty() {
                        kind.clone_from(&slot.kind);
                    }
                    let Some(link) = slot.link.and_then(|id| self.graph(level).link(id)) else {
                        return Ok(Source::Nothing);
                    };
                    let Some((from, slot)) = &link.from else {
                        return Err(self.about(start, |node, input| GraphRefusal::LinkToNothing {
                            node,
                            input,
                        }));
                    };
                    self.behind(level, from, *slot)
                }
                At::Edge { .. } => None,
                At::Output { level, node, slot } => {
                    let Some(body) = self.graph(level).nodes.get(node) else {
                        return Ok(Source::Nothing);
                    };
                    match self.through(level, node, body, slot, &mut kind) {
                        Ok(next) => next,
                        Err(source) => return Ok(source),
                    }
                }
            };
            at = match next {
                Some(At::Edge { level, node, slot }) => {
                    // Outside of a subgraph it is the instance's type that counts.
                    kind.clear();
                    let input =
                        self.graph(level).nodes.get(node).and_then(|node| node.slots.get(slot));
                    if input.is_some_and(|input| input.link.is_none()) {
                        let below =
                            self.below(level, node).and_then(|below| self.levels.get(below));
                        let typed = below.and_then(|below| below.promoted.value(slot));
                        return Ok(typed.map_or(Source::Nothing, Source::Typed));
                    }
                    At::Input { level, node, slot }
                }
                Some(next) => next,
                None => {
                    return Err(self
                        .about(start, |node, input| GraphRefusal::LinkToNothing { node, input }));
                }
            };
        }
    }

    /// Where a link begins: at a node, or outside of the subgraph. `None`: nowhere.
    fn behind(&self, level: usize, from: &str, slot: u64) -> Option<At> {
        if let Some(node) = self.graph(level).place(from) {
            return Some(At::Output { level, node, slot });
        }
        let (above, node, _) = self.instance(level).filter(|_| from == INPUTS)?;
        Some(At::Edge { level: above, node, slot: usize::try_from(slot).ok()? })
    }

    /// What an output leads back to, or the end of the trace.
    fn through(
        &self,
        level: usize,
        node: usize,
        body: &Node,
        slot: u64,
        kind: &mut String,
    ) -> Result<Option<At>, Source<'f>> {
        let index = usize::try_from(slot).unwrap_or(usize::MAX);
        let input = |slot| Ok(Some(At::Input { level, node, slot }));
        match body.mode {
            Mode::Muted => return Err(Source::Nothing),
            Mode::Bypassed => {
                let Some(matching) = bypass(body, index, kind) else {
                    return Err(Source::Nothing);
                };
                // From here on it is the type of that input which counts.
                kind.clear();
                return input(matching);
            }
            Mode::Runs => {}
        }
        match &body.role {
            Role::Class { .. } => Err(Source::Output { level, node, slot }),
            Role::Reroute | Role::Set(_) if index < body.slots.len() => input(index),
            Role::Reroute | Role::Set(_) | Role::Note | Role::Primitive => Err(Source::Nothing),
            Role::Get(name) => {
                let setter = self.graph(level).setter(name).ok_or(Source::Nothing)?;
                Ok(Some(At::Input { level, node: setter, slot: index }))
            }
            Role::Instance(_) => {
                let Some(below) = self.below(level, node) else {
                    return Err(Source::Nothing);
                };
                let Some(link) = self.graph(below).feeding(index) else {
                    return Err(Source::Nothing);
                };
                let Some((from, slot)) = &link.from else {
                    return Ok(None);
                };
                Ok(self.behind(below, from, *slot))
            }
        }
    }

    fn below(&self, level: usize, node: usize) -> Option<usize> {
        let below = &self.levels.get(level)?.below;
        let at = below.binary_search_by_key(&node, |(place, _)| *place).ok()?;
        below.get(at).map(|(_, level)| *level)
    }

    fn about(
        &self,
        (level, node, slot): (usize, usize, usize),
        refusal: impl Fn(String, String) -> GraphRefusal,
    ) -> GraphRefusal {
        let path = self.levels.get(level).map_or("", |level| level.path.as_str());
        let body = self.graph(level).nodes.get(node);
        let id = body.map_or("", |body| body.id.as_str());
        let input = body.and_then(|body| body.slots.get(slot));
        refusal([path, id].concat(), input.map(|slot| slot.name.clone()).unwrap_or_default())
    }
}

/// The input that stands in for an output of a bypassed node: the one beside it if its type fits,
/// else the first of exactly the wanted type, else the first that fits.
fn bypass(body: &Node, slot: usize, wanted: &str) -> Option<usize> {
    if wanted == "*" {
        let beside = if slot < body.slots.len() { slot } else { 0 };
        return (!body.slots.is_empty()).then_some(beside);
    }
    let given = body.outputs.get(slot).map_or(wanted, String::as_str);
    let good = |kind: &str| fits(kind, given) && fits(kind, wanted);
    if body.slots.get(slot).is_some_and(|slot| good(&slot.kind)) {
        return Some(slot);
    }
    let exact = body.slots.iter().position(|slot| slot.kind == wanted);
    exact.or_else(|| body.slots.iter().position(|slot| good(&slot.kind)))
}
