//! Other texts: links, masks, setup, imports.

use crate::text::{CountedText, InvalidText, UnpaintableText, UnsharedText};
use pilotlight_comfy::language::{Language, one_line};
use pilotlight_forms::mask::{PIXELS_MAX, SIDE_MAX};
use pilotlight_forms::share::Unshared;
use pilotlight_runs::config::AddressTrouble;
use pilotlight_runs::setup::SetupTrouble;

const MAX_ID_CHARS: usize = 64;

/// Returns why a shared link was not opened.
pub fn unshared(why: &Unshared, language: Language) -> String {
    let text = match why {
        Unshared::Newer => UnsharedText::Newer,
        Unshared::TooLarge => UnsharedText::TooLarge,
        Unshared::Damaged => UnsharedText::Damaged,
        Unshared::Form(refusal) => {
            let place = one_line(&refusal.clone().place(), MAX_ID_CHARS);
            return UnsharedText::Form { place: &place }.say(language);
        }
        Unshared::NoSuchForm(id) => {
            let id = one_line(id, MAX_ID_CHARS);
            return UnsharedText::NoSuchForm { id: &id }.say(language);
        }
    };
    text.say(language)
}

/// Why an image cannot be painted on, or a mask not stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unpaintable {
    /// It is larger than a canvas may be.
    TooLarge,
    /// The browser cannot decode the image, or lacks memory.
    NotDrawn,
    /// The mask was not stored; it is still in the dialog.
    NotKept,
}

/// Returns why a mask cannot be painted on an image.
pub fn unpaintable(why: Unpaintable, language: Language) -> String {
    let text = match why {
        Unpaintable::TooLarge => UnpaintableText::TooLarge {
            side: SIDE_MAX.into(),
            millions: (PIXELS_MAX / 1_000_000).into(),
        },
        Unpaintable::NotDrawn => UnpaintableText::NotDrawn,
        Unpaintable::NotKept => UnpaintableText::NotStored,
    };
    text.say(language)
}

/// Returns what is wrong with a field of the setup form.
pub fn setup_trouble(trouble: SetupTrouble) -> InvalidText {
    match trouble {
        SetupTrouble::Missing | SetupTrouble::Address(AddressTrouble::Empty) => {
            InvalidText::Missing
        }
        SetupTrouble::NotAName => InvalidText::NotAName,
        SetupTrouble::TooLong => InvalidText::TooLong,
        SetupTrouble::ModelMissing => InvalidText::ModelMissing,
        SetupTrouble::NotAModel => InvalidText::NotAModel,
        SetupTrouble::Address(AddressTrouble::OddCharacter) => InvalidText::OddCharacter,
        SetupTrouble::Address(AddressTrouble::Scheme) => InvalidText::Scheme,
        SetupTrouble::Address(AddressTrouble::NoHost) => InvalidText::NoHost,
        SetupTrouble::Address(AddressTrouble::Port) => InvalidText::Port,
        SetupTrouble::Address(AddressTrouble::Credentials) => InvalidText::Credentials,
        SetupTrouble::Address(AddressTrouble::QueryOrFragment) => InvalidText::QueryOrFragment,
    }
}

/// The outcome of importing an archive of results.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Imported {
    /// Results that are new here.
    pub new: usize,
    /// Results that were already stored.
    pub known: usize,
    /// Results that could not be read.
    pub unread: usize,
}

impl Imported {
    /// Returns the sentence.
    pub fn say(self, language: Language) -> String {
        let Self { new, known, unread } = self;
        let mut parts = vec![CountedText::Imported { count: new }.say(language)];
        if known > 0 {
            parts.push(CountedText::AlreadyHere { count: known }.say(language));
        }
        if unread > 0 {
            parts.push(CountedText::Unreadable { count: unread }.say(language));
        }
        parts.join(" · ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(imported: [usize; 3], english: &str, chinese: &str) {
        let [new, known, unread] = imported;
        let imported = Imported { new, known, unread };
        assert_eq!(imported.say(Language::English), english);
        assert_eq!(imported.say(Language::Chinese), chinese);
    }

    #[test]
    fn what_was_imported_is_counted() {
        check([1, 0, 0], "1 result imported", "已导入 1 项结果");
        check(
            [1_200, 3, 1],
            "1,200 results imported · 3 already here · 1 unreadable",
            "已导入 1,200 项结果 · 3 项原已存在 · 1 项无法读取",
        );
        check([0, 1, 0], "0 results imported · 1 already here", "已导入 0 项结果 · 1 项原已存在");
    }

    #[test]
    fn values_are_in_the_sentences() {
        let said = unpaintable(Unpaintable::TooLarge, Language::English);
        assert!(said.contains("8192 pixels per side and 33 million"), "{said}");
        for (why, part) in
            [(Unshared::Damaged, "incomplete"), (Unshared::NoSuchForm("lamp\n".into()), "(lamp)")]
        {
            assert!(unshared(&why, Language::English).contains(part), "{why:?}");
        }
    }
}
