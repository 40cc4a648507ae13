//! Which widget an input gets: by its class description, else by the value that stands there.
//! Invariant: every value that is not a link has a widget, at worst one that only shows it.

use super::{Draft, MAX_TEXT_BYTES};
use pilotlight_comfy::json;
use pilotlight_comfy::language::one_line;
use pilotlight_comfy::number::{integer, json_integer, shown, shown_float, typed_number};
use pilotlight_comfy::schema::{Branch, Fixed, Kind};
use pilotlight_comfy::seed::is_seed;
use pilotlight_comfy::workflow::Node;
use serde_json::{Number, Value};

/// Bounds include their ends.
#[derive(Clone, Debug, PartialEq)]
pub enum Widget {
    /// A text of several lines.
    LongText,
    /// A text of one line.
    Text,
    /// A whole number.
    Int {
        /// The least that is taken.
        min: Option<i128>,
        /// The most that is taken.
        max: Option<i128>,
        /// By how much the arrow keys change it.
        step: Option<i128>,
    },
    /// The step is a suggestion; any number within the bounds is taken.
    Float {
        /// The least that is taken.
        min: Option<f64>,
        /// The most that is taken.
        max: Option<f64>,
        /// By how much the arrow keys change it.
        step: Option<f64>,
    },
    /// Empty means a random one for each run.
    Seed {
        /// The least that is drawn and taken.
        min: i128,
        /// The most that is drawn and taken.
        max: i128,
    },
    /// On or off.
    Switch,
    /// One of several values.
    Choice {
        /// The values, in the order they are shown.
        options: Vec<Choice>,
    },
    /// A file that an upload puts into the server's input folder; so are `Video` and `Sound`.
    Picture,
    /// A film.
    Video,
    /// A sound.
    Sound,
    /// A value for which there is no widget; it is sent as it is.
    ReadOnly(Fixed),
}

/// One of several values, and the text it is chosen by.
#[derive(Clone, Debug, PartialEq)]
pub struct Choice {
    /// What is shown.
    pub text: String,
    /// What is sent.
    pub value: Value,
}

/// Bounds and step as text for an element's attributes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Range {
    /// The least.
    pub min: Option<String>,
    /// The most.
    pub max: Option<String>,
    /// The step.
    pub step: Option<String>,
}

/// Bounds from here on only say that any number is taken: classes name the largest of their type.
const ANY: f64 = 1e6;

impl Range {
    /// Returns both bounds where they tell what to fill in.
    pub fn told(&self) -> Option<(&str, &str)> {
        let told = |bound: &Option<String>| {
            // Not by `str::parse`, whose table for floats is 10 kB of the first download.
            let bound = typed_number(bound.as_ref()?).ok()?.as_f64()?;
            (bound.abs() < ANY).then_some(())
        };
        told(&self.min).and(told(&self.max))?;
        Some((self.min.as_deref()?, self.max.as_deref()?))
    }
}

/// A text above this length gets room, whatever its class says of it.
const LONG_TEXT_BYTES: usize = 60;

/// Of a value that is only looked at.
const MAX_SHOWN_CHARS: usize = 500;

/// Every seed that ComfyUI takes.
const ANY_SEED: i128 = u64::MAX as i128;

impl Widget {
    /// Returns the name of the widget in listings of fields.
    pub fn name(&self) -> &'static str {
        match self {
            Self::LongText => "long text",
            Self::Text => "text",
            Self::Int { .. } => "int",
            Self::Float { .. } => "float",
            Self::Seed { .. } => "seed",
            Self::Switch => "switch",
            Self::Choice { .. } => "choice",
            Self::Picture => "picture",
            Self::Video => "video",
            Self::Sound => "sound",
            Self::ReadOnly(_) => "fixed",
        }
    }

    /// Returns whether it takes a file.
    pub fn is_file(&self) -> bool {
        matches!(self, Self::Picture | Self::Video | Self::Sound)
    }

    /// About as many bytes as its choices take.
    pub(super) fn choices_bytes(&self) -> usize {
        let Self::Choice { options } = self else { return 0 };
        options.iter().map(|option| 64 + 2 * option.text.len()).sum()
    }

    /// The widget of an input that holds `value`, which is no link.
    pub(super) fn of(name: &str, value: &Value, node: Node<'_>, kind: Option<&Kind>) -> Self {
        let described = match kind {
            Some(Kind::Int { min, max, step, control_after_generate }) => {
                if is_seed(name, *control_after_generate) {
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
            // A field of one line would join the lines.
            Some(Kind::Text { multiline: false })
                if value.as_str().is_some_and(|text| text.contains(['\n', '\r'])) =>
            {
                Self::LongText
            }
            Some(Kind::Text { multiline: false }) => Self::Text,
            Some(Kind::Switch) => Self::Switch,
            Some(Kind::Choice { options }) if !options.is_empty() => {
                Self::Choice { options: options.iter().map(Choice::of).collect() }
            }
            Some(Kind::Branches(branches)) => Self::branches(name, value, node, branches),
            Some(Kind::Picture) => Self::Picture,
            Some(Kind::Video) => Self::Video,
            Some(Kind::Sound) => Self::Sound,
            Some(Kind::Fixed(why)) => Self::ReadOnly(*why),
            Some(Kind::Choice { .. } | Kind::Growing | Kind::Link) | None => {
                Self::by_value(name, value, node)
            }
        };
        // A value that the described widget could not hold is shown, never changed.
        if described.holds(value) { described } else { Self::by_value(name, value, node) }
    }

    /// Only those options are offered whose further inputs the workflow has.
    fn branches(name: &str, value: &Value, node: Node<'_>, branches: &[Branch]) -> Self {
        let Some(now) = branches.iter().find(|branch| value.as_str() == Some(&branch.key)) else {
            return Self::ReadOnly(Fixed::Branches);
        };
        let same = |branch: &&Branch| {
            branch.inputs.iter().filter(|input| input.required).all(|input| {
                let own = now.inputs.iter().find(|own| own.name == input.name);
                own.is_some_and(|own| own.kind == input.kind)
                    && node.input(&[name, ".", &input.name].concat()).is_some()
            })
        };
        let fits = |branch: &&Branch| branch.key == now.key || same(branch);
        let fitting = branches.iter().filter(fits);
        let options: Vec<Choice> =
            fitting.map(|branch| Choice::of(&branch.key.as_str().into())).collect();
        if options.len() > 1 { Self::Choice { options } } else { Self::ReadOnly(Fixed::Branches) }
    }

    fn by_value(name: &str, value: &Value, node: Node<'_>) -> Self {
        let name = last(name);
        match value {
            Value::Bool(_) => Self::Switch,
            Value::Number(_)
                if integer(value).is_none() || value.is_f64() || DECIMALS.contains(&name) =>
            {
                Self::Float { min: None, max: None, step: None }
            }
            Value::Number(_) if is_seed(name, false) => Self::Seed { min: 0, max: ANY_SEED },
            Value::Number(_) => Self::Int { min: None, max: None, step: None },
            Value::String(text) if text.len() > MAX_TEXT_BYTES => Self::ReadOnly(Fixed::Long),
            Value::String(text) => Self::of_file(name, node).unwrap_or_else(|| {
                let long = text.len() > LONG_TEXT_BYTES || text.contains('\n');
                if long || LONG_TEXTS.contains(&name) { Self::LongText } else { Self::Text }
            }),
            Value::Null | Value::Array(_) | Value::Object(_) => Self::ReadOnly(Fixed::Unknown),
        }
    }

    /// Files that are uploaded, by the names of the classes that read them.
    fn of_file(name: &str, node: Node<'_>) -> Option<Self> {
        match (node.class(), name) {
            ("LoadImage" | "LoadImageMask", "image") => Some(Self::Picture),
            ("LoadVideo", "file") | ("VHS_LoadVideo", "video") => Some(Self::Video),
            ("LoadAudio" | "VHS_LoadAudioUpload", "audio") => Some(Self::Sound),
            // The editor marks inputs that take an upload with a neighbour of this name.
            (_, "image") if node.input("upload").and_then(Value::as_str) == Some(name) => {
                Some(Self::Picture)
            }
            _ => None,
        }
    }

    fn holds(&self, value: &Value) -> bool {
        match self {
            // What was never filled in is still to be.
            Self::LongText | Self::Text | Self::Int { .. } | Self::Float { .. }
                if value.is_null() =>
            {
                true
            }
            Self::Seed { .. } | Self::Switch if value.is_null() => true,
            Self::LongText | Self::Text => {
                value.as_str().is_some_and(|text| text.len() <= MAX_TEXT_BYTES)
            }
            // The editor writes `null` where the list of files was empty.
            Self::Picture | Self::Video | Self::Sound => value.is_string() || value.is_null(),
            Self::Int { .. } | Self::Seed { .. } => integer(value).is_some(),
            Self::Float { .. } => value.is_number(),
            Self::Switch => value.is_boolean(),
            Self::Choice { .. } => !value.is_array() && !value.is_object(),
            Self::ReadOnly(_) => true,
        }
    }

    /// What an untouched widget holds.
    pub(super) fn draft(&self, value: &Value) -> Draft {
        match self {
            Self::Seed { .. } => Draft::Text(String::new()),
            Self::Switch => Draft::Switch(value.as_bool().unwrap_or(false)),
            Self::Picture | Self::Video | Self::Sound => Draft::Picture(None),
            Self::LongText | Self::Text | Self::Int { .. } | Self::Float { .. }
                if value.is_null() =>
            {
                Draft::Text(String::new())
            }
            Self::LongText | Self::Text | Self::Int { .. } | Self::Float { .. } => {
                Draft::Text(shown_value(value))
            }
            Self::Choice { options } => {
                let text = shown_value(value);
                let chosen = chosen(options, &text).map(|option| option.text.clone());
                let none = || if value.is_null() { String::new() } else { text };
                Draft::Text(chosen.unwrap_or_else(none))
            }
            // A browser needs many seconds to show a text of megabytes.
            Self::ReadOnly(_) => Draft::Text(one_line(&shown_value(value), MAX_SHOWN_CHARS)),
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
            | Self::Video
            | Self::Sound
            | Self::ReadOnly(_) => low.is_none() && high.is_none(),
        }
    }

    /// Draws the bounds closer to those of another widget.
    #[must_use]
    pub(super) fn narrow_to(&mut self, other: &Self) -> bool {
        let [low, high] = other.bounds().map(|bound| bound.map(Value::Number));
        self.narrow(low.as_ref(), high.as_ref())
    }

    /// The smallest and the largest number it takes.
    pub(crate) fn bounds(&self) -> [Option<Number>; 2] {
        match self {
            Self::Int { min, max, .. } => [*min, *max].map(|bound| bound.and_then(json_integer)),
            Self::Seed { min, max } => [*min, *max].map(json_integer),
            Self::Float { min, max, .. } => {
                [*min, *max].map(|bound| bound.and_then(Number::from_f64))
            }
            Self::LongText
            | Self::Text
            | Self::Switch
            | Self::Choice { .. }
            | Self::Picture
            | Self::Video
            | Self::Sound
            | Self::ReadOnly(_) => [None, None],
        }
    }

    /// For the attributes of a number's element.
    pub fn range(&self) -> Range {
        let [min, max] = self.bounds().map(|bound| bound.as_ref().map(shown));
        let step = match self {
            Self::Int { step, .. } => step.and_then(json_integer).as_ref().map(shown),
            Self::Float { step, .. } => step.map(shown_float),
            Self::Seed { .. }
            | Self::LongText
            | Self::Text
            | Self::Switch
            | Self::Choice { .. }
            | Self::Picture
            | Self::Video
            | Self::Sound
            | Self::ReadOnly(_) => None,
        };
        Range { min, max, step }
    }
}

impl Choice {
    pub(super) fn of(value: &Value) -> Self {
        Self { text: shown_value(value), value: value.clone() }
    }
}

/// Finds an option by its text; one that differs in slashes alone names the same file on another
/// system.
pub(super) fn chosen<'o>(options: &'o [Choice], text: &str) -> Option<&'o Choice> {
    let exact = options.iter().find(|option| option.text == text);
    exact.or_else(|| {
        let slashes = text.contains(['/', '\\']);
        let same = |option: &&Choice| slashes && same_but_slashes(&option.text, text);
        options.iter().find(same)
    })
}

fn same_but_slashes(one: &str, other: &str) -> bool {
    let plain = |byte: u8| if byte == b'\\' { b'/' } else { byte };
    one.len() == other.len() && one.bytes().map(plain).eq(other.bytes().map(plain))
}

fn shown_value(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => shown(number),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => json::text(value),
    }
}

/// Inputs that are decimal, although the value that stands there is often a whole number.
const DECIMALS: [&str; 22] = [
    "cfg",
    "cfg_scale",
    "cfg_weight",
    "control_strength",
    "conditioning_scale",
    "denoise",
    "end_percent",
    "fps",
    "guidance",
    "guidance_scale",
    "megapixels",
    "min_p",
    "repetition_penalty",
    "scale_by",
    "shift",
    "start_percent",
    "strength",
    "strength_clip",
    "strength_model",
    "temperature",
    "top_p",
    "weight",
];

/// Inputs that are long, although what stands there may be short.
const LONG_TEXTS: [&str; 15] = [
    "caption",
    "clip_l",
    "instruction",
    "lyrics",
    "negative",
    "negative_prompt",
    "positive",
    "positive_prompt",
    "prompt",
    "question",
    "system_prompt",
    "t5xxl",
    "text",
    "text_g",
    "text_l",
];

/// The own name of an input that came with a choice: `seed` of `model.seed`.
pub(super) fn last(name: &str) -> &str {
    name.rsplit('.').next().unwrap_or(name)
}

#[cfg(test)]
mod tests;
