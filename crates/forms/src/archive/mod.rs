//! Zip archives (PKWARE APPNOTE 6.3): many files in one, as they are, and back. The archive itself
//! never passes through here, only the parts of it that say what is where, so that one of gigabytes
//! is written and read in little memory.
//! Invariant: what was written is read back byte for byte; whatever the bytes are, reading ends, and
//! reading all that an archive lists takes no more bytes than it has.

mod read;
mod write;

#[cfg(test)]
mod tests;

pub use read::{Directory, Entry, TAIL_BYTES, Unread};
pub use write::{Archive, Full, plain_name};

/// Before the bytes of a file, in the list at the end, and behind that list.
const HEAD: u32 = 0x0403_4b50;
const LISTED: u32 = 0x0201_4b50;
const END: u32 = 0x0605_4b50;
/// Without the name.
pub const HEAD_BYTES: usize = 30;
const LISTED_BYTES: usize = 46;
const END_BYTES: usize = 22;
/// Names are UTF-8.
const UTF8: u16 = 1 << 11;

/// The checksum of zip archives. Its table has 1 kB; the 16 kB of quicker ones make the gallery a
/// quarter larger.
pub const CRC: crc::Crc<u32> = crc::Crc::<u32>::new(&crc::CRC_32_ISO_HDLC);
