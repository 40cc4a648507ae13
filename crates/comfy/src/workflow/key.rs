//! The names of nodes and of their inputs. Invariant: the text form of a key reads back as the key.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The name of a node in its workflow: `2`, or `8:7:6:2` inside subgraphs.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(String);

impl NodeId {
    /// Takes any text for the id of a node.
    pub fn new(id: impl Into<String>) -> Self {
        Self(id.into())
    }

    /// Returns the id as it stands in the workflow.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for NodeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// One input of one node. Its text form, `2.prompt`, has no blanks, is good as an element's id
/// and reads back as the same key.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct FieldKey {
    /// The node.
    pub node: NodeId,
    /// The name of the input.
    pub input: String,
}

impl FieldKey {
    /// Returns the key of an input of a node; nobody looks whether they are there.
    pub fn new(node: impl Into<String>, input: impl Into<String>) -> Self {
        Self { node: NodeId::new(node), input: input.into() }
    }

    /// Reads the text form.
    pub fn parse(text: &str) -> Option<Self> {
        let (node, input) = text.split_once('.')?;
        let (node, input) = (unescaped(node)?, unescaped(input)?);
        (!node.is_empty() && !input.is_empty()).then(|| Self::new(node, input))
    }
}

impl From<FieldKey> for String {
    fn from(key: FieldKey) -> Self {
        key.to_string()
    }
}

impl TryFrom<String> for FieldKey {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text).ok_or("a field is written as NODE.INPUT")
    }
}

impl fmt::Display for FieldKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_escaped(f, self.node.as_str(), true)?;
        f.write_str(".")?;
        write_escaped(f, &self.input, false)
    }
}

fn write_escaped(f: &mut fmt::Formatter<'_>, text: &str, dot_too: bool) -> fmt::Result {
    use fmt::Write;
    for char in text.chars() {
        match char {
            '%' => f.write_str("%25")?,
            '.' if dot_too => f.write_str("%2e")?,
            // A blank ends an id in `aria-describedby`.
            ' ' => f.write_str("%20")?,
            '\t' => f.write_str("%09")?,
            '\n' => f.write_str("%0a")?,
            _ => f.write_char(char)?,
        }
    }
    Ok(())
}

fn unescaped(text: &str) -> Option<String> {
    let mut parts = text.split('%');
    let mut out = parts.next()?.to_owned();
    for part in parts {
        let code = u8::from_str_radix(part.get(..2)?, 16).ok().filter(u8::is_ascii)?;
        out.push(char::from(code));
        out.push_str(part.get(2..)?);
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_key(node: &str, input: &str, text: &str) {
        let key = FieldKey::new(node, input);
        assert_eq!(key.to_string(), text);
        assert_eq!(FieldKey::parse(text), Some(key));
    }

    #[test]
    fn keys_have_a_text_form_that_reads_back() {
        check_key("2", "prompt", "2.prompt");
        check_key("8:7:2", "resize_type.width", "8:7:2.resize_type.width");
        check_key("1.5", "a b%", "1%2e5.a%20b%25");
        for text in ["", "2", ".x", "2.", "2.%", "2.%ff", "2.%zz", "2.%é"] {
            assert_eq!(FieldKey::parse(text), None, "{text}");
        }
    }
}
