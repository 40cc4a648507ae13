//! Checks that the locale files agree.

use std::collections::{BTreeMap, BTreeSet};

use crate::fluent::{self, Body, Gap, Kind, Message};

/// A supported language: its code, its variant of `Language`, and the plural categories that the
/// Unicode CLDR has for its integers, each with a pattern of `usize`.
#[derive(Debug)]
pub struct Known {
    pub code: &'static str,
    pub variant: &'static str,
    plurals: &'static [(&'static str, &'static str)],
}

const ONE: &[(&str, &str)] = &[("one", "1")];
const NONE: &[(&str, &str)] = &[];

/// The supported languages with their plural categories; others are added here.
pub const KNOWN: &[Known] = &[
    Known { code: "en", variant: "English", plurals: ONE },
    Known { code: "zh", variant: "Chinese", plurals: NONE },
    Known { code: "de", variant: "German", plurals: ONE },
    Known { code: "es", variant: "Spanish", plurals: ONE },
    Known { code: "fr", variant: "French", plurals: &[("one", "0 | 1")] },
    Known { code: "it", variant: "Italian", plurals: ONE },
    Known { code: "ja", variant: "Japanese", plurals: NONE },
    Known { code: "ko", variant: "Korean", plurals: NONE },
    Known { code: "nl", variant: "Dutch", plurals: ONE },
    Known { code: "pt", variant: "Portuguese", plurals: &[("one", "0 | 1")] },
    Known { code: "ru", variant: "Russian", plurals: RUSSIAN },
    Known { code: "uk", variant: "Ukrainian", plurals: RUSSIAN },
    Known { code: "vi", variant: "Vietnamese", plurals: NONE },
    // The English text with accents: shows texts that are not in the files or do not fit.
    Known { code: "xx", variant: "Pseudo", plurals: ONE },
];

const RUSSIAN: &[(&str, &str)] = &[
    ("one", "n if n % 10 == 1 && n % 100 != 11"),
    ("few", "n if (2..=4).contains(&(n % 10)) && !(12..=14).contains(&(n % 100))"),
    ("many", "_"),
];

/// A locale file.
#[derive(Clone, Debug)]
pub struct Locale {
    pub known: &'static Known,
    pub messages: Vec<Message>,
}

impl Locale {
    /// Reads a locale file. `name`: the name of the file, for errors.
    pub fn read(code: &str, name: &str, text: &str) -> Result<Self, Vec<String>> {
        let Some(known) = KNOWN.iter().find(|known| known.code == code) else {
            return Err(vec![format!("{name}: the plurals of `{code}` are not known: see KNOWN")]);
        };
        let at = |(line, error)| format!("{name}:{line}: {error}");
        let messages =
            fluent::parse(text).map_err(|errors| errors.into_iter().map(at).collect::<Vec<_>>())?;
        Ok(Self { known, messages })
    }

    pub fn message(&self, id: &str) -> Option<&Message> {
        self.messages.iter().find(|message| message.id == id)
    }

    /// Returns the pattern of each plural category except `other`, in the order of the language.
    pub fn patterns(&self) -> &'static [(&'static str, &'static str)] {
        self.known.plurals
    }
}

/// Returns how the files differ from the first one.
pub fn disagreements(locales: &[Locale]) -> Vec<String> {
    let Some((first, others)) = locales.split_first() else {
        return vec!["there are no locale files".to_owned()];
    };
    let mut found = own_errors(first);
    for other in others {
        found.extend(own_errors(other));
        let code = other.known.code;
        for message in &first.messages {
            match other.message(&message.id) {
                None => found.push(format!("{code}.ftl: `{}` is missing", message.id)),
                Some(same) if set(same) != set(message) => found.push(format!(
                    "{code}.ftl:{}: `{}` has other placeholders than {}.ftl: {} instead of {}",
                    same.line,
                    message.id,
                    first.known.code,
                    list(same),
                    list(message)
                )),
                Some(_) => {}
            }
        }
        for message in &other.messages {
            if first.message(&message.id).is_none() {
                let (id, line) = (&message.id, message.line);
                found.push(format!("{code}.ftl:{line}: `{id}` is not in {}.ftl", first.known.code));
            }
        }
    }
    found
}

fn set(message: &Message) -> BTreeSet<Gap> {
    message.gaps().into_iter().collect()
}

fn list(message: &Message) -> String {
    let names: Vec<String> =
        message.gaps().iter().map(|gap| format!("{:?} ${}", gap.kind, gap.name)).collect();
    if names.is_empty() { "none".to_owned() } else { names.join(", ") }
}

fn own_errors(locale: &Locale) -> Vec<String> {
    let mut found = Vec::new();
    for message in &locale.messages {
        let mut error = |what: String| {
            found.push(format!("{}.ftl:{}: {what}", locale.known.code, message.line));
        };
        let mut kinds: BTreeMap<String, Kind> = BTreeMap::new();
        for gap in message.gaps() {
            if kinds.insert(gap.name.clone(), gap.kind).is_some() {
                error(format!("`{}` uses ${} in two ways", message.id, gap.name));
            }
        }
        if let Body::Plural { forms, .. } = &message.body {
            let named: BTreeSet<&str> = forms.iter().map(|(form, _)| form.as_str()).collect();
            let known = locale.patterns().iter().map(|(form, _)| *form);
            // A category without integers is covered by `other`.
            let needed: BTreeSet<&str> = known.chain(["other"]).collect();
            if named != needed {
                let needed: Vec<&str> = needed.into_iter().collect();
                error(format!("`{}` needs the forms {}", message.id, needed.join(", ")));
            }
        }
    }
    found
}
