//! Texts: JSON, JSON between the words of a page it was copied from, and drawings in SVG.

use super::bytes;
use super::kind::Kind;
use super::opened::{MAX_JSON_BYTES, Opened, Unopened, too_large};
use super::value;
use pilotlight_comfy::json;

/// What surrounds code in Markdown.
const FENCE: &str = "```";
/// Blocks of code that are looked at.
const MAX_BLOCKS: usize = 20;

pub(super) fn opened(bytes: &[u8], left_out: &mut Vec<String>) -> Result<Opened, Unopened> {
    if bytes.len() > MAX_JSON_BYTES {
        return Err(too_large(MAX_JSON_BYTES));
    }
    let text = bytes::decoded(bytes)?;
    let start = text.trim_ascii_start();
    if start.is_empty() {
        return Err(Unopened::Empty);
    }
    if let Some(kind) = Kind::of_markup(start) {
        return if kind == Kind::Xml {
            drawing(bytes, kind, left_out)
        } else {
            Err(Unopened::Other { kind })
        };
    }
    match json::read(&text) {
        Ok(value) => value::opened(value, left_out),
        Err(_) if !start.starts_with(['{', '[']) => {
            let found = among_words(start, left_out);
            found.unwrap_or(Err(Unopened::Other { kind: Kind::Text }))
        }
        Err(error) if error.is_eof() => Err(Unopened::Cut { kind: Kind::Json }),
        Err(error) => Err(Unopened::NotJson { line: error.line(), column: error.column() }),
    }
}

/// The first block of code that has a workflow; without blocks, what is between the first brace and
/// the last.
fn among_words(text: &str, left_out: &mut Vec<String>) -> Option<Result<Opened, Unopened>> {
    let blocks = text.split(FENCE).skip(1).step_by(2).take(MAX_BLOCKS);
    // The language stands behind the fence.
    let blocks = blocks.filter_map(|block| block.find(['{', '[']).and_then(|at| block.get(at..)));
    let bare = text.find('{').zip(text.rfind('}')).and_then(|(from, to)| text.get(from..=to));
    blocks.chain(bare).find_map(|block| {
        let value = json::parse(block.trim_ascii_end())?;
        let opened = value::opened(value, left_out);
        (!matches!(opened, Err(Unopened::Other { .. }))).then_some(opened)
    })
}

/// The JSON in the metadata of an SVG.
pub(super) fn drawing(
    bytes: &[u8],
    kind: Kind,
    left_out: &mut Vec<String>,
) -> Result<Opened, Unopened> {
    if bytes.len() > MAX_JSON_BYTES {
        return Err(Unopened::Other { kind });
    }
    let text = bytes::lenient(bytes);
    let mut found = || {
        let (_, rest) = text.split_once("<metadata")?;
        let (_, rest) = rest.split_once("<![CDATA[")?;
        let (inner, _) = rest.split_once("]]>")?;
        value::concluded(value::parts(json::parse(inner.trim())?), left_out)
    };
    found().unwrap_or(Err(Unopened::Other { kind }))
}
