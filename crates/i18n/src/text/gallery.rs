//! What is said in the gallery of all results, in English and in Chinese.

use super::fill;
use pilotlight_comfy::language::Language;

/// Not among `Word`, which come with the form: these come with the gallery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GalleryWord {
    Clear,
    Compare,
    CompareExplained,
    Copied,
    Delete,
    Details,
    Differences,
    Divider,
    DoneSelecting,
    Export,
    Exporting,
    ExportFailed,
    ExportTooLarge,
    Failure,
    Gallery,
    Gone,
    Import,
    Importing,
    InLine,
    Keys,
    NoDifference,
    NothingFits,
    NothingKept,
    OnlyStarred,
    Pin,
    PinExplained,
    Pinned,
    Pressed,
    Ran,
    Cost,
    Refused,
    Run,
    Search,
    Seed,
    Select,
    SelectAll,
    Server,
    ShowAll,
    SideBySide,
    Star,
    Starred,
    Sum,
    TwoPictures,
    Undo,
    Unpin,
    Unstar,
    Unstored,
    Values,
    Waking,
    WithSlider,
    Workflow,
    AllWorkflows,
}

impl GalleryWord {
    pub fn say(self, language: Language) -> &'static str {
        match language {
            Language::English => english(self),
            Language::Chinese => chinese(self),
        }
    }
}

/// Counted things.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counted {
    Results(usize),
    Selected(usize),
    Deleted(usize),
    /// Asked before more than one goes.
    DeleteSure(usize),
    /// What of an archive was brought in: new, here already, not to be read.
    BroughtIn {
        new: usize,
        known: usize,
        unread: usize,
    },
    /// How far writing an archive has come.
    Written {
        done: usize,
        of: usize,
    },
}

impl Counted {
    pub fn say(self, language: Language) -> String {
        let figures = |one: usize, two: usize| [grouped(one), grouped(two)];
        let one = |count: usize| figures(count, 0);
        match (self, language) {
            (Self::Results(1), Language::English) => "1 result".to_owned(),
            (Self::Results(count), Language::English) => fill("{} results", one(count)),
            (Self::Results(count), Language::Chinese) => fill("{} 项结果", one(count)),
            (Self::Selected(count), Language::English) => fill("{} selected", one(count)),
            (Self::Selected(count), Language::Chinese) => fill("已选 {} 项", one(count)),
            (Self::Deleted(count), Language::English) => fill("{} deleted", one(count)),
            (Self::Deleted(count), Language::Chinese) => fill("已删除 {} 项", one(count)),
            (Self::DeleteSure(count), Language::English) => {
                fill("Press again to delete {} results", one(count))
            }
            (Self::DeleteSure(count), Language::Chinese) => {
                fill("再按一次，删除 {} 项结果", one(count))
            }
            (Self::Written { done, of }, Language::English) => {
                fill("Writing: {} of {}", figures(done, of))
            }
            (Self::Written { done, of }, Language::Chinese) => {
                fill("正在写入：第 {} 项，共 {} 项", figures(done, of))
            }
            (Self::BroughtIn { new, known, unread }, Language::English) => {
                brought_in_english(new, known, unread)
            }
            (Self::BroughtIn { new, known, unread }, Language::Chinese) => {
                brought_in_chinese(new, known, unread)
            }
        }
    }
}

/// One sentence for each way in which something was left over.
fn brought_in_english(new: usize, known: usize, unread: usize) -> String {
    let results = if new == 1 {
        "1 result".to_owned()
    } else {
        fill("{} results", [grouped(new), String::new()])
    };
    let was = |count: usize| {
        if count == 1 { "1 was".to_owned() } else { [&grouped(count), " were"].concat() }
    };
    match (known, unread) {
        (0, 0) => fill("{} brought in.", [results, String::new()]),
        (_, 0) => fill("{} brought in, {} here already.", [results, was(known)]),
        (0, _) => fill("{} brought in, {} could not be read.", [results, grouped(unread)]),
        (_, _) => {
            let first = fill("{} brought in, {} here already,", [results, was(known)]);
            fill("{} {} could not be read.", [first, grouped(unread)])
        }
    }
}

fn brought_in_chinese(new: usize, known: usize, unread: usize) -> String {
    let figures = [grouped(new), grouped(known)];
    match (known, unread) {
        (0, 0) => fill("已导入 {} 项结果。", figures),
        (_, 0) => fill("已导入 {} 项结果，{} 项原已存在。", figures),
        (0, _) => fill("已导入 {} 项结果，{} 项无法读取。", [grouped(new), grouped(unread)]),
        (_, _) => {
            let first = fill("已导入 {} 项结果，{} 项原已存在，", figures);
            fill("{}{} 项无法读取。", [first, grouped(unread)])
        }
    }
}

/// `1,204`.
pub fn grouped(number: usize) -> String {
    let digits = (number as u64).to_string();
    let mut out = String::with_capacity(digits.len() + 4);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

fn english(word: GalleryWord) -> &'static str {
    match word {
        GalleryWord::AllWorkflows => "All workflows",
        GalleryWord::Clear => "Select none",
        GalleryWord::Compare => "Compare",
        GalleryWord::CompareExplained => "Select two pictures to compare them.",
        GalleryWord::Copied => "Copied",
        GalleryWord::Delete => "Delete",
        GalleryWord::Details => "Details",
        GalleryWord::Differences => "What differs",
        GalleryWord::Divider => "Where the one picture ends",
        GalleryWord::DoneSelecting => "Done",
        GalleryWord::Export => "Export",
        GalleryWord::Exporting => "Writing the archive…",
        GalleryWord::ExportFailed => "The archive could not be written.",
        GalleryWord::ExportTooLarge => {
            "This is more than one archive can hold: 4 GB, or 32,000 results. Select fewer."
        }
        GalleryWord::Failure => "Failed",
        GalleryWord::Gallery => "Gallery",
        GalleryWord::Gone => "The server no longer had it.",
        GalleryWord::Import => "Import",
        GalleryWord::Importing => "Reading the archive…",
        GalleryWord::InLine => "In line",
        GalleryWord::Keys => "Arrow keys move, Enter opens, Space selects.",
        GalleryWord::NoDifference => "Their values are the same.",
        GalleryWord::NothingFits => "Nothing fits. Try other words, or show all.",
        GalleryWord::NothingKept => {
            "No results are kept here yet. What a run brings stays in this browser and is shown here."
        }
        GalleryWord::OnlyStarred => "Starred",
        GalleryWord::Pin => "Pin",
        GalleryWord::PinExplained => "Never let go when room runs out",
        GalleryWord::Pinned => "Pinned",
        GalleryWord::Pressed => "Asked for",
        GalleryWord::Ran => "Running",
        GalleryWord::Cost => "Cost",
        GalleryWord::Refused => {
            "This archive holds no results of Pilotlight, or was damaged on the way. To open a \
             workflow, unpack it first."
        }
        GalleryWord::Run => "Run",
        GalleryWord::Search => "Search",
        GalleryWord::Seed => "Seed that was used",
        GalleryWord::Select => "Select",
        GalleryWord::SelectAll => "Select all",
        GalleryWord::Server => "ComfyUI",
        GalleryWord::ShowAll => "Show all",
        GalleryWord::SideBySide => "Side by side",
        GalleryWord::Star => "Star",
        GalleryWord::Starred => "Starred",
        GalleryWord::Sum => "In all",
        GalleryWord::TwoPictures => "Compare two pictures",
        GalleryWord::Undo => "Undo",
        GalleryWord::Unpin => "Unpin",
        GalleryWord::Unstar => "Remove the star",
        GalleryWord::Unstored => "This browser does not keep what it was made from.",
        GalleryWord::Values => "Values",
        GalleryWord::Waking => "Waking the GPU",
        GalleryWord::WithSlider => "One over the other",
        GalleryWord::Workflow => "Workflow",
    }
}

fn chinese(word: GalleryWord) -> &'static str {
    match word {
        GalleryWord::AllWorkflows => "全部工作流",
        GalleryWord::Clear => "取消选择",
        GalleryWord::Compare => "对比",
        GalleryWord::CompareExplained => "选择两张图片即可对比。",
        GalleryWord::Copied => "已复制",
        GalleryWord::Delete => "删除",
        GalleryWord::Details => "详情",
        GalleryWord::Differences => "不同之处",
        GalleryWord::Divider => "分界位置",
        GalleryWord::DoneSelecting => "完成",
        GalleryWord::Export => "导出",
        GalleryWord::Exporting => "正在生成压缩包…",
        GalleryWord::ExportFailed => "压缩包未能生成。",
        GalleryWord::ExportTooLarge => {
            "超出单个压缩包的上限（4 GB 或 32,000 项结果），请少选一些。"
        }
        GalleryWord::Failure => "失败",
        GalleryWord::Gallery => "图库",
        GalleryWord::Gone => "服务端已没有这个文件。",
        GalleryWord::Import => "导入",
        GalleryWord::Importing => "正在读取压缩包…",
        GalleryWord::InLine => "排队",
        GalleryWord::Keys => "方向键移动，回车键打开，空格键选择。",
        GalleryWord::NoDifference => "两次的参数相同。",
        GalleryWord::NothingFits => "没有符合条件的结果。换个关键词，或显示全部。",
        GalleryWord::NothingKept => {
            "这里还没有结果。运行得到的内容会保存在此浏览器中，并显示在这里。"
        }
        GalleryWord::OnlyStarred => "已加星标",
        GalleryWord::Pin => "固定",
        GalleryWord::PinExplained => "存储空间不足时也不会移除",
        GalleryWord::Pinned => "已固定",
        GalleryWord::Pressed => "提交时间",
        GalleryWord::Ran => "运行",
        GalleryWord::Cost => "费用",
        GalleryWord::Refused => {
            "这个压缩包里没有 Pilotlight 的结果，或已损坏。要打开工作流，请先解压。"
        }
        GalleryWord::Run => "任务",
        GalleryWord::Search => "搜索",
        GalleryWord::Seed => "实际使用的种子",
        GalleryWord::Select => "选择",
        GalleryWord::SelectAll => "全选",
        GalleryWord::Server => "ComfyUI",
        GalleryWord::ShowAll => "显示全部",
        GalleryWord::SideBySide => "并排",
        GalleryWord::Star => "加星标",
        GalleryWord::Starred => "已加星标",
        GalleryWord::Sum => "合计",
        GalleryWord::TwoPictures => "对比两张图片",
        GalleryWord::Undo => "撤销",
        GalleryWord::Unpin => "取消固定",
        GalleryWord::Unstar => "取消星标",
        GalleryWord::Unstored => "此浏览器没有保存它的生成参数。",
        GalleryWord::Values => "参数",
        GalleryWord::Waking => "唤醒 GPU",
        GalleryWord::WithSlider => "重叠",
        GalleryWord::Workflow => "工作流",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(counted: Counted, expected_en: &str, expected_zh: &str) {
        assert_eq!(counted.say(Language::English), expected_en);
        assert_eq!(counted.say(Language::Chinese), expected_zh);
    }

    #[test]
    fn counts_are_said() {
        check(Counted::Results(1), "1 result", "1 项结果");
        check(Counted::Results(1_000_000), "1,000,000 results", "1,000,000 项结果");
        check(Counted::Selected(999), "999 selected", "已选 999 项");
        check(
            Counted::Written { done: 3, of: 12 },
            "Writing: 3 of 12",
            "正在写入：第 3 项，共 12 项",
        );
    }

    #[test]
    fn what_was_brought_in_is_said_in_one_sentence() {
        let brought = |new, known, unread| Counted::BroughtIn { new, known, unread };
        check(brought(1, 0, 0), "1 result brought in.", "已导入 1 项结果。");
        check(
            brought(12, 3, 1),
            "12 results brought in, 3 were here already, 1 could not be read.",
            "已导入 12 项结果，3 项原已存在，1 项无法读取。",
        );
        check(
            brought(0, 1, 0),
            "0 results brought in, 1 was here already.",
            "已导入 0 项结果，1 项原已存在。",
        );
        check(
            brought(2, 0, 5),
            "2 results brought in, 5 could not be read.",
            "已导入 2 项结果，5 项无法读取。",
        );
    }
}
