//! What is said of links that carry a form with its values, in English and in Chinese.

use pilotlight_comfy::language::{Language, one_line};
use pilotlight_forms::share::Unshared;

/// Said by who makes a link, or follows one; not among `Word` and `Sentence`, which come with the
/// form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ShareText<'a> {
    /// The button.
    CopyLink,
    Copied,
    CopiedWithoutPicture,
    CopiedWithoutSecret,
    CopiedWithoutBoth,
    TooLong,
    /// The browser lets no page copy here.
    InAddress,
    /// A link was followed.
    FilledIn,
    /// The same, and what had been typed is kept under this name.
    FilledInAfter {
        preset: &'a str,
    },
    /// What the name of that preset begins with.
    Before,
}

impl ShareText<'_> {
    pub fn say(self, language: Language) -> String {
        let words = match self {
            Self::CopyLink => ["Copy link", "复制链接"],
            Self::Copied => ["Link copied", "链接已复制"],
            Self::CopiedWithoutPicture => {
                ["Link copied, without the picture", "链接已复制（不含图片）"]
            }
            Self::CopiedWithoutSecret => {
                ["Link copied, without keys and passwords", "链接已复制（不含密钥和密码）"]
            }
            Self::CopiedWithoutBoth => [
                "Link copied, without the picture, keys and passwords",
                "链接已复制（不含图片、密钥和密码）",
            ],
            Self::TooLong => [
                "Too much for a link. Save the form as a file in “Edit the form”, or send the \
                 workflow itself.",
                "内容太多，无法放进链接。请在“编辑表单”中存为文件，或直接发送工作流。",
            ],
            Self::InAddress => [
                "The link is in the address bar now; copy it from there",
                "链接已放在地址栏中，请从那里复制",
            ],
            Self::FilledIn => ["Filled in from the link", "已按链接填写"],
            Self::FilledInAfter { .. } => [
                "Filled in from the link. What you had typed is under “Presets”: {}",
                "已按链接填写。你原来填写的内容已存入“预设”：{}",
            ],
            Self::Before => ["Before the link", "打开链接之前"],
        };
        let [english, chinese] = words;
        let words = match language {
            Language::English => english,
            Language::Chinese => chinese,
        };
        match self {
            Self::FilledInAfter { preset } => super::fill(words, [preset.to_owned()]),
            Self::CopyLink
            | Self::Copied
            | Self::CopiedWithoutPicture
            | Self::CopiedWithoutSecret
            | Self::CopiedWithoutBoth
            | Self::TooLong
            | Self::InAddress
            | Self::FilledIn
            | Self::Before => words.to_owned(),
        }
    }
}

const MAX_ID_CHARS: usize = 64;

/// Why nothing came of a link.
pub fn unshared(why: &Unshared, language: Language) -> String {
    let words = match why {
        Unshared::Newer => [
            "This link was made by a newer version of the page. Reload the page, or ask for the \
             workflow as a file.",
            "此链接由更新版本的页面生成。请刷新页面后再试，或请对方发送工作流文件。",
        ],
        Unshared::TooLarge => [
            "This link holds more than a form needs, so it was not opened. Ask for the workflow as \
             a file.",
            "此链接内容过大，未打开。请对方发送工作流文件。",
        ],
        Unshared::Damaged => [
            "This link was cut off or changed on its way, so nothing was filled in. Copy it again, \
             whole.",
            "此链接不完整或已被改动，未填写任何内容。请重新完整复制。",
        ],
        Unshared::Form(_) => [
            "The form in this link cannot be read ({}). Ask for the workflow as a file.",
            "无法读取此链接中的表单（{}）。请对方发送工作流文件。",
        ],
        Unshared::NoSuchForm(_) => [
            "This link is for a form that this page does not have ({}). Ask for the workflow as a \
             file.",
            "此链接对应的表单在本页面中不存在（{}）。请对方发送工作流文件。",
        ],
    };
    let [english, chinese] = words;
    let words = match language {
        Language::English => english,
        Language::Chinese => chinese,
    };
    let detail = match why {
        Unshared::Form(refusal) => one_line(&refusal.clone().place(), MAX_ID_CHARS),
        Unshared::NoSuchForm(id) => one_line(id, MAX_ID_CHARS),
        Unshared::Newer | Unshared::TooLarge | Unshared::Damaged => String::new(),
    };
    super::fill(words, [detail])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_is_said_in_both_languages() {
        for (why, english, chinese) in [
            (Unshared::Newer, "newer version", "更新版本"),
            (Unshared::TooLarge, "more than a form needs", "过大"),
            (Unshared::Damaged, "cut off", "不完整"),
            (Unshared::NoSuchForm("lamp\n".into()), "(lamp)", "（lamp）"),
        ] {
            assert!(unshared(&why, Language::English).contains(english), "{why:?}");
            assert!(unshared(&why, Language::Chinese).contains(chinese), "{why:?}");
        }
        let kept = ShareText::FilledInAfter { preset: "A" };
        assert!(kept.say(Language::English).ends_with("“Presets”: A"));
        assert!(kept.say(Language::Chinese).ends_with("“预设”：A"));
    }
}
