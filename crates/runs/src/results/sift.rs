//! Filters of the gallery.

use super::{ResultContent, ResultRow};

/// A filter; a result matches if all conditions hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// The search words, in lowercase.
    pub(super) words: Vec<String>,
    /// The id of a form.
    pub form: Option<String>,
    /// Whether only starred results match.
    pub only_starred: bool,
}

impl Filter {
    /// Sets the search words. Each must occur in the prompt, the answer, the file name, the node's
    /// title or the seed, in any case; without words every result matches.
    pub fn set_words(&mut self, words: &str) {
        self.words = words.to_lowercase().split_whitespace().map(str::to_owned).collect();
    }

    /// Returns whether every result matches.
    pub fn is_open(&self) -> bool {
        *self == Self::default()
    }

    /// Returns whether a result matches.
    pub fn lets_through(&self, row: &ResultRow) -> bool {
        if self.only_starred && !row.is_starred {
            return false;
        }
        if self.form.as_ref().is_some_and(|form| *form != row.form) {
            return false;
        }
        if self.words.is_empty() {
            return true;
        }
        let text = text(row).to_lowercase();
        self.words.iter().all(|word| text.contains(word))
    }
}

fn text(row: &ResultRow) -> String {
    let own = match &row.content {
        ResultContent::File { name, .. } => name.as_str(),
        ResultContent::Text(text) => text.as_str(),
        ResultContent::Gone => "",
    };
    let seed = row.seed.map(|seed| seed.to_string()).unwrap_or_default();
    let group = row.group.as_deref().unwrap_or_default();
    [row.prompt.as_str(), own, group, &seed].join("\n")
}

#[cfg(test)]
mod tests {
    use super::super::tests::{file, row};
    use super::*;

    #[track_caller]
    fn check(words: &str, form: Option<&str>, only_starred: bool, row: &ResultRow, expected: bool) {
        let mut sieve = Filter { form: form.map(str::to_owned), only_starred, ..Filter::default() };
        sieve.set_words(words);
        assert_eq!(sieve.lets_through(row), expected, "{sieve:?}");
    }

    #[test]
    fn a_result_is_found_by_words_form_and_star() {
        let picture = file(0, 1);
        for (words, form, only_starred, expected) in [
            ("", None, false, true),
            ("  ", None, false, true),
            ("TIGER dusk", None, false, true),
            ("dusk tiger", Some("a"), false, true),
            ("tiger dawn", None, false, false),
            ("comfyui_0", None, false, true),
            ("18446744073709551615", None, false, true),
            ("save", None, false, true),
            ("", Some("b"), false, false),
            ("", None, true, false),
        ] {
            check(words, form, only_starred, &picture, expected);
        }
        check("", None, true, &ResultRow { is_starred: true, ..picture }, true);
        let answer = row(0, ResultContent::Text("Ein Löwe. 黄昏的狮子".into()));
        check("LÖWE 狮子", None, false, &answer, true);
        check("老虎", None, false, &answer, false);
    }
}
