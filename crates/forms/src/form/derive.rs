//! A form for any workflow: the author's own if there is one, else what was selected for the
//! editor's app mode, else what people set most in front and the rest folded away by node.
//! Invariant: a form has a bounded number of fields, no two of them with the same label, and its
//! id depends on nothing but the workflow.

mod fingerprint;
mod front;
mod graph;
mod names;
mod pick;
mod rows;
mod texts;
mod titles;

use super::labels::input_label;
use super::unfit::Unfit;
use super::widget::last;
use super::{AppMode, Field, FieldKey, Form, Widget, input};
use fingerprint::fingerprint;
pub use front::MAX_FRONT;
use front::put_in_front;
use graph::Graph;
use names::{MAX_NAME_CHARS, node_names, node_title, tell_apart, title};
use pick::{Pick, Rank, sorted};
use pilotlight_comfy::language::{Label, Language};
use pilotlight_comfy::schema::{Class, Input, Kind, Known};
use pilotlight_comfy::seed::is_seed;
use pilotlight_comfy::workflow::{Node, Workflow, link};
use serde_json::Value;
use std::borrow::Cow;

/// More fields make a page slow and help nobody; a form editor can choose among all inputs.
pub const MAX_FIELDS: usize = 150;
const MAX_HINT_CHARS: usize = 300;

/// What a form is made of.
#[derive(Clone, Debug)]
pub struct Given<'a> {
    /// The workflow that a form is wanted for.
    pub workflow: Workflow,
    /// The classes that are known, of any number and in any order.
    pub classes: &'a [Class],
    /// A form that an author made for this workflow; it comes first.
    pub author: Option<&'a Form>,
    /// Comes second.
    pub app: Option<&'a AppMode>,
    /// The name of the file, or what the workflow calls itself; may be empty.
    pub name: &'a str,
}

/// A form for any workflow, in some milliseconds for a thousand nodes. Inputs of classes that are
/// not known go by their names and values.
pub fn derive(given: Given<'_>) -> Form {
    let Given { workflow, classes, author, app, name } = given;
    let known = Known::of(classes);
    if let Some(author) = author {
        let renewed = author.fields.iter().filter_map(|field| field.renewed(&workflow, &known));
        let fields = renewed.collect();
        let (id, title) = (author.id.clone(), author.title.clone());
        return Form { id, title, fields, outputs: author.outputs.clone(), workflow };
    }
    let graph = Graph::of(&workflow);
    let selected = app.map(|app| app.inputs(&workflow)).unwrap_or_default();
    let mut picks = picks(&graph, &known);
    let titled = graph.titled();
    if !selected.is_empty() {
        for pick in &mut picks {
            pick.front = selected.iter().position(|(key, _)| graph.is(pick, key));
        }
    } else if titled.iter().any(|(_, titled)| titled.front) {
        for pick in &mut picks {
            let place = titled.iter().position(|(node, it)| *node == pick.node && it.front);
            pick.front = place;
        }
    } else {
        put_in_front(&mut picks);
    }
    // The front in its order, then the others node by node; of too many the rarest are left out.
    picks = sorted(&picks, true, true);
    picks.truncate(MAX_FIELDS);
    picks = sorted(&picks, true, false);
    let names = node_names(&graph, &picks);
    let mut fields = Vec::with_capacity(picks.len());
    for (pick, name) in picks.iter().zip(&names) {
        fields.extend(graph.field(pick, name, &known));
    }
    for (field, pick) in fields.iter_mut().zip(&picks) {
        let titled = titled.iter().find(|(node, _)| *node == pick.node).map(|(_, titled)| titled);
        let alone = picks.iter().filter(|other| other.node == pick.node).count() == 1;
        if let Some(titled) = titled {
            field.title(titled, alone);
        }
        if let Some(label) = app.and_then(|app| app.name(&field.key)) {
            // The usual name is there in every language.
            let [said, usual] = [label, &field.label].map(|it| it.get(Language::English));
            if !said.eq_ignore_ascii_case(usual) {
                field.label = label.clone();
            }
        }
        let hint = selected.iter().find_map(|(key, hint)| hint.filter(|_| *key == field.key));
        if let Some(hint) = hint {
            field.hint = Some(hint.clone());
        }
    }
    tell_apart(&mut fields, &names);
    let outputs = app.map(|app| app.outputs(&workflow)).unwrap_or_default();
    Form { id: fingerprint(&graph), title: title(name), fields, outputs, workflow }
}

/// An input that can be a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// The input.
    pub key: FieldKey,
    /// What a field of it would be called.
    pub label: Label,
    /// The title of its node.
    pub title: String,
}

/// Every input that can be a field, in the order of the nodes.
pub fn candidates(flow: &Workflow, classes: &[Class]) -> Vec<Candidate> {
    let graph = Graph::of(flow);
    let picks = picks(&graph, &Known::of(classes));
    let one = |pick: &Pick<'_>| {
        let (id, node) = &graph.nodes[pick.node];
        let key = FieldKey { node: id.clone(), input: pick.input.clone().into_owned() };
        Candidate { key, label: graph.label(pick), title: node_title(*node, pick.class) }
    };
    picks.iter().map(one).collect()
}

/// A field for one input, as it would stand in a derived form.
pub(super) fn field(flow: &Workflow, key: &FieldKey, classes: &[Class]) -> Result<Field, Unfit> {
    let value = flow.input(key).ok_or(Unfit::NoSuchInput)?;
    if link(value).is_some() {
        return Err(Unfit::Linked);
    }
    let (graph, known) = (Graph::of(flow), Known::of(classes));
    let at = graph.find(&key.node).ok_or(Unfit::NoSuchInput)?;
    let (_, node) = &graph.nodes[at];
    let pick = match node.inputs().find(|(name, _)| *name == key.input) {
        Some(found) => graph.pick(at, found, &known, 0),
        None => graph
            .rows(at, &known)
            .into_iter()
            .find(|pick| pick.input == key.input.as_str())
            .ok_or(Unfit::NoSuchInput)?,
    };
    graph.field(&pick, &node_title(*node, pick.class), &known).ok_or(Unfit::NoSuchInput)
}

/// The name of a file at the server, which is used unless another is chosen.
fn kept(value: &Value) -> Option<Label> {
    value.as_str().filter(|name| !name.is_empty()).map(Label::plain)
}

/// The inputs of samplers and loaders that people know, in the order they are used to.
const COMMON: [&str; 12] = [
    "steps",
    "cfg",
    "guidance",
    "cfg_weight",
    "sampler_name",
    "scheduler",
    "denoise",
    "ckpt_name",
    "unet_name",
    "lora_name",
    "strength_model",
    "strength",
];

/// What says in words what to make.
const PROMPTS: [&str; 11] = [
    "clip_l",
    "instruction",
    "positive",
    "positive_prompt",
    "prompt",
    "question",
    "string",
    "t5xxl",
    "text",
    "text_g",
    "text_l",
];

fn picks<'a>(graph: &Graph<'a>, known: &Known<'a>) -> Vec<Pick<'a>> {
    let mut picks = Vec::new();
    for (at, (_, node)) in graph.nodes.iter().enumerate() {
        let class = known.get(node.class());
        // Former results that a node shows; the editor keeps them as texts.
        if class.is_none() && texts::only_shows(node.class()) {
            continue;
        }
        for (place, (name, value)) in node.inputs().enumerate() {
            let skip = matches!(name, "upload" | "control_after_generate") || rows::is_frame(name);
            if link(value).is_some() || skip || input::is_row(value) {
                continue;
            }
            let mut pick = graph.pick(at, (name, value), known, COMMON.len() + place);
            let described = pick.described;
            // A server passes over an input that its class does not name; parts of inputs that
            // grow are named by the whole.
            let unknown = class.is_some() && described.is_none() && name.split_once('.').is_none();
            if unknown || described.is_some_and(|input| input.hidden) {
                continue;
            }
            let own = |class: &Class| class.inputs.iter().position(|input| input.name == name);
            if let Some(own) = class.and_then(own) {
                pick.place = own;
            } else if let Some(usual) = COMMON.iter().position(|common| *common == name) {
                pick.place = usual;
            }
            picks.push(pick);
        }
        picks.append(&mut graph.rows(at, known));
    }
    picks
}

impl<'a> Graph<'a> {
    fn is(&self, pick: &Pick<'a>, key: &FieldKey) -> bool {
        pick.input == key.input.as_str() && self.nodes[pick.node].0 == key.node
    }

    fn pick(
        &self,
        at: usize,
        (input, value): (&'a str, &Value),
        known: &Known<'a>,
        place: usize,
    ) -> Pick<'a> {
        let node = self.nodes[at].1;
        let class = known.get(node.class());
        let described = class.and_then(|class| class.input_of(input, node));
        let mut role = last(input);
        if role == "value" || node.class().starts_with("Primitive") {
            role = self.used_as(at).map_or(role, last);
        }
        let rank = self.rank(at, (input, value), role, described);
        let kind = described.map(|input| &input.kind);
        let is_choice = matches!(kind, Some(Kind::Choice { options }) if !options.is_empty());
        let settable = matches!(rank, Rank::Common | Rank::Usual)
            && (is_choice || value.is_number() || value.is_boolean());
        let leads = self.leads(at, value, rank);
        let input = Cow::Borrowed(input);
        Pick { node: at, input, class, described, role, rank, place, leads, settable, front: None }
    }

    /// Whether an input has words for a prompt, or is a seed of a node that makes some. What a
    /// sampler makes may become part of the prompt of another.
    fn leads(&self, at: usize, value: &Value, rank: Rank) -> bool {
        let node = self.nodes[at].1;
        let is_blank = value.as_str().is_some_and(|text| text.trim().is_empty());
        let samples = ["model", "positive", "latent_image"];
        let samples = rank == Rank::Seed && samples.iter().any(|name| node.input(name).is_some());
        !is_blank && !samples && (self.is_encoded(at) || self.is_positive(at))
    }

    fn rank(
        &self,
        at: usize,
        (input, value): (&str, &Value),
        role: &str,
        described: Option<&Input>,
    ) -> Rank {
        let node = self.nodes[at].1;
        let rare = described.is_some_and(|input| input.advanced);
        let usual = || match (rare, COMMON.contains(&role)) {
            (true, _) => Rank::Rare,
            (false, true) => Rank::Common,
            (false, false) => Rank::Usual,
        };
        let kind = described.map(|input| &input.kind);
        // Long lists are not copied to look at them.
        if matches!(kind, Some(Kind::Choice { options }) if !options.is_empty()) {
            return usual();
        }
        match Widget::of(input, value, node, kind) {
            Widget::Picture | Widget::Video | Widget::Sound => Rank::File,
            Widget::ReadOnly(_) => Rank::OnlyShown,
            _ if rare || role == "system_prompt" => Rank::Rare,
            Widget::LongText => self.rank_of_text(at, (input, value), role),
            Widget::Text
                if PROMPTS.contains(&role) && role != "string"
                    || self.is_for_encoder(at, (input, value)) =>
            {
                self.rank_of_text(at, (input, value), role)
            }
            Widget::Seed { .. } => Rank::Seed,
            Widget::Int { .. } | Widget::Float { .. } => match role {
                "width" if makes_pictures(node) => Rank::Width,
                "height" if makes_pictures(node) => Rank::Height,
                "length" | "duration" | "seconds" => Rank::Length,
                "batch_size" | "num_images" => Rank::Count,
                _ if is_seed(role, false) => Rank::Seed,
                _ => usual(),
            },
            Widget::Text | Widget::Switch | Widget::Choice { .. } => usual(),
        }
    }

    /// Whether the text of an input comes to a text encoder: by the name of the input, or because it
    /// is words where no input of its node is named so.
    fn is_for_encoder(&self, at: usize, (input, value): (&str, &Value)) -> bool {
        let is_words = || value.as_str().is_some_and(texts::is_words);
        let none_named = || self.nodes[at].1.inputs().all(|(name, _)| !texts::takes_words(name));
        self.is_encoded(at)
            && (texts::takes_words(input)
                || !texts::is_setting(input) && is_words() && none_named())
    }

    fn rank_of_text(&self, at: usize, (input, value): (&str, &Value), role: &str) -> Rank {
        let text = value.as_str().unwrap_or_default();
        let is_encoded = self.is_for_encoder(at, (input, value));
        let is_prompt = PROMPTS.contains(&role);
        // What a node made of the words of its first text.
        let is_made = input == "populated_text";
        let is_setting = texts::is_setting(role);
        // What a node may add to the words that it is fed.
        let is_extra = text.trim().is_empty() && role.contains("wildcard");
        let is_code = texts::is_code(text) && !(is_encoded && is_prompt && role != "string");
        if texts::is_name(text)
            || is_made
            || is_extra
            || is_code
            || texts::is_numbers(text) && (!is_prompt || role == "string")
        {
            Rank::Usual
        } else if !is_setting && (self.is_negative(at) || role.ends_with("_negative"))
            || role.starts_with("negative")
        {
            Rank::Negative
        } else if is_setting || self.is_for_setting(at) {
            Rank::Usual
        } else if is_encoded || is_prompt && !self.is_alone(at) {
            Rank::Prompt
        } else {
            Rank::OtherText
        }
    }

    /// Whether all that a node does is to give its only text to an input that is no words, such as
    /// the name of a file.
    fn is_for_setting(&self, at: usize) -> bool {
        self.nodes[at].1.inputs().count() == 1 && self.used_as(at).is_some_and(texts::is_setting)
    }

    /// Whether a node has no links to others, as those have that hold notes.
    fn is_alone(&self, at: usize) -> bool {
        let is_linked = self.nodes[at].1.inputs().any(|(_, value)| link(value).is_some());
        !is_linked && self.used_as(at).is_none()
    }

    /// `name`: what the node is called in this form.
    fn field(&self, pick: &Pick<'a>, name: &str, known: &Known<'a>) -> Option<Field> {
        let (id, _) = self.nodes.get(pick.node)?;
        let key = FieldKey { node: id.clone(), input: pick.input.clone().into_owned() };
        let value = self.flow.input(&key)?;
        let described = pick.described;
        let widget = input::widget(self.flow, &key, &|name| known.get(name))?;
        let is_file = widget.is_file();
        let hint = described.and_then(|input| input.tooltip.as_deref());
        let hint = hint.and_then(|hint| Label::line(hint, MAX_HINT_CHARS));
        Some(Field {
            key,
            label: self.label(pick),
            hint,
            default: widget.draft(value),
            start: kept(value).filter(|_| is_file),
            advanced: pick.front.is_none(),
            group: pick.front.is_none().then(|| Label::plain(name)),
            required: value.is_null() && !is_file && described.is_some_and(|input| input.required),
            widget,
        })
    }

    fn label(&self, pick: &Pick<'a>) -> Label {
        let node = self.nodes[pick.node].1;
        let display = pick.described.and_then(|input| input.display_name.as_deref());
        let of_author = node.title() != node.class()
            && pick.class.is_none_or(|class| class.display_name != node.title());
        let of_role = || input_label(pick.role);
        if let Some(label) = rows::label(pick) {
            return label;
        }
        if pick.rank == Rank::Negative {
            return input_label("negative");
        }
        let encoded = self.is_positive(pick.node) || node.class().contains("TextEncode");
        if pick.rank == Rank::Prompt && pick.role == "text" && encoded {
            return input_label("prompt");
        }
        // Only videos are called files by the node that loads them.
        if pick.rank == Rank::File && pick.role == "file" {
            return input_label("video");
        }
        // A node that only holds a value is called what the value is for.
        if last(&pick.input) == "value" && of_author {
            return Label::line(node.title(), MAX_NAME_CHARS).unwrap_or_else(of_role);
        }
        let Some(display) = display.and_then(|text| Label::line(text, MAX_NAME_CHARS)) else {
            return of_role();
        };
        let known = of_role();
        // ComfyUI's own name is English; for other languages there may be a known one.
        Label::of(|language| {
            let is_known = language != Language::English && !known.is_same();
            (if is_known { &known } else { &display }).get(language).to_owned()
        })
    }
}

/// Whether width and height of this node are those of the result, not of something on the way.
fn makes_pictures(node: Node<'_>) -> bool {
    let batch = ["batch_size", "length"].into_iter().any(|input| node.input(input).is_some());
    batch || node.class().starts_with("Empty") || node.class().starts_with("Primitive")
}

#[cfg(test)]
pub(super) mod tests;
