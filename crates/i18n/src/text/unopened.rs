//! Why a file gives no workflow: a sentence for each language that says what the file is and what
//! to do. Invariant: the first gap is the file's name, the second what `detail` gives.

use pilotlight_comfy::language::{Language, one_line};
use pilotlight_comfy::workflow::Refusal;
use pilotlight_forms::open::{Kind, Unopened, link};

/// Why this file gives no workflow. `name`: what a person knows it by.
///
/// Not one of `Sentence`, whose words come with the form: these are wanted later, if at all.
pub fn unopened(name: &str, why: &Unopened, language: Language) -> String {
    let sentence = match language {
        Language::English => english(why),
        Language::Chinese => chinese(why),
    };
    let name = if link::is_address(name) { link::shown(name) } else { one_line(name, MAX_CHARS) };
    super::fill(sentence, [name, one_line(&detail(why, language), MAX_CHARS)])
}

/// Of names of files and of what is in them; longer ones say no more.
const MAX_CHARS: usize = 120;

/// What stands in the second gap; empty where there is none.
fn detail(why: &Unopened, language: Language) -> String {
    match why {
        Unopened::TooLarge { limit_mb: number }
        | Unopened::NotJson { line: number, .. }
        | Unopened::Workflow(
            Refusal::TooManyNodes { limit: number }
            | Refusal::TooDeep { limit: number }
            | Refusal::NotJson { line: number, .. },
        ) => (*number as u64).to_string(),
        Unopened::Workflow(Refusal::TooLarge { limit_bytes }) => {
            (*limit_bytes as u64 >> 20).to_string()
        }
        Unopened::Workflow(Refusal::NotANode { node } | Refusal::NoClass { node }) => node.clone(),
        Unopened::Package(refusal) => refusal.clone().place(),
        Unopened::Cut { kind } | Unopened::NoWorkflow { kind } | Unopened::Other { kind } => {
            match language {
                Language::English => kind_in_english(*kind).to_owned(),
                Language::Chinese => kind_in_chinese(*kind).to_owned(),
            }
        }
        Unopened::Empty
        | Unopened::Encoding
        | Unopened::Workflow(Refusal::NotAnObject | Refusal::NoNodes) => String::new(),
    }
}

fn english(why: &Unopened) -> &'static str {
    match why {
        Unopened::Empty => "“{}” is empty; save it once more and open that.",
        Unopened::TooLarge { .. } | Unopened::Workflow(Refusal::TooLarge { .. }) => {
            "“{}” is larger than {} MB, which is more than this page reads; open the workflow alone, \
             saved as JSON."
        }
        Unopened::Cut { .. } => "“{}” is {} that ends too early; fetch or copy it once more.",
        Unopened::NotJson { .. } | Unopened::Workflow(Refusal::NotJson { .. }) => {
            "“{}” begins as JSON but is none any more at line {}; mend it there or export it from \
             ComfyUI again."
        }
        Unopened::Encoding => {
            "“{}” is a text in an encoding this page does not know; save it as UTF-8."
        }
        Unopened::NoWorkflow { .. } => {
            "“{}” is {} without a workflow, perhaps saved again by another program; open the file as \
             ComfyUI saved it, or the workflow as JSON."
        }
        Unopened::Other { kind: Kind::Archive } => {
            "“{}” is {}; unpack it and open the workflow inside."
        }
        Unopened::Other { kind: Kind::Html } => {
            "“{}” is {}, perhaps one that asks to log in; download the file itself and open that."
        }
        Unopened::Other { kind: Kind::Weights } => {
            "“{}” holds {}, for ComfyUI's folder “models”; open a workflow that uses it."
        }
        Unopened::Other { .. } => {
            "“{}” is {}; open a workflow saved as JSON, or a PNG, WebP, FLAC, MP3 or Opus file that \
             ComfyUI saved."
        }
        Unopened::Workflow(Refusal::NotAnObject | Refusal::NoNodes) => {
            "“{}” is a workflow without nodes; open one that has some."
        }
        Unopened::Workflow(Refusal::NotANode { .. } | Refusal::NoClass { .. }) => {
            "“{}” is a workflow whose part “{}” is no node; export it from ComfyUI again."
        }
        Unopened::Workflow(Refusal::TooManyNodes { .. }) => {
            "“{}” is a workflow of more than {} nodes; divide it in ComfyUI."
        }
        Unopened::Workflow(Refusal::TooDeep { .. }) => {
            "“{}” is a workflow with values more than {} levels deep; simplify it in ComfyUI."
        }
        Unopened::Package(_) => {
            "“{}” is a workflow for Pilotlight with a mistake at {}; mend it there."
        }
    }
}

fn chinese(why: &Unopened) -> &'static str {
    match why {
        Unopened::Empty => "“{}”是空的，请重新保存后再打开。",
        Unopened::TooLarge { .. } | Unopened::Workflow(Refusal::TooLarge { .. }) => {
            "“{}”超过 {} MB，本页不读取这么大的文件；请只打开保存为 JSON 的工作流。"
        }
        Unopened::Cut { .. } => "“{}”是不完整的{}，请重新下载或复制。",
        Unopened::NotJson { .. } | Unopened::Workflow(Refusal::NotJson { .. }) => {
            "“{}”从第 {} 行起不是有效的 JSON，请在该处修正，或从 ComfyUI 重新导出。"
        }
        Unopened::Encoding => "无法识别文本“{}”的编码，请另存为 UTF-8。",
        Unopened::NoWorkflow { .. } => {
            "“{}”是{}，但不含工作流，可能被其他软件另存过；请打开 ComfyUI 保存的原文件，或 JSON 格式的工作流。"
        }
        Unopened::Other { kind: Kind::Archive } => "“{}”是{}，请解压后打开里面的工作流。",
        Unopened::Other { kind: Kind::Html } => {
            "“{}”是{}，可能是登录页；请先下载文件本身，再打开它。"
        }
        Unopened::Other { kind: Kind::Weights } => {
            "“{}”是{}，应放进 ComfyUI 的 models 文件夹；请打开使用它的工作流。"
        }
        Unopened::Other { .. } => {
            "“{}”是{}；请打开 JSON 格式的工作流，或 ComfyUI 保存的 PNG、WebP、FLAC、MP3、Opus 文件。"
        }
        Unopened::Workflow(Refusal::NotAnObject | Refusal::NoNodes) => {
            "工作流“{}”没有节点，请打开有节点的工作流。"
        }
        Unopened::Workflow(Refusal::NotANode { .. } | Refusal::NoClass { .. }) => {
            "工作流“{}”中的“{}”不是有效的节点，请从 ComfyUI 重新导出。"
        }
        Unopened::Workflow(Refusal::TooManyNodes { .. }) => {
            "工作流“{}”的节点超过 {} 个，请在 ComfyUI 中拆分。"
        }
        Unopened::Workflow(Refusal::TooDeep { .. }) => {
            "工作流“{}”中的值嵌套超过 {} 层，请在 ComfyUI 中简化。"
        }
        Unopened::Package(_) => "Pilotlight 工作流“{}”的 {} 处有误，请修正。",
    }
}

fn kind_in_english(kind: Kind) -> &'static str {
    match kind {
        Kind::Png => "a PNG picture",
        Kind::WebP => "a WebP picture",
        Kind::Flac => "a FLAC sound",
        Kind::Ogg => "an Ogg sound",
        Kind::Mp3 => "an MP3 sound",
        Kind::Json => "a JSON text",
        Kind::Jpeg => "a JPEG picture",
        Kind::Gif => "a GIF picture",
        Kind::Avif => "an AVIF or HEIC picture",
        Kind::Picture => "a picture of another kind",
        Kind::Xml => "an SVG drawing or other XML",
        Kind::Video => "a video",
        Kind::Sound => "a sound of another kind",
        Kind::Glb => "a 3D model",
        Kind::Weights => "the weights of a model",
        Kind::Archive => "an archive",
        Kind::Pdf => "a PDF document",
        Kind::Html => "a web page",
        Kind::Text => "a plain text",
        Kind::ObjectInfo => "a list of the nodes a server has",
        Kind::History => "a history of several runs",
        Kind::OtherJson => "JSON without a workflow",
        Kind::Unknown => "of a kind this page does not know",
    }
}

fn kind_in_chinese(kind: Kind) -> &'static str {
    match kind {
        Kind::Png => " PNG 图片",
        Kind::WebP => " WebP 图片",
        Kind::Flac => " FLAC 音频",
        Kind::Ogg => " Ogg 音频",
        Kind::Mp3 => " MP3 音频",
        Kind::Json => " JSON 文本",
        Kind::Jpeg => " JPEG 图片",
        Kind::Gif => " GIF 图片",
        Kind::Avif => " AVIF 或 HEIC 图片",
        Kind::Picture => "其他格式的图片",
        Kind::Xml => " SVG 图形或其他 XML",
        Kind::Video => "视频",
        Kind::Sound => "其他格式的音频",
        Kind::Glb => "3D 模型",
        Kind::Weights => "模型权重",
        Kind::Archive => "压缩包",
        Kind::Pdf => " PDF 文档",
        Kind::Html => "网页",
        Kind::Text => "普通文本",
        Kind::ObjectInfo => "服务端的节点列表",
        Kind::History => "多次运行的历史记录",
        Kind::OtherJson => "不含工作流的 JSON",
        Kind::Unknown => "本页不认识的文件",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use pilotlight_forms::form::PackageRefusal;

    /// Each with what must stand in its second gap.
    fn every() -> Vec<(Unopened, &'static str)> {
        let node = || "7:9".to_owned();
        vec![
            (Unopened::Empty, ""),
            (Unopened::TooLarge { limit_mb: 128 }, "128"),
            (Unopened::Cut { kind: Kind::Png }, "PNG"),
            (Unopened::NotJson { line: 31, column: 4 }, "31"),
            (Unopened::Encoding, ""),
            (Unopened::NoWorkflow { kind: Kind::Mp3 }, "MP3"),
            (Unopened::Other { kind: Kind::Pdf }, "PDF"),
            (Unopened::Other { kind: Kind::Avif }, "HEIC"),
            (Unopened::Workflow(Refusal::NotJson { line: 31, column: 4 }), "31"),
            (Unopened::Workflow(Refusal::NotAnObject), ""),
            (Unopened::Workflow(Refusal::NoNodes), ""),
            (Unopened::Workflow(Refusal::NotANode { node: node() }), "7:9"),
            (Unopened::Workflow(Refusal::NoClass { node: node() }), "7:9"),
            (Unopened::Workflow(Refusal::TooLarge { limit_bytes: 8 << 20 }), "8"),
            (Unopened::Workflow(Refusal::TooManyNodes { limit: 5_000 }), "5000"),
            (Unopened::Workflow(Refusal::TooDeep { limit: 64 }), "64"),
            (Unopened::Package(PackageRefusal::Missing { path: "form[2]".into() }), "form[2]"),
        ]
    }

    #[test]
    fn a_sentence_holds_no_more_of_a_file_than_its_name() {
        let long = "\u{202e}x\n".repeat(500);
        let whys = [
            Unopened::Empty,
            Unopened::Workflow(Refusal::NoClass { node: long.clone() }),
            Unopened::Package(PackageRefusal::UnknownKey { path: long.clone() }),
        ];
        for why in whys {
            let said = unopened(&long, &why, Language::English);
            assert!(said.chars().count() < 500, "{said}");
            assert!(!said.contains(['\n', '\u{202e}']), "{said:?}");
        }
        let said = unopened("https://me:pw@host/a?token=t", &Unopened::Empty, Language::English);
        assert!(said.contains("“https://host/a”"), "{said}");
    }

    #[test]
    fn each_sentence_names_the_file_and_what_is_wrong_and_is_one() {
        for (why, shown) in every() {
            for (language, end) in [(Language::English, '.'), (Language::Chinese, '。')] {
                let said = unopened("N", &why, language);
                assert_eq!(said.matches("“N”").count(), 1, "{said}");
                assert!(said.contains(shown), "{said}: no {shown}");
                assert!(!said.contains("  "), "{said}");
                assert_eq!(said.find(end), Some(said.len() - end.len_utf8()), "{said}");
            }
        }
    }

    #[test]
    fn a_gap_is_there_for_what_goes_into_it() {
        for (why, shown) in every() {
            let gaps = 1 + usize::from(!shown.is_empty());
            assert_eq!(english(&why).matches("{}").count(), gaps, "{why:?}");
            assert_eq!(chinese(&why).matches("{}").count(), gaps, "{why:?}");
        }
    }

    #[test]
    fn archives_pages_and_weights_have_sentences_of_their_own() {
        let table = [
            (Kind::Archive, "“N” is an archive; unpack it and open the workflow inside."),
            (
                Kind::Html,
                "“N” is a web page, perhaps one that asks to log in; \
                 download the file itself and open that.",
            ),
            (
                Kind::Weights,
                "“N” holds the weights of a model, for ComfyUI's folder “models”; \
                 open a workflow that uses it.",
            ),
        ];
        for (kind, expected) in table {
            let why = Unopened::Other { kind };
            assert_eq!(unopened("N", &why, Language::English), expected);
            assert!(unopened("N", &why, Language::Chinese).contains("请"));
        }
    }
}
