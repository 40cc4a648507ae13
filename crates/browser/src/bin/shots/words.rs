//! The names that lead through the page, and what is typed, in both languages.
//!
//! Invariant: the names are those of the page's own words.

/// One language.
#[derive(Debug)]
pub struct Words {
    /// As in the names of the pictures.
    pub language: &'static str,
    pub prompt: &'static str,
    pub second_prompt: &'static str,
    pub question: &'static str,
    pub run: &'static str,
    pub cancel: &'static str,
    pub times: &'static str,
    pub prompt_field: &'static str,
    pub pictures_field: &'static str,
    pub question_field: &'static str,
    pub image_field: &'static str,
    pub image_tab: &'static str,
    pub open_workflow: &'static str,
    pub paint: &'static str,
    pub advanced: &'static str,
    pub replace: &'static str,
    pub use_as_input: &'static str,
    pub details: &'static str,
    pub settings: &'static str,
    pub results: &'static str,
    pub wake: &'static str,
    /// For a quarter of an hour, at 12 an hour.
    pub keep: &'static str,
}

/// English, then Chinese.
pub static BOTH: [Words; 2] = [
    Words {
        language: "en",
        prompt: "a lighthouse by the sea, the first light of the morning behind it",
        second_prompt: "a tiger resting under an old tree, late autumn",
        question: "What do you see in this picture, and what time of day might it be?",
        run: "Run",
        cancel: "Cancel",
        times: "How many runs",
        prompt_field: "Prompt",
        pictures_field: "Pictures",
        question_field: "Question",
        image_field: "Image",
        image_tab: "Image to text",
        open_workflow: "Open a workflow",
        paint: "Paint a mask",
        advanced: "Advanced",
        replace: "Replace",
        use_as_input: "Use as input",
        details: "Details",
        settings: "Settings",
        results: "Results",
        wake: "Wake it now",
        keep: "15 min · ¥3.00",
    },
    Words {
        language: "zh",
        prompt: "海边的灯塔，身后是清晨的第一缕阳光",
        second_prompt: "深秋，一只老虎卧在老树下休息",
        question: "这张图片里有什么？可能是一天中的什么时候？",
        run: "生成",
        cancel: "取消",
        times: "运行次数",
        prompt_field: "提示词",
        pictures_field: "数量",
        question_field: "问题",
        image_field: "图片",
        image_tab: "图片理解",
        open_workflow: "打开工作流",
        paint: "涂抹蒙版",
        advanced: "高级选项",
        replace: "更换",
        use_as_input: "用作输入",
        details: "详情",
        settings: "设置",
        results: "结果",
        wake: "立即唤醒",
        keep: "15 分钟 · ¥3.00",
    },
];
