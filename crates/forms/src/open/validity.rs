//! The texts inside FLAC, Ogg (Opus, Vorbis) and MP3 sounds, where ComfyUI writes them as any
//! program writes a title. Invariant: `None` says that the sound is cut.

use super::bytes::{low_first, next, wide};
use super::sidecar::{Sidecar, Text, named};
use std::borrow::Cow;

/// The type of FLAC's block of comments.
const COMMENTS: u8 = 4;

pub(super) fn flac<'a>(sound: &'a [u8], carried: &mut Sidecar<'a>) -> Option<()> {
    let mut rest = sound.get(4..)?;
    loop {
        let [kind, high, middle, low] = next(&mut rest)?;
        let length = u32::from_be_bytes([0, high, middle, low]);
        let body = rest.split_off(..usize::try_from(length).ok()?)?;
        if kind & 0x7f == COMMENTS {
            comments(body, carried);
        }
        if kind & 0x80 != 0 {
            return Some(());
        }
    }
}

/// The second packet of the first stream, put together in `room` out of its pages.
pub(super) fn ogg<'a>(
    sound: &[u8],
    room: &'a mut Vec<u8>,
    carried: &mut Sidecar<'a>,
) -> Option<()> {
    let mut rest = sound;
    let (mut first, mut packet) = (None, 0);
    while packet < 2 {
        let head: [u8; 27] = next(&mut rest)?;
        let stream = head.strip_prefix(b"OggS")?.get(10..14)?.first_chunk::<4>().copied()?;
        let lengths = rest.split_off(..usize::from(*head.last()?))?;
        let is_first = *first.get_or_insert(stream) == stream;
        for length in lengths {
            let part = rest.split_off(..usize::from(*length))?;
            if is_first && packet == 1 {
                room.extend_from_slice(part);
            }
            // A full part goes on in the next one.
            packet += usize::from(is_first && *length < 255);
        }
    }
    for start in [&b"OpusTags"[..], b"\x03vorbis"] {
        if let Some(body) = room.strip_prefix(start) {
            comments(body, carried);
        }
    }
    Some(())
}

/// Texts such as `prompt={…}`, as FLAC, Opus and Vorbis write them alike. Those that are cut are
/// left out.
fn comments<'a>(body: &'a [u8], carried: &mut Sidecar<'a>) {
    let mut rest = body;
    let mut read = || {
        let maker = low_first(&mut rest)?;
        rest.split_off(..maker)?;
        let count = low_first(&mut rest)?;
        for _ in 0..count {
            let length = low_first(&mut rest)?;
            carried.keep_pair(rest.split_off(..length)?, b'=');
        }
        Some(())
    };
    read();
}

/// The `TXXX` frames of an ID3 tag, versions 2.3 and 2.4.
pub(super) fn mp3<'a>(sound: &'a [u8], carried: &mut Sidecar<'a>) -> Option<()> {
    let Some(mut rest) = sound.strip_prefix(b"ID3") else {
        return Some(());
    };
    let [version, _, _] = next(&mut rest)?;
    let length = sevens(next(&mut rest)?);
    let mut tag = rest.split_off(..length)?;
    while let Some(name) = next::<4>(&mut tag) {
        let length = next(&mut tag)?;
        let length = if version == 4 {
            sevens(length)
        } else {
            usize::try_from(u32::from_be_bytes(length)).ok()?
        };
        next::<2>(&mut tag)?;
        let Some(body) = tag.split_off(..length) else { break };
        if name != *b"TXXX" {
            continue;
        }
        match body {
            [1, 0xff, 0xfe, rest @ ..] => keep_wide(&wide(rest, false), carried),
            [1, 0xfe, 0xff, rest @ ..] | [2, rest @ ..] => keep_wide(&wide(rest, true), carried),
            [0 | 3, rest @ ..] => carried.keep_pair(rest, 0),
            _ => {}
        }
    }
    Some(())
}

/// The second text may have a mark of its byte order too, which is no JSON.
fn keep_wide(pair: &str, carried: &mut Sidecar) {
    if let Some((name, text)) = named(pair.as_bytes(), 0) {
        let text = text.strip_prefix("\u{feff}".as_bytes()).unwrap_or(text);
        carried.keep(name, Text::Plain(Cow::Owned(text.to_vec())));
    }
}

/// A number of seven bits a byte, the highest first.
fn sevens(bytes: [u8; 4]) -> usize {
    bytes.into_iter().fold(0, |sum, byte| sum << 7 | usize::from(byte & 0x7f))
}
