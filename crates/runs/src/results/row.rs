//! The row of a result.

use std::fmt;

use serde::{Deserialize, Serialize};

use pilotlight_comfy::id::PromptId;
use pilotlight_comfy::json::Version;
use pilotlight_comfy::run_status::Media;
use pilotlight_comfy::time::At;

/// Identifies a result. Ordered by when the run was requested, then by index.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Key(String);

impl Key {
    /// Returns the key of a result; `place` is its index among those of its run, from 0.
    pub fn new(pressed: At, run: &PromptId, place: usize) -> Self {
        Self(format!("{:014} {} {place:04}", pressed.0, run.as_str()))
    }

    /// Returns the key with this stored text.
    pub fn named(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// Returns the text that is stored.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the id of the run in the text of a key.
    pub fn run_of(text: &str) -> Option<&str> {
        text.split(' ').nth(1)
    }

    /// Returns the common prefix of the keys of all results of its run.
    pub fn of_run(&self) -> &str {
        self.0.rsplit_once(' ').map_or(&self.0, |(start, _)| start)
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A result, with all that lists show and search.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ResultRow {
    /// The version of this format.
    pub v: Version<1>,
    /// The key of the result.
    pub key: Key,
    /// The id of its run.
    pub run: PromptId,
    /// The number of its run.
    pub number: u32,
    /// When its run was requested.
    pub at: At,
    /// The id of the form.
    pub form: String,
    /// The whole prompt or question.
    pub prompt: String,
    /// The seed that the server used.
    pub seed: Option<u64>,
    /// How long its run was running, in ms, if known.
    pub ran_ms: Option<u64>,
    /// The title of its node, if several nodes have results.
    pub group: Option<String>,
    /// The hashes of the run's input images, in the order of the fields.
    pub pictures: Vec<String>,
    /// The content.
    #[serde(rename = "piece")]
    pub content: ResultContent,
    /// Whether the user starred it.
    pub is_starred: bool,
    /// Never deleted to make space.
    pub is_pinned: bool,
}

/// The content of a result.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(from = "StoredContent", into = "StoredContent")]
pub enum ResultContent {
    /// A file.
    File {
        /// Its index among the files of its run, from 0.
        at: usize,
        /// The name of the file at the server.
        name: String,
        /// Whether it is an image, a video, a sound or another file.
        media: Media,
        /// Its size in bytes.
        size_bytes: u64,
        /// Whether the server made it only as a preview.
        is_preview: bool,
    },
    /// A text.
    Text(String),
    /// The server no longer had the file.
    Gone,
}

impl ResultRow {
    /// Returns the index of its file among those of its run.
    pub fn file_at(&self) -> Option<usize> {
        match self.content {
            ResultContent::File { at, .. } => Some(at),
            ResultContent::Text(_) | ResultContent::Gone => None,
        }
    }

    /// Returns the size of its file; texts are too small to be counted.
    pub fn size_bytes(&self) -> u64 {
        match &self.content {
            ResultContent::File { size_bytes, .. } => *size_bytes,
            ResultContent::Text(_) | ResultContent::Gone => 0,
        }
    }

    /// The same with the words of answers.
    pub fn told_bytes(&self) -> u64 {
        match &self.content {
            ResultContent::Text(text) => text.len() as u64,
            ResultContent::File { .. } | ResultContent::Gone => self.size_bytes(),
        }
    }
}

/// The stored form of [`ResultContent`]; its keys determine the case.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum StoredContent {
    Text {
        text: String,
    },
    File {
        at: usize,
        #[serde(rename = "file")]
        name: String,
        media: Media,
        size_bytes: u64,
        is_preview: bool,
    },
    Gone(Nothing),
}

/// An object without keys; one with keys is of a later version.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Nothing {}

impl From<ResultContent> for StoredContent {
    fn from(content: ResultContent) -> Self {
        match content {
            ResultContent::File { at, name, media, size_bytes, is_preview } => {
                Self::File { at, name, media, size_bytes, is_preview }
            }
            ResultContent::Text(text) => Self::Text { text },
            ResultContent::Gone => Self::Gone(Nothing {}),
        }
    }
}

impl From<StoredContent> for ResultContent {
    fn from(stored: StoredContent) -> Self {
        match stored {
            StoredContent::File { at, name, media, size_bytes, is_preview } => {
                Self::File { at, name, media, size_bytes, is_preview }
            }
            StoredContent::Text { text } => Self::Text(text),
            StoredContent::Gone(Nothing {}) => Self::Gone,
        }
    }
}
