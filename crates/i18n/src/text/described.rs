//! What is known of where the choices and bounds of a form come from, and what came of asking for
//! them again, in English and in Chinese.

use super::span::one;
use super::{fill, span};
use pilotlight_comfy::language::Language;

/// Where choices and bounds come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Described {
    /// This server said so, so long ago.
    Ago { ms: u64 },
    /// They stand in the form's own file.
    WithForm,
    /// Nobody said anything; the values tell what they may.
    NotYet,
}

/// What came of asking again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Renewal {
    Asking,
    Unanswered,
    Same,
    Renewed,
    /// The form belongs to the page, which reads it anew each time.
    RenewedForNow,
}

impl Described {
    pub fn say(self, language: Language) -> String {
        let [english, chinese] = match self {
            Self::Ago { ms: 0..60_000 } => [
                "The server described choices and bounds just now.",
                "可选项和取值范围由服务端刚刚提供。",
            ],
            Self::Ago { .. } => [
                "The server described choices and bounds {} ago.",
                "可选项和取值范围由服务端在 {}前提供。",
            ],
            Self::WithForm => [
                "Choices and bounds came with the form; this server was not asked for them.",
                "可选项和取值范围来自表单文件，没有向服务端核对。",
            ],
            Self::NotYet => [
                "The server has not described these nodes; what fields take is told by their values.",
                "服务端还没有提供节点说明，字段类型按现有的值推断。",
            ],
        };
        let figure = match self {
            Self::Ago { ms } => span(ms, language),
            Self::WithForm | Self::NotYet => String::new(),
        };
        fill(one([english, chinese], language), [figure, String::new()])
    }

    /// What stands on the button.
    pub fn ask(self, language: Language) -> &'static str {
        let words = match self {
            Self::Ago { .. } => {
                ["Ask again (wakes a sleeping GPU)", "重新查询（会唤醒休眠的 GPU）"]
            }
            Self::WithForm | Self::NotYet => {
                ["Ask the server (wakes a sleeping GPU)", "向服务端查询（会唤醒休眠的 GPU）"]
            }
        };
        one(words, language)
    }
}

impl Renewal {
    pub fn say(self, language: Language) -> &'static str {
        let words = match self {
            Self::Asking => [
                "Asking; a sleeping GPU takes one to several minutes to wake.",
                "正在查询；唤醒休眠的 GPU 通常需要一到几分钟。",
            ],
            Self::Unanswered => [
                "The server did not answer; the form is as it was.",
                "服务端没有响应，表单没有变化。",
            ],
            Self::Same => ["Nothing has changed since.", "与之前相同，没有变化。"],
            Self::Renewed => [
                "Choices and bounds are those of the server now; your values stay.",
                "可选项和取值范围已按服务端更新，填写的内容不变。",
            ],
            Self::RenewedForNow => [
                "Choices and bounds are those of the server until the page is loaded again; your \
                 values stay.",
                "可选项和取值范围已按服务端更新，填写的内容不变；重新载入页面后恢复为表单自带的说明。",
            ],
        };
        one(words, language)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_are_said_as_people_say_them() {
        let days = Described::Ago { ms: 3 * 86_400_000 };
        let english = "The server described choices and bounds 3 d ago.";
        assert_eq!(days.say(Language::English), english);
        assert_eq!(days.say(Language::Chinese), "可选项和取值范围由服务端在 3 天前提供。");
        let now = Described::Ago { ms: 900 };
        assert!(now.say(Language::English).contains("just now"));
        assert_eq!(days.ask(Language::English), "Ask again (wakes a sleeping GPU)");
        for language in Language::ALL {
            for one in [Described::WithForm, Described::NotYet, now, days] {
                assert!(!one.say(language).contains("{}") && one.ask(language).contains("GPU"));
            }
        }
    }
}
