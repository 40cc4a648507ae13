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
const CLASSES: [(&str, EditorOnly, &str); 30] = [
    ("Anything Everywhere", LeftOut, "cg-use-everywhere"),
    ("Anything Everywhere3", LeftOut, "cg-use-everywhere"),
    ("Anything Everywhere?", LeftOut, "cg-use-everywhere"),
    ("Bookmark (rgthree)", LeftOut, "rgthree-comfy"),
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
    ("PrimitiveNode", Primitive, "ComfyUI"),
    ("Prompts Everywhere", LeftOut, "cg-use-everywhere"),
    ("Random Unmuter (rgthree)", LeftOut, "rgthree-comfy"),
    ("Reroute", PassesThrough, "ComfyUI"),
    ("Reroute (rgthree)", PassesThrough, "rgthree-comfy"),
    ("SetNode", Set, "ComfyUI-KJNodes"),
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
    use super::*;

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
