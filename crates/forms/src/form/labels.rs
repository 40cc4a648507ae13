//! What common inputs of nodes are called, in both languages.
//! Invariant: a name that is not in the list is made readable, never left out.

use pilotlight_comfy::language::{Label, one_line};
use pilotlight_comfy::schema::Fixed;

/// Name of the input, English, Chinese.
const INPUTS: &[[&str; 3]] = &[
    ["add_noise", "Add noise", "添加噪声"],
    ["amount", "Amount", "量值"],
    ["aspect_ratio", "Aspect ratio", "宽高比"],
    ["audio", "Audio", "音频"],
    ["batch_size", "Count", "数量"],
    ["bpm", "Beats per minute", "每分钟节拍数"],
    ["cfg", "Guidance", "引导强度"],
    ["cfg_scale", "Guidance", "引导强度"],
    ["cfg_weight", "Guidance", "引导强度"],
    ["ckpt_name", "Model", "模型"],
    ["clip_name", "Text encoder", "文本编码器"],
    ["clip_name1", "Text encoder 1", "文本编码器 1"],
    ["clip_name2", "Text encoder 2", "文本编码器 2"],
    ["color", "Color", "颜色"],
    ["control_net_name", "ControlNet", "ControlNet 模型"],
    ["crop", "Crop", "裁剪"],
    ["denoise", "Denoising", "降噪强度"],
    ["device", "Device", "设备"],
    ["duration", "Duration", "时长"],
    ["end_at_step", "Last step", "结束步数"],
    ["end_percent", "End", "结束位置"],
    ["file", "File", "文件"],
    ["filename_prefix", "File name", "文件名前缀"],
    ["format", "Format", "格式"],
    ["fps", "Frames per second", "帧率"],
    ["frame_rate", "Frames per second", "帧率"],
    ["generate_audio", "Generate audio", "生成声音"],
    ["guidance", "Guidance", "引导强度"],
    ["guidance_scale", "Guidance", "引导强度"],
    ["height", "Height", "高度"],
    ["image", "Image", "图片"],
    ["instruction", "Instruction", "指令"],
    ["language", "Language", "语言"],
    ["length", "Frames", "帧数"],
    ["lora_name", "LoRA", "LoRA 模型"],
    ["lyrics", "Lyrics", "歌词"],
    ["mask", "Mask", "蒙版"],
    ["max_length", "Max answer length", "最长回答"],
    ["max_new_tokens", "Max answer length", "最长回答"],
    ["megapixels", "Megapixels", "百万像素"],
    ["model", "Model", "模型"],
    ["model_name", "Model", "模型"],
    ["negative", "Negative prompt", "反向提示词"],
    ["negative_prompt", "Negative prompt", "反向提示词"],
    ["noise_seed", "Seed", "随机种子"],
    ["positive", "Prompt", "提示词"],
    ["positive_prompt", "Prompt", "提示词"],
    ["prompt", "Prompt", "提示词"],
    ["quality", "Quality", "质量"],
    ["question", "Question", "问题"],
    ["resolution", "Resolution", "分辨率"],
    ["sampler_name", "Sampler", "采样器"],
    ["scale_by", "Scale by", "缩放倍数"],
    ["scheduler", "Scheduler", "调度器"],
    ["seconds", "Seconds", "秒数"],
    ["seed", "Seed", "随机种子"],
    ["shift", "Shift", "偏移"],
    ["start_at_step", "First step", "起始步数"],
    ["start_percent", "Start", "起始位置"],
    ["steps", "Steps", "步数"],
    ["strength", "Strength", "强度"],
    ["strength_clip", "Text strength", "对文本的强度"],
    ["strength_model", "Strength", "强度"],
    ["style", "Style", "风格"],
    ["system_prompt", "System prompt", "系统提示词"],
    ["tags", "Tags", "标签"],
    ["temperature", "Temperature", "温度"],
    ["text", "Text", "文本"],
    ["thinking", "Thinking", "思考模式"],
    ["top_k", "Top-k", "Top-k 采样"],
    ["top_p", "Top-p", "Top-p 采样"],
    ["unet_name", "Model", "模型"],
    ["upscale_method", "Scaling method", "缩放算法"],
    ["vae_name", "VAE", "VAE 模型"],
    ["value", "Value", "数值"],
    ["video", "Video", "视频"],
    ["watermark", "Watermark", "水印"],
    ["weight_dtype", "Precision", "精度"],
    ["width", "Width", "宽度"],
];

/// The label of an input: from the list, else its own name with blanks and a capital.
pub(super) fn input_label(name: &str) -> Label {
    if let Some([_, en, zh]) = INPUTS.iter().find(|[known, ..]| *known == name) {
        return Label::both(en, zh);
    }
    let spaced: String = name.chars().map(|c| if c == '_' { ' ' } else { c }).collect();
    let mut plain = one_line(&spaced, MAX_CHARS);
    if let Some(first) = plain.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    Label::plain(if plain.is_empty() { "–" } else { &plain })
}

/// Says why a field can only be looked at.
pub(super) fn only_shown(why: Fixed) -> Label {
    let [en, zh] = match why {
        Fixed::Drawn => [
            "Drawn in ComfyUI’s editor; sent unchanged.",
            "需要在 ComfyUI 编辑器中绘制，按原样提交。",
        ],
        Fixed::Several => {
            ["Takes several choices at once; sent unchanged.", "可同时选择多项，按原样提交。"]
        }
        Fixed::File => {
            ["A file on the server; sent unchanged.", "这是服务器上的文件，按原样提交。"]
        }
        Fixed::Branches => [
            "Other choices need inputs this workflow doesn’t have; sent unchanged.",
            "换成其他选项还需要此工作流没有的输入，按原样提交。",
        ],
        Fixed::Long => {
            ["Too long to edit here; sent unchanged.", "内容过长，无法在此编辑，按原样提交。"]
        }
        Fixed::Unknown => {
            ["Can’t be edited here; sent unchanged.", "这类值无法在此编辑，按原样提交。"]
        }
    };
    Label::both(en, zh)
}

/// Names a form whose file says nothing.
pub(super) fn untitled() -> Label {
    Label::both("Workflow", "工作流")
}

/// Longer names are cut.
const MAX_CHARS: usize = 60;

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(name: &str, en: &str, zh: &str) {
        assert_eq!(input_label(name), Label::both(en, zh));
    }

    #[test]
    fn every_input_has_a_label() {
        check("noise_seed", "Seed", "随机种子");
        check("tile_size", "Tile size", "Tile size");
        check("__x__y ", "X y", "X y");
        check("强度", "强度", "强度");
        check("_", "–", "–");
        check("", "–", "–");
        assert!(INPUTS.is_sorted());
    }
}
