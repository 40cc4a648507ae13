//! What is said of the key that a server may want, in English and in Chinese.

use pilotlight_comfy::language::{Label, Language};

/// Not among `Word` and `Sentence`, which come with the form: few servers want one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyWord {
    /// A button, and what heads the dialog.
    Enter,
    /// Another one in its place.
    Change,
    Key,
    /// Where it is kept.
    Kept,
    Show,
    Use,
    Forget,
    /// What became of it.
    Used,
    Forgotten,
    /// What the server said of the last request.
    Missing,
    Wrong,
    /// The same of waking the GPU.
    WakeMissing,
    WakeWrong,
}

impl KeyWord {
    pub fn say(self, language: Language) -> &'static str {
        match language {
            Language::English => match self {
                Self::Enter => "Enter the key",
                Self::Change => "Change the key",
                Self::Key => "Key",
                Self::Kept => {
                    "Sent with each request to this server and kept until this tab is closed; it is \
                     in no link, no file and no result."
                }
                Self::Show => "Show what is typed",
                Self::Use => "Use this key",
                Self::Forget => "Forget the key",
                Self::Used => "Key entered",
                Self::Forgotten => "Key forgotten",
                Self::Missing => "The server wants a key. Whoever runs it can tell you.",
                Self::Wrong => "The server does not take this key. It may have been changed.",
                Self::WakeMissing => {
                    "The server wants a key. Enter it, then wake the GPU once more."
                }
                Self::WakeWrong => {
                    "The server does not take this key. Enter the right one, then wake the GPU once \
                     more."
                }
            },
            Language::Chinese => match self {
                Self::Enter => "输入密钥",
                Self::Change => "更换密钥",
                Self::Key => "密钥",
                Self::Kept => {
                    "密钥随每个请求发送给该服务端，只保留到关闭本标签页为止；不会出现在链接、文件或结果中。"
                }
                Self::Show => "显示输入内容",
                Self::Use => "使用此密钥",
                Self::Forget => "清除密钥",
                Self::Used => "密钥已输入",
                Self::Forgotten => "密钥已清除",
                Self::Missing => "服务端需要密钥，请向其管理者索取。",
                Self::Wrong => "服务端不接受这个密钥，它可能已更换。",
                Self::WakeMissing => "服务端需要密钥。输入密钥后，请重新唤醒 GPU。",
                Self::WakeWrong => "服务端不接受这个密钥。输入正确的密钥后，请重新唤醒 GPU。",
            },
        }
    }

    pub fn in_both(self) -> Label {
        Label { en: self.say(Language::English).into(), zh: self.say(Language::Chinese).into() }
    }
}
