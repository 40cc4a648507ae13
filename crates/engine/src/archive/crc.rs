//! CRC-32 (IEEE 802.3), the checksum of zip archives.

/// The checksum of what it was fed so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Crc(u32);

/// For each half of a byte.
const TABLE: [u32; 16] = table();

const fn table() -> [u32; 16] {
    let mut table = [0; 16];
    let mut at = 0;
    while at < 16 {
        let mut crc = at as u32;
        let mut bit = 0;
        while bit < 4 {
            crc = if crc & 1 == 1 { crc >> 1 ^ 0xedb8_8320 } else { crc >> 1 };
            bit += 1;
        }
        table[at] = crc;
        at += 1;
    }
    table
}

impl Default for Crc {
    fn default() -> Self {
        Self(u32::MAX)
    }
}

impl Crc {
    pub fn of(bytes: &[u8]) -> u32 {
        let mut crc = Self::default();
        crc.feed(bytes);
        crc.sum()
    }

    pub fn feed(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 ^= u32::from(*byte);
            self.0 = TABLE[(self.0 & 15) as usize] ^ self.0 >> 4;
            self.0 = TABLE[(self.0 & 15) as usize] ^ self.0 >> 4;
        }
    }

    pub fn sum(self) -> u32 {
        !self.0
    }
}
