//! `core_nodes VERSION OBJECT_INFO.json` prints the descriptions of core nodes that the page ships,
//! made from the `/object_info` reply of a ComfyUI of this version.

use pilotlight_comfy::graph::core_nodes;
use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [version, path] = arguments.as_slice() else {
        eprintln!("usage: core_nodes VERSION OBJECT_INFO.json");
        return ExitCode::FAILURE;
    };
    let packed = match std::fs::read_to_string(path) {
        Err(error) => Err(error.to_string()),
        Ok(text) => core_nodes::pack(&text, version).ok_or("it is no JSON object".to_owned()),
    };
    match packed {
        Ok(file) => {
            print!("{file}");
            ExitCode::SUCCESS
        }
        Err(why) => {
            eprintln!("{path}: {why}");
            ExitCode::FAILURE
        }
    }
}
