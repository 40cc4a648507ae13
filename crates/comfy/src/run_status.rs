//! What the server says of a run. Invariant: a sighting is only what a reply said, never a guess.

mod outputs;
mod stored;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::failure::{NodeFailure, NodeFailureKind};
use crate::json;
use crate::media;
use crate::seed::is_seed;
use crate::workflow::NodeId;

/// The answer to one look.
#[derive(Clone, Debug, PartialEq)]
pub enum StatusReport {
    /// In the history: the run has ended.
    Ended(Box<Ended>),
    /// Not in the history. It may be waiting, running, unknown, or between the two places.
    NotInHistory,
    /// In the queue, `ahead` runs before it, the running one included.
    Pending {
        /// How many runs stand before it.
        ahead: u32,
    },
    /// The server works on it.
    Running,
    /// Neither waiting nor running.
    NotInQueue,
    /// The server has no long-poll; nothing was learnt of the run.
    NoLongPoll,
}

/// What the page knows when it waits, so that the server answers as soon as it is otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Known {
    /// It waits.
    Pending {
        /// How many runs stand before it.
        ahead: u32,
    },
    /// The server works on it.
    Running,
}

/// An entry of the history.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Ended {
    /// Whether it ended well.
    pub how: How,
    /// In the order of the node ids, kept files before previews.
    pub outputs: Vec<Output>,
    /// Milliseconds by the server's clock from `execution_start` to the last message.
    pub ran_ms: Option<u64>,
    /// Whether every node was answered from the cache: nothing was computed.
    pub cached: bool,
    /// Seeds the server really ran with, `(node, seed)`.
    pub seeds: Vec<(String, u64)>,
}

/// How a run ended at the server.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(from = "stored::StoredHow", into = "stored::StoredHow")]
pub enum How {
    /// Every node did its work.
    Well,
    /// Somebody stopped it.
    Interrupted,
    /// A node failed.
    Badly(NodeFailure),
}

/// One result of a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Output {
    /// The id of the node that made it.
    pub node: String,
    /// What it is.
    #[serde(flatten)]
    pub content: Content,
}

/// What a result is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(from = "stored::StoredContent", into = "stored::StoredContent")]
pub enum Content {
    /// A text.
    Text(String),
    /// A file, which is fetched by itself.
    File(FileRef),
}

/// A file at the server, as the history names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileRef {
    /// Its name.
    pub filename: String,
    /// The folder below `folder`; empty for none.
    pub subfolder: String,
    /// `output`, `temp` or `input`, passed back as it came.
    #[serde(rename = "type")]
    pub folder: String,
    /// What a pack calls it besides, such as `video/h264-mp4`; mostly empty.
    pub format: String,
    /// When the run that names it ended: milliseconds since 1970 by the server's clock, from the
    /// last of the history's `status.messages`.
    pub ended_ms: Option<u64>,
}

impl FileRef {
    /// Previews live in the server's memory only and go with it.
    pub fn is_preview(&self) -> bool {
        self.folder == "temp"
    }

    /// How it is shown. Markup is `Other` whatever else is said of it, so that it is never shown
    /// as such.
    pub fn media(&self) -> Media {
        let known = Media::of_type(media::type_of(&self.filename));
        let end = self.filename.rsplit_once('.').map_or("", |(_, end)| end).to_ascii_lowercase();
        let is_markup = ["svg", "html", "htm", "xhtml", "xml"].contains(&end.as_str());
        if known != Media::Other || is_markup {
            return known;
        }
        // A picture of an unknown kind is none that a browser draws.
        let format = Media::of_type(&self.format);
        if format == Media::Image { Media::Other } else { format }
    }
}

/// How a file is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Media {
    /// As a picture.
    Image,
    /// As a sound.
    Audio,
    /// As a film.
    Video,
    /// Only as a download.
    Other,
}

impl Media {
    /// Returns how a file of this type is shown, such as `image/png`.
    pub fn of_type(kind: &str) -> Self {
        match kind.split('/').next() {
            Some("image") => Self::Image,
            Some("audio") => Self::Audio,
            Some("video") => Self::Video,
            Some(_) | None => Self::Other,
        }
    }
}

impl Ended {
    /// What is worth showing: texts and what was kept, or the previews where nothing was kept,
    /// since a preview beside a kept file is the same picture once more.
    pub fn results(&self) -> Vec<&Output> {
        let preview = |output: &Output| match &output.content {
            Content::File(file) => Some(file.is_preview()),
            Content::Text(_) => None,
        };
        let kept = self.outputs.iter().any(|output| preview(output) == Some(false));
        let shown = |output: &&Output| !kept || preview(output) != Some(true);
        self.outputs.iter().filter(shown).collect()
    }

    /// The files worth fetching.
    pub fn files(&self) -> Vec<FileRef> {
        let file = |output: &Output| match &output.content {
            Content::File(file) => Some(file.clone()),
            Content::Text(_) => None,
        };
        self.results().into_iter().filter_map(file).collect()
    }

    /// Leaves what came of these nodes, in their order; everything where none of them gave
    /// anything, or none is named.
    pub fn narrow(&mut self, nodes: &[NodeId]) {
        let at = |output: &Output| nodes.iter().position(|id| id.as_str() == output.node);
        if self.outputs.iter().any(|output| at(output).is_some()) {
            self.outputs.retain(|output| at(output).is_some());
            self.outputs.sort_by_key(at);
        }
    }

    /// Returns the results that are texts, in their order.
    pub fn texts(&self) -> Vec<&str> {
        self.outputs
            .iter()
            .filter_map(|output| match &output.content {
                Content::Text(text) => Some(text.as_str()),
                Content::File(_) => None,
            })
            .collect()
    }

    /// Reads `{prompt, outputs, status}`. Missing parts are empty: several versions leave some out.
    pub fn from_history(entry: &Value) -> Option<Self> {
        let entry = entry.as_object()?;
        let messages = entry
            .get("status")
            .and_then(|status| status.get("messages"))
            .and_then(Value::as_array)
            .map_or(&[][..], Vec::as_slice);
        let message = |name: &str| {
            messages
                .iter()
                .rev()
                .find(|m| m.get(0).and_then(Value::as_str) == Some(name))
                .and_then(|m| m.get(1))
        };
        let how = if message("execution_interrupted").is_some() {
            How::Interrupted
        } else if let Some(error) = message("execution_error") {
            How::Badly(node_failure(error))
        } else if entry.get("status").and_then(|s| s.get("status_str")).and_then(Value::as_str)
            == Some("error")
        {
            How::Badly(node_failure(&Value::Null))
        } else {
            How::Well
        };
        let stamp =
            |m: &Value| m.get(1).and_then(|body| body.get("timestamp")).and_then(Value::as_u64);
        let ended_ms = messages.last().and_then(stamp);
        let ran_ms = match (messages.first().and_then(stamp), ended_ms) {
            (Some(first), Some(last)) if messages.len() > 1 => Some(last.saturating_sub(first)),
            _ => None,
        };
        let graph = entry.get("prompt").and_then(|prompt| prompt.get(2)).and_then(Value::as_object);
        let cached_nodes = message("execution_cached")
            .and_then(|body| body.get("nodes"))
            .and_then(Value::as_array)
            .map_or(0, Vec::len);
        Some(Self {
            how,
            outputs: entry.get("outputs").map(|nodes| outputs(nodes, ended_ms)).unwrap_or_default(),
            ran_ms,
            cached: graph.is_some_and(|graph| !graph.is_empty() && cached_nodes >= graph.len()),
            seeds: graph.map(seeds).unwrap_or_default(),
        })
    }
}

fn node_failure(body: &Value) -> NodeFailure {
    let text = |key: &str| body.get(key).and_then(Value::as_str).unwrap_or_default();
    let exception = text("exception_type");
    let traceback: String = body
        .get("traceback")
        .and_then(Value::as_array)
        .map(|lines| lines.iter().filter_map(Value::as_str).collect())
        .unwrap_or_default();
    let kind = match exception.rsplit('.').next() {
        Some("OutOfMemoryError") => NodeFailureKind::OutOfMemory,
        _ => NodeFailureKind::Other,
    };
    NodeFailure {
        kind,
        node_id: text("node_id").to_owned(),
        node_type: text("node_type").to_owned(),
        message: text("exception_message").trim().to_owned(),
        raw: format!("{exception}: {}\n\n{traceback}", text("exception_message")),
    }
}

/// Returns what one node has put out, from an object such as the history has for each node.
pub fn outputs_of(node: &str, output: &Value) -> Vec<Output> {
    outputs(&json::object(vec![(node, output.clone())]), None)
}

fn outputs(nodes: &Value, ended_ms: Option<u64>) -> Vec<Output> {
    let mut found = Vec::new();
    for (node, kinds) in nodes.as_object().into_iter().flatten() {
        for (kind, items) in kinds.as_object().into_iter().flatten() {
            for item in items.as_array().map_or(std::slice::from_ref(items), Vec::as_slice) {
                let content = outputs::content(kind, item, ended_ms);
                found.extend(content.map(|content| Output { node: node.clone(), content }));
            }
        }
    }
    found.sort_by(|one, other| place(one).cmp(&place(other)));
    found
}

fn place(output: &Output) -> (bool, u64, &str) {
    let preview = match &output.content {
        Content::File(file) => file.is_preview(),
        Content::Text(_) => false,
    };
    let head = output.node.split(':').next();
    let number = head.and_then(|head| head.parse().ok()).unwrap_or(u64::MAX);
    (preview, number, &output.node)
}

fn seeds(graph: &serde_json::Map<String, Value>) -> Vec<(String, u64)> {
    let mut found = Vec::new();
    for (id, node) in graph {
        for (name, value) in node.get("inputs").and_then(Value::as_object).into_iter().flatten() {
            if is_seed(name, false) {
                found.extend(value.as_u64().map(|seed| (id.clone(), seed)));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests;
