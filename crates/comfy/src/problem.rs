//! What is wrong with a prompt, said of the field it belongs to, whether it was found here or by
//! the server. Invariant: nothing here is a sentence; words belong to `text`.

use crate::number::Misread;
use crate::workflow::{FieldKey, NodeId};
use serde_json::Value;

/// One reason why a prompt cannot run as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The field to point at. The form may not show it: any input of the workflow can be named.
    pub place: Option<FieldKey>,
    /// What is wrong.
    pub trouble: Trouble,
    /// What the server takes here instead, where it said so: it names up to 20 choices.
    pub offered: Vec<Value>,
    /// The output nodes that will not run because of it, as the server names them.
    pub without: Vec<NodeId>,
    /// What the server said, to unfold; empty when the problem was found here.
    pub raw: String,
}

impl Problem {
    /// A problem found here, before anything was sent.
    pub fn at(place: &FieldKey, trouble: Trouble) -> Self {
        Self { place: Some(place.clone()), ..Self::of(trouble) }
    }

    /// A problem of the whole workflow.
    pub fn of(trouble: Trouble) -> Self {
        Self { place: None, trouble, offered: Vec::new(), without: Vec::new(), raw: String::new() }
    }
}

/// Bounds are text as they are shown, so that 64-bit integers stay exact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// There is no value.
    Missing,
    /// The value is no number.
    NotANumber,
    /// A number, but a whole one is needed.
    NotWhole,
    /// The number is below what is taken.
    TooSmall {
        /// The least that is taken.
        min: String,
    },
    /// The number is above what is taken.
    TooLarge {
        /// The most that is taken.
        max: String,
    },
    /// The value is none of those that are offered.
    NotInList {
        /// The value.
        value: String,
    },
    /// The same, and the server offers none at all.
    NoneInstalled {
        /// The value.
        value: String,
    },
    /// The value is of another type.
    WrongType,
    /// The text is too long.
    TooLong {
        /// The most that is taken, in bytes.
        limit_bytes: usize,
    },
    /// No picture is chosen.
    PictureMissing,
    /// A video or a sound.
    FileMissing,
    /// The node has to have this input and does not name it; `title` is the node's.
    InputMissing {
        /// The title of the node.
        title: String,
        /// The name of the input.
        input: String,
    },
    /// The input is fed by a node that the workflow does not have.
    LinkNowhere {
        /// The title of the node.
        title: String,
        /// The name of the input.
        input: String,
    },
    /// The server has no node of this class; `title` is the node's own, or
    /// those of all nodes of the class.
    NodeMissing {
        /// The name of the class.
        class: String,
        /// The title of the node, or of all nodes.
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
    SeedChangesOverKubeai {
        /// The field.
        place: FieldKey,
    },
    /// Control characters other than line break and tab were left out of the text.
    ControlCharactersRemoved {
        /// The field.
        place: FieldKey,
    },
    /// The list has the value with other slashes; that one is sent.
    SlashesDiffer {
        /// The field.
        place: FieldKey,
        /// The value as it was saved.
        saved: String,
    },
}

impl Warning {
    /// Returns the field that it is about.
    pub fn place(&self) -> &FieldKey {
        match self {
            Self::SeedChangesOverKubeai { place }
            | Self::ControlCharactersRemoved { place }
            | Self::SlashesDiffer { place, .. } => place,
        }
    }
}

impl From<Misread> for Trouble {
    fn from(misread: Misread) -> Self {
        match misread {
            Misread::Empty => Self::Missing,
            Misread::NotANumber => Self::NotANumber,
            Misread::NotWhole => Self::NotWhole,
        }
    }
}
