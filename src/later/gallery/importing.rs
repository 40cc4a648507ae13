//! Results brought in from an archive that was carried away before. Invariant: nothing is believed:
//! what is kept was read as a result, its bytes have the length and the checksum that were promised,
//! and names are looked up, never followed; what is here already stays as it is.

use gloo_timers::future::TimeoutFuture;
use pilotlight_engine::archive::{Directory, Entry, HEAD_BYTES, TAIL_BYTES, Unread};
use pilotlight_engine::json;
use pilotlight_engine::kept::{Carried, Key, Piece, Row};
use pilotlight_engine::open::MAX_JSON_BYTES;
use pilotlight_engine::text::Counted;
use wasm_bindgen::JsCast;
use web_sys::Blob;

use super::exporting::{crc, part};
use super::listing::{Said, Work};
use super::{said, turn, work};
use crate::app::Page;
use crate::browser::Picked;
use crate::js;
use crate::later::neighbours::News;
use crate::later::{database, keeping, neighbours};
use crate::{pictures, task};

/// Pictures that runs were given, by the hash of their bytes.
pub const GIVEN: &str = "given/";
/// What is packed has to be unpacked in memory; what this page writes is not packed.
const MAX_UNPACKED_BYTES: usize = 64 << 20;
/// So many are shown and told of at once.
const AT_ONCE: usize = 25;

/// What came of it so far.
#[derive(Default)]
struct Tally {
    new: Vec<Row>,
    new_count: usize,
    known: usize,
    unread: usize,
}

/// Brings the results in that an archive holds.
pub fn bring_in(page: Page, file: Picked) {
    if !matches!(work().now(), Work::Nothing | Work::Loading) {
        return;
    }
    said().set(None);
    work().set(Work::Reading);
    let mine = turn();
    task::spawn(async move {
        let blob: Blob = file.0.into();
        let tally = read(page, &blob).await;
        if turn() != mine {
            return;
        }
        work().set(Work::Nothing);
        said().set(Some(match tally {
            Ok(tally) if tally.new_count + tally.known > 0 => {
                let Tally { new: _, new_count: new, known, unread } = tally;
                Said::BroughtIn(Counted::BroughtIn { new, known, unread })
            }
            Ok(_) | Err(_) => Said::Refused,
        }));
    });
}

async fn read(page: Page, archive: &Blob) -> Result<Tally, Unread> {
    let mine = turn();
    let entries = entries(archive).await?;
    let here = database::row_keys().await.unwrap_or_default();
    let mut tally = Tally::default();
    for entry in entries.iter().filter(|entry| entry.name.ends_with(".json")) {
        if turn() != mine {
            break;
        }
        match one(page, archive, &entries, entry, &here).await {
            Some(Came::New(row)) => tally.new.push(*row),
            Some(Came::Known) => tally.known += 1,
            None => tally.unread += 1,
        }
        if tally.new.len() >= AT_ONCE {
            tell(page, &mut tally);
        }
        TimeoutFuture::new(0).await;
    }
    tell(page, &mut tally);
    Ok(tally)
}

fn tell(page: Page, tally: &mut Tally) {
    let rows = std::mem::take(&mut tally.new);
    tally.new_count += rows.len();
    let keys: Vec<Key> = rows.iter().map(|row| row.key.clone()).collect();
    super::listing::take(page, rows);
    if !keys.is_empty() {
        neighbours::tell(&News::Touched(&keys));
    }
}

async fn entries(archive: &Blob) -> Result<Vec<Entry>, Unread> {
    let size = archive.size();
    let from = (size - TAIL_BYTES as f64).max(0.0);
    let tail = part(archive, from, size).await.ok_or(Unread::Broken)?;
    let list = Directory::find(&tail, size as u64)?;
    let (from, to) = (list.from as f64, (list.from + list.size_bytes) as f64);
    list.entries(&part(archive, from, to).await.ok_or(Unread::Broken)?)
}

enum Came {
    New(Box<Row>),
    Known,
}

/// One result; `None` when it cannot be read. `here`: the keys of what is kept already, in order.
async fn one(
    page: Page,
    archive: &Blob,
    entries: &[Entry],
    entry: &Entry,
    here: &[String],
) -> Option<Came> {
    let text = unpacked(archive, entry, MAX_JSON_BYTES).await?;
    let carried = Carried::from_value(&json::parse(str::from_utf8(&text).ok()?)?)?;
    let Carried { row, record, file } = carried;
    let key = row.key.as_str();
    if here.binary_search_by(|known| known.as_str().cmp(key)).is_ok() {
        return Some(Came::Known);
    }
    if let (Some(at), Some(name)) = (row.file_at(), file) {
        let entry = entries.iter().find(|entry| entry.name == name)?;
        let blob = blob(archive, entry, kind_of(&row)).await?;
        if blob.size() as u64 != row.size_bytes() {
            return None;
        }
        // Nothing that is here leaves for it.
        if database::put_file(&row.run, at, &blob).await.is_err() {
            keeping::not_kept(page);
            return None;
        }
    }
    for hash in &row.pictures {
        given(archive, entries, hash).await;
    }
    // A run that is known here stays as it is.
    let record = database::record(&row.run).await.ok().flatten().unwrap_or(record);
    match database::put_run(&record, std::slice::from_ref(&row), &[]).await {
        Ok(()) => Some(Came::New(Box::new(row))),
        Err(database::Refused::Full | database::Refused::Other) => {
            keeping::not_kept(page);
            None
        }
    }
}

/// A picture that a run was given, unless it is here; only under the name of its bytes.
async fn given(archive: &Blob, entries: &[Entry], hash: &str) -> Option<()> {
    if let Ok(Some(_)) = database::picture(hash).await {
        return None;
    }
    let name = [GIVEN, hash].concat();
    let entry = entries.iter().find(|entry| entry.name == name)?;
    let bytes = unpacked(archive, entry, MAX_UNPACKED_BYTES).await?;
    if pictures::hash(&bytes) != hash {
        return None;
    }
    let picture = typed(&js::bytes(&bytes), "image/png")?;
    database::put_picture(hash, &picture).await.ok()?;
    let shown = ["shown-", hash].concat();
    let name = [GIVEN, &shown].concat();
    let entry = entries.iter().find(|entry| entry.name == name)?;
    database::put_picture(&shown, &blob(archive, entry, "image/jpeg").await?).await.ok()
}

async fn packed(archive: &Blob, entry: &Entry) -> Option<(f64, f64)> {
    let head = entry.head_at as f64;
    let head = part(archive, head, head + HEAD_BYTES as f64).await?;
    let from = entry.begins_at(&head).ok()?;
    let to = from + entry.packed_bytes;
    (to as f64 <= archive.size()).then_some((from as f64, to as f64))
}

async fn unpacked(archive: &Blob, entry: &Entry, limit: usize) -> Option<Vec<u8>> {
    if entry.size_bytes > limit as u64 || entry.packed_bytes > limit as u64 {
        return None;
    }
    let (from, to) = packed(archive, entry).await?;
    entry.unpacked(part(archive, from, to).await?, limit).ok()
}

/// A file as it goes to the disk: what is not packed is never in memory as a whole.
async fn blob(archive: &Blob, entry: &Entry, kind: &str) -> Option<Blob> {
    if entry.is_packed {
        let bytes = unpacked(archive, entry, MAX_UNPACKED_BYTES).await?;
        return typed(&js::bytes(&bytes), kind);
    }
    let (from, to) = packed(archive, entry).await?;
    let slice = js::call(archive, "slice", &[from.into(), to.into(), kind.into()])?;
    let slice: Blob = slice.dyn_into().ok()?;
    (crc(&slice).await? == entry.crc).then_some(slice)
}

fn typed(bytes: &wasm_bindgen::JsValue, kind: &str) -> Option<Blob> {
    let kind = js::object([("type", kind.into())]);
    js::make("Blob", &[js::list(std::slice::from_ref(bytes)), kind])?.dyn_into().ok()
}

/// By the ending of its name, and never a kind that a browser would run.
fn kind_of(row: &Row) -> &'static str {
    let Piece::File { name, .. } = &row.piece else { return "" };
    let end = name.rsplit_once('.').map_or("", |(_, end)| end).to_ascii_lowercase();
    let known = KINDS.iter().find(|(known, _)| *known == end);
    known.map_or("application/octet-stream", |(_, kind)| kind)
}

const KINDS: [(&str, &str); 16] = [
    ("png", "image/png"),
    ("jpg", "image/jpeg"),
    ("jpeg", "image/jpeg"),
    ("webp", "image/webp"),
    ("gif", "image/gif"),
    ("avif", "image/avif"),
    ("mp4", "video/mp4"),
    ("webm", "video/webm"),
    ("mov", "video/quicktime"),
    ("mp3", "audio/mpeg"),
    ("wav", "audio/wav"),
    ("flac", "audio/flac"),
    ("ogg", "audio/ogg"),
    ("opus", "audio/ogg"),
    ("m4a", "audio/mp4"),
    ("json", "application/json"),
];
