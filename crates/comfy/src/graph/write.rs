//! The prompt: every node that runs, with what its widgets hold and what feeds its inputs.
//! Invariant: what a link gives wins over what a widget holds, and the whole stays within its
//! limit however often a subgraph is used.

use super::class::Class;
use super::file::{File, Mode, Node, Role, weight};
use super::index::Index;
use super::origin::{How, Written};
use super::pack;
use super::places::{self, Places};
use super::promote::Promoter;
use super::sent::{Way, wrapped};
use super::titles;
use super::trace::{Source, Tracer};
use super::widgets::Filled;
use super::words::{self, Draw};
use super::{GraphRefusal, MAX_PROMPT_BYTES, Moment};
use crate::json;
use crate::workflow::FieldKey;
use serde_json::{Map, Value};

/// Whose `filename_prefix` may name dates and widgets.
const SAVERS: [&str; 20] = [
    "SaveImage",
    "SaveImageAdvanced",
    "SaveSVGNode",
    "SaveVideo",
    "SaveAnimatedWEBP",
    "SaveWEBM",
    "SaveAudio",
    "SaveAudioMP3",
    "SaveAudioOpus",
    "SaveAudioAdvanced",
    "SaveGLB",
    "Save3DAdvanced",
    "SaveGaussianSplat",
    "SavePointCloud",
    "SaveAnimatedPNG",
    "CLIPSave",
    "VAESave",
    "ModelSave",
    "LoraSave",
    "SaveLatent",
];
/// How often the nodes are searched for a name in a prefix.
const MAX_SEARCHES: usize = 500;
/// Longer values are no part of a file's name anywhere.
const MAX_NAME_BYTES: usize = 4096;

struct Writer<'f, 'a> {
    file: &'f File<'a>,
    tracer: Tracer<'f, 'a>,
    moment: &'f Moment,
    draw: Draw,
    /// Bytes that may still be written.
    room: usize,
    searches: usize,
    missing: Index,
    /// Where the values came from.
    origins: Vec<(FieldKey, Written)>,
}

/// The prompt, and where its values stand in `root`, the file that was read.
pub(super) fn write(
    file: &File,
    root: &Value,
    moment: &Moment,
) -> Result<(Value, Places), GraphRefusal> {
    let mut tracer = Tracer::new(file)?;
    let mut promoter = Promoter::new(file);
    for at in 0..tracer.levels.len() {
        if let Some((above, place)) = tracer.levels[at].above {
            let level = &tracer.levels[above];
            let promoted = promoter.level(level.graph, place, &level.promoted);
            tracer.levels[at].promoted = promoted;
        }
    }
    let mut writer = Writer {
        file,
        tracer,
        moment,
        draw: Draw(moment.draw),
        room: MAX_PROMPT_BYTES,
        searches: MAX_SEARCHES,
        missing: Index::default(),
        origins: Vec::new(),
    };
    let mut prompt = Map::new();
    for level in 0..writer.tracer.levels.len() {
        let graph = writer.tracer.graph(level);
        for (place, node) in graph.nodes.iter().enumerate() {
            let Role::Class { name, class, known } = node.role else { continue };
            if node.mode != Mode::Runs {
                continue;
            }
            if !known {
                writer.missing.put(name, place);
                continue;
            }
            let id = [&writer.tracer.levels[level].path, node.id.as_str()].concat();
            let body = writer.node((level, place, &id), node, name, class)?;
            writer.spend(id.len() + name.len())?;
            prompt.insert(id, body);
        }
    }
    let classes: Vec<String> = writer.missing.names().cloned().collect();
    if !classes.is_empty() {
        return Err(GraphRefusal::MissingClasses { classes });
    }
    let places = places::find(root, file, writer.origins);
    Ok((Value::Object(prompt), places))
}

impl<'f> Writer<'f, '_> {
    fn node(
        &mut self,
        (level, place, id): (usize, usize, &str),
        node: &'f Node,
        name: &str,
        class: Option<&Class>,
    ) -> Result<Value, GraphRefusal> {
        let mut inputs = Map::new();
        let key = |input: &str| FieldKey::new(id, input);
        for widget in &node.widgets {
            let shown = self.tracer.levels[level].promoted.shown(place, &widget.name);
            let how = how(widget, name);
            let (sent, written) = match (shown, self.written(level, node, widget)) {
                (Some(Some(typed)), _) => {
                    (Some(wrapped(typed.clone(), Way::AsIs)), Written::typed(typed))
                }
                (None, Some((value, written))) => {
                    let sent = self.sent(node, name, widget, &widget.held(value))?;
                    (sent, written.and(how))
                }
                (Some(None), _) => {
                    let value = widget.value.clone().map(|value| wrapped(value, Way::AsIs));
                    (value, Written::new(widget.origin, How::Plain))
                }
                (None, None) => {
                    let written = Written::new(widget.origin, how);
                    match &widget.value {
                        Some(value) => (self.sent(node, name, widget, value)?, written),
                        None => (None, written),
                    }
                }
            };
            if let Some(value) = sent {
                self.spend(widget.name.len() + weight(&value))?;
                self.origins.push((key(&widget.name), written));
                inputs.insert(widget.name.clone(), value);
            }
        }
        for (at, slot) in node.slots.iter().enumerate() {
            // What is shown on the instance is no longer fed from within.
            let promoted = &self.tracer.levels[level].promoted;
            let shown = slot.widget.as_ref().and_then(|widget| promoted.shown(place, widget));
            if slot.link.is_none() || shown.is_some() {
                continue;
            }
            let mut written = Written::default();
            let value = match self.tracer.source(level, place, at)? {
                Source::Nothing => continue,
                Source::Typed(value) => {
                    written = Written::typed(value);
                    wrapped(value.clone(), Way::AsIs)
                }
                Source::Output { level, node, slot } => {
                    let path = self.tracer.levels[level].path.as_str();
                    let id = &self.tracer.graph(level).nodes[node].id;
                    Value::Array(vec![Value::String([path, id].concat()), slot.into()])
                }
            };
            self.spend(slot.name.len() + weight(&value))?;
            self.origins.push((key(&slot.name), written));
            inputs.insert(slot.name.clone(), value);
        }
        index(&node.widgets, &mut inputs);
        let title = match class {
            Some(class) if node.title.is_empty() => class.title.as_str(),
            None if node.title.is_empty() => titles::title(name).unwrap_or(name),
            Some(_) | None => node.title,
        };
        let mut meta = vec![("title", Value::String(title.to_owned()))];
        let property = |key| node.properties.and_then(|all| all.get(key)).and_then(Value::as_str);
        let pack = property("cnr_id").filter(|id| pack::is_id(id)).map(str::to_owned);
        let aux = property("aux_id").filter(|id| pack::is_repository(id)).map(str::to_owned);
        let version = property("ver").and_then(pack::version).map(str::to_owned);
        for (key, value) in [("cnr_id", pack), ("aux_id", aux), ("ver", version)] {
            meta.extend(value.map(|value| (key, Value::String(value))));
        }
        let meta = json::object(meta);
        self.spend(weight(&meta))?;
        Ok(json::object(vec![
            ("inputs", Value::Object(inputs)),
            ("class_type", Value::String(name.to_owned())),
            ("_meta", meta),
        ]))
    }

    /// What a primitive node writes into a widget.
    fn written(&mut self, level: usize, node: &Node, widget: &Filled) -> Option<(Value, Written)> {
        let graph = self.tracer.graph(level);
        let slot = node.slots.iter().find(|slot| slot.widget.as_ref() == Some(&widget.name))?;
        let (from, _) = graph.link(slot.link?)?.from.as_ref()?;
        let place = graph.place(from)?;
        let primitive =
            graph.nodes.get(place).filter(|node| matches!(node.role, Role::Primitive))?;
        if let Some(Some(typed)) = self.tracer.levels[level].promoted.shown(place, "value") {
            return Some((typed.clone(), Written::typed(typed)));
        }
        let value = primitive.values.and_then(|values| values.get(0))?;
        let replace = primitive.properties.and_then(|all| all.get("Run widget replace on values"));
        let text = value.as_str().filter(|_| replace == Some(&Value::Bool(true)));
        let written = Written::typed(value);
        Some(match text {
            Some(text) => (Value::String(self.replaced(text)), written.and(How::Named)),
            None => match primitive.bounds {
                Some(bounds) => (bounds.apply(value.clone()), written.within(bounds)),
                None => (value.clone(), written),
            },
        })
    }

    fn sent(
        &mut self,
        node: &Node,
        class: &str,
        widget: &Filled,
        value: &Value,
    ) -> Result<Option<Value>, GraphRefusal> {
        let value = match (value, widget.way) {
            (Value::String(text), Way::DynamicText) => {
                let text = words::dynamic(text, &mut self.draw);
                let refusal = || GraphRefusal::TooManyBraces { node: node.id.clone() };
                Value::String(text.ok_or_else(refusal)?)
            }
            (Value::String(text), Way::AsIs)
                if widget.name == "filename_prefix" && SAVERS.contains(&class) =>
            {
                Value::String(self.replaced(text))
            }
            (_, Way::Index) => return Ok(None),
            (_, Way::AsIs | Way::DynamicText | Way::Curve) => value.clone(),
        };
        Ok(Some(wrapped(value, widget.way)))
    }

    fn replaced(&mut self, text: &str) -> String {
        let left = std::cell::Cell::new(self.searches);
        let replaced = words::replaced(text, self.moment, |name, widget| {
            left.set(left.get().checked_sub(1)?);
            let nodes = || self.file.graphs.iter().flat_map(|graph| &graph.nodes);
            let called = |node: &&Node| {
                let property = node.properties.and_then(|all| all.get("Node name for S&R"));
                property.and_then(Value::as_str) == Some(name)
            };
            let node = nodes().find(called).or_else(|| nodes().find(|node| node.label() == name));
            node?.widget(widget)?.value.as_ref().filter(|value| weight(value) <= MAX_NAME_BYTES)
        });
        self.searches = left.get();
        replaced
    }

    fn spend(&mut self, bytes: usize) -> Result<(), GraphRefusal> {
        self.room = self.room.checked_sub(bytes).ok_or(GraphRefusal::TooMuch)?;
        Ok(())
    }
}

/// What `sent` does to the value of a widget.
fn how(widget: &Filled, class: &str) -> How {
    match widget.way {
        Way::DynamicText => How::Dynamic,
        Way::Curve => How::Curve,
        Way::AsIs if widget.name == "filename_prefix" && SAVERS.contains(&class) => How::Named,
        Way::AsIs | Way::Index => How::Plain,
    }
}

/// Where the choice of a choice that its user makes stands among its options, from 0; −1: nowhere.
fn index(widgets: &[Filled], inputs: &mut Map<String, Value>) {
    let Some(at) = widgets.iter().position(|widget| widget.way == Way::Index) else {
        return;
    };
    let choice = inputs.get("choice").filter(|choice| !choice.is_array());
    let chosen = choice.or(widgets.first().and_then(|widget| widget.value.as_ref()));
    let options = widgets.get(at + 1..).unwrap_or_default();
    let place = options.iter().position(|option| option.value.as_ref() == chosen);
    let place = place.and_then(|place| i64::try_from(place).ok()).unwrap_or(-1);
    inputs.insert("index".to_owned(), place.into());
}
