//! What is said of the page in a frame of another site, to people and to hosts, in English and in
//! Chinese.

use super::fill;
use pilotlight_comfy::language::{Label, Language};
use pilotlight_forms::embed::{MAX_MESSAGE_BYTES, Misasked, Unread, VERSION};
use pilotlight_forms::form::{MAX_VALUES, Untaken};

/// Not among `Word` and `Sentence`, which come with the form: few visits are in a frame.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum EmbedText<'a> {
    /// Heads the card that stands in a frame of a site that is not listed.
    NotHere,
    NotHereWhy,
    OpenByItself,
    /// A list was asked for: what of it was not taken.
    ValuesUntaken {
        said: &'a str,
    },
    Unread(&'a Unread),
    Misasked(&'a Misasked),
    Untaken(&'a Untaken),
    /// The host asked for a language that the configuration does not offer.
    NoSuchLanguage,
    NoSuchRun,
    NothingToCancel,
    NothingToRun,
    /// The person is being asked about a limit.
    Asking,
    /// A workflow that was asked for is still on its way.
    Opening,
    /// Another run was asked for within half a second.
    TooSoon,
    ProblemsWithFields,
    NoEndpoint,
    /// Whoever is at the page said no to passing a limit.
    NotConfirmed,
    NoRoom,
}

impl EmbedText<'_> {
    pub fn say(self, language: Language) -> String {
        let words = match self {
            Self::NotHere => {
                ["This page may not be shown inside another site", "此页面不允许嵌入其他网站"]
            }
            Self::NotHereWhy => [
                "A press on it can cost money, and a site around it could lead you to one without \
                 your knowing. It works in a tab of its own.",
                "在此页面上点击可能产生费用，外层网站可能在你不知情时诱导点击。请在单独的标签页中打开使用。",
            ],
            Self::OpenByItself => ["Open it in its own tab", "在新标签页中打开"],
            Self::ValuesUntaken { .. } => [
                "Not every value in the address of this page was taken: {}",
                "页面地址中的部分值未能填入：{}",
            ],
            Self::Unread(Unread::Part { .. }) => [
                "“{}” in the address of this page (show) is no part of it.",
                "页面地址（show）中的“{}”不是页面的组成部分。",
            ],
            Self::Unread(Unread::Language { .. }) => [
                "“{}” in the address of this page (lang) is no language that it speaks.",
                "页面地址（lang）中的“{}”不是页面支持的语言。",
            ],
            Self::Unread(Unread::Theme { .. }) => [
                "“{}” in the address of this page (theme) is none of auto, light and dark.",
                "页面地址（theme）中的“{}”不是 auto、light 或 dark。",
            ],
            Self::Unread(Unread::Values) => [
                "The values in the address of this page are no JSON object.",
                "页面地址（values）中的值不是 JSON 对象。",
            ],
            Self::Misasked(Misasked::Newer { .. }) => [
                "The message is of version {} of the protocol; this page speaks version {}.",
                "消息使用的是协议版本 {}，此页面支持版本 {}。",
            ],
            Self::Misasked(Misasked::TooLarge { .. }) => {
                ["The message is larger than {} kB.", "消息超过 {} kB。"]
            }
            Self::Misasked(Misasked::UnknownType { .. }) => {
                ["There is no message of the type “{}”.", "没有类型为“{}”的消息。"]
            }
            Self::Misasked(Misasked::UnknownMember { .. }) => {
                ["A message of this type has no “{}”.", "此类消息没有“{}”这一项。"]
            }
            Self::Misasked(Misasked::Wrong { .. }) => {
                ["The message holds no usable “{}”.", "消息中的“{}”无法使用。"]
            }
            Self::Untaken(Untaken::NoField { .. }) => {
                ["The form has no single field “{}”.", "表单中没有唯一的字段“{}”。"]
            }
            Self::Untaken(Untaken::File { .. }) => {
                ["A file can only be chosen by a person.", "文件只能由用户自己选择。"]
            }
            Self::Untaken(Untaken::OnlyShown { .. }) => {
                ["This value can only be looked at.", "此值只能查看，不能修改。"]
            }
            // Said in the words of the form.
            Self::Untaken(Untaken::Unfit { .. }) => ["The value does not fit.", "值不符合要求。"],
            Self::Untaken(Untaken::TooMany) => {
                ["More than {} values are of no form.", "一次最多设置 {} 个值。"]
            }
            Self::NoSuchLanguage => {
                ["The page does not offer this language.", "页面没有提供这种语言。"]
            }
            Self::NoSuchRun => ["This frame has no such run.", "此页面没有这个任务。"],
            Self::NothingToCancel => ["Nothing is under way here.", "当前没有进行中的任务。"],
            Self::NothingToRun => ["There is no form to run.", "没有可以运行的表单。"],
            Self::Asking => [
                "The person at the page is being asked about a limit; ask again after that.",
                "正在等待用户确认用量限额，请稍后再请求。",
            ],
            Self::Opening => [
                "A workflow that was asked for is still being opened; ask again after that.",
                "之前请求的工作流还在打开，请稍后再请求。",
            ],
            Self::TooSoon => [
                "A run was asked for within the last half second; this is taken for the same press.",
                "半秒内已请求过运行，视为同一次点击。",
            ],
            Self::ProblemsWithFields => {
                ["The values do not run as they are.", "填写的内容有误，无法运行。"]
            }
            Self::NoEndpoint => ["The configuration names no server.", "配置中没有服务端地址。"],
            Self::NotConfirmed => [
                "A limit of spending would be passed, and nobody agreed to it.",
                "将超出用量限额，且无人确认。",
            ],
            Self::NoRoom => [
                "The browser has no room to keep these runs, so none was started.",
                "浏览器空间不足，任务未开始。",
            ],
        };
        let sentence = match language {
            Language::English => words[0],
            Language::Chinese => words[1],
        };
        fill(sentence, self.figures())
    }

    pub fn in_both(self) -> Label {
        Label { en: self.say(Language::English), zh: self.say(Language::Chinese) }
    }

    fn figures(self) -> [String; 2] {
        let one = |text: &str| [text.to_owned(), String::new()];
        match self {
            Self::ValuesUntaken { said } => one(said),
            Self::Unread(
                Unread::Part { name } | Unread::Language { name } | Unread::Theme { name },
            )
            | Self::Misasked(Misasked::UnknownType { name } | Misasked::UnknownMember { name })
            | Self::Untaken(Untaken::NoField { name }) => one(name),
            Self::Misasked(Misasked::Newer { version }) => {
                [version.to_string(), VERSION.to_string()]
            }
            Self::Misasked(Misasked::TooLarge { .. }) => {
                one(&(MAX_MESSAGE_BYTES as u64 / 1_000).to_string())
            }
            Self::Misasked(Misasked::Wrong { member }) => one(member),
            Self::Untaken(Untaken::TooMany) => one(&(MAX_VALUES as u64).to_string()),
            Self::Unread(Unread::Values)
            | Self::Untaken(
                Untaken::File { .. } | Untaken::OnlyShown { .. } | Untaken::Unfit { .. },
            )
            | Self::NotHere
            | Self::NotHereWhy
            | Self::OpenByItself
            | Self::NoSuchLanguage
            | Self::NoSuchRun
            | Self::NothingToCancel
            | Self::NothingToRun
            | Self::Asking
            | Self::Opening
            | Self::TooSoon
            | Self::ProblemsWithFields
            | Self::NoEndpoint
            | Self::NotConfirmed
            | Self::NoRoom => <[String; 2]>::default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: EmbedText, english: &str, chinese: &str) {
        let said = text.in_both();
        assert_eq!((said.en.as_str(), said.zh.as_str()), (english, chinese));
    }

    #[test]
    fn figures_stand_in_their_places() {
        check(
            EmbedText::Misasked(&Misasked::Newer { version: 2 }),
            "The message is of version 2 of the protocol; this page speaks version 1.",
            "消息使用的是协议版本 2，此页面支持版本 1。",
        );
        check(
            EmbedText::Misasked(&Misasked::TooLarge { limit_bytes: 0 }),
            "The message is larger than 1048 kB.",
            "消息超过 1048 kB。",
        );
        check(
            EmbedText::Unread(&Unread::Part { name: "hedaer".into() }),
            "“hedaer” in the address of this page (show) is no part of it.",
            "页面地址（show）中的“hedaer”不是页面的组成部分。",
        );
        check(
            EmbedText::Untaken(&Untaken::TooMany),
            "More than 500 values are of no form.",
            "一次最多设置 500 个值。",
        );
    }
}
