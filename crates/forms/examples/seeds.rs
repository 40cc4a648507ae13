//! `seeds CORPUS` makes of what real servers and programs wrote what a fuzzer begins with:
//! a folder for each target, the parts of an input with a zero byte between them.

use pilotlight_comfy::graph;
use pilotlight_comfy::time::At;
use pilotlight_fixtures::{Example, VERSIONS, all_posted, examples, files, recordings};
use pilotlight_forms::archive::{Archive, CRC};
use serde_json::{Map, Value};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// A fuzzer changes little in what is long.
const LONGEST: usize = 48 << 10;

fn main() -> io::Result<()> {
    let arguments: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    let [corpus] = arguments.as_slice() else {
        return Err(io::Error::other("usage: seeds CORPUS"));
    };
    let info = parsed(pilotlight_fixtures::object_info().as_bytes());
    let mut seeds = Seeds { corpus, info: &info, count: 0 };
    seeds.replies()?;
    for example in ["strict", "odd"].into_iter().flat_map(examples) {
        seeds.example(&example)?;
    }
    for posted in all_posted() {
        seeds.put("open", &[posted.body.as_bytes()])?;
        seeds.graph(posted.ui.as_bytes())?;
    }
    for path in ["pictures", "comfyui"].into_iter().flat_map(files) {
        if !path.ends_with(".json") {
            seeds.put("open", &[&pilotlight_fixtures::bytes(&path)])?;
        }
    }
    for path in files("workflows") {
        let text = pilotlight_fixtures::text(&path);
        seeds.put("open", &[text.as_bytes()])?;
        if path.contains("janus") {
            seeds.prompt(text.as_bytes())?;
        }
    }
    for (name, entry) in info.as_object().into_iter().flatten().step_by(5) {
        let one = Value::Object(Map::from_iter([(name.clone(), entry.clone())]));
        seeds.put("classes", &[one.to_string().as_bytes()])?;
    }
    for path in files("events") {
        seeds.put("events", &[&pilotlight_fixtures::bytes(&path)])?;
    }
    for text in KEPT {
        seeds.put("stored", &[text.as_bytes()])?;
    }
    for text in [CARRIED, ""] {
        let mut archive = Archive::default();
        let crc = CRC.checksum(text.as_bytes());
        let head = archive.head("0001 a.json", crc, text.len() as u64, At(0));
        let head = head.map_err(|_| io::Error::other("no room in an archive"))?;
        seeds.put("archive", &[&[&head, text.as_bytes(), &archive.tail()].concat()])?;
    }
    seeds.put("archive", &[CARRIED.as_bytes()])?;
    for text in CONFIGS {
        seeds.put("config", &[text.as_bytes()])?;
    }
    for file in PACKAGES {
        let values = r#"{"v":1,"fields":{"2.prompt":{"text":"a"},"2.api_key":{"text":"k"}}}"#;
        let said = format!(r#"{{"form":{},"values":{values}}}"#, parsed(file.as_bytes()));
        seeds.put("share", &[said.as_bytes()])?;
    }
    seeds.put("share", &[b"share=1.AQAA__8"])?;
    for text in NUMBERS {
        seeds.put("json", &[text.as_bytes()])?;
    }
    println!("{} seeds", seeds.count);
    Ok(())
}

fn parsed(bytes: &[u8]) -> Value {
    serde_json::from_slice(bytes).unwrap_or_default()
}

struct Seeds<'a> {
    corpus: &'a Path,
    /// The class descriptions.
    info: &'a Value,
    count: usize,
}

impl Seeds<'_> {
    fn put(&mut self, target: &str, parts: &[&[u8]]) -> io::Result<()> {
        let mut seed = parts.join(&0);
        if !["json", "open", "archive"].contains(&target) {
            seed.push(0);
            seed.extend(script(self.count));
        }
        if seed.len() > LONGEST {
            return Ok(());
        }
        let folder = self.corpus.join(target);
        fs::create_dir_all(&folder)?;
        self.count += 1;
        fs::write(folder.join(format!("seed-{}", self.count)), seed)
    }

    /// What servers answered.
    fn replies(&mut self) -> io::Result<()> {
        let folders = VERSIONS.map(|version| format!("comfyui/{version}"));
        for folder in folders.iter().map(String::as_str).chain(["kubeai/0.17"]) {
            for recording in recordings(folder) {
                let body = recording.body();
                if !body.is_empty() {
                    self.put("reply", &[&body])?;
                }
            }
        }
        Ok(())
    }

    fn example(&mut self, example: &Example) -> io::Result<()> {
        self.graph(example.ui.as_bytes())?;
        self.put("open", &[example.api.as_bytes()])?;
        self.prompt(example.api.as_bytes())
    }

    /// A workflow of the editor, with the classes it needs.
    fn graph(&mut self, text: &[u8]) -> io::Result<()> {
        self.put("open", &[text])?;
        let classes = only(self.info, &graph::classes(&parsed(text)));
        self.put("convert", &[&classes, text])
    }

    /// A prompt, with the classes it needs.
    fn prompt(&mut self, text: &[u8]) -> io::Result<()> {
        let value = parsed(text);
        let nodes = value.as_object().into_iter().flatten();
        let class =
            |(_, node): (&String, &Value)| node.get("class_type")?.as_str().map(str::to_owned);
        let named: Vec<String> = nodes.filter_map(class).collect();
        self.put("form", &[text, &only(self.info, &named)])?;
        self.put("json", &[text])
    }
}

/// What to change in a seed: any bytes do.
fn script(seed: usize) -> impl Iterator<Item = u8> {
    let mut bits = seed as u64;
    (0..60).map(move |_| {
        bits = bits.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (bits >> 56) as u8
    })
}

/// The descriptions of these classes.
fn only(info: &Value, classes: &[String]) -> Vec<u8> {
    let known = |name: &String| Some((name.clone(), info.get(name)?.clone()));
    Value::Object(classes.iter().filter_map(known).collect()).to_string().into_bytes()
}

const KEPT: [&str; 5] = [
    r#"{"v":1,"prompt_id":"a-b","has_pictures":true,"posts":2,"cancelled":false,"pressed":1795336019932}"#,
    r#"{"v":1,"fields":{"2.prompt":{"text":"a"},"8:7.a%20b":{"switch":true},"5.image":{"picture":{"name":"a.png","size_bytes":18446744073709551615,"hash":"a1"}},"6.image":{"picture":null}}}"#,
    r#"[{"name":"A","drafts":{"v":1,"fields":{"2.prompt":{"text":"a"}}}},{"name":" B ","drafts":{"v":1,"fields":{}}}]"#,
    r#"{"a":[1,2,3],"b":[18446744073709551615]}"#,
    "8:7%2e1.a%20b",
];
const CARRIED: &str = r#"{"is":"pilotlight result","v":1,"file":null,"row":{"v":1,"key":"01795336019932 a-b 0003","run":"a-b","number":3,"at":1795336019932,"form":"f","prompt":"p","seed":18446744073709551615,"ran_ms":null,"group":null,"pictures":["a1"],"piece":{"text":"t"},"is_starred":true,"is_pinned":false},"run":{"v":1,"id":"a-b","number":3,"endpoint":"e","form":"f","workflow_title":"F","title":"p","drafts":{"v":1,"fields":{"2.prompt":{"text":"p"}}},"workflow":{"2":{"class_type":"A","inputs":{"seed":1,"model":["1",0]}}},"pressed":1795336019932,"ended":1795336020932,"waking_ms":null,"in_line_ms":1,"running_ms":2,"server":"0.33.0","failure":null}}"#;
const PACKAGES: [&str; 2] = [
    include_str!("../../../public/workflows/janus-text-to-image.json"),
    include_str!("../../../public/workflows/janus-image-understanding.json"),
];
const CONFIGS: [&str; 4] = [
    r#"{"title":{"en":"A","zh":"啊"},"endpoint":"https://[::1]:8188/openai","model":"m","transport":"direct","workflows":["a.json"],"languages":["en","zh-CN"],"language":"zh","theme":"dark"}"#,
    r#"{"price_per_gpu_hour":1.5,"currency":"¥","wake_hint_seconds":[1,2],"wake_limit_seconds":900,"reach_limit_seconds":900,"idle_delay_seconds":30,"limit_per_day":5,"limit_per_month":50,"_note":1,"odd":2}"#,
    "https://host:80/openai/",
    "/gpu//",
];
const NUMBERS: [&str; 6] = [
    "18446744073709551615",
    "-9223372036854775808",
    "1,024.5",
    "{\"a\":[NaN,-Infinity,1e-7]}",
    "Sun, 22 Nov 2026 08:26:54 GMT",
    "０．９５",
];
