//! What the address of a frame asks for: `?embed=1&show=…&values=…`. Invariant: a wish that is not
//! understood is named, and the others hold; parameters of others are left alone, since hosts and
//! proxies add theirs.

use super::Theme;
use super::ask::shown;
use crate::open::link::query_value;
use pilotlight_comfy::json;
use pilotlight_comfy::language::Language;
use serde_json::{Map, Value};

/// More than any address that arrives.
const MAX_VALUES_BYTES: usize = 64 << 10;

/// The parts of the page that a frame may show besides form, run bar and runs. `src/features/shell/layout.css`
/// goes by the names.
pub const PARTS: [&str; 7] = ["header", "tabs", "advanced", "tools", "cost", "results", "gallery"];

/// What the first paint could not do.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Wishes {
    /// The values that fields begin with.
    pub values: Map<String, Value>,
}

/// A wish that was not understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unread {
    /// No part of the page is called so.
    Part {
        /// What the wish calls it.
        name: String,
    },
    /// The page does not speak this language.
    Language {
        /// What the wish calls it.
        name: String,
    },
    /// There are no such colours.
    Theme {
        /// What the wish calls it.
        name: String,
    },
    /// No object in JSON.
    Values,
}

/// Reads the query of an address, as it stands there.
pub fn wishes(query: &str) -> (Wishes, Vec<Unread>) {
    let mut wishes = Wishes::default();
    let mut unread = Vec::new();
    for pair in query.trim_start_matches('?').split('&') {
        let Some((name, value)) = pair.split_once('=') else { continue };
        let value = query_value(value);
        match name {
            "show" => {
                let parts = value.split([',', ' ']).filter(|part| !part.is_empty());
                let unknown = parts.filter(|part| !PARTS.contains(part));
                unread.extend(unknown.map(|part| Unread::Part { name: shown(part) }));
            }
            "lang" if Language::from_tag(&value).is_none() => {
                unread.push(Unread::Language { name: shown(&value) });
            }
            "theme" if Theme::from_name(&value).is_none() => {
                unread.push(Unread::Theme { name: shown(&value) });
            }
            "values" => match read_values(&value) {
                Some(values) => wishes.values = values,
                None => unread.push(Unread::Values),
            },
            _ => {}
        }
    }
    (wishes, unread)
}

fn read_values(text: &str) -> Option<Map<String, Value>> {
    if text.len() > MAX_VALUES_BYTES {
        return None;
    }
    match json::parse(text)? {
        Value::Object(values) => Some(values),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => {
            None
        }
    }
}
