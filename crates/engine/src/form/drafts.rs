//! What the person has typed and chosen so far, and its stored form.
//! Invariant: a draft is kept as it was typed, even when it is no valid value.

use super::FieldKey;
use crate::json;
use serde_json::{Map, Value};

/// The state of one widget.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Draft {
    /// Numbers too, as typed. An empty seed means a random one.
    Text(String),
    Switch(bool),
    Picture(Option<PictureRef>),
}

/// A picture that this browser holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PictureRef {
    /// The name of the file it came from.
    pub name: String,
    pub size_bytes: u64,
    /// What the page knows its bytes by.
    pub hash: String,
}

/// The drafts of a form, ordered by field.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Drafts {
    fields: Vec<(FieldKey, Draft)>,
}

impl FromIterator<(FieldKey, Draft)> for Drafts {
    fn from_iter<I: IntoIterator<Item = (FieldKey, Draft)>>(pairs: I) -> Self {
        let mut drafts = Self::default();
        for (key, draft) in pairs {
            drafts.set(key, draft);
        }
        drafts
    }
}

impl Drafts {
    pub fn get(&self, key: &FieldKey) -> Option<&Draft> {
        let at = self.place(key).ok()?;
        self.fields.get(at).map(|(_, draft)| draft)
    }

    pub fn set(&mut self, key: FieldKey, draft: Draft) {
        match self.place(&key) {
            Ok(at) => self.fields[at].1 = draft,
            Err(at) => self.fields.insert(at, (key, draft)),
        }
    }

    /// Where a field is, or where it belongs.
    fn place(&self, key: &FieldKey) -> Result<usize, usize> {
        self.fields.binary_search_by(|(known, _)| known.cmp(key))
    }

    pub fn iter(&self) -> impl Iterator<Item = (&FieldKey, &Draft)> {
        self.fields.iter().map(|(key, draft)| (key, draft))
    }

    /// Takes over every draft of `newer`, and keeps the others.
    pub fn merge(&mut self, newer: Self) {
        for (key, draft) in newer.fields {
            self.set(key, draft);
        }
    }

    /// Those that are other than in `base`: merged into it, they make these of it.
    pub fn beside(&self, base: &Self) -> Self {
        let mut fields = self.fields.clone();
        fields.retain(|(key, draft)| base.get(key) != Some(draft));
        Self { fields }
    }

    /// The stored form.
    pub fn to_value(&self) -> Value {
        let mut fields = Map::new();
        for (key, draft) in &self.fields {
            fields.insert(key.to_string(), draft.to_value());
        }
        json::object(vec![("v", VERSION.into()), ("fields", Value::Object(fields))])
    }

    /// Reads the stored form. Nothing comes of another version; a draft that is not understood is
    /// left out, the others stay.
    pub fn from_value(value: &Value) -> Option<Self> {
        if value.get("v")?.as_u64()? != VERSION {
            return None;
        }
        let mut drafts = Self::default();
        for (key, draft) in value.get("fields")?.as_object()? {
            if let (Some(key), Some(draft)) = (FieldKey::parse(key), Draft::from_value(draft)) {
                drafts.set(key, draft);
            }
        }
        Some(drafts)
    }
}

const VERSION: u64 = 1;

impl Draft {
    pub fn to_value(&self) -> Value {
        let (key, value) = match self {
            Self::Text(text) => ("text", text.as_str().into()),
            Self::Switch(on) => ("switch", (*on).into()),
            Self::Picture(None) => ("picture", Value::Null),
            Self::Picture(Some(picture)) => ("picture", picture.to_value()),
        };
        json::object(vec![(key, value)])
    }

    pub fn from_value(value: &Value) -> Option<Self> {
        if let Some(text) = value.get("text") {
            return Some(Self::Text(text.as_str()?.to_owned()));
        }
        if let Some(on) = value.get("switch") {
            return Some(Self::Switch(on.as_bool()?));
        }
        let picture = value.get("picture")?;
        if picture.is_null() {
            return Some(Self::Picture(None));
        }
        PictureRef::from_value(picture).map(|picture| Self::Picture(Some(picture)))
    }
}

impl PictureRef {
    pub fn to_value(&self) -> Value {
        json::object(vec![
            ("name", self.name.as_str().into()),
            ("size_bytes", self.size_bytes.into()),
            ("hash", self.hash.as_str().into()),
        ])
    }

    pub fn from_value(value: &Value) -> Option<Self> {
        Some(Self {
            name: value.get("name")?.as_str()?.to_owned(),
            size_bytes: value.get("size_bytes")?.as_u64()?,
            hash: value.get("hash")?.as_str()?.to_owned(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn drafts() -> Drafts {
        let picture =
            PictureRef { name: "猫.png".into(), size_bytes: u64::MAX, hash: "a1".into() };
        [
            (FieldKey::new("2", "prompt"), Draft::Text("a \"tiger\"\n".into())),
            (FieldKey::new("8:7", "a.b c"), Draft::Text("18446744073709551615".into())),
            (FieldKey::new("3", "insert"), Draft::Switch(true)),
            (FieldKey::new("5", "image"), Draft::Picture(Some(picture))),
            (FieldKey::new("6", "image"), Draft::Picture(None)),
        ]
        .into_iter()
        .collect()
    }

    #[test]
    fn drafts_survive_storage() {
        let text = drafts().to_value().to_string();
        let value: Value = serde_json::from_str(&text).expect("JSON");
        assert_eq!(Drafts::from_value(&value), Some(drafts()));
    }

    #[track_caller]
    fn check(stored: Value, expected: Option<&[(&str, Draft)]>) {
        let expected = expected.map(|pairs| {
            let pair = |(key, draft): &(&str, Draft)| Some((FieldKey::parse(key)?, draft.clone()));
            pairs.iter().filter_map(pair).collect()
        });
        assert_eq!(Drafts::from_value(&stored), expected);
    }

    #[test]
    fn what_is_not_understood_is_left_out() {
        let tiger = Draft::Text("tiger".into());
        check(
            json!({"v": 1, "later": true, "fields": {
                "2.prompt": {"text": "tiger", "later": 1},
                "2.sound": {"sound": []},
                "2.n": {"text": 5},
                "nonsense": {"text": ""},
                "5.image": {"picture": {"name": "x"}},
            }}),
            Some(&[("2.prompt", tiger)]),
        );
        check(json!({"v": 1, "fields": {}}), Some(&[]));
        check(json!({"v": 2, "fields": {}}), None);
        check(json!({"v": 1}), None);
        check(json!([]), None);
        check(json!(null), None);
    }

    #[test]
    fn drafts_are_told_by_what_differs() {
        let base = drafts();
        assert_eq!(base.beside(&base), Drafts::default());
        let mut other = drafts();
        other.set(FieldKey::new("2", "prompt"), Draft::Text("a fox".into()));
        let differing = other.beside(&base);
        assert_eq!(differing.iter().count(), 1);
        let mut made = base;
        made.merge(differing);
        assert_eq!(made, other);
    }

    #[test]
    fn newer_drafts_replace_older_ones() {
        let key = FieldKey::new("2", "prompt");
        let mut all = drafts();
        all.merge([(key.clone(), Draft::Text("x".into()))].into_iter().collect());
        assert_eq!(all.get(&key), Some(&Draft::Text("x".into())));
        assert_eq!(all.iter().count(), 5);
        all.set(key.clone(), Draft::Switch(false));
        assert_eq!(all.get(&key), Some(&Draft::Switch(false)));
    }
}
