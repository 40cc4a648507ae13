//! What each node class does: how long it takes, what it makes, how it fails.
//!
//! Invariant: the Janus nodes make cheap, pretty things; everything else behaves as recorded.

use std::sync::Arc;

use crate::comfy::disk::{Disk, Folder, Sketch};
use crate::comfy::python::python_text;
use crate::comfy::samples;
use crate::json::{Json, map, strings};
use crate::params::{Params, RunFails, Version};
use crate::rng::{self, Rng};

/// What a node hands to the nodes behind it.
#[derive(Clone, Debug)]
pub enum Product {
    Nothing,
    Pictures { seed: u64, words: Arc<str>, count: u64 },
    Picture { width: u32, height: u32 },
    Text(Arc<str>),
}

/// A node that ended well.
#[derive(Debug)]
pub struct Made {
    pub product: Product,
    /// What the history shows of it.
    pub shown: Option<Json>,
}

/// A node that ended badly.
#[derive(Debug)]
pub struct Broken {
    pub kind: &'static str,
    pub message: String,
}

/// What a node sees when it runs.
pub struct Bench<'a> {
    pub params: &'a Params,
    pub disk: &'a mut Disk,
    pub rng: &'a mut Rng,
    pub now_ms: u64,
    pub graph_text: &'a str,
    /// `extra_data` of the POST.
    pub extra: &'a Json,
}

/// Orders a person can put into a prompt: `[sleep=20] [error] [oom] [kill] [empty] [answer=…]`, and of
/// the nodes that save, a file instead of pictures: `[file=clip.webm]`, several times even.
#[derive(Debug, Default, PartialEq)]
pub struct Words {
    pub sleep_ms: Option<u64>,
    pub error: bool,
    pub oom: bool,
    pub kill: bool,
    pub empty: bool,
    pub answer: Option<String>,
    pub files: Vec<String>,
}

impl Words {
    /// Finds the orders in a text.
    pub fn of(text: &str) -> Self {
        let mut words = Self::default();
        if !text.contains('[') {
            return words;
        }
        for piece in text.split('[').skip(1) {
            let Some((order, _)) = piece.split_once(']') else { continue };
            match order.split_once('=').unwrap_or((order, "")) {
                ("sleep", seconds) => {
                    words.sleep_ms = seconds
                        .parse()
                        .ok()
                        .filter(|s| (0.0..1e6).contains(s))
                        .map(|s: f64| (s * 1000.0) as u64)
                }
                ("error", _) => words.error = true,
                ("oom", _) => words.oom = true,
                ("kill", _) => words.kill = true,
                ("empty", _) => words.empty = true,
                ("file", name) if !name.is_empty() && !name.contains(['/', '\\']) => {
                    words.files.push(name.to_owned());
                }
                ("answer", text) => words.answer = Some(text.to_owned()),
                _ => {}
            }
        }
        words
    }
}

/// How long a node will take.
pub struct Duration {
    pub ms: u64,
    /// It kills the pod half way.
    pub kills: bool,
}

/// How long a node with these inputs will take; one that will fail does so half way.
pub fn duration(
    class: &str,
    inputs: &Json,
    params: &Params,
    model_loaded: bool,
    rng: &mut Rng,
) -> Duration {
    let (text, middle) = match class {
        "JanusImageGeneration" => ("prompt", params.run_ms),
        "JanusImageUnderstanding" => ("question", params.understand_ms),
        "JanusModelLoader" => {
            return Duration { ms: if model_loaded { 1 } else { params.load_ms }, kills: false };
        }
        "SaveImage" | "PreviewImage" => return Duration { ms: 40, kills: false },
        "LoadImage" => return Duration { ms: 15, kills: false },
        _ => return Duration { ms: 2, kills: false },
    };
    let words = Words::of(inputs.get(text).and_then(Json::as_str).unwrap_or(""));
    let ms = words.sleep_ms.unwrap_or_else(|| rng.around(middle, params.run_jitter_ms));
    let fails = words.error || words.oom || params.run_fails != RunFails::No;
    Duration { ms: if fails { ms / 2 } else { ms }, kills: words.kill }
}

/// Runs a node; `upstream` gives what the node behind a link made.
pub fn run<'p>(
    class: &str,
    id: &str,
    inputs: &Json,
    upstream: &dyn Fn(&Json) -> Option<&'p Product>,
    bench: &mut Bench<'_>,
) -> Result<Made, Broken> {
    match class {
        "JanusModelLoader" => match inputs.get("model_name").and_then(Json::as_str) {
            Some(name) if name.ends_with("1B") => {
                let message = "Local model not found at /app/models/Janus-Pro/Janus-Pro-1B. Please download the model and place it in the ComfyUI/models/Janus-Pro folder.\n";
                broken("ValueError", message)
            }
            _ => Ok(Made { product: Product::Nothing, shown: None }),
        },
        "JanusImageGeneration" => generate(inputs, bench.params),
        "JanusImageUnderstanding" => understand(inputs, upstream, bench.params),
        "LoadImage" => load(inputs, bench),
        "SaveImage" | "PreviewImage" => save(class == "PreviewImage", inputs, upstream, bench),
        "ShowText|pysssss" => show(id, inputs, upstream, bench),
        "SaveText|pysssss" => write(inputs, upstream, bench),
        _ => Ok(Made { product: Product::Nothing, shown: None }),
    }
}

fn broken<T>(kind: &'static str, message: impl Into<String>) -> Result<T, Broken> {
    Err(Broken { kind, message: message.into() })
}

fn ordered_failure(words: &Words, params: &Params) -> Result<(), Broken> {
    if words.oom || params.run_fails == RunFails::OutOfMemory {
        return broken(
            "torch.OutOfMemoryError",
            "CUDA out of memory. Tried to allocate 2.00 GiB (simulated)\nThis error means you ran out of memory on your GPU.\n\nTIPS: If the workflow worked before you might have accidentally set the batch_size to a large number.",
        );
    }
    if words.error || params.run_fails == RunFails::Error {
        return broken("RuntimeError", "JANUS_STUB: simulated failure inside the node\n");
    }
    Ok(())
}

fn generate(inputs: &Json, params: &Params) -> Result<Made, Broken> {
    let prompt = inputs.get("prompt").map(python_text).unwrap_or_default();
    ordered_failure(&Words::of(&prompt), params)?;
    let whole = |name| if let Some(Json::Int(n)) = inputs.get(name) { *n as u64 } else { 0 };
    let seed = rng::mix(whole("seed")) ^ rng::hash(prompt.as_bytes());
    let product =
        Product::Pictures { seed, words: prompt.into(), count: whole("batch_size").clamp(1, 16) };
    Ok(Made { product, shown: None })
}

fn understand<'p>(
    inputs: &Json,
    upstream: &dyn Fn(&Json) -> Option<&'p Product>,
    params: &Params,
) -> Result<Made, Broken> {
    let question = inputs.get("question").map(python_text).unwrap_or_default();
    let words = Words::of(&question);
    ordered_failure(&words, params)?;
    let (width, height) = match inputs.get("image").and_then(upstream) {
        Some(Product::Picture { width, height }) => (*width, *height),
        _ => (params.picture_px as u32, params.picture_px as u32),
    };
    let chinese = question.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
    let answer = match words.answer {
        Some(answer) => answer,
        None if words.empty => String::new(),
        None if chinese => format!(
            "这张图片宽 {width} 像素，高 {height} 像素。这是模拟器给出的示例回答，并没有真正的模型看过它。\n\n您的问题：{question}"
        ),
        None => format!(
            "The image is {width} by {height} pixels. This is a pretend answer: no model has looked at it.\n\nQuestion was: {question}"
        ),
    };
    Ok(Made { product: Product::Text(answer.into()), shown: None })
}

fn load(inputs: &Json, bench: &mut Bench<'_>) -> Result<Made, Broken> {
    let name = inputs.get("image").and_then(Json::as_str).unwrap_or("");
    match bench.disk.annotated(name).and_then(|file| file.size()) {
        Some((width, height)) => {
            Ok(Made { product: Product::Picture { width, height }, shown: None })
        }
        None if bench.params.version == Version::V0_33_0 => broken(
            "av.error.InvalidDataError",
            format!(
                "[Errno 1094995529] Invalid data found when processing input: '/app/input/{name}'\n"
            ),
        ),
        None => broken(
            "PIL.UnidentifiedImageError",
            format!("cannot identify image file '/app/input/{name}'\n"),
        ),
    }
}

fn save<'p>(
    preview: bool,
    inputs: &Json,
    upstream: &dyn Fn(&Json) -> Option<&'p Product>,
    bench: &mut Bench<'_>,
) -> Result<Made, Broken> {
    let px = bench.params.picture_px as u32;
    let (seed, words, count) = match inputs.get("images").and_then(upstream) {
        Some(Product::Pictures { seed, words, count }) => (*seed, words.clone(), *count),
        _ => (0, "".into(), 1),
    };
    let folder = if preview { Folder::Temp } else { Folder::Output };
    let files = Words::of(&words).files;
    if !files.is_empty() {
        return Ok(samples::save(&files, folder, bench.disk, bench.now_ms));
    }
    let prefix = if preview {
        let letters: String =
            (0..5).map(|_| char::from(b'a' + bench.rng.below(26) as u8)).collect();
        format!("ComfyUI_temp_{letters}")
    } else {
        let given = inputs.get("filename_prefix").and_then(Json::as_str).unwrap_or("ComfyUI");
        given.replace("%width%", &px.to_string()).replace("%height%", &px.to_string())
    };
    let (subfolder, name) = prefix.rsplit_once('/').unwrap_or(("", &prefix));
    let first = bench.disk.next_number(folder, &prefix);
    let mut images = Vec::new();
    for i in 0..count {
        let filename = format!(
            "{}_{:05}_.png",
            name.replace("%batch_num%", &i.to_string()),
            u64::from(first) + i
        );
        let path =
            if subfolder.is_empty() { filename.clone() } else { format!("{subfolder}/{filename}") };
        let sketch = Sketch::new(rng::mix(seed.wrapping_add(i)), &words, px, chunks(bench));
        bench.disk.sketch(folder, &path, sketch, bench.now_ms);
        images.push(map([
            ("filename", filename.into()),
            ("subfolder", subfolder.into()),
            ("type", folder.name().into()),
        ]));
    }
    Ok(Made { product: Product::Nothing, shown: Some(map([("images", Json::List(images))])) })
}

/// The graph and every member of `extra_pnginfo`, as a PNG carries them.
fn chunks(bench: &Bench<'_>) -> Vec<(String, String)> {
    let mut chunks = vec![("prompt".to_owned(), bench.graph_text.to_owned())];
    let extra = bench.extra.get("extra_pnginfo").and_then(Json::as_map).unwrap_or_default();
    chunks.extend(extra.iter().map(|(key, value)| (key.clone(), value.python())));
    chunks
}

fn text_behind<'p>(inputs: &Json, upstream: &dyn Fn(&Json) -> Option<&'p Product>) -> String {
    match inputs.get("text") {
        Some(link @ Json::List(_)) => match upstream(link) {
            Some(Product::Text(text)) => text.to_string(),
            _ => String::new(),
        },
        Some(value) => python_text(value),
        None => String::new(),
    }
}

fn show<'p>(
    _id: &str,
    inputs: &Json,
    upstream: &dyn Fn(&Json) -> Option<&'p Product>,
    bench: &mut Bench<'_>,
) -> Result<Made, Broken> {
    if let Some(workflow) = bench.extra.get("extra_pnginfo").and_then(|e| e.get("workflow"))
        && workflow.get("nodes").is_none()
    {
        return broken("KeyError", "'nodes'\n");
    }
    let text = text_behind(inputs, upstream);
    let shown = map([("text", strings([text.as_str()]))]);
    Ok(Made { product: Product::Text(text.into()), shown: Some(shown) })
}

fn write<'p>(
    inputs: &Json,
    upstream: &dyn Fn(&Json) -> Option<&'p Product>,
    bench: &mut Bench<'_>,
) -> Result<Made, Broken> {
    let given = |name| inputs.get(name).and_then(Json::as_str).unwrap_or("");
    let (file, mode) = (given("file"), given("append"));
    if file.is_empty() {
        return broken("ValueError", "No file\n");
    }
    let folder = Folder::named(given("root_dir")).unwrap_or(Folder::Output);
    let text = text_behind(inputs, upstream);
    let old = bench.disk.get(folder, file).map(|f| f.bytes().to_vec());
    if mode == "new only" && old.is_some() {
        return broken(
            "FileExistsError",
            format!("/app/{}/{file} already exists and 'new only' is selected.\n", folder.name()),
        );
    }
    let mut bytes = if mode == "append" { old.unwrap_or_default() } else { Vec::new() };
    if !bytes.is_empty() && inputs.get("insert") == Some(&Json::Bool(true)) {
        bytes.push(b'\n');
    }
    bytes.extend_from_slice(text.as_bytes());
    bench.disk.write(folder, file, bytes, bench.now_ms);
    Ok(Made { product: Product::Text(text.into()), shown: None })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Words) {
        assert_eq!(Words::of(text), expected, "{text}");
    }

    #[test]
    fn orders_in_a_prompt() {
        check("a tiger", Words::default());
        check("a [red] tiger [", Words::default());
        check("x [sleep=1.5] [oom]", Words { sleep_ms: Some(1500), oom: true, ..Words::default() });
        check("[sleep=ages][error]", Words { error: true, ..Words::default() });
        check(
            "[answer=Zeile 1\n你好]",
            Words { answer: Some("Zeile 1\n你好".to_owned()), ..Words::default() },
        );
        let files = vec!["a.wav".to_owned(), "b.glb".to_owned()];
        check("[file=a.wav] [file=b.glb] [file=../c]", Words { files, ..Words::default() });
        check("[kill] [empty]", Words { kill: true, empty: true, ..Words::default() });
    }
}
