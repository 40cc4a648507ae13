//! What common inputs of nodes are called, in every language.
//! Invariant: a name that is not in the list is made readable, never left out.

use pilotlight_comfy::language::{Label, Language, Plain, one_line};
use pilotlight_comfy::schema::Fixed;

// The groups of `crates/i18n/locales` that forms are made with; see `build.rs`.
include!(concat!(env!("OUT_DIR"), "/messages.rs"));

/// Name of the input, and what it is called.
const INPUTS: &[(&str, InputText)] = &[
    ("add_noise", InputText::AddNoise),
    ("amount", InputText::Amount),
    ("aspect_ratio", InputText::AspectRatio),
    ("audio", InputText::Audio),
    ("batch_size", InputText::Count),
    ("bpm", InputText::BeatsPerMinute),
    ("cfg", InputText::Guidance),
    ("cfg_scale", InputText::Guidance),
    ("cfg_weight", InputText::Guidance),
    ("ckpt_name", InputText::Model),
    ("clip_name", InputText::TextEncoder),
    ("clip_name1", InputText::TextEncoder1),
    ("clip_name2", InputText::TextEncoder2),
    ("color", InputText::Color),
    ("control_net_name", InputText::Controlnet),
    ("crop", InputText::Crop),
    ("denoise", InputText::Denoising),
    ("device", InputText::Device),
    ("duration", InputText::Duration),
    ("end_at_step", InputText::LastStep),
    ("end_percent", InputText::End),
    ("file", InputText::File),
    ("filename_prefix", InputText::FileName),
    ("format", InputText::Format),
    ("fps", InputText::FramesPerSecond),
    ("frame_rate", InputText::FramesPerSecond),
    ("generate_audio", InputText::GenerateAudio),
    ("guidance", InputText::Guidance),
    ("guidance_scale", InputText::Guidance),
    ("height", InputText::Height),
    ("image", InputText::Image),
    ("instruction", InputText::Instruction),
    ("language", InputText::Language),
    ("length", InputText::Frames),
    ("lora_name", InputText::Lora),
    ("lyrics", InputText::Lyrics),
    ("mask", InputText::Mask),
    ("max_length", InputText::MaxAnswerLength),
    ("max_new_tokens", InputText::MaxAnswerLength),
    ("megapixels", InputText::Megapixels),
    ("model", InputText::Model),
    ("model_name", InputText::Model),
    ("negative", InputText::NegativePrompt),
    ("negative_prompt", InputText::NegativePrompt),
    ("noise_seed", InputText::Seed),
    ("positive", InputText::Prompt),
    ("positive_prompt", InputText::Prompt),
    ("prompt", InputText::Prompt),
    ("quality", InputText::Quality),
    ("question", InputText::Question),
    ("resolution", InputText::Resolution),
    ("sampler_name", InputText::Sampler),
    ("scale_by", InputText::ScaleBy),
    ("scheduler", InputText::Scheduler),
    ("seconds", InputText::Seconds),
    ("seed", InputText::Seed),
    ("shift", InputText::Shift),
    ("start_at_step", InputText::FirstStep),
    ("start_percent", InputText::Start),
    ("steps", InputText::Steps),
    ("strength", InputText::Strength),
    ("strength_clip", InputText::TextStrength),
    ("strength_model", InputText::Strength),
    ("style", InputText::Style),
    ("system_prompt", InputText::SystemPrompt),
    ("tags", InputText::Tags),
    ("temperature", InputText::Temperature),
    ("text", InputText::Text),
    ("thinking", InputText::Thinking),
    ("top_k", InputText::TopK),
    ("top_p", InputText::TopP),
    ("unet_name", InputText::Model),
    ("upscale_method", InputText::ScalingMethod),
    ("vae_name", InputText::Vae),
    ("value", InputText::Value),
    ("video", InputText::Video),
    ("watermark", InputText::Watermark),
    ("weight_dtype", InputText::Precision),
    ("width", InputText::Width),
];

/// The label of an input: from the list, else its own name with blanks and a capital.
pub(super) fn input_label(name: &str) -> Label {
    if let Some((_, text)) = INPUTS.iter().find(|(known, _)| *known == name) {
        return text.label();
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
    let text = match why {
        Fixed::Drawn => FixedText::Drawn,
        Fixed::Several => FixedText::Several,
        Fixed::File => FixedText::File,
        Fixed::Branches => FixedText::Branches,
        Fixed::Long => FixedText::Long,
        Fixed::Unknown => FixedText::Unknown,
    };
    text.label()
}

/// Names the switch of a row.
pub(super) fn is_on() -> Label {
    InputText::On.label()
}

/// Names a form whose file says nothing.
pub(super) fn untitled() -> Label {
    WorkflowText::Untitled.label()
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
        assert!(INPUTS.is_sorted_by_key(|(name, _)| *name));
    }
}
