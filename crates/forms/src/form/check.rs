//! From drafts to a prompt that can be sent, or to what is wrong with them.
//! Invariant: a value is sent as it was typed or not at all; nothing is rounded or clamped.

use super::{Draft, Drafts, Field, FieldKey, Form, PictureRef, Widget, flaws, widget};
use pilotlight_comfy::number::{
    MAX_SAFE, Misread, integer, json_integer, shown, shown_float, typed_integer, typed_number,
};
use pilotlight_comfy::problem::{Problem, Trouble, Warning};
use pilotlight_comfy::secret;
use pilotlight_comfy::workflow::Workflow;
use serde_json::{Number, Value};
use std::borrow::Cow;

/// The longest text of one field, in bytes of UTF-8. Models read some hundred words; but what is
/// sent comes back in every look at the queue and the history, so a slip of the clipboard would
/// be paid for with every request.
pub const MAX_TEXT_BYTES: usize = 100_000;

/// The longest title of a run, in characters.
const TITLE_CHARS: usize = 40;

/// A prompt that can be sent once its pictures are at the server.
#[derive(Clone, Debug, PartialEq)]
pub struct Ready {
    /// The workflow with the values of the form in it.
    pub workflow: Workflow,
    /// Upload each and `attach` the name the server gave it.
    pub attachments: Vec<Attachment>,
    /// What the first seed field was set to, if the form has one.
    pub seed: Option<u64>,
    /// The first words of the prompt or the question; empty when the form has no such field.
    pub title: String,
    /// What is worth saying, and no reason to hold the run back.
    pub warnings: Vec<Warning>,
}

/// A picture that an input is given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attachment {
    /// The input.
    pub key: FieldKey,
    /// The picture.
    pub picture: PictureRef,
}

impl Ready {
    /// Sets the input of an uploaded picture to the server's name for it.
    pub fn attach(&mut self, key: &FieldKey, server_name: &str) {
        // The key came from this workflow, so its node is there.
        let _known = self.workflow.set(key, Value::String(server_name.to_owned()));
    }
}

impl Form {
    /// Checks everything and names every problem: those of fields in their order, then those of
    /// the workflow that show without knowing its classes. `drawn_seed` is
    /// taken wherever a seed was left empty, folded into 2^53 − 1 and into the field's bounds.
    ///
    /// # Errors
    /// Every problem; nothing is sent as long as there is one.
    pub fn check(&self, drafts: &Drafts, drawn_seed: u64) -> Result<Ready, Vec<Problem>> {
        let (taken, mut problems) = self.taken(drafts, drawn_seed);
        problems.extend(flaws(&self.workflow, &[], &[]));
        if !problems.is_empty() {
            return Err(problems);
        }
        let mut workflow = self.workflow.clone();
        for (key, value) in taken.values {
            // A form is only made of inputs that its workflow has.
            let _known = workflow.set(key, value);
        }
        let Taken { values: _, attachments, seed, title, warnings } = taken;
        Ok(Ready { workflow, attachments, seed, title, warnings })
    }

    /// What would be sent for a draft of a field; `None` for a file, and for what is only shown.
    pub(super) fn value_of(&self, field: &Field, draft: &Draft) -> Result<Option<Value>, Trouble> {
        Taken::default().take(field, draft, 0)
    }

    /// What is worth saying of the drafts before they are sent.
    pub fn warnings(&self, drafts: &Drafts) -> Vec<Warning> {
        self.taken(drafts, 0).0.warnings
    }

    /// The drafts of run `n` of a batch, counted from 0: a typed seed goes up by one with each run
    /// and begins anew behind its bound; one left empty stays so, and is drawn for each run.
    pub fn drafts_for_run(&self, drafts: &Drafts, n: u32) -> Drafts {
        let mut drafts = drafts.clone();
        for field in &self.fields {
            let Widget::Seed { min, max } = field.widget else {
                continue;
            };
            let Draft::Text(typed) = field.draft(&drafts) else {
                continue;
            };
            if let Ok(Some(seed)) = typed_seed(typed, min)
                && (min..=max).contains(&seed)
            {
                let next = min + within_width(seed - min + i128::from(n), max - min + 1);
                if let Some(next) = json_integer(next) {
                    drafts.set(field.key.clone(), Draft::Text(shown(&next)));
                }
            }
        }
        drafts
    }

    fn taken(&self, drafts: &Drafts, drawn_seed: u64) -> (Taken<'_>, Vec<Problem>) {
        let mut problems = Vec::new();
        let mut taken = Taken::default();
        for field in &self.fields {
            let draft = field.draft(drafts);
            let saved = self.workflow.input(&field.key);
            match taken.take(field, draft, drawn_seed) {
                Ok(Some(value)) if saved.is_some_and(|saved| field.keeps(draft, saved)) => {
                    // One that differs in slashes is the same file on another system.
                    if taken.warn_of_slashes(field, &value, saved) {
                        taken.values.push((&field.key, value));
                    }
                }
                Ok(Some(value)) => taken.values.push((&field.key, value)),
                Ok(None) => {}
                Err(trouble) => problems.push(Problem::at(&field.key, trouble)),
            }
        }
        (taken, problems)
    }
}

impl Field {
    /// What was typed here, or the default where nothing of the right kind is stored.
    fn draft<'a>(&'a self, drafts: &'a Drafts) -> &'a Draft {
        let same_kind = |draft: &&Draft| match (*draft, &self.default) {
            (Draft::Text(_), Draft::Picture(_)) => self.start.is_some(),
            (draft, default) => std::mem::discriminant(draft) == std::mem::discriminant(default),
        };
        drafts.get(&self.key).filter(same_kind).unwrap_or(&self.default)
    }

    /// Whether a draft is what the workflow holds, so that nobody touched it: it is sent as it was
    /// saved, byte for byte.
    fn keeps(&self, draft: &Draft, saved: &Value) -> bool {
        let is_drawn = matches!(self.widget, Widget::Seed { .. });
        !is_drawn && *draft == self.widget.draft(saved)
    }
}

/// What the drafts come to. The workflow is not copied for it: drafts are looked at whenever a key
/// is typed.
#[derive(Default)]
struct Taken<'a> {
    values: Vec<(&'a FieldKey, Value)>,
    attachments: Vec<Attachment>,
    seed: Option<u64>,
    title: String,
    warnings: Vec<Warning>,
}

impl Taken<'_> {
    /// The value of one field; `None` leaves what stands in the workflow.
    fn take(
        &mut self,
        field: &Field,
        draft: &Draft,
        drawn_seed: u64,
    ) -> Result<Option<Value>, Trouble> {
        let text = match draft {
            Draft::Text(text) => text.as_str(),
            Draft::Switch(on) => return Ok(Some(Value::Bool(*on))),
            Draft::Picture(None) if field.widget == Widget::Picture => {
                return Err(Trouble::PictureMissing);
            }
            Draft::Picture(None) => return Err(Trouble::FileMissing),
            Draft::Picture(Some(picture)) => {
                let (key, picture) = (field.key.clone(), picture.clone());
                self.attachments.push(Attachment { key, picture });
                return Ok(None);
            }
        };
        match &field.widget {
            Widget::LongText => self.text(field, text, true).map(Some),
            Widget::Text => self.text(field, text, false).map(Some),
            Widget::Int { min, max, .. } => {
                let typed = typed_integer(text).map_err(Trouble::from)?;
                self.integer(field, within(typed, *min, *max)?).map(Some)
            }
            Widget::Seed { min, max } => {
                let seed = match typed_seed(text, *min).map_err(Trouble::from)? {
                    Some(typed) => within(typed, Some(*min), Some(*max))?,
                    None => min + within_width((drawn_seed & MAX_SAFE).into(), max - min + 1),
                };
                self.seed = self.seed.or(u64::try_from(seed).ok());
                self.integer(field, seed).map(Some)
            }
            Widget::Float { min, max, .. } => {
                let typed = typed_number(text).map_err(Trouble::from)?;
                self.float(field, typed, *min, *max).map(Some)
            }
            Widget::Choice { options } => {
                let missing = || match text {
                    "" => Trouble::Missing,
                    _ => Trouble::NotInList { value: text.to_owned() },
                };
                let chosen = widget::chosen(options, text);
                chosen.map(|option| Some(option.value.clone())).ok_or_else(missing)
            }
            Widget::ReadOnly(_) => Ok(None),
            // The name of a file at the server.
            Widget::Picture | Widget::Video | Widget::Sound => Ok(Some(text.into())),
            // Its draft is no text.
            Widget::Switch => Err(Trouble::WrongType),
        }
    }

    fn text(&mut self, field: &Field, typed: &str, long: bool) -> Result<Value, Trouble> {
        let own = match &field.default {
            Draft::Text(own) => own.as_str(),
            Draft::Switch(_) | Draft::Picture(_) => "",
        };
        let is_own = typed == own;
        // Control characters that were there before anybody typed are the author's.
        let clean = if is_own || own.contains(is_unwanted) {
            Cow::Borrowed(typed)
        } else {
            without_controls(typed)
        };
        if clean.len() != typed.len() && typed.contains(is_unwanted) {
            let place = field.key.clone();
            self.warnings.push(Warning::ControlCharactersRemoved { place });
        }
        let trimmed = clean.trim();
        if field.required && trimmed.is_empty() {
            return Err(Trouble::Missing);
        }
        if clean.len() > MAX_TEXT_BYTES && !is_own {
            return Err(Trouble::TooLong { limit_bytes: MAX_TEXT_BYTES });
        }
        let may_be_title = long && !field.advanced && !secret::is_named(&field.key.input);
        if may_be_title && self.title.is_empty() {
            self.title = first_words(trimmed);
        }
        // A browser's field knows only one kind of line break.
        let of_windows = !is_own && own.matches('\n').count() == own.matches("\r\n").count();
        let sent = if of_windows && own.contains('\n') && !clean.contains('\r') {
            clean.replace('\n', "\r\n")
        } else {
            clean.into_owned()
        };
        Ok(Value::String(sent))
    }

    fn warn_of_slashes(&mut self, field: &Field, value: &Value, saved: Option<&Value>) -> bool {
        let saved = saved.and_then(Value::as_str);
        let differs = saved.zip(value.as_str()).is_some_and(|(saved, value)| saved != value);
        let (Widget::Choice { .. }, Some(saved), true) = (&field.widget, saved, differs) else {
            return false;
        };
        let (place, saved) = (field.key.clone(), saved.to_owned());
        self.warnings.push(Warning::SlashesDiffer { place, saved });
        true
    }

    fn integer(&mut self, field: &Field, value: i128) -> Result<Value, Trouble> {
        let number = json_integer(value).ok_or_else(|| beyond_64_bits(value < 0))?;
        self.warn_if_changed(field, value);
        Ok(Value::Number(number))
    }

    fn float(
        &mut self,
        field: &Field,
        typed: Number,
        min: Option<f64>,
        max: Option<f64>,
    ) -> Result<Value, Trouble> {
        let float = typed.as_f64().ok_or(Trouble::NotANumber)?;
        if let Some(min) = min.filter(|min| float < *min) {
            return Err(Trouble::TooSmall { min: shown_float(min) });
        }
        if let Some(max) = max.filter(|max| float > *max) {
            return Err(Trouble::TooLarge { max: shown_float(max) });
        }
        let value = Value::Number(typed);
        if !value.is_f64() {
            self.warn_if_changed(field, integer(&value).unwrap_or(0));
        }
        Ok(value)
    }

    fn warn_if_changed(&mut self, field: &Field, value: i128) {
        if value.unsigned_abs() > MAX_SAFE.into() {
            let place = field.key.clone();
            self.warnings.push(Warning::SeedChangesOverKubeai { place });
        }
    }
}

/// A typed seed; `None` asks for a random one, as −1 does where the server takes no −1.
fn typed_seed(text: &str, min: i128) -> Result<Option<i128>, Misread> {
    match typed_integer(text) {
        Err(Misread::Empty) => Ok(None),
        Ok(-1) if min > -1 => Ok(None),
        Ok(seed) => Ok(Some(seed)),
        Err(misread) => Err(misread),
    }
}

/// What is left of `offset` after whole widths. One beyond 64 bits is less than two of them.
fn within_width(offset: i128, width: i128) -> i128 {
    match (u64::try_from(offset), u64::try_from(width)) {
        (Ok(offset), Ok(width)) => (offset % width.max(1)).into(),
        (_, _) if offset >= width => offset - width,
        (_, _) => offset,
    }
}

fn within(value: i128, min: Option<i128>, max: Option<i128>) -> Result<i128, Trouble> {
    if let Some(min) = min.filter(|min| value < *min) {
        let min = json_integer(min).map(|min| shown(&min));
        return Err(min.map_or(beyond_64_bits(true), |min| Trouble::TooSmall { min }));
    }
    if let Some(max) = max.filter(|max| value > *max) {
        let max = json_integer(max).map(|max| shown(&max));
        return Err(max.map_or(beyond_64_bits(false), |max| Trouble::TooLarge { max }));
    }
    Ok(value)
}

fn beyond_64_bits(below: bool) -> Trouble {
    if below {
        Trouble::TooSmall { min: shown(&i64::MIN.into()) }
    } else {
        Trouble::TooLarge { max: shown(&u64::MAX.into()) }
    }
}

/// Control characters, which no model reads and some nodes write to files, are left out; line
/// breaks become `\n`.
fn without_controls(text: &str) -> Cow<'_, str> {
    if !text.contains(char::is_control) {
        return Cow::Borrowed(text);
    }
    let mut clean = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if c == '\r' {
            chars.next_if_eq(&'\n');
            clean.push('\n');
        } else if !is_unwanted(c) {
            clean.push(c);
        }
    }
    Cow::Owned(clean)
}

fn is_unwanted(c: char) -> bool {
    c.is_control() && !matches!(c, '\n' | '\t' | '\r')
}

/// The beginning of a text on one line, cut between words where it has any.
fn first_words(text: &str) -> String {
    let mut line = String::new();
    for word in text.split_whitespace() {
        let blank = usize::from(!line.is_empty());
        let room = TITLE_CHARS.saturating_sub(line.chars().count() + blank);
        if word.chars().count() > room {
            // Chinese has no blanks, so a single long word is cut anywhere.
            if line.is_empty() {
                line.extend(word.chars().take(room));
            }
            line.push('…');
            break;
        }
        if blank == 1 {
            line.push(' ');
        }
        line.push_str(word);
    }
    line
}

#[cfg(test)]
mod tests;
