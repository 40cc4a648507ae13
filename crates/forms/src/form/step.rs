//! One step up or down of a number as it stands in its field.
//! Invariant: a step is exact. 64-bit integers stay whole, decimals keep their digits, and what is
//! no number is put back to what it was by default.

use super::{Draft, Field, Widget};
use pilotlight_comfy::number::{FAR, shown, shown_float, typed_integer, typed_number};

impl Field {
    /// The text after one step from `typed`, held within the bounds; `None` where there are no
    /// steps to take.
    pub fn stepped(&self, typed: &str, up: bool) -> Option<String> {
        let range = self.widget.range();
        let whole = |units: i128| Decimal { units, digits: 0 };
        let (now, step) = match &self.widget {
            Widget::Int { step, .. } => {
                (typed_integer(typed).ok().map(whole), Some(whole(step.unwrap_or(1))))
            }
            Widget::Seed { .. } => (typed_integer(typed).ok().map(whole), Some(whole(1))),
            Widget::Float { min, max, step } => {
                let step =
                    step.filter(|step| *step > 0.0).unwrap_or_else(|| usual_step(*min, *max));
                let step = Decimal::read(&shown_float(step));
                match typed_number(typed) {
                    Ok(now) => (Some(Decimal::read(&shown(&now))?), step),
                    Err(_) => (None, step),
                }
            }
            Widget::LongText
            | Widget::Text
            | Widget::Switch
            | Widget::Choice { .. }
            | Widget::Picture
            | Widget::Video
            | Widget::Sound
            | Widget::ReadOnly(_) => return None,
        };
        let Some(now) = now else {
            let Draft::Text(default) = &self.default else { return None };
            return Some(default.clone());
        };
        let step = step?;
        let bound = |text: &Option<String>| text.as_deref().and_then(Decimal::read);
        let (min, max) = (bound(&range.min), bound(&range.max));
        let mut digits = now.digits.max(step.digits);
        for bound in [min, max].into_iter().flatten() {
            digits = digits.max(bound.digits);
        }
        let step = step.in_digits(digits)?;
        let next = now.in_digits(digits)? + if up { step } else { -step };
        let next = match min.and_then(|min| min.in_digits(digits)) {
            Some(min) => next.max(min),
            None => next,
        };
        let next = match max.and_then(|max| max.in_digits(digits)) {
            Some(max) => next.min(max),
            None => next,
        };
        Decimal { units: next, digits }.to_text()
    }
}

/// For a range whose class names no step.
fn usual_step(min: Option<f64>, max: Option<f64>) -> f64 {
    match min.zip(max).map(|(min, max)| max - min) {
        Some(width) if width <= 1.0 => 0.05,
        Some(width) if width <= 10.0 => 0.1,
        Some(_) | None => 1.0,
    }
}

/// `units` of 10^-`digits`.
#[derive(Clone, Copy)]
pub(super) struct Decimal {
    pub units: i128,
    pub digits: u32,
}

impl Decimal {
    /// Reads `-12.50`; nothing comes of an exponent.
    pub fn read(text: &str) -> Option<Self> {
        let (whole, part) = text.split_once('.').unwrap_or((text, ""));
        let bare = whole.strip_prefix('-').unwrap_or(whole);
        let mut units = 0;
        for byte in bare.bytes().chain(part.bytes()) {
            units = larger(units)? + i128::from(char::from(byte).to_digit(10)?);
        }
        let units = if bare.len() < whole.len() { -units } else { units };
        Some(Self { units, digits: u32::try_from(part.len()).ok()? })
    }

    pub fn in_digits(self, digits: u32) -> Option<i128> {
        let mut units = self.units;
        for _ in self.digits..digits {
            units = larger(units)?;
        }
        Some(units)
    }

    /// `None` beyond 64 bits, which no field takes.
    pub fn to_text(self) -> Option<String> {
        let size = u64::try_from(self.units.unsigned_abs()).ok()?;
        let tens = 10_u64.checked_pow(self.digits)?;
        let mut text = String::new();
        if self.units < 0 {
            text.push('-');
        }
        text.push_str(&(size / tens).to_string());
        let (mut rest, mut place) = (size % tens, tens);
        if rest > 0 {
            text.push('.');
        }
        while rest > 0 {
            place /= 10;
            text.push(char::from(b'0' + (rest / place) as u8));
            rest %= place;
        }
        Some(text)
    }
}

/// Ten times as much, as long as sums of such stay far below 128 bits.
fn larger(units: i128) -> Option<i128> {
    (-FAR..FAR).contains(&units).then(|| units * 10)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::form::FieldKey;
    use pilotlight_comfy::language::Label;

    #[track_caller]
    fn check(widget: &Widget, typed: &str, up: &str, down: &str) {
        let field = Field {
            key: FieldKey::new("1", "x"),
            label: Label::plain("x"),
            hint: None,
            widget: widget.clone(),
            default: Draft::Text("1".into()),
            start: None,
            advanced: false,
            group: None,
            required: false,
        };
        assert_eq!(field.stepped(typed, true).as_deref(), Some(up), "{typed} up");
        assert_eq!(field.stepped(typed, false).as_deref(), Some(down), "{typed} down");
    }

    #[test]
    fn whole_numbers_step_exactly() {
        let pictures = Widget::Int { min: Some(1), max: Some(16), step: None };
        check(&pictures, "5", "6", "4");
        check(&pictures, "1", "2", "1");
        check(&pictures, "16", "16", "15");
        check(&pictures, "900", "16", "16");
        check(&pictures, "5", "6", "4");
        check(&pictures, "", "1", "1");
        check(&pictures, "many", "1", "1");
        check(&Widget::Int { min: None, max: None, step: Some(64) }, "0", "64", "-64");
        let seed = Widget::Seed { min: 0, max: u64::MAX.into() };
        check(&seed, "9007199254740993", "9007199254740994", "9007199254740992");
        check(&seed, "18446744073709551615", "18446744073709551615", "18446744073709551614");
    }

    #[test]
    fn decimals_step_exactly() {
        let float = |min, max, step| Widget::Float { min: Some(min), max: Some(max), step };
        check(&float(1.0, 10.0, Some(0.5)), "5", "5.5", "4.5");
        check(&float(0.1, 2.0, Some(0.1)), "0.2", "0.3", "0.1");
        check(&float(0.1, 2.0, Some(0.1)), "0.15", "0.25", "0.1");
        check(&float(0.0, 1.0, None), "0.95", "1", "0.9");
        check(&float(-1.0, 1.0, Some(0.25)), "0", "0.25", "-0.25");
        check(&Widget::Float { min: None, max: None, step: None }, "-0.5", "0.5", "-1.5");
    }

    #[test]
    fn a_text_has_no_steps() {
        assert!(Decimal::read("1e-7").is_none());
        let text = Decimal { units: -5, digits: 3 }.to_text();
        assert_eq!(text.as_deref(), Some("-0.005"));
    }
}
