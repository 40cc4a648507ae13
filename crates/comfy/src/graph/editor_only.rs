//! Classes of nodes that exist in the editor only, by name, with the pack that brings them.
//! Invariant: no server has a class of these names that a prompt needs.

/// What such a node does for the nodes around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum EditorOnly {
    /// Nothing: a label, a bookmark, a switch that sets the modes of other nodes.
    LeftOut,
    /// Its output is what its input is fed.
    PassesThrough,
    /// Writes its value into the widgets that it feeds.
    Primitive,
    /// Keeps what it is fed under a name.
    Set,
    /// Gives what is kept under a name.
    Get,
}

use EditorOnly::{Get, LeftOut, PassesThrough, Primitive, Set};

/// The broadcasters of Use Everywhere have a class, which computes nothing: their links are saved
/// beside the workflow's own.
const CLASSES: [(&str, EditorOnly, &str); 35] = [
    ("Anything Everywhere", LeftOut, "cg-use-everywhere"),
    ("Anything Everywhere3", LeftOut, "cg-use-everywhere"),
    ("Anything Everywhere?", LeftOut, "cg-use-everywhere"),
    ("Bookmark (rgthree)", LeftOut, "rgthree-comfy"),
    ("ComfyDeploy", LeftOut, "comfyui-deploy"),
    ("Fast Actions Button (rgthree)", LeftOut, "rgthree-comfy"),
    ("Fast Bypasser (rgthree)", LeftOut, "rgthree-comfy"),
    ("Fast Groups Bypasser (rgthree)", LeftOut, "rgthree-comfy"),
    ("Fast Groups Muter (rgthree)", LeftOut, "rgthree-comfy"),
    ("Fast Muter (rgthree)", LeftOut, "rgthree-comfy"),
    ("GGGetNode", Get, "ComfyUI-GuliNodes"),
    ("GGSetNode", Set, "ComfyUI-GuliNodes"),
    ("GetNode", Get, "ComfyUI-KJNodes"),
    ("LG_Note", LeftOut, "Comfyui-LG_Tools"),
    ("Label (rgthree)", LeftOut, "rgthree-comfy"),
    ("MarkdownNote", LeftOut, "ComfyUI"),
    ("Mute / Bypass Relay (rgthree)", LeftOut, "rgthree-comfy"),
    ("Mute / Bypass Repeater (rgthree)", LeftOut, "rgthree-comfy"),
    ("Node Collector (rgthree)", LeftOut, "rgthree-comfy"),
    ("Node Combiner (rgthree)", LeftOut, "rgthree-comfy"),
    ("Note", LeftOut, "ComfyUI"),
    ("Note Plus (mtb)", LeftOut, "comfy-mtb"),
    ("PixaromaGetNode", Get, "ComfyUI-Pixaroma"),
    ("PixaromaSetNode", Set, "ComfyUI-Pixaroma"),
    ("PrimitiveNode", Primitive, "ComfyUI"),
    ("Prompts Everywhere", LeftOut, "cg-use-everywhere"),
    ("Random Unmuter (rgthree)", LeftOut, "rgthree-comfy"),
    ("Reroute", PassesThrough, "ComfyUI"),
    ("Reroute (rgthree)", PassesThrough, "rgthree-comfy"),
    ("SetNode", Set, "ComfyUI-KJNodes"),
    ("Show Metadata [Crystools]", LeftOut, "ComfyUI-Crystools"),
    ("easy bookmark", LeftOut, "ComfyUI-Easy-Use"),
    ("easy getNode", Get, "ComfyUI-Easy-Use"),
    ("easy setNode", Set, "ComfyUI-Easy-Use"),
    ("mxReroute", PassesThrough, "ComfyUI-mxToolkit"),
];

/// Returns what a node of this class does, if it exists in the editor only.
pub(super) fn editor_only(class: &str) -> Option<EditorOnly> {
    let at = CLASSES.binary_search_by_key(&class, |(name, ..)| name).ok()?;
    CLASSES.get(at).map(|(_, what, _)| *what)
}

/// Returns the name of the group that a node of this type stands for, in editors before there were
/// subgraphs.
pub(super) fn group_name(kind: &str) -> Option<&str> {
    kind.strip_prefix("workflow>").or(kind.strip_prefix("workflow/"))
}

#[cfg(test)]
mod tests {
    use super::super::{Classes, Moment, convert};
    use super::*;
    use serde_json::json;

    /// Every class between a loader and a node that takes its result, and once without any link,
    /// outside and inside a subgraph.
    #[test]
    fn none_of_them_is_sent() {
        let described = r#"{"Source": {"input": {"required": {}}, "output": ["IMAGE"]},
            "SaveImage": {"input": {"required": {"images": ["IMAGE"]}}, "output_node": true}}"#;
        let classes = Classes::parse(described).unwrap();
        for (name, what, pack) in CLASSES {
            let nodes = json!([
                {"id": 1, "type": "Source", "outputs": [{"type": "IMAGE", "links": [1]}]},
                {"id": 2, "type": name, "widgets_values": ["a"],
                    "inputs": [{"name": "x", "type": "*", "link": 1}],
                    "outputs": [{"name": "x", "type": "*", "links": [2]}]},
                {"id": 3, "type": "SaveImage",
                    "inputs": [{"name": "images", "type": "IMAGE", "link": 2}]},
                {"id": 4, "type": name},
            ]);
            let list = json!([[1, 1, 0, 2, 0, "*"], [2, 2, 0, 3, 0, "*"]]);
            let whole = json!({"version": 0.4, "nodes": nodes, "links": list});
            let links = json!([
                {"id": 1, "origin_id": 1, "origin_slot": 0, "target_id": 2, "target_slot": 0},
                {"id": 2, "origin_id": 2, "origin_slot": 0, "target_id": 3, "target_slot": 0}]);
            let inner = json!({"version": 0.4, "links": [], "nodes": [{"id": 9, "type": "s"}],
                "definitions": {"subgraphs": [{"id": "s", "name": "s", "nodes": nodes,
                    "links": links, "inputs": [], "outputs": []}]}});
            for (file, sent) in [(whole, ["1", "3"]), (inner, ["9:1", "9:3"])] {
                let prompt = convert(&classes, &file, &Moment::default()).map(|it| it.prompt);
                let prompt = prompt.unwrap_or_else(|why| panic!("{name} of {pack}: {why:?}"));
                let nodes = prompt.as_object().unwrap();
                assert_eq!(nodes.keys().collect::<Vec<_>>(), sent, "{name} of {pack}");
                assert!(nodes.values().all(|node| node["class_type"] != name), "{name} of {pack}");
                let from = nodes[sent[1]]["inputs"].get("images");
                let passed = matches!(what, PassesThrough | Set).then(|| json!([sent[0], 0]));
                assert!(from == passed.as_ref() || what == Primitive, "{name} of {pack}: {from:?}");
            }
        }
    }

    #[test]
    fn classes_are_found_by_name() {
        assert!(CLASSES.is_sorted_by_key(|(name, ..)| name), "to be searched");
        for (name, what, pack) in CLASSES {
            assert_eq!(editor_only(name), Some(what), "{name} of {pack}");
        }
        for name in ["KSampler", "Seed Everywhere", "Any Switch (rgthree)", ""] {
            assert_eq!(editor_only(name), None, "{name}");
        }
    }
}
