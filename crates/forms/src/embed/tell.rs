//! What the frame tells its host. Invariant: every message is of this version and says its type;
//! bytes are put beside it by whoever sends it.

use super::{Id, Theme, VERSION};
use crate::form::{Drafts, Field, Form, Widget, is_held};
use pilotlight_comfy::failure::{FailureView, Remedy};
use pilotlight_comfy::json;
use pilotlight_comfy::language::Language;
use pilotlight_comfy::number::MAX_SAFE;
use serde_json::{Map, Value};

/// What a host needs to know to fill in and to run.
#[derive(Clone, Copy, Debug)]
pub struct Greeting<'a> {
    /// The form in front; `None` while there is none.
    pub form: Option<&'a Form>,
    /// As it is filled in.
    pub drafts: &'a Drafts,
    /// Ids and titles of all forms that can be set, in the order of their tabs.
    pub workflows: &'a [(&'a str, &'a str)],
    pub language: Language,
    pub theme: Theme,
    /// Whether anything outlives a reload.
    pub is_kept: bool,
}

/// Which run something is told of.
#[derive(Clone, Copy, Debug)]
pub struct Of<'a> {
    /// What this browser counts it as.
    pub run: u32,
    /// What the server knows it by.
    pub prompt_id: &'a str,
    /// The request that began it.
    pub id: Option<&'a Id>,
}

/// Asks whoever is around whether it is a host; says nothing else.
pub fn hello() -> Value {
    message("hello", Vec::new())
}

pub fn ready(greeting: &Greeting) -> Value {
    let Greeting { form, drafts, workflows, language, theme, is_kept } = *greeting;
    let workflow = |(id, title): &(&str, &str)| {
        json::object(vec![("id", (*id).into()), ("title", (*title).into())])
    };
    let fields = form.map(|form| {
        let values = form.values_of(drafts);
        form.fields.iter().map(|one| field(one, &values, language)).collect()
    });
    message(
        "ready",
        vec![
            ("version", VERSION.into()),
            ("workflow", form.map(|form| form.id.as_str()).into()),
            ("workflows", Value::Array(workflows.iter().map(workflow).collect())),
            ("fields", Value::Array(fields.unwrap_or_default())),
            ("language", language.code().into()),
            ("theme", theme.name().into()),
            ("kept", is_kept.into()),
        ],
    )
}

fn field(field: &Field, values: &Map<String, Value>, language: Language) -> Value {
    let key = field.key.to_string();
    let value = values.get(&key).cloned().unwrap_or_default();
    let mut members = vec![
        ("label", field.label.get(language).into()),
        ("type", kind(&field.widget).into()),
        ("required", field.required.into()),
        ("advanced", field.advanced.into()),
        ("value", value),
    ];
    let [min, max] = field.widget.bounds();
    members.extend(
        [("min", min), ("max", max)]
            .into_iter()
            .filter_map(|(name, bound)| Some((name, bound.map(Value::Number).filter(is_held)?))),
    );
    if let Widget::Choice { options } = &field.widget {
        let texts = options.iter().map(|option| Value::from(option.text.as_str()));
        members.push(("choices", Value::Array(texts.collect())));
    }
    members.push(("field", key.into()));
    json::object(members)
}

fn kind(widget: &Widget) -> &'static str {
    match widget {
        Widget::LongText | Widget::Text => "text",
        Widget::Int { .. } => "integer",
        Widget::Float { .. } => "number",
        Widget::Seed { .. } => "seed",
        Widget::Switch => "switch",
        Widget::Choice { .. } => "choice",
        Widget::Picture => "picture",
        Widget::Video => "video",
        Widget::Sound => "sound",
        Widget::ReadOnly(_) => "fixed",
    }
}

/// In CSS pixels.
pub fn height(px: u32) -> Value {
    message("height", vec![("height", px.into())])
}

/// A request was carried out; `runs` are those that it began.
pub fn ok(id: Option<&Id>, runs: &[u32]) -> Value {
    let runs = (!runs.is_empty()).then(|| ("runs", Value::from(runs)));
    with_id(message("ok", runs.into_iter().collect()), id)
}

/// `state`: the phase in a word or two of the page's language. `elapsed_ms` since it was asked for.
pub fn phase(of: &Of, phase: &str, state: &str, elapsed_ms: u64) -> Value {
    let members =
        vec![("phase", phase.into()), ("state", state.into()), ("elapsed_ms", elapsed_ms.into())];
    about(of, "phase", members)
}

/// What a run brought; a text, or a file whose bytes go beside it as `blob`.
#[derive(Clone, Copy, Debug)]
pub enum Brought<'a> {
    Text(&'a str),
    File { name: &'a str, media_type: &'a str },
}

pub fn result(of: &Of, brought: Brought, seed: Option<u64>, values: Map<String, Value>) -> Value {
    let seed = match seed {
        Some(seed) if seed > MAX_SAFE => Value::String(seed.to_string()),
        Some(seed) => seed.into(),
        None => Value::Null,
    };
    let mut members = vec![("seed", seed), ("values", Value::Object(values))];
    members.extend(match brought {
        Brought::Text(text) => vec![("media_type", "text/plain".into()), ("text", text.into())],
        Brought::File { name, media_type } => {
            vec![("media_type", media_type.into()), ("file_name", name.into())]
        }
    });
    about(of, "result", members)
}

/// How a run failed.
pub fn failed(of: &Of, failure: &FailureView) -> Value {
    let members = vec![
        ("title", failure.title.as_str().into()),
        ("body", failure.body.as_str().into()),
        ("raw", failure.raw.as_str().into()),
        ("remedy", remedy_name(failure.remedy).into()),
    ];
    about(of, "error", members)
}

/// Why a request was not carried out; nothing has changed then. `problems`: fields by their keys,
/// and what is wrong with each.
pub fn refused(id: Option<&Id>, title: &str, problems: &[(String, String)]) -> Value {
    let problem = |(field, said): &(String, String)| {
        json::object(vec![("field", field.as_str().into()), ("said", said.as_str().into())])
    };
    let problems = Value::Array(problems.iter().map(problem).collect());
    with_id(message("error", vec![("title", title.into()), ("problems", problems)]), id)
}

pub fn with_id(mut message: Value, id: Option<&Id>) -> Value {
    if let (Some(id), Some(members)) = (id, message.as_object_mut()) {
        members.insert("id".to_owned(), id.to_value());
    }
    message
}

fn about(of: &Of, kind: &str, mut members: Vec<(&str, Value)>) -> Value {
    members.extend([("run", of.run.into()), ("prompt_id", of.prompt_id.into())]);
    with_id(message(kind, members), of.id)
}

fn message(kind: &str, mut members: Vec<(&str, Value)>) -> Value {
    members.extend([("pilotlight", VERSION.into()), ("type", kind.into())]);
    json::object(members)
}

fn remedy_name(remedy: Remedy) -> &'static str {
    match remedy {
        Remedy::RunAgain => "run-again",
        Remedy::TryAgain => "try-again",
        Remedy::LookAgain => "look-again",
        Remedy::LookAnyway => "look-anyway",
        Remedy::GoToField => "go-to-field",
        Remedy::OpenSettings => "open-settings",
        Remedy::EnterKey => "enter-key",
    }
}
