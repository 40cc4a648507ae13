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

/// Whether an input of this name takes words rather than a setting of the node.
pub(super) fn takes_words(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let is_setting =
        ["_mode", "_type", "_path", "_name", "_file"].iter().any(|end| name.ends_with(end));
    !is_setting && (name == "value" || WORDS.iter().any(|word| name.contains(word)))
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
    // Base64 and the like: longer than any word.
    let is_data = text.len() > 200 && text.is_ascii() && !has_blanks;
    is_data || is_line && (ends(text) || is_address && !has_blanks)
}

/// What code has and words do not.
const CODE: [&str; 18] = [
    "#define ",
    "#include",
    "#version",
    "</",
    "();",
    "=>",
    "\ndef ",
    "\nimport ",
    "const ",
    "def ",
    "fragColor",
    "function ",
    "gl_FragColor",
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
            || ends('[', ']') && (text.contains(['{', '"']) || text == "[]"));
    let marks = CODE.iter().filter(|mark| text.contains(**mark)).count();
    let lines = || text.lines().filter(|line| line.trim_end().ends_with([';', '{', '}'])).count();
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
        ];
        for text in names {
            assert!(is_name(text) && is_code(text), "{text}");
        }
        let code = [
            "{\"a\": 1}",
            "[{\"x\": 0.5}]",
            "[]",
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
            "a man walks; he turns, and returns",
            "A film about https://example.org, in the rain",
            "(masterpiece:1.2), 1girl, lamp",
            "import goods at the harbour",
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
        for name in ["delimiter", "mode", "language", "text_mode", "prompt_type", "action"] {
            assert!(!takes_words(name), "{name}");
        }
    }
}
