//! What the person has typed and chosen so far, and its stored form.
//! Invariant: a draft is kept as it was typed, even when it is no valid value.

use super::FieldKey;
use pilotlight_comfy::json::{self, Version};
use pilotlight_comfy::secret;
use serde::{Deserialize, Serialize, Serializer};
use serde_json::Value;
use std::collections::BTreeMap;

/// The state of one widget.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "StoredDraft", into = "StoredDraft")]
pub enum Draft {
    /// Numbers too, as typed. An empty seed means a random one.
    Text(String),
    /// Whether a switch is on.
    Switch(bool),
    /// The file that was chosen; `None`: none yet.
    Picture(Option<PictureRef>),
}

/// A picture that this browser holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PictureRef {
    /// The name of the file it came from.
    pub name: String,
    /// Its size in bytes.
    pub size_bytes: u64,
    /// What the page knows its bytes by.
    pub hash: String,
}

/// The drafts of a form, ordered by field.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(from = "Stored")]
pub struct Drafts(BTreeMap<FieldKey, Draft>);

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
    /// Returns the draft of a field, if it has one.
    pub fn get(&self, key: &FieldKey) -> Option<&Draft> {
        self.0.get(key)
    }

    /// Puts a draft in the place of the former one.
    pub fn set(&mut self, key: FieldKey, draft: Draft) {
        self.0.insert(key, draft);
    }

    /// Returns every field with its draft, ordered by key.
    pub fn iter(&self) -> impl Iterator<Item = (&FieldKey, &Draft)> {
        self.0.iter()
    }

    /// Takes over every draft of `newer`, and keeps the others.
    pub fn merge(&mut self, newer: Self) {
        for (key, draft) in newer.0 {
            self.set(key, draft);
        }
    }

    /// Returns the drafts without texts of secret inputs, and whether there was one.
    pub fn without_secrets(&self) -> (Self, bool) {
        let is_secret = |(key, draft): &(&FieldKey, &Draft)| match draft {
            Draft::Text(text) => secret::is_named(&key.input) && !text.is_empty(),
            Draft::Switch(_) | Draft::Picture(_) => false,
        };
        let rest = self.iter().filter(|one| !is_secret(one));
        let kept = rest.map(|(key, draft)| (key.clone(), draft.clone())).collect();
        (kept, self.iter().any(|one| is_secret(&one)))
    }

    /// Those that are other than in `base`: merged into it, they make these of it.
    pub fn beside(&self, base: &Self) -> Self {
        let differs = |(key, draft): &(&FieldKey, &Draft)| base.get(key) != Some(draft);
        let differing = self.iter().filter(differs);
        differing.map(|(key, draft)| (key.clone(), draft.clone())).collect()
    }
}

/// The stored form of [`Drafts`], as it is written.
#[derive(Serialize)]
struct Written<'a> {
    v: Version<1>,
    fields: &'a BTreeMap<FieldKey, Draft>,
}

impl Serialize for Drafts {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Written { v: Version, fields: &self.0 }.serialize(serializer)
    }
}

/// The same, as it is read: of a later version a field may not be understood.
#[derive(Deserialize)]
struct Stored {
    #[serde(rename = "v")]
    _v: Version<1>,
    fields: BTreeMap<String, Value>,
}

impl From<Stored> for Drafts {
    /// Leaves out what is not understood.
    fn from(stored: Stored) -> Self {
        let read = |(key, draft): (String, Value)| {
            Some((FieldKey::parse(&key)?, json::from_value(&draft)?))
        };
        stored.fields.into_iter().filter_map(read).collect()
    }
}

/// The stored form of [`Draft`], told apart by its keys; a later version may add others.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum StoredDraft {
    Text {
        text: String,
    },
    Switch {
        switch: bool,
    },
    Picture {
        // `null` is no picture; an object without the key is no draft.
        #[serde(deserialize_with = "Option::deserialize")]
        picture: Option<PictureRef>,
    },
}

impl From<Draft> for StoredDraft {
    fn from(draft: Draft) -> Self {
        match draft {
            Draft::Text(text) => Self::Text { text },
            Draft::Switch(switch) => Self::Switch { switch },
            Draft::Picture(picture) => Self::Picture { picture },
        }
    }
}

impl From<StoredDraft> for Draft {
    fn from(stored: StoredDraft) -> Self {
        match stored {
            StoredDraft::Text { text } => Self::Text(text),
            StoredDraft::Switch { switch } => Self::Switch(switch),
            StoredDraft::Picture { picture } => Self::Picture(picture),
        }
    }
}

impl PictureRef {
    /// Returns the name the picture has at the server: the same bytes always have the same one.
    pub fn server_name(&self) -> String {
        let extension = self.name.rsplit_once('.').map_or("png", |(_, end)| end);
        let is_plain = extension.len() <= 4 && extension.chars().all(|c| c.is_ascii_alphanumeric());
        let extension = if is_plain { extension } else { "png" };
        format!("pilotlight-{}.{}", self.hash, extension.to_ascii_lowercase())
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
        let text = json::to_text(&drafts());
        let value: Value = serde_json::from_str(&text).expect("JSON");
        assert_eq!(json::from_value(&value), Some(drafts()));
    }

    #[track_caller]
    fn check(stored: Value, expected: Option<&[(&str, Draft)]>) {
        let expected: Option<Drafts> = expected.map(|pairs| {
            let pair = |(key, draft): &(&str, Draft)| Some((FieldKey::parse(key)?, draft.clone()));
            pairs.iter().filter_map(pair).collect()
        });
        assert_eq!(json::from_value(&stored), expected);
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
