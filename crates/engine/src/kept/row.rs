//! One result in the list of all that are kept.

use std::fmt;

use serde_json::Value;

use super::VERSION;
use crate::id::PromptId;
use crate::json;
use crate::sighting::Media;
use crate::time::At;

/// Names a result. Keys are ordered as their runs were asked for, then by place.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key(String);

impl Key {
    /// `place`: counted from 0 among the results of its run.
    pub fn new(pressed: At, run: &PromptId, place: usize) -> Self {
        Self(format!("{:014} {} {place:04}", pressed.0, run.as_str()))
    }

    pub fn named(text: &str) -> Self {
        Self(text.to_owned())
    }

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

#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    pub key: Key,
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
    pub ran_ms: Option<u64>,
    /// The title of its node, where its run has results of several.
    pub group: Option<String>,
    /// The hashes of the pictures that its run was given, in the order of its fields.
    pub pictures: Vec<String>,
    pub piece: Piece,
    pub is_starred: bool,
    /// Never let go of to make room.
    pub is_pinned: bool,
}

/// What a result is.
#[derive(Clone, Debug, PartialEq)]
pub enum Piece {
    /// `at`: its place among the files of its run.
    File {
        at: usize,
        name: String,
        media: Media,
        size_bytes: u64,
        is_preview: bool,
    },
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

    pub fn to_value(&self) -> Value {
        let piece = match &self.piece {
            Piece::File { at, name, media, size_bytes, is_preview } => json::object(vec![
                ("at", (*at).into()),
                ("file", name.as_str().into()),
                ("media", word(*media).into()),
                ("size_bytes", (*size_bytes).into()),
                ("is_preview", (*is_preview).into()),
            ]),
            Piece::Text(text) => json::object(vec![("text", text.as_str().into())]),
            Piece::Gone => json::object(Vec::new()),
        };
        json::object(vec![
            ("v", VERSION.into()),
            ("key", self.key.as_str().into()),
            ("run", self.run.as_str().into()),
            ("number", self.number.into()),
            ("at", self.at.0.into()),
            ("form", self.form.as_str().into()),
            ("prompt", self.prompt.as_str().into()),
            ("seed", self.seed.into()),
            ("ran_ms", self.ran_ms.into()),
            ("group", self.group.as_deref().into()),
            ("pictures", self.pictures.clone().into()),
            ("piece", piece),
            ("is_starred", self.is_starred.into()),
            ("is_pinned", self.is_pinned.into()),
        ])
    }

    pub fn from_value(value: &Value) -> Option<Self> {
        if value.get("v")?.as_u64()? != VERSION {
            return None;
        }
        let text = |name: &str| value.get(name)?.as_str().map(str::to_owned);
        let number = |name: &str| value.get(name)?.as_u64();
        let flag = |name: &str| value.get(name)?.as_bool();
        Some(Self {
            key: Key(text("key")?),
            run: PromptId::named(value.get("run")?.as_str()?)?,
            number: u32::try_from(number("number")?).ok()?,
            at: At(number("at")?),
            form: text("form")?,
            prompt: text("prompt")?,
            seed: number("seed"),
            ran_ms: number("ran_ms"),
            group: text("group"),
            pictures: pictures(value.get("pictures")?)?,
            piece: piece(value.get("piece")?)?,
            is_starred: flag("is_starred")?,
            is_pinned: flag("is_pinned")?,
        })
    }
}

fn pictures(value: &Value) -> Option<Vec<String>> {
    let text = |hash: &Value| hash.as_str().map(str::to_owned);
    value.as_array()?.iter().map(text).collect()
}

fn piece(value: &Value) -> Option<Piece> {
    let text = |name: &str| value.get(name)?.as_str().map(str::to_owned);
    if let Some(text) = text("text") {
        return Some(Piece::Text(text));
    }
    let Some(name) = text("file") else {
        return value.as_object()?.is_empty().then_some(Piece::Gone);
    };
    Some(Piece::File {
        at: usize::try_from(value.get("at")?.as_u64()?).ok()?,
        name,
        media: media(value.get("media")?.as_str()?)?,
        size_bytes: value.get("size_bytes")?.as_u64()?,
        is_preview: value.get("is_preview")?.as_bool()?,
    })
}

const MEDIA: [(Media, &str); 4] = [
    (Media::Image, "image"),
    (Media::Audio, "audio"),
    (Media::Video, "video"),
    (Media::Other, "other"),
];

fn word(media: Media) -> &'static str {
    MEDIA.iter().find(|(known, _)| *known == media).map_or("other", |(_, word)| word)
}

fn media(word: &str) -> Option<Media> {
    MEDIA.iter().find(|(_, known)| *known == word).map(|(media, _)| *media)
}
