//! The event stream of a run, as the extension sends it: what the run does, its progress, previews
//! and outputs.
//!
//! Invariant: an event says what the server sent, never a guess. Whatever the bytes are and however
//! they are cut, the memory that reading takes is bounded by `MAX_EVENT_BYTES`.

mod frames;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use crate::id::PromptId;
use crate::json;
use crate::run_status::{Ended, Output, StatusReport, outputs_of};

pub use frames::{Broken, MAX_EVENT_BYTES};
use frames::{Frame, Frames};

/// The most nodes of which a snapshot is read; the largest workflow has as many.
const MAX_NODES: usize = crate::workflow::MAX_NODES;
/// The image types of previews.
const PREVIEW_TYPES: [&str; 3] = ["image/jpeg", "image/png", "image/webp"];

/// An event of a run.
#[derive(Clone, Debug, PartialEq)]
pub enum RunEvent {
    /// What the run does: it waits, runs, has ended, or is nowhere.
    Status(StatusReport),
    /// The progress of its nodes, as a whole.
    Progress(Progress),
    /// A preview of what it makes.
    Preview(Preview),
    /// What a node has put out, before the run ends.
    Outputs {
        /// The id of the node.
        node: String,
        /// Its outputs, files and texts.
        outputs: Vec<Output>,
    },
}

/// The progress of a run.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Progress {
    /// The id of the node that runs, if one does.
    pub node: Option<String>,
    /// The nodes that have begun, by their ids.
    pub nodes: BTreeMap<String, NodeProgress>,
}

/// The progress of a node.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NodeProgress {
    /// What the node does.
    pub state: NodeState,
    /// How many of its steps are done, 0 to `max`.
    pub value: f64,
    /// How many steps it has; greater than 0.
    pub max: f64,
}

/// What a node does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NodeState {
    /// It has not begun.
    Pending,
    /// It runs.
    Running,
    /// It is done.
    Finished,
    /// It failed.
    Error,
}

/// A preview image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Preview {
    /// The id of the node that makes it, if it is known.
    pub node: Option<String>,
    /// Its media type, such as `image/jpeg`.
    pub media: &'static str,
    /// Its width in pixels, if the server says so.
    pub width: u32,
    /// Its height in pixels, if the server says so.
    pub height: u32,
    /// The file.
    pub bytes: Vec<u8>,
}

/// Reads the event stream of one run, in pieces of any length.
#[derive(Debug)]
pub struct EventStream {
    id: PromptId,
    frames: Frames,
}

impl EventStream {
    /// Begins to read the stream of this run.
    pub fn new(id: PromptId) -> Self {
        Self { id, frames: Frames::default() }
    }

    /// Reads the next bytes and returns the events that end in them. Events of other names or other
    /// runs are left out.
    ///
    /// # Errors
    /// The stream is damaged; nothing more is to be read from it.
    pub fn read(&mut self, bytes: &[u8]) -> Result<Vec<RunEvent>, Broken> {
        let frames = self.frames.read(bytes)?;
        let mut events = Vec::new();
        for frame in frames {
            events.extend(event(&frame, &self.id)?);
        }
        Ok(events)
    }
}

fn event(frame: &Frame, id: &PromptId) -> Result<Option<RunEvent>, Broken> {
    let read = match frame.name.as_str() {
        "status" => status,
        "progress" => progress,
        "preview" => preview,
        "output" => outputs,
        "history" => history,
        "gone" => |_: &Value| Some(RunEvent::Status(StatusReport::NotInQueue)),
        _ => return Ok(None),
    };
    let data = json::parse(&frame.data).ok_or(Broken::NotUnderstood)?;
    if data.get("prompt_id").and_then(Value::as_str) != Some(id.as_str()) {
        return Ok(None);
    }
    read(&data).map(Some).ok_or(Broken::NotUnderstood)
}

fn status(data: &Value) -> Option<RunEvent> {
    let report = match data.get("state")?.as_str()? {
        "running" => StatusReport::Running,
        "pending" => {
            let ahead = data.get("ahead").and_then(Value::as_u64).unwrap_or(0);
            StatusReport::Pending { ahead: u32::try_from(ahead).unwrap_or(u32::MAX) }
        }
        _ => return None,
    };
    Some(RunEvent::Status(report))
}

fn progress(data: &Value) -> Option<RunEvent> {
    let node = data.get("node").and_then(Value::as_str).map(str::to_owned);
    let mut nodes = BTreeMap::new();
    for (id, body) in data.get("nodes")?.as_object()?.iter().take(MAX_NODES) {
        let state = match body.get("state")?.as_str()? {
            "pending" => NodeState::Pending,
            "running" => NodeState::Running,
            "finished" => NodeState::Finished,
            "error" => NodeState::Error,
            _ => return None,
        };
        let number = |key: &str| body.get(key).and_then(Value::as_f64).filter(|it| it.is_finite());
        let max = number("max").filter(|max| *max > 0.0).unwrap_or(1.0);
        let value = number("value").unwrap_or(0.0).clamp(0.0, max);
        nodes.insert(id.clone(), NodeProgress { state, value, max });
    }
    Some(RunEvent::Progress(Progress { node, nodes }))
}

fn preview(data: &Value) -> Option<RunEvent> {
    let text = |key: &str| data.get(key).and_then(Value::as_str);
    let media = PREVIEW_TYPES.into_iter().find(|media| text("media") == Some(media))?;
    let side = |key: &str| {
        let side = data.get(key).and_then(Value::as_u64).unwrap_or(0);
        u32::try_from(side).unwrap_or(0)
    };
    Some(RunEvent::Preview(Preview {
        node: text("node").map(str::to_owned),
        media,
        width: side("width"),
        height: side("height"),
        bytes: STANDARD.decode(text("data")?).ok()?,
    }))
}

fn outputs(data: &Value) -> Option<RunEvent> {
    let node = data.get("node")?.as_str()?;
    let outputs = outputs_of(node, data.get("output")?);
    Some(RunEvent::Outputs { node: node.to_owned(), outputs })
}

fn history(data: &Value) -> Option<RunEvent> {
    let ended = Ended::from_history(data.get("entry")?)?;
    Some(RunEvent::Status(StatusReport::Ended(Box::new(ended))))
}
