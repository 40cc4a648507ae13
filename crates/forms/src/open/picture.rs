//! The texts inside PNG and WebP pictures. ComfyUI writes `tEXt` into PNG, `comf` into animated
//! PNG, and the camera's fields of EXIF into WebP; other programs write compressed texts.
//! Invariant: checksums are not looked at; `None` says that the picture is cut, and what stood
//! before the cut is kept.

use super::bytes::{high_first, low_first, next, until_zero};
use super::sidecar::{Sidecar, Text, named};
use std::borrow::Cow;

/// Type of a field of EXIF that is a text.
const ASCII: usize = 2;

pub(super) fn png<'a>(picture: &'a [u8], carried: &mut Sidecar<'a>) -> Option<()> {
    let mut rest = picture;
    next::<8>(&mut rest)?;
    loop {
        let length = high_first(&mut rest)?;
        let kind: [u8; 4] = next(&mut rest)?;
        let body = rest.split_off(..length)?;
        match &kind {
            b"tEXt" | b"comf" => carried.keep_pair(body, 0),
            b"zTXt" => {
                if let Some((name, [0, zlib @ ..])) = named(body, 0) {
                    carried.keep(name, Text::Packed(zlib));
                }
            }
            b"iTXt" => {
                if let Some((name, [packed, _, rest @ ..])) = named(body, 0) {
                    let mut rest = rest;
                    // Between them the language and the name in that language.
                    let ends = until_zero(&mut rest).and_then(|_| until_zero(&mut rest));
                    match (ends, packed) {
                        (Some(_), 0) => carried.keep(name, Text::Plain(Cow::Borrowed(rest))),
                        (Some(_), 1) => carried.keep(name, Text::Packed(rest)),
                        (Some(_) | None, _) => {}
                    }
                }
            }
            b"IEND" => return Some(()),
            _ => {}
        }
        next::<4>(&mut rest)?;
    }
}

pub(super) fn webp<'a>(picture: &'a [u8], carried: &mut Sidecar<'a>) -> Option<()> {
    let mut rest = picture.get(4..)?;
    let length = low_first(&mut rest)?;
    let whole = rest.get(..length).map(|all| rest = all);
    next::<4>(&mut rest)?;
    while !rest.is_empty() {
        let kind: [u8; 4] = next(&mut rest)?;
        let length = low_first(&mut rest)?;
        let body = rest.split_off(..length)?;
        if kind == *b"EXIF" {
            // A field that points outside ends the search, not the picture.
            let _ = exif(body, carried);
        }
        // Chunks begin at even places.
        let _ = rest.split_off(..length % 2);
    }
    whole
}

/// Texts such as `prompt:{…}` in any field of the first directory.
pub(super) fn exif<'a>(body: &'a [u8], carried: &mut Sidecar<'a>) -> Option<()> {
    let tiff = body.strip_prefix(b"Exif\0\0").unwrap_or(body);
    let high = tiff.starts_with(b"MM");
    let number = |bytes: &[u8]| {
        let next = |sum: usize, byte: &u8| sum << 8 | usize::from(*byte);
        if high { bytes.iter().fold(0, next) } else { bytes.iter().rev().fold(0, next) }
    };
    let directory = tiff.get(number(tiff.get(4..8)?)..)?;
    let (count, fields) = directory.split_at_checked(2)?;
    for field in fields.chunks_exact(12).take(number(count)) {
        if number(field.get(2..4)?) == ASCII {
            let (length, at) = (number(field.get(4..8)?), number(field.get(8..12)?));
            if let Some(text) = tiff.get(at..).and_then(|rest| rest.get(..length)) {
                carried.keep_pair(text, b':');
            }
        }
    }
    Some(())
}
