//! What is said to those who edit a form or keep presets of it, in English and in Chinese.

use crate::present;
use pilotlight_comfy::language::Language;
use pilotlight_comfy::problem::Problem;
use pilotlight_forms::form::Unfit;

/// Not among `Word`, which come with the form: these are wanted later, if at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AuthorWord {
    AllInputs,
    BeginWithValues,
    BeginsWith,
    CopyIsMade,
    Fields,
    Heading,
    Hide,
    Hint,
    KeptHere,
    Largest,
    MoveDown,
    MoveUp,
    Name,
    NoFields,
    NoInputs,
    NotFound,
    Required,
    SaveAsFile,
    SavedWithoutSecrets,
    SearchInputs,
    Smallest,
    StartsOutside,
    Title,
    UnderAdvanced,
    ValuesTaken,
}

impl AuthorWord {
    pub fn say(self, language: Language) -> &'static str {
        match language {
            Language::English => english(self),
            Language::Chinese => chinese(self),
        }
    }
}

fn english(word: AuthorWord) -> &'static str {
    match word {
        AuthorWord::AllInputs => "All inputs",
        AuthorWord::BeginWithValues => "Begin with the present values",
        AuthorWord::BeginsWith => "Begins with",
        AuthorWord::CopyIsMade => {
            "This form belongs to the page and stays as it is: the first change makes a copy of \
             it in a tab of its own, kept in this browser."
        }
        AuthorWord::Fields => "Fields",
        AuthorWord::Heading => "Heading",
        AuthorWord::Hide => "Hide",
        AuthorWord::Hint => "Hint",
        AuthorWord::KeptHere => {
            "Every change is kept in this browser at once. Save it as a file to put it beside the \
             page or to hand it on."
        }
        AuthorWord::Largest => "Largest",
        AuthorWord::MoveDown => "Move down",
        AuthorWord::MoveUp => "Move up",
        AuthorWord::Name => "Name",
        AuthorWord::NoFields => "No fields yet. Choose some under “All inputs”.",
        AuthorWord::NoInputs => "This workflow has nothing to fill in: every input is a link.",
        AuthorWord::NotFound => "No input is called that.",
        AuthorWord::Required => "Must not be empty",
        AuthorWord::SaveAsFile => "Save as a file",
        AuthorWord::SavedWithoutSecrets => "Saved, without keys and passwords",
        AuthorWord::SearchInputs => "Search the inputs",
        AuthorWord::Smallest => "Smallest",
        AuthorWord::StartsOutside => {
            "It would begin outside of these bounds; change what it begins with first."
        }
        AuthorWord::Title => "Title",
        AuthorWord::UnderAdvanced => "Fold away under Advanced",
        AuthorWord::ValuesTaken => "The form begins with these values now",
    }
}

fn chinese(word: AuthorWord) -> &'static str {
    match word {
        AuthorWord::AllInputs => "全部输入项",
        AuthorWord::BeginWithValues => "将当前值设为初始值",
        AuthorWord::BeginsWith => "初始值",
        AuthorWord::CopyIsMade => {
            "这是页面自带的表单，不会被改动：首次修改会生成一份副本，单独占一个标签页，保存在此浏览器中。"
        }
        AuthorWord::Fields => "表单字段",
        AuthorWord::Heading => "分组标题",
        AuthorWord::Hide => "隐藏",
        AuthorWord::Hint => "说明",
        AuthorWord::KeptHere => {
            "修改会即时保存在此浏览器中。保存为文件后，可放到页面旁使用，或分享给他人。"
        }
        AuthorWord::Largest => "最大值",
        AuthorWord::MoveDown => "下移",
        AuthorWord::MoveUp => "上移",
        AuthorWord::Name => "名称",
        AuthorWord::NoFields => "还没有字段，请在“全部输入项”中选择。",
        AuthorWord::NoInputs => "此工作流没有可填写的内容：所有输入都来自其他节点。",
        AuthorWord::NotFound => "没有找到这样的输入项。",
        AuthorWord::Required => "必填",
        AuthorWord::SaveAsFile => "保存为文件",
        AuthorWord::SavedWithoutSecrets => "已保存（不含密钥和密码）",
        AuthorWord::SearchInputs => "搜索输入项",
        AuthorWord::Smallest => "最小值",
        AuthorWord::StartsOutside => "初始值不在此范围内，请先修改初始值。",
        AuthorWord::Title => "标题",
        AuthorWord::UnderAdvanced => "收进高级选项",
        AuthorWord::ValuesTaken => "已将当前值设为初始值",
    }
}

/// The few words of presets, which come without those of the form editor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PresetWord {
    Delete,
    Name,
    NoPresets,
    Save,
}

impl PresetWord {
    pub fn say(self, language: Language) -> &'static str {
        match (language, self) {
            (Language::English, Self::Delete) => "Delete",
            (Language::English, Self::Name) => "Keep what is filled in now, except files, as",
            (Language::English, Self::NoPresets) => "None yet.",
            (Language::English, Self::Save) => "Save",
            (Language::Chinese, Self::Delete) => "删除",
            (Language::Chinese, Self::Name) => "将当前填写的内容（文件除外）保存为",
            (Language::Chinese, Self::NoPresets) => "还没有预设。",
            (Language::Chinese, Self::Save) => "保存",
        }
    }
}

/// How many inputs are not listed.
pub fn more_inputs(count: usize, language: Language) -> String {
    let sentence = match language {
        Language::English => "{} more; search to find them.",
        Language::Chinese => "还有 {} 项，可通过搜索查找。",
    };
    super::fill(sentence, [count.to_string(), String::new()])
}

/// Why a step of an author cannot be done.
pub fn unfit(why: &Unfit, language: Language) -> String {
    if let Unfit::Value(trouble) = why {
        return present::problem(&Problem::of(trouble.clone()), language);
    }
    let [english, chinese] = match why {
        Unfit::NoSuchInput => ["The workflow has no such input.", "工作流中没有这个输入项。"],
        Unfit::Linked => ["Another node feeds this input.", "该输入由其他节点提供，无法填写。"],
        Unfit::Twice => ["It is a field already.", "它已经是表单字段。"],
        Unfit::NotAField => ["It is no field of this form.", "它不是此表单的字段。"],
        Unfit::AtTheEnd => ["It is at the end already.", "已经到头了。"],
        Unfit::Empty => {
            ["Give it a name, in one language at least.", "请填写名称，至少填写一种语言。"]
        }
        Unfit::NoRange => [
            "No number is left between these bounds; the smallest must not be above the largest.",
            "此范围内没有可用的数值，请确认最小值不大于最大值。",
        ],
        Unfit::NoDefault => ["This has no value to begin with.", "此项不能设置初始值。"],
        Unfit::NotAText | Unfit::Value(_) => [
            "Only a text can begin differently in each language.",
            "只有文本可以按语言设置不同的初始值。",
        ],
    };
    match language {
        Language::English => english,
        Language::Chinese => chinese,
    }
    .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use pilotlight_comfy::problem::Trouble;

    #[test]
    fn every_step_that_cannot_be_done_is_explained() {
        for why in [
            Unfit::NoSuchInput,
            Unfit::Linked,
            Unfit::Twice,
            Unfit::NotAField,
            Unfit::AtTheEnd,
            Unfit::Empty,
            Unfit::NoRange,
            Unfit::NoDefault,
            Unfit::NotAText,
            Unfit::Value(Trouble::NotANumber),
        ] {
            assert!(unfit(&why, Language::English).ends_with('.'), "{why:?}");
            assert!(unfit(&why, Language::Chinese).ends_with('。'), "{why:?}");
        }
        assert_eq!(more_inputs(7, Language::Chinese), "还有 7 项，可通过搜索查找。");
    }
}
