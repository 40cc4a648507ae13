//! What the converter needs of class descriptions: which inputs are widgets of the editor, how many
//! of a node's saved values each takes, and what it holds when none was saved.
//! Invariant: inputs come in the order in which the editor makes their widgets.

use super::bounds::Bounds;
use super::index::Index;
use super::ordered::Ordered;
use super::titles;
use crate::json;
use serde_json::{Value, json};

/// Inputs of one class; the largest seen has about 100.
const MAX_INPUTS: usize = 2_000;
/// What the names of the inputs of one node may amount to.
const MAX_CLASS_BYTES: usize = 128 << 10;

/// Class descriptions, as `/object_info` and `/object_info/{class}` give them.
#[derive(Default)]
pub struct Classes {
    list: Vec<Class>,
    places: Index,
}

pub(super) struct Class {
    name: String,
    pub(super) title: String,
    pub(super) inputs: Vec<Input>,
    pub(super) outputs: Vec<String>,
    /// One entry for each value that editors before 1.16 saved: whether it is one that is no
    /// longer a widget.
    pub(super) forced: Vec<bool>,
}

pub(super) struct Input {
    pub(super) name: String,
    /// The type of the socket.
    pub(super) kind: String,
    pub(super) form: Form,
}

pub(super) enum Form {
    Link,
    /// Takes the type of what is linked.
    AnyLink,
    /// Grows with each link; the names it starts with, without the group's.
    Group(Vec<String>),
    Widget(Widget),
}

pub(super) struct Widget {
    pub(super) kind: WidgetKind,
    /// What it holds at first; nothing is not sent at all.
    pub(super) default: Option<Value>,
    /// Whether a value is saved for it.
    pub(super) saved: bool,
    /// How many values are saved behind it, none of which is sent.
    pub(super) spare: usize,
    /// An integer that was not told whether it changes after a run: one called `seed` does.
    pub(super) seed_by_name: bool,
    pub(super) socket: bool,
    /// Whether it is a field of several lines, which turns whatever it is given into text.
    pub(super) lines: bool,
    pub(super) bounds: Option<Bounds>,
}

pub(super) enum WidgetKind {
    Plain,
    /// A value that is saved and never sent.
    Unsent,
    /// Text in which `{a|b}` means one of them.
    DynamicText,
    /// The first option, if there is one.
    Choice(Option<Value>),
    /// Each option brings inputs of its own.
    Branches(Vec<(String, Vec<Input>)>),
    Curve,
}

impl Classes {
    /// Reads an `/object_info` reply, whole or of one class; `None` if it is no JSON object.
    pub fn parse(text: &str) -> Option<Self> {
        let mut classes = Self::default();
        classes.add(text).then_some(classes)
    }

    /// Takes over what another reply says; the newer description of a class wins. `false`: the
    /// text is no JSON object.
    pub fn add(&mut self, text: &str) -> bool {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let Ok(Ordered::Object(entries)) = serde_json::from_str(text) else {
            return false;
        };
        for class in entries.iter().filter_map(|(name, entry)| Class::read(name, entry)) {
            match self.places.get(&class.name) {
                Some(at) => self.list[at] = class,
                None => {
                    self.places.put(&class.name, self.list.len());
                    self.list.push(class);
                }
            }
        }
        true
    }

    /// Returns whether a class is known.
    pub fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    pub(super) fn get(&self, name: &str) -> Option<&Class> {
        self.list.get(self.places.get(name)?)
    }
}

impl Class {
    fn read(name: &str, entry: &Ordered) -> Option<Self> {
        let parts = entry.get("input")?;
        let order = entry.get("input_order");
        let (mut inputs, mut late, mut forced) = (Vec::new(), Vec::new(), Vec::new());
        for part in ["required", "optional"] {
            let described = parts.get(part).map_or(&[][..], Ordered::fields);
            let ordered = order.and_then(|order| order.get(part)).map_or(&[][..], Ordered::items);
            if described.len() > MAX_INPUTS || ordered.len() > MAX_INPUTS {
                return None;
            }
            for name in ordered.iter().filter_map(Ordered::text) {
                // One named twice is still one input.
                if inputs.iter().any(|input: &Input| input.name == name) {
                    continue;
                }
                if let Some((name, spec)) = described.iter().find(|(other, _)| other == name) {
                    inputs.extend(Input::read(name, spec));
                }
            }
            for (name, spec) in described {
                // Its rows are known by name alone, as if nobody had described the class.
                if socket(spec.items().first()) == "COMFY_DYNAMICGROUP_V3" {
                    return None;
                }
                let force = flag(spec, "forceInput");
                let input = Input::read(name, spec);
                if force || input.as_ref().is_some_and(Input::is_widget) {
                    forced.push(force);
                    if option(spec, "control_after_generate").is_some_and(Ordered::truthy) {
                        forced.push(false);
                    }
                }
                // What the order forgot comes last of all.
                if !ordered.iter().any(|other| other.text() == Some(name)) {
                    let into = if order.is_some() { &mut late } else { &mut inputs };
                    into.extend(input);
                }
            }
            let uploads = |(_, spec): &(String, Ordered)| {
                let keys = ["image_upload", "video_upload", "animated_image_upload"];
                is_choice(spec) && keys.iter().any(|key| flag(spec, key))
            };
            if part == "required" && described.iter().any(uploads) {
                late.push(Input::unsent("upload"));
                forced.push(false);
            }
            if order.is_none() {
                inputs.append(&mut late);
            }
        }
        inputs.append(&mut late);
        // The editor itself gives these a view of the model.
        if matches!(name, "SaveGLB" | "Preview3D") && !inputs.iter().any(|i| i.name == "image") {
            let view = Widget::plain(Some(Value::String(String::new())));
            inputs.push(Input {
                name: "image".to_owned(),
                kind: "PREVIEW_3D".to_owned(),
                form: Form::Widget(view),
            });
        }
        if size(&inputs, 0) > MAX_CLASS_BYTES {
            return None;
        }
        let outputs = entry.get("output").map_or(&[][..], Ordered::items);
        let title = entry.get("display_name").and_then(Ordered::text);
        Some(Self {
            name: name.to_owned(),
            title: title
                .filter(|title| !title.is_empty())
                .or_else(|| titles::title(name))
                .unwrap_or(name)
                .to_owned(),
            inputs,
            outputs: outputs.iter().map(|kind| socket(Some(kind))).collect(),
            forced,
        })
    }
}

impl Input {
    fn read(name: &str, spec: &Ordered) -> Option<Self> {
        let first = spec.items().first()?;
        let kind = socket(Some(first));
        let widget = option(spec, "widgetType").and_then(Ordered::text).unwrap_or(&kind);
        let form = match widget {
            _ if flag(spec, "forceInput") => Form::Link,
            "COMFY_MATCHTYPE_V3" => Form::AnyLink,
            "COMFY_AUTOGROW_V3" => return Some(Self::group(name, spec)),
            _ => Widget::read(widget, first, spec).map_or(Form::Link, Form::Widget),
        };
        Some(Self { name: name.to_owned(), kind, form })
    }

    fn unsent(name: &str) -> Self {
        let widget = Widget { kind: WidgetKind::Unsent, socket: false, ..Widget::plain(None) };
        Self { name: name.to_owned(), kind: "*".to_owned(), form: Form::Widget(widget) }
    }

    fn group(name: &str, spec: &Ordered) -> Self {
        let template = option(spec, "template");
        let part = |key| template.and_then(|template| template.get(key));
        let input = part("input").into_iter().flat_map(Ordered::fields);
        let first = input.flat_map(|(_, part)| part.fields()).next();
        let kind = socket(first.and_then(|(_, spec)| spec.items().first()));
        let names = part("names").map_or(&[][..], Ordered::items);
        let prefix = part("prefix").and_then(Ordered::text);
        let prefix = prefix.filter(|prefix| prefix.len() <= 256).unwrap_or_default();
        let least = part("min").and_then(Ordered::integer).unwrap_or(1).min(200);
        let start = (0..=least).filter_map(|at| match names.get(at as usize) {
            Some(name) => name.text().map(str::to_owned),
            None if names.is_empty() => Some(format!("{prefix}{at}")),
            None => None,
        });
        Self { name: name.to_owned(), kind, form: Form::Group(start.collect()) }
    }

    fn is_widget(&self) -> bool {
        matches!(self.form, Form::Widget(_))
    }
}

impl Widget {
    fn plain(default: Option<Value>) -> Self {
        let kind = WidgetKind::Plain;
        Self {
            kind,
            default,
            saved: true,
            spare: 0,
            seed_by_name: false,
            socket: true,
            lines: false,
            bounds: None,
        }
    }

    /// The widget of a type; `None` for a type that the editor has no widget for.
    fn read(kind: &str, first: &Ordered, spec: &Ordered) -> Option<Self> {
        let default = option(spec, "default").filter(|default| !default.is_null());
        let control = option(spec, "control_after_generate").filter(|control| !control.is_null());
        let controlled = control.is_some_and(Ordered::truthy);
        let mut widget = Self::plain(default.map(Ordered::value));
        widget.socket = !flag(spec, "socketless");
        if matches!(kind, "INT" | "FLOAT") {
            widget.bounds = Some(Bounds::read(kind, spec.items().get(1)));
        }
        let otherwise = match kind {
            "INT" => {
                widget.seed_by_name = control.is_none();
                widget.spare = usize::from(controlled);
                json!(0)
            }
            "FLOAT" => json!(0),
            "BOOLEAN" => json!(false),
            "STRING" => {
                widget.lines = flag(spec, "multiline");
                if flag(spec, "dynamicPrompts") {
                    widget.kind = WidgetKind::DynamicText;
                }
                json!("")
            }
            "COMBO" => {
                let listed = match first {
                    Ordered::List(items) => items,
                    Ordered::Plain(_) | Ordered::Object(_) => {
                        option(spec, "options").map_or(&[][..], Ordered::items)
                    }
                };
                let first = listed.first().map(Ordered::value);
                // A filter for its options stands behind the control.
                widget.spare = if controlled { 2 } else { 0 };
                let loading = option(spec, "remote").map(|_| json!("Loading..."));
                let chosen = default.filter(|default| default.truthy()).map(Ordered::value);
                widget.default = chosen.or_else(|| first.clone()).or(loading);
                widget.kind = WidgetKind::Choice(first);
                return Some(widget);
            }
            "COMFY_DYNAMICCOMBO_V3" => {
                let options = option(spec, "options").map_or(&[][..], Ordered::items);
                let branches: Vec<_> = options.iter().filter_map(branch).collect();
                widget.default = branches.first().map(|(key, _)| Value::String(key.clone()));
                widget.kind = WidgetKind::Branches(branches);
                return Some(widget);
            }
            "MARKDOWN" | "TEXTAREA" | "PAINTER" | "LOAD_3D" | "PREVIEW_3D" | "AUDIO_RECORD"
            | "WEBCAM" => json!(""),
            "COLOR" => json!("#000000"),
            "COLORS" | "BOUNDING_BOXES" => json!([]),
            "BOUNDING_BOX" => {
                widget.spare = 4;
                json!({"x": 0, "y": 0, "width": 512, "height": 512})
            }
            "RANGE" => json!({"min": 0, "max": 1}),
            "CURVE" => {
                widget.kind = WidgetKind::Curve;
                json!({"points": [[0, 0], [1, 1]], "interpolation": "monotone_cubic"})
            }
            "IMAGECOMPARE" => {
                widget.saved = false;
                widget.default = None;
                json!(["", ""])
            }
            "CHART" | "GALLERIA" | "COMPOSITOR" | "VIDEO_EDIT" => return Some(widget),
            "RESOLUTION_PREVIEW" | "AUDIO_UI" | "IMAGEUPLOAD" | "AUDIOUPLOAD" => {
                widget.kind = WidgetKind::Unsent;
                return Some(widget);
            }
            _ => return None,
        };
        widget.default = widget.default.or(Some(otherwise));
        Some(widget)
    }
}

/// About as many bytes as the names of these inputs take, with those of the largest branches.
fn size(inputs: &[Input], before: usize) -> usize {
    let one = |input: &Input| {
        let name = before + input.name.len() + 16;
        match &input.form {
            Form::Group(start) => start.iter().map(|first| name + first.len()).sum(),
            Form::Widget(Widget { kind: WidgetKind::Branches(branches), .. }) => {
                let branch = |(_, inputs): &(String, Vec<Input>)| size(inputs, name);
                name + branches.iter().map(branch).max().unwrap_or(0)
            }
            Form::Link | Form::AnyLink | Form::Widget(_) => name,
        }
    };
    inputs.iter().map(one).sum()
}

/// One option of a dynamic choice with the inputs it brings.
fn branch(option: &Ordered) -> Option<(String, Vec<Input>)> {
    let key = match option.get("key")? {
        Ordered::Plain(Value::String(key)) => key.clone(),
        Ordered::Plain(other) => json::text(other),
        Ordered::List(_) | Ordered::Object(_) => return None,
    };
    let inputs = option.get("inputs");
    let mut list = Vec::new();
    for part in ["required", "optional"] {
        let part = inputs.and_then(|inputs| inputs.get(part)).map_or(&[][..], Ordered::fields);
        list.extend(part.iter().filter_map(|(name, spec)| Input::read(name, spec)));
    }
    Some((key, list))
}

/// The type of a socket; a list of choices is one as well.
fn socket(kind: Option<&Ordered>) -> String {
    match kind {
        Some(Ordered::List(_)) => "COMBO".to_owned(),
        Some(kind) => kind.text().unwrap_or("*").to_owned(),
        None => "*".to_owned(),
    }
}

fn is_choice(spec: &Ordered) -> bool {
    socket(spec.items().first()) == "COMBO"
}

fn option<'a>(spec: &'a Ordered, key: &str) -> Option<&'a Ordered> {
    spec.items().get(1)?.get(key)
}

fn flag(spec: &Ordered, key: &str) -> bool {
    option(spec, key).is_some_and(Ordered::truthy)
}
