//! The inputs, widgets and outputs of a group node, in the order in which the editor makes them
//! of the nodes in its definition.
//! Invariant: a widget's value on the group node is found by its place, a slot by its name first.

use crate::graph::class::{Classes, Form, Input};
use crate::graph::editor_only::{editor_only, group_name};
use crate::graph::widgets::{Filled, Outer, fill_group};
use crate::graph::{MAX_SLOTS, index::Index, raw};
use serde_json::{Map, Value};

/// A link between two nodes of the definition.
pub(super) struct Inner<'a> {
    pub(super) from: (usize, usize),
    pub(super) to: (usize, usize),
    pub(super) kind: &'a str,
}

/// A widget of the group node.
pub(super) struct Field<'a> {
    pub(super) name: String,
    pub(super) node: usize,
    pub(super) input: String,
    pub(super) is_primitive: bool,
    described: Option<&'a Input>,
    /// Values that are saved behind its own.
    spare: usize,
}

/// A slot of the group node.
pub(super) struct Port {
    name: String,
    pub(super) node: usize,
    pub(super) input: String,
}

#[derive(Default)]
pub(super) struct Outline<'a> {
    pub(super) nodes: Vec<&'a Value>,
    pub(super) links: Vec<Inner<'a>>,
    /// The node and the output of each output.
    pub(super) outputs: Vec<(usize, usize)>,
    fields: Vec<Field<'a>>,
    ports: Vec<Port>,
    /// The places of links that lead to each node.
    fed: Vec<Vec<usize>>,
    /// The places of links that come from each node.
    used: Vec<Vec<usize>>,
    external: &'a [Value],
    /// The places in `external` by node and output.
    externals: Index,
    config: Option<&'a Value>,
    /// How often each name was given, and once more.
    seen: Map<String, Value>,
}

/// Inputs that were turned from widgets into slots come last of all.
struct Late<'a> {
    node: usize,
    inputs: Vec<(usize, &'a Input)>,
}

impl<'a> Outline<'a> {
    /// Reads a definition; `None` where it is damaged. Classes that are not known are added to
    /// `missing`.
    pub(super) fn read(
        definition: &'a Value,
        classes: &'a Classes,
        missing: &mut Vec<String>,
    ) -> Option<Self> {
        let mut outline = Self {
            nodes: definition.get("nodes")?.as_array()?.iter().collect(),
            external: raw::list(definition, "external"),
            config: definition.get("config"),
            ..Self::default()
        };
        for (place, ext) in outline.external.iter().enumerate() {
            let [node, output] = [0, 1].map(|part| ext.get(part).and_then(Value::as_u64));
            if let Some((node, output)) = node.zip(output) {
                outline.externals.put(&format!("{node}:{output}"), place);
            }
        }
        outline.read_links(definition)?;
        let mut late = Vec::new();
        for (at, node) in outline.nodes.clone().into_iter().enumerate() {
            let kind = node.get("type")?.as_str()?;
            match classes.get(kind) {
                Some(class) => {
                    late.push(outline.class(at, &class.inputs));
                    outline.give(at, class.outputs.len());
                }
                None if kind == "PrimitiveNode" => outline.primitive(at),
                None if kind == "Reroute" => outline.reroute(at),
                None if group_name(kind).is_some() => return None,
                None if editor_only(kind).is_some() => {}
                None if is_bare(node) => outline.bare(at),
                None => missing.push(kind.to_owned()),
            }
        }
        for Late { node, inputs } in late {
            for (place, input) in inputs {
                if outline.is_fed(node, &input.name, place) {
                    continue;
                }
                let name = outline.name(node, &input.name);
                outline.ports.push(Port { name: name.clone(), node, input: input.name.clone() });
                outline.widget(name, node, input);
            }
        }
        Some(outline)
    }

    fn read_links(&mut self, definition: &'a Value) -> Option<()> {
        self.fed = vec![Vec::new(); self.nodes.len()];
        self.used = self.fed.clone();
        let links = match definition.get("links") {
            Some(links) => links.as_array()?.as_slice(),
            None => &[],
        };
        for link in links {
            let part = |at| link.get(at).filter(|part: &&Value| !part.is_null());
            let (Some(from), Some(output), Some(to), Some(input)) =
                (part(0), part(1), part(2), part(3))
            else {
                // From a node outside of the group.
                link.as_array()?;
                continue;
            };
            let place = |value| usize::try_from(raw::link_id(value)?).ok();
            let is_node = |place: &usize| *place < self.nodes.len();
            let from = (place(from).filter(is_node)?, place(output)?);
            let to = (place(to).filter(is_node)?, place(input)?);
            let kind = part(5).and_then(Value::as_str).unwrap_or("*");
            self.fed.get_mut(to.0)?.push(self.links.len());
            self.used.get_mut(from.0)?.push(self.links.len());
            self.links.push(Inner { from, to, kind });
        }
        let many = |list: &Vec<usize>| list.len() > MAX_SLOTS;
        let wide = |node: &&Value| raw::list(*node, "inputs").len() > MAX_SLOTS;
        (!self.fed.iter().any(many) && !self.nodes.iter().any(wide)).then_some(())
    }

    /// The widgets and slots of a node with a class.
    fn class(&mut self, node: usize, inputs: &'a [Input]) -> Late<'a> {
        let (mut slots, mut turned) = (Vec::new(), Vec::new());
        for input in inputs {
            let is_it = |slot: &Value| {
                let widget = slot.get("widget").map(|widget| raw::text(widget, "name"));
                raw::text(slot, "name") == input.name && widget == Some(input.name.as_str())
            };
            let turned_at = self.slots(node).iter().position(is_it);
            match (turned_at, &input.form) {
                (Some(place), _) => turned.push((place, input)),
                (None, Form::Widget(_)) => {
                    let name = self.name(node, &input.name);
                    self.widget(name, node, input);
                }
                (None, Form::Link | Form::AnyLink | Form::Group(_)) => slots.push(input),
            }
        }
        for (place, input) in slots.iter().enumerate() {
            if !self.is_fed(node, &input.name, place) {
                self.slot(node, &input.name);
            }
        }
        // The editor sorts the places as texts.
        turned.sort_by_key(|(place, _)| place.to_string());
        let first = slots.len();
        let inputs = turned.into_iter().zip(first..).map(|((_, input), place)| (place, input));
        Late { node, inputs: inputs.collect() }
    }

    /// The slots and outputs of a node without widgets whose class nobody described.
    fn bare(&mut self, node: usize) {
        for (place, slot) in self.slots(node).iter().enumerate() {
            let name = raw::text(slot, "name");
            if !self.is_fed(node, name, place) {
                self.slot(node, name);
            }
        }
        let outputs = self.nodes.get(node).map_or(0, |node| raw::list(*node, "outputs").len());
        self.give(node, outputs.min(MAX_SLOTS));
    }

    /// Adds a slot, unless its author hid it.
    fn slot(&mut self, node: usize, input: &str) {
        let name = self.name(node, input);
        let visible = self.custom(node, "input", input).and_then(|custom| custom.get("visible"));
        if visible != Some(&Value::Bool(false)) {
            self.ports.push(Port { name, node, input: input.to_owned() });
        }
    }

    fn widget(&mut self, name: String, node: usize, input: &'a Input) {
        let is_seed = |name: &str| matches!(name, "seed" | "noise_seed");
        let spare = match &input.form {
            Form::Widget(widget) if is_seed(&input.name) && widget.spare == 0 => {
                usize::from(!(widget.seed_by_name && is_seed(&name)))
            }
            Form::Widget(_) | Form::Link | Form::AnyLink | Form::Group(_) => 0,
        };
        let (described, input) = (Some(input), input.name.clone());
        let described = described.filter(|input| matches!(input.form, Form::Widget(_)));
        self.fields.push(Field { name, node, input, is_primitive: false, described, spare });
    }

    /// A primitive node has one widget, with what is to be done with it after a run behind it.
    fn primitive(&mut self, node: usize) {
        let Some(link) = self.first_from(node, 0) else { return };
        let spare = match link.kind {
            "INT" | "FLOAT" => 1,
            "COMBO" => 2,
            _ => 0,
        };
        let name = self.name(node, "value");
        let input = "value".to_owned();
        self.fields.push(Field { name, node, input, is_primitive: true, described: None, spare });
        self.give(node, 1);
    }

    /// A reroute between nodes of the group is no part of the group node.
    fn reroute(&mut self, node: usize) {
        let is_fed = self.fed.get(node).is_some_and(|links| !links.is_empty());
        let to = self.first_from(node, 0).map(|link| link.to);
        let external = self.external(node, 0);
        if is_fed && to.is_some() && external.is_none() {
            return;
        }
        let target = to.and_then(|(to, slot)| self.slots(to).get(slot));
        let kind = match target {
            Some(slot) => raw::socket(slot),
            None => {
                let kind = external.and_then(|external| external.get(2)?.as_str());
                kind.unwrap_or("*").to_owned()
            }
        };
        if !is_fed {
            self.reroute_slot(node, &kind);
        }
        self.give(node, 1);
    }

    /// The slot of a reroute is named by its type, and without a name on the node itself.
    fn reroute_slot(&mut self, node: usize, kind: &str) {
        let before = self.ports.len();
        self.slot(node, kind);
        let own = self.slots(node).first().map_or("", |slot| raw::text(slot, "name")).to_owned();
        if let Some(port) = self.ports.get_mut(before) {
            port.input = own;
        }
    }

    /// Adds those outputs of a node that are not used within the group alone.
    fn give(&mut self, node: usize, outputs: usize) {
        for output in 0..outputs {
            let is_used = self.first_from(node, output).is_some();
            let shown = self.custom(node, "output", &output.to_string());
            let shown = shown.and_then(|custom| custom.get("visible")?.as_bool());
            if shown.unwrap_or(!is_used || self.external(node, output).is_some()) {
                self.outputs.push((node, output));
            }
        }
    }

    fn slots(&self, node: usize) -> &'a [Value] {
        self.nodes.get(node).map_or(&[], |node| raw::list(*node, "inputs"))
    }

    /// Whether another node of the group feeds an input, which is found by its name, else by its
    /// place.
    fn is_fed(&self, node: usize, input: &str, place: usize) -> bool {
        let links = self.fed.get(node).into_iter().flatten();
        links.filter_map(|at| self.links.get(*at)).any(|link| {
            let slot = self.slots(node).get(link.to.1);
            slot.map_or(link.to.1 == place, |slot| raw::text(slot, "name") == input)
        })
    }

    fn first_from(&self, node: usize, output: usize) -> Option<&Inner<'a>> {
        let links = self.used.get(node)?.iter().filter_map(|at| self.links.get(*at));
        links.into_iter().find(|link| link.from.1 == output)
    }

    /// What is said of an output that is used outside of the group.
    fn external(&self, node: usize, output: usize) -> Option<&'a Value> {
        self.external.get(self.externals.get(&format!("{node}:{output}"))?)
    }

    /// What the author set for an input or output.
    fn custom(&self, node: usize, part: &str, name: &str) -> Option<&'a Value> {
        self.config?.get(node.to_string())?.get(part)?.get(name)
    }

    /// The name of an input on the group node: the author's, else its own, with the node's title
    /// in front where the name was given before.
    fn name(&mut self, node: usize, input: &str) -> String {
        let custom = self.custom(node, "input", input).and_then(|it| it.get("name")?.as_str());
        let slot = self.slots(node).iter().find(|slot| raw::text(slot, "name") == input);
        let label = slot.and_then(|slot| slot.get("label")?.as_str());
        let mut name = custom.or(label).unwrap_or(input).to_owned();
        let body = self.nodes.get(node).copied().unwrap_or(&Value::Null);
        let (kind, title) = (raw::text(body, "type"), body.get("title").and_then(Value::as_str));
        let titled = kind == "PrimitiveNode" && title.is_some_and(|title| !title.is_empty());
        let mut key = name.clone();
        if titled || self.seen.contains_key(&name) {
            let before = title.unwrap_or(kind);
            name = [before, " ", input].concat();
            key.clone_from(&name);
            if let Some(times) = self.seen.get(&name) {
                name = [before, " ", &times.to_string(), " ", input].concat();
            }
        }
        let times = self.seen.get(&key).and_then(Value::as_u64).unwrap_or(1);
        self.seen.insert(key, (times + 1).into());
        name
    }

    /// The widgets of the group node with the values saved on it, and the values that are left.
    pub(super) fn filled<'v>(&self, body: &'v Value) -> (Vec<(usize, Filled)>, Vec<&'v Value>) {
        let one = |field: &Field<'a>| Outer {
            name: field.name.clone(),
            input: field.described,
            spare: field.spare,
        };
        fill_group(self.fields.iter().map(one), body)
    }

    /// Returns a widget by its place.
    pub(super) fn field(&self, at: usize) -> Option<&Field<'a>> {
        self.fields.get(at)
    }

    /// Finds a slot by its name, else by its place; a widget may have become a slot.
    pub(super) fn port(&self, name: Option<&str>, at: usize) -> Option<Port> {
        let port = |name: &str, node, input: &str| Port {
            name: name.to_owned(),
            node,
            input: input.to_owned(),
        };
        let named = name.and_then(|name| {
            let slot = self.ports.iter().find(|port| port.name == name);
            let widget = || self.fields.iter().find(|field| field.name == name);
            slot.map(|it| port(name, it.node, &it.input))
                .or_else(|| widget().map(|it| port(name, it.node, &it.input)))
        });
        named.or_else(|| self.ports.get(at).map(|it| port(&it.name, it.node, &it.input)))
    }
}

/// Whether no values are saved of a node.
fn is_bare(node: &Value) -> bool {
    match node.get("widgets_values") {
        None | Some(Value::Null) => true,
        Some(Value::Array(values)) => values.is_empty(),
        Some(Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Object(_)) => false,
    }
}
