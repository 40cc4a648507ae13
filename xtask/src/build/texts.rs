//! Writes the texts that are shown before the page's code is loaded into `index.html`, in every
//! language. `index.html` names the message of `crates/i18n/locales` and contains its English text.

use std::collections::BTreeMap;

use super::{files_of, read_text};
use crate::{Outcome, paths};

const LOCALES: &str = "crates/i18n/locales";
/// The language whose texts `index.html` contains.
const FIRST: &str = "en";
/// Each language has a short name here, which the button that changes the language shows.
const SHORT: &str = "language-short";

struct Locale {
    code: String,
    /// For `lang="…"`.
    tag: String,
    messages: BTreeMap<String, String>,
}

/// Returns the page with the texts of all languages.
///
/// # Errors
/// When a language cannot be read or lacks a message, or a text of the page is not the English one.
pub fn with_texts(html: &str) -> Outcome<String> {
    with_all(html, &locales()?)
}

fn locales() -> Outcome<Vec<Locale>> {
    let mut files = files_of(&paths::root().join(LOCALES))?;
    files.sort();
    files.sort_by_key(|file| file.file_stem().is_none_or(|code| code != FIRST));
    let locale = |file: &std::path::PathBuf| {
        let code = file.file_stem().and_then(|code| code.to_str()).unwrap_or_default().to_owned();
        locale(code, &read_text(file)?)
    };
    files.iter().map(locale).collect()
}

fn locale(code: String, file: &str) -> Outcome<Locale> {
    let message = |line: &str| {
        let (key, text) = line.split_once(" = ")?;
        Some((key.to_owned(), text.to_owned()))
    };
    let messages: BTreeMap<_, _> = file.lines().filter_map(message).collect();
    let tag = messages.get("language-tag").ok_or(format!("{code}.ftl has no `language-tag`"))?;
    Ok(Locale { code, tag: tag.clone(), messages })
}

impl Locale {
    fn message(&self, key: &str) -> Outcome<String> {
        let text = self.messages.get(key).filter(|text| !text.contains('{'));
        let text =
            text.ok_or(format!("index.html: {}.ftl has no plain message `{key}`", self.code))?;
        Ok(text.replace('&', "&amp;").replace('<', "&lt;"))
    }
}

fn with_all(html: &str, locales: &[Locale]) -> Outcome<String> {
    let mut filled = String::with_capacity(html.len() * 2);
    let mut rest = html;
    while let Some(element) = next(rest) {
        let written = if element.key == SHORT { locales.get(1) } else { locales.first() };
        let expected = written.map(|locale| locale.message(element.key)).transpose()?;
        if expected.is_some_and(|expected| expected != element.text) {
            return Err(format!("index.html: another text than `{}` in en.ftl", element.key));
        }
        filled.push_str(&rest[..element.start]);
        for (at, locale) in locales.iter().enumerate() {
            let of_next = locales.get(at + 1).unwrap_or(&locales[0]);
            let from = if element.key == SHORT { of_next } else { locale };
            let (name, tag, text) = (element.name, &locale.tag, from.message(element.key)?);
            filled.push_str(&format!("<{name} data-words lang=\"{tag}\">{text}</{name}>"));
        }
        rest = &rest[element.end..];
    }
    filled.push_str(rest);
    let tags: Vec<&str> = locales.iter().map(|locale| locale.tag.as_str()).collect();
    let others = tags
        .iter()
        .map(|tag| format!(":root:lang({tag}) [data-words]:not(:lang({tag})):not(noscript *)"));
    let rule = format!("<style>{}{{display:none}}</style>", others.collect::<Vec<_>>().join(","));
    let filled = inserted(&filled, "<title>", &rule)?;
    inserted(&filled, " lang=", &format!(" data-languages=\"{}\"", tags.join(" ")))
}

/// An element whose text is a message.
struct Element<'a> {
    name: &'a str,
    key: &'a str,
    text: &'a str,
    start: usize,
    end: usize,
}

fn next(html: &str) -> Option<Element<'_>> {
    const MARK: &str = " data-words=";
    let mark = html.find(MARK)?;
    let start = html[..mark].rfind('<')?;
    let name = &html[start + 1..mark];
    let (key, text) = html[mark + MARK.len()..].split_once('>')?;
    let (text, _) = text.split_once("</")?;
    let close = format!("</{name}>");
    let end = mark + html[mark..].find(&close)? + close.len();
    Some(Element { name, key: key.trim_matches('"'), text, start, end })
}

fn inserted(html: &str, before: &str, what: &str) -> Outcome<String> {
    let at = html.find(before).ok_or(format!("index.html has no `{before}`"))?;
    Ok([&html[..at], what, &html[at..]].concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn two() -> Vec<Locale> {
        let of = |code: &str, file| locale(code.to_owned(), file).unwrap();
        vec![
            of(
                "en",
                "language-tag = en\nlanguage-short = EN\nrun = Run <it>\nsum = { $sum }\nonly = One",
            ),
            of("zh", "language-tag = zh-CN\nlanguage-short = 中文\nrun = 生成"),
        ]
    }

    #[test]
    fn every_language_is_written_and_one_is_shown() {
        let html = "<html lang=en><title></title><b data-words=run>Run &lt;it></b> \
            <i data-words=\"language-short\">中文</i>";
        let expected = "<html data-languages=\"en zh-CN\" lang=en>\
            <style>:root:lang(en) [data-words]:not(:lang(en)):not(noscript *),\
            :root:lang(zh-CN) [data-words]:not(:lang(zh-CN)):not(noscript *){display:none}</style>\
            <title></title>\
            <b data-words lang=\"en\">Run &lt;it></b><b data-words lang=\"zh-CN\">生成</b> \
            <i data-words lang=\"en\">中文</i><i data-words lang=\"zh-CN\">EN</i>";
        assert_eq!(with_all(html, &two()).unwrap(), expected);
    }

    #[test]
    fn a_message_that_a_language_lacks_and_another_text_are_named() {
        let lacks = "index.html: zh.ftl has no plain message `only`";
        let is_no_text = "index.html: en.ftl has no plain message `sum`";
        let differs = "index.html: another text than `run` in en.ftl";
        for (key, expected) in [("only", lacks), ("sum", is_no_text), ("run", differs)] {
            let html = format!("<html lang=en><title></title><b data-words={key}>One</b>");
            assert_eq!(with_all(&html, &two()).unwrap_err(), expected);
        }
    }

    #[test]
    fn the_page_of_the_project_has_its_texts_in_every_language() {
        let html = read_text(&paths::root().join("index.html")).unwrap();
        let filled = with_texts(&html).unwrap();
        for locale in locales().unwrap() {
            let text = locale.message("shell-starting").unwrap();
            let tag = locale.tag;
            assert!(filled.contains(&format!("<span data-words lang=\"{tag}\">{text}</span>")));
        }
    }
}
