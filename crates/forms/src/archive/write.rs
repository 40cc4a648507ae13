//! Writing. The bytes of the files themselves never pass through here, so that an archive of a
//! gigabyte can be made of parts that the browser holds.

use super::{END, HEAD, LISTED, UTF8};
use pilotlight_comfy::media::plain;
use pilotlight_comfy::time::At;

/// An archive that is being written: what it gives goes before and behind the bytes of its files.
#[derive(Debug, Default)]
pub struct Archive {
    list: Vec<u8>,
    count: u16,
    offset: u32,
}

/// One more file would go beyond what the plain format can hold: 65,534 files, 4 GiB in all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Full;

impl Archive {
    /// What stands before the bytes of the next file. `name`: with `/` between folders; `at`: shown
    /// as its date, in UTC.
    ///
    /// # Errors
    /// When the archive would become too large, or have too many files.
    pub fn head(&mut self, name: &str, crc: u32, size: u64, at: At) -> Result<Vec<u8>, Full> {
        let length = u16::try_from(name.len()).map_err(|_| Full)?;
        // The next number means that the true one stands elsewhere.
        let count = self.count + 1;
        if count == u16::MAX {
            return Err(Full);
        }
        let size = u32::try_from(size).map_err(|_| Full)?;
        let (date, time) = stamp(at);
        // What both places say of a file alike.
        let mut common = Vec::with_capacity(26);
        for half in [20, UTF8, 0, time, date] {
            common.extend(u16::to_le_bytes(half));
        }
        for word in [crc, size, size] {
            common.extend(word.to_le_bytes());
        }
        common.extend(length.to_le_bytes());
        common.extend([0, 0]);
        let mut head = HEAD.to_le_bytes().to_vec();
        head.extend(&common);
        head.extend(name.as_bytes());
        let taken = u64::from(self.offset) + head.len() as u64 + u64::from(size);
        // The list and the end must find room behind it.
        let list = self.list.len() + super::LISTED_BYTES + name.len() + super::END_BYTES;
        if taken + list as u64 > u64::from(u32::MAX) {
            return Err(Full);
        }
        self.list.extend(LISTED.to_le_bytes());
        self.list.extend(20_u16.to_le_bytes());
        self.list.extend(&common);
        // No comment, first disk, no attributes.
        self.list.extend([0; 10]);
        self.list.extend(self.offset.to_le_bytes());
        self.list.extend(name.as_bytes());
        self.count = count;
        self.offset = taken as u32;
        Ok(head)
    }

    /// What stands behind the bytes of the last file.
    pub fn tail(self) -> Vec<u8> {
        let size = self.list.len() as u32;
        let mut tail = self.list;
        tail.extend(END.to_le_bytes());
        tail.extend([0; 4]);
        tail.extend(self.count.to_le_bytes());
        tail.extend(self.count.to_le_bytes());
        tail.extend(size.to_le_bytes());
        tail.extend(self.offset.to_le_bytes());
        tail.extend([0, 0]);
        tail
    }
}

/// A name that every system takes: no separators, no signs that shells or Windows mind, nothing
/// that turns the direction of writing, not empty, at most 80 characters.
pub fn plain_name(text: &str) -> String {
    let name = plain(text, 80);
    if name.is_empty() { "_".to_owned() } else { name }
}

/// Date and time as MS-DOS writes them: from 1980 to 2107, in steps of two seconds.
fn stamp(at: At) -> (u16, u16) {
    const DAY_S: u64 = 86_400;
    /// The first of January 1980.
    const FIRST_S: u64 = 315_532_800;
    /// The last moment of 2107.
    const LAST_S: u64 = 4_354_819_199;
    let seconds = (at.0 / 1_000).clamp(FIRST_S, LAST_S);
    let (mut day, second) = ((seconds - FIRST_S) / DAY_S, seconds % DAY_S);
    let mut year = 0;
    let length = |year: u64| if is_leap(year) { 366 } else { 365 };
    while day >= length(year) {
        day -= length(year);
        year += 1;
    }
    let february = if is_leap(year) { 29 } else { 28 };
    let mut month = 1;
    for days in [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30] {
        if day < days {
            break;
        }
        day -= days;
        month += 1;
    }
    let date = year << 9 | month << 5 | (day + 1);
    let time = (second / 3_600) << 11 | (second / 60 % 60) << 5 | (second % 60 / 2);
    (date as u16, time as u16)
}

/// Years after 1980; 2100 is none.
fn is_leap(year: u64) -> bool {
    year.is_multiple_of(4) && year != 120
}
