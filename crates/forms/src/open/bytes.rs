//! Numbers and texts out of bytes. Invariant: what is not there is `None`, never a panic.

use super::kind::Kind;
use super::opened::Unopened;
use std::borrow::Cow;

/// Takes the next `N` bytes away.
pub(super) fn next<const N: usize>(rest: &mut &[u8]) -> Option<[u8; N]> {
    let (taken, left) = rest.split_first_chunk()?;
    *rest = left;
    Some(*taken)
}

/// Takes four bytes as a length, the lowest first.
pub(super) fn low_first(rest: &mut &[u8]) -> Option<usize> {
    usize::try_from(u32::from_le_bytes(next(rest)?)).ok()
}

/// Takes four bytes as a length, the highest first.
pub(super) fn high_first(rest: &mut &[u8]) -> Option<usize> {
    usize::try_from(u32::from_be_bytes(next(rest)?)).ok()
}

/// Takes away what stands before the next zero, and the zero.
pub(super) fn until_zero<'a>(rest: &mut &'a [u8]) -> Option<&'a [u8]> {
    let at = rest.iter().position(|byte| *byte == 0)?;
    let taken = rest.split_off(..at)?;
    rest.split_off_first()?;
    Some(taken)
}

/// A text that is UTF-8 by habit; where it is not, Latin-1, which fits everything.
pub(super) fn lenient(bytes: &[u8]) -> Cow<'_, str> {
    match str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => Cow::Owned(bytes.iter().copied().map(char::from).collect()),
    }
}

/// A text of UTF-16 units, `high` first or low first; without what is no pair.
pub(super) fn wide(bytes: &[u8], high: bool) -> String {
    let (pairs, _) = bytes.as_chunks();
    let read = if high { u16::from_be_bytes } else { u16::from_le_bytes };
    char::decode_utf16(pairs.iter().map(|pair| read(*pair))).filter_map(Result::ok).collect()
}

/// The text of a whole file, without its mark of the order of bytes. UTF-16 without that mark is
/// known by the zero beside the first brace.
pub(super) fn decoded(bytes: &[u8]) -> Result<Cow<'_, str>, Unopened> {
    let text = match bytes {
        [0xff, 0xfe, rest @ ..] => return Ok(Cow::Owned(wide(rest, false))),
        [0xfe, 0xff, rest @ ..] => return Ok(Cow::Owned(wide(rest, true))),
        [b'{' | b'[', 0, ..] => return Ok(Cow::Owned(wide(bytes, false))),
        [0, b'{' | b'[', ..] => return Ok(Cow::Owned(wide(bytes, true))),
        [0xef, 0xbb, 0xbf, rest @ ..] => rest,
        _ => bytes,
    };
    let is_json = matches!(text.trim_ascii_start(), [b'{' | b'[', ..]);
    match str::from_utf8(text) {
        Ok(read) if is_json || text.iter().all(|byte| *byte != 0) => Ok(Cow::Borrowed(read)),
        Err(error) if is_json && error.error_len().is_none() => {
            Err(Unopened::Cut { kind: Kind::Json })
        }
        Err(_) if is_json => Err(Unopened::Encoding),
        Ok(_) | Err(_) => Err(Unopened::Other { kind: Kind::Unknown }),
    }
}
