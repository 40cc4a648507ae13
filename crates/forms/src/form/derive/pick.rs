//! An input that can be a field, and how likely somebody sets it.

use pilotlight_comfy::schema::{Class, Input};
use std::borrow::Cow;

/// How many fields of a kind fit in front.
const MAX_MEDIA: usize = 4;
const MAX_TEXTS: usize = 3;

/// An input that can be a field.
#[derive(Clone)]
pub(in crate::form) struct Pick<'a> {
    pub node: usize,
    /// Its name, or that of a part of it.
    pub input: Cow<'a, str>,
    pub class: Option<&'a Class>,
    pub described: Option<&'a Input>,
    /// What its value is used for: its own name, or that of the input it feeds.
    pub role: &'a str,
    pub rank: Rank,
    /// Its place among the inputs of its node.
    pub place: usize,
    /// Whether it has words that reach a text encoder or a sampler, or is a seed of what makes them.
    pub leads: bool,
    /// Whether it is a number, a switch or a choice that people set now and then.
    pub settable: bool,
    /// Its place in front, if it stands there.
    pub front: Option<usize>,
}

/// How likely somebody sets it; the first eight belong in front.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in crate::form) enum Rank {
    File,
    Prompt,
    Negative,
    OtherText,
    Width,
    Height,
    Length,
    Count,
    Seed,
    Common,
    Usual,
    Rare,
    OnlyShown,
}

impl Rank {
    /// How many of a kind fit in front.
    pub fn room(self) -> usize {
        match self {
            Self::File => MAX_MEDIA,
            Self::Prompt => MAX_TEXTS,
            // Only where no text is a prompt.
            Self::OtherText => 2,
            Self::Negative
            | Self::Width
            | Self::Height
            | Self::Length
            | Self::Count
            | Self::Seed => 1,
            Self::Common | Self::Usual | Self::Rare | Self::OnlyShown => 0,
        }
    }
}

/// By place in front, if asked for, then by rank, if asked for, then by place in the workflow.
pub(super) fn sorted<'a>(picks: &[Pick<'a>], by_front: bool, by_rank: bool) -> Vec<Pick<'a>> {
    let key = |pick: &Pick| {
        let front = pick.front.filter(|_| by_front).unwrap_or(usize::MAX);
        (front, if by_rank { pick.rank as usize } else { 0 }, pick.node, pick.place)
    };
    let mut sorted = picks.to_vec();
    sorted.sort_by_key(key);
    sorted
}
