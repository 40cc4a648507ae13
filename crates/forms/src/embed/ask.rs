//! What a host asks of the frame. Invariant: a message is taken as a whole or not at all; one that
//! does not say that it is of this protocol is nobody's business.
//!
//! Read member by member: a host is told by name which one is wrong or unknown, and an error of
//! serde names neither.

use super::{Theme, VERSION};
use pilotlight_comfy::json;
use pilotlight_comfy::language::Language;
use pilotlight_comfy::number::MAX_SAFE;
use serde::Serialize;
use serde_json::{Map, Value};

/// A message is a few values; the longest text of a field is a tenth of this.
pub const MAX_MESSAGE_BYTES: usize = 1 << 20;
/// What a host calls its request.
const MAX_ID_CHARS: usize = 100;

/// What a host calls its request: a text or a whole number. The replies carry it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Id(Value);

impl Id {
    fn read(value: &Value) -> Option<Self> {
        let fits = match value {
            Value::String(text) => text.chars().count() <= MAX_ID_CHARS,
            Value::Number(number) => number.as_u64().is_some_and(|number| number <= MAX_SAFE),
            Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => false,
        };
        fits.then(|| Self(value.clone()))
    }
}

/// A request, and what its replies are to carry.
#[derive(Clone, Debug, PartialEq)]
pub struct Asked {
    /// What the host calls the request; replies carry it back.
    pub id: Option<Id>,
    /// What is asked for.
    pub ask: Ask,
}

/// What a host can ask a frame for.
#[derive(Clone, Debug, PartialEq)]
pub enum Ask {
    /// The host is there; in a browser that does not name the sites around a page, this is how the
    /// page gets to know which one it is.
    Hello,
    /// Fill the form in, or show another one.
    Set(Wanted),
    /// As if *Run* were pressed.
    Run,
    /// One run, or all that this frame has under way.
    Cancel {
        /// The number of the run; `None`: all of them.
        run: Option<u32>,
    },
    /// Show these colours.
    Theme(Theme),
}

/// What is to be set. What is absent stays.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Wanted {
    /// The id of a form, or the address of a file.
    pub workflow: Option<String>,
    /// The language of the page.
    pub language: Option<Language>,
    /// By field, for `Form::drafts_of`.
    pub values: Map<String, Value>,
}

/// Why a message was not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Misasked {
    /// Of a version that comes after this page's.
    Newer {
        /// The version of the message.
        version: u64,
    },
    /// The message is longer than any that is taken.
    TooLarge {
        /// The most that is taken, in bytes.
        limit_bytes: usize,
    },
    /// There is no request of this name.
    UnknownType {
        /// The name.
        name: String,
    },
    /// The request has no such member.
    UnknownMember {
        /// The name of the member.
        name: String,
    },
    /// The member holds something else than it should.
    Wrong {
        /// The name of the member.
        member: &'static str,
    },
}

/// Reads a message, written as JSON. `None`: it is of no business here. What is refused is refused
/// with the name that the host gave it, if it could be read.
pub fn read(text: &str) -> Option<Result<Asked, (Option<Id>, Misasked)>> {
    if text.len() > MAX_MESSAGE_BYTES {
        let why = Misasked::TooLarge { limit_bytes: MAX_MESSAGE_BYTES };
        return Some(Err((None, why)));
    }
    let Value::Object(message) = json::parse(text)? else { return None };
    let version = message.get("pilotlight")?;
    let id = message.get("id").and_then(Id::read);
    Some(match ask(&message, version, id.is_some()) {
        Ok(ask) => Ok(Asked { id, ask }),
        Err(why) => Err((id, why)),
    })
}

fn ask(message: &Map<String, Value>, version: &Value, has_id: bool) -> Result<Ask, Misasked> {
    match version.as_u64() {
        Some(VERSION) => {}
        Some(version) if version > VERSION => return Err(Misasked::Newer { version }),
        Some(_) | None => return Err(Misasked::Wrong { member: "pilotlight" }),
    }
    if message.contains_key("id") && !has_id {
        return Err(Misasked::Wrong { member: "id" });
    }
    let Some(name) = message.get("type").and_then(Value::as_str) else {
        return Err(Misasked::Wrong { member: "type" });
    };
    let known: &[&str] = match name {
        "hello" | "run" => &[],
        "set" => &["workflow", "language", "values"],
        "cancel" => &["run"],
        "theme" => &["theme"],
        _ => return Err(Misasked::UnknownType { name: shown(name) }),
    };
    let is_known =
        |key: &&String| ["pilotlight", "type", "id"].iter().chain(known).any(|it| it == *key);
    if let Some(name) = message.keys().find(|key| !is_known(key)) {
        return Err(Misasked::UnknownMember { name: shown(name) });
    }
    match name {
        "hello" => Ok(Ask::Hello),
        "run" => Ok(Ask::Run),
        "cancel" => cancel(message),
        "theme" => {
            let theme = message.get("theme").and_then(Value::as_str).and_then(Theme::from_name);
            theme.map(Ask::Theme).ok_or(Misasked::Wrong { member: "theme" })
        }
        _ => set(message).map(Ask::Set),
    }
}

fn cancel(message: &Map<String, Value>) -> Result<Ask, Misasked> {
    let Some(run) = message.get("run") else { return Ok(Ask::Cancel { run: None }) };
    let run = run.as_u64().and_then(|run| u32::try_from(run).ok());
    run.map(|run| Ask::Cancel { run: Some(run) }).ok_or(Misasked::Wrong { member: "run" })
}

fn set(message: &Map<String, Value>) -> Result<Wanted, Misasked> {
    let mut wanted = Wanted::default();
    if let Some(workflow) = message.get("workflow") {
        let name = workflow.as_str().map(str::trim).filter(|name| !name.is_empty());
        let name = name.ok_or(Misasked::Wrong { member: "workflow" })?;
        wanted.workflow = Some(name.to_owned());
    }
    if let Some(language) = message.get("language") {
        let language = language.as_str().and_then(Language::from_tag);
        wanted.language = Some(language.ok_or(Misasked::Wrong { member: "language" })?);
    }
    if let Some(values) = message.get("values") {
        let values = values.as_object().ok_or(Misasked::Wrong { member: "values" })?;
        wanted.values = values.clone();
    }
    Ok(wanted)
}

/// A piece of a message short enough for a sentence.
pub(super) fn shown(text: &str) -> String {
    text.chars().take(80).collect()
}
