//! `seeds FIXTURES CORPUS` makes of what real servers and programs wrote what a fuzzer begins with:
//! a folder for each target, the parts of an input with a zero byte between them.

use pilotlight_engine::archive::{Archive, Crc};
use pilotlight_engine::graph;
use pilotlight_engine::time::At;
use serde_json::{Map, Value};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// A fuzzer changes little in what is long.
const LONGEST: usize = 48 << 10;

fn main() -> io::Result<()> {
    let arguments: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    let [fixtures, corpus] = arguments.as_slice() else {
        return Err(io::Error::other("usage: seeds FIXTURES CORPUS"));
    };
    let mut files = Vec::new();
    collect(fixtures, &mut files)?;
    files.sort();
    let info = parsed(&fs::read(fixtures.join("ui-to-api/object_info.json"))?);
    let mut seeds = Seeds { corpus, count: 0 };
    for file in &files {
        seeds.of(file, &fs::read(file)?, &info)?;
    }
    for (name, entry) in info.as_object().into_iter().flatten().step_by(5) {
        let one = Value::Object(Map::from_iter([(name.clone(), entry.clone())]));
        seeds.put("classes", &[one.to_string().as_bytes()])?;
    }
    for text in KEPT {
        seeds.put("stored", &[text.as_bytes()])?;
    }
    for text in [CARRIED, ""] {
        let mut archive = Archive::default();
        let crc = Crc::of(text.as_bytes());
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

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else {
            files.push(path);
        }
    }
    Ok(())
}

fn parsed(bytes: &[u8]) -> Value {
    serde_json::from_slice(bytes).unwrap_or_default()
}

struct Seeds<'a> {
    corpus: &'a Path,
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

    fn of(&mut self, file: &Path, bytes: &[u8], info: &Value) -> io::Result<()> {
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        let value = parsed(bytes);
        if let Some(response) = value.get("response") {
            let body = response.get("body_json").map(Value::to_string);
            let text = || response.get("body_text")?.as_str().map(str::to_owned);
            return match body.or_else(text) {
                Some(body) => self.put("reply", &[body.as_bytes()]),
                None => Ok(()),
            };
        }
        self.put("open", &[bytes])?;
        if graph::is_graph(&value) {
            let classes = only(info, &graph::classes(&value));
            self.put("convert", &[&classes, bytes])?;
        } else if name == "api.json" || name.starts_with("janus") {
            let nodes = value.as_object().into_iter().flatten();
            let class = |(_, node): (&String, &Value)| Some(node.get("class_type")?.to_string());
            let named: Vec<String> = nodes.filter_map(class).collect();
            let named: Vec<String> = named.iter().map(|name| name.replace('"', "")).collect();
            self.put("form", &[bytes, &only(info, &named)])?;
            self.put("json", &[bytes])?;
        }
        Ok(())
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
