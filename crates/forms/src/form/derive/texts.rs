//! What a text is for: words for a model, or a name, an address, code.
//! Invariant: a text that reaches a text encoder is a prompt, whatever it looks like; a name or an
//! address never is.

/// Parts of the names of inputs that take words.
const WORDS: [&str; 14] = [
    "caption",
    "clip_l",
    "description",
    "instruction",
    "lyrics",
    "negative",
    "positive",
    "prompt",
    "question",
    "string",
    "t5xxl",
    "tags",
    "text",
    "wildcard",
];

/// How the names of inputs start and end that set how a node treats words.
const SETTING_STARTS: [&str; 9] =
    ["exclude", "insert", "log_", "preset", "save_", "select", "show_", "tidy_", "use_"];
const SETTING_ENDS: [&str; 15] = [
    "_dir",
    "_directory",
    "_file",
    "_folder",
    "_format",
    "_language",
    "_length",
    "_mode",
    "_model",
    "_name",
    "_path",
    "_style",
    "_tone",
    "_type",
    "_use_negative",
];
/// Names of inputs that set or compute something, whatever stands in them.
const SETTINGS: [&str; 24] = [
    "cmp",
    "comparison",
    "condition",
    "delimiter",
    "directory",
    "equation",
    "expression",
    "file",
    "file_prefix",
    "filename",
    "filename_prefix",
    "folder",
    "format",
    "formula",
    "language",
    "method",
    "mode",
    "model",
    "name",
    "operation",
    "operator",
    "path",
    "pattern",
    "type",
];

/// Whether an input of this name sets how its node treats words.
pub(super) fn is_setting(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    SETTINGS.contains(&name.as_str())
        || name.starts_with("regex")
        || SETTING_STARTS.iter().any(|start| name.starts_with(start))
        || SETTING_ENDS.iter().any(|end| name.ends_with(end))
}

/// Whether an input of this name takes words rather than a setting of the node.
pub(super) fn takes_words(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    !is_setting(name) && (lower == "value" || WORDS.iter().any(|word| lower.contains(word)))
}

/// Whether a text is a list of numbers.
pub(super) fn is_numbers(text: &str) -> bool {
    text.contains(|c: char| c.is_ascii_digit())
        && text
            .chars()
            .all(|c| c.is_ascii_digit() || c.is_ascii_whitespace() || c.is_ascii_punctuation())
}

/// Whether a text is several words, whatever the input that holds it is called.
pub(super) fn is_words(text: &str) -> bool {
    let words = text.split_whitespace().filter(|word| word.contains(char::is_alphabetic));
    words.take(2).count() == 2
}

/// Parts of the names of classes that show what they are fed, and keep what they showed last.
const SHOWING: [&str; 7] = [
    "displayany",
    "displaytext",
    "previewany",
    "previewtext",
    "showany",
    "showtext",
    "textpreview",
];

/// Whether the texts of a class are those that it showed last.
pub(super) fn only_shows(class: &str) -> bool {
    let name: String =
        class.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
    SHOWING.iter().any(|part| name.contains(part))
}

/// How the names of files end that are no words for a model.
const ENDINGS: [&str; 26] = [
    "bin",
    "ckpt",
    "csv",
    "engine",
    "flac",
    "gguf",
    "gif",
    "glb",
    "jpeg",
    "jpg",
    "json",
    "mkv",
    "mov",
    "mp3",
    "mp4",
    "onnx",
    "png",
    "pt",
    "pth",
    "safetensors",
    "sft",
    "txt",
    "wav",
    "webm",
    "webp",
    "yaml",
];

/// Whether a text is the name of a file, an address or data, all without words.
pub(super) fn is_name(text: &str) -> bool {
    let text = text.trim();
    let is_line = !text.contains(['\n', '\r']);
    let ends = |text: &str| {
        let end = text.rsplit_once('.').map(|(_, end)| end.to_ascii_lowercase());
        end.is_some_and(|end| ENDINGS.contains(&end.as_str()))
    };
    let is_address = ["http://", "https://", "data:", "file://", "s3://"]
        .iter()
        .any(|start| text.get(..start.len()).is_some_and(|it| it.eq_ignore_ascii_case(start)));
    let has_blanks = text.contains(char::is_whitespace);
    // Base64, names of models and the like: longer than any word. Without blanks, tags have commas,
    // and choices have bars.
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"+/=_.:-\\".contains(&byte);
    let is_data = !has_blanks
        && (text.len() > 200 && text.is_ascii()
            || text.len() > 60
                && text.bytes().all(is_plain)
                && text.contains(|c: char| c.is_ascii_digit())
                && !text.starts_with("__"));
    is_data || is_line && (ends(text) || is_address && !has_blanks)
}

/// What code has and words do not.
const CODE: [&str; 5] = ["</", "();", "=>", "fragColor", "gl_FragColor"];

/// How lines of code begin; within a line most of these are words.
const CODE_STARTS: [&str; 11] = [
    "#define ",
    "#include",
    "#version",
    "const ",
    "def ",
    "function ",
    "import ",
    "precision highp",
    "return ",
    "uniform ",
    "void main",
];

/// Whether a text is an address, JSON or code, as far as that shows.
pub(super) fn is_code(text: &str) -> bool {
    let text = text.trim();
    let ends = |open: char, close: char| text.starts_with(open) && text.ends_with(close);
    // `[a|b]` and `{a|b}` are words that a node chooses from.
    let is_json = text.len() > 1
        && (ends('{', '}') && (text.contains("\":") || text == "{}")
            || ends('[', ']')
                && (text.contains(['{', '"']) || !text.contains(char::is_alphabetic)));
    let begins = |mark: &&&str| text.lines().any(|line| line.trim_start().starts_with(**mark));
    let marks = CODE.iter().filter(|mark| text.contains(**mark)).count()
        + CODE_STARTS.iter().filter(begins).count();
    // Lists of words end their lines like code.
    let is_line = |line: &&str| {
        line.trim_end().ends_with([';', '{', '}']) && line.contains(['=', '(', '{', '}'])
    };
    let lines = || text.lines().filter(is_line).count();
    is_name(text) || is_json || marks > 1 || marks == 1 && lines() > 0 || lines() > 2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_told_from_names_and_code() {
        let names = [
            "https://example.org/a/b?c=d",
            "Wan2.2\\Wan_2_2_I2V_A14B_HIGH_lightx2v_4step_lora_260412_rank_64.safetensors",
            "models/my lora.safetensors",
            &"iVBORw0KGgo".repeat(30),
            &"iVBORw0KGgo".repeat(7),
            "Wan2.2-I2V-A14B-HighNoise-Lightning-4steps-lora-rank64-Seko-V1",
        ];
        for text in names {
            assert!(is_name(text) && is_code(text), "{text}");
        }
        let code = [
            "{\"a\": 1}",
            "[{\"x\": 0.5}]",
            "[]",
            "[[0, 0.5], [24, 1]]",
            "#version 300 es\nprecision highp float;\nvoid main() {\n  fragColor = vec4(1);\n}",
            "def run(a):\n    return a",
            "a = 1;\nb = 2;\nc = 3;\n",
        ];
        for text in code {
            assert!(!is_name(text) && is_code(text), "{text}");
        }
        let words = [
            "",
            "a lamp in the fog",
            "{red|blue} lamp",
            "[a cat|a dog]",
            "[猫]",
            "masterpiece,best_quality,1girl,solo,long_hair,looking_at_viewer,lamp",
            "a_lamp_in_the_fog_at_night_beside_an_old_bridge_of_stone_and_iron",
            "__characters2/fantasy/elves/female__/__places/fantasy/towns/at_night__",
            "a man walks; he turns, and returns",
            "A film about https://example.org, in the rain",
            "(masterpiece:1.2), 1girl, lamp",
            "import goods at the harbour",
            "she begins to return home, as if to import light;\na lamp;\na bridge;\nthe fog",
        ];
        for text in words {
            assert!(!is_name(text) && !is_code(text), "{text}");
        }
    }

    #[test]
    fn settings_of_a_node_take_no_words() {
        for name in ["text", "string_a", "wildcard_text", "Prompt", "value", "t5xxl"] {
            assert!(takes_words(name), "{name}");
        }
        for name in
            ["delimiter", "mode", "language", "text_mode", "prompt_type", "action", "log_prompt"]
        {
            assert!(!takes_words(name), "{name}");
        }
        for name in ["Select to add Wildcard", "caption_length", "exclude_tags", "tidy_tags"] {
            assert!(is_setting(name) && !takes_words(name), "{name}");
        }
    }

    #[test]
    fn what_computes_or_names_is_a_setting() {
        for name in ["expression", "cmp", "regex_pattern", "filename_prefix", "mask_use_negative"] {
            assert!(is_setting(name) && !takes_words(name), "{name}");
        }
        for name in ["prompt", "prompt_prefix", "text_positive", "lyrics", "string_b"] {
            assert!(!is_setting(name) && takes_words(name), "{name}");
        }
    }

    #[test]
    fn lists_of_numbers_are_known() {
        for text in ["640, 848, 1280", "1.0, 0.99\n0.5", "0:(1.0)"] {
            assert!(is_numbers(text), "{text}");
        }
        for text in ["", "a cat", "2 猫", "...", "1girl"] {
            assert!(!is_numbers(text), "{text}");
        }
    }

    #[test]
    fn classes_that_show_texts_are_known() {
        for class in
            ["ShowText|pysssss", "easy showAnything", "PreviewAny", "Display Any (rgthree)"]
        {
            assert!(only_shows(class), "{class}");
        }
        for class in ["CLIPTextEncode", "Text Multiline", "PreviewImage", "String Literal"] {
            assert!(!only_shows(class), "{class}");
        }
    }
}
