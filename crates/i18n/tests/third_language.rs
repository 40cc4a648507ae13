//! A third language needs a file and a line: this compiles code generated from the two files and an
//! accented copy of the English one, with a `Language` of three.

use pilotlight_i18n::text::{grouped, size};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Language {
    English,
    Chinese,
    Pseudo,
}

const ALL: [Language; 3] = [Language::English, Language::Chinese, Language::Pseudo];

/// Stands for a text in every language.
struct Label(Vec<String>);

impl Label {
    fn of(say: impl Fn(Language) -> String) -> Self {
        Self(ALL.map(say).into())
    }
}

trait Plain {
    fn plain(self, language: Language) -> &'static str;
}

fn fill(text: &str, values: &[String]) -> String {
    let put = |said: String, (at, value): (usize, &String)| {
        said.replace(char::from(u8::try_from(at + 1).expect("few placeholders")), value)
    };
    values.iter().enumerate().fold(text.to_owned(), put)
}

fn span(ms: u64, language: Language) -> String {
    TimeText::Seconds { seconds: ms / 1_000 }.say(language)
}

#[allow(dead_code)]
mod made {
    use super::{Label, Language, Plain, fill, grouped, size, span};

    include!(concat!(env!("OUT_DIR"), "/three.rs"));
}

use made::{CountedText, GalleryText, GpuText, TimeText};

#[test]
fn a_third_language_says_everything_too() {
    let Label(said) = GalleryText::Search.label();
    assert_eq!(said, ["Search", "搜索", "⟦Séárch··⟧"]);
    assert_eq!(GalleryText::Search.plain(Language::Pseudo), "⟦Séárch··⟧");
    let Label(said) = GpuText::SleepsIn { time: 30_000 }.label();
    assert_eq!(said[0], "Sleeps in about 30 s unless you run something.");
    assert!(said[2].contains("⟦30 s⟧"), "{}", said[2]);
}

#[test]
fn plurals_are_of_the_language() {
    let said = |count| CountedText::Imported { count }.label().0;
    assert_eq!(said(1)[..2], ["1 result imported", "已导入 1 项结果"]);
    assert_eq!(said(1_200)[..2], ["1,200 results imported", "已导入 1,200 项结果"]);
    assert!(said(1)[2].contains("résült ") && said(2)[2].contains("résülts "));
}
