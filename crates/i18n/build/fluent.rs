//! Reads a locale file: the part of Fluent's syntax that the page needs.
//!
//! A message is one line, `group-name = text`, or a form for each plural:
//! ```text
//! group-name =
//!     { $count ->
//!         [one] { NUMBER($count) } result
//!        *[other] { NUMBER($count) } results
//!     }
//! ```

use std::iter::Peekable;
use std::str::Lines;

/// The format of a value in a text, which determines its type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// `{ $name }`: a text.
    Text,
    /// `{ NUMBER($count) }`: a number, in groups of three digits.
    Number,
    /// `{ DIGITS($status) }`: a number without grouping.
    Digits,
    /// `{ DURATION($wait) }`: milliseconds.
    Duration,
    /// `{ SIZE($bytes) }`: bytes.
    Size,
}

/// A placeholder.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Gap {
    pub name: String,
    pub kind: Kind,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    Text(String),
    Gap(Gap),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Body {
    One(Vec<Piece>),
    /// A form for each plural, selected by this number; `other` is among them.
    Plural {
        by: String,
        forms: Vec<(String, Vec<Piece>)>,
    },
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// The id, such as `gallery-no-matches`.
    pub id: String,
    /// The comment directly before it.
    pub comment: Vec<String>,
    pub line: usize,
    pub body: Body,
}

impl Message {
    /// Returns group and name: `gallery` and `no-matches` of `gallery-no-matches`.
    pub fn parts(&self) -> (&str, &str) {
        self.id.split_once('-').unwrap_or((&self.id, ""))
    }

    /// Returns its placeholders without duplicates, in the order of the text.
    pub fn gaps(&self) -> Vec<Gap> {
        let mut gaps: Vec<Gap> = Vec::new();
        let texts: Vec<&Vec<Piece>> = match &self.body {
            Body::One(text) => vec![text],
            Body::Plural { by, forms } => {
                gaps.push(Gap { name: by.clone(), kind: Kind::Number });
                forms.iter().map(|(_, text)| text).collect()
            }
        };
        for piece in texts.into_iter().flatten() {
            if let Piece::Gap(gap) = piece
                && !gaps.contains(gap)
            {
                gaps.push(gap.clone());
            }
        }
        gaps
    }
}

/// Reads the messages of a file; an error is a line number and its description.
pub fn parse(text: &str) -> Result<Vec<Message>, Vec<(usize, String)>> {
    let (mut messages, mut errors): (Vec<Message>, _) = (Vec::new(), Vec::new());
    let mut comment = Vec::new();
    let mut lines = text.lines().peekable();
    let mut number = 0;
    while let Some(line) = lines.next() {
        number += 1;
        let from = number;
        if line.trim().is_empty() || line.starts_with("##") {
            comment.clear();
        } else if let Some(said) = line.strip_prefix('#') {
            comment.push(said.trim().to_owned());
        } else {
            match message(line, &mut lines, &mut number) {
                Ok((id, _)) if messages.iter().any(|known| known.id == id) => {
                    errors.push((from, format!("`{id}` is there twice")));
                }
                Ok((id, body)) => {
                    let comment = std::mem::take(&mut comment);
                    messages.push(Message { id, comment, line: from, body });
                }
                Err(error) => errors.push((number, error)),
            }
            comment.clear();
        }
    }
    if errors.is_empty() { Ok(messages) } else { Err(errors) }
}

fn message(
    line: &str,
    lines: &mut Peekable<Lines>,
    number: &mut usize,
) -> Result<(String, Body), String> {
    let (id, text) = line.split_once(" =").ok_or("expected `group-name = text`")?;
    let is_word = |word: &str| {
        word.starts_with(|c: char| c.is_ascii_lowercase())
            && word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit())
    };
    if id.split('-').count() < 2 || !id.split('-').all(is_word) {
        return Err(format!("`{id}` is not of the form `group-name`"));
    }
    let text = text.trim();
    let body = if text.is_empty() { plural(lines, number)? } else { Body::One(pieces(text)?) };
    Ok((id.to_owned(), body))
}

fn plural(lines: &mut Peekable<Lines>, number: &mut usize) -> Result<Body, String> {
    let mut next = || {
        *number += 1;
        lines.next().map(str::trim).ok_or("the message ends too early")
    };
    let head = next()?;
    let by = head.strip_prefix("{ $").and_then(|head| head.strip_suffix(" ->"));
    let by = by.ok_or("expected `{ $count ->`")?.to_owned();
    let (mut forms, mut has_default): (Vec<(String, _)>, bool) = (Vec::new(), false);
    loop {
        let line = next()?;
        if line == "}" {
            break;
        }
        let (is_default, line) = match line.strip_prefix('*') {
            Some(line) => (true, line),
            None => (false, line),
        };
        let form = line.strip_prefix('[').and_then(|line| line.split_once("] "));
        let (form, text) = form.ok_or("expected `[one] text`, `*[other] text` or `}`")?;
        if is_default != (form == "other") {
            return Err("`other`, and it alone, has an asterisk: `*[other]`".to_owned());
        }
        if forms.iter().any(|(known, _)| known == form) {
            return Err(format!("the form `{form}` is there twice"));
        }
        has_default |= is_default;
        forms.push((form.to_owned(), pieces(text.trim())?));
    }
    if has_default {
        Ok(Body::Plural { by, forms })
    } else {
        Err("the form `*[other]` is missing".to_owned())
    }
}

fn pieces(text: &str) -> Result<Vec<Piece>, String> {
    let (mut pieces, mut rest) = (Vec::new(), text);
    while let Some((before, after)) = rest.split_once('{') {
        let (inside, after) = after.split_once('}').ok_or("a `{` without its `}`")?;
        if !before.is_empty() {
            pieces.push(Piece::Text(before.to_owned()));
        }
        pieces.push(Piece::Gap(gap(inside.trim())?));
        rest = after;
    }
    if rest.contains('}') {
        return Err("a `}` without its `{`".to_owned());
    }
    if !rest.is_empty() {
        pieces.push(Piece::Text(rest.to_owned()));
    }
    Ok(pieces)
}

fn gap(inside: &str) -> Result<Gap, String> {
    let (kind, name) = match inside.split_once('(') {
        None => (Kind::Text, inside),
        Some((function, name)) => {
            let kind = match function {
                "NUMBER" => Kind::Number,
                "DIGITS" => Kind::Digits,
                "DURATION" => Kind::Duration,
                "SIZE" => Kind::Size,
                _ => return Err(format!("there is no function `{function}`")),
            };
            (kind, name.strip_suffix(')').ok_or("a `(` without its `)`")?)
        }
    };
    let is_name = |name: &&str| {
        name.starts_with(|c: char| c.is_ascii_lowercase())
            && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
    };
    let name = name.strip_prefix('$').filter(is_name);
    let name = name.ok_or_else(|| format!("`{{ {inside} }}` is not a placeholder"))?;
    Ok(Gap { name: name.to_owned(), kind })
}
