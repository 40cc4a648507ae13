//! Files as an attacker makes them: archives and pictures that say more than is in them.
//!
//! Invariant: what is not asked to be wrong is right, so that a refusal has one reason.

use std::io::Write;

use flate2::write::{DeflateEncoder, ZlibEncoder};
use flate2::{Compression, Crc};

/// A file of an archive.
#[derive(Debug, Clone)]
pub struct Packed {
    name: String,
    bytes: Vec<u8>,
    size: u32,
    crc: u32,
    is_packed: bool,
}

impl Packed {
    /// As it is.
    pub fn stored(name: &str, bytes: &[u8]) -> Self {
        Self {
            name: name.to_owned(),
            bytes: bytes.to_vec(),
            size: bytes.len() as u32,
            crc: crc(bytes),
            is_packed: false,
        }
    }

    /// By deflate.
    pub fn deflated(name: &str, bytes: &[u8]) -> Self {
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
        let packed = encoder.write_all(bytes).and_then(|()| encoder.finish());
        Self { bytes: packed.unwrap_or_default(), is_packed: true, ..Self::stored(name, bytes) }
    }
}

/// A zip archive of these files.
pub fn archive(files: &[Packed]) -> Vec<u8> {
    let (mut archive, mut list) = (Vec::new(), Vec::new());
    for file in files {
        let at = archive.len() as u32;
        // UTF-8 names, deflate or none, 1980-01-01.
        let mut common = [20_u16, 1 << 11, u16::from(file.is_packed) * 8, 0, 0x21]
            .map(u16::to_le_bytes)
            .concat();
        let words = [file.crc, file.bytes.len() as u32, file.size].map(u32::to_le_bytes);
        common.extend(words.concat());
        common.extend((file.name.len() as u16).to_le_bytes());
        common.extend([0, 0]);
        archive.extend([0x50, 0x4b, 3, 4]);
        archive.extend(&common);
        archive.extend(file.name.as_bytes());
        archive.extend(&file.bytes);
        list.extend([0x50, 0x4b, 1, 2, 20, 0]);
        list.extend(&common);
        list.extend([0; 10]);
        list.extend(at.to_le_bytes());
        list.extend(file.name.as_bytes());
    }
    let (count, from, size) = (files.len() as u16, archive.len() as u32, list.len() as u32);
    archive.extend(list);
    archive.extend([0x50, 0x4b, 5, 6, 0, 0, 0, 0]);
    archive.extend([count.to_le_bytes(), count.to_le_bytes()].concat());
    archive.extend([size.to_le_bytes(), from.to_le_bytes()].concat());
    archive.extend([0, 0]);
    archive
}

/// A black picture of `side` × `side` pixels, one bit each: 64 kB for 23,000.
pub fn large_png(side: u32) -> Vec<u8> {
    let row = vec![0; 1 + side.div_ceil(8) as usize];
    png(side, [1, 0], &mut (0..side).map(|_| row.as_slice()))
}

/// A picture of `side` × `side` pixels of four bytes whose packed bytes go on behind the last of
/// them for so many megabytes.
pub fn endless_png(side: u32, megabytes: usize) -> Vec<u8> {
    let row: Vec<u8> = std::iter::once(0).chain(vec![200; 4 * side as usize]).collect();
    let more = vec![0; 1_000_000];
    let rows = (0..side).map(|_| row.as_slice());
    png(side, [8, 6], &mut rows.chain((0..megabytes).map(|_| more.as_slice())))
}

/// `kind`: bits of a sample, and what a pixel has.
fn png(side: u32, kind: [u8; 2], parts: &mut dyn Iterator<Item = &[u8]>) -> Vec<u8> {
    let mut head = [side.to_be_bytes(), side.to_be_bytes()].concat();
    head.extend([kind[0], kind[1], 0, 0, 0]);
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::new(6));
    for part in parts {
        // Memory takes it.
        let _written = encoder.write_all(part);
    }
    let data = encoder.finish().unwrap_or_default();
    let mut file = b"\x89PNG\r\n\x1a\n".to_vec();
    for (kind, body) in [(b"IHDR", head), (b"IDAT", data), (b"IEND", Vec::new())] {
        let body = [kind.as_slice(), &body].concat();
        file.extend((body.len() as u32 - 4).to_be_bytes());
        file.extend(&body);
        file.extend(crc(&body).to_be_bytes());
    }
    file
}

fn crc(bytes: &[u8]) -> u32 {
    let mut crc = Crc::new();
    crc.update(bytes);
    crc.sum()
}
