//! Every message of the page, generated from the files in `locales`, and the formats of values.
//!
//! There is an enum for each group of messages, such as `GalleryText`, with a variant for each
//! message and a field for each placeholder; `say(language)` returns the text. See `build/code.rs`.

mod size;
mod span;

pub use size::size;
pub use span::{clock, range, span};

pub use pilotlight_comfy::language::{Plain, Translated};

use pilotlight_comfy::language::{Label, Language};

include!(concat!(env!("OUT_DIR"), "/messages.rs"));

/// Inserts values into a text, whose placeholders are control characters from U+0001.
fn fill(text: &str, values: &[String]) -> String {
    let mut said = String::with_capacity(text.len() * 2);
    for char in text.chars() {
        match (char as usize).checked_sub(1).and_then(|at| values.get(at)) {
            Some(value) => said.push_str(value),
            None => said.push(char),
        }
    }
    said
}

/// Returns a number in groups of three digits, such as `1,204`.
pub fn grouped(number: usize) -> String {
    let digits = (number as u64).to_string();
    let mut out = String::with_capacity(digits.len() + 4);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// Returns a list with the separators of the language.
pub fn list(words: &[String], language: Language) -> String {
    let mut words = words.iter();
    let first = words.next().cloned().unwrap_or_default();
    words.fold(first, |first, next| PunctuationText::List { first: &first, next }.say(language))
}

/// Returns two sentences, one after the other.
pub fn sentences(first: &str, next: &str, language: Language) -> String {
    PunctuationText::Sentences { first, next }.say(language)
}

/// Returns `label: text`.
pub fn labeled(label: &str, text: &str, language: Language) -> String {
    PunctuationText::Labeled { label, text }.say(language)
}
