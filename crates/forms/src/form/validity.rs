//! Whether a workflow can run at all, and what a server's refusal means for it. Invariant: only
//! what is sure is called wrong; of classes that are not known nothing is said.

use super::NodeId;
use pilotlight_comfy::json;
use pilotlight_comfy::problem::{Problem, Trouble};
use pilotlight_comfy::schema::{Class, Input, Kind, Known};
use pilotlight_comfy::workflow::{FieldKey, Node, Workflow, link};

/// More would not be read.
const MAX_PROBLEMS: usize = 50;
/// More titles do not fit into a sentence.
const MAX_TITLES: usize = 5;

/// What stands in the way of a run whatever is typed: links to nodes that are not there, inputs
/// that a node has to have and lacks, classes that the server lacks, no output.
///
/// `classes`: those that are known. `absent`: those of which the server said that it has none.
pub fn flaws(flow: &Workflow, classes: &[Class], absent: &[String]) -> Vec<Problem> {
    let known = Known::of(classes);
    let mut problems = Vec::new();
    for class in absent {
        let title = titles_of(flow, class);
        if !title.is_empty() {
            problems.push(Problem::of(Trouble::NodeMissing { class: class.clone(), title }));
        }
    }
    let (mut all_known, mut gives) = (true, false);
    for (id, node) in flow.nodes() {
        let class = known.get(node.class());
        all_known &= class.is_some();
        gives |= class.is_some_and(|class| class.output_node);
        let mut add = |input: &str, trouble: fn(String, String) -> Trouble| {
            if problems.len() < MAX_PROBLEMS {
                let place = FieldKey { node: id.clone(), input: input.to_owned() };
                let trouble = trouble(node.title().to_owned(), input.to_owned());
                problems.push(Problem::at(&place, trouble));
            }
        };
        for (name, value) in node.inputs() {
            if link(value).is_some_and(|link| flow.node(&link.node).is_none()) {
                add(name, |title, input| Trouble::LinkNowhere { title, input });
            }
        }
        let inputs = class.map_or(&[][..], |class| &class.inputs);
        lacking(inputs, "", node, &mut |input| {
            add(input, |title, input| Trouble::InputMissing { title, input });
        });
    }
    if all_known && !gives {
        problems.push(Problem::of(Trouble::NoOutput));
    }
    problems
}

/// Names each required input that a node does not have, with those of the branches it chose.
fn lacking(inputs: &[Input], within: &str, node: Node<'_>, say: &mut dyn FnMut(&str)) {
    for input in inputs {
        let name = [within, &input.name].concat();
        match (node.input(&name), &input.kind) {
            (None, kind) if input.required && *kind != Kind::Growing => say(&name),
            (Some(chosen), Kind::Branches(branches)) => {
                let own = |key: &str| chosen.as_str() == Some(key);
                if let Some(branch) = branches.iter().find(|branch| own(&branch.key)) {
                    lacking(&branch.inputs, &[&name, "."].concat(), node, say);
                }
            }
            (None | Some(_), _) => {}
        }
    }
}

/// Completes a refusal over a missing class with the titles of all nodes that need it. A 0.3.64
/// says only `Node ID '#2'`; a 0.33 names the class and one node.
pub fn name_missing(problems: &mut [Problem], flow: &Workflow) {
    for problem in problems.iter_mut().filter(|problem| problem.place.is_none()) {
        let class = match &problem.trouble {
            Trouble::NodeMissing { class, .. } => class.clone(),
            Trouble::Other(_) => {
                let Some(class) = refused_node(&problem.raw, flow) else { continue };
                class
            }
            Trouble::Missing
            | Trouble::NotANumber
            | Trouble::NotWhole
            | Trouble::TooSmall { .. }
            | Trouble::TooLarge { .. }
            | Trouble::NotInList { .. }
            | Trouble::NoneInstalled { .. }
            | Trouble::WrongType
            | Trouble::TooLong { .. }
            | Trouble::PictureMissing
            | Trouble::FileMissing
            | Trouble::InputMissing { .. }
            | Trouble::LinkNowhere { .. }
            | Trouble::NoOutput => continue,
        };
        let title = titles_of(flow, &class);
        if !title.is_empty() {
            problem.trouble = Trouble::NodeMissing { class, title };
        }
    }
}

/// The class of the node that an older server refuses as a whole. It does so for a missing class,
/// or for a node without one, which no workflow here has.
fn refused_node(raw: &str, flow: &Workflow) -> Option<String> {
    let error = json::parse(raw)?;
    let details = error.get("details")?.as_str()?;
    let id = details.strip_prefix("Node ID '#")?.strip_suffix('\'')?;
    let of_prompt = error.get("type")?.as_str()? == "invalid_prompt";
    flow.node(&NodeId::new(id)).filter(|_| of_prompt).map(|node| node.class().to_owned())
}

/// After a 200 with problems: the titles of the output nodes that will not run, each node once.
pub fn missing_outputs(problems: &[Problem], flow: &Workflow) -> Vec<String> {
    let mut nodes: Vec<&NodeId> = Vec::new();
    for id in problems.iter().flat_map(|problem| &problem.without) {
        if !nodes.contains(&id) {
            nodes.push(id);
        }
    }
    let title = |id: &NodeId| {
        flow.node(id).map_or_else(|| id.as_str().to_owned(), |node| node.title().to_owned())
    };
    nodes.into_iter().map(title).collect()
}

/// `A, B, …`: the titles of the nodes of a class, each once; empty if there is none.
fn titles_of(flow: &Workflow, class: &str) -> String {
    let mut titles: Vec<&str> = Vec::new();
    for (_, node) in flow.nodes().filter(|(_, node)| node.class() == class) {
        if titles.contains(&node.title()) {
            continue;
        }
        if titles.len() == MAX_TITLES {
            titles.push("…");
            break;
        }
        titles.push(node.title());
    }
    titles.join(", ")
}

#[cfg(test)]
mod tests;
