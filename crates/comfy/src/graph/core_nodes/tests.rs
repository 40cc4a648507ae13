//! The file of core nodes: made from a made-up reply, and the one that is shipped.

use super::*;
use crate::graph::{Classes, Moment, convert};
use crate::schema::{Class, Kind};

const REPLY: &str = r#"{
    "Zoom": {"input": {"required": {
        "model": ["MODEL", {"tooltip": "Words."}],
        "ckpt_name": [["a.safetensors", "b.CKPT"], {"tooltip": "Words."}],
        "mode": ["COMBO", {"options": ["near", "far"], "default": "far", "multiselect": false}],
        "depth": ["INT", {"default": 2, "min": 0, "max": 18446744073709551615, "display": "slider"}]
    }, "optional": {"b": ["STRING", {"multiline": true}], "a": ["FLOAT", {"round": 0.01}]},
       "hidden": {"prompt": "PROMPT"}},
     "input_order": {"required": ["model", "ckpt_name", "mode", "depth"], "optional": ["b", "a"]},
     "output": ["IMAGE"], "output_name": ["image"], "output_node": true, "description": "Words.",
     "display_name": "Zoom in", "python_module": "comfy_extras.nodes_zoom"},
    "VAELoader": {"input": {"required": {"vae_name": [["pixel_space"]]}}, "output": ["VAE"],
     "output_node": false, "display_name": "VAELoader", "python_module": "nodes"},
    "Other": {"input": {"required": {}}, "output": [], "python_module": "custom_nodes.Other"}
}"#;

#[test]
fn what_is_for_people_or_of_one_server_is_left_out() {
    let expected = concat!(
        r#"[{"comfyui":"1.2.3"},"#,
        "\n",
        r#"{"Zoom":{"input":{"required":{"model":["MODEL"],"ckpt_name":[[]],"#,
        r#""mode":["COMBO",{"options":["near","far"],"default":"far"}],"#,
        r#""depth":["INT",{"default":2,"min":0,"max":18446744073709551615}]},"#,
        r#""optional":{"b":["STRING",{"multiline":true}],"a":["FLOAT",{"round":0.01}]}},"#,
        r#""input_order":{"required":["model","ckpt_name","mode","depth"],"optional":["b","a"]},"#,
        r#""output":["IMAGE"],"display_name":"Zoom in","output_node":true,"shipped":true}},"#,
        "\n",
        r#"{"VAELoader":{"input":{"required":{"vae_name":[[]]}},"#,
        r#""input_order":{"required":["vae_name"]},"output":["VAE"],"shipped":true}}]"#,
        "\n",
    );
    let file = pack(REPLY, "1.2.3").unwrap();
    assert_eq!(file, expected);
    assert!(serde_json::from_str::<Value>(&file).is_ok(), "the whole is JSON");
    assert_eq!(version(&file).as_deref(), Some("1.2.3"));
    for (names, found) in [
        (vec!["Zoom"], 1),
        (vec!["VAELoader", "Zoom"], 2),
        (vec!["Other", "comfyui", "", "Zoo"], 0),
    ] {
        let names: Vec<String> = names.into_iter().map(str::to_owned).collect();
        let replies = replies(&file, &names);
        assert_eq!(replies.len(), found, "{names:?}");
        assert!(replies.iter().all(|reply| Classes::parse(reply).is_some()), "{replies:?}");
    }
    assert_eq!(pack("[]", "1"), None);
    for odd in ["", "[]", "{", "[{\"\n{\"a\n"] {
        assert!(version(odd).is_none() && replies(odd, &["a".to_owned()]).is_empty(), "{odd}");
    }
}

/// The file that the page ships.
const SHIPPED: &str = include_str!("../../../../../public/core-nodes.json");

#[test]
fn the_shipped_file_has_all_classes_without_tooltips_and_names_of_files() {
    let version = version(SHIPPED).unwrap();
    let mut whole = serde_json::Map::new();
    for (name, line) in lines(SHIPPED).filter(|(name, _)| *name != VERSION) {
        let Value::Object(object) = json::parse(line).unwrap() else { panic!("{name}") };
        whole.extend(object);
    }
    assert!(whole.len() > 800, "{} classes", whole.len());
    assert!(version.split('.').count() == 3, "{version}");
    let classes = Class::read_all(&Value::Object(whole));
    for class in &classes {
        assert!(class.shipped, "{}", class.name);
        for input in &class.inputs {
            assert_eq!(input.tooltip, None, "{}.{}", class.name, input.name);
            if let Kind::Choice { options } = &input.kind {
                let file = options
                    .iter()
                    .filter_map(Value::as_str)
                    .find(|option| FILES.iter().any(|ending| option.ends_with(ending)));
                assert_eq!(file, None, "{}.{}", class.name, input.name);
            }
        }
    }
}

/// A prompt of nodes that the editor saved by position alone is the same by the shipped file.
#[test]
fn an_editors_workflow_is_converted_by_the_shipped_file() {
    let editor = json!({"nodes": [
        {"id": 1, "type": "CheckpointLoaderSimple", "widgets_values": ["a.safetensors"],
         "outputs": [{"links": [1]}, {"links": []}, {"links": [2]}]},
        {"id": 2, "type": "EmptyLatentImage", "widgets_values": [512, 768, 2],
         "outputs": [{"links": [3]}]},
        {"id": 3, "type": "VAEDecode", "inputs": [
            {"name": "samples", "link": 3}, {"name": "vae", "link": 2}]},
    ], "links": [[2, 1, 2, 3, 1, "VAE"], [3, 2, 0, 3, 0, "LATENT"]], "version": 0.4});
    let names: Vec<String> = super::super::classes(&editor);
    let mut classes = Classes::default();
    for reply in replies(SHIPPED, &names) {
        assert!(classes.add(&reply));
    }
    let prompt = convert(&classes, &editor, &Moment::default()).unwrap().prompt;
    assert_eq!(prompt["1"]["inputs"], json!({"ckpt_name": "a.safetensors"}));
    assert_eq!(prompt["2"]["inputs"], json!({"width": 512, "height": 768, "batch_size": 2}));
    assert_eq!(prompt["3"]["inputs"], json!({"samples": ["2", 0], "vae": ["1", 2]}));
}
