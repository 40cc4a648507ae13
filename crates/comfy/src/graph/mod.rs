//! From the format that the ComfyUI editor saves to the one that `POST /prompt` takes, as the
//! official front-end 1.58 does it when it queues.
//! Invariant: no value is rounded, and a file is converted whole or refused in one sentence, in
//! time and space that its limits bound.

mod align;
mod bounds;
mod class;
pub mod core_nodes;
mod editor_only;
mod everywhere;
mod file;
mod groups;
mod ids;
mod index;
mod named;
mod ordered;
mod origin;
mod pack;
mod places;
mod promote;
mod raw;
mod read;
mod rows;
mod sent;
mod slots;
mod titles;
mod trace;
mod untaken;
mod widgets;
mod words;
mod write;

pub use class::Classes;
pub use named::classes;
pub use places::{Place, Places};
pub use rows::list_class;
pub(crate) use sent::whole;
pub use untaken::Untaken;

use crate::workflow::MAX_WORKFLOW_BYTES;
use serde_json::{Map, Value};

/// Inputs, or outputs, of one node; the largest seen has about 100.
pub const MAX_SLOTS: usize = 512;
/// What subgraphs may multiply a file to.
pub const MAX_PROMPT_BYTES: usize = 4 * MAX_WORKFLOW_BYTES;

/// Why a file is not converted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GraphRefusal {
    /// Where reading stopped; lines count from 1.
    NotJson {
        /// The line, from 1.
        line: usize,
        /// The column in that line, from 1.
        column: usize,
    },
    /// The file, or one of its subgraphs, has no list of nodes.
    NotAGraph,
    /// The file is longer than any that is read.
    TooLarge {
        /// The limit, in bytes.
        limit_bytes: usize,
    },
    /// Those within subgraphs count as often as they run.
    TooManyNodes {
        /// The limit.
        limit: usize,
    },
    /// A node has more inputs, outputs or values than any real one.
    TooManySlots {
        /// The id of the node.
        node: String,
        /// The limit.
        limit: usize,
    },
    /// Subgraphs stand in subgraphs, more than 32 deep.
    TooDeep,
    /// The links lead around in more steps than any real workflow.
    TooTangled,
    /// The prompt would be larger than `MAX_PROMPT_BYTES`.
    TooMuch,
    /// In a text `{a|b}` nest deeper than anybody writes them.
    TooManyBraces {
        /// The id of the node.
        node: String,
    },
    /// No id or no type.
    NotANode {
        /// Its id, as far as it has one; empty where it has none.
        node: String,
    },
    /// Two nodes have the same id.
    SameId {
        /// The id.
        node: String,
    },
    /// Neither a list nor an object.
    NotALink,
    /// Links written as another version of the format writes them.
    OtherVersion,
    /// From a node that is not there.
    LinkToNothing {
        /// The id of the node that is fed.
        node: String,
        /// Its input.
        input: String,
    },
    /// Reroutes or bypassed nodes in a circle.
    Loop {
        /// The id of the node that is fed.
        node: String,
        /// Its input.
        input: String,
    },
    /// A subgraph stands in itself.
    SubgraphInItself {
        /// Its name.
        name: String,
    },
    /// A group node whose definition is not there, or damaged.
    GroupNode {
        /// The id of the node.
        node: String,
    },
    /// Sorted; the server can be asked for them.
    MissingClasses {
        /// Their names.
        classes: Vec<String>,
    },
}

/// What this crate cannot know by itself: the time on the wall, and a random number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Moment {
    /// The year, such as 2026.
    pub year: u16,
    /// 1 to 12.
    pub month: u8,
    /// 1 to 31.
    pub day: u8,
    /// 0 to 23.
    pub hour: u8,
    /// 0 to 59.
    pub minute: u8,
    /// 0 to 59.
    pub second: u8,
    /// Decides which of `{a|b}` is sent.
    pub draw: u64,
}

/// Whether this is the editor's own format rather than a prompt.
pub fn is_graph(value: &Value) -> bool {
    value.get("nodes").is_some_and(Value::is_array)
}

/// A prompt, and what is known of where it came from.
#[derive(Clone, Debug, PartialEq)]
pub struct Converted {
    /// The prompt.
    pub prompt: Value,
    /// The saved values that it does not contain.
    pub untaken: Vec<Untaken>,
    /// Where its values stand in the file.
    pub places: Places,
}

/// Returns the prompt that the editor would queue for the workflow in its own format. An empty
/// workflow gives an empty prompt.
///
/// # Errors
/// The first thing in the workflow that cannot be converted, or all classes that are missing.
pub fn convert(
    classes: &Classes,
    graph: &Value,
    moment: &Moment,
) -> Result<Converted, GraphRefusal> {
    if !is_graph(graph) {
        return Err(GraphRefusal::NotAGraph);
    }
    let ungrouped = groups::ungroup(graph, classes)?;
    let none = Map::new();
    let (flat, values) = ungrouped.as_ref().map_or((graph, &none), |it| (&it.graph, &it.values));
    let file = file::File::read(flat, classes, values)?;
    // Values of a workflow without its group nodes, which is a copy, have no place in this one.
    let (prompt, places) = write::write(&file, graph, moment)?;
    let untaken =
        untaken::of(&file, ungrouped.as_ref().map_or(Vec::new(), |it| it.untaken.clone()));
    Ok(Converted { prompt, untaken, places })
}

/// As `convert`, of a file's text.
///
/// # Errors
/// As `convert`, and where the text is no JSON.
pub fn convert_text(
    classes: &Classes,
    text: &str,
    moment: &Moment,
) -> Result<Converted, GraphRefusal> {
    if text.len() > MAX_WORKFLOW_BYTES {
        return Err(GraphRefusal::TooLarge { limit_bytes: MAX_WORKFLOW_BYTES });
    }
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let graph = serde_json::from_str(text)
        .map_err(|error| GraphRefusal::NotJson { line: error.line(), column: error.column() })?;
    convert(classes, &graph, moment)
}

/// Whether a link between sockets of these types is allowed; a type may be a list with commas.
fn fits(one: &str, other: &str) -> bool {
    let any = |kind: &str| kind == "*" || kind.is_empty();
    if any(one) || any(other) || one == other {
        return true;
    }
    one.split(',').any(|one| {
        other.split(',').any(|other| any(one) || any(other) || one.eq_ignore_ascii_case(other))
    })
}
