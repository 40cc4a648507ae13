//! Decimals as the editor would queue them: where a class says `round`, what a person typed goes to
//! the nearest multiple. Invariant: what nobody typed stays as it is, digit by digit.

use super::step::Decimal;
use super::{Draft, Drafts, Form, Widget};
use pilotlight_comfy::number::{shown, shown_float, typed_number};
use pilotlight_comfy::schema::{Class, Kind};

impl Form {
    /// What was typed, rounded: only the drafts that change. They are to be shown before they are
    /// sent.
    pub fn rounded(&self, drafts: &Drafts, classes: &[Class]) -> Drafts {
        let typed = self.fields.iter().filter(|field| matches!(field.widget, Widget::Float { .. }));
        let changed = typed.filter_map(|field| {
            let draft = drafts.get(&field.key).filter(|draft| **draft != field.default)?;
            let Draft::Text(text) = draft else { return None };
            let node = self.workflow().node(&field.key.node)?;
            let class = classes.iter().find(|class| class.name == node.class())?;
            let Kind::Float { round: Some(round), .. } =
                class.input_of(&field.key.input, node)?.kind
            else {
                return None;
            };
            Some((field.key.clone(), Draft::Text(rounded(text, round)?)))
        });
        changed.collect()
    }
}

/// `None` where nothing changes, and where there is no number to round.
fn rounded(typed: &str, round: f64) -> Option<String> {
    let typed = shown(&typed_number(typed).ok()?);
    let (now, step) = (Decimal::read(&typed)?, Decimal::read(&shown_float(round))?);
    let digits = now.digits.max(step.digits);
    let (units, step) = (now.in_digits(digits)?, step.in_digits(digits)?);
    if step <= 0 {
        return None;
    }
    let half = if units < 0 { -step } else { step };
    let nearest = (units.checked_mul(2)? + half) / step.checked_mul(2)? * step;
    let text = Decimal { units: nearest, digits }.to_text()?;
    (nearest != units).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::form::{FieldKey, Given, derive};
    use pilotlight_comfy::workflow::Workflow;
    use serde_json::json;

    #[test]
    fn a_number_goes_to_the_nearest_multiple() {
        let table = [
            ("0.5", 0.5, None),
            ("0.7", 0.5, Some("0.5")),
            ("0.75", 0.5, Some("1")),
            ("-0.75", 0.5, Some("-1")),
            ("-0.7", 0.5, Some("-0.5")),
            ("1.2345", 0.01, Some("1.23")),
            ("1.235", 0.01, Some("1.24")),
            ("7", 0.001, None),
            ("1000000.0004", 0.001, Some("1000000")),
            ("0.1", 0.0, None),
            ("many", 0.5, None),
            ("", 0.5, None),
        ];
        for (typed, round, expected) in table {
            assert_eq!(rounded(typed, round).as_deref(), expected, "{typed} to {round}");
        }
    }

    #[test]
    fn only_what_was_typed_is_rounded() {
        let classes = Class::read_all(&json!({"A": {"input": {"required": {
            "cfg": ["FLOAT", {"default": 1, "step": 0.1, "round": 0.01}],
            "free": ["FLOAT", {"default": 1}],
            "odd": ["FLOAT", {"default": 1, "round": 0.5}],
        }}}}));
        let inputs = json!({"cfg": 1.5, "free": 1.5, "odd": 0.333});
        let prompt = json!({"1": {"class_type": "A", "inputs": inputs}});
        let form = derive(Given {
            workflow: Workflow::from_value(prompt).expect("a workflow"),
            classes: &classes,
            author: None,
            app: None,
            name: "a",
        });
        let key = |input: &str| FieldKey::new("1", input);
        let mut drafts = form.drafts(pilotlight_comfy::language::Language::English);
        assert_eq!(form.rounded(&drafts, &classes), Drafts::default());
        for input in ["cfg", "free"] {
            drafts.set(key(input), Draft::Text("7.4567".into()));
        }
        let expected = [(key("cfg"), Draft::Text("7.46".into()))].into_iter().collect();
        assert_eq!(form.rounded(&drafts, &classes), expected);
    }
}
