//! Which widget an input gets: by its class description, else by the value that stands there.
//! Invariant: every value that is not a link has a widget, at worst one that only shows it.

use super::Draft;
use crate::find::{has, split_once};
use crate::json;
use crate::number::{integer, json_integer, shown, shown_float};
use crate::schema::Kind;
use crate::workflow::Node;
use serde_json::Value;

/// Bounds include their ends.
#[derive(Clone, Debug, PartialEq)]
pub enum Widget {
    LongText,
    Text,
    Int {
        min: Option<i128>,
        max: Option<i128>,
        step: Option<i128>,
    },
    /// The step is a suggestion; any number within the bounds is taken.
    Float {
        min: Option<f64>,
        max: Option<f64>,
        step: Option<f64>,
    },
    /// Empty means a random one for each run.
    Seed {
        min: i128,
        max: i128,
    },
    Switch,
    Choice {
        options: Vec<Choice>,
    },
    Picture,
    /// A value for which there is no widget; it is sent as it is.
    ReadOnly,
}

/// One of several values, and the text it is chosen by.
#[derive(Clone, Debug, PartialEq)]
pub struct Choice {
    pub text: String,
    pub value: Value,
}

/// Bounds and step as text for an element's attributes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Range {
    pub min: Option<String>,
    pub max: Option<String>,
    pub step: Option<String>,
}

/// A text above this length gets room, whatever its class says of it.
const LONG_TEXT_BYTES: usize = 60;

/// Every seed that ComfyUI takes.
const ANY_SEED: i128 = u64::MAX as i128;

impl Widget {
    /// The widget of an input that holds `value`, which is no link.
    pub(super) fn of(name: &str, value: &Value, node: Node<'_>, kind: Option<&Kind>) -> Self {
        let described = match kind {
            Some(Kind::Int { min, max, step, control_after_generate }) => {
                // Sizes can carry the mark as well; only a seed may change by itself.
                if is_seed(name) || *control_after_generate && split_once(name, "seed").is_some() {
                    let (min, max) = (min.unwrap_or(0), max.unwrap_or(ANY_SEED));
                    if min > max {
                        Self::Seed { min: 0, max: ANY_SEED }
                    } else {
                        Self::Seed { min, max }
                    }
                } else {
                    Self::Int { min: *min, max: *max, step: *step }
                }
            }
            Some(Kind::Float { min, max, step, round: _ }) => {
                Self::Float { min: *min, max: *max, step: *step }
            }
            Some(Kind::Text { multiline: true }) => Self::LongText,
            Some(Kind::Text { multiline: false }) => Self::Text,
            Some(Kind::Switch) => Self::Switch,
            Some(Kind::Choice { options }) if !options.is_empty() => {
                Self::Choice { options: options.iter().map(Choice::of).collect() }
            }
            Some(Kind::Picture) => Self::Picture,
            Some(Kind::Choice { .. } | Kind::Link) | None => Self::by_value(name, value, node),
        };
        // A value that the described widget could not hold is shown, never changed.
        if described.holds(value) { described } else { Self::by_value(name, value, node) }
    }

    fn by_value(name: &str, value: &Value, node: Node<'_>) -> Self {
        match value {
            Value::Bool(_) => Self::Switch,
            Value::Number(_) if integer(value).is_none() || value.is_f64() => {
                Self::Float { min: None, max: None, step: None }
            }
            Value::Number(_) if is_seed(name) => Self::Seed { min: 0, max: ANY_SEED },
            Value::Number(_) => Self::Int { min: None, max: None, step: None },
            // The editor marks inputs that take an upload with a neighbour of this name.
            Value::String(_)
                if node.input("upload").and_then(Value::as_str) == Some(name)
                    && name == "image" =>
            {
                Self::Picture
            }
            Value::String(text) if text.len() > LONG_TEXT_BYTES || has(text, b'\n') => {
                Self::LongText
            }
            Value::String(_) if matches!(name, "prompt" | "text" | "question") => Self::LongText,
            Value::String(_) => Self::Text,
            Value::Null | Value::Array(_) | Value::Object(_) => Self::ReadOnly,
        }
    }

    fn holds(&self, value: &Value) -> bool {
        match self {
            Self::LongText | Self::Text | Self::Picture => value.is_string(),
            Self::Int { .. } | Self::Seed { .. } => integer(value).is_some(),
            Self::Float { .. } => value.is_number(),
            Self::Switch => value.is_boolean(),
            Self::Choice { .. } => !value.is_array() && !value.is_object(),
            Self::ReadOnly => true,
        }
    }

    /// What an untouched widget holds.
    pub(super) fn draft(&self, value: &Value) -> Draft {
        match self {
            Self::Seed { .. } => Draft::Text(String::new()),
            Self::Switch => Draft::Switch(value.as_bool().unwrap_or(false)),
            Self::Picture => Draft::Picture(None),
            Self::LongText
            | Self::Text
            | Self::Int { .. }
            | Self::Float { .. }
            | Self::Choice { .. }
            | Self::ReadOnly => Draft::Text(shown_value(value)),
        }
    }

    /// Draws the bounds closer, never wider. `false`: nothing is left between them, or the widget
    /// has none.
    #[must_use]
    pub(super) fn narrow(&mut self, low: Option<&Value>, high: Option<&Value>) -> bool {
        let float = |bound: Option<&Value>| bound.and_then(Value::as_f64);
        match self {
            Self::Int { min, max, .. } => {
                *min = low.and_then(integer).into_iter().chain(*min).max();
                *max = high.and_then(integer).into_iter().chain(*max).min();
                min.zip(*max).is_none_or(|(min, max)| min <= max)
            }
            Self::Seed { min, max } => {
                *min = low.and_then(integer).map_or(*min, |low| low.max(*min));
                *max = high.and_then(integer).map_or(*max, |high| high.min(*max));
                *min <= *max
            }
            Self::Float { min, max, .. } => {
                *min = float(low).into_iter().chain(*min).reduce(f64::max);
                *max = float(high).into_iter().chain(*max).reduce(f64::min);
                min.zip(*max).is_none_or(|(min, max)| min <= max)
            }
            Self::LongText
            | Self::Text
            | Self::Switch
            | Self::Choice { .. }
            | Self::Picture
            | Self::ReadOnly => low.is_none() && high.is_none(),
        }
    }

    /// For the attributes of a number's element.
    pub fn range(&self) -> Range {
        let int = |bound: i128| json_integer(bound).map(|number| shown(&number));
        match self {
            Self::Int { min, max, step } => {
                Range { min: min.and_then(int), max: max.and_then(int), step: step.and_then(int) }
            }
            Self::Seed { min, max } => Range { min: int(*min), max: int(*max), step: None },
            Self::Float { min, max, step } => Range {
                min: min.map(shown_float),
                max: max.map(shown_float),
                step: step.map(shown_float),
            },
            Self::LongText
            | Self::Text
            | Self::Switch
            | Self::Choice { .. }
            | Self::Picture
            | Self::ReadOnly => Range::default(),
        }
    }
}

impl Choice {
    fn of(value: &Value) -> Self {
        Self { text: shown_value(value), value: value.clone() }
    }
}

fn shown_value(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => shown(number),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => json::text(value),
    }
}

fn is_seed(name: &str) -> bool {
    name == "seed" || name.ends_with("_seed")
}

#[cfg(test)]
mod tests;
