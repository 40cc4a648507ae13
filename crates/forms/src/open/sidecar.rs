//! The texts that ComfyUI writes into what it makes: `prompt` and `workflow`, both JSON; some packs
//! write both into one `comment`.
//! Invariant: of several of one name the last counts, as for the editor; nothing is unpacked
//! before it is known which that is.

use super::opened::{MAX_JSON_BYTES, Opened, Unopened, too_large};
use super::{bytes, value};
use pilotlight_comfy::inflate::{Spoilt, unpacked};
use pilotlight_comfy::json;
use serde_json::Value;
use std::borrow::Cow;

/// One of the names.
#[derive(Clone, Copy, Debug)]
pub(super) enum Name {
    Prompt,
    Workflow,
    Comment,
}

/// What was found so far.
#[derive(Default)]
pub(super) struct Sidecar<'a> {
    prompt: Option<Text<'a>>,
    workflow: Option<Text<'a>>,
    comment: Option<Text<'a>>,
}

pub(super) enum Text<'a> {
    Plain(Cow<'a, [u8]>),
    /// A zlib stream.
    Packed(&'a [u8]),
}

/// Reads `prompt`, the mark, a text, or the same with `workflow`; capitals are as good.
pub(super) fn named(pair: &[u8], mark: u8) -> Option<(Name, &[u8])> {
    for (name, word) in [(Name::Prompt, "prompt"), (Name::Workflow, "workflow")] {
        let Some((start, rest)) = pair.split_at_checked(word.len()) else { continue };
        if start.eq_ignore_ascii_case(word.as_bytes()) && rest.first() == Some(&mark) {
            return Some((name, rest.get(1..)?));
        }
    }
    None
}

impl<'a> Sidecar<'a> {
    pub(super) fn keep(&mut self, name: Name, text: Text<'a>) {
        match name {
            Name::Prompt => self.prompt = Some(text),
            Name::Workflow => self.workflow = Some(text),
            Name::Comment => self.comment = Some(text),
        }
    }

    /// Keeps a pair of a name and a plain text, if the name is one of the two.
    pub(super) fn keep_pair(&mut self, pair: &'a [u8], mark: u8) {
        if let Some((name, text)) = named(pair, mark) {
            self.keep(name, Text::Plain(Cow::Borrowed(text)));
        }
    }

    /// What the texts amount to; `None` if there is no workflow in them. Other programs use the
    /// same names for texts of their own.
    pub(super) fn opened(self, left_out: &mut Vec<String>) -> Option<Result<Opened, Unopened>> {
        let named = match (read(self.prompt), read(self.workflow)) {
            (Ok(prompt), Ok(workflow)) => value::concluded((prompt, workflow), left_out),
            (Err(refusal), _) | (_, Err(refusal)) => Some(Err(refusal)),
        };
        named.or_else(|| match read(self.comment) {
            Ok(comment) => value::concluded(value::parts(comment?), left_out),
            Err(refusal) => Some(Err(refusal)),
        })
    }
}

fn read(text: Option<Text>) -> Result<Option<Value>, Unopened> {
    let text = match text {
        None => return Ok(None),
        Some(Text::Plain(text)) if text.len() > MAX_JSON_BYTES => {
            return Err(too_large(MAX_JSON_BYTES));
        }
        Some(Text::Plain(text)) => text,
        Some(Text::Packed(zlib)) => match unpacked(zlib, MAX_JSON_BYTES) {
            Ok(text) => Cow::Owned(text),
            Err(Spoilt::TooLong) => return Err(too_large(MAX_JSON_BYTES)),
            Err(Spoilt::Broken) => return Ok(None),
        },
    };
    let mut text = &text[..];
    while let [rest @ .., 0] = text {
        text = rest;
    }
    Ok(json::parse(&bytes::lenient(text)))
}
