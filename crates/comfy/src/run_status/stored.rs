//! The stored form of what the history said. Invariant: what was written is read back as it was,
//! anything else is refused.

use serde::{Deserialize, Serialize};

use super::{Content, FileRef, How};
use crate::failure::{NodeFailure, NodeFailureKind};

/// The stored form of [`How`]: a word, or the failure.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
pub(super) enum StoredHow {
    Word(Word),
    Failure {
        out_of_memory: bool,
        node_id: String,
        node_type: String,
        message: String,
        raw: String,
    },
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Word {
    Well,
    Interrupted,
}

impl From<How> for StoredHow {
    fn from(how: How) -> Self {
        match how {
            How::Well => Self::Word(Word::Well),
            How::Interrupted => Self::Word(Word::Interrupted),
            How::Badly(NodeFailure { kind, node_id, node_type, message, raw }) => {
                let out_of_memory = kind == NodeFailureKind::OutOfMemory;
                Self::Failure { out_of_memory, node_id, node_type, message, raw }
            }
        }
    }
}

impl From<StoredHow> for How {
    fn from(stored: StoredHow) -> Self {
        match stored {
            StoredHow::Word(Word::Well) => Self::Well,
            StoredHow::Word(Word::Interrupted) => Self::Interrupted,
            StoredHow::Failure { out_of_memory, node_id, node_type, message, raw } => {
                let kind = match out_of_memory {
                    true => NodeFailureKind::OutOfMemory,
                    false => NodeFailureKind::Other,
                };
                Self::Badly(NodeFailure { kind, node_id, node_type, message, raw })
            }
        }
    }
}

/// The stored form of [`Content`], told apart by its keys.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
pub(super) enum StoredContent {
    Text { text: String },
    File(FileRef),
}

impl From<Content> for StoredContent {
    fn from(content: Content) -> Self {
        match content {
            Content::Text(text) => Self::Text { text },
            Content::File(file) => Self::File(file),
        }
    }
}

impl From<StoredContent> for Content {
    fn from(stored: StoredContent) -> Self {
        match stored {
            StoredContent::Text { text } => Self::Text(text),
            StoredContent::File(file) => Self::File(file),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Ended, Output};
    use super::*;
    use crate::json;
    use serde_json::{Value, json};

    fn file(filename: &str, ended_ms: Option<u64>) -> Output {
        let file = FileRef {
            filename: filename.into(),
            subfolder: "a/b".into(),
            folder: "temp".into(),
            format: "video/h264-mp4".into(),
            ended_ms,
        };
        Output { node: "8:7".into(), content: Content::File(file) }
    }

    fn ended(how: How) -> Ended {
        let text = Output { node: "4".into(), content: Content::Text("虎\n".into()) };
        Ended {
            how,
            outputs: vec![file("猫.png", Some(1_795_336_019_932)), text, file("x", None)],
            ran_ms: Some(4_200),
            cached: true,
            seeds: vec![("2".into(), u64::MAX)],
        }
    }

    #[test]
    fn what_the_history_said_survives_storage() {
        let failure = |kind| {
            let text = |text: &str| text.to_owned();
            How::Badly(NodeFailure {
                kind,
                node_id: text("2"),
                node_type: text("A"),
                message: text("no"),
                raw: text("Error: no\n\n…"),
            })
        };
        for how in [
            How::Well,
            How::Interrupted,
            failure(NodeFailureKind::OutOfMemory),
            failure(NodeFailureKind::Other),
        ] {
            let ended = ended(how);
            let text = json::to_text(&ended);
            assert_eq!(json::from_text(&text), Some(ended));
        }
    }

    #[test]
    fn what_is_not_ours_is_refused() {
        let broken = |key: &str, value: Value| {
            let mut whole = json::to_value(&ended(How::Well));
            whole[key] = value;
            json::from_value::<Ended>(&whole)
        };
        assert_eq!(broken("how", json!("later")), None);
        assert_eq!(broken("how", json!({})), None);
        assert_eq!(broken("outputs", json!([{"node": "2"}])), None);
        assert_eq!(broken("seeds", json!([["2", "x"]])), None);
        assert_eq!(json::from_value::<Ended>(&json!(null)), None);
    }
}
