//! A workflow of a thousand nodes: as a prompt, in the editor's format, and what a server says of
//! its classes. Invariant: both formats come to the same prompt.

mod editor;

use serde_json::{Map, Value, json};

use crate::page::Page;
use crate::trouble::Outcome;

pub use editor::editor;

/// How many nodes a part of the workflow has, in either format.
const PART: usize = 20;
/// What one part counts further than the part before.
const IDS: usize = 25;
/// The nodes of the subgraph count from here.
const INNER: usize = 900_000;

/// What a server answers to `/object_info`, for these classes.
pub fn classes() -> Value {
    let choice = |start: &str, count: usize| {
        let options: Vec<String> = (0..count).map(|n| format!("{start}_{n:03}")).collect();
        json!([options, {"tooltip": "One of those that lie on the server."}])
    };
    let whole = |least: i64, most: u64, step: u64, at: u64| {
        json!(["INT", {"default": at, "min": least, "max": most, "step": step,
            "tooltip": "A whole number, within the bounds that the class sets."}])
    };
    let float = |least: f64, most: f64| {
        json!(["FLOAT", {"default": 1.0, "min": least, "max": most, "step": 0.01, "round": 0.001,
            "tooltip": "How strongly it counts. Higher values follow more closely."}])
    };
    let link = |kind: &str| json!([kind, {"tooltip": "What another node gives."}]);
    let seed = json!(["INT", {"default": 0, "min": 0, "max": u64::MAX,
        "control_after_generate": true, "tooltip": "The random seed."}]);
    let mut all = Map::new();
    let mut add = |name: &str, title: &str, inputs: &[(&str, Value)], outputs: &[&str]| {
        let order: Vec<&str> = inputs.iter().map(|(input, _)| *input).collect();
        let required: Map<String, Value> =
            inputs.iter().map(|(input, said)| ((*input).to_owned(), said.clone())).collect();
        let entry = json!({
            "input": {"required": required}, "input_order": {"required": order},
            "output": outputs, "output_is_list": vec![false; outputs.len()],
            "output_name": outputs, "name": name, "display_name": title,
            "description": "", "python_module": "nodes", "category": "large",
            "output_node": outputs.is_empty(),
        });
        all.insert(name.to_owned(), entry);
    };
    let sampler = [
        ("model", link("MODEL")),
        ("seed", seed),
        ("steps", whole(1, 10_000, 1, 20)),
        ("cfg", float(0.0, 100.0)),
        ("sampler_name", choice("sampler", 44)),
        ("scheduler", choice("scheduler", 9)),
        ("positive", link("CONDITIONING")),
        ("negative", link("CONDITIONING")),
        ("latent_image", link("LATENT")),
        ("denoise", float(0.0, 1.0)),
    ];
    let sizes = [("width", whole(16, 16_384, 8, 512)), ("height", whole(16, 16_384, 8, 512))];
    let [width, height] = sizes;
    let checkpoint = [("ckpt_name", choice("checkpoint", 60))];
    add("CheckpointLoaderSimple", "Load Checkpoint", &checkpoint, &["MODEL", "CLIP", "VAE"]);
    let lora = [
        ("model", link("MODEL")),
        ("clip", link("CLIP")),
        ("lora_name", choice("lora", 400)),
        ("strength_model", float(-100.0, 100.0)),
        ("strength_clip", float(-100.0, 100.0)),
    ];
    add("LoraLoader", "Load LoRA", &lora, &["MODEL", "CLIP"]);
    let text = json!(["STRING", {"multiline": true, "dynamicPrompts": true}]);
    let encode = [("text", text), ("clip", link("CLIP"))];
    add("CLIPTextEncode", "CLIP Text Encode (Prompt)", &encode, &["CONDITIONING"]);
    let latent = [width.clone(), height.clone(), ("batch_size", whole(1, 4_096, 1, 1))];
    add("EmptyLatentImage", "Empty Latent Image", &latent, &["LATENT"]);
    add("KSampler", "KSampler", &sampler, &["LATENT"]);
    let decode = [("samples", link("LATENT")), ("vae", link("VAE"))];
    add("VAEDecode", "VAE Decode", &decode, &["IMAGE"]);
    let pixels = [("pixels", link("IMAGE")), ("vae", link("VAE"))];
    add("VAEEncode", "VAE Encode", &pixels, &["LATENT"]);
    let picture = json!([["example.png"], {"image_upload": true}]);
    add("LoadImage", "Load Image", &[("image", picture)], &["IMAGE", "MASK"]);
    let scale = [
        ("image", link("IMAGE")),
        ("upscale_method", choice("method", 5)),
        width,
        height,
        ("crop", choice("crop", 2)),
    ];
    add("ImageScale", "Upscale Image", &scale, &["IMAGE"]);
    let blend = [
        ("image1", link("IMAGE")),
        ("image2", link("IMAGE")),
        ("blend_factor", float(0.0, 1.0)),
        ("blend_mode", choice("mode", 6)),
    ];
    add("ImageBlend", "Blend Images", &blend, &["IMAGE"]);
    let prefix = json!(["STRING", {"default": "ComfyUI", "tooltip": "How the file name begins."}]);
    let save = [("images", link("IMAGE")), ("filename_prefix", prefix)];
    add("SaveImage", "Save Image", &save, &[]);
    add(
        "ConditioningZeroOut",
        "ConditioningZeroOut",
        &[("conditioning", link("CONDITIONING"))],
        &["CONDITIONING"],
    );
    let repeat = [("samples", link("LATENT")), ("amount", whole(1, 64, 1, 1))];
    add("RepeatLatentBatch", "Repeat Latent Batch", &repeat, &["LATENT"]);
    let invert = [("image", link("IMAGE"))];
    add("ImageInvert", "Invert Image", &invert, &["IMAGE"]);
    add("PreviewImage", "Preview Image", &[("images", link("IMAGE"))], &[]);
    Value::Object(all)
}

/// Lets the page know these classes, as if it had asked the server for them.
pub async fn describe(page: &Page) -> Outcome {
    let keep = "arguments[0].forEach(([name, reply]) =>\
        localStorage.setItem('pilotlight.class.' + name, JSON.stringify(\
        { endpoint: 'openai serverless-comfyui', said: Date.now(), reply })))";
    let classes = classes();
    let all = classes.as_object().into_iter().flatten();
    let replies: Vec<Value> =
        all.map(|(name, entry)| json!([name, json!({ name: entry }).to_string()])).collect();
    page.js(keep, &[json!(replies)]).await.map(drop)
}

/// What an input holds.
enum Held {
    Typed(Value),
    /// An output of another node.
    Fed(String, usize),
}

struct Node {
    /// That of a node in a subgraph has the subgraph's before it.
    id: String,
    class: &'static str,
    inputs: Vec<(&'static str, Held)>,
}

/// One part: what makes a picture, blends it with a loaded one, and details the result.
fn part(number: usize, mark: &str) -> Vec<Node> {
    let base = number * IDS;
    // One in five begins with a picture and a size of its own.
    let is_first = number.is_multiple_of(5);
    let id = |n: usize| (base + n).to_string();
    let inner = |n: usize| format!("{}:{}", base + 17, INNER + n);
    let fed = |n: usize, slot: usize| Held::Fed(id(n), slot);
    let typed = Held::Typed;
    let node = |n: usize, class, inputs| Node { id: id(n), class, inputs };
    let prompt = format!("picture {number} of a lighthouse in the fog, seen from the sea {mark}");
    let lora = |n: usize, from: usize, of: usize| {
        node(
            n,
            "LoraLoader",
            vec![
                ("model", fed(from, 0)),
                ("clip", fed(from, 1)),
                ("lora_name", typed(json!(format!("lora_{:03}", (number * 7 + of) % 400)))),
                ("strength_model", typed(json!(0.8))),
                ("strength_clip", typed(json!(1.0))),
            ],
        )
    };
    // `kind`: the subgraph's own is the same in every part.
    let sampler = |id: String, latent: Held, denoise: f64, kind: usize| Node {
        id,
        class: "KSampler",
        inputs: vec![
            ("model", fed(3, 0)),
            ("seed", typed(json!(1_000 + kind))),
            ("steps", typed(json!(20 + kind % 10))),
            ("cfg", typed(json!(7.5))),
            ("sampler_name", typed(json!(format!("sampler_{:03}", kind % 44)))),
            ("scheduler", typed(json!("scheduler_001"))),
            ("positive", fed(4, 0)),
            ("negative", fed(5, 0)),
            ("latent_image", latent),
            ("denoise", typed(json!(denoise))),
        ],
    };
    let text = |n, text: &str| {
        node(n, "CLIPTextEncode", vec![("text", typed(json!(text))), ("clip", fed(3, 1))])
    };
    let save = |n, start: &str, from: Held| {
        let prefix = typed(json!(format!("{start}{number}")));
        node(n, "SaveImage", vec![("images", from), ("filename_prefix", prefix)])
    };
    let of_vae = |id, class, input, from| Node {
        id,
        class,
        inputs: vec![(input, from), ("vae", fed(1, 2))],
    };
    let size = |n, class, more: Vec<(&'static str, Held)>| {
        let size = [("width", typed(json!(768))), ("height", typed(json!(512)))];
        node(n, class, size.into_iter().chain(more).collect())
    };
    let checkpoint = typed(json!(format!("checkpoint_{:03}", number % 60)));
    vec![
        node(1, "CheckpointLoaderSimple", vec![("ckpt_name", checkpoint)]),
        lora(2, 1, 1),
        lora(3, 2, 2),
        text(4, &prompt),
        match is_first {
            true => text(5, "blurry, low quality, watermark"),
            false => node(5, "ConditioningZeroOut", vec![("conditioning", fed(4, 0))]),
        },
        match is_first {
            true => size(6, "EmptyLatentImage", vec![("batch_size", typed(json!(1)))]),
            false => {
                let samples = Held::Fed((base - IDS + 6).to_string(), 0);
                let amount = ("amount", typed(json!(1)));
                node(6, "RepeatLatentBatch", vec![("samples", samples), amount])
            }
        },
        sampler(id(7), fed(6, 0), 1.0, number),
        of_vae(id(8), "VAEDecode", "samples", fed(7, 0)),
        match is_first {
            true => node(9, "LoadImage", vec![("image", typed(json!("example.png")))]),
            false => node(9, "ImageInvert", vec![("image", fed(8, 0))]),
        },
        size(
            10,
            "ImageScale",
            vec![
                ("image", fed(9, 0)),
                ("upscale_method", typed(json!("method_001"))),
                ("crop", typed(json!("crop_000"))),
            ],
        ),
        of_vae(id(11), "VAEEncode", "pixels", fed(10, 0)),
        sampler(id(12), fed(11, 0), 0.6, number),
        of_vae(id(13), "VAEDecode", "samples", fed(12, 0)),
        node(
            14,
            "ImageBlend",
            vec![
                ("image1", fed(8, 0)),
                ("image2", fed(13, 0)),
                ("blend_factor", typed(json!(0.5))),
                ("blend_mode", typed(json!("mode_002"))),
            ],
        ),
        save(15, "blended-", fed(14, 0)),
        node(16, "PreviewImage", vec![("images", fed(13, 0))]),
        of_vae(inner(1), "VAEEncode", "pixels", fed(14, 0)),
        sampler(inner(2), Held::Fed(inner(1), 0), 0.3, 0),
        of_vae(inner(3), "VAEDecode", "samples", Held::Fed(inner(2), 0)),
        save(18, "detailed-", Held::Fed(inner(3), 0)),
    ]
}

fn all(nodes: usize, mark: &str) -> impl Iterator<Item = Node> {
    (0..nodes / PART).flat_map(move |number| part(number, mark))
}

/// A prompt. `mark`: stands in its texts, so that another one makes another workflow.
pub fn prompt(nodes: usize, mark: &str) -> Value {
    let entry = |node: Node| {
        let inputs = node.inputs.into_iter().map(|(name, held)| {
            let value = match held {
                Held::Typed(value) => value,
                Held::Fed(from, slot) => json!([from, slot]),
            };
            (name.to_owned(), value)
        });
        let inputs: Map<String, Value> = inputs.collect();
        (node.id, json!({"class_type": node.class, "inputs": inputs}))
    };
    Value::Object(all(nodes, mark).map(entry).collect())
}
