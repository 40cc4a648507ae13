//! A workflow made ready for people, as one JSON file: the graph, which of its inputs are fields,
//! what they are called, and the class descriptions that choose their widgets.
//! Invariant: a file is taken whole or refused with the place that is wrong; a misspelt key is
//! named, never passed over.
//!
//! Read member by member: an author is told the path of what is wrong, such as `form[3].min`, which
//! an error of serde does not name.

mod write;

use super::{Draft, Field, FieldKey, Form, NodeId, Widget, input};
use pilotlight_comfy::language::Label;
use pilotlight_comfy::schema::Class;
use pilotlight_comfy::workflow::{MAX_NODES, Refusal, Workflow, link};
use serde_json::{Map, Value};

/// The version of the format that this module reads.
const VERSION: u64 = 1;
/// More than anybody fills in.
const MAX_FIELDS: usize = 1_000;
/// Of a title, a label or a hint, in each language.
pub(super) const MAX_LABEL_BYTES: usize = 2_000;
/// All lists of choices together: each field has its own.
const MAX_CHOICES_BYTES: usize = 64 << 20;
const KEYS: [&str; 7] = ["pilotlight", "id", "title", "prompt", "form", "outputs", "classes"];
const FIELD_KEYS: [&str; 10] =
    ["node", "input", "label", "hint", "default", "advanced", "group", "required", "min", "max"];

/// A package that was read; `form` turns it into what is shown.
#[derive(Clone, Debug, PartialEq)]
pub struct Package {
    form: Form,
    classes: Vec<Class>,
}

/// Why a file is no package. Paths are as in `form[2].label`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PackageRefusal {
    /// Where reading stopped; lines count from 1.
    NotJson {
        /// The line, from 1.
        line: usize,
        /// The column in that line, from 1.
        column: usize,
    },
    /// The file is of no version that is known here: `"pilotlight": 1` is missing or another.
    NotThisVersion,
    /// Something has to be there and is not.
    Missing {
        /// Where.
        path: String,
    },
    /// Something else stands there than should.
    WrongType {
        /// Where.
        path: String,
        /// What should stand there.
        expected: Expected,
    },
    /// A key that is not known.
    UnknownKey {
        /// Where.
        path: String,
    },
    /// The `prompt` is not a workflow.
    Workflow(Refusal),
    /// A field of an input that the workflow does not have.
    NoSuchInput {
        /// Where.
        path: String,
        /// The input.
        key: FieldKey,
    },
    /// A field of an input that another node feeds.
    Linked {
        /// Where.
        path: String,
        /// The input.
        key: FieldKey,
    },
    /// The same input twice.
    Twice {
        /// Where.
        path: String,
        /// The input.
        key: FieldKey,
    },
    /// More fields or classes, or longer lists of choices, than any form needs.
    TooMany {
        /// Where.
        path: String,
    },
    /// `min` and `max` leave no number, or the field takes none.
    NoRange {
        /// Where.
        path: String,
    },
}

impl PackageRefusal {
    /// Whether it may be a workflow all the same, for `open` to read.
    pub fn is_of_another_format(&self) -> bool {
        matches!(self, Self::NotJson { .. } | Self::NotThisVersion)
    }

    /// Where in the file it is, for somebody who has it open: `line 3`, `form[2].label`, `prompt`.
    pub fn place(self) -> String {
        match self {
            Self::NotJson { line, .. } => format!("line {line}"),
            Self::NotThisVersion => "pilotlight".to_owned(),
            Self::Workflow(_) => "prompt".to_owned(),
            Self::Missing { path }
            | Self::WrongType { path, .. }
            | Self::UnknownKey { path }
            | Self::NoSuchInput { path, .. }
            | Self::Linked { path, .. }
            | Self::Twice { path, .. }
            | Self::TooMany { path }
            | Self::NoRange { path } => path,
        }
    }
}

/// What should have stood somewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expected {
    /// An object.
    Object,
    /// A list.
    List,
    /// A text.
    Text,
    /// A number.
    Number,
    /// `true` or `false`.
    Switch,
    /// Lowercase letters, digits and hyphens, at most 64.
    Id,
    /// A text, or one per language.
    Label,
    /// An entry of `/object_info`.
    Class,
}

impl Package {
    /// Reads the text of a file.
    ///
    /// # Errors
    /// The first thing that is wrong, with its place.
    pub fn parse(text: &str) -> Result<Self, PackageRefusal> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let value: Value = serde_json::from_str(text).map_err(|error| PackageRefusal::NotJson {
            line: error.line(),
            column: error.column(),
        })?;
        Self::from_value(&value)
    }

    /// Reads the content of a file.
    ///
    /// # Errors
    /// The first thing that is wrong, with its place.
    pub fn from_value(value: &Value) -> Result<Self, PackageRefusal> {
        let whole = Part { map: object(value, "")?, path: String::new() };
        if whole.map.get("pilotlight").and_then(Value::as_u64) != Some(VERSION) {
            return Err(PackageRefusal::NotThisVersion);
        }
        whole.only(&KEYS)?;
        let id = whole.need("id")?.as_str().filter(|id| is_id(id));
        let id = id.ok_or_else(|| whole.wrong("id", Expected::Id))?.to_owned();
        let title = whole.need_label("title")?;
        let workflow = Workflow::from_value(whole.need("prompt")?.clone())
            .map_err(PackageRefusal::Workflow)?;
        let classes = whole.classes()?;
        let list = whole.need("form")?.as_array();
        let list = list.ok_or_else(|| whole.wrong("form", Expected::List))?;
        if list.len() > MAX_FIELDS {
            return Err(PackageRefusal::TooMany { path: "form".to_owned() });
        }
        let mut fields: Vec<Field> = Vec::with_capacity(list.len());
        let mut room = MAX_CHOICES_BYTES;
        for (at, entry) in list.iter().enumerate() {
            let path = format!("form[{at}]");
            let entry = Part { map: object(entry, &path)?, path };
            let field = entry.field(&workflow, &classes)?;
            if fields.iter().any(|other| other.key == field.key) {
                return Err(PackageRefusal::Twice { path: entry.path, key: field.key });
            }
            let Some(left) = room.checked_sub(field.widget.choices_bytes()) else {
                return Err(PackageRefusal::TooMany { path: entry.path });
            };
            room = left;
            fields.push(field);
        }
        let form = Form { id, title, fields, outputs: whole.outputs()?, workflow };
        Ok(Self { form, classes })
    }

    /// The form, and the classes it was made with.
    pub fn parts(self) -> (Form, Vec<Class>) {
        (self.form, self.classes)
    }

    /// Returns the form alone.
    pub fn form(self) -> Form {
        self.form
    }
}

/// The widget that the class of a node gives to an input, before an author's bounds.
/// `None`: the workflow has no such input.
pub(super) fn described(flow: &Workflow, key: &FieldKey, classes: &[Class]) -> Option<Widget> {
    input::widget(flow, key, &|name| classes.iter().find(|class| class.name == name))
}

/// An object of the file, and where it stands.
struct Part<'a> {
    map: &'a Map<String, Value>,
    path: String,
}

impl<'a> Part<'a> {
    fn at(&self, key: &str) -> String {
        if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) }
    }

    fn wrong(&self, key: &str, expected: Expected) -> PackageRefusal {
        PackageRefusal::WrongType { path: self.at(key), expected }
    }

    fn only(&self, known: &[&str]) -> Result<(), PackageRefusal> {
        match self.map.keys().find(|key| !known.contains(&key.as_str())) {
            Some(key) => Err(PackageRefusal::UnknownKey { path: self.at(key) }),
            None => Ok(()),
        }
    }

    fn need(&self, key: &str) -> Result<&'a Value, PackageRefusal> {
        self.map.get(key).ok_or_else(|| PackageRefusal::Missing { path: self.at(key) })
    }

    fn need_text(&self, key: &str) -> Result<&'a str, PackageRefusal> {
        self.need(key)?.as_str().ok_or_else(|| self.wrong(key, Expected::Text))
    }

    /// A text that stands on the page; longer ones would cover it.
    fn need_label(&self, key: &str) -> Result<Label, PackageRefusal> {
        let label = Label::from_value(self.need(key)?)
            .filter(|label| label.texts().iter().all(|text| text.len() <= MAX_LABEL_BYTES));
        label.ok_or_else(|| self.wrong(key, Expected::Label))
    }

    fn label(&self, key: &str) -> Result<Option<Label>, PackageRefusal> {
        self.map.get(key).map(|_| self.need_label(key)).transpose()
    }

    fn flag(&self, key: &str) -> Result<bool, PackageRefusal> {
        let flag = self.map.get(key).unwrap_or(&Value::Bool(false)).as_bool();
        flag.ok_or_else(|| self.wrong(key, Expected::Switch))
    }

    fn number(&self, key: &str) -> Result<Option<&'a Value>, PackageRefusal> {
        let number = self.map.get(key);
        match number {
            Some(value) if !value.is_number() => Err(self.wrong(key, Expected::Number)),
            Some(_) | None => Ok(number),
        }
    }

    fn outputs(&self) -> Result<Vec<NodeId>, PackageRefusal> {
        let none = Value::Array(Vec::new());
        let wrong = || self.wrong("outputs", Expected::List);
        let list = self.map.get("outputs").unwrap_or(&none).as_array().ok_or_else(wrong)?;
        list.iter().map(|node| node.as_str().map(NodeId::new).ok_or_else(wrong)).collect()
    }

    fn classes(&self) -> Result<Vec<Class>, PackageRefusal> {
        let mut classes = Vec::new();
        let Some(entries) = self.map.get("classes") else {
            return Ok(classes);
        };
        let entries = object(entries, "classes")?;
        if entries.len() > MAX_NODES {
            return Err(PackageRefusal::TooMany { path: "classes".to_owned() });
        }
        for (name, entry) in entries {
            let Some(class) = Class::read(name, entry) else {
                let path = format!("classes.{name}");
                return Err(PackageRefusal::WrongType { path, expected: Expected::Class });
            };
            classes.push(class);
        }
        Ok(classes)
    }

    fn field(&self, flow: &Workflow, classes: &[Class]) -> Result<Field, PackageRefusal> {
        self.only(&FIELD_KEYS)?;
        let key = FieldKey::new(self.need_text("node")?, self.need_text("input")?);
        let found = flow.input(&key).zip(described(flow, &key, classes));
        let Some((value, mut widget)) = found else {
            return Err(PackageRefusal::NoSuchInput { path: self.path.clone(), key });
        };
        if link(value).is_some() {
            return Err(PackageRefusal::Linked { path: self.path.clone(), key });
        }
        if !widget.narrow(self.number("min")?, self.number("max")?) {
            return Err(PackageRefusal::NoRange { path: self.path.clone() });
        }
        let (default, start) = (widget.draft(value), self.start()?);
        if start.is_some() && matches!(default, Draft::Switch(_)) {
            return Err(PackageRefusal::UnknownKey { path: self.at("default") });
        }
        Ok(Field {
            label: self.need_label("label")?,
            hint: self.label("hint")?,
            advanced: self.flag("advanced")?,
            group: self.label("group")?,
            required: self.flag("required")?,
            key,
            widget,
            default,
            start,
        })
    }

    /// `default` may be empty, which a label may not.
    fn start(&self) -> Result<Option<Label>, PackageRefusal> {
        let Some(value) = self.map.get("default") else { return Ok(None) };
        let label = value.as_str().map(Label::plain).or_else(|| Label::from_value(value));
        label.map(Some).ok_or_else(|| self.wrong("default", Expected::Label))
    }
}

fn object<'a>(value: &'a Value, path: &str) -> Result<&'a Map<String, Value>, PackageRefusal> {
    value.as_object().ok_or_else(|| PackageRefusal::WrongType {
        path: path.to_owned(),
        expected: Expected::Object,
    })
}

fn is_id(id: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    (1..=64).contains(&id.len()) && id.bytes().all(plain)
}

/// The id of a form whose file says none, by the file's name: `Made by us` → `made-by-us`. `None`
/// where no letter or digit of it can be used.
pub fn id_of_name(name: &str) -> Option<String> {
    let mut id = String::new();
    for char in name.chars().map(|char| char.to_ascii_lowercase()) {
        match char {
            'a'..='z' | '0'..='9' => id.push(char),
            _ if id.is_empty() || id.ends_with('-') => {}
            _ => id.push('-'),
        }
    }
    let id = id.get(..64).unwrap_or(&id).trim_end_matches('-').to_owned();
    is_id(&id).then_some(id)
}

#[cfg(test)]
mod tests;
