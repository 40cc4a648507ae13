//! Tables.

use super::*;
use crate::json;

fn ended(outputs: &str) -> Ended {
    let entry = format!(r#"{{"outputs":{outputs},"status":{{"status_str":"success"}}}}"#);
    Ended::from_history(&json::parse(&entry).unwrap()).unwrap()
}

/// What would be shown, a word for each.
fn shown(ended: &Ended) -> String {
    let word = |output: &&Output| match &output.content {
        Content::Text(text) => format!("{}:“{text}”", output.node),
        Content::File(file) => format!("{}:{}", output.node, file.filename),
    };
    ended.results().iter().map(word).collect::<Vec<_>>().join(" ")
}

#[test]
fn seeds_that_ran_are_named_by_their_nodes() {
    let graph = r#"{"1":{"inputs":{"seed":1}},"5":{"inputs":{"x_seed":18446744073709551615}}}"#;
    let entry = format!(
        r#"{{"prompt":[1,"id",{graph},{{}},[]],"outputs":{{}},"status":{{"status_str":"success"}}}}"#
    );
    let ended = Ended::from_history(&json::parse(&entry).unwrap()).unwrap();
    assert_eq!(ended.seeds, [("1".to_owned(), 1), ("5".to_owned(), u64::MAX)]);
}

#[test]
fn a_file_is_shown_by_its_extension() {
    let table = [
        (Media::Image, "png PNG apng jpg jpeg webp gif avif bmp"),
        (Media::Video, "mp4 MP4 m4v webm mov mkv ogv"),
        (Media::Audio, "mp3 flac wav ogg oga opus m4a aac"),
        (Media::Other, "svg SVG html htm xhtml xml"),
        (Media::Other, "glb gltf obj stl ply fbx latent safetensors json txt md exr zip pdf js"),
    ];
    for (media, extensions) in table {
        for extension in extensions.split(' ') {
            let outputs = format!(r#"{{"9":{{"any":[{{"filename":"a.b.{extension}"}}]}}}}"#);
            assert_eq!(ended(&outputs).files()[0].media(), media, "{extension}");
        }
    }
}

#[test]
fn where_the_extension_says_nothing_the_pack_may() {
    let table = [
        ("a_00001.mp4", "video/h264-mp4", Media::Video),
        ("a_00001.gif", "image/gif", Media::Image),
        ("a_00001.webp", "image/webp", Media::Image),
        ("a_00001.nut", "video/ffv1-nut", Media::Video),
        ("a_00001", "audio/x-own", Media::Audio),
        ("a_00001", "image/svg+xml", Media::Other),
        ("a_00001.html", "video/mp4", Media::Other),
        ("a_00001.svg", "video/mp4", Media::Other),
        ("a_00001.dat", "text/html", Media::Other),
        ("a_00001.dat", "", Media::Other),
    ];
    for (filename, format, media) in table {
        let outputs = format!(
            r#"{{"9":{{"gifs":[{{"filename":"{filename}","format":"{format}","type":"output"}}]}}}}"#
        );
        assert_eq!(ended(&outputs).files()[0].media(), media, "{filename} {format}");
    }
}

#[test]
fn outputs_of_any_kind_are_found() {
    let table = [
        (r#"{"9":{"images":[{"filename":"a.png"},{"filename":"b.png"}]}}"#, "9:a.png 9:b.png"),
        (r#"{"9":{"images":[{"filename":"a.webp"}],"animated":[true]}}"#, "9:a.webp"),
        (r#"{"9":{"audio":[{"filename":"a.flac","subfolder":"audio"}]}}"#, "9:a.flac"),
        (r#"{"9":{"gifs":[{"filename":"a.mp4","frame_rate":8.0}]}}"#, "9:a.mp4"),
        (r#"{"9":{"3d":[{"filename":"a.glb"}]}}"#, "9:a.glb"),
        (r#"{"9":{"latents":[{"filename":"a.latent"}]}}"#, "9:a.latent"),
        (r#"{"9":{"text":["one","two"]}}"#, "9:“one” 9:“two”"),
        (r#"{"9":{"text":"alone"}}"#, "9:“alone”"),
        (r#"{"9":{"text":[["one","two"],3,null,[]]}}"#, "9:“one\ntwo” 9:“3”"),
        (r#"{"9":{"images":[{"filename":null},{"filename":""},{},7,"a.png"],"x":null}}"#, ""),
        (r#"{"9":{"result":["3d/a.glb",null]},"10":[],"11":null}"#, "9:a.glb"),
        (
            r#"{"9":{"result":["3d/../a.glb","/a.glb","C:\\a.glb"]}}"#,
            "9:“3d/../a.glb” 9:“/a.glb” 9:“C:\\a.glb”",
        ),
        // By node; a preview is shown where nothing was kept.
        (
            r#"{"12:3":{"text":["t"]},"9":{"images":[{"filename":"a.png"}]},"10":{"audio":[{"filename":"b.mp3"}]}}"#,
            "9:a.png 10:b.mp3 12:3:“t”",
        ),
        (
            r#"{"3":{"images":[{"filename":"p.png","type":"temp"}]},"9":{"images":[{"filename":"a.png"}]}}"#,
            "9:a.png",
        ),
        (
            r#"{"3":{"images":[{"filename":"p.png","type":"temp"}]},"9":{"text":["t"]}}"#,
            "9:“t” 3:p.png",
        ),
    ];
    for (outputs, expected) in table {
        let ended = ended(outputs);
        assert_eq!(shown(&ended), expected, "{outputs}");
        assert_eq!(ended.files().len() + ended.texts().len(), ended.results().len(), "{outputs}");
    }
}

#[test]
fn the_authors_outputs_are_shown_alone() {
    let outputs = r#"{"3":{"images":[{"filename":"p.png","type":"temp"}]},
        "7":{"images":[{"filename":"b.png"}]},"9":{"text":["t"],"images":[{"filename":"a.png"}]}}"#;
    let table = [
        ("", "7:b.png 9:a.png 9:“t”"),
        ("7", "7:b.png"),
        ("9 7", "9:a.png 9:“t” 7:b.png"),
        ("3", "3:p.png"),
        ("4 5", "7:b.png 9:a.png 9:“t”"),
    ];
    for (nodes, expected) in table {
        let mut ended = ended(outputs);
        let nodes: Vec<NodeId> = nodes.split_whitespace().map(NodeId::new).collect();
        ended.narrow(&nodes);
        let sorted = |text: &str| {
            let mut words: Vec<_> = text.split(' ').map(str::to_owned).collect();
            words.sort_unstable();
            words
        };
        assert_eq!(sorted(&shown(&ended)), sorted(expected));
        if nodes.len() == 2 && nodes[0].as_str() == "9" {
            assert!(shown(&ended).ends_with("7:b.png"), "the order of the author");
        }
    }
}

#[test]
fn texts_under_the_keys_of_packs_are_shown_and_odd_entries_break_nothing() {
    let entry = pilotlight_fixtures::text("cases/history-odd.json");
    let ended = Ended::from_history(&json::parse(&entry).unwrap()).unwrap();
    let expected = [
        "10:“a\nb” 10:“c”",
        "11:“one string”",
        // A bare NaN is no number that JSON has.
        "12:“true” 12:“1.5” 12:“{\"a\":1}”",
        "13:“WAS text”",
        "14:“1girl, lamp”",
        "15:“card” 15:“wild”",
        "16:lamp.glb",
        "17:a.png",
        "18:v_00001.mp4",
        "19:a.flac",
        "20:m.glb",
        "22:“[{\"people\":[]}]”",
        "23:“7”",
        "24:t.txt",
        "26:x.avif",
        "27:“/out/a.png”",
        "28:“plural”",
        "29:notes.txt",
    ];
    assert_eq!(shown(&ended), expected.join(" "));
}
