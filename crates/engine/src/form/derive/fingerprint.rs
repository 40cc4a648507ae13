//! The id of a form that nobody named. Invariant: the same workflow has the same id on every
//! machine, in whatever order a file names its nodes and inputs.

use super::graph::Graph;
use serde_json::Value;

/// Sixteen digits of a hash over classes, titles and inputs: what a server adds does not count,
/// nor does the order in which the file names things.
pub(super) fn fingerprint(graph: &Graph<'_>) -> String {
    let mut hash = Hash(0xcbf2_9ce4_8422_2325);
    for (id, node) in &graph.nodes {
        hash.text(id.as_str());
        hash.text(node.class());
        hash.text(node.title());
        let mut inputs: Vec<_> = node.inputs().collect();
        inputs.sort_by_key(|(name, _)| *name);
        for (name, value) in inputs {
            hash.text(name);
            hash.value(value);
        }
    }
    let mut text = String::from("w-");
    for place in (0..16).rev() {
        let digit = (hash.0 >> (place * 4)) as u32 & 15;
        text.push(char::from_digit(digit, 16).unwrap_or('0'));
    }
    text
}

/// FNV-1a of 64 bits.
struct Hash(u64);

impl Hash {
    fn text(&mut self, text: &str) {
        // No byte of UTF-8 is 0xff, so it ends each text.
        for byte in text.bytes().chain([0xff]) {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }

    fn value(&mut self, value: &Value) {
        match value {
            Value::String(text) => self.text(text),
            Value::Array(list) => {
                self.text("[");
                for value in list {
                    self.value(value);
                }
                self.text("]");
            }
            Value::Object(map) => {
                let mut fields: Vec<_> = map.iter().collect();
                fields.sort_by_key(|(key, _)| key.as_str());
                self.text("{");
                for (key, value) in fields {
                    self.text(key);
                    self.value(value);
                }
                self.text("}");
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => {
                self.text(&crate::json::text(value));
            }
        }
    }
}
