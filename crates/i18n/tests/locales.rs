//! Errors in locale files that the build reports.

#[path = "../build/code.rs"]
mod code;
#[path = "../build/fluent.rs"]
mod fluent;
#[path = "../build/locales.rs"]
mod locales;
#[path = "../build/pseudo.rs"]
mod pseudo;

use std::fs;
use std::path::Path;

use locales::{Locale, disagreements};
use pseudo::pseudo;

fn locale(code: &str, text: &str) -> Locale {
    Locale::read(code, &format!("{code}.ftl"), text).expect("it is read")
}

const ENGLISH: &str = "
## Files

# On a button.
file-open = Open
file-size = { $name }: { SIZE($bytes) }
file-count =
    { $count ->
        [one] { NUMBER($count) } file
       *[other] { NUMBER($count) } files
    }
";

const CHINESE: &str = "
file-count = { NUMBER($count) } 个文件
file-size = { SIZE($bytes) }（{ $name }）
file-open = 打开
";

#[track_caller]
fn check(chinese: &str, expected: &[&str]) {
    let found = disagreements(&[locale("en", ENGLISH), locale("zh", chinese)]);
    assert_eq!(found.len(), expected.len(), "{found:?}");
    for (error, part) in found.iter().zip(expected) {
        assert!(error.contains(part), "{error}");
    }
}

#[test]
fn files_have_the_same_messages_with_the_same_placeholders() {
    check(CHINESE, &[]);
    check(&CHINESE.replace("file-open", "file-close"), &["`file-open` is missing", "`file-close`"]);
    check(&CHINESE.replace("{ $name }", ""), &["zh.ftl:3: `file-size` has other placeholders"]);
    check(&CHINESE.replace("$name", "$title"), &["`file-size` has other placeholders"]);
    check(&CHINESE.replace("SIZE(", "DIGITS("), &["`file-size` has other placeholders"]);
    check(
        "
file-open = 打开
file-size = { SIZE($bytes) }（{ $name }）
file-count =
    { $count ->
        [one] 一个文件
       *[other] { NUMBER($count) } 个文件
    }
",
        &["`file-count` needs the forms other"],
    );
}

#[test]
fn each_language_has_its_plurals() {
    let russian =
        |forms: &str| locale("ru", &format!("file-count =\n    {{ $count ->\n{forms}    }}\n"));
    let all = "[one] файл\n[few] файла\n[many] { NUMBER($count) } файлов\n*[other] файла\n";
    assert_eq!(disagreements(&[russian(all)]), Vec::<String>::new());
    let found = disagreements(&[russian("*[other] файла\n")]);
    assert_eq!(found, ["ru.ftl:1: `file-count` needs the forms few, many, one, other"]);
}

#[track_caller]
fn check_line(text: &str, expected: &str) {
    let found = Locale::read("en", "en.ftl", text)
        .map_or_else(|errors| errors.join("; "), |_| String::new());
    assert!(found.contains(expected), "{text}: {found}");
}

#[test]
fn what_is_not_read_is_named_with_its_line() {
    check_line("a-b = c\n# d\n\na-c = e", "");
    check_line("a-b = c\noops", "en.ftl:2: expected `group-name = text`");
    check_line("a-b = c\na-b = d", "en.ftl:2: `a-b` is there twice");
    check_line("open = Open", "`open` is not of the form");
    check_line("a-b = { name }", "is not a placeholder");
    check_line("a-b = { $name", "a `{` without its `}`");
    check_line("a-b = $name }", "a `}` without its `{`");
    check_line("a-b = { LENGTH($name) }", "there is no function `LENGTH`");
    check_line("a-b =\n{ $n ->\n[one] c\n}", "`*[other]` is missing");
    check_line("a-b =\n{ $n ->\n", "the message ends too early");
    assert!(
        Locale::read("tlh", "tlh.ftl", "").is_err_and(|all| all[0].contains("plurals of `tlh`"))
    );
}

#[test]
fn code_has_a_function_for_each_group_and_language() {
    let english = locale("en", ENGLISH);
    let third = pseudo(&english).expect("it is known");
    let written = code::write(&[english, locale("zh", CHINESE), third], |group| group == "file");
    for part in [
        "pub enum FileText<'a> {",
        "    /// `file-open`: On a button.\n    Open,",
        "    Size {\n        /// A text.\n        name: &'a str,\n        /// A size in bytes.\n        \
         bytes: u64,\n    },",
        "Language::Pseudo => file_xx(self),",
        "Self::Size { name, bytes } => [name.to_owned(), size(bytes)],",
        "FileText::Size { .. } => \"\\u{2}（\\u{1}）\",",
        "            1 => \"\\u{1} file\",",
    ] {
        assert!(written.contains(part), "{part}: {written}");
    }
}

/// The text of all Rust files below a folder.
fn sources(folder: &Path) -> String {
    let mut text = String::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            text += &sources(&path);
        } else if path.extension().is_some_and(|end| end == "rs") {
            text += &fs::read_to_string(&path).expect("a text");
        }
    }
    text
}

#[test]
fn every_message_is_used() {
    let crate_ = Path::new(env!("CARGO_MANIFEST_DIR"));
    let text = fs::read_to_string(crate_.join("locales/en.ftl")).expect("a text");
    let folders = ["src", "../forms/src", "../../src"];
    let code: String = folders.iter().map(|folder| sources(&crate_.join(folder))).collect();
    let page = fs::read_to_string(crate_.join("../../index.html")).expect("a text");
    let is_in_page = |id: &str| page.contains(&format!("data-words=\"{id}\""));
    // `FindingText` is called `Text` where it is used.
    let is_used = |name: &str| {
        let end = |at: usize| code[at + name.len()..].starts_with(|c: char| c.is_alphanumeric());
        code.match_indices(name).any(|(at, _)| !end(at))
    };
    let unused: Vec<String> = locale("en", &text)
        .messages
        .iter()
        .filter(|message| !is_used(code::path(message).trim_start_matches("Finding")))
        .filter(|message| !is_in_page(&message.id))
        .map(|message| message.id.clone())
        .collect();
    assert_eq!(unused, Vec::<String>::new());
}
