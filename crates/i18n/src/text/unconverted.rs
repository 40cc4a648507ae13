//! Why a workflow of the editor's format is not converted, in English and in Chinese.

use pilotlight_comfy::graph::GraphRefusal;
use pilotlight_comfy::language::Language;

/// Names are cut to this many characters, lists of them to this many names.
const LONGEST: usize = 80;

/// Not one of `Sentence`, whose words come with the form: these are wanted later, if at all.
pub fn unconverted(refusal: &GraphRefusal, language: Language) -> String {
    let sentence = match language {
        Language::English => english(refusal),
        Language::Chinese => chinese(refusal),
    };
    super::fill(sentence, figures(refusal))
}

fn english(refusal: &GraphRefusal) -> &'static str {
    match refusal {
        GraphRefusal::NotJson { .. } => {
            "The file cannot be read: no JSON at line {}, column {}. Save it again in the editor."
        }
        GraphRefusal::NotAGraph => {
            "This is no workflow of the editor: it, or a subgraph in it, has no list of nodes. \
             Save it again in the editor."
        }
        GraphRefusal::TooLarge { .. } => {
            "The workflow is too large: at most {} MB are read. Take out what does not belong to it."
        }
        GraphRefusal::TooManyNodes { .. } => {
            "The workflow has more than {} nodes, subgraphs counted as often as they are used. \
             Split it into several."
        }
        GraphRefusal::TooManySlots { .. } => {
            "Node “{}” has more than {} inputs or outputs. Remove those that nothing uses."
        }
        GraphRefusal::TooDeep => {
            "Subgraphs stand in subgraphs more than 32 deep. Unpack some of them in the editor."
        }
        GraphRefusal::TooTangled => {
            "The links lead through too many reroutes and subgraphs. Link the nodes directly."
        }
        GraphRefusal::TooMuch => {
            "Its subgraphs make the workflow too large to send. Use them less often."
        }
        GraphRefusal::TooManyBraces { .. } => {
            "In a text of node “{}” braces stand in braces more than 32 deep. Take some out."
        }
        GraphRefusal::NotANode { node } if node.is_empty() => {
            "A node has no id or no type. Save the workflow again in the editor."
        }
        GraphRefusal::NotANode { .. } => {
            "Node “{}” has no type. Save the workflow again in the editor."
        }
        GraphRefusal::SameId { .. } => {
            "Two nodes have the id “{}”. Save the workflow again in the editor."
        }
        GraphRefusal::NotALink => {
            "An entry among the links is no link. Save the workflow again in the editor."
        }
        GraphRefusal::OtherVersion => {
            "The links are not written as the version of the file says. Save the workflow again \
             in the editor."
        }
        GraphRefusal::LinkToNothing { .. } => {
            "A link leads to node “{}”, input “{}”, from a node that is not there. Mend it in the \
             editor."
        }
        GraphRefusal::Loop { .. } => {
            "The links that lead to node “{}”, input “{}”, run in a circle. Cut it in the editor."
        }
        GraphRefusal::SubgraphInItself { .. } => {
            "The subgraph “{}” contains itself. Take it out of itself in the editor."
        }
        GraphRefusal::GroupNode { .. } => {
            "Node “{}” is an old group node. Open the workflow in a current editor, which makes it \
             a subgraph, and save it again."
        }
        GraphRefusal::MissingClasses { .. } => {
            "The descriptions of these node classes are missing: {}. Ask a server that has them."
        }
    }
}

fn chinese(refusal: &GraphRefusal) -> &'static str {
    match refusal {
        GraphRefusal::NotJson { .. } => {
            "无法读取文件：第 {} 行第 {} 列不是 JSON。请在编辑器中重新保存。"
        }
        GraphRefusal::NotAGraph => {
            "这不是编辑器的工作流：它或其中的子图没有节点列表。请在编辑器中重新保存。"
        }
        GraphRefusal::TooLarge { .. } => "工作流过大，最多读取 {} MB。请删去与它无关的内容。",
        GraphRefusal::TooManyNodes { .. } => {
            "工作流超过 {} 个节点（子图按使用次数计算）。请拆成几个工作流。"
        }
        GraphRefusal::TooManySlots { .. } => "节点“{}”的输入或输出超过 {} 个。请删去没有用到的。",
        GraphRefusal::TooDeep => "子图嵌套超过 32 层。请在编辑器中展开一部分。",
        GraphRefusal::TooTangled => "连线经过的转接点和子图过多。请直接连接节点。",
        GraphRefusal::TooMuch => "工作流展开子图后过大，无法发送。请减少使用子图的次数。",
        GraphRefusal::TooManyBraces { .. } => {
            "节点“{}”的文本中花括号嵌套超过 32 层。请删去一部分。"
        }
        GraphRefusal::NotANode { node } if node.is_empty() => {
            "有一个节点没有 id 或类型。请在编辑器中重新保存工作流。"
        }
        GraphRefusal::NotANode { .. } => "节点“{}”没有类型。请在编辑器中重新保存工作流。",
        GraphRefusal::SameId { .. } => "有两个节点的 id 都是“{}”。请在编辑器中重新保存工作流。",
        GraphRefusal::NotALink => "连线列表中有一项不是连线。请在编辑器中重新保存工作流。",
        GraphRefusal::OtherVersion => {
            "连线的写法与文件标明的版本不符。请在编辑器中重新保存工作流。"
        }
        GraphRefusal::LinkToNothing { .. } => {
            "节点“{}”的输入“{}”连到了不存在的节点。请在编辑器中修复这条连线。"
        }
        GraphRefusal::Loop { .. } => "节点“{}”的输入“{}”的来源绕成了一圈。请在编辑器中断开。",
        GraphRefusal::SubgraphInItself { .. } => {
            "子图“{}”包含它自己。请在编辑器中把它从自身中移出。"
        }
        GraphRefusal::GroupNode { .. } => {
            "节点“{}”是旧式组节点。请用新版编辑器打开工作流，它会变成子图，然后重新保存。"
        }
        GraphRefusal::MissingClasses { .. } => {
            "缺少这些节点类的描述：{}。请向装有它们的服务器查询。"
        }
    }
}

/// What stands in the gaps, in the order of the gaps.
fn figures(refusal: &GraphRefusal) -> [String; 2] {
    let one = |text: &str| [short(text), String::new()];
    match refusal {
        GraphRefusal::NotJson { line, column } => [line.to_string(), column.to_string()],
        GraphRefusal::TooLarge { limit_bytes } => [(limit_bytes >> 20).to_string(), String::new()],
        GraphRefusal::TooManyNodes { limit } => [limit.to_string(), String::new()],
        GraphRefusal::TooManySlots { node, limit } => [short(node), limit.to_string()],
        GraphRefusal::TooManyBraces { node }
        | GraphRefusal::SameId { node }
        | GraphRefusal::GroupNode { node }
        | GraphRefusal::SubgraphInItself { name: node } => one(node),
        GraphRefusal::NotANode { node } => one(node),
        GraphRefusal::LinkToNothing { node, input } | GraphRefusal::Loop { node, input } => {
            [short(node), short(input)]
        }
        GraphRefusal::MissingClasses { classes } => {
            let mut names: Vec<String> =
                classes.iter().take(LONGEST).map(|name| short(name)).collect();
            if classes.len() > LONGEST {
                names.push("…".to_owned());
            }
            [names.join(", "), String::new()]
        }
        GraphRefusal::NotAGraph
        | GraphRefusal::TooDeep
        | GraphRefusal::TooTangled
        | GraphRefusal::TooMuch
        | GraphRefusal::NotALink
        | GraphRefusal::OtherVersion => <[String; 2]>::default(),
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
            assert!(said.ends_with(['.', '。']) && said.len() < 40_000, "{said}");
            assert!(!said.contains(['{', '}']), "{said}");
        }
    }
}
