//! What is said of many runs together, in English and in Chinese.

use super::{fill, span::one};
use pilotlight_comfy::language::Language;

/// Not among `Word` and `Sentence`, which come with the form: these are wanted once runs wait.
/// Spans are in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LaneText {
    /// What remains until all are done.
    AboutForAll {
        ms: u64,
    },
    CancelAll,
    Done {
        done: usize,
        total: usize,
    },
    Lost {
        count: usize,
    },
    /// So many that wait are not shown.
    More {
        count: usize,
    },
    /// Where a run stands now, of so many that wait.
    Moved {
        number: u32,
        place: usize,
        of: usize,
    },
    MoveDown,
    MoveFirst,
    MoveUp,
    Pause,
    Paused,
    /// What it means that it is.
    PausedHint,
    Resume,
    RunAllAgain {
        count: usize,
    },
    SeveralPrompts,
    Waiting {
        count: usize,
    },
}

impl LaneText {
    pub fn say(self, language: Language) -> String {
        let words = match self {
            Self::AboutForAll { .. } => ["about {} for all", "全部完成约需 {}"],
            Self::CancelAll => ["Cancel all", "全部取消"],
            Self::Done { .. } => ["{} of {} done", "已完成 {}/{}"],
            Self::Lost { .. } => [
                "{} runs were lost when the GPU went away. What you filled in is still here.",
                "GPU 被回收，{} 个任务没有结果；填写的内容都还在。",
            ],
            Self::More { .. } => ["and {} more", "还有 {} 个"],
            Self::Moved { .. } => {
                ["Run {} is now {} of {} waiting", "第 {} 次现在排在第 {} 位，共 {} 个等待中"]
            }
            Self::MoveDown => ["Move down", "下移"],
            Self::MoveFirst => ["Move to the front", "移到最前"],
            Self::MoveUp => ["Move up", "上移"],
            Self::Pause => ["Pause", "暂停"],
            Self::Paused => ["Paused", "已暂停"],
            Self::PausedHint => {
                ["Nothing more is sent until you resume.", "恢复之前不会再提交新任务。"]
            }
            Self::Resume => ["Resume", "恢复"],
            Self::RunAllAgain { .. } => ["Run all {} again", "重新生成这 {} 个"],
            Self::SeveralPrompts => ["Several prompts…", "多条提示词…"],
            Self::Waiting { .. } => ["{} waiting", "{} 个等待中"],
        };
        fill(one(words, language), self.figures(language))
    }

    fn figures(self, language: Language) -> [String; 3] {
        let none = String::new;
        let count = |count: usize| [count.to_string(), none(), none()];
        match self {
            Self::AboutForAll { ms } => [super::span(ms, language), none(), none()],
            Self::Done { done, total } => [done.to_string(), total.to_string(), none()],
            Self::Moved { number, place, of } => {
                [number.to_string(), place.to_string(), of.to_string()]
            }
            Self::Lost { count: figure }
            | Self::More { count: figure }
            | Self::RunAllAgain { count: figure }
            | Self::Waiting { count: figure } => count(figure),
            Self::CancelAll
            | Self::MoveDown
            | Self::MoveFirst
            | Self::MoveUp
            | Self::Pause
            | Self::Paused
            | Self::PausedHint
            | Self::Resume
            | Self::SeveralPrompts => [none(), none(), none()],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_stand_in_their_places() {
        let done = LaneText::Done { done: 3, total: 12 };
        assert_eq!(done.say(Language::English), "3 of 12 done");
        assert_eq!(done.say(Language::Chinese), "已完成 3/12");
        let moved = LaneText::Moved { number: 7, place: 2, of: 9 };
        assert_eq!(moved.say(Language::English), "Run 7 is now 2 of 9 waiting");
        let left = LaneText::AboutForAll { ms: 100_000 };
        assert_eq!(left.say(Language::English), "about 1 min 40 s for all");
        assert_eq!(left.say(Language::Chinese), "全部完成约需 1 分 40 秒");
    }
}
