//! What is said where a person tells the page its server, and tests the way to it, in English and
//! in Chinese.

use super::{fill, span::one};
use pilotlight_comfy::language::{Label, Language};
use pilotlight_runs::config::AddressTrouble;
use pilotlight_runs::setup::SetupTrouble;

/// Not among `Word` and `Sentence`, which come with the form: these are wanted where there is no
/// server yet, or something is wrong with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SetupText<'a> {
    Address,
    AddressHint,
    Alaya,
    AnyAddress,
    /// It stands in the configuration, where this page cannot change it.
    ByConfig {
        transport: &'a str,
    },
    Busy,
    Change,
    FindOut,
    Forget,
    /// Said where the page has no server.
    Intro,
    /// What a link names is not followed.
    LinkNotListed {
        address: &'a str,
    },
    /// It names a server that is listed, but not all that the server needs.
    LinkLacks {
        why: &'a str,
    },
    Model,
    ModelHint,
    Namespace,
    NoServer,
    OtherWay {
        transport: &'a str,
    },
    SetUp,
    SetUpHere,
    Stop,
    Stopped,
    Test,
    TestAgain,
    TestCosts,
    TestFree,
    TestTitle,
    Title,
    UseThis,
    Used,
    VksId,
    Way,
    Where,
}

impl SetupText<'_> {
    pub fn say(self, language: Language) -> String {
        let words = match self {
            Self::Address => ["Address", "地址"],
            Self::AddressHint => [
                "kubeai’s, which ends in /openai, or that of a ComfyUI.",
                "kubeai 的地址（以 /openai 结尾），或 ComfyUI 的地址。",
            ],
            Self::Alaya => ["Alaya NeW cluster", "Alaya NeW 集群"],
            Self::AnyAddress => ["Address", "填写地址"],
            Self::ByConfig { .. } => [
                "This works with “transport”: “{}” in config.json.",
                "将 config.json 中的“transport”改为“{}”即可使用。",
            ],
            Self::Busy => [
                "A run is under way. The server can be changed when it has ended.",
                "有任务正在进行，结束后才能更换服务端。",
            ],
            Self::Change => ["Change", "更改"],
            Self::FindOut => ["Let the test find out", "由检查确定"],
            Self::Forget => ["Forget", "清除"],
            Self::Intro => [
                "This page does not know yet where your GPU is. What you enter stays in this \
                 browser.",
                "页面还不知道你的 GPU 在哪里。填写的内容只保存在此浏览器中。",
            ],
            Self::LinkNotListed { .. } => [
                "The link names the server “{}”, which the “endpoints” of config.json do not \
                 list. It was not followed.",
                "链接指定的服务端“{}”不在 config.json 的“endpoints”中，未予采用。",
            ],
            Self::LinkLacks { .. } => ["The link was not followed. {}", "未采用此链接。{}"],
            Self::Model => ["Model", "模型"],
            Self::ModelHint => [
                "The deployment’s appName. A plain ComfyUI has none.",
                "即部署的 appName；直接连接 ComfyUI 时留空。",
            ],
            Self::Namespace => ["Namespace", "命名空间"],
            Self::NoServer => [
                "This page has no server yet. You can fill in the form; to run it, say where your \
                 GPU is.",
                "尚未设置服务端。可以先填写表单，运行前需要告诉页面 GPU 在哪里。",
            ],
            Self::OtherWay { .. } => ["The other way does not work: {}", "另一种方式不可用：{}"],
            Self::SetUp => ["Set up", "去设置"],
            Self::SetUpHere => ["Set up in this browser.", "在此浏览器中设置。"],
            Self::Stop => ["Stop", "停止"],
            Self::Stopped => ["Stopped.", "已停止。"],
            Self::Test => ["Test", "检查"],
            Self::TestAgain => ["Test again", "重新检查"],
            Self::TestCosts => [
                "Testing wakes the GPU, which costs as much as waking it for a run. What costs \
                 nothing is tested first.",
                "检查会唤醒 GPU，费用与运行任务时的唤醒相同；不产生费用的环节会先检查。",
            ],
            Self::TestFree => {
                ["Testing changes nothing there.", "检查不会改动服务端上的任何内容。"]
            }
            Self::TestTitle => ["Test the connection", "检查连接"],
            Self::Title => ["Connect to ComfyUI", "连接 ComfyUI"],
            Self::UseThis => ["Use this", "使用此设置"],
            Self::Used => ["The page uses this server now", "已开始使用此服务端"],
            Self::VksId => ["VKS id", "VKS ID"],
            Self::Way => ["Connection", "连接方式"],
            Self::Where => ["Where it is", "位置"],
        };
        let figure = match self {
            Self::LinkNotListed { address: words }
            | Self::LinkLacks { why: words }
            | Self::ByConfig { transport: words }
            | Self::OtherWay { transport: words } => words,
            Self::Address
            | Self::AddressHint
            | Self::Alaya
            | Self::AnyAddress
            | Self::Busy
            | Self::Change
            | Self::FindOut
            | Self::Forget
            | Self::Intro
            | Self::Model
            | Self::ModelHint
            | Self::Namespace
            | Self::NoServer
            | Self::SetUp
            | Self::SetUpHere
            | Self::Stop
            | Self::Stopped
            | Self::Test
            | Self::TestAgain
            | Self::TestCosts
            | Self::TestFree
            | Self::TestTitle
            | Self::Title
            | Self::UseThis
            | Self::Used
            | Self::VksId
            | Self::Way
            | Self::Where => "",
        };
        fill(one(words, language), [figure.to_owned(), String::new()])
    }

    pub fn in_both(self) -> Label {
        Label { en: self.say(Language::English), zh: self.say(Language::Chinese) }
    }
}

/// What is wrong with a field.
pub fn setup_trouble(trouble: SetupTrouble, language: Language) -> &'static str {
    let words = match trouble {
        SetupTrouble::Missing => ["This is needed.", "此项必填。"],
        SetupTrouble::NotAName => [
            "Only small letters, digits and hyphens, with no hyphen at either end.",
            "只能包含小写字母、数字和连字符，首尾不能是连字符。",
        ],
        SetupTrouble::TooLong => [
            "Namespace and id together are longer than the name of a host may be.",
            "命名空间与 ID 合起来超出了主机名的长度上限。",
        ],
        SetupTrouble::ModelMissing => [
            "kubeai needs the name of a model: the deployment’s appName.",
            "kubeai 需要模型名，即部署的 appName。",
        ],
        SetupTrouble::NotAModel => [
            "A model’s name has no blanks, and at most 253 letters.",
            "模型名不能包含空格，最长 253 个字符。",
        ],
        SetupTrouble::Address(trouble) => match trouble {
            AddressTrouble::Empty => ["This is needed.", "此项必填。"],
            AddressTrouble::OddCharacter => [
                "This has a character that no address has, such as a blank.",
                "包含地址中不允许的字符（例如空格）。",
            ],
            AddressTrouble::Scheme => [
                "An address begins with https:// or http://.",
                "地址应以 https:// 或 http:// 开头。",
            ],
            AddressTrouble::NoHost => ["The name of the host is missing.", "缺少主机名。"],
            AddressTrouble::Port => {
                ["A port is a number from 1 to 65535.", "端口应为 1 到 65535 之间的数字。"]
            }
            AddressTrouble::Credentials => [
                "A name or password before the @ is not sent by browsers. Leave it out.",
                "浏览器不会发送 @ 前的用户名或密码，请去掉。",
            ],
            AddressTrouble::QueryOrFragment => {
                ["Leave out what begins with ? or #.", "请去掉 ? 或 # 及其后的内容。"]
            }
        },
    };
    one(words, language)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_link_named_is_said() {
        let link = SetupText::LinkNotListed { address: "https://h" };
        assert!(link.say(Language::English).contains("“https://h”"));
        assert!(link.say(Language::Chinese).contains("“https://h”"));
        assert!(!link.in_both().en.contains('{'));
    }
}
