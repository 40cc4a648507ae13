//! A picture with its mask as one file: a PNG that is transparent where somebody painted, and whose
//! colours are unharmed below. Invariant: colour and transparency are never multiplied, so that what
//! is written and read again is the same to the bit.
//!
//! Packing is for others: what is filtered here is packed as a zlib stream and cut into chunks. All
//! pixels are four bytes: red, green, blue, alpha. They come in whole rows.

use std::ops::Range;

/// As large as browsers draw on at all.
pub const SIDE_MAX: u32 = 8_192;
/// Two layers of four bytes each: 268 MB.
pub const PIXELS_MAX: u32 = 1 << 25;

const SIGNATURE: [u8; 8] = *b"\x89PNG\r\n\x1a\n";
const PIXEL: usize = 4;
/// Each byte less what its neighbours foretell: of the five filters the one that suits photographs.
const PAETH: u8 = 4;

/// Returns whether a mask can be painted over a picture of this size, in pixels.
pub fn fits(width: u32, height: u32) -> bool {
    let sides = (1..=SIDE_MAX).contains(&width) && (1..=SIDE_MAX).contains(&height);
    sides && width * height <= PIXELS_MAX
}

/// Where the pixels of a PNG are, if it holds all four bytes of each and in their order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// In pixels.
    pub width: u32,
    /// In pixels.
    pub height: u32,
    /// The parts of the file that make up the zlib stream.
    pub packed: Vec<Range<usize>>,
}

impl Plan {
    /// Reads where the pixels of a PNG are; `None` of any other file.
    pub fn read(file: &[u8]) -> Option<Self> {
        let mut at = SIGNATURE.len();
        let mut plan = Self { width: 0, height: 0, packed: Vec::new() };
        if file.get(..at)? != SIGNATURE {
            return None;
        }
        loop {
            let length = number(file, at)? as usize;
            let body = at + 8..at.checked_add(8)?.checked_add(length)?;
            let inside = file.get(body.clone())?;
            match file.get(at + 4..at + 8)? {
                b"IHDR" => {
                    // 8 bits, with alpha, packed and filtered as all are, rows in their order.
                    if inside.get(8..)? != [8, 6, 0, 0, 0] {
                        return None;
                    }
                    (plan.width, plan.height) = (number(inside, 0)?, number(inside, 4)?);
                }
                b"IDAT" => plan.packed.push(body.clone()),
                b"IEND" => break,
                _ => {}
            }
            at = body.end.checked_add(4)?;
        }
        (plan.width > 0 && plan.height > 0 && !plan.packed.is_empty()).then_some(plan)
    }

    /// What a row takes when it is unpacked: the number of its filter, then its pixels.
    pub fn row_bytes(&self) -> usize {
        1 + self.width as usize * PIXEL
    }
}

fn number(bytes: &[u8], at: usize) -> Option<u32> {
    let four = bytes.get(at..at.checked_add(4)?)?;
    Some(u32::from_be_bytes(four.try_into().ok()?))
}

/// Rows on their way into a file or out of it, from the first to the last.
pub struct Rows {
    above: Vec<u8>,
}

impl Rows {
    /// Returns a row of zeros before the first one. `width`: of the picture, in pixels.
    pub fn new(width: u32) -> Self {
        Self { above: vec![0; width as usize * PIXEL] }
    }

    /// Pixels as they are to be packed.
    pub fn filtered(&mut self, pixels: &[u8]) -> Vec<u8> {
        let row_bytes = self.above.len();
        let mut out = Vec::with_capacity(pixels.len() + pixels.len() / row_bytes);
        for row in pixels.chunks_exact(row_bytes) {
            out.push(PAETH);
            for (at, byte) in row.iter().enumerate() {
                let [left, corner] = before(row, &self.above, at);
                out.push(byte.wrapping_sub(foretold(left, self.above[at], corner)));
            }
            self.above.copy_from_slice(row);
        }
        out
    }

    /// Pixels from what was unpacked, however its rows were filtered.
    pub fn unfiltered(&mut self, unpacked: &[u8]) -> Option<Vec<u8>> {
        let row_bytes = self.above.len();
        let mut out = Vec::with_capacity(unpacked.len());
        for row in unpacked.chunks_exact(1 + row_bytes) {
            let (filter, row) = row.split_first()?;
            let mut pixels = row.to_vec();
            for at in 0..row_bytes {
                let [left, corner] = before(&pixels, &self.above, at);
                let above = self.above[at];
                let guess = match *filter {
                    0 => 0,
                    1 => left,
                    2 => above,
                    3 => left.midpoint(above),
                    PAETH => foretold(left, above, corner),
                    _ => return None,
                };
                pixels[at] = pixels[at].wrapping_add(guess);
            }
            out.extend_from_slice(&pixels);
            self.above = pixels;
        }
        Some(out)
    }
}

/// The bytes of the pixel to the left, and of the one above that.
fn before(row: &[u8], above: &[u8], at: usize) -> [u8; 2] {
    at.checked_sub(PIXEL).map_or([0, 0], |at| [row[at], above[at]])
}

/// The neighbour that is nearest to left + above − corner.
fn foretold(left: u8, above: u8, corner: u8) -> u8 {
    let [a, b, c] = [left, above, corner].map(i16::from);
    let (to_left, to_above, to_corner) = ((b - c).abs(), (a - c).abs(), (a + b - c - c).abs());
    if to_left <= to_above && to_left <= to_corner {
        left
    } else if to_above <= to_corner {
        above
    } else {
        corner
    }
}

/// Makes a picture transparent where `painting` is opaque.
pub fn cover(picture: &mut [u8], painting: &[u8]) {
    for (pixel, paint) in picture.chunks_exact_mut(PIXEL).zip(painting.chunks_exact(PIXEL)) {
        pixel[3] = 255 - paint[3];
    }
}

/// Makes a picture opaque, and gives what was transparent of it as black paint; `None` when it was
/// opaque throughout.
pub fn uncover(picture: &mut [u8]) -> Option<Vec<u8>> {
    if picture.chunks_exact(PIXEL).all(|pixel| pixel[3] == 255) {
        return None;
    }
    let mut painting = vec![0; picture.len()];
    for (pixel, paint) in picture.chunks_exact_mut(PIXEL).zip(painting.chunks_exact_mut(PIXEL)) {
        paint[3] = 255 - pixel[3];
        pixel[3] = 255;
    }
    Some(painting)
}

/// What comes before the pixels.
pub fn start(width: u32, height: u32) -> Vec<u8> {
    let mut size = Vec::with_capacity(13);
    size.extend(width.to_be_bytes());
    size.extend(height.to_be_bytes());
    size.extend([8, 6, 0, 0, 0]);
    [&SIGNATURE[..], &chunk(*b"IHDR", &size)].concat()
}

/// A part of the packed pixels, in its place.
pub fn part(packed: &[u8]) -> Vec<u8> {
    chunk(*b"IDAT", packed)
}

/// What comes after them.
pub fn end() -> Vec<u8> {
    chunk(*b"IEND", &[])
}

fn chunk(kind: [u8; 4], body: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(body.len() + 12);
    out.extend((body.len() as u32).to_be_bytes());
    out.extend(kind);
    out.extend(body);
    let sum = checksum(&out[4..]);
    out.extend(sum.to_be_bytes());
    out
}

/// CRC-32, by a table of sixteen: two steps for each byte.
fn checksum(bytes: &[u8]) -> u32 {
    let mut table = [0_u32; 16];
    for (at, entry) in (0_u32..).zip(&mut table) {
        *entry = (0..4).fold(at, |sum, _| (sum >> 1) ^ (0xedb8_8320 & (sum & 1).wrapping_neg()));
    }
    let step = |sum: u32, _| (sum >> 4) ^ table[(sum & 15) as usize];
    !bytes.iter().fold(u32::MAX, |sum, byte| (0..2).fold(sum ^ u32::from(*byte), step))
}

#[cfg(test)]
mod tests;
