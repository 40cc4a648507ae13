//! What is wrong with a prompt, said of the field it belongs to, whether it was found here or by
//! the server. Invariant: nothing here is a sentence; words belong to `text`.

use crate::workflow::FieldKey;

/// One reason why a prompt cannot run as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The field to point at. The form may not show it: any input of the workflow can be named.
    pub place: Option<FieldKey>,
    pub trouble: Trouble,
    /// What the server said, to unfold; empty when the problem was found here.
    pub raw: String,
}

impl Problem {
    /// A problem found here, before anything was sent.
    pub fn at(place: &FieldKey, trouble: Trouble) -> Self {
        Self { place: Some(place.clone()), trouble, raw: String::new() }
    }
}

/// Bounds are text as they are shown, so that 64-bit integers stay exact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trouble {
    Missing,
    NotANumber,
    /// A number, but a whole one is needed.
    NotWhole,
    TooSmall {
        min: String,
    },
    TooLarge {
        max: String,
    },
    NotInList {
        value: String,
    },
    WrongType,
    TooLong {
        limit_bytes: usize,
    },
    PictureMissing,
    /// The server has no node of this class; `title` is the node's own.
    NodeMissing {
        class: String,
        title: String,
    },
    /// Nothing in the workflow gives a result.
    NoOutput,
    /// Words of the server, for what has no case of its own.
    Other(String),
}

/// Worth saying, but no reason to hold the run back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Warning {
    /// Above 2^53 − 1: kubeai reads numbers as 64-bit floats and passes on a neighbouring one.
    SeedChangesOverKubeai { place: FieldKey },
    /// Control characters other than line break and tab were left out of the text.
    ControlCharactersRemoved { place: FieldKey },
}

impl Warning {
    pub fn place(&self) -> &FieldKey {
        match self {
            Self::SeedChangesOverKubeai { place } | Self::ControlCharactersRemoved { place } => {
                place
            }
        }
    }
}
