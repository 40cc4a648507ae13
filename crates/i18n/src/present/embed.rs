//! Errors in the address of a frame or in a message of its host.

use crate::text::EmbedText;
use pilotlight_forms::embed::{MAX_MESSAGE_BYTES, Misasked, Unread, VERSION};
use pilotlight_forms::form::{MAX_VALUES, Untaken};

/// Returns the error in the address.
pub fn unread(unread: &Unread) -> EmbedText<'_> {
    match unread {
        Unread::Part { name } => EmbedText::UnknownPart { name },
        Unread::Language { name } => EmbedText::UnknownLanguage { name },
        Unread::Theme { name } => EmbedText::UnknownTheme { name },
        Unread::Values => EmbedText::ValuesNotJson,
    }
}

/// Returns the error in a message.
pub fn misasked(misasked: &Misasked) -> EmbedText<'_> {
    match misasked {
        Misasked::Newer { version } => EmbedText::Newer { version: *version, supported: VERSION },
        Misasked::TooLarge { .. } => {
            EmbedText::TooLarge { limit: MAX_MESSAGE_BYTES as u64 / 1_000 }
        }
        Misasked::UnknownType { name } => EmbedText::UnknownType { name },
        Misasked::UnknownMember { name } => EmbedText::UnknownMember { name },
        Misasked::Wrong { member } => EmbedText::WrongMember { name: member },
    }
}

/// Returns why a value was not set. For one that does not fit its field, `problem` is better.
pub fn untaken(untaken: &Untaken) -> EmbedText<'_> {
    match untaken {
        Untaken::NoField { name } => EmbedText::NoField { name },
        Untaken::File { .. } => EmbedText::IsFile,
        Untaken::OnlyShown { .. } => EmbedText::ReadOnly,
        Untaken::Unfit { .. } => EmbedText::DoesNotFit,
        Untaken::TooMany => EmbedText::TooManyValues { limit: MAX_VALUES as u64 },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use pilotlight_comfy::language::Label;

    #[track_caller]
    fn check(text: EmbedText, english: &str, chinese: &str) {
        assert_eq!(text.label(), Label::both(english, chinese));
    }

    #[test]
    fn values_are_in_the_sentences() {
        check(
            misasked(&Misasked::Newer { version: 2 }),
            "The message uses version 2 of the protocol; this page supports version 1.",
            "消息使用的是协议版本 2，本页支持版本 1。",
        );
        check(
            misasked(&Misasked::TooLarge { limit_bytes: 0 }),
            "The message is larger than 1048 kB.",
            "消息超过 1048 kB。",
        );
        check(
            unread(&Unread::Part { name: "hedaer".into() }),
            "“hedaer” in this page’s address (show) isn’t a part of it.",
            "页面地址（show）中的“hedaer”不是页面的组成部分。",
        );
        check(
            untaken(&Untaken::TooMany),
            "A form has at most 500 values.",
            "一次最多设置 500 个值。",
        );
    }
}
