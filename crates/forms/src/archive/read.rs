//! Reading, by the list at the end.

use super::{CRC, END, END_BYTES, HEAD, HEAD_BYTES, LISTED, LISTED_BYTES};
use pilotlight_comfy::inflate::inflated;

/// The end of an archive, with the longest comment that it can carry.
pub const TAIL_BYTES: usize = END_BYTES + u16::MAX as usize;
/// The longest list that is read; 65,535 names of 200 bytes fit.
const MAX_LIST_BYTES: u32 = 16 << 20;

/// Why nothing comes of bytes or of one of their files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unread {
    /// The bytes do not end as an archive does.
    NotAnArchive,
    /// Cut off, changed on the way, or made to mislead: files that lie in each other.
    Broken,
    /// Encrypted, split, larger than 4 GiB, or packed in another way than deflate.
    Unknown,
    /// A file would be longer than the limit.
    TooLong,
}

/// Where the list of an archive is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Directory {
    /// In bytes from the beginning of the archive.
    pub from: u64,
    /// Its length in bytes.
    pub size_bytes: u64,
    count: u16,
}

/// One file of an archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Only to tell files apart: never a path.
    pub name: String,
    /// As it lies in the archive.
    pub packed_bytes: u64,
    /// As it says it is once it is unpacked.
    pub size_bytes: u64,
    /// The checksum of its bytes once they are unpacked: CRC-32.
    pub crc: u32,
    /// Whether its bytes are packed by deflate; else they lie there as they are.
    pub is_packed: bool,
    /// Where the `HEAD_BYTES` before its bytes and its name are.
    pub head_at: u64,
}

impl Directory {
    /// `tail`: the last `TAIL_BYTES` of the archive, or all of it; `whole_bytes`: its length.
    ///
    /// # Errors
    /// When there is no list, or one that is not read.
    pub fn find(tail: &[u8], whole_bytes: u64) -> Result<Self, Unread> {
        let end = find_end(tail).ok_or(Unread::NotAnArchive)?;
        let count = half(tail, end + 10).ok_or(Unread::Broken)?;
        let size = word(tail, end + 12).ok_or(Unread::Broken)?;
        let from = word(tail, end + 16).ok_or(Unread::Broken)?;
        // Split over disks, or in the format for more than 4 GiB.
        if from == u32::MAX || count == u16::MAX || half(tail, end + 4) != Some(0) {
            return Err(Unread::Unknown);
        }
        let end_at = (whole_bytes + end as u64).checked_sub(tail.len() as u64);
        let list_end = u64::from(from) + u64::from(size);
        if end_at.is_none_or(|end_at| list_end > end_at) || size > MAX_LIST_BYTES {
            return Err(Unread::Broken);
        }
        Ok(Self { from: from.into(), size_bytes: size.into(), count })
    }

    /// The files of an archive, folders left out, in the order of its list. `list`: the bytes that
    /// this says it is.
    ///
    /// # Errors
    /// When the list is broken, or an entry of it is not read.
    pub fn entries(&self, list: &[u8]) -> Result<Vec<Entry>, Unread> {
        let (mut at, mut sum) = (0, 0);
        let mut entries = Vec::new();
        for _ in 0..self.count {
            let (entry, next) = listed(list, at)?;
            at = next;
            // Whoever lets many files share their bytes makes a small archive of a huge one.
            sum += entry.packed_bytes + HEAD_BYTES as u64;
            if sum > self.from {
                return Err(Unread::Broken);
            }
            if !entry.name.ends_with('/') {
                entries.push(entry);
            }
        }
        Ok(entries)
    }
}

impl Entry {
    /// Where its bytes begin. `head`: the `HEAD_BYTES` at `head_at`.
    ///
    /// # Errors
    /// When no such head stands there.
    pub fn begins_at(&self, head: &[u8]) -> Result<u64, Unread> {
        if word(head, 0) != Some(HEAD) {
            return Err(Unread::Broken);
        }
        let (Some(name), Some(extra)) = (half(head, 26), half(head, 28)) else {
            return Err(Unread::Broken);
        };
        Ok(self.head_at + HEAD_BYTES as u64 + u64::from(name) + u64::from(extra))
    }

    /// Its bytes out of those that lie in the archive, if there are at most `limit`.
    ///
    /// # Errors
    /// When the bytes are no such file, or would be more.
    pub fn unpacked(&self, packed: Vec<u8>, limit: usize) -> Result<Vec<u8>, Unread> {
        let size = usize::try_from(self.size_bytes).unwrap_or(usize::MAX);
        if size > limit {
            return Err(Unread::TooLong);
        }
        let bytes = match self.is_packed {
            true => inflated(&packed, size).map_err(|_| Unread::Broken)?,
            false => packed,
        };
        let whole = bytes.len() == size && CRC.checksum(&bytes) == self.crc;
        if whole { Ok(bytes) } else { Err(Unread::Broken) }
    }
}

/// The end may carry a comment of up to 65,535 bytes.
fn find_end(tail: &[u8]) -> Option<usize> {
    let last = tail.len().checked_sub(END_BYTES)?;
    let first = last.saturating_sub(usize::from(u16::MAX));
    (first..=last).rev().find(|at| word(tail, *at) == Some(END))
}

/// One line of the list, and where the next begins.
fn listed(list: &[u8], at: usize) -> Result<(Entry, usize), Unread> {
    let broken = Unread::Broken;
    if word(list, at) != Some(LISTED) {
        return Err(broken);
    }
    let half = |place: usize| half(list, at + place).map(usize::from).ok_or(broken);
    let word = |place: usize| word(list, at + place).ok_or(broken);
    let (flags, method) = (half(8)?, half(10)?);
    if flags & 1 == 1 || !matches!(method, 0 | 8) {
        return Err(Unread::Unknown);
    }
    let name_end = at + LISTED_BYTES + half(28)?;
    let next = name_end + half(30)? + half(32)?;
    let name = list.get(at + LISTED_BYTES..name_end).ok_or(broken)?;
    let entry = Entry {
        name: String::from_utf8_lossy(name).into_owned(),
        packed_bytes: word(20)?.into(),
        size_bytes: word(24)?.into(),
        crc: word(16)?,
        is_packed: method == 8,
        head_at: word(42)?.into(),
    };
    // What is stored as it is has one length.
    if !entry.is_packed && entry.packed_bytes != entry.size_bytes {
        return Err(broken);
    }
    Ok((entry, next))
}

fn half(bytes: &[u8], at: usize) -> Option<u16> {
    let half = bytes.get(at..at.checked_add(2)?)?;
    Some(u16::from_le_bytes(half.try_into().ok()?))
}

fn word(bytes: &[u8], at: usize) -> Option<u32> {
    let word = bytes.get(at..at.checked_add(4)?)?;
    Some(u32::from_le_bytes(word.try_into().ok()?))
}
