//! The JSON file that describes a result in an exported archive. Invariant: what is read from it is
//! a result and the record of its run, which belong together, within the sizes that the page itself
//! writes; anything else is `None`.

use serde::{Deserialize, Serialize};

use super::{Key, Record, ResultContent, ResultRow};
use pilotlight_comfy::json::{self, Version};
use pilotlight_comfy::secret;

/// The description of a result in an archive.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Sidecar {
    /// Marks the file as one of this page.
    pub is: Mark,
    /// The version of this format.
    pub v: Version<1>,
    /// The name of the result's file in the same archive.
    pub file: Option<String>,
    /// The result.
    pub row: ResultRow,
    /// The record of its run.
    #[serde(rename = "run")]
    pub record: Record,
}

/// The marker of such a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Mark {
    #[serde(rename = "pilotlight result")]
    Result,
}

/// The most results of a run.
const MOST_PLACES: usize = 10_000;
/// The most bytes of a row's texts: the gallery reads the rows of all results. A prompt has at most
/// `MAX_TEXT_BYTES`, an answer a few thousand characters.
const MAX_ROW_BYTES: usize = 1 << 20;
/// The most input images of a run; more than any form has fields.
const MAX_PICTURES: usize = 1_000;
/// The last time that JavaScript's calendar can represent, 9999-12-31, in ms.
const LAST_MS: u64 = 253_402_300_799_999;

impl Sidecar {
    /// Returns a result as it is exported: without the server's address and the values of secret
    /// inputs, since the archive may be given to others.
    pub fn outgoing(row: &ResultRow, record: &Record, file: Option<String>) -> Self {
        let mut record = Record {
            endpoint: String::new(),
            drafts: record.drafts.without_secrets().0,
            ..record.clone()
        };
        secret::clear(&mut record.workflow);
        Self { is: Mark::Result, v: Version, file, row: row.clone(), record }
    }

    /// Returns whether the result may be added to a stored run; `known` is the record of that run.
    /// If they differ, importing it would change stored data.
    pub fn agrees_with(&self, known: &Record) -> bool {
        known.id == self.record.id
            && known.pressed == self.record.pressed
            && known.form == self.record.form
    }

    /// Returns the size of its row's texts in bytes.
    pub fn row_bytes(&self) -> usize {
        texts_bytes(&self.row)
    }

    /// Reads a file of an archive; `None` if it is not a result that the page wrote.
    pub fn read(text: &[u8]) -> Option<Self> {
        json::from_text::<Self>(str::from_utf8(text).ok()?).filter(Self::is_sound)
    }

    fn is_sound(&self) -> bool {
        let Self { row, record, file, .. } = self;
        let belongs = row.run == record.id && row.at == record.pressed && row.form == record.form;
        // Ids of runs are parts of keys, where spaces are separators.
        let is_plain = |text: &str| text.bytes().all(|byte| byte.is_ascii_graphic());
        belongs
            && is_plain(row.run.as_str())
            && row.pictures.iter().all(|hash| is_plain(hash))
            && row.file_at().is_none_or(|at| at < MOST_PLACES)
            && row.file_at().is_some() == file.is_some()
            && is_own(row)
            && row.at.0 <= LAST_MS
            && record.ended.0 <= LAST_MS
            && row.pictures.len() <= MAX_PICTURES
            && texts_bytes(row) <= MAX_ROW_BYTES
    }
}

/// Returns the size of a row's texts in bytes.
fn texts_bytes(row: &ResultRow) -> usize {
    let content = match &row.content {
        ResultContent::File { name, .. } => name.len(),
        ResultContent::Text(text) => text.len(),
        ResultContent::Gone => 0,
    };
    let group = row.group.as_ref().map_or(0, String::len);
    let pictures: usize = row.pictures.iter().map(String::len).sum();
    row.prompt.len() + row.form.len() + group + pictures + content
}

/// Returns whether its key is that of a result of its run.
fn is_own(row: &ResultRow) -> bool {
    let place = row.key.as_str().rsplit_once(' ').and_then(|(_, place)| place.parse().ok());
    place.is_some_and(|place: usize| {
        place < MOST_PLACES && row.key == Key::new(row.at, &row.run, place)
    })
}

#[cfg(test)]
impl Sidecar {
    /// A result with this prompt.
    pub(crate) fn of_prompt(prompt: &str) -> Self {
        let row = super::tests::row(0, ResultContent::Gone);
        Self {
            is: Mark::Result,
            v: Version,
            row: ResultRow { prompt: prompt.to_owned(), ..row },
            record: super::tests::record(),
            file: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{file, record, row};
    use super::*;
    use pilotlight_comfy::id::PromptId;
    use pilotlight_forms::form::{Draft, FieldKey};

    use pilotlight_comfy::time::At;
    use serde_json::{Value, json};

    fn carried() -> Sidecar {
        let record = record();
        let row = ResultRow {
            key: Key::new(record.pressed, &record.id, 3),
            at: record.pressed,
            form: record.form.clone(),
            is_starred: true,
            is_pinned: true,
            ..file(0, 9)
        };
        Sidecar { is: Mark::Result, v: Version, row, record, file: Some("0001 虎.png".into()) }
    }

    /// Returns the result after writing and reading it.
    fn again(carried: &Sidecar) -> Option<Sidecar> {
        Sidecar::read(&serde_json::to_vec(carried).expect("JSON"))
    }

    #[test]
    fn what_is_carried_away_comes_back_as_it_was() {
        let picture = carried();
        assert_eq!(again(&picture), Some(picture.clone()));
        for content in [ResultContent::Text("a **tiger**".into()), ResultContent::Gone] {
            let row = ResultRow { content, ..picture.row.clone() };
            let other = Sidecar { row, file: None, ..picture.clone() };
            assert_eq!(again(&other), Some(other));
        }
    }

    #[test]
    fn what_does_not_belong_together_is_refused() {
        let changes: [(&str, Value); 12] = [
            ("/is", json!("pilotlight")),
            ("/v", json!(2)),
            ("/file", json!(null)),
            ("/row", json!({})),
            ("/run", json!([])),
            ("/row/run", json!("another")),
            ("/row/at", json!(5)),
            ("/row/form", json!("another")),
            ("/row/key", json!("../../x")),
            ("/row/key", carried().row.key.of_run().into()),
            ("/row/pictures", json!(["a b"])),
            ("/row/piece/at", json!(10_000)),
        ];
        for (place, value) in changes {
            let mut whole = json::to_value(&carried());
            *whole.pointer_mut(place).expect("a place") = value;
            assert_eq!(Sidecar::read(&json::text(&whole).into_bytes()), None, "{place}");
        }
        // ResultRow and record agree on an id that would be two parts of a key.
        let mut whole = json::to_value(&carried());
        let odd = "a b";
        whole["row"]["run"] = json!(odd);
        whole["run"]["id"] = json!(odd);
        whole["row"]["key"] = json!(format!("{:014} {odd} 0003", carried().row.at.0));
        assert_eq!(Sidecar::read(&json::text(&whole).into_bytes()), None);
        assert_eq!(
            Sidecar::read(&json::text(&json::to_value(&row(0, ResultContent::Gone))).into_bytes()),
            None
        );
    }

    #[test]
    fn what_is_too_large_to_be_ours_is_refused() {
        let long = "x".repeat(MAX_ROW_BYTES + 1);
        let changes: [(&str, Value); 5] = [
            ("/row/prompt", json!(long)),
            ("/row/group", json!(long)),
            ("/row/piece/file", json!(long)),
            ("/row/pictures", json!(vec!["a"; MAX_PICTURES + 1])),
            ("/run/ended", json!(u64::MAX)),
        ];
        for (place, value) in changes {
            let mut whole = json::to_value(&carried());
            *whole.pointer_mut(place).expect("a place") = value;
            assert_eq!(Sidecar::read(&json::text(&whole).into_bytes()), None, "{place}");
        }
        // ResultRow and record agree on a time that is out of range.
        let far = Record { pressed: At(LAST_MS + 1), ..carried().record };
        let row =
            ResultRow { at: far.pressed, key: Key::new(far.pressed, &far.id, 3), ..carried().row };
        let whole = Sidecar { row, record: far, ..carried() };
        assert_eq!(again(&whole), None);
        let answer = ResultContent::Text("x".repeat(MAX_ROW_BYTES - 1_000));
        let row = ResultRow { content: answer, ..carried().row };
        let whole = Sidecar { row, file: None, ..carried() };
        assert_eq!(again(&whole), Some(whole));
    }

    #[test]
    fn a_result_of_a_run_that_is_here_has_to_agree_with_it() {
        let known = carried().record;
        assert!(carried().agrees_with(&known));
        let others = [
            Record { pressed: At(known.pressed.0 + 1), ..known.clone() },
            Record { form: "another".into(), ..known.clone() },
            Record { id: PromptId::from_random([8; 16]), ..known },
        ];
        for other in others {
            assert!(!carried().agrees_with(&other), "{other:?}");
        }
    }

    #[test]
    fn secrets_and_the_address_of_the_server_are_not_exported() {
        let mut record = record();
        let key = FieldKey::new("2", "api_key");
        record.drafts.set(key.clone(), Draft::Text("sk-1".into()));
        assert!(record.workflow.set(&key, json!("sk-2")));
        record.endpoint = "https://kubeai-x-team-x-vks.example/openai model".into();
        let sent = Sidecar::outgoing(&file(0, 9), &record, Some("a.png".into()));
        let text = json::text(&json::to_value(&sent));
        assert!(!text.contains("sk-") && !text.contains("kubeai"), "{text}");
        assert_eq!(
            sent.record.drafts.get(&FieldKey::new("2", "prompt")),
            record.drafts.get(&FieldKey::new("2", "prompt"))
        );
        assert!(text.contains("\"seed\":18446744073709551615"), "{text}");
    }
}
