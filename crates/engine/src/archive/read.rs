//! Reading, by the list at the end.

use super::{Crc, END, END_BYTES, HEAD, HEAD_BYTES, LISTED, LISTED_BYTES};
use crate::inflate::inflated;

/// Why nothing comes of bytes or of one of their files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unread {
    NotAnArchive,
    /// Cut off, or changed on the way.
    Broken,
    /// Encrypted, split, larger than 4 GiB, or packed in another way than deflate.
    Unknown,
    /// A file would be longer than the limit.
    TooLong,
}

/// One file of an archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry<'a> {
    pub name: String,
    packed: &'a [u8],
    is_packed: bool,
    crc: u32,
    size: usize,
}

/// The files of an archive, folders left out, in the order of its list.
pub fn entries(bytes: &[u8]) -> Result<Vec<Entry<'_>>, Unread> {
    let end = find_end(bytes).ok_or(Unread::NotAnArchive)?;
    let count = half(bytes, end + 10).ok_or(Unread::Broken)?;
    let mut at = word(bytes, end + 16).ok_or(Unread::Broken)? as usize;
    if at == u32::MAX as usize || half(bytes, end + 4) != Some(0) {
        return Err(Unread::Unknown);
    }
    let mut entries = Vec::new();
    for _ in 0..count {
        let (entry, next) = listed(bytes, at)?;
        at = next;
        if !entry.name.ends_with('/') {
            entries.push(entry);
        }
    }
    Ok(entries)
}

impl Entry<'_> {
    /// Its bytes, if there are at most `limit`.
    pub fn bytes(&self, limit: usize) -> Result<Vec<u8>, Unread> {
        if self.size > limit {
            return Err(Unread::TooLong);
        }
        let bytes = match self.is_packed {
            true => inflated(self.packed, self.size).map_err(|_| Unread::Broken)?,
            false => self.packed.to_vec(),
        };
        let whole = bytes.len() == self.size && Crc::of(&bytes) == self.crc;
        if whole { Ok(bytes) } else { Err(Unread::Broken) }
    }
}

/// The end may carry a comment of up to 65,535 bytes.
fn find_end(bytes: &[u8]) -> Option<usize> {
    let last = bytes.len().checked_sub(END_BYTES)?;
    let first = last.saturating_sub(usize::from(u16::MAX));
    (first..=last).rev().find(|at| word(bytes, *at) == Some(END))
}

/// One line of the list, and where the next begins.
fn listed(bytes: &[u8], at: usize) -> Result<(Entry<'_>, usize), Unread> {
    let broken = Unread::Broken;
    if word(bytes, at) != Some(LISTED) {
        return Err(broken);
    }
    let half = |place: usize| half(bytes, at + place).map(usize::from).ok_or(broken);
    let word = |place: usize| word(bytes, at + place).ok_or(broken);
    let (flags, method) = (half(8)?, half(10)?);
    if flags & 1 == 1 || !matches!(method, 0 | 8) {
        return Err(Unread::Unknown);
    }
    let (crc, packed_size, size) = (word(16)?, word(20)? as usize, word(24)? as usize);
    let name_end = at + LISTED_BYTES + half(28)?;
    let next = name_end + half(30)? + half(32)?;
    let name = bytes.get(at + LISTED_BYTES..name_end).ok_or(broken)?;
    let packed = packed(bytes, word(42)? as usize, packed_size).ok_or(broken)?;
    let name = String::from_utf8_lossy(name).into_owned();
    Ok((Entry { name, packed, is_packed: method == 8, crc, size }, next))
}

fn packed(bytes: &[u8], head: usize, size: usize) -> Option<&[u8]> {
    if word(bytes, head)? != HEAD {
        return None;
    }
    let length = |place: usize| half(bytes, head + place).map(usize::from);
    let from = head + HEAD_BYTES + length(26)? + length(28)?;
    bytes.get(from..from.checked_add(size)?)
}

fn half(bytes: &[u8], at: usize) -> Option<u16> {
    let half = bytes.get(at..at.checked_add(2)?)?;
    Some(u16::from_le_bytes(half.try_into().ok()?))
}

fn word(bytes: &[u8], at: usize) -> Option<u32> {
    let word = bytes.get(at..at.checked_add(4)?)?;
    Some(u32::from_le_bytes(word.try_into().ok()?))
}
