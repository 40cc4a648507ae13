//! What is said to those who paint a mask, in English and in Chinese.

use pilotlight_comfy::language::Language;
use pilotlight_forms::mask::{PIXELS_MAX, SIDE_MAX};

/// Not among `Word`, which come with the form: these are wanted by few, and then only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MaskWord {
    Brush,
    Clear,
    Discard,
    Done,
    DoNotLeave,
    Erase,
    Explained,
    Invert,
    Keys,
    Leaving,
    Mask,
    Opening,
    Paint,
    Saving,
    Undo,
}

/// Why nothing can be painted, or kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unpaintable {
    TooLarge,
    /// This browser does not draw it, or lacks the memory.
    NotDrawn,
    /// What was painted is still there.
    NotKept,
}

/// On the button beside a picture, and the title of what it opens.
pub fn paint_a_mask(language: Language) -> &'static str {
    match language {
        Language::English => "Paint a mask",
        Language::Chinese => "涂抹蒙版",
    }
}

impl MaskWord {
    pub fn say(self, language: Language) -> &'static str {
        match language {
            Language::English => english(self),
            Language::Chinese => chinese(self),
        }
    }
}

fn english(word: MaskWord) -> &'static str {
    match word {
        MaskWord::Brush => "Brush size",
        MaskWord::Clear => "Clear",
        MaskWord::Discard => "Discard",
        MaskWord::Done => "Done",
        MaskWord::DoNotLeave => "Go on painting",
        MaskWord::Erase => "Erase",
        MaskWord::Explained => "What you paint over is the mask. The picture below stays as it is.",
        MaskWord::Invert => "Invert",
        MaskWord::Keys => "Arrow keys move the brush, Space paints, Ctrl+Z takes back.",
        MaskWord::Leaving => "Discard what you changed?",
        MaskWord::Mask => "Mask",
        MaskWord::Opening => "Opening the picture…",
        MaskWord::Paint => "Paint",
        MaskWord::Saving => "Keeping the mask…",
        MaskWord::Undo => "Undo",
    }
}

fn chinese(word: MaskWord) -> &'static str {
    match word {
        MaskWord::Brush => "画笔大小",
        MaskWord::Clear => "清空",
        MaskWord::Discard => "放弃修改",
        MaskWord::Done => "完成",
        MaskWord::DoNotLeave => "继续涂抹",
        MaskWord::Erase => "擦除",
        MaskWord::Explained => "涂抹过的区域就是蒙版，下面的图片不会改变。",
        MaskWord::Invert => "反转",
        MaskWord::Keys => "方向键移动画笔，空格键涂抹，Ctrl+Z 撤销。",
        MaskWord::Leaving => "要放弃刚才的修改吗？",
        MaskWord::Mask => "蒙版",
        MaskWord::Opening => "正在打开图片…",
        MaskWord::Paint => "涂抹",
        MaskWord::Saving => "正在保存蒙版…",
        MaskWord::Undo => "撤销",
    }
}

pub fn unpaintable(why: Unpaintable, language: Language) -> String {
    let sentence = match (language, why) {
        (Language::English, Unpaintable::TooLarge) => {
            "The picture is too large to paint on: at most {} pixels a side, and {} million in all."
        }
        (Language::English, Unpaintable::NotDrawn) => {
            "This browser cannot paint on the picture, or has too little memory for it."
        }
        (Language::English, Unpaintable::NotKept) => {
            "The mask could not be kept; there may be too little memory. What you painted is still \
             here."
        }
        (Language::Chinese, Unpaintable::TooLarge) => {
            "图片过大，无法涂抹：边长最多 {} 像素，总计最多 {} 百万像素。"
        }
        (Language::Chinese, Unpaintable::NotDrawn) => {
            "无法在这张图片上涂抹：浏览器不支持，或内存不足。"
        }
        (Language::Chinese, Unpaintable::NotKept) => {
            "蒙版未能保存，可能是内存不足。涂抹的内容还在。"
        }
    };
    let figures = [SIDE_MAX, PIXELS_MAX / 1_000_000];
    super::fill(sentence, figures.map(|figure| u64::from(figure).to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_cannot_be_painted_is_explained() {
        for why in [Unpaintable::TooLarge, Unpaintable::NotDrawn, Unpaintable::NotKept] {
            assert!(unpaintable(why, Language::English).ends_with('.'), "{why:?}");
            assert!(unpaintable(why, Language::Chinese).ends_with('。'), "{why:?}");
        }
        let said = unpaintable(Unpaintable::TooLarge, Language::English);
        assert!(said.contains("8192 pixels a side, and 33 million"), "{said}");
    }
}
