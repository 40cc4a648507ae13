//! The texts inside MP4, MOV, WebM, Matroska and AVIF, where ComfyUI and FFmpeg write them as any
//! program writes a title. Invariant: each step takes bytes away, so reading ends; `None` says that
//! the file is cut, and what stood before the cut is kept.

use super::bytes::{high_first, next};
use super::picture::exif;
use super::sidecar::{Name, Sidecar, Text};
use std::borrow::Cow;

/// A box of MP4: its type and its contents.
type Part<'a> = ([u8; 4], &'a [u8]);

/// The boxes of a file or of another box nest no deeper where texts are.
const MAX_DEPTH: usize = 4;
/// Names of texts in one list; real ones have some ten.
const MAX_KEYS: usize = 1_000;

pub(super) fn mp4<'a>(video: &'a [u8], carried: &mut Sidecar<'a>) -> Option<()> {
    boxes(video, carried, MAX_DEPTH)
}

fn boxes<'a>(mut rest: &'a [u8], carried: &mut Sidecar<'a>, depth: usize) -> Option<()> {
    while let Some((kind, body)) = part(&mut rest)? {
        match &kind {
            b"moov" | b"udta" if depth > 0 => {
                // What is cut within it ends the search there.
                let _ = boxes(body, carried, depth - 1);
            }
            b"meta" => {
                let _ = meta(body, carried);
            }
            // A comment as QuickTime writes it, behind its length and its language.
            b"\xa9cmt" => keep(b"comment", body.get(4..).unwrap_or_default(), carried),
            _ => {}
        }
    }
    Some(())
}

/// Takes the next box away; `Some(None)`: there is none.
fn part<'a>(rest: &mut &'a [u8]) -> Option<Option<Part<'a>>> {
    // Some writers end a list with four zeros.
    if rest.len() < 8 {
        return Some(None);
    }
    let length = high_first(rest)?;
    let kind = next(rest)?;
    let length = match length {
        // It reaches to the end.
        0 => rest.len(),
        1 => usize::try_from(u64::from_be_bytes(next(rest)?)).ok()?.checked_sub(16)?,
        length => length.checked_sub(8)?,
    };
    Some(Some((kind, rest.split_off(..length)?)))
}

/// A list of names and one of texts, which refer to the names by number.
fn meta<'a>(body: &'a [u8], carried: &mut Sidecar<'a>) -> Option<()> {
    // MP4 has a version here, MOV has none.
    let mut rest = body.strip_prefix(&[0; 4]).unwrap_or(body);
    let mut names: Vec<&[u8]> = Vec::new();
    while let Some((kind, mut body)) = part(&mut rest)? {
        match &kind {
            b"keys" => {
                next::<8>(&mut body)?;
                while let Some((_, name)) = part(&mut body)? {
                    names.push(name);
                    if names.len() == MAX_KEYS {
                        break;
                    }
                }
            }
            b"ilst" => {
                while let Some((name, mut item)) = part(&mut body)? {
                    let Some((kind, data)) = part(&mut item)? else { continue };
                    let number = usize::try_from(u32::from_be_bytes(name)).ok()?;
                    let name = number.checked_sub(1).and_then(|at| names.get(at).copied());
                    let name = name.unwrap_or(if number == COMMENT { b"comment" } else { b"" });
                    // Its type and its language.
                    if let Some(text) = data.get(8..).filter(|_| kind == *b"data") {
                        keep(name, text, carried);
                    }
                }
            }
            _ => {}
        }
    }
    Some(())
}

/// The name of a comment, as a number.
const COMMENT: usize = u32::from_be_bytes(*b"\xa9cmt") as usize;

fn keep<'a>(name: &[u8], text: &'a [u8], carried: &mut Sidecar<'a>) {
    let text = Text::Plain(Cow::Borrowed(text));
    match () {
        () if name.eq_ignore_ascii_case(b"prompt") => carried.keep(Name::Prompt, text),
        () if name.eq_ignore_ascii_case(b"workflow") => carried.keep(Name::Workflow, text),
        () if name.eq_ignore_ascii_case(b"comment") => carried.keep(Name::Comment, text),
        () => {}
    }
}

/// A list of texts and what leads to it: their contents are read, those of others passed over.
const OPENED: [u64; 4] = [0x1853_8067, 0x1254_c367, 0x7373, 0x67c8];
const CLUSTER: u64 = 0x1f43_b675;
const SIMPLE_TAG: u64 = 0x67c8;
const TAG_NAME: u64 = 0x45a3;
const TAG_STRING: u64 = 0x4487;

pub(super) fn webm<'a>(video: &'a [u8], carried: &mut Sidecar<'a>) -> Option<()> {
    let mut rest = video;
    let mut name: &[u8] = b"";
    while !rest.is_empty() {
        let id = element(&mut rest, false)?;
        let (length, unknown) = match element(&mut rest, true)? {
            (length, true) => (length, true),
            known => known,
        };
        let (id, _) = id;
        if id == SIMPLE_TAG {
            name = b"";
        }
        // A live recording does not know how long its parts become.
        if OPENED.contains(&id) || unknown && id == CLUSTER {
            continue;
        }
        let body = rest.split_off(..usize::try_from(length).ok()?)?;
        match id {
            TAG_NAME => name = body,
            TAG_STRING => keep(name, body, carried),
            _ => {}
        }
    }
    Some(())
}

/// Takes a number of one to eight bytes away, whose first bits say how many; a length comes
/// `without` them. Returns it, and whether all its bits are set, which is no length.
fn element(rest: &mut &[u8], without: bool) -> Option<(u64, bool)> {
    let first = *rest.split_off_first()?;
    let more = first.leading_zeros();
    if more > 7 {
        return None;
    }
    let mask = 0x7f_u8 >> more;
    let mut value = u64::from(if without { first & mask } else { first });
    let mut full = first & mask == mask;
    for byte in rest.split_off(..usize::try_from(more).ok()?)? {
        value = value << 8 | u64::from(*byte);
        full &= *byte == 0xff;
    }
    Some((value, full))
}

/// How often a picture is searched for the beginning of EXIF.
const MAX_SEARCHES: usize = 64;

/// The fields of EXIF, wherever they stand in the picture: what leads to them is a table of
/// places, and other data does not begin as they do.
pub(super) fn avif<'a>(picture: &'a [u8], carried: &mut Sidecar<'a>) -> Option<()> {
    let starts = [&b"II*\0\x08\0\0\0"[..], b"MM\0*\0\0\0\x08"];
    let found = picture.windows(8).enumerate().filter(|(_, bytes)| starts.contains(bytes));
    for (at, _) in found.take(MAX_SEARCHES) {
        let _ = exif(picture.get(at..)?, carried);
    }
    Some(())
}

/// `asset.extras` of the JSON that begins a binary glTF.
pub(super) fn glb_head(model: &[u8]) -> Option<&[u8]> {
    let mut rest = model.get(12..)?;
    let length = usize::try_from(u32::from_le_bytes(next(&mut rest)?)).ok()?;
    (next(&mut rest)? == *b"JSON").then(|| rest.get(..length))?
}
