//! What is said to those who run a list of prompts, in English and in Chinese.

use super::{fill, span::one};
use pilotlight_comfy::language::{Label, Language};

/// Not among `Word` and `Sentence`, which come with the form: these are wanted by few, and then
/// only. Spans are in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SeveralText<'a> {
    About {
        ms: u64,
    },
    /// The same, with the time that the GPU takes to wake.
    AboutWaking {
        ms: u64,
    },
    Explained,
    Label,
    /// Nothing was started: the browser cannot keep so many.
    NoRoom,
    /// A problem with the line that it is in.
    OfLine {
        line: usize,
        said: &'a str,
    },
    RunAll,
    Runs {
        count: usize,
    },
    Times,
    Title,
    TooMany {
        count: usize,
        limit: usize,
    },
}

impl SeveralText<'_> {
    pub fn say(self, language: Language) -> String {
        let words = match self {
            Self::About { .. } => ["about {}", "约 {}"],
            Self::AboutWaking { .. } => ["about {}, waking included", "约 {}（含唤醒）"],
            Self::Explained => [
                "Every line is a run of its own, with everything else as it is in the form.",
                "每行单独运行一次，其余设置与表单相同。",
            ],
            Self::Label => ["One prompt per line", "每行一条提示词"],
            Self::NoRoom => [
                "The browser has no room to keep so many runs, so none was started. Start fewer \
                 at once.",
                "浏览器空间不足，无法保存这么多任务，因此一个都没有开始。请减少数量后再试。",
            ],
            Self::OfLine { .. } => ["Line {}: {}", "第 {} 行：{}"],
            Self::RunAll => ["Run all", "全部生成"],
            Self::Runs { count: 1 } => ["{} run", "{} 个任务"],
            Self::Runs { .. } => ["{} runs", "{} 个任务"],
            Self::Times => ["Times each", "每条次数"],
            Self::Title => ["Several prompts", "多条提示词"],
            Self::TooMany { .. } => [
                "That would be {} runs; at most {} are started at once.",
                "共 {} 个任务，超出上限：一次最多 {} 个。",
            ],
        };
        fill(one(words, language), self.figures(language))
    }

    pub fn in_both(self) -> Label {
        Label { en: self.say(Language::English), zh: self.say(Language::Chinese) }
    }

    fn figures(self, language: Language) -> [String; 2] {
        match self {
            Self::About { ms } | Self::AboutWaking { ms } => {
                [super::span(ms, language), String::new()]
            }
            Self::OfLine { line, said } => [line.to_string(), said.to_owned()],
            Self::Runs { count } => [count.to_string(), String::new()],
            Self::TooMany { count, limit } => [count.to_string(), limit.to_string()],
            Self::Explained
            | Self::Label
            | Self::NoRoom
            | Self::RunAll
            | Self::Times
            | Self::Title => <[String; 2]>::default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_stand_in_their_places() {
        let line = SeveralText::OfLine { line: 3, said: "Prompt: too long" };
        assert_eq!(line.say(Language::English), "Line 3: Prompt: too long");
        assert_eq!(line.say(Language::Chinese), "第 3 行：Prompt: too long");
        assert_eq!(SeveralText::Runs { count: 1 }.say(Language::English), "1 run");
        let many = SeveralText::TooMany { count: 240, limit: 200 };
        assert_eq!(
            many.say(Language::English),
            "That would be 240 runs; at most 200 are started at once."
        );
    }
}
