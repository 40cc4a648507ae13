//! The stored form of what the history said. Invariant: what was written is read back as it was,
//! anything else is `None`.

use serde_json::Value;

use super::{Content, Ended, FileRef, How, Output};
use crate::failure::{NodeFailure, NodeFailureKind};
use crate::json;

impl Ended {
    pub fn to_value(&self) -> Value {
        let seed =
            |(node, seed): &(String, u64)| Value::Array(vec![node.as_str().into(), (*seed).into()]);
        json::object(vec![
            ("how", self.how.to_value()),
            ("outputs", self.outputs.iter().map(Output::to_value).collect::<Vec<_>>().into()),
            ("ran_ms", self.ran_ms.into()),
            ("cached", self.cached.into()),
            ("seeds", self.seeds.iter().map(seed).collect::<Vec<_>>().into()),
        ])
    }

    pub fn from_value(value: &Value) -> Option<Self> {
        let list = |name: &str| value.get(name)?.as_array();
        let seed = |pair: &Value| Some((pair.get(0)?.as_str()?.to_owned(), pair.get(1)?.as_u64()?));
        Some(Self {
            how: How::from_value(value.get("how")?)?,
            outputs: list("outputs")?.iter().map(Output::from_value).collect::<Option<_>>()?,
            ran_ms: value.get("ran_ms").and_then(Value::as_u64),
            cached: value.get("cached")?.as_bool()?,
            seeds: list("seeds")?.iter().map(seed).collect::<Option<_>>()?,
        })
    }
}

impl How {
    fn to_value(&self) -> Value {
        match self {
            Self::Well => "well".into(),
            Self::Interrupted => "interrupted".into(),
            Self::Badly(failure) => json::object(vec![
                ("out_of_memory", (failure.kind == NodeFailureKind::OutOfMemory).into()),
                ("node_id", failure.node_id.as_str().into()),
                ("node_type", failure.node_type.as_str().into()),
                ("message", failure.message.as_str().into()),
                ("raw", failure.raw.as_str().into()),
            ]),
        }
    }

    fn from_value(value: &Value) -> Option<Self> {
        match value.as_str() {
            Some("well") => return Some(Self::Well),
            Some("interrupted") => return Some(Self::Interrupted),
            Some(_) => return None,
            None => {}
        }
        let text = |name: &str| value.get(name)?.as_str().map(str::to_owned);
        let kind = match value.get("out_of_memory")?.as_bool()? {
            true => NodeFailureKind::OutOfMemory,
            false => NodeFailureKind::Other,
        };
        Some(Self::Badly(NodeFailure {
            kind,
            node_id: text("node_id")?,
            node_type: text("node_type")?,
            message: text("message")?,
            raw: text("raw")?,
        }))
    }
}

impl Output {
    fn to_value(&self) -> Value {
        let node = ("node", self.node.as_str().into());
        match &self.content {
            Content::Text(text) => json::object(vec![node, ("text", text.as_str().into())]),
            Content::File(file) => json::object(vec![
                node,
                ("filename", file.filename.as_str().into()),
                ("subfolder", file.subfolder.as_str().into()),
                ("type", file.folder.as_str().into()),
                ("format", file.format.as_str().into()),
                ("ended_ms", file.ended_ms.into()),
            ]),
        }
    }

    fn from_value(value: &Value) -> Option<Self> {
        let text = |name: &str| value.get(name)?.as_str().map(str::to_owned);
        let content = match text("text") {
            Some(text) => Content::Text(text),
            None => Content::File(FileRef {
                filename: text("filename")?,
                subfolder: text("subfolder")?,
                folder: text("type")?,
                format: text("format")?,
                ended_ms: value.get("ended_ms").and_then(Value::as_u64),
            }),
        };
        Some(Self { node: text("node")?, content })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

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
            let text = json::text(&ended.to_value());
            assert_eq!(json::parse(&text).as_ref().and_then(Ended::from_value), Some(ended));
        }
    }

    #[test]
    fn what_is_not_ours_is_refused() {
        let broken = |key: &str, value: Value| {
            let mut whole = ended(How::Well).to_value();
            whole[key] = value;
            Ended::from_value(&whole)
        };
        assert_eq!(broken("how", json!("later")), None);
        assert_eq!(broken("how", json!({})), None);
        assert_eq!(broken("outputs", json!([{"node": "2"}])), None);
        assert_eq!(broken("seeds", json!([["2", "x"]])), None);
        assert_eq!(Ended::from_value(&json!(null)), None);
    }
}
