//! A result as a file beside its bytes, to be carried elsewhere and back.
//! Invariant: what comes back is a result and the run that it came of, which belong together; a
//! file that says anything else is `None`.

use serde_json::Value;

use super::{Key, Record, Row};
use crate::json;

/// What lies beside the bytes of one result.
#[derive(Clone, Debug, PartialEq)]
pub struct Carried {
    pub row: Row,
    pub record: Record,
    /// The name of the file that its bytes are in, in the same archive.
    pub file: Option<String>,
}

const VERSION: u64 = 1;
/// Says what the file is.
const MARK: &str = "pilotlight result";
/// A run has no more results.
const MOST_PLACES: usize = 10_000;

impl Carried {
    pub fn to_value(&self) -> Value {
        json::object(vec![
            ("is", MARK.into()),
            ("v", VERSION.into()),
            ("file", self.file.as_deref().into()),
            ("row", self.row.to_value()),
            ("run", self.record.to_value()),
        ])
    }

    pub fn from_value(value: &Value) -> Option<Self> {
        if value.get("is")?.as_str()? != MARK || value.get("v")?.as_u64()? != VERSION {
            return None;
        }
        let row = Row::from_value(value.get("row")?)?;
        let record = Record::from_value(value.get("run")?)?;
        let file = value.get("file").and_then(Value::as_str).map(str::to_owned);
        let belongs = row.run == record.id && row.at == record.pressed && row.form == record.form;
        // Names of runs are parts of keys, which blanks would divide.
        let is_plain = |text: &str| text.bytes().all(|byte| byte.is_ascii_graphic());
        let sound = belongs
            && is_plain(row.run.as_str())
            && row.pictures.iter().all(|hash| is_plain(hash))
            && row.file_at().is_none_or(|at| at < MOST_PLACES)
            && row.file_at().is_some() == file.is_some()
            && is_own(&row);
        sound.then_some(Self { row, record, file })
    }
}

/// Whether its key is that of a result of its run.
fn is_own(row: &Row) -> bool {
    let place = row.key.as_str().rsplit_once(' ').and_then(|(_, place)| place.parse().ok());
    place.is_some_and(|place: usize| {
        place < MOST_PLACES && row.key == Key::new(row.at, &row.run, place)
    })
}

#[cfg(test)]
mod tests {
    use super::super::Piece;
    use super::super::tests::{file, record, row, stored};
    use super::*;
    use serde_json::json;

    fn carried() -> Carried {
        let record = record();
        let row = Row {
            key: Key::new(record.pressed, &record.id, 3),
            at: record.pressed,
            form: record.form.clone(),
            is_starred: true,
            is_pinned: true,
            ..file(0, 9)
        };
        Carried { row, record, file: Some("0001 虎.png".into()) }
    }

    #[test]
    fn what_is_carried_away_comes_back_as_it_was() {
        let picture = carried();
        assert_eq!(Carried::from_value(&stored(&picture.to_value())), Some(picture.clone()));
        for piece in [Piece::Text("a **tiger**".into()), Piece::Gone] {
            let row = Row { piece, ..picture.row.clone() };
            let other = Carried { row, file: None, ..picture.clone() };
            assert_eq!(Carried::from_value(&stored(&other.to_value())), Some(other));
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
            let mut whole = carried().to_value();
            *whole.pointer_mut(place).expect("a place") = value;
            assert_eq!(Carried::from_value(&whole), None, "{place}");
        }
        // Both agree on a name that would be two parts of a key.
        let mut whole = carried().to_value();
        let odd = "a b";
        whole["row"]["run"] = json!(odd);
        whole["run"]["id"] = json!(odd);
        whole["row"]["key"] = json!(format!("{:014} {odd} 0003", carried().row.at.0));
        assert_eq!(Carried::from_value(&whole), None);
        assert_eq!(Carried::from_value(&row(0, Piece::Gone).to_value()), None);
    }
}
