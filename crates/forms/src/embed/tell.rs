//! What the frame tells its host. Invariant: every message is of this version and says its type;
//! bytes are put beside it by whoever sends it.

use super::{Id, Theme, VERSION};
use crate::form::{Drafts, Field, Form, Widget, is_held};
use pilotlight_comfy::failure::{FailureView, Remedy};
use pilotlight_comfy::json;
use pilotlight_comfy::language::Language;
use pilotlight_comfy::number::MAX_SAFE;
use serde::Serialize;
use serde_json::{Map, Number, Value};

/// What a host needs to know to fill in and to run.
#[derive(Clone, Copy, Debug)]
pub struct Greeting<'a> {
    /// The form in front; `None` while there is none.
    pub form: Option<&'a Form>,
    /// As it is filled in.
    pub drafts: &'a Drafts,
    /// Ids and titles of all forms that can be set, in the order of their tabs.
    pub workflows: &'a [(&'a str, &'a str)],
    /// The language of the page.
    pub language: Language,
    /// The colours of the page.
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

/// A message, as it is sent.
#[derive(Serialize)]
struct Message<'a> {
    pilotlight: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<&'a Id>,
    #[serde(flatten)]
    run: Option<Run<'a>>,
    #[serde(flatten)]
    said: Said<'a>,
}

/// The run that a message is about.
#[derive(Serialize)]
struct Run<'a> {
    run: u32,
    prompt_id: &'a str,
}

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "lowercase")]
enum Said<'a> {
    Hello,
    Ready {
        version: u64,
        workflow: Option<&'a str>,
        workflows: Vec<Named<'a>>,
        fields: Vec<FieldSaid<'a>>,
        language: &'a str,
        theme: &'a str,
        kept: bool,
    },
    Height {
        height: u32,
    },
    Ok {
        #[serde(skip_serializing_if = "<[u32]>::is_empty")]
        runs: &'a [u32],
    },
    Phase {
        phase: &'a str,
        state: &'a str,
        elapsed_ms: u64,
    },
    Result {
        seed: Value,
        values: &'a Map<String, Value>,
        media_type: &'a str,
        #[serde(skip_serializing_if = "Option::is_none")]
        text: Option<&'a str>,
        #[serde(skip_serializing_if = "Option::is_none")]
        file_name: Option<&'a str>,
    },
    #[serde(rename = "error")]
    Failed {
        title: &'a str,
        body: &'a str,
        raw: &'a str,
        remedy: &'a str,
    },
    #[serde(rename = "error")]
    Refused {
        title: &'a str,
        problems: Vec<Problem<'a>>,
    },
}

/// A form that can be set.
#[derive(Serialize)]
struct Named<'a> {
    id: &'a str,
    title: &'a str,
}

#[derive(Serialize)]
struct FieldSaid<'a> {
    field: String,
    label: &'a str,
    #[serde(rename = "type")]
    kind: &'a str,
    required: bool,
    advanced: bool,
    value: Value,
    #[serde(skip_serializing_if = "Option::is_none")]
    min: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    choices: Option<Vec<&'a str>>,
}

/// What is wrong with a field.
#[derive(Serialize)]
struct Problem<'a> {
    field: &'a str,
    said: &'a str,
}

/// Asks whoever is around whether it is a host; says nothing else.
pub fn hello() -> Value {
    reply(None, Said::Hello)
}

/// Tells the host that the page is up, with its forms and the values of the one in front. `id`: of
/// the request that it answers, if there was one.
pub fn ready(greeting: &Greeting, id: Option<&Id>) -> Value {
    let Greeting { form, drafts, workflows, language, theme, is_kept } = *greeting;
    let fields = form.map(|form| {
        let values = form.values_of(drafts);
        form.fields.iter().map(|one| field(one, &values, language)).collect()
    });
    let said = Said::Ready {
        version: VERSION,
        workflow: form.map(|form| form.id.as_str()),
        workflows: workflows.iter().map(|(id, title)| Named { id, title }).collect(),
        fields: fields.unwrap_or_default(),
        language: language.code(),
        theme: theme.name(),
        kept: is_kept,
    };
    reply(id, said)
}

fn field<'a>(field: &'a Field, values: &Map<String, Value>, language: Language) -> FieldSaid<'a> {
    let key = field.key.to_string();
    let held = |bound: Option<Number>| bound.map(Value::Number).filter(is_held);
    let [min, max] = field.widget.bounds().map(held);
    let choices = if let Widget::Choice { options } = &field.widget {
        Some(options.iter().map(|option| option.text.as_str()).collect())
    } else {
        None
    };
    FieldSaid {
        label: field.label.get(language),
        kind: kind(&field.widget),
        required: field.required,
        advanced: field.advanced,
        value: values.get(&key).cloned().unwrap_or_default(),
        min,
        max,
        choices,
        field: key,
    }
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
    reply(None, Said::Height { height: px })
}

/// A request was carried out; `runs` are those that it began.
pub fn ok(id: Option<&Id>, runs: &[u32]) -> Value {
    reply(id, Said::Ok { runs })
}

/// `state`: the phase in a word or two of the page's language. `elapsed_ms` since it was asked for.
pub fn phase(of: &Of, phase: &str, state: &str, elapsed_ms: u64) -> Value {
    about(of, Said::Phase { phase, state, elapsed_ms })
}

/// What a run brought; a text, or a file whose bytes go beside it as `blob`.
#[derive(Clone, Copy, Debug)]
pub enum Brought<'a> {
    /// An answer in words.
    Text(&'a str),
    /// A file.
    File {
        /// Its name at the server.
        name: &'a str,
        /// Its media type, such as `image/png`.
        media_type: &'a str,
    },
}

/// Tells the host one result of a run. A `seed` above 2^53 − 1 is told as a text, as JavaScript
/// would round the number.
pub fn result(of: &Of, brought: Brought, seed: Option<u64>, values: &Map<String, Value>) -> Value {
    let seed = match seed {
        Some(seed) if seed > MAX_SAFE => Value::String(seed.to_string()),
        Some(seed) => seed.into(),
        None => Value::Null,
    };
    let (media_type, text, file_name) = match brought {
        Brought::Text(text) => ("text/plain", Some(text), None),
        Brought::File { name, media_type } => (media_type, None, Some(name)),
    };
    about(of, Said::Result { seed, values, media_type, text, file_name })
}

/// How a run failed.
pub fn failed(of: &Of, failure: &FailureView) -> Value {
    let FailureView { title, body, raw, remedy, .. } = failure;
    about(of, Said::Failed { title, body, raw, remedy: remedy_name(*remedy) })
}

/// Why a request was not carried out; nothing has changed then. `problems`: fields by their keys,
/// and what is wrong with each.
pub fn refused(id: Option<&Id>, title: &str, problems: &[(String, String)]) -> Value {
    let problems = problems.iter().map(|(field, said)| Problem { field, said }).collect();
    reply(id, Said::Refused { title, problems })
}

fn reply(id: Option<&Id>, said: Said) -> Value {
    json::to_value(&Message { pilotlight: VERSION, id, run: None, said })
}

fn about(of: &Of, said: Said) -> Value {
    let run = Some(Run { run: of.run, prompt_id: of.prompt_id });
    json::to_value(&Message { pilotlight: VERSION, id: of.id, run, said })
}

fn remedy_name(remedy: Remedy) -> &'static str {
    match remedy {
        Remedy::RunAgain => "run-again",
        Remedy::TryAgain => "try-again",
        Remedy::LookAgain => "look-again",
        Remedy::LookAnyway => "look-anyway",
        Remedy::GoToField => "go-to-field",
        Remedy::OpenSettings => "open-settings",
        Remedy::MakeOne => "make-one",
        Remedy::ShrinkPictures => "shrink-pictures",
        Remedy::CopyDetails => "copy-details",
        Remedy::EnterKey => "enter-key",
    }
}
