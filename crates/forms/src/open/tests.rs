//! Files of every kind made here, and what must come of them; whatever the bytes are, no panic.

use super::*;
use crate::form::PackageRefusal;
use flate2::Compression;
use flate2::write::ZlibEncoder;
use pilotlight_comfy::workflow::Refusal;
use serde_json::{Value, json};
use std::io::Write;

const GRAPH: &str = r#"{"1":{"class_type":"A","inputs":{"seed":18446744073709551615}}}"#;
const PLACED: &str = r#"{"nodes":[{"id":1,"type":"A"}],"links":[],"version":0.4}"#;

fn zlib(text: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(text).expect("memory takes it");
    encoder.finish().expect("memory takes it")
}

/// Type and contents.
type Chunk<'a> = (&'a [u8; 4], &'a [u8]);

/// A PNG of these chunks; its checksums are all wrong.
fn png(chunks: &[Chunk]) -> Vec<u8> {
    let mut file = b"\x89PNG\r\n\x1a\n".to_vec();
    for (kind, body) in [(b"IHDR", &[0; 13][..])].iter().chain(chunks).chain(&[(b"IEND", &[][..])])
    {
        file.extend(u32::try_from(body.len()).expect("a short chunk").to_be_bytes());
        file.extend(*kind);
        file.extend(*body);
        file.extend(*b"\0CRC");
    }
    file
}

/// A WebP whose EXIF has these texts, in either order of bytes.
fn webp(texts: &[&str], high: bool) -> Vec<u8> {
    let u16 = |n: usize| {
        let n = u16::try_from(n).expect("small");
        if high { n.to_be_bytes() } else { n.to_le_bytes() }
    };
    let u32 = |n: usize| {
        let n = u32::try_from(n).expect("small");
        if high { n.to_be_bytes() } else { n.to_le_bytes() }
    };
    let mut exif = if high { b"MM\0*".to_vec() } else { b"II*\0".to_vec() };
    exif.extend(u32(8));
    exif.extend(u16(texts.len()));
    let mut at = 8 + 2 + 12 * texts.len() + 4;
    for text in texts {
        exif.extend([&u16(0x010f)[..], &u16(2), &u32(text.len() + 1), &u32(at)].concat());
        at += text.len() + 1;
    }
    exif.extend(u32(0));
    for text in texts {
        exif.extend(text.bytes().chain([0]));
    }
    let chunk = |kind: &[u8], body: &[u8]| {
        let length = u32::try_from(body.len()).expect("small").to_le_bytes();
        [kind, &length, body, &[0][..body.len() % 2]].concat()
    };
    let body = [b"WEBP".to_vec(), chunk(b"VP8L", &[1, 2, 3]), chunk(b"EXIF", &exif)].concat();
    chunk(b"RIFF", &body)
}

/// An MP3 that has this frame in its tag, with its length as version 2.3 or 2.4 writes it.
fn mp3(version: u8, frame: &[u8]) -> Vec<u8> {
    let [a, b] = [u8::try_from(frame.len() / 128).expect("short"), (frame.len() % 128) as u8];
    let plain = u32::try_from(frame.len()).expect("short").to_be_bytes();
    let length = if version == 4 { [0, 0, a, b] } else { plain };
    let tag = [b"TXXX", &length[..], &[0, 0], frame, &[0; 20]].concat();
    let [a, b] = [u8::try_from(tag.len() / 128).expect("short"), (tag.len() % 128) as u8];
    [b"ID3", &[version, 0, 0, 0, 0, a, b][..], &tag, b"\xff\xfb"].concat()
}

fn safetensors(head: &str) -> Vec<u8> {
    [&(head.len() as u64).to_le_bytes()[..], head.as_bytes(), &[7; 40]].concat()
}

/// What was opened, shortly.
fn said(bytes: &[u8]) -> String {
    match open(bytes) {
        Ok(Opened::Api(prompt)) => format!("api {}", prompt.to_value()),
        Ok(Opened::Editor(workflow)) => format!("editor {workflow}"),
        Ok(Opened::Both { prompt, workflow }) => format!("both {} {workflow}", prompt.to_value()),
        Ok(Opened::Package(package)) => format!("package {}", package.form().id),
        Err(why) => format!("{why:?}"),
    }
}

fn api() -> String {
    format!("api {GRAPH}")
}

fn editor() -> String {
    let value: Value = serde_json::from_str(PLACED).expect("JSON");
    format!("editor {value}")
}

fn both() -> String {
    editor().replace("editor", &format!("both {GRAPH}"))
}

#[track_caller]
fn check(file: impl AsRef<[u8]>, expected: &str) {
    assert_eq!(said(file.as_ref()), expected);
}

#[track_caller]
fn check_other(file: impl AsRef<[u8]>, kind: Kind) {
    assert_eq!(open(file.as_ref()), Err(Unopened::Other { kind }));
}

#[test]
fn json_of_every_shape_is_known() {
    check(GRAPH, &api());
    check(PLACED, &editor());
    check(r#"{"nodes":[{"id":"a","type":"A"}],"version":1}"#.as_bytes(), {
        r#"editor {"nodes":[{"id":"a","type":"A"}],"version":1}"#
    });
    let extra = format!(r#"{{"extra_pnginfo":{{"workflow":{PLACED}}}}}"#);
    let entry = format!(r#"[3,"id",{GRAPH},{extra},["1"]]"#);
    let quoted = |text: &str| Value::from(text).to_string();
    let table = [
        (format!(r#"{{"model":"m","client_id":"c","prompt":{GRAPH}}}"#), api()),
        (format!(r#"{{"prompt":{GRAPH}}}"#), api()),
        (format!(r#"{{"prompt":{GRAPH},"extra_data":{extra}}}"#), both()),
        (format!(r#"{{"prompt":{GRAPH},"extra_data":{{"extra_pnginfo":null}}}}"#), api()),
        (format!(r#"{{"prompt":{GRAPH},"workflow":{{"nodes":[],"links":[]}}}}"#), api()),
        (format!(r#"{{"prompt":"{{","workflow":{}}}"#, quoted(PLACED)), editor()),
        (format!(r#"{{"prompt":{},"workflow":{}}}"#, quoted(GRAPH), quoted(PLACED)), both()),
        (format!(r#"{{"workflow":{PLACED}}}"#), editor()),
        (format!(r#"{{"output":{GRAPH},"workflow":{PLACED}}}"#), both()),
        (entry.clone(), both()),
        (format!(r#"{{"prompt":{entry},"outputs":{{}}}}"#), both()),
        (format!(r#"{{"id":{{"prompt":{entry},"outputs":{{}}}}}}"#), both()),
        (
            format!(
                r#"{{"id":"x","outputs":{{}},"workflow":{{"prompt":{GRAPH},"extra_data":{extra}}}}}"#
            ),
            both(),
        ),
    ];
    for (file, expected) in table {
        check(&file, &expected);
    }
}

#[test]
fn json_of_other_programs_is_told_apart() {
    let table = [
        "[]",
        "{}",
        "5",
        "null",
        "true",
        "\"text\"",
        "[1,2]",
        "[[1]]",
        r#"[1,"id",5,{},[]]"#,
        r#"{"name":"x","version":"1.0.0","dependencies":{"a":"1"}}"#,
        r#"{"class_type":"A","inputs":{}}"#,
        r#"{"prompt":"a cat"}"#,
        r#"{"prompt":{"1":{"inputs":{}}},"client_id":"c"}"#,
        r#"{"queue_running":[],"queue_pending":[]}"#,
        // Lists of nodes as others have them.
        r#"{"nodes":[{"name":"a","type":"x"}],"connections":{},"version":1}"#,
        r#"{"nodes":[{"id":"a","type":"x"}],"connections":{}}"#,
        r#"{"nodes":[{"id":"a"}],"links":[]}"#,
        r#"{"nodes":{"a":{}},"links":[]}"#,
    ];
    for file in table {
        check_other(file, Kind::OtherJson);
    }
    let class = r#"{"input":{"required":{}},"output":[]}"#;
    check_other(format!(r#"{{"A":{class}}}"#), Kind::ObjectInfo);
    check_other(format!(r#"{{"A":{class},"B":{class}}}"#), Kind::ObjectInfo);
    let run = format!(r#"{{"prompt":[1,"a",{GRAPH},{{}},[]],"outputs":{{}}}}"#);
    check_other(format!(r#"{{"a":{run},"b":{run}}}"#), Kind::History);
}

#[test]
fn what_is_wrong_in_a_workflow_is_named() {
    let refused = |refusal: Refusal| format!("{:?}", Unopened::Workflow(refusal));
    check(
        r#"{"1":{"class_type":"A"},"2":{"inputs":{}}}"#,
        &refused(Refusal::NoClass { node: "2".into() }),
    );
    check(
        r#"{"1":{"class_type":"A","inputs":[]}}"#,
        &refused(Refusal::NotANode { node: "1".into() }),
    );
    let gaps = r#"{"links":[null,{"id":1}],"nodes":[{"id":1,"type":"A"}],"version":0.4}"#;
    check(gaps, &["editor ", &gaps.replace("0.4", "1")].concat());
    check(r#"{"nodes":[],"links":[],"version":0.4}"#, &refused(Refusal::NoNodes));
    let nodes = |count| json!(vec![json!({"id": 1, "type": "A"}); count]);
    let many = json!({"links": [], "nodes": nodes(MAX_EDITOR_NODES + 1)}).to_string();
    check(many, &refused(Refusal::TooManyNodes { limit: MAX_EDITOR_NODES }));
    let half = MAX_EDITOR_NODES / 2;
    let inner = |count| json!({"subgraphs": [{"nodes": nodes(half)}, {"nodes": nodes(count)}]});
    let nested = |count| json!({"links": [], "nodes": nodes(1), "definitions": inner(count)});
    check(nested(half).to_string(), &refused(Refusal::TooManyNodes { limit: MAX_EDITOR_NODES }));
    assert!(matches!(open(nested(half - 1).to_string().as_bytes()), Ok(Opened::Editor(_))));
    let deep = |levels| {
        let list = format!("{}{}", "[".repeat(levels), "]".repeat(levels));
        format!(r#"{{"1":{{"class_type":"A","inputs":{{"x":{list}}}}}}}"#)
    };
    check(deep(100), &refused(Refusal::TooDeep { limit: pilotlight_comfy::workflow::MAX_DEPTH }));
    assert!(matches!(open(deep(100_000).as_bytes()), Err(Unopened::NotJson { line: 1, .. })));
    let package = PackageRefusal::NotThisVersion;
    check(r#"{"pilotlight":2}"#, &format!("{:?}", Unopened::Package(package)));
    let package = PackageRefusal::Missing { path: "id".into() };
    check(r#"{"pilotlight":1}"#, &format!("{:?}", Unopened::Package(package)));
    check(
        r#"{"pilotlight":1,"id":"a","title":"A","prompt":{"1":{"class_type":"A"}},"form":[]}"#,
        "package a",
    );
}

#[test]
fn what_is_not_whole_is_told() {
    let cut = |kind| format!("{:?}", Unopened::Cut { kind });
    check("", "Empty");
    check(" \r\n\t", "Empty");
    check("\u{feff}", "Empty");
    for length in 1..GRAPH.len() {
        check(&GRAPH[..length], &cut(Kind::Json));
    }
    let cats = r#"{"1":{"class_type":"猫"}}"#;
    let at = cats.find('猫').expect("a cat");
    check(&cats.as_bytes()[..at + 2], &cut(Kind::Json));
    check("{\n\"1\":\n}", "NotJson { line: 3, column: 1 }");
    check(format!("{GRAPH} {GRAPH}"), "NotJson { line: 1, column: 65 }");
    check(format!("{GRAPH}\nmore"), "NotJson { line: 2, column: 1 }");
}

#[test]
fn what_python_writes_is_read() {
    check(
        r#"{"1":{"class_type":"A","inputs":{"x":NaN,"y":[-Infinity],"z":"NaN"}}}"#,
        r#"api {"1":{"class_type":"A","inputs":{"x":null,"y":[null],"z":"NaN"}}}"#,
    );
    // The server's marks are taken off; an input of that name is the workflow's own.
    check(
        r#"{"1":{"class_type":"A","inputs":{"is_changed":1},"is_changed":[NaN]}}"#,
        r#"api {"1":{"class_type":"A","inputs":{"is_changed":1}}}"#,
    );
}

#[test]
fn texts_are_read_in_the_encodings_that_windows_writes() {
    let cats = GRAPH.replace('A', "猫😀é");
    let low: Vec<u8> = cats.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let high: Vec<u8> = cats.encode_utf16().flat_map(u16::to_be_bytes).collect();
    let expected = format!("api {cats}");
    check(&cats, &expected);
    check(format!("\u{feff}{cats}"), &expected);
    check([&[0xff, 0xfe], &low[..]].concat(), &expected);
    check([&[0xfe, 0xff], &high[..]].concat(), &expected);
    check(&low, &expected);
    check(&high, &expected);
    check(b"{\"1\":{\"class_type\":\"\xc3\xa8 \xe8\"}}", "Encoding");
    check_other(b"\xc3\xa8 \xe8", Kind::Unknown);
    check_other(b"text\0", Kind::Unknown);
}

#[test]
fn other_files_are_known_by_their_first_bytes() {
    let table: &[(&[u8], Kind)] = &[
        (b"<!DOCTYPE html><html></html>", Kind::Html),
        (b"\n  <html lang=en>", Kind::Html),
        (b"<!-- 1 --><form>", Kind::Html),
        (b"<?xml version=\"1.0\"?><svg/>", Kind::Xml),
        (b" \n<SVG xmlns=\"\">", Kind::Xml),
        (b"import torch\n", Kind::Text),
        (b"a cat, best quality", Kind::Text),
        (b"\xff\xd8\xff\xe0\0\x10JFIF\0", Kind::Jpeg),
        (b"GIF89a\x01\0", Kind::Gif),
        (b"\0\0\0\x20ftypavif\0\0\0\0", Kind::Avif),
        (b"\0\0\0\x20ftypheic\0\0\0\0", Kind::Avif),
        (b"\0\0\0\x20ftypisom\0\0\0\0", Kind::Video),
        (b"\0\0\0\x14ftypqt  \0\0\0\0", Kind::Video),
        (b"\0\0\0\x20ftypM4A \0\0\0\0", Kind::Sound),
        (b"\x1a\x45\xdf\xa3\x9fB\x86\x81\x01", Kind::Video),
        (b"RIFF\0\0\0\0AVI LIST", Kind::Video),
        (b"RIFF\0\0\0\0WAVEfmt ", Kind::Sound),
        (b"BM\x36\0\x01\0\0\0\0\0\x36\0\0\0", Kind::Picture),
        (b"II*\0\x08\0\0\0", Kind::Picture),
        (b"glTF\x02\0\0\0", Kind::Glb),
        (b"GGUF\x03\0\0\0", Kind::Weights),
        (b"%PDF-1.7\n%\xe2\xe3", Kind::Pdf),
        (b"PK\x03\x04\x14\0", Kind::Archive),
        (b"\x1f\x8b\x08\0", Kind::Archive),
        (b"7z\xbc\xaf\x27\x1c", Kind::Archive),
        (b"\x7fELF\x02\x01\x01\0", Kind::Unknown),
        (b"\0", Kind::Unknown),
    ];
    for (bytes, kind) in table {
        // Of some, such as videos, the beginning is a file that is cut.
        let found = match open(bytes) {
            Err(
                Unopened::Other { kind } | Unopened::NoWorkflow { kind } | Unopened::Cut { kind },
            ) => kind,
            other => panic!("{other:?}"),
        };
        assert_eq!(found, *kind, "{}", bytes.escape_ascii());
    }
}

#[test]
fn weights_are_refused_unless_a_workflow_is_in_their_head() {
    let head = |metadata: Value| json!({"__metadata__": metadata, "x": {"dtype": "F32"}});
    check_other(safetensors(r#"{"x":{"dtype":"F32"}}"#), Kind::Weights);
    check_other(safetensors(&head(json!({"format": "pt"})).to_string()), Kind::Weights);
    check_other(&safetensors(GRAPH)[..20], Kind::Weights);
    check(safetensors(&head(json!({"prompt": GRAPH, "workflow": PLACED})).to_string()), &both());
    check(safetensors(&head(json!({"workflow": PLACED})).to_string()), &editor());
}

#[test]
fn every_chunk_of_text_in_a_png_is_read() {
    let prompt = [b"prompt\0", GRAPH.as_bytes()].concat();
    let workflow = [b"workflow\0", PLACED.as_bytes()].concat();
    let packed = [b"prompt\0\0", &zlib(GRAPH.as_bytes())[..]].concat();
    let plain = [b"workflow\0\0\0en\0\xc3\xa9\0", PLACED.as_bytes()].concat();
    let both_ways = [b"workflow\0\x01\0\0\0", &zlib(PLACED.as_bytes())[..]].concat();
    let data = (b"IDAT", &[0; 99][..]);
    let table: &[(&[Chunk], String)] = &[
        (&[(b"tEXt", &prompt), (b"tEXt", &workflow), data], both()),
        (&[data, (b"comf", &workflow), (b"comf", &prompt)], both()),
        (&[(b"zTXt", &packed), (b"iTXt", &plain)], both()),
        (&[(b"iTXt", &both_ways)], editor()),
        // The last one counts; what is no JSON is no workflow.
        (&[(b"tEXt", b"prompt\0{}"), (b"tEXt", &prompt)], api()),
        (&[(b"tEXt", b"prompt\0a cat"), (b"tEXt", &workflow)], editor()),
        (&[(b"tEXt", b"workflow\0{\"nodes\":[]}"), (b"tEXt", &prompt)], api()),
        (&[(b"tEXt", b"Prompts\0{}"), (b"tEXt", b"prompt"), (b"iTXt", b"prompt\0"), data], {
            format!("{:?}", Unopened::NoWorkflow { kind: Kind::Png })
        }),
        (&[(b"zTXt", b"prompt\0\0x"), (b"zTXt", b"workflow\0\x01"), data], {
            format!("{:?}", Unopened::NoWorkflow { kind: Kind::Png })
        }),
    ];
    for (chunks, expected) in table {
        check(png(chunks), expected);
    }
    // Text that is not ASCII, by habit and by the book.
    for cat in [&b"\xc3\xa9"[..], b"\xe9"] {
        let text = [b"prompt\0{\"1\":{\"class_type\":\"", cat, b"\"}}"].concat();
        check(png(&[(b"tEXt", &text)]), r#"api {"1":{"class_type":"é"}}"#);
    }
}

#[test]
fn bombs_and_giants_are_refused() {
    let limit = |limit_mb: usize| format!("{:?}", Unopened::TooLarge { limit_mb });
    let bomb = [b"prompt\0\0", &zlib(&vec![b' '; 40 << 20])[..]].concat();
    assert!(bomb.len() < 50_000);
    check(png(&[(b"zTXt", &bomb)]), &limit(16));
    let giant = [b"prompt\0", &vec![b' '; MAX_JSON_BYTES + 1][..]].concat();
    check(png(&[(b"tEXt", &giant)]), &limit(16));
    check(vec![b' '; MAX_JSON_BYTES + 1], &limit(16));
    check(vec![0; MAX_FILE_BYTES + 1], &limit(128));
}

#[test]
fn exif_is_read_in_both_orders() {
    let (prompt, workflow) = (format!("prompt:{GRAPH}"), format!("Workflow:{PLACED}"));
    for high in [false, true] {
        check(webp(&[&workflow, &prompt], high), &both());
        check(webp(&[&prompt], high), &api());
        check(webp(&["a cat"], high), &format!("{:?}", Unopened::NoWorkflow { kind: Kind::WebP }));
    }
    // A directory that points outside.
    let mut odd = webp(&[&prompt], true);
    let at = odd.windows(4).position(|four| four == b"MM\0*").expect("the order") + 4;
    odd[at] = 0x7f;
    check(odd, &format!("{:?}", Unopened::NoWorkflow { kind: Kind::WebP }));
}

#[test]
fn tags_of_mp3_are_read_in_every_encoding() {
    let wide = |text: &str, to: fn(u16) -> [u8; 2]| -> Vec<u8> {
        text.encode_utf16().flat_map(to).collect()
    };
    let pair = format!("prompt\0{GRAPH}");
    let marked = format!("prompt\0\u{feff}{GRAPH}");
    let frames = [
        [&[0], pair.as_bytes()].concat(),
        [&[3], pair.as_bytes(), &[0]].concat(),
        [&[1, 0xff, 0xfe], &wide(&marked, u16::to_le_bytes)[..], &[0, 0]].concat(),
        [&[1, 0xfe, 0xff], &wide(&pair, u16::to_be_bytes)[..]].concat(),
        [&[2], &wide(&pair, u16::to_be_bytes)[..]].concat(),
    ];
    for frame in frames {
        for version in [3, 4] {
            check(mp3(version, &frame), &api());
        }
    }
    check(b"\xff\xfb\x90\0", &format!("{:?}", Unopened::NoWorkflow { kind: Kind::Mp3 }));
    check(mp3(4, b""), &format!("{:?}", Unopened::NoWorkflow { kind: Kind::Mp3 }));
}

#[test]
fn a_picture_cut_anywhere_is_cut_or_keeps_its_workflow() {
    let prompt = [b"prompt\0\0", &zlib(GRAPH.as_bytes())[..]].concat();
    let files = [png(&[(b"zTXt", &prompt), (b"IDAT", &[7; 30])]), {
        webp(&[&format!("prompt:{GRAPH}"), "x"], false)
    }];
    for file in files {
        check(&file, &api());
        let mut seen = Vec::new();
        for length in 4..file.len() {
            match open(&file[..length]) {
                Err(Unopened::Cut { .. }) => seen.push("cut"),
                Ok(_) => seen.push("opened"),
                // Not yet more than `RIFF`.
                other => assert!(length < 12, "{length}: {other:?}"),
            }
        }
        seen.dedup();
        assert!(matches!(seen[..], ["cut"] | ["cut", "opened"]), "{seen:?}");
    }
}
