//! `config.json`: what whoever puts the page somewhere may decide without building it.
//! Invariant: reading never fails; what cannot be used is named in a notice, and the default stands.
//!
//! Read key by key: whoever wrote the file is told which keys are not used and what should stand
//! there, all at once; an error of serde names the first at best, and what it expected in the words
//! of Rust.

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

/// The longest wait for a GPU before the page stops asking, in seconds.
pub const WAKE_LIMIT_SECONDS: u64 = 900;
/// The longest time without an answer before the page stops asking after a run, in seconds.
pub const REACH_LIMIT_SECONDS: u64 = 900;
/// After how long without a request a GPU is probably asleep, in seconds, until somebody configures
/// it: the guide's `scaleDownDelaySeconds`.
pub const IDLE_DELAY_SECONDS: u64 = 30;
const DAY_SECONDS: u64 = 86_400;

/// What `config.json` says, with the defaults where it says nothing that can be used.
#[derive(Clone, Debug, PartialEq)]
pub struct Config {
    /// What the page calls itself; its own name if absent.
    pub title: Option<Label>,
    /// `None` if nothing stands there, or no address: nothing is sent anywhere then.
    pub endpoint: Option<Address>,
    /// Other addresses that a link may name; nowhere else goes what it says.
    pub endpoints: Vec<Address>,
    /// The name kubeai knows the deployment by; absent for a plain ComfyUI.
    pub model: Option<String>,
    /// How the server is reached: by a relay or directly.
    pub transport: Transport,
    /// Where the workflows are, relative to the page, in the order of their tabs.
    pub workflows: Vec<String>,
    /// What a person can switch between; never empty.
    pub languages: Vec<Language>,
    /// What the page starts in; the browser's if absent.
    pub language: Option<Language>,
    /// The colours that the page starts with.
    pub theme: Theme,
    /// Costs are not shown without it.
    pub price_per_gpu_hour: Option<f64>,
    /// Stands before amounts.
    pub currency: String,
    /// What waking usually takes, until this browser has seen it.
    pub wake_hint_seconds: Option<(u64, u64)>,
    /// How long to wait for a GPU before the page stops asking, in seconds, 1 … 86400.
    pub wake_limit_seconds: u64,
    /// How long a live run may go without any answer.
    pub reach_limit_seconds: u64,
    /// After how long without a request a GPU is probably asleep; nothing is said of when it will
    /// be, and no idling counted, if absent.
    pub idle_delay_seconds: Option<u64>,
    /// Before runs that would pass it the page asks; money where there is a price, else minutes.
    pub limit_per_day: Option<f64>,
    /// The same as `limit_per_day` for a month of the calendar.
    pub limit_per_month: Option<f64>,
    /// The sites that may show the page in a frame, and talk to it; beside its own, no others.
    pub embed_origins: Vec<String>,
}

/// Something in the file that was not used as it stands there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notice {
    /// Where reading stopped; lines count from 1. Every default stands.
    NotJson {
        /// The line, from 1.
        line: usize,
        /// The column in that line, from 1.
        column: usize,
    },
    /// JSON, but not an object. Every default stands.
    NotAnObject,
    /// The page knows no such key; it is ignored.
    UnknownKey {
        /// The key as it stands in the file.
        key: String,
    },
    /// The default stands.
    Wrong {
        /// The key.
        key: &'static str,
        /// What should stand there.
        expected: Expected,
    },
    /// The endpoint is not an address; `value` is what stands there.
    NotAnAddress {
        /// What stands there.
        value: String,
        /// What is wrong with it.
        trouble: AddressTrouble,
    },
    /// Straight to kubeai, but no model is named: it would refuse every request.
    ModelMissing,
}

/// What should have stood there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expected {
    /// A text.
    Text,
    /// A text, or one per language.
    Label,
    /// A model's name: no blanks, at most 253 bytes.
    ModelName,
    /// A list of addresses relative to the page.
    Paths,
    /// A list of addresses as `endpoint` takes them.
    Addresses,
    /// A list of `en` and `zh`.
    Languages,
    /// `en` or `zh`.
    Language,
    /// `auto`, `light` or `dark`.
    Theme,
    /// `relay` or `direct`.
    Transport,
    /// A number from 0.
    Price,
    /// A number above 0.
    Amount,
    /// A whole number from 1 to a day.
    Seconds,
    /// Two of them, the smaller first.
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
    /// Reads the text of a `config.json`, and returns beside it every part that was not used. It
    /// never fails: the default stands for what cannot be read.
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

    /// Where requests go, if the configuration names a place.
    pub fn endpoint(&self) -> Option<Endpoint> {
        let base = self.endpoint.as_ref()?.as_str();
        Some(Endpoint::new(base, self.model.as_deref(), self.transport))
    }

    /// What an hour of the GPU costs, if that is known.
    pub fn price(&self) -> Option<Price<'_>> {
        let per_hour = self.price_per_gpu_hour?;
        Some(Price { per_hour, currency: &self.currency })
    }

    /// After how long without a request a GPU is taken to be asleep, in ms.
    pub fn idle_ms(&self) -> u64 {
        self.idle_delay_seconds.unwrap_or(IDLE_DELAY_SECONDS) * SECOND_MS
    }

    /// Whether these sites may all show the page, one in the frame of the other. `around`: their
    /// origins with blanks between them, as the browser names them.
    pub fn welcomes(&self, around: &str) -> bool {
        around.split(' ').all(|origin| self.embed_origins.iter().any(|known| known == origin))
    }

    /// How long runs wait.
    pub fn limits(&self) -> Limits {
        Limits {
            waking_ms: self.wake_limit_seconds * SECOND_MS,
            reach_ms: self.reach_limit_seconds * SECOND_MS,
        }
    }

    fn take_all(&mut self, map: &Map<String, Value>) -> Vec<Notice> {
        let mut notices = Vec::new();
        for (key, value) in map {
            // JSON has no comments; a key that begins like this is one.
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

/// `false`: what stood there could not be read, and `place` stays as it is.
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

/// A piece of the file short enough for a sentence.
fn shown(text: &str) -> String {
    text.chars().take(80).collect()
}
