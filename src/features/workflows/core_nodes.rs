//! The page's own descriptions of ComfyUI's nodes. Invariant: the file is fetched once, and only
//! when a workflow needs descriptions that the server did not give.

use std::cell::RefCell;
use std::rc::Rc;

use pilotlight_comfy::graph::core_nodes;

use crate::app::Page;
use crate::features::workflows::fetch;

const FILE: &str = "core-nodes.json";

/// The state of this module.
#[derive(Default)]
struct State {
    file: RefCell<Option<Rc<str>>>,
}

/// Returns the shipped descriptions of these classes, each as a reply of `/object_info/{class}`;
/// none if the file cannot be fetched.
pub async fn replies(page: Page, names: &[String]) -> Vec<String> {
    if names.is_empty() {
        return Vec::new();
    }
    let state: &State = crate::runtime::state::of();
    let fetched = state.file.borrow().clone();
    let file = match fetched {
        Some(file) => file,
        None => {
            let Ok((_, bytes)) = fetch::fetch(page, FILE).await else { return Vec::new() };
            let Ok(text) = String::from_utf8(bytes) else { return Vec::new() };
            let file: Rc<str> = text.into();
            *state.file.borrow_mut() = Some(file.clone());
            file
        }
    };
    core_nodes::replies(&file, names)
}
