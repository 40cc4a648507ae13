//! One result in the list of all that are kept.

use std::fmt;

use serde::{Deserialize, Serialize};

use pilotlight_comfy::id::PromptId;
use pilotlight_comfy::json::Version;
use pilotlight_comfy::sighting::Media;
use pilotlight_comfy::time::At;

/// Names a result. Keys are ordered as their runs were asked for, then by place.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Key(String);

impl Key {
    /// `place`: counted from 0 among the results of its run.
    pub fn new(pressed: At, run: &PromptId, place: usize) -> Self {
        Self(format!("{:014} {} {place:04}", pressed.0, run.as_str()))
    }

    /// Takes a text that was stored for a key.
    pub fn named(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// Returns the text that is stored for the key.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The id of the run in the text of a key.
    pub fn run_of(text: &str) -> Option<&str> {
        text.split(' ').nth(1)
    }

    /// What the keys of all results of its run begin with, and no others.
    pub fn of_run(&self) -> &str {
        self.0.rsplit_once(' ').map_or(&self.0, |(start, _)| start)
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// One result with all that the list of results shows and searches.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Row {
    /// The version of this format.
    pub v: Version<1>,
    /// Its name among all results.
    pub key: Key,
    /// The run that it came of.
    pub run: PromptId,
    /// The number of its run.
    pub number: u32,
    /// When its run was asked for.
    pub at: At,
    /// The id of the form it was made with.
    pub form: String,
    /// The whole prompt or question.
    pub prompt: String,
    /// The seed the server really used.
    pub seed: Option<u64>,
    /// How long its run ran, in ms, if that is known.
    pub ran_ms: Option<u64>,
    /// The title of its node, where its run has results of several.
    pub group: Option<String>,
    /// The hashes of the pictures that its run was given, in the order of its fields.
    pub pictures: Vec<String>,
    /// What it is.
    pub piece: Piece,
    /// Whether the user starred it.
    pub is_starred: bool,
    /// Never let go of to make room.
    pub is_pinned: bool,
}

/// What a result is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(from = "StoredPiece", into = "StoredPiece")]
pub enum Piece {
    /// `at`: its place among the files of its run.
    File {
        /// Its place among the files of its run, from 0.
        at: usize,
        /// The name of the file at the server.
        name: String,
        /// Whether it is a picture, a film, a sound or another file.
        media: Media,
        /// Its size in bytes.
        size_bytes: u64,
        /// Whether the server made it as a preview only.
        is_preview: bool,
    },
    /// An answer in words.
    Text(String),
    /// The server no longer had it.
    Gone,
}

impl Row {
    /// The place of its file among those of its run.
    pub fn file_at(&self) -> Option<usize> {
        match self.piece {
            Piece::File { at, .. } => Some(at),
            Piece::Text(_) | Piece::Gone => None,
        }
    }

    /// The room that its bytes take; texts are too small to be counted.
    pub fn size_bytes(&self) -> u64 {
        match &self.piece {
            Piece::File { size_bytes, .. } => *size_bytes,
            Piece::Text(_) | Piece::Gone => 0,
        }
    }
}

/// The stored form of [`Piece`], told apart by its keys.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum StoredPiece {
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

/// An object without keys: one with others is of a later version.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Nothing {}

impl From<Piece> for StoredPiece {
    fn from(piece: Piece) -> Self {
        match piece {
            Piece::File { at, name, media, size_bytes, is_preview } => {
                Self::File { at, name, media, size_bytes, is_preview }
            }
            Piece::Text(text) => Self::Text { text },
            Piece::Gone => Self::Gone(Nothing {}),
        }
    }
}

impl From<StoredPiece> for Piece {
    fn from(stored: StoredPiece) -> Self {
        match stored {
            StoredPiece::File { at, name, media, size_bytes, is_preview } => {
                Self::File { at, name, media, size_bytes, is_preview }
            }
            StoredPiece::Text { text } => Self::Text(text),
            StoredPiece::Gone(Nothing {}) => Self::Gone,
        }
    }
}
