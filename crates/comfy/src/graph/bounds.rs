//! What a number becomes that a primitive node writes into a widget.
//! Invariant: an integer that is within its bounds and on a step stays exact.

use super::ordered::Ordered;
use crate::number::MAX_SAFE;
use serde_json::Value;

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Bounds {
    whole: bool,
    min: Option<f64>,
    max: Option<f64>,
    step: f64,
    round: Option<f64>,
}

impl Bounds {
    pub(super) fn read(kind: &str, options: Option<&Ordered>) -> Self {
        let number = |key| options?.get(key)?.value().as_f64();
        let whole = kind == "INT";
        let positive = |key| number(key).filter(|number| *number > 0.0);
        Self {
            whole,
            min: number("min").or(if whole { None } else { Some(0.0) }),
            max: number("max").or(if whole { None } else { Some(2048.0) }),
            step: positive("step").unwrap_or(if whole { 1.0 } else { 0.5 }),
            round: positive("round"),
        }
    }

    /// Returns the stored form: whole, least, greatest, step, rounded to.
    pub(super) fn to_value(self) -> Value {
        let number = |number: Option<f64>| number.map_or(Value::Null, Value::from);
        let numbers = [self.min, self.max, Some(self.step), self.round].map(number);
        Value::Array([vec![self.whole.into()], numbers.to_vec()].concat())
    }

    /// Reads the stored form.
    pub(super) fn of_value(value: &Value) -> Option<Self> {
        let [whole, min, max, step, round] = value.as_array()?.as_slice() else { return None };
        let (min, max, round) = (min.as_f64(), max.as_f64(), round.as_f64());
        Some(Self { whole: whole.as_bool()?, min, max, step: step.as_f64()?, round })
    }

    /// The bounds of one that writes into both.
    pub(super) fn with(self, other: Self) -> Self {
        let either =
            |one: Option<f64>, other: Option<f64>, pick: fn(f64, f64) -> f64| match (one, other) {
                (Some(one), Some(other)) => Some(pick(one, other)),
                (one, other) => one.or(other),
            };
        Self {
            whole: self.whole,
            min: either(self.min, other.min, f64::max),
            max: either(self.max, other.max, f64::min),
            step: self.step.max(other.step),
            round: either(self.round, other.round, f64::max),
        }
    }

    pub(super) fn apply(&self, value: Value) -> Value {
        let Some(given) = value.as_f64() else { return value };
        let within = |number: f64| {
            let number = self.min.map_or(number, |min| number.max(min));
            self.max.map_or(number, |max| number.min(max))
        };
        // A last step may lead beyond, a rounded fraction may not.
        let number = within(given);
        let number = if self.whole { self.stepped(number) } else { within(self.rounded(number)) };
        if number == given {
            value
        } else if number.fract() == 0.0 && number.abs() <= MAX_SAFE as f64 {
            Value::from(number as i64)
        } else {
            Value::from(number)
        }
    }

    /// The nearest step from the least value.
    fn stepped(&self, number: f64) -> f64 {
        let shift = match self.min {
            Some(min) => min % self.step,
            None if self.step > 1.0 => return number,
            None => 0.0,
        };
        if number.fract() == 0.0 && self.step == 1.0 {
            return number;
        }
        nearest((number - shift) / self.step) * self.step + shift
    }

    /// As many places as the step has.
    fn rounded(&self, number: f64) -> f64 {
        let (mut places, mut scale) = (0, 1.0);
        while self.step * scale < 1.0 && places < 15 {
            (places, scale) = (places + 1, scale * 10.0);
        }
        if places == 0 && self.round.is_none() {
            return number;
        }
        let round = self.round.unwrap_or(1.0 / scale);
        let number = round * nearest(number / round);
        if places == 0 { number } else { decimal(number.abs(), scale).copysign(number) + 0.0 }
    }
}

fn nearest(number: f64) -> f64 {
    (number + 0.5).floor()
}

/// To the nearest decimal of so many places by the number's exact value; a half goes up.
fn decimal(number: f64, scale: f64) -> f64 {
    let product = number * scale;
    if product > MAX_SAFE as f64 {
        return number;
    }
    // What the product lost, after Dekker.
    let split = |number: f64| {
        let high = number * 134_217_729.0;
        let high = high - (high - number);
        (high, number - high)
    };
    let ((a, b), (c, d)) = (split(number), split(scale));
    let lost = ((a * c - product) + a * d + b * c) + b * d;
    let low = product.floor();
    let up = (product - low - 0.5) + lost >= 0.0;
    (if up { low + 1.0 } else { low }) / scale
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn numbers_fit_their_widgets() {
        let table = [
            ("INT", r#"{"min": 16, "max": 100, "step": 8}"#, json!(50), json!(48)),
            ("INT", r#"{"min": 16, "max": 100, "step": 8}"#, json!(52), json!(56)),
            ("INT", r#"{"min": 16, "max": 100, "step": 8}"#, json!(3), json!(16)),
            ("INT", r#"{"min": 1, "max": 100, "step": 8}"#, json!(101), json!(97)),
            ("INT", r#"{"min": -7, "max": 50, "step": 4}"#, json!(0), json!(1)),
            ("INT", r#"{"min": -7, "max": 50, "step": 4}"#, json!(-5), json!(-3)),
            ("INT", "{}", json!(2.5), json!(3)),
            ("INT", "{}", json!(-5), json!(-5)),
            ("INT", "{}", json!(9_007_199_254_740_993_u64), json!(9_007_199_254_740_993_u64)),
            ("INT", "{}", json!("abc"), json!("abc")),
            (
                "FLOAT",
                r#"{"min": 0, "max": 100, "step": 0.1, "round": 0.01}"#,
                json!(8.35),
                json!(8.3),
            ),
            (
                "FLOAT",
                r#"{"min": 0, "max": 100, "step": 0.1, "round": 0.01}"#,
                json!(8.25),
                json!(8.3),
            ),
            ("FLOAT", r#"{"min": -9, "step": 0.05}"#, json!(0.075), json!(0.08)),
            ("FLOAT", r#"{"min": -9, "step": 0.01, "round": 0.001}"#, json!(0.075), json!(0.07)),
            ("FLOAT", r#"{"min": -9, "step": 0.01}"#, json!(-0.267), json!(-0.27)),
            ("FLOAT", r#"{"min": -9, "step": 1}"#, json!(0.123), json!(0.123)),
            ("FLOAT", r#"{"max": 0.25}"#, json!(5), json!(0.25)),
            ("FLOAT", "{}", json!(-3), json!(0)),
            ("FLOAT", "{}", json!(7.14), json!(7.1)),
        ];
        for (kind, options, given, expected) in table {
            let options: Ordered = serde_json::from_str(options).unwrap_or(Ordered::List(vec![]));
            let found = Bounds::read(kind, Some(&options)).apply(given.clone());
            assert_eq!(found, expected, "{kind} {given}");
        }
    }
}
