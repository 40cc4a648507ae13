//! Generates Rust from the messages of all languages: an enum for each group, and for each language
//! a function from that enum to its texts.
//!
//! Invariant: one function for each group and language. The linker keeps the functions that are
//! called, and wasm-split puts a group into the bundle that uses it; a table of all texts would be
//! in the first bundle.

use crate::fluent::{Body, Gap, Kind, Message, Piece};
use crate::locales::Locale;

/// Returns the code of the wanted groups. The first locale defines the messages.
pub fn write(locales: &[Locale], is_wanted: impl Fn(&str) -> bool) -> String {
    let Some(first) = locales.first() else { return String::new() };
    let mut groups: Vec<&str> = Vec::new();
    for message in &first.messages {
        let (group, _) = message.parts();
        if is_wanted(group) && !groups.contains(&group) {
            groups.push(group);
        }
    }
    groups.into_iter().map(|name| Group { name, locales, first }.write()).collect()
}

struct Group<'a> {
    name: &'a str,
    locales: &'a [Locale],
    first: &'a Locale,
}

impl<'a> Group<'a> {
    fn messages(&self) -> impl Iterator<Item = &'a Message> {
        let (name, first) = (self.name, self.first);
        first.messages.iter().filter(move |message| message.parts().0 == name)
    }

    fn write(&self) -> String {
        let widest = self.messages().map(|message| message.gaps().len()).max().unwrap_or(0);
        let holds_text =
            |message: &Message| message.gaps().iter().any(|gap| gap.kind == Kind::Text);
        let lives = if self.messages().any(holds_text) { ("<'a>", "<'_>") } else { ("", "") };
        let kind = format!("{}Text", camel(self.name));
        let mut code = format!(
            "/// The messages `{}-…`.\n#[derive(Clone, Copy, Debug, PartialEq, Eq)]\n\
             pub enum {kind}{} {{\n",
            self.name, lives.0
        );
        for message in self.messages() {
            code += &variant(message);
        }
        code += &format!("}}\n\nimpl {kind}{} {{\n", lives.1);
        code += &if widest == 0 { self.plain() } else { self.filled(widest) };
        let owned = if widest == 0 { ".to_owned()" } else { "" };
        code += &format!(
            "\n    /// Returns the texts of all languages.\n    pub fn label(self) -> Label {{\n        \
             Label::of(|language| self.say(language){owned})\n    }}\n}}\n\n"
        );
        if widest == 0 {
            code += &format!(
                "impl Plain for {kind} {{\n    fn plain(self, language: Language) -> &'static str \
                 {{\n        self.say(language)\n    }}\n}}\n\n"
            );
        }
        for locale in self.locales {
            code += &self.texts(&kind, locale);
        }
        code
    }

    fn of_language(&self) -> String {
        let arm = |locale: &Locale| {
            let (code, variant) = (locale.known.code, locale.known.variant);
            format!("            Language::{variant} => {}_{code}(self),\n", self.name)
        };
        self.locales.iter().map(arm).collect()
    }

    fn plain(&self) -> String {
        format!(
            "    /// Returns the text in a language.\n    pub fn say(self, language: Language) -> &'static str {{\n        match language {{\n\
             {}        }}\n    }}\n",
            self.of_language()
        )
    }

    fn filled(&self, widest: usize) -> String {
        let is_span = |gap: &Gap| gap.kind == Kind::Duration;
        let (given, taken) = match self.messages().any(|message| message.gaps().iter().any(is_span))
        {
            true => ("language", ", language: Language"),
            false => ("", ""),
        };
        let mut code = format!(
            "    /// Returns the text in a language, with its values.\n    pub fn say(self, language: Language) -> String {{\n        let text = match language \
             {{\n{}        }};\n        fill(text, &self.gaps({given}))\n    }}\n\n    fn \
             gaps(self{taken}) -> [String; {widest}] {{\n        match self {{\n",
            self.of_language()
        );
        let mut without = Vec::new();
        for message in self.messages() {
            let name = camel(message.parts().1);
            let gaps = message.gaps();
            if gaps.is_empty() {
                without.push(format!("Self::{name}"));
                continue;
            }
            let names: Vec<&str> = gaps.iter().map(|gap| gap.name.as_str()).collect();
            let mut values: Vec<String> = gaps.iter().map(value).collect();
            values.resize(widest, "String::new()".to_owned());
            code += &format!(
                "            Self::{name} {{ {} }} => [{}],\n",
                names.join(", "),
                values.join(", ")
            );
        }
        if !without.is_empty() {
            code += &format!(
                "            {} => Default::default(),\n",
                without.join("\n            | ")
            );
        }
        code + "        }\n    }\n"
    }

    fn texts(&self, kind: &str, locale: &Locale) -> String {
        let mut code = format!(
            "fn {}_{}(text: {kind}) -> &'static str {{\n    match text {{\n",
            self.name, locale.known.code
        );
        for message in self.messages() {
            let Some(said) = locale.message(&message.id) else { continue };
            let (gaps, path) = (message.gaps(), path(message));
            let rest = if gaps.is_empty() { "" } else { " { .. }" };
            match &said.body {
                Body::One(text) => {
                    code += &format!("        {path}{rest} => {:?},\n", marked(text, &gaps));
                }
                Body::Plural { by, forms } => {
                    code += &format!("        {path} {{ {by}, .. }} => match {by} {{\n");
                    let mut is_whole = false;
                    let patterns = locale.patterns().iter();
                    for (form, pattern) in patterns.chain([&("other", "_")]) {
                        let text = forms.iter().find(|(known, _)| known == form);
                        if let Some((_, text)) = text.filter(|_| !is_whole) {
                            let text = marked(text, &gaps);
                            code += &format!("            {pattern} => {text:?},\n");
                        }
                        is_whole |= *pattern == "_";
                    }
                    code += "        },\n";
                }
            }
        }
        code + "    }\n}\n\n"
    }
}

fn variant(message: &Message) -> String {
    let name = camel(message.parts().1);
    let mut code = format!("    /// `{}`", message.id);
    for line in &message.comment {
        code += &format!(": {line}");
    }
    code.push('\n');
    let fields: String = message.gaps().iter().map(field).collect();
    let fields = if fields.is_empty() { fields } else { format!(" {{\n{fields}    }}") };
    code + &format!("    {name}{fields},\n")
}

fn field(gap: &Gap) -> String {
    let (shown, kind) = match gap.kind {
        Kind::Text => ("A text", "&'a str"),
        Kind::Number => ("A number, shown with separators", "usize"),
        Kind::Digits => ("A number, shown without separators", "u64"),
        Kind::Duration => ("A duration in ms", "u64"),
        Kind::Size => ("A size in bytes", "u64"),
    };
    format!("        /// {shown}.\n        {}: {kind},\n", gap.name)
}

fn value(gap: &Gap) -> String {
    let name = &gap.name;
    match gap.kind {
        Kind::Text => format!("{name}.to_owned()"),
        Kind::Number => format!("grouped({name})"),
        Kind::Digits => format!("{name}.to_string()"),
        Kind::Duration => format!("span({name}, language)"),
        Kind::Size => format!("size({name})"),
    }
}

/// Returns the text with a control character for each placeholder: U+0001 for the message's first.
fn marked(text: &[Piece], gaps: &[Gap]) -> String {
    let mark = |piece: &Piece| match piece {
        Piece::Text(text) => text.clone(),
        Piece::Gap(gap) => {
            let at = gaps.iter().position(|known| known == gap).unwrap_or(0);
            char::from(u8::try_from(at + 1).unwrap_or(1)).to_string()
        }
    };
    text.iter().map(mark).collect()
}

/// Returns the Rust path of a message, such as `GalleryText::NoMatches`.
pub fn path(message: &Message) -> String {
    let (group, name) = message.parts();
    format!("{}Text::{}", camel(group), camel(name))
}

/// Returns a name in camel case: `NoMatches` for `no-matches`.
fn camel(name: &str) -> String {
    let word = |word: &str| {
        let (first, rest) = word.split_at(1.min(word.len()));
        [&first.to_ascii_uppercase(), rest].concat()
    };
    name.split('-').map(word).collect()
}
