//! Why a file or an address contains no workflow: one sentence that names the file, the reason and
//! what to do.

use crate::text::{KindText, OpeningText, UnlinkedText, UnopenedText};
use pilotlight_comfy::graph::Untaken;
use pilotlight_comfy::language::{Language, one_line};
use pilotlight_comfy::workflow::Refusal;
use pilotlight_forms::open::{Kind, Unlinked, Unopened, link};

/// The most characters of names of files and of their contents.
const MAX_CHARS: usize = 120;

/// Returns the text that is shown while a file is fetched.
pub fn opening(address: &str, language: Language) -> String {
    OpeningText::File { address: &link::shown(address) }.say(language)
}

/// Returns what of an opened file is not part of the workflow, and the saved values that no node
/// takes. `name`: what a person knows the file by.
pub fn left_out(name: &str, names: &[String], values: &[Untaken], language: Language) -> String {
    let name = if link::is_address(name) { link::shown(name) } else { one_line(name, MAX_CHARS) };
    let listed = |all: Vec<String>| one_line(&all.join(", "), 2 * MAX_CHARS);
    let mut said = Vec::new();
    if !names.is_empty() {
        let names = &*listed(names.to_vec());
        said.push(OpeningText::LeftOut { name: &name, names }.say(language));
    }
    if !values.is_empty() {
        let one = |value: &Untaken| [value.title.as_str(), ": ", &value.value].concat();
        let values = &*listed(values.iter().map(one).collect());
        said.push(OpeningText::Untaken { name: &name, values }.say(language));
    }
    said.join(" ")
}

/// Returns why this address was not fetched, or is not a file.
pub fn unlinked(address: &str, why: &Unlinked, language: Language) -> String {
    let address = &*link::shown(address);
    let text = match why {
        Unlinked::Scheme => UnlinkedText::Scheme { address },
        Unlinked::Credentials => UnlinkedText::Credentials { address },
        Unlinked::Server => UnlinkedText::Server { address },
        Unlinked::Unanswered { foreign: true } => UnlinkedText::Foreign { address },
        Unlinked::Unanswered { foreign: false } => UnlinkedText::NoReply { address },
        Unlinked::Status(status @ (404 | 410)) => {
            UnlinkedText::NotFound { address, status: (*status).into() }
        }
        Unlinked::Status(status) => UnlinkedText::Status { address, status: (*status).into() },
        Unlinked::BrokenOff => UnlinkedText::BrokenOff { address },
    };
    text.say(language)
}

/// Returns why this file contains no workflow. `name`: its name for users.
pub fn unopened(name: &str, why: &Unopened, language: Language) -> String {
    let name = if link::is_address(name) { link::shown(name) } else { one_line(name, MAX_CHARS) };
    let name = name.as_str();
    let kind = |kind: Kind| kind_text(kind).say(language);
    let text = match why {
        Unopened::Empty => UnopenedText::Empty { name },
        Unopened::TooLarge { limit_mb } => UnopenedText::TooLarge { name, limit: *limit_mb as u64 },
        Unopened::Workflow(Refusal::TooLarge { limit_bytes }) => {
            UnopenedText::TooLarge { name, limit: *limit_bytes as u64 >> 20 }
        }
        Unopened::Cut { kind: of } => UnopenedText::Cut { name, kind: kind(*of) },
        Unopened::NotJson { line, .. } | Unopened::Workflow(Refusal::NotJson { line, .. }) => {
            UnopenedText::NotJson { name, line: *line as u64 }
        }
        Unopened::Encoding => UnopenedText::Encoding { name },
        Unopened::NoWorkflow { kind: of } => UnopenedText::NoWorkflow { name, kind: kind(*of) },
        Unopened::Other { kind: of @ Kind::Archive } => {
            UnopenedText::Archive { name, kind: kind(*of) }
        }
        Unopened::Other { kind: of @ Kind::Html } => UnopenedText::Html { name, kind: kind(*of) },
        Unopened::Other { kind: of @ Kind::Weights } => {
            UnopenedText::Weights { name, kind: kind(*of) }
        }
        Unopened::Other { kind: of } => UnopenedText::Other { name, kind: kind(*of) },
        Unopened::Workflow(Refusal::NotAnObject | Refusal::NoNodes) => {
            UnopenedText::NoNodes { name }
        }
        Unopened::Workflow(Refusal::NotANode { node } | Refusal::NoClass { node }) => {
            let node = one_line(node, MAX_CHARS);
            return UnopenedText::NotANode { name, node: &node }.say(language);
        }
        Unopened::Workflow(Refusal::TooManyNodes { limit }) => {
            UnopenedText::TooManyNodes { name, limit: *limit as u64 }
        }
        Unopened::Workflow(Refusal::TooDeep { limit }) => {
            UnopenedText::TooDeep { name, limit: *limit as u64 }
        }
        Unopened::Package(refusal) => {
            let place = one_line(&refusal.clone().place(), MAX_CHARS);
            return UnopenedText::Package { name, place: &place }.say(language);
        }
    };
    text.say(language)
}

fn kind_text(kind: Kind) -> KindText {
    match kind {
        Kind::Png => KindText::Png,
        Kind::WebP => KindText::Webp,
        Kind::Flac => KindText::Flac,
        Kind::Ogg => KindText::Ogg,
        Kind::Mp3 => KindText::Mp3,
        Kind::Json => KindText::Json,
        Kind::Jpeg => KindText::Jpeg,
        Kind::Gif => KindText::Gif,
        Kind::Avif => KindText::Avif,
        Kind::Picture => KindText::Image,
        Kind::Xml => KindText::Xml,
        Kind::Video => KindText::Video,
        Kind::Sound => KindText::Audio,
        Kind::Glb => KindText::Glb,
        Kind::Weights => KindText::Weights,
        Kind::Archive => KindText::Archive,
        Kind::Pdf => KindText::Pdf,
        Kind::Html => KindText::Html,
        Kind::Text => KindText::Text,
        Kind::ObjectInfo => KindText::ObjectInfo,
        Kind::History => KindText::History,
        Kind::OtherJson => KindText::OtherJson,
        Kind::Unknown => KindText::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_out_is_named() {
        let names = ["#note".to_owned(), "input.images".to_owned()];
        let value = Untaken { node: "4".into(), title: "Load".into(), value: "b.bin".into() };
        let said = left_out("a.json", &names, std::slice::from_ref(&value), Language::English);
        assert!(said.contains("#note, input.images") && said.contains("Load: b.bin"), "{said}");
        assert_eq!(left_out("a.json", &[], &[], Language::Chinese), "");
        let long = vec!["x".repeat(500); 500];
        assert!(left_out("a", &long, &vec![value; 500], Language::English).len() < 1_500);
    }
    use pilotlight_forms::form::PackageRefusal;

    /// Each reason, with what its sentence must contain.
    fn every() -> Vec<(Unopened, &'static str)> {
        let node = || "7:9".to_owned();
        vec![
            (Unopened::Empty, ""),
            (Unopened::TooLarge { limit_mb: 128 }, "128"),
            (Unopened::Cut { kind: Kind::Png }, "PNG"),
            (Unopened::NotJson { line: 31, column: 4 }, "31"),
            (Unopened::Encoding, ""),
            (Unopened::NoWorkflow { kind: Kind::Mp3 }, "MP3"),
            (Unopened::Other { kind: Kind::Pdf }, "PDF"),
            (Unopened::Other { kind: Kind::Avif }, "HEIC"),
            (Unopened::Workflow(Refusal::NotJson { line: 31, column: 4 }), "31"),
            (Unopened::Workflow(Refusal::NotAnObject), ""),
            (Unopened::Workflow(Refusal::NoNodes), ""),
            (Unopened::Workflow(Refusal::NotANode { node: node() }), "7:9"),
            (Unopened::Workflow(Refusal::NoClass { node: node() }), "7:9"),
            (Unopened::Workflow(Refusal::TooLarge { limit_bytes: 8 << 20 }), "8"),
            (Unopened::Workflow(Refusal::TooManyNodes { limit: 5_000 }), "5000"),
            (Unopened::Workflow(Refusal::TooDeep { limit: 64 }), "64"),
            (Unopened::Package(PackageRefusal::Missing { path: "form[2]".into() }), "form[2]"),
        ]
    }

    #[test]
    fn a_sentence_holds_no_more_of_a_file_than_its_name() {
        let long = "\u{202e}x\n".repeat(500);
        let whys = [
            Unopened::Empty,
            Unopened::Workflow(Refusal::NoClass { node: long.clone() }),
            Unopened::Package(PackageRefusal::UnknownKey { path: long.clone() }),
        ];
        for why in whys {
            let said = unopened(&long, &why, Language::English);
            assert!(said.chars().count() < 500, "{said}");
            assert!(!said.contains(['\n', '\u{202e}']), "{said:?}");
        }
        let said = unopened("https://me:pw@host/a?token=t", &Unopened::Empty, Language::English);
        assert!(said.contains("“https://host/a”"), "{said}");
    }

    #[test]
    fn each_sentence_names_the_file_and_what_is_wrong_and_is_one() {
        for (why, shown) in every() {
            for (language, end) in [(Language::English, '.'), (Language::Chinese, '。')] {
                let said = unopened("N", &why, language);
                assert_eq!(said.matches("“N”").count(), 1, "{said}");
                assert!(said.contains(shown), "{said}: no {shown}");
                assert!(!said.contains("  "), "{said}");
                assert_eq!(said.find(end), Some(said.len() - end.len_utf8()), "{said}");
            }
        }
    }

    #[test]
    fn each_sentence_of_a_link_names_the_address_says_what_to_do_and_is_one() {
        let every = [
            Unlinked::Scheme,
            Unlinked::Credentials,
            Unlinked::Server,
            Unlinked::Unanswered { foreign: true },
            Unlinked::Unanswered { foreign: false },
            Unlinked::Status(404),
            Unlinked::Status(503),
            Unlinked::BrokenOff,
        ];
        for why in every {
            for (language, end) in [(Language::English, '.'), (Language::Chinese, '。')] {
                let said = unlinked("N", &why, language);
                assert_eq!(said.matches("“N”").count(), 1, "{said}");
                assert_eq!(said.find(end), Some(said.len() - end.len_utf8()), "{said}");
                assert!(!said.contains("  "), "{said}");
                assert!(said.contains([';', '；']), "{said}: nothing to do");
                let status = matches!(why, Unlinked::Status(_));
                assert_eq!(said.contains("HTTP ") && said.contains(['4', '3']), status, "{said}");
            }
        }
        let long = unlinked(&"x".repeat(500), &Unlinked::BrokenOff, Language::English);
        assert!(long.len() < 300, "{long}");
    }
}
