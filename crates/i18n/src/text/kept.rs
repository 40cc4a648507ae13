//! What is said of the results that this browser keeps, in English and in Chinese.

use super::{fill, grouped, size};
use pilotlight_comfy::language::{Label, Language};

/// Not among `Word` and `Sentence`, which come with the form: these are wanted once there are
/// results.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    /// On the button that opens the gallery: how many there are in all.
    All {
        count: usize,
    },
    Delete,
    Deleted,
    DeleteAll,
    /// Asked before all of them go.
    DeleteAllSure,
    /// Heads the part of the settings that is about them.
    KeptHere,
    /// How many, and the room they take.
    Amount {
        count: usize,
        bytes: u64,
    },
    /// How much more there is room for.
    Left {
        bytes: u64,
    },
    /// So many of the oldest left for newer ones.
    MadeRoom {
        count: usize,
    },
    PictureNotKept,
    ResultsNotKept,
    /// A run that is under way.
    RunsNotKept,
    Undo,
}

impl Kept {
    pub fn say(self, language: Language) -> String {
        let sentence = match language {
            Language::English => english(self),
            Language::Chinese => chinese(self),
        };
        fill(sentence, self.figures())
    }

    pub fn in_both(self) -> Label {
        Label { en: self.say(Language::English), zh: self.say(Language::Chinese) }
    }

    fn figures(self) -> [String; 2] {
        match self {
            Self::All { count } => [grouped(count), String::new()],
            Self::Amount { count, bytes } => [count.to_string(), size(bytes)],
            Self::Left { bytes } => [size(bytes), String::new()],
            Self::MadeRoom { count } => [count.to_string(), String::new()],
            Self::Delete
            | Self::Deleted
            | Self::DeleteAll
            | Self::DeleteAllSure
            | Self::KeptHere
            | Self::PictureNotKept
            | Self::ResultsNotKept
            | Self::RunsNotKept
            | Self::Undo => <[String; 2]>::default(),
        }
    }
}

fn english(kept: Kept) -> &'static str {
    match kept {
        Kept::All { .. } => "All results · {}",
        Kept::Delete => "Delete",
        Kept::Deleted => "Deleted",
        Kept::DeleteAll => "Delete all results",
        Kept::DeleteAllSure => "Press again to delete all results",
        Kept::KeptHere => "Kept in this browser",
        Kept::Amount { .. } => "Results: {}, {}",
        Kept::Left { .. } => "Room for about {} more",
        Kept::MadeRoom { .. } => {
            "This browser ran out of room: the oldest results ({}) left for newer ones."
        }
        Kept::PictureNotKept => {
            "The browser does not keep this picture: after a reload it must be chosen again."
        }
        Kept::ResultsNotKept => {
            "This browser does not keep results: a reload loses them. Download what you need."
        }
        Kept::RunsNotKept => {
            "The browser has no room to remember this run: stay on the page until it is done."
        }
        Kept::Undo => "Undo",
    }
}

fn chinese(kept: Kept) -> &'static str {
    match kept {
        Kept::All { .. } => "全部结果 · {}",
        Kept::Delete => "删除",
        Kept::Deleted => "已删除",
        Kept::DeleteAll => "删除全部结果",
        Kept::DeleteAllSure => "再按一次，删除全部结果",
        Kept::KeptHere => "保存在此浏览器中",
        Kept::Amount { .. } => "结果 {} 项，共 {}",
        Kept::Left { .. } => "约剩 {} 空间",
        Kept::MadeRoom { .. } => "浏览器存储空间不足，已移除最早的 {} 项结果，为新结果腾出空间。",
        Kept::PictureNotKept => "浏览器未能保存这张图片，刷新后需要重新选择。",
        Kept::ResultsNotKept => "浏览器无法保存结果，刷新后将会消失。请先下载需要的内容。",
        Kept::RunsNotKept => "浏览器没有空间记住这次任务，请在完成之前不要离开页面。",
        Kept::Undo => "撤销",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_stand_in_their_places() {
        let amount = Kept::Amount { count: 43, bytes: 120_000_000 };
        assert_eq!(amount.say(Language::English), "Results: 43, 120 MB");
        assert_eq!(amount.say(Language::Chinese), "结果 43 项，共 120 MB");
        let left = Kept::Left { bytes: 2_000_000_000 };
        assert_eq!(left.in_both().zh, "约剩 2 GB 空间");
        let all = Kept::All { count: 1_204 }.in_both();
        assert_eq!((&*all.en, &*all.zh), ("All results · 1,204", "全部结果 · 1,204"));
        assert!(Kept::MadeRoom { count: 7 }.say(Language::English).contains("(7)"));
    }
}
