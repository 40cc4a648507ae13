//! Zip archives (PKWARE APPNOTE 6.3): many files in one, as they are, and back.
//! Invariant: what was written is read back byte for byte; whatever the bytes are, reading ends and
//! gives only files whose checksum is right.

mod crc;
mod read;
mod write;

#[cfg(test)]
mod tests;

pub use crc::Crc;
pub use read::{Entry, Unread, entries};
pub use write::{Archive, Full, plain_name};

/// Before the bytes of a file, in the list at the end, and behind that list.
const HEAD: u32 = 0x0403_4b50;
const LISTED: u32 = 0x0201_4b50;
const END: u32 = 0x0605_4b50;
/// Without the name.
const HEAD_BYTES: usize = 30;
const LISTED_BYTES: usize = 46;
const END_BYTES: usize = 22;
/// Names are UTF-8.
const UTF8: u16 = 1 << 11;
