//! What forms, nodes and fields are called. Invariant: labels are short and on one line, and no two
//! fields of a form have the same.

use super::graph::Graph;
use super::pick::Pick;
use crate::form::Field;
use crate::form::labels::untitled;
use pilotlight_comfy::language::{Label, Language, one_line};
use pilotlight_comfy::schema::Class;
use pilotlight_comfy::workflow::Node;

pub(super) const MAX_NAME_CHARS: usize = 60;

pub(super) fn node_title(node: Node<'_>, class: Option<&Class>) -> String {
    let title = match class {
        Some(class) if node.title() == class.name => &class.display_name,
        Some(_) | None => node.title(),
    };
    let line = one_line(title, MAX_NAME_CHARS);
    if line.is_empty() { "–".to_owned() } else { line }
}

/// For each pick the name of its node: the title, with the id where two nodes share one.
pub(super) fn node_names(graph: &Graph<'_>, picks: &[Pick<'_>]) -> Vec<String> {
    let title = |pick: &Pick<'_>| node_title(graph.nodes[pick.node].1, pick.class);
    let mut names: Vec<String> = picks.iter().map(title).collect();
    let mut sorted: Vec<usize> = (0..names.len()).collect();
    sorted.sort_by_key(|at| &names[*at]);
    let mut shared = Vec::new();
    for group in sorted.chunk_by(|one, other| names[*one] == names[*other]) {
        let node = |at: usize| picks[at].node;
        if group.iter().any(|at| node(*at) != node(group[0])) {
            shared.extend_from_slice(group);
        }
    }
    for at in shared {
        let id = one_line(graph.nodes[picks[at].node].0.as_str(), MAX_NAME_CHARS);
        names[at] = [&names[at], " #", &id].concat();
    }
    names
}

/// Adds the name of the node to labels that two fields share, then the input's own name, then a
/// number. The only one of them in front keeps its label.
pub(super) fn tell_apart(fields: &mut [Field], names: &[String]) {
    for round in 0..3 {
        let mut longer: Vec<usize> = Vec::new();
        for language in Language::ALL {
            let label = |at: &usize| fields.get(*at).map(|field| field.label.get(language));
            let mut order: Vec<usize> = (0..fields.len()).collect();
            order.sort_by_key(label);
            let same = |one: &usize, other: &usize| label(one) == label(other);
            for group in order.chunk_by(same).filter(|group| group.len() > 1) {
                let is_in_front = |at: &&usize| !fields[**at].advanced;
                let alone = group.iter().filter(is_in_front).count() == 1;
                let node = |at: &usize| &fields[*at].key.node;
                // The node tells nothing where it is the same.
                let apart = group.iter().any(|at| node(at) != node(&group[0])) || round > 0;
                longer.extend(group.iter().filter(|at| apart && !(alone && is_in_front(at))));
            }
        }
        for (at, (field, name)) in fields.iter_mut().zip(names).enumerate() {
            if !longer.contains(&at) {
                continue;
            }
            let more = match round {
                0 => name.clone(),
                1 => one_line(&field.key.input, MAX_NAME_CHARS),
                _ => ["#", &(at as u64 + 1).to_string()].concat(),
            };
            for label in field.label.texts_mut() {
                if round < 2 && more.starts_with(label.as_str()) {
                    label.clone_from(&more);
                } else {
                    label.push_str(" · ");
                    label.push_str(&more);
                }
            }
        }
    }
}

/// The name of a file without its folder, its ending and the marks that stand for blanks.
pub(super) fn title(name: &str) -> Label {
    let file = name.rsplit(['/', '\\']).next().unwrap_or(name);
    let plain = match file.rsplit_once('.') {
        Some((plain, ending)) if !plain.is_empty() && ending.len() <= 5 => plain,
        Some(_) | None => file,
    };
    let spaced: String = plain.chars().map(|c| if c == '_' { ' ' } else { c }).collect();
    Label::line(&spaced, MAX_NAME_CHARS).unwrap_or_else(untitled)
}
