//! `config.json`: the settings of an operator. Invariant: reading never fails; what cannot be used
//! is reported in a notice, and its default applies.
//!
//! The file is read key by key, so that all unusable keys are reported at once, with what is
//! expected. An error of serde would report only the first, in terms of Rust.

mod address;
mod origin;

#[cfg(test)]
mod tests;

use crate::price::Price;
use crate::run::Limits;
use pilotlight_comfy::comfy::{Endpoint, Transport};
use pilotlight_comfy::language::{Label, Language};
use pilotlight_comfy::time::SECOND_MS;
use serde_json::{Map, Value};

pub use address::{Address, AddressTrouble};
pub use pilotlight_forms::embed::Theme;

/// The default limit for waking a GPU, in seconds.
pub const WAKE_LIMIT_SECONDS: u64 = 900;
/// The default limit for a run without any answer, in seconds.
pub const REACH_LIMIT_SECONDS: u64 = 900;
const DAY_SECONDS: u64 = 86_400;

/// The content of `config.json`, with defaults for what it does not contain.
#[derive(Clone, Debug, PartialEq)]
pub struct Config {
    /// The title of the page; *Pilotlight* if absent.
    pub title: Option<Label>,
    /// The address of the server; `None` if it is missing or invalid: then nothing is sent.
    pub endpoint: Option<Address>,
    /// Further addresses that a link may name; links cannot name others.
    pub endpoints: Vec<Address>,
    /// The name of the model in kubeai; `None` for plain ComfyUI.
    pub model: Option<String>,
    /// How the server is reached: by a relay or directly.
    pub transport: Transport,
    /// The paths of the workflows, relative to the page, in the order of their tabs.
    pub workflows: Vec<String>,
    /// The languages that users can choose from; never empty.
    pub languages: Vec<Language>,
    /// The initial language; the browser's if absent.
    pub language: Option<Language>,
    /// The initial theme.
    pub theme: Theme,
    /// The price; costs are shown only if it is set.
    pub price_per_gpu_hour: Option<f64>,
    /// The currency, shown before amounts.
    pub currency: String,
    /// How long waking usually takes, from and to; used until this browser has measured it.
    pub wake_hint_seconds: Option<(u64, u64)>,
    /// The limit for waking a GPU, in seconds, 1 to 86400.
    pub wake_limit_seconds: u64,
    /// The limit for a live run without any answer, in seconds.
    pub reach_limit_seconds: u64,
    /// After how long without requests the GPU sleeps, in seconds. If absent, the page does not
    /// predict it and counts no idle time.
    pub idle_delay_seconds: Option<u64>,
    /// The limit of a day, in money or, without a price, in minutes; asks before runs pass it.
    pub limit_per_day: Option<f64>,
    /// The same for a calendar month.
    pub limit_per_month: Option<f64>,
    /// The sites that may show the page in a frame and exchange messages with it, besides its own.
    pub embed_origins: Vec<String>,
}

/// A part of the file that was not used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notice {
    /// Not JSON; every default applies.
    NotJson {
        /// The line of the error, from 1.
        line: usize,
        /// The column in that line, from 1.
        column: usize,
    },
    /// JSON, but not an object; every default applies.
    NotAnObject,
    /// An unknown key, which is ignored.
    UnknownKey {
        /// The key as it stands in the file.
        key: String,
    },
    /// A value that cannot be used; its default applies.
    Wrong {
        /// The key.
        key: &'static str,
        /// What is expected.
        expected: Expected,
    },
    /// The endpoint is not an address.
    NotAnAddress {
        /// The value in the file.
        value: String,
        /// What is wrong with it.
        trouble: AddressTrouble,
    },
    /// The direct transport to kubeai needs a model: kubeai would refuse every request.
    ModelMissing,
}

/// The expected value of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expected {
    /// A text.
    Text,
    /// A text, or one per language.
    Label,
    /// The name of a model: no whitespace, at most 253 bytes.
    ModelName,
    /// A list of addresses relative to the page.
    Paths,
    /// A list of addresses like `endpoint`.
    Addresses,
    /// A list of languages.
    Languages,
    /// A language.
    Language,
    /// `auto`, `light` or `dark`.
    Theme,
    /// `relay` or `direct`.
    Transport,
    /// A number from 0.
    Price,
    /// A number above 0.
    Amount,
    /// An integer from 1 to 86400.
    Seconds,
    /// Two such integers, the smaller one first.
    SecondsRange,
    /// A list of origins such as `https://shop.example`.
    Origins,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            title: None,
            endpoint: None,
            endpoints: Vec::new(),
            model: None,
            transport: Transport::Relay,
            workflows: vec![
                "workflows/janus-text-to-image.json".to_owned(),
                "workflows/janus-image-understanding.json".to_owned(),
            ],
            languages: Language::ALL.to_vec(),
            language: None,
            theme: Theme::Auto,
            price_per_gpu_hour: None,
            currency: "¥".to_owned(),
            wake_hint_seconds: None,
            wake_limit_seconds: WAKE_LIMIT_SECONDS,
            reach_limit_seconds: REACH_LIMIT_SECONDS,
            idle_delay_seconds: None,
            limit_per_day: None,
            limit_per_month: None,
            embed_origins: Vec::new(),
        }
    }
}

impl Config {
    /// Reads the text of a `config.json`; returns a notice for each part that was not used. It
    /// never fails: defaults apply to what cannot be read.
    pub fn parse(text: &str) -> (Self, Vec<Notice>) {
        let mut config = Self::default();
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let notices = match serde_json::from_str::<Value>(text) {
            Ok(Value::Object(map)) => config.take_all(&map),
            Ok(_) => vec![Notice::NotAnObject],
            Err(error) => {
                vec![Notice::NotJson { line: error.line(), column: error.column() }]
            }
        };
        (config, notices)
    }

    /// Returns the configured server, if there is one.
    pub fn endpoint(&self) -> Option<Endpoint> {
        let base = self.endpoint.as_ref()?.as_str();
        Some(Endpoint::new(base, self.model.as_deref(), self.transport))
    }

    /// Returns the price of the GPU, if it is configured.
    pub fn price(&self) -> Option<Price<'_>> {
        let per_hour = self.price_per_gpu_hour?;
        Some(Price { per_hour, currency: &self.currency })
    }

    /// After how long without a request the cluster puts a GPU away, in ms, if that is known.
    pub fn idle_ms(&self) -> Option<u64> {
        Some(self.idle_delay_seconds? * SECOND_MS)
    }

    /// Returns whether all of these sites may show the page, nested in each other. `around`: their
    /// origins, separated by spaces, as the browser writes them.
    pub fn welcomes(&self, around: &str) -> bool {
        around.split(' ').all(|origin| self.embed_origins.iter().any(|known| known == origin))
    }

    /// Returns the time limits of runs.
    pub fn limits(&self) -> Limits {
        Limits {
            waking_ms: self.wake_limit_seconds * SECOND_MS,
            reach_ms: self.reach_limit_seconds * SECOND_MS,
        }
    }

    fn take_all(&mut self, map: &Map<String, Value>) -> Vec<Notice> {
        let mut notices = Vec::new();
        for (key, value) in map {
            // JSON has no comments; keys that begin like this serve as such.
            if !key.starts_with(['_', '$']) {
                notices.extend(self.take(key, value).err());
            }
        }
        let to_kubeai = self.endpoint.as_ref().is_some_and(Address::is_kubeai);
        if self.transport == Transport::Direct && to_kubeai && self.model.is_none() {
            notices.push(Notice::ModelMissing);
        }
        if !self.language.is_none_or(|language| self.languages.contains(&language)) {
            self.language = None;
            notices.push(Notice::Wrong { key: "language", expected: Expected::Language });
        }
        notices
    }

    fn take(&mut self, key: &str, value: &Value) -> Result<(), Notice> {
        let (key, expected, taken) = match key {
            "title" => {
                ("title", Expected::Label, put_some(&mut self.title, Label::from_value(value)))
            }
            "endpoint" => {
                self.endpoint = None;
                let text = value.as_str();
                if let Some(text) = text.filter(|text| !text.is_empty()) {
                    let not_an_address =
                        |trouble| Notice::NotAnAddress { value: shown(text), trouble };
                    self.endpoint = Some(Address::parse(text).map_err(not_an_address)?);
                }
                ("endpoint", Expected::Text, text.is_some() || value.is_null())
            }
            "endpoints" => {
                ("endpoints", Expected::Addresses, put(&mut self.endpoints, addresses(value)))
            }
            "model" => {
                let name = model_name(value);
                let taken = name.is_some();
                if taken {
                    self.model = name.filter(|name| !name.is_empty());
                }
                ("model", Expected::ModelName, taken)
            }
            "transport" => {
                ("transport", Expected::Transport, put(&mut self.transport, transport(value)))
            }
            "workflows" => ("workflows", Expected::Paths, put(&mut self.workflows, paths(value))),
            "languages" => {
                ("languages", Expected::Languages, put(&mut self.languages, languages(value)))
            }
            "language" => {
                ("language", Expected::Language, put_some(&mut self.language, language(value)))
            }
            "theme" => ("theme", Expected::Theme, put(&mut self.theme, theme(value))),
            "price_per_gpu_hour" => (
                "price_per_gpu_hour",
                Expected::Price,
                put_some(&mut self.price_per_gpu_hour, price(value)),
            ),
            "currency" => {
                let currency = value.as_str().map(str::to_owned);
                ("currency", Expected::Text, put(&mut self.currency, currency))
            }
            "wake_hint_seconds" => (
                "wake_hint_seconds",
                Expected::SecondsRange,
                put_some(&mut self.wake_hint_seconds, range(value)),
            ),
            "wake_limit_seconds" => (
                "wake_limit_seconds",
                Expected::Seconds,
                put(&mut self.wake_limit_seconds, seconds(value)),
            ),
            "reach_limit_seconds" => (
                "reach_limit_seconds",
                Expected::Seconds,
                put(&mut self.reach_limit_seconds, seconds(value)),
            ),
            "idle_delay_seconds" => (
                "idle_delay_seconds",
                Expected::Seconds,
                put_some(&mut self.idle_delay_seconds, seconds(value)),
            ),
            "limit_per_day" => (
                "limit_per_day",
                Expected::Amount,
                put_some(&mut self.limit_per_day, amount(value)),
            ),
            "limit_per_month" => (
                "limit_per_month",
                Expected::Amount,
                put_some(&mut self.limit_per_month, amount(value)),
            ),
            "embed_origins" => {
                ("embed_origins", Expected::Origins, put(&mut self.embed_origins, origins(value)))
            }
            unknown => return Err(Notice::UnknownKey { key: shown(unknown) }),
        };
        if taken { Ok(()) } else { Err(Notice::Wrong { key, expected }) }
    }
}

/// Sets a value if it could be read; returns whether it could.
fn put<T>(place: &mut T, read: Option<T>) -> bool {
    let Some(read) = read else { return false };
    *place = read;
    true
}

fn put_some<T>(place: &mut Option<T>, read: Option<T>) -> bool {
    let taken = read.is_some();
    if taken {
        *place = read;
    }
    taken
}

fn transport(value: &Value) -> Option<Transport> {
    match value.as_str()? {
        "relay" => Some(Transport::Relay),
        "direct" => Some(Transport::Direct),
        _ => None,
    }
}

fn theme(value: &Value) -> Option<Theme> {
    Theme::from_name(value.as_str()?)
}

fn language(value: &Value) -> Option<Language> {
    Language::from_tag(value.as_str()?)
}

fn languages(value: &Value) -> Option<Vec<Language>> {
    let mut list = Vec::new();
    for value in value.as_array()? {
        list.push(language(value)?);
    }
    (!list.is_empty()).then_some(list)
}

fn paths(value: &Value) -> Option<Vec<String>> {
    let mut list = Vec::new();
    for value in value.as_array()? {
        list.push(value.as_str().filter(|path| !path.is_empty())?.to_owned());
    }
    Some(list)
}

fn addresses(value: &Value) -> Option<Vec<Address>> {
    let mut list = Vec::new();
    for value in value.as_array()? {
        list.push(Address::parse(value.as_str()?).ok()?);
    }
    Some(list)
}

fn origins(value: &Value) -> Option<Vec<String>> {
    value.as_array()?.iter().map(|value| origin::origin(value.as_str()?)).collect()
}

fn model_name(value: &Value) -> Option<String> {
    let name = value.as_str()?;
    let odd = |c: char| c.is_whitespace() || c.is_control();
    (name.len() <= 253 && !name.contains(odd)).then(|| name.to_owned())
}

fn price(value: &Value) -> Option<f64> {
    value.as_f64().filter(|price| *price >= 0.0)
}

fn amount(value: &Value) -> Option<f64> {
    price(value).filter(|amount| *amount > 0.0)
}

fn seconds(value: &Value) -> Option<u64> {
    value.as_u64().filter(|seconds| (1..=DAY_SECONDS).contains(seconds))
}

fn range(value: &Value) -> Option<(u64, u64)> {
    let [low, high] = value.as_array()?.as_slice() else { return None };
    let (low, high) = (seconds(low)?, seconds(high)?);
    (low <= high).then_some((low, high))
}

/// Returns the beginning of a text from the file, for a notice.
fn shown(text: &str) -> String {
    text.chars().take(80).collect()
}
