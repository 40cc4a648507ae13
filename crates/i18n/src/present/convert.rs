//! Why a workflow in the editor's format could not be converted.

use crate::text::UnconvertedText;
use pilotlight_comfy::graph::GraphRefusal;
use pilotlight_comfy::language::Language;

/// The most characters of a name, and the most names of a list.
const LONGEST: usize = 80;

/// Returns why an editor file cannot become a prompt.
pub fn unconverted(refusal: &GraphRefusal, language: Language) -> String {
    let (node, input) = names(refusal);
    let (node, input) = (node.as_str(), input.as_str());
    let text = match refusal {
        GraphRefusal::NotJson { line, column } => {
            UnconvertedText::NotJson { line: *line as u64, column: *column as u64 }
        }
        GraphRefusal::NotAGraph => UnconvertedText::NotAGraph,
        GraphRefusal::TooLarge { limit_bytes } => {
            UnconvertedText::TooLarge { limit: (limit_bytes >> 20) as u64 }
        }
        GraphRefusal::TooManyNodes { limit } => {
            UnconvertedText::TooManyNodes { limit: *limit as u64 }
        }
        GraphRefusal::TooManySlots { limit, .. } => {
            UnconvertedText::TooManySlots { node, limit: *limit as u64 }
        }
        GraphRefusal::TooDeep => UnconvertedText::TooDeep,
        GraphRefusal::TooTangled => UnconvertedText::TooTangled,
        GraphRefusal::TooMuch => UnconvertedText::TooMuch,
        GraphRefusal::TooManyBraces { .. } => UnconvertedText::TooManyBraces { node },
        GraphRefusal::NotANode { node } if node.is_empty() => UnconvertedText::NamelessNode,
        GraphRefusal::NotANode { .. } => UnconvertedText::NotANode { node },
        GraphRefusal::SameId { .. } => UnconvertedText::SameId { node },
        GraphRefusal::NotALink => UnconvertedText::NotALink,
        GraphRefusal::OtherVersion => UnconvertedText::OtherVersion,
        GraphRefusal::LinkToNothing { .. } => UnconvertedText::LinkToNothing { node, input },
        GraphRefusal::Loop { .. } => UnconvertedText::Loop { node, input },
        GraphRefusal::SubgraphInItself { .. } => UnconvertedText::SubgraphInItself { node },
        GraphRefusal::GroupNode { .. } => UnconvertedText::GroupNode { node },
        GraphRefusal::MissingClasses { .. } => UnconvertedText::MissingClasses { classes: node },
    };
    text.say(language)
}

/// Returns the node, subgraph or classes that the sentence names, and the input.
fn names(refusal: &GraphRefusal) -> (String, String) {
    let one = |text: &str| (short(text), String::new());
    match refusal {
        GraphRefusal::TooManyBraces { node }
        | GraphRefusal::TooManySlots { node, .. }
        | GraphRefusal::SameId { node }
        | GraphRefusal::GroupNode { node }
        | GraphRefusal::SubgraphInItself { name: node } => one(node),
        GraphRefusal::NotANode { node } => one(node),
        GraphRefusal::LinkToNothing { node, input } | GraphRefusal::Loop { node, input } => {
            (short(node), short(input))
        }
        GraphRefusal::MissingClasses { classes } => {
            let mut names: Vec<String> =
                classes.iter().take(LONGEST).map(|name| short(name)).collect();
            if classes.len() > LONGEST {
                names.push("…".to_owned());
            }
            (names.join(", "), String::new())
        }
        GraphRefusal::NotJson { .. }
        | GraphRefusal::TooLarge { .. }
        | GraphRefusal::TooManyNodes { .. }
        | GraphRefusal::NotAGraph
        | GraphRefusal::TooDeep
        | GraphRefusal::TooTangled
        | GraphRefusal::TooMuch
        | GraphRefusal::NotALink
        | GraphRefusal::OtherVersion => (String::new(), String::new()),
    }
}

fn short(text: &str) -> String {
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => [text.get(..end).unwrap_or_default(), "…"].concat(),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_is_a_sentence_of_bounded_length() {
        let node = || "x".repeat(100_000);
        let reasons = [
            GraphRefusal::NotJson { line: 1, column: 2 },
            GraphRefusal::NotAGraph,
            GraphRefusal::TooLarge { limit_bytes: 16 << 20 },
            GraphRefusal::TooManyNodes { limit: 20_000 },
            GraphRefusal::TooManySlots { node: node(), limit: 4_096 },
            GraphRefusal::TooDeep,
            GraphRefusal::TooTangled,
            GraphRefusal::TooMuch,
            GraphRefusal::TooManyBraces { node: node() },
            GraphRefusal::NotANode { node: String::new() },
            GraphRefusal::NotANode { node: node() },
            GraphRefusal::SameId { node: node() },
            GraphRefusal::NotALink,
            GraphRefusal::OtherVersion,
            GraphRefusal::LinkToNothing { node: node(), input: node() },
            GraphRefusal::Loop { node: node(), input: node() },
            GraphRefusal::SubgraphInItself { name: node() },
            GraphRefusal::GroupNode { node: node() },
            GraphRefusal::MissingClasses { classes: vec![node(); 1_000] },
        ];
        for (reason, language) in
            reasons.iter().flat_map(|reason| Language::ALL.map(|language| (reason, language)))
        {
            let said = unconverted(reason, language);
            let is_whole = said.ends_with(['.', '。', '?', '？', '吗']);
            assert!(is_whole && said.len() < 40_000, "{said}");
        }
    }
}
