//! A form whose classes are described anew: what the server takes now, after it refused a value or
//! was asked again. Invariant: what was typed stays, and an author's bounds stay where they fit.

use super::{Choice, Draft, Field, FieldKey, Form, Widget, input};
use pilotlight_comfy::problem::{Problem, Trouble};
use pilotlight_comfy::schema::{Class, Fixed, Kind, Known};
use pilotlight_comfy::workflow::{Workflow, link};

impl Form {
    /// The same form with the choices and bounds of `now`. `before`: the classes it was made with.
    #[must_use]
    pub fn described_anew(&self, before: &[Class], now: &[Class]) -> Self {
        let (before, now) = (Known::of(before), Known::of(now));
        let anew = |field: &Field| {
            field.described_anew(&self.workflow, &before, &now).unwrap_or_else(|| field.clone())
        };
        Self { fields: self.fields.iter().map(anew).collect(), ..self.clone() }
    }

    /// After a refusal: makes the place a choice among what the server offers, a field in front
    /// if it was none; a class that is known takes the same choices. `false`: the server offered
    /// nothing, it is a file, or there is no such input.
    pub fn offer(&mut self, problem: &Problem, classes: &mut [Class]) -> bool {
        let Some(key) = self.choosable(problem, classes).filter(|_| !problem.offered.is_empty())
        else {
            return false;
        };
        if self.field(&key).is_none() && self.choose(&key, classes).is_err() {
            return false;
        }
        let name = self.workflow.node(&key.node).map(|node| node.class().to_owned());
        let before = classes.to_vec();
        let class = classes.iter_mut().find(|class| Some(&class.name) == name.as_ref());
        let input = class.and_then(|class| class.inputs.iter_mut().find(|it| it.name == key.input));
        if let Some(input) = input {
            input.kind = Kind::Choice { options: problem.offered.clone() };
            *self = self.described_anew(&before, classes);
        } else if let Ok(field) = self.chosen(&key) {
            field.widget =
                Widget::Choice { options: problem.offered.iter().map(Choice::of).collect() };
            if !matches!(field.default, Draft::Text(_)) {
                field.default = Draft::Text(String::new());
            }
        }
        true
    }

    /// After a refusal: the class that the server is to be asked for, because it named no list,
    /// as it does of a long one, or because nothing is known of the class that could be kept.
    pub fn unoffered(&self, problem: &Problem, classes: &[Class]) -> Option<&str> {
        let key = self.choosable(problem, classes)?;
        let name = self.workflow.node(&key.node)?.class();
        let class = classes.iter().find(|class| class.name == name);
        let is_known = class.is_some_and(|class| class.input(&key.input).is_some());
        (problem.offered.is_empty() || !is_known).then_some(name)
    }

    /// The input that was refused for not being in a list. Never a file: those of the server are
    /// other people's, and this page's own come by an upload.
    fn choosable(&self, problem: &Problem, classes: &[Class]) -> Option<FieldKey> {
        let key = problem.place.as_ref()?;
        let is_linked = self.workflow.input(key).and_then(link).is_some();
        if is_linked || !matches!(problem.trouble, Trouble::NotInList { .. }) {
            return None;
        }
        let widget = match self.field(key) {
            Some(field) => field.widget.clone(),
            None => self.widest(key, classes).ok()?,
        };
        match widget {
            Widget::Picture
            | Widget::Video
            | Widget::Sound
            | Widget::ReadOnly(Fixed::Drawn | Fixed::Several | Fixed::File | Fixed::Branches) => {
                None
            }
            Widget::LongText
            | Widget::Text
            | Widget::Int { .. }
            | Widget::Float { .. }
            | Widget::Seed { .. }
            | Widget::Switch
            | Widget::Choice { .. }
            | Widget::ReadOnly(Fixed::Long | Fixed::Unknown) => Some(key.clone()),
        }
    }
}

impl Field {
    /// `None`: nothing is known of the input now.
    fn described_anew(&self, flow: &Workflow, before: &Known<'_>, now: &Known<'_>) -> Option<Self> {
        let value = flow.input(&self.key)?;
        let by = |known: &Known<'_>| {
            let find = |name: &str| known.get(name);
            input::kind(flow, &self.key, &find)?;
            input::widget(flow, &self.key, &find)
        };
        let widest = by(now)?;
        let former = by(before).or_else(|| input::widget(flow, &self.key, &|_| None))?;
        // The bounds that the former class did not give are the author's.
        let [low, high] = [0, 1].map(|end| {
            let [own, given] = [&self.widget, &former].map(|widget| widget.bounds()[end].clone());
            own.filter(|own| Some(own) != given.as_ref()).map(serde_json::Value::Number)
        });
        let mut widget = widest.clone();
        if !widget.narrow(low.as_ref(), high.as_ref()) {
            widget = widest;
        }
        let default = widget.draft(value);
        let same = std::mem::discriminant(&default) == std::mem::discriminant(&self.default);
        let start = self.start.clone().filter(|_| same);
        Some(Self { widget, default, start, ..self.clone() })
    }
}

#[cfg(test)]
mod tests;
