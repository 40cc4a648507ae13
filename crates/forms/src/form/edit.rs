//! What an author does to a form, one step at a time. Invariant: a step that does not fit changes
//! nothing, and after each step the form reads back from its file as it is.

use super::derive::field;
use super::package::{MAX_LABEL_BYTES, described};
use super::unfit::Unfit;
use super::{Draft, Field, FieldKey, Form, Widget, input};
use pilotlight_comfy::language::{Label, Language};
use pilotlight_comfy::number::{json_integer, typed_integer, typed_number};
use pilotlight_comfy::problem::Trouble;
use pilotlight_comfy::schema::{Class, Known};
use pilotlight_comfy::workflow::{Workflow, link};
use serde_json::{Number, Value};

/// One step of an author who changes a form.
#[derive(Clone, Debug, PartialEq)]
pub enum Edit {
    /// Names the form.
    Title(Label),
    /// Makes an input a field, the last one in front.
    Choose(FieldKey),
    /// Makes an input a field no longer; what stands in the workflow is sent.
    Drop(FieldKey),
    /// Names a field.
    Name(FieldKey, Label),
    /// Says below a field what it is for, or no longer.
    Hint(FieldKey, Option<Label>),
    /// Past its neighbour in the same part: in front, or folded away.
    Up(FieldKey),
    /// The same in the other direction.
    Down(FieldKey),
    /// `true`: fold it away.
    Advanced(FieldKey, bool),
    /// Under which heading it stands when folded away.
    Group(FieldKey, Option<Label>),
    /// Whether a text may not be empty.
    Required(FieldKey, bool),
    /// The smallest and the largest number, as typed; empty for what the class allows.
    Bounds(FieldKey, String, String),
    /// What it holds to begin with. An empty seed is a random one.
    Default(FieldKey, Draft),
    /// A text to begin with in each language; `None` for what stands in the workflow.
    Start(FieldKey, Option<Label>),
}

impl Form {
    /// `classes`: those the form was made with.
    ///
    /// # Errors
    /// Why the step cannot be made.
    pub fn edit(&mut self, edit: Edit, classes: &[Class]) -> Result<(), Unfit> {
        match edit {
            Edit::Title(title) => self.title = tidy(title)?,
            Edit::Choose(key) => self.choose(&key, classes)?,
            Edit::Drop(key) => drop(self.fields.remove(self.at(&key)?)),
            Edit::Name(key, label) => self.chosen(&key)?.label = tidy(label)?,
            Edit::Hint(key, hint) => self.chosen(&key)?.hint = hint.map(tidy).transpose()?,
            Edit::Up(key) => self.shift(&key, true)?,
            Edit::Down(key) => self.shift(&key, false)?,
            Edit::Advanced(key, advanced) => self.chosen(&key)?.advanced = advanced,
            Edit::Group(key, group) => self.chosen(&key)?.group = group.map(tidy).transpose()?,
            Edit::Required(key, required) => self.chosen(&key)?.required = required,
            Edit::Bounds(key, min, max) => self.bound(&key, &min, &max, classes)?,
            Edit::Default(key, draft) => self.preset(&key, &draft, classes)?,
            Edit::Start(key, start) => {
                let field = self.chosen(&key)?;
                if !matches!(field.widget, Widget::LongText | Widget::Text) {
                    return Err(Unfit::NotAText);
                }
                field.start = start.map(tidy_start);
            }
        }
        Ok(())
    }

    fn at(&self, key: &FieldKey) -> Result<usize, Unfit> {
        self.fields.iter().position(|field| field.key == *key).ok_or(Unfit::NotAField)
    }

    pub(super) fn chosen(&mut self, key: &FieldKey) -> Result<&mut Field, Unfit> {
        self.fields.iter_mut().find(|field| field.key == *key).ok_or(Unfit::NotAField)
    }

    pub(super) fn choose(&mut self, key: &FieldKey, classes: &[Class]) -> Result<(), Unfit> {
        if self.field(key).is_some() {
            return Err(Unfit::Twice);
        }
        let mut field = field(&self.workflow, key, classes)?;
        let group = field.group.take().unwrap_or_else(|| field.label.clone());
        for more in [group, Label::plain(&key.to_string())] {
            if self.fields.iter().any(|other| other.label == field.label) {
                for (text, more) in field.label.texts_mut().iter_mut().zip(more.texts()) {
                    text.push_str(" · ");
                    text.push_str(more);
                }
            }
        }
        field.advanced = false;
        let end = self.fields.iter().rposition(|other| !other.advanced).map_or(0, |at| at + 1);
        self.fields.insert(end, field);
        Ok(())
    }

    fn shift(&mut self, key: &FieldKey, up: bool) -> Result<(), Unfit> {
        let at = self.at(key)?;
        let part = |field: &Field| field.advanced == self.fields[at].advanced;
        let other = if up {
            self.fields[..at].iter().rposition(part)
        } else {
            self.fields[at + 1..].iter().position(part).map(|after| at + 1 + after)
        };
        self.fields.swap(at, other.ok_or(Unfit::AtTheEnd)?);
        Ok(())
    }

    fn bound(
        &mut self,
        key: &FieldKey,
        min: &str,
        max: &str,
        classes: &[Class],
    ) -> Result<(), Unfit> {
        let mut field = self.field(key).ok_or(Unfit::NotAField)?.clone();
        let mut widget = self.widest(key, classes)?;
        let bound = |text: &str| {
            if text.trim().is_empty() {
                return Ok(None);
            }
            let number = if matches!(widget, Widget::Float { .. }) {
                typed_number(text).ok()
            } else {
                typed_integer(text).ok().and_then(json_integer)
            };
            number.map(|number| Some(Value::Number(number))).ok_or(Unfit::NoRange)
        };
        let (low, high) = (bound(min)?, bound(max)?);
        if !widget.narrow(low.as_ref(), high.as_ref()) {
            return Err(Unfit::NoRange);
        }
        field.widget = widget;
        self.takes(&field, &field.default)?;
        if let Some(start) = &field.start {
            self.takes(&field, &Draft::Text(start.get(Language::English).to_owned()))?;
        }
        *self.chosen(key)? = field;
        Ok(())
    }

    fn preset(&mut self, key: &FieldKey, draft: &Draft, classes: &[Class]) -> Result<(), Unfit> {
        let mut field = self.field(key).ok_or(Unfit::NotAField)?.clone();
        let value = self.takes(&field, draft)?;
        match (&field.widget, draft) {
            (
                Widget::Picture | Widget::Video | Widget::Sound | Widget::ReadOnly(_),
                Draft::Text(_) | Draft::Switch(_) | Draft::Picture(_),
            ) => return Err(Unfit::NoDefault),
            // What stands in the workflow is not what a seed begins with.
            (Widget::Seed { .. }, Draft::Text(seed)) => {
                let seed = seed.trim();
                field.start = (!seed.is_empty()).then(|| Label::plain(seed));
            }
            (widget, _) => {
                let mut value = value.ok_or(Unfit::NoDefault)?;
                if matches!(widget, Widget::Float { .. }) {
                    // Without a class only the point tells a decimal number from a whole one.
                    let float = value.as_f64().and_then(Number::from_f64);
                    value = float.map_or(value, Value::Number);
                }
                if !self.workflow.set(key, value.clone()) {
                    return Err(Unfit::NoSuchInput);
                }
                let former = std::mem::replace(&mut field.widget, self.widest(key, classes)?);
                // It took the value within its bounds, so they leave something.
                let _left = field.widget.narrow_to(&former);
                field.default = field.widget.draft(&value);
                field.start = None;
            }
        }
        *self.chosen(key)? = field;
        Ok(())
    }

    /// The widget before an author's bounds.
    pub(super) fn widest(&self, key: &FieldKey, classes: &[Class]) -> Result<Widget, Unfit> {
        described(&self.workflow, key, classes).ok_or(Unfit::NoSuchInput)
    }

    fn takes(&self, field: &Field, draft: &Draft) -> Result<Option<Value>, Unfit> {
        if std::mem::discriminant(draft) != std::mem::discriminant(&field.default) {
            return Err(Unfit::Value(Trouble::WrongType));
        }
        match (draft, &field.widget) {
            // An author may leave open what a person has to fill in.
            (Draft::Text(text), Widget::LongText | Widget::Text) if text.is_empty() => {
                Ok(Some(Value::from("")))
            }
            (Draft::Picture(None), _) => Ok(None),
            _ => self.value_of(field, draft).map_err(Unfit::Value),
        }
    }
}

impl Field {
    /// The same field over another workflow, or with more known of its class; `None` where there
    /// is no such input any more.
    pub(super) fn renewed(&self, flow: &Workflow, known: &Known<'_>) -> Option<Self> {
        let value = flow.input(&self.key).filter(|value| link(value).is_none())?;
        let find = |name: &str| known.get(name);
        let mut widget = match input::kind(flow, &self.key, &find) {
            Some(_) => input::widget(flow, &self.key, &find)?,
            None => self.widget.clone(),
        };
        if !widget.narrow_to(&self.widget) {
            widget = self.widget.clone();
        }
        let default = widget.draft(value);
        let same = std::mem::discriminant(&default) == std::mem::discriminant(&self.default);
        let start = self.start.clone().filter(|_| same);
        Some(Self { widget, default, start, ..self.clone() })
    }
}

/// As it reads back: without blanks around, one language filling in for the other.
fn tidy(label: Label) -> Result<Label, Unfit> {
    if label.texts().iter().any(|text| text.len() > MAX_LABEL_BYTES) {
        return Err(Unfit::Value(Trouble::TooLong { limit_bytes: MAX_LABEL_BYTES }));
    }
    filled(&label).ok_or(Unfit::Empty)
}

/// `None` if nothing is there in any language.
fn filled(label: &Label) -> Option<Label> {
    let first = label.texts().iter().map(|text| text.trim()).find(|text| !text.is_empty())?;
    Some(Label::of(|language| match label.get(language).trim() {
        "" => first.to_owned(),
        text => text.to_owned(),
    }))
}

/// A text to begin with may be empty, and blanks may mean something where both are the same.
fn tidy_start(start: Label) -> Label {
    if start.is_same() {
        return start;
    }
    filled(&start).unwrap_or_else(|| Label::plain(""))
}

#[cfg(test)]
mod tests;
