//! A language for tests, generated from the English texts.

use crate::fluent::{Body, Piece};
use crate::locales::{KNOWN, Locale};

/// Returns the texts with accents, a third longer, in brackets.
pub fn pseudo(english: &Locale) -> Option<Locale> {
    let known = KNOWN.iter().find(|known| known.code == "xx")?;
    let mut messages = english.messages.clone();
    for message in &mut messages {
        match &mut message.body {
            Body::One(text) => accent(text),
            Body::Plural { forms, .. } => forms.iter_mut().for_each(|(_, text)| accent(text)),
        }
    }
    Some(Locale { known, messages })
}

fn accent(text: &mut Vec<Piece>) {
    let mut letters = 0;
    for piece in text.iter_mut() {
        if let Piece::Text(text) = piece {
            letters += text.len();
            *text = text.chars().map(accented).collect();
        }
    }
    text.insert(0, Piece::Text("⟦".to_owned()));
    text.push(Piece::Text(["·".repeat(letters / 3), "⟧".to_owned()].concat()));
}

fn accented(c: char) -> char {
    match c {
        'a' => 'á',
        'e' => 'é',
        'i' => 'í',
        'o' => 'ö',
        'u' => 'ü',
        'n' => 'ñ',
        _ => c,
    }
}
