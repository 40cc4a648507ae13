//! What a server says of a node class (`/object_info/{class}`): its inputs, their kinds and bounds.
//! Invariant: reading never fails on an odd description; what is not understood is left out, and
//! what was read is the same again after it was written.
//!
//! Read and written by hand: an input is a list of one or two members, of which the first is a name
//! or the choices themselves, and servers of all ages and their extensions differ in the rest.

mod shipped;
mod write;

use crate::number;
use crate::workflow::Node;
use serde_json::{Map, Value};

/// A node class.
#[derive(Clone, Debug, PartialEq)]
pub struct Class {
    /// The name that a prompt knows it by.
    pub name: String,
    /// What the editor calls it.
    pub display_name: String,
    /// Whether its result is one of the run's.
    pub output_node: bool,
    /// Whether the page ships this description, so that the server may have another one.
    pub shipped: bool,
    /// Required ones first, each part in the order its author gave.
    pub inputs: Vec<Input>,
}

/// An input of a class.
#[derive(Clone, Debug, PartialEq)]
pub struct Input {
    /// The name that a prompt knows it by.
    pub name: String,
    /// Whether a prompt must name it, even where there is a default; but see `Kind::Growing`.
    pub required: bool,
    /// What it takes.
    pub kind: Kind,
    /// What the editor puts in, where its author says it.
    pub default: Option<Value>,
    /// What its author calls it, where that is not its name.
    pub display_name: Option<String>,
    /// What its author says of it.
    pub tooltip: Option<String>,
    /// Whether its author folds it away.
    pub advanced: bool,
    /// The editor does not show it.
    pub hidden: bool,
}

/// What an input takes. Bounds include their ends.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// A whole number.
    Int {
        /// The least that is taken.
        min: Option<i128>,
        /// The most that is taken.
        max: Option<i128>,
        /// By how much the editor changes it.
        step: Option<i128>,
        /// The editor draws a new value after each run.
        control_after_generate: bool,
    },
    /// A number.
    Float {
        /// The least that is taken.
        min: Option<f64>,
        /// The most that is taken.
        max: Option<f64>,
        /// By how much the editor changes it.
        step: Option<f64>,
        /// To what the editor rounds; the server does not.
        round: Option<f64>,
    },
    /// A colour too, and a choice whose list has to be asked for elsewhere.
    Text {
        /// Whether its author wants several lines.
        multiline: bool,
    },
    /// On or off.
    Switch,
    /// One of several values.
    Choice {
        /// The values.
        options: Vec<Value>,
    },
    /// A choice on which it depends what further inputs there are.
    Branches(Vec<Branch>),
    /// A picture of the server's input folder, which an upload can put there.
    Picture,
    /// The same for a video.
    Video,
    /// The same for a sound.
    Sound,
    /// Any number of links; only they are named in a prompt: `images.image0`.
    Growing,
    /// A link to another node, or a type that is not known here.
    Link,
    /// A value that can be shown, but not typed.
    Fixed(Fixed),
}

/// One option of a choice, and the inputs that come with it, named `choice.input` in a prompt.
#[derive(Clone, Debug, PartialEq)]
pub struct Branch {
    /// The option as a prompt names it.
    pub key: String,
    /// The inputs that come with it.
    pub inputs: Vec<Input>,
}

/// Why a value is only shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fixed {
    /// It is drawn in the editor, on a canvas of its own.
    Drawn,
    /// It is a list of several choices.
    Several,
    /// It is a file that no upload of this page puts in its place.
    File,
    /// Each other choice needs inputs that the workflow does not have.
    Branches,
    /// It is a text that is longer than what can be typed.
    Long,
    /// It has a structure or a type that is not known here.
    Unknown,
}

impl Class {
    /// Reads one entry of an `object_info` reply.
    pub fn read(name: &str, entry: &Value) -> Option<Self> {
        let inputs = read_inputs(entry.get("input")?, entry.get("input_order"), MAX_BRANCHING)?;
        Some(Self {
            name: name.to_owned(),
            display_name: text(entry, "display_name").unwrap_or_else(|| name.to_owned()),
            output_node: flag(entry, "output_node"),
            shipped: flag(entry, "shipped"),
            inputs,
        })
    }

    /// Reads a whole `object_info` reply; `{}` is what a server answers of an unknown class.
    pub fn read_all(reply: &Value) -> Vec<Self> {
        let entries = reply.as_object().into_iter().flatten();
        entries.filter_map(|(name, entry)| Self::read(name, entry)).collect()
    }

    /// Returns the input of this name; those of branches are not among them.
    pub fn input(&self, name: &str) -> Option<&Input> {
        self.inputs.iter().find(|input| input.name == name)
    }

    /// The input that is called `name` in a prompt: `format.codec` is found in the branch that the
    /// node chose for its `format`.
    pub fn input_of(&self, name: &str, node: Node<'_>) -> Option<&Input> {
        let (mut inputs, mut start) = (&self.inputs, 0);
        loop {
            let rest = name.get(start..)?;
            if let Some(found) = inputs.iter().find(|input| input.name == rest) {
                return Some(found);
            }
            let leads = |input: &&Input| {
                rest.strip_prefix(input.name.as_str()).is_some_and(|tail| tail.starts_with('.'))
            };
            let parent = inputs.iter().find(leads)?;
            let Kind::Branches(branches) = &parent.kind else { return None };
            let end = start + parent.name.len();
            let chosen = node.input(name.get(..end)?)?.as_str()?;
            inputs = &branches.iter().find(|branch| branch.key == chosen)?.inputs;
            start = end + 1;
        }
    }
}

/// Classes to be found by name, however many they are.
#[derive(Clone, Debug)]
pub struct Known<'a>(Vec<&'a Class>);

impl<'a> Known<'a> {
    /// Sorts these classes by name.
    pub fn of(classes: &'a [Class]) -> Self {
        let mut sorted: Vec<&Class> = classes.iter().collect();
        sorted.sort_by_key(|class| &class.name);
        Self(sorted)
    }

    /// Finds a class.
    pub fn get(&self, name: &str) -> Option<&'a Class> {
        let at = self.0.binary_search_by(|class| class.name.as_str().cmp(name)).ok()?;
        self.0.get(at).copied()
    }
}

/// As deep as branches are followed; real ones nest three deep.
const MAX_BRANCHING: usize = 8;

/// Inputs of one class; the largest seen has about 100.
const MAX_INPUTS: usize = 2_000;

/// Both parts of `{"required": {…}, "optional": {…}}`.
fn read_inputs(parts: &Value, order: Option<&Value>, depth: usize) -> Option<Vec<Input>> {
    let parts = parts.as_object()?;
    let mut inputs = Vec::new();
    for (part, required) in [("required", true), ("optional", false)] {
        let Some(described) = parts.get(part).and_then(Value::as_object) else {
            continue;
        };
        if described.len() > MAX_INPUTS {
            return None;
        }
        for name in in_order(described, order.and_then(|order| order.get(part))) {
            if let Some(description) = described.get(name) {
                inputs.extend(Input::read(name, required, description, depth));
            }
        }
    }
    Some(inputs)
}

impl Input {
    fn read(name: &str, required: bool, description: &Value, depth: usize) -> Option<Self> {
        let list = description.as_array()?;
        let none = Value::Null;
        let (kind, options) = (list.first()?, list.get(1).unwrap_or(&none));
        Some(Self {
            name: name.to_owned(),
            required,
            kind: Kind::read(kind, options, depth)?,
            default: options.get("default").cloned(),
            display_name: text(options, "display_name").filter(|text| text != name),
            tooltip: text(options, "tooltip"),
            advanced: flag(options, "advanced"),
            hidden: flag(options, "hidden"),
        })
    }
}

/// Returns both bounds, or neither where no number is between them.
fn bounds<T: PartialOrd>(min: Option<T>, max: Option<T>) -> (Option<T>, Option<T>) {
    match (min, max) {
        (Some(min), Some(max)) if min > max => (None, None),
        both => both,
    }
}

impl Kind {
    /// What a server says an input takes, as in `["INT", {"min": 0}]`; also in its refusals.
    pub fn of(description: &Value) -> Option<Self> {
        Input::read("", true, description, MAX_BRANCHING).map(|input| input.kind)
    }

    fn read(kind: &Value, options: &Value, depth: usize) -> Option<Self> {
        if flag(options, "forceInput") {
            return Some(Self::Link);
        }
        if flag(options, "multiselect") {
            return Some(Self::Fixed(Fixed::Several));
        }
        // The older notation: the list of choices stands where the name of the type does now.
        if let Some(list) = kind.as_array() {
            return Some(Self::choice(list, options));
        }
        let float = |key| options.get(key).and_then(Value::as_f64);
        // What 64 bits do not hold bounds nothing: no server takes more.
        let integer = |key| {
            let bound = options.get(key).and_then(number::integer);
            bound.map(|bound| bound.clamp(i64::MIN.into(), u64::MAX.into()))
        };
        let (name, widget) = (kind.as_str()?, options.get("widgetType").and_then(Value::as_str));
        Some(match widget.unwrap_or(name) {
            "INT" => {
                let (min, max) = bounds(integer("min"), integer("max"));
                Self::Int {
                    min,
                    max,
                    step: integer("step").filter(|step| *step > 0),
                    // `true`, or the name of what to do first.
                    control_after_generate: options.get("control_after_generate").is_some_and(
                        |control| !matches!(control, Value::Null | Value::Bool(false)),
                    ),
                }
            }
            "FLOAT" => {
                let (min, max) = bounds(float("min"), float("max"));
                Self::Float {
                    min,
                    max,
                    step: float("step").filter(|step| *step > 0.0),
                    round: float("round").filter(|round| *round > 0.0),
                }
            }
            "STRING" => Self::Text { multiline: flag(options, "multiline") },
            "COLOR" => Self::Text { multiline: false },
            "BOOLEAN" => Self::Switch,
            "COMBO" => Self::choice(listed(options), options),
            "COMFY_DYNAMICCOMBO_V3" => {
                let branches = depth.checked_sub(1).into_iter().flat_map(|depth| {
                    listed(options).iter().filter_map(move |option| Branch::read(option, depth))
                });
                Self::Branches(branches.collect())
            }
            "COMFY_AUTOGROW_V3" => Self::Growing,
            _ if widget.is_some() => Self::Fixed(Fixed::Drawn),
            _ => Self::Link,
        })
    }

    fn choice(list: &[Value], options: &Value) -> Self {
        // An upload lands in the input folder; a list of another folder never offers it.
        let folder = options.get("image_folder").and_then(Value::as_str).unwrap_or("input");
        let uploads = |what: &str| folder == "input" && flag(options, what);
        if uploads("image_upload") || uploads("animated_image_upload") {
            return Self::Picture;
        }
        if uploads("video_upload") {
            return Self::Video;
        }
        if uploads("audio_upload") {
            return Self::Sound;
        }
        if !list.is_empty() {
            return Self::Choice { options: list.to_vec() };
        }
        if options.get("remote").is_some_and(Value::is_object) {
            return Self::Text { multiline: false };
        }
        let mut flags = options.as_object().into_iter().flatten();
        if flags.any(|(key, on)| key.ends_with("_upload") && *on == Value::Bool(true)) {
            return Self::Fixed(Fixed::File);
        }
        Self::Choice { options: Vec::new() }
    }
}

impl Branch {
    fn read(option: &Value, depth: usize) -> Option<Self> {
        let inputs = option.get("inputs").and_then(|parts| read_inputs(parts, None, depth));
        Some(Self { key: text(option, "key")?, inputs: inputs.unwrap_or_default() })
    }
}

/// The `options` of the newer notation.
fn listed(options: &Value) -> &[Value] {
    options.get("options").and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// The names in the order the description gives, then those it forgot.
fn in_order<'a>(described: &'a Map<String, Value>, order: Option<&'a Value>) -> Vec<&'a str> {
    let order = order.and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let mut names: Vec<&str> = Vec::new();
    // A map of JSON is there anyway; to sort, or to collect into one, would be compiled for this.
    let mut given = Map::new();
    for name in order.iter().filter_map(Value::as_str) {
        // One named twice is still one input.
        if given.insert(name.to_owned(), Value::Null).is_none() {
            names.push(name);
        }
    }
    let forgotten = |name: &&str| !given.contains_key(*name);
    names.extend(described.keys().map(String::as_str).filter(forgotten));
    names
}

fn flag(value: &Value, key: &str) -> bool {
    value.get(key).and_then(Value::as_bool).unwrap_or(false)
}

fn text(value: &Value, key: &str) -> Option<String> {
    value.get(key).and_then(Value::as_str).filter(|text| !text.is_empty()).map(str::to_owned)
}

#[cfg(test)]
mod tests;
