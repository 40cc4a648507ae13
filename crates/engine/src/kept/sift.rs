//! Which of the kept results somebody wants to see.

use super::{Piece, Row};

/// Every condition that is set must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sieve {
    /// All of these words occur in the prompt, the answer, the file's name or the seed, in whatever
    /// case; empty for all.
    pub words: String,
    /// The id of a form.
    pub form: Option<String>,
    pub only_starred: bool,
}

impl Sieve {
    pub fn lets_through(&self, row: &Row) -> bool {
        if self.only_starred && !row.is_starred {
            return false;
        }
        if self.form.as_ref().is_some_and(|form| *form != row.form) {
            return false;
        }
        if self.words.trim().is_empty() {
            return true;
        }
        let text = text(row).to_lowercase();
        self.words.to_lowercase().split_whitespace().all(|word| text.contains(word))
    }
}

fn text(row: &Row) -> String {
    let own = match &row.piece {
        Piece::File { name, .. } => name.as_str(),
        Piece::Text(text) => text.as_str(),
        Piece::Gone => "",
    };
    let seed = row.seed.map(|seed| seed.to_string()).unwrap_or_default();
    let group = row.group.as_deref().unwrap_or_default();
    [row.prompt.as_str(), own, group, &seed].join("\n")
}
