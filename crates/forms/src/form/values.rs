//! Values by field that come from outside, such as a host's message or an address, as drafts; and
//! drafts as such values. Invariant: a value is taken as it is or not at all, and what is not taken
//! is named.

use super::{Draft, Drafts, Field, FieldKey, Form, Widget};
use pilotlight_comfy::json;
use pilotlight_comfy::language::Language;
use pilotlight_comfy::number::{MAX_SAFE, integer, shown};
use pilotlight_comfy::problem::Trouble;
use pilotlight_comfy::secret;
use serde_json::{Map, Value};

/// More values than this are of no form.
pub const MAX_VALUES: usize = 500;

/// Why a value was not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Untaken {
    /// The form has no such field, or several.
    NoField {
        /// What it was called.
        name: String,
    },
    /// It is chosen by people only: a picture, a video, a sound.
    File {
        /// The field.
        key: FieldKey,
    },
    /// Its value can only be looked at.
    OnlyShown {
        /// The field.
        key: FieldKey,
    },
    /// It does not fit.
    Unfit {
        /// The field.
        key: FieldKey,
        /// What is wrong with the value.
        trouble: Trouble,
    },
    /// More than `MAX_VALUES`; none of them was looked at.
    TooMany,
}

impl Form {
    /// What to fill in for these values, and which cannot be. A field is named by its key
    /// (`2.prompt`), or by its label or the name of its input where one field alone has it.
    pub fn drafts_of(&self, values: &Map<String, Value>) -> (Drafts, Vec<Untaken>) {
        let mut drafts = Drafts::default();
        if values.len() > MAX_VALUES {
            return (drafts, vec![Untaken::TooMany]);
        }
        let mut untaken = Vec::new();
        for (name, value) in values {
            match self.named(name).ok_or_else(|| Untaken::NoField { name: name.clone() }) {
                // As it is told: what was typed stays.
                Ok(field) if value.is_null() && is_secret(field) => {}
                Ok(field) => match self.draft_of(field, value) {
                    Ok(draft) => drafts.set(field.key.clone(), draft),
                    Err(why) => untaken.push(why),
                },
                Err(why) => untaken.push(why),
            }
        }
        (drafts, untaken)
    }

    /// What these drafts hold, by field, as `drafts_of` takes it; a file by its name. Whole numbers
    /// that a script could not hold are texts. The text of a secret input is `null`: a person may
    /// have typed it in the frame of another site.
    pub fn values_of(&self, drafts: &Drafts) -> Map<String, Value> {
        let mut values = Map::new();
        for field in &self.fields {
            let draft = drafts.get(&field.key).unwrap_or(&field.default);
            let value = if is_secret(field) { Value::Null } else { self.plain(field, draft) };
            values.insert(field.key.to_string(), value);
        }
        values
    }

    fn named(&self, name: &str) -> Option<&Field> {
        let by_key = FieldKey::parse(name).and_then(|key| self.field(&key));
        by_key.or_else(|| {
            let is_it = |field: &&Field| {
                field.key.input == name || field.label.texts().iter().any(|text| text == name)
            };
            let mut found = self.fields.iter().filter(is_it);
            let first = found.next();
            first.filter(|_| found.next().is_none())
        })
    }

    fn draft_of(&self, field: &Field, value: &Value) -> Result<Draft, Untaken> {
        let key = || field.key.clone();
        let unfit = |trouble| Untaken::Unfit { key: key(), trouble };
        let text = value.as_str().map(str::to_owned);
        let number = value.as_number().map(shown);
        let draft = match &field.widget {
            Widget::LongText | Widget::Text => text.map(Draft::Text),
            Widget::Int { .. } | Widget::Float { .. } => number.or(text).map(Draft::Text),
            Widget::Seed { .. } if value.is_null() => Some(Draft::Text(String::new())),
            Widget::Seed { .. } => number.or(text).map(Draft::Text),
            Widget::Switch => value.as_bool().map(Draft::Switch),
            Widget::Choice { options } => {
                let is_it = |option: &&super::Choice| {
                    option.value == *value || Some(&option.text) == text.as_ref()
                };
                let chosen = options.iter().find(is_it);
                let named = text.unwrap_or_else(|| json::text(value));
                let missing = || unfit(Trouble::NotInList { value: named });
                return chosen.map(|option| Draft::Text(option.text.clone())).ok_or_else(missing);
            }
            // Chosen no longer: that needs no file.
            Widget::Picture | Widget::Video | Widget::Sound if value.is_null() => {
                return Ok(Draft::Picture(None));
            }
            Widget::Picture | Widget::Video | Widget::Sound => {
                // The name that the form itself has is told, and may come back.
                let own = field.start.as_ref().map(|name| name.get(Language::English));
                let own = text.filter(|name| own == Some(name.as_str()));
                return own.map(Draft::Text).ok_or_else(|| Untaken::File { key: key() });
            }
            Widget::ReadOnly(_) => return Err(Untaken::OnlyShown { key: key() }),
        };
        let draft = draft.ok_or_else(|| unfit(Trouble::WrongType))?;
        match self.value_of(field, &draft) {
            // A field that is emptied is no mistake before it is to run.
            Ok(_) | Err(Trouble::Missing) => Ok(draft),
            Err(trouble) => Err(unfit(trouble)),
        }
    }

    fn plain(&self, field: &Field, draft: &Draft) -> Value {
        let text = match draft {
            Draft::Switch(on) => return (*on).into(),
            Draft::Picture(None) => return Value::Null,
            Draft::Picture(Some(picture)) => return picture.name.as_str().into(),
            Draft::Text(text) => text,
        };
        let is_random = matches!(field.widget, Widget::Seed { .. }) && text.trim().is_empty();
        if is_random {
            return Value::Null;
        }
        match self.value_of(field, draft) {
            Ok(Some(value)) if is_held(&value) => value,
            Ok(_) | Err(_) => text.as_str().into(),
        }
    }
}

fn is_secret(field: &Field) -> bool {
    matches!(field.widget, Widget::LongText | Widget::Text) && secret::is_named(&field.key.input)
}

/// Whether a script holds it exactly.
pub(crate) fn is_held(value: &Value) -> bool {
    integer(value).is_none_or(|whole| whole.unsigned_abs() <= MAX_SAFE.into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::form::Package;
    use serde_json::json;

    fn form() -> Form {
        let file = r#"{
            "pilotlight": 1, "id": "a", "title": "A",
            "prompt": {
                "1": {"class_type": "Load", "inputs": {"name": "janus", "cfg": 5.5, "text": ""}},
                "2": {"class_type": "Make", "inputs": {"prompt": "a tiger", "seed": 1, "on": true,
                    "count": 2, "size": "small", "text": "", "any": null}},
                "3": {"class_type": "LoadImage", "inputs": {"image": "a.png", "upload": "image"}}
            },
            "form": [
                {"node": "2", "input": "prompt", "label": {"en": "Prompt", "zh": "提示词"}, "required": true},
                {"node": "2", "input": "seed", "label": "Seed"},
                {"node": "2", "input": "on", "label": "On"},
                {"node": "2", "input": "count", "label": "Count", "min": 1, "max": 4},
                {"node": "2", "input": "size", "label": "Size"},
                {"node": "1", "input": "cfg", "label": "Strength"},
                {"node": "1", "input": "text", "label": "First"},
                {"node": "2", "input": "text", "label": "Second"},
                {"node": "2", "input": "any", "label": "Any"},
                {"node": "3", "input": "image", "label": "Image"}
            ],
            "classes": {"Make": {"input": {"required": {
                "prompt": ["STRING", {"multiline": true}], "seed": ["INT", {}], "on": ["BOOLEAN", {}],
                "count": ["INT", {}], "size": [["small", "large"], {}], "text": ["STRING", {}],
                "any": ["*", {}]}}, "name": "Make"}}
        }"#;
        Package::parse(file).unwrap().form()
    }

    fn said(why: &Untaken) -> String {
        match why {
            Untaken::NoField { name } => format!("no {name}"),
            Untaken::File { key } => format!("file {key}"),
            Untaken::OnlyShown { key } => format!("shown {key}"),
            Untaken::Unfit { key, trouble } => format!("{key} {trouble:?}"),
            Untaken::TooMany => "too many".to_owned(),
        }
    }

    #[track_caller]
    fn check(values: Value, expected: &str) {
        let (drafts, untaken) = form().drafts_of(values.as_object().unwrap());
        let drafts = drafts.iter().map(|(key, draft)| match draft {
            Draft::Text(text) => format!("{key}={text}"),
            Draft::Switch(on) => format!("{key}={on}"),
            Draft::Picture(picture) => format!("{key}={}", picture.is_some()),
        });
        let all: Vec<String> = drafts.chain(untaken.iter().map(said)).collect();
        assert_eq!(all.join(" | "), expected, "{values}");
    }

    #[test]
    fn fields_are_named_by_key_label_or_input() {
        check(json!({"2.prompt": "a lamp"}), "2.prompt=a lamp");
        check(json!({"Prompt": "a lamp"}), "2.prompt=a lamp");
        check(json!({"提示词": "灯"}), "2.prompt=灯");
        check(json!({"prompt": "a lamp"}), "2.prompt=a lamp");
        check(json!({"text": "x"}), "no text");
        check(json!({"First": "x", "2.text": "y"}), "1.text=x | 2.text=y");
        check(json!({"2.model": 1, "": 1, "9.prompt": "x"}), "no  | no 2.model | no 9.prompt");
        check(json!({"__proto__": {}, "constructor": 1}), "no __proto__ | no constructor");
    }

    #[test]
    fn a_value_has_to_fit_its_field() {
        check(json!({"prompt": ""}), "2.prompt=");
        check(json!({"prompt": 5}), "2.prompt WrongType");
        check(json!({"prompt": {"a": "b"}}), "2.prompt WrongType");
        check(json!({"seed": 7}), "2.seed=7");
        check(json!({"seed": "18446744073709551615"}), "2.seed=18446744073709551615");
        check(json!({"seed": null}), "2.seed=");
        check(json!({"seed": true}), "2.seed WrongType");
        check(json!({"seed": "x"}), "2.seed NotANumber");
        check(json!({"on": false}), "2.on=false");
        check(json!({"on": "false"}), "2.on WrongType");
        check(json!({"count": 4}), "2.count=4");
        check(json!({"count": "3"}), "2.count=3");
        check(json!({"count": 5}), r#"2.count TooLarge { max: "4" }"#);
        check(json!({"count": 0}), r#"2.count TooSmall { min: "1" }"#);
        check(json!({"count": 1.5}), "2.count NotWhole");
        check(json!({"size": "large"}), "2.size=large");
        check(json!({"size": "huge"}), r#"2.size NotInList { value: "huge" }"#);
        check(json!({"cfg": 6}), "1.cfg=6");
        check(json!({"cfg": "much"}), "1.cfg NotANumber");
        check(json!({"image": "b.png"}), "file 3.image");
        check(json!({"image": null}), "3.image=false");
        check(json!({"any": 1}), "shown 2.any");
        let long = "x".repeat(100_001);
        check(json!({"prompt": long}), "2.prompt TooLong { limit_bytes: 100000 }");
        check(json!({"count": 9, "on": true}), r#"2.on=true | 2.count TooLarge { max: "4" }"#);
    }

    #[test]
    fn more_values_than_any_form_has_are_not_looked_at() {
        let many: Map<String, Value> =
            (0..=MAX_VALUES).map(|n| (n.to_string(), n.into())).collect();
        assert_eq!(form().drafts_of(&many), (Drafts::default(), vec![Untaken::TooMany]));
    }

    #[test]
    fn what_is_told_can_be_given_back() {
        let given = json!({"prompt": "a lamp", "seed": "18446744073709551615", "on": false,
            "count": 3, "cfg": 6.5, "size": "large"});
        let (drafts, _) = form().drafts_of(given.as_object().unwrap());
        let told = form().values_of(&drafts);
        let expected = json!({"2.prompt": "a lamp", "2.seed": "18446744073709551615", "2.on": false,
            "2.count": 3, "2.size": "large", "1.cfg": 6.5, "1.text": "", "2.text": "",
            "2.any": "null", "3.image": null});
        assert_eq!(Value::Object(told.clone()), expected);
        let takes = |key: &String| !key.ends_with("any");
        let back: Map<String, Value> = told.into_iter().filter(|(key, _)| takes(key)).collect();
        let (again, untaken) = form().drafts_of(&back);
        assert_eq!((form().values_of(&again), untaken), (form().values_of(&drafts), Vec::new()));
        assert_eq!(form().values_of(&Drafts::default())["2.seed"], Value::Null);
    }

    #[test]
    fn a_file_that_the_form_names_is_told_and_taken_back() {
        let file = json!({
            "pilotlight": 1, "id": "a", "title": "A",
            "prompt": {"1": {"class_type": "LoadImage", "inputs": {"image": "a.png"}}},
            "form": [{"node": "1", "input": "image", "label": "I", "default": "a.png"}],
        });
        let form = Package::from_value(&file).unwrap().form();
        let told = form.values_of(&form.drafts(Language::English));
        assert_eq!(json!(told), json!({"1.image": "a.png"}));
        assert_eq!(form.drafts_of(&told), (form.drafts(Language::English), Vec::new()));
        let (_, untaken) = form.drafts_of(json!({"image": "b.png"}).as_object().unwrap());
        assert_eq!(untaken, [Untaken::File { key: FieldKey::new("1", "image") }]);
    }

    #[test]
    fn a_secret_is_taken_and_never_told() {
        let file = json!({
            "pilotlight": 1, "id": "a", "title": "A",
            "prompt": {"1": {"class_type": "A", "inputs": {"api_key": "sk-1", "token": 5, "name": "x"}}},
            "form": [{"node": "1", "input": "api_key", "label": "K"},
                {"node": "1", "input": "token", "label": "T"},
                {"node": "1", "input": "name", "label": "N"}],
            "classes": {},
        });
        let form = Package::from_value(&file).unwrap().form();
        let (drafts, untaken) = form.drafts_of(json!({"api_key": "sk-2"}).as_object().unwrap());
        assert_eq!((drafts.iter().count(), untaken), (1, Vec::new()));
        let told = form.values_of(&drafts);
        assert_eq!(json!(told), json!({"1.api_key": null, "1.token": 5, "1.name": "x"}));
        let (drafts, untaken) = form.drafts_of(&told);
        assert_eq!(drafts.get(&FieldKey::new("1", "api_key")), None, "it would be emptied");
        assert_eq!(untaken, Vec::new());
    }
}
