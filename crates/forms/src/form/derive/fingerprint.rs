//! The id of a form that nobody named. Invariant: the same workflow has the same id on every
//! machine, in whatever order a file names its nodes and inputs.

use super::graph::Graph;
use serde_json::Value;

/// Sixteen digits of a hash over classes, titles and inputs: what a server adds does not count,
/// nor does the order in which the file names things.
pub(super) fn fingerprint(graph: &Graph<'_>) -> String {
    let mut hash = Hash(START);
    for (id, node) in &graph.nodes {
        hash.text(id.as_str());
        hash.text(node.class());
        hash.text(node.title());
        hash.fields(node.inputs());
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

const START: u64 = 0xcbf2_9ce4_8422_2325;

impl Hash {
    fn text(&mut self, text: &str) {
        // No byte of UTF-8 is 0xff, so it ends each text.
        for byte in text.bytes().chain([0xff]) {
            self.byte(byte);
        }
    }

    fn byte(&mut self, byte: u8) {
        self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }

    /// A sum of hashes is the same in any order.
    fn fields<'a>(&mut self, fields: impl Iterator<Item = (&'a str, &'a Value)>) {
        let mut sum: u64 = 0;
        for (key, value) in fields {
            let mut one = Self(START);
            one.text(key);
            one.value(value);
            sum = sum.wrapping_add(one.0);
        }
        for byte in sum.to_le_bytes() {
            self.byte(byte);
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
                self.text("{");
                self.fields(map.iter().map(|(key, value)| (key.as_str(), value)));
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => {
                self.text(&pilotlight_comfy::json::text(value));
            }
        }
    }
}
