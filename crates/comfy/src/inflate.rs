//! Unpacking a zlib stream (RFC 1950 and 1951), for the compressed texts of a PNG and the files of
//! a zip archive.
//! Invariant: whatever the bytes are it ends, never holds more than the limit, and every byte it
//! gives was in the stream. The checksum is not looked at: damaged JSON shows as such.

/// The longest code of a symbol in bits.
const LONGEST: usize = 15;
/// The order in which the lengths of the code of lengths are written.
const ORDER: [u8; 19] = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];
const END: u16 = 256;
/// Packers fill blocks with thousands of symbols; a code for each of many empty ones would take
/// minutes. 2^16 blocks are read within a second.
const MAX_BLOCKS: usize = 1 << 16;
const LENGTH_CODES: usize = 286;

/// Why a stream gives nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spoilt {
    /// It is no stream of deflate, or cut off.
    Broken,
    /// It would be longer than the limit.
    TooLong,
}

/// Returns what was packed, if it has at most `limit` bytes.
///
/// # Errors
/// When it is no such stream, or has more bytes.
pub fn unpacked(zlib: &[u8], limit: usize) -> Result<Vec<u8>, Spoilt> {
    let [method, flags, stream @ ..] = zlib else {
        return Err(Spoilt::Broken);
    };
    let whole = u16::from_be_bytes([*method, *flags]).is_multiple_of(31);
    if method & 15 != 8 || flags & 32 != 0 || !whole {
        return Err(Spoilt::Broken);
    }
    inflated(stream, limit)
}

/// Returns what a stream without the head and the checksum of zlib holds, if it has at most `limit` bytes.
///
/// # Errors
/// When it is no such stream, or has more bytes.
pub fn inflated(stream: &[u8], limit: usize) -> Result<Vec<u8>, Spoilt> {
    let mut unpacking = Unpacking { bits: Bits { stream, at: 0 }, out: Vec::new(), limit };
    match unpacking.blocks() {
        Some(()) => Ok(unpacking.out),
        None if unpacking.out.len() >= limit => Err(Spoilt::TooLong),
        None => Err(Spoilt::Broken),
    }
}

/// The stream, read from the lowest bit of each byte.
struct Bits<'a> {
    stream: &'a [u8],
    /// Where reading is, in bits.
    at: usize,
}

impl Bits<'_> {
    fn one(&mut self) -> Option<usize> {
        let byte = self.stream.get(self.at / 8)?;
        let bit = byte >> (self.at % 8) & 1;
        self.at += 1;
        Some(bit.into())
    }

    /// A number of `count` bits, the lowest first.
    fn number(&mut self, count: usize) -> Option<usize> {
        let mut number = 0;
        for place in 0..count {
            number |= self.one()? << place;
        }
        Some(number)
    }

    /// What a symbol of a scale stands for: `steps` symbols for each power of two, with the rest
    /// of the number behind the symbol.
    fn scaled(&mut self, symbol: usize, steps: usize) -> Option<usize> {
        match (symbol / steps).checked_sub(1) {
            None => Some(symbol),
            Some(extra) => Some(((steps + symbol % steps) << extra) + self.number(extra)?),
        }
    }
}

/// A prefix code. Those of one length are consecutive numbers, so that how many there are of each
/// length and the symbols in order say everything.
struct Code {
    counts: [usize; LONGEST + 1],
    symbols: Vec<u16>,
}

impl Code {
    /// From the length of each symbol's code; 0 is a symbol that does not occur.
    fn new(lengths: &[u8]) -> Option<Self> {
        let mut counts = [0; LONGEST + 1];
        let mut symbols = Vec::new();
        let mut free = 1_usize;
        for length in 1..=LONGEST {
            let before = symbols.len();
            for (symbol, _) in (0..).zip(lengths).filter(|(_, each)| usize::from(**each) == length)
            {
                symbols.push(symbol);
            }
            let count = symbols.len() - before;
            // More codes than there are numbers of this length.
            free = (free * 2).checked_sub(count)?;
            *counts.get_mut(length)? = count;
        }
        Some(Self { counts, symbols })
    }

    fn symbol(&self, bits: &mut Bits) -> Option<u16> {
        // The number read, counted from the first one of its length.
        let (mut rank, mut shorter) = (0, 0);
        for count in self.counts.iter().skip(1) {
            rank = rank * 2 + bits.one()?;
            if rank < *count {
                return self.symbols.get(shorter + rank).copied();
            }
            rank -= count;
            shorter += count;
        }
        None
    }
}

struct Unpacking<'a> {
    bits: Bits<'a>,
    out: Vec<u8>,
    limit: usize,
}

impl Unpacking<'_> {
    fn blocks(&mut self) -> Option<()> {
        for _ in 0..MAX_BLOCKS {
            let last = self.bits.one()? == 1;
            match self.bits.number(2)? {
                0 => self.stored()?,
                1 => {
                    let length = |symbol| match symbol {
                        144..256 => 9,
                        256..280 => 7,
                        _ => 8,
                    };
                    let lengths: Vec<u8> = (0..288).map(length).collect();
                    self.packed(&Code::new(&lengths)?, &Code::new(&[5; 30])?)?;
                }
                2 => {
                    let (literals, distances) = self.codes()?;
                    self.packed(&literals, &distances)?;
                }
                _ => return None,
            }
            if last {
                return Some(());
            }
        }
        None
    }

    fn stored(&mut self) -> Option<()> {
        self.bits.at = self.bits.at.next_multiple_of(8);
        let (length, check) = (self.bits.number(16)?, self.bits.number(16)?);
        if length ^ check != 0xffff {
            return None;
        }
        for _ in 0..length {
            let byte = self.bits.number(8)?;
            self.push(u8::try_from(byte).ok()?)?;
        }
        Some(())
    }

    /// The codes of a block that brings its own.
    fn codes(&mut self) -> Option<(Code, Code)> {
        let literals = self.bits.number(5)? + 257;
        let distances = self.bits.number(5)? + 1;
        let written = self.bits.number(4)? + 4;
        if literals > LENGTH_CODES {
            return None;
        }
        let mut lengths = [0; ORDER.len()];
        for place in ORDER.iter().take(written) {
            *lengths.get_mut(usize::from(*place))? = u8::try_from(self.bits.number(3)?).ok()?;
        }
        let code = Code::new(&lengths)?;
        let mut lengths = Vec::new();
        while lengths.len() < literals + distances {
            let (length, times) = match code.symbol(&mut self.bits)? {
                16 => (*lengths.last()?, 3 + self.bits.number(2)?),
                17 => (0, 3 + self.bits.number(3)?),
                18 => (0, 11 + self.bits.number(7)?),
                length => (u8::try_from(length).ok()?, 1),
            };
            lengths.extend((0..times).map(|_| length));
        }
        let (literals, distances) = lengths.split_at_checked(literals)?;
        Some((Code::new(literals)?, Code::new(distances)?))
    }

    fn packed(&mut self, literals: &Code, distances: &Code) -> Option<()> {
        loop {
            let symbol = literals.symbol(&mut self.bits)?;
            if let Ok(byte) = u8::try_from(symbol) {
                self.push(byte)?;
                continue;
            }
            let length = match symbol.checked_sub(END + 1) {
                None => return Some(()),
                Some(28) => 258,
                Some(symbol @ 0..28) => 3 + self.bits.scaled(symbol.into(), 4)?,
                Some(_) => return None,
            };
            let symbol = distances.symbol(&mut self.bits).filter(|symbol| *symbol < 30)?;
            let back = 1 + self.bits.scaled(symbol.into(), 2)?;
            let from = self.out.len().checked_sub(back)?;
            for at in from..from + length {
                self.push(*self.out.get(at)?)?;
            }
        }
    }

    fn push(&mut self, byte: u8) -> Option<()> {
        if self.out.len() >= self.limit {
            return None;
        }
        self.out.push(byte);
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::Compression;
    use flate2::write::ZlibEncoder;
    use std::io::Write;

    const LIMIT: usize = 1 << 20;

    fn packed(bytes: &[u8], level: u32) -> Vec<u8> {
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::new(level));
        encoder.write_all(bytes).expect("memory takes it");
        encoder.finish().expect("memory takes it")
    }

    /// Texts of every kind of block: nothing, one letter, words, all bytes, noise, far repetitions.
    fn samples() -> Vec<Vec<u8>> {
        let mut noise = 1_u32;
        let noise = (0..70_000).map(|_| {
            noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (noise >> 24) as u8
        });
        let noise: Vec<u8> = noise.collect();
        vec![
            Vec::new(),
            b"a".to_vec(),
            vec![b'x'; 100_000],
            br#"{"1": {"class_type": "KSampler", "inputs": {"seed": 5}}}"#.repeat(500),
            (0..=255).collect(),
            [noise.clone(), noise[..40_000].to_vec()].concat(),
            noise,
        ]
    }

    #[test]
    fn what_was_packed_comes_out() {
        for sample in samples() {
            for level in [0, 1, 6, 9] {
                let packed = packed(&sample, level);
                assert!(unpacked(&packed, LIMIT).as_ref() == Ok(&sample), "{level}");
            }
        }
    }

    #[test]
    fn no_more_than_the_limit_is_unpacked() {
        for sample in samples().into_iter().filter(|sample| !sample.is_empty()) {
            let packed = packed(&sample, 9);
            assert!(unpacked(&packed, sample.len()).is_ok());
            assert_eq!(unpacked(&packed, sample.len() - 1), Err(Spoilt::TooLong));
        }
        let bomb = packed(&vec![0; 50 << 20], 9);
        assert!(bomb.len() < 60_000);
        assert_eq!(unpacked(&bomb, LIMIT), Err(Spoilt::TooLong));
    }

    #[test]
    fn broken_streams_are_refused() {
        let table: &[&[u8]] = &[
            &[],
            &[0x78],
            &[0x78, 0x9c],
            // Another method, a wrong check, a dictionary.
            &[0x77, 0x9c, 3, 0],
            &[0x78, 0x9d, 3, 0],
            &[0x78, 0xbb, 3, 0],
            // A kind of block that there is not, a stored one that contradicts itself.
            &[0x78, 0x9c, 7],
            &[0x78, 0x9c, 1, 1, 0, 0, 0, b'a'],
            // A repetition of what is not there yet.
            &[0x78, 0x9c, 3, 2, 0],
        ];
        for bytes in table {
            assert_eq!(unpacked(bytes, LIMIT), Err(Spoilt::Broken), "{bytes:?}");
        }
        assert_eq!(unpacked(&[0x78, 0x9c, 3, 0], LIMIT), Ok(Vec::new()));
        let empty_blocks = [vec![0x78, 0x9c], [0, 0, 0, 0xff, 0xff].repeat(MAX_BLOCKS)];
        assert_eq!(unpacked(&empty_blocks.concat(), LIMIT), Err(Spoilt::Broken));
    }

    #[test]
    fn cut_and_changed_streams_agree_with_a_library() {
        let sample = &samples()[3][..2_000];
        let whole = packed(sample, 6);
        // All but the checksum is needed.
        for length in 0..whole.len() - 4 {
            assert_eq!(unpacked(&whole[..length], LIMIT), Err(Spoilt::Broken), "{length}");
        }
        for at in 0..whole.len() {
            for bit in 0..8 {
                let mut changed = whole.clone();
                changed[at] ^= 1 << bit;
                let mut theirs = Vec::new();
                let read = std::io::Read::read_to_end(
                    &mut flate2::read::ZlibDecoder::new(&changed[..]),
                    &mut theirs,
                );
                let ours = unpacked(&changed, LIMIT);
                if read.is_ok() {
                    assert_eq!(ours, Ok(theirs), "{at} {bit}");
                }
            }
        }
    }
}
