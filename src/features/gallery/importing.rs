//! Imports results from an exported archive. Invariant: nothing in the archive is trusted: only
//! what was read as a result is stored, its bytes have the promised length and checksum, and names
//! are only looked up; stored results are not changed; and what is read is bounded by the size of
//! the archive.

use crate::features::gallery::listing::{outcome, tell_result, work};
use crate::features::gallery::state::turn;
use gloo_timers::future::TimeoutFuture;
use js_sys::{Array, Uint8Array};
use leptos::prelude::*;
use pilotlight_comfy::id::PromptId;
use pilotlight_comfy::media;
use pilotlight_comfy::run_status::Media;
use pilotlight_forms::archive::{Directory, Entry, HEAD_BYTES, TAIL_BYTES, Unread};
use pilotlight_forms::open::MAX_JSON_BYTES;
use pilotlight_i18n::present::Imported;
use pilotlight_i18n::text::StorageText;
use pilotlight_runs::results::Budget;
use pilotlight_runs::results::{Key, ResultContent, ResultRow, Sidecar};
use pilotlight_session::{Event, ResultsChange};
use web_sys::Blob;

use crate::app::Page;
use crate::blobs::{self, part};
use crate::browser::Picked;
use crate::features::gallery::bytes::{GIVEN, crc_of};
use crate::features::gallery::listing::{TaskOutcome, Work};
use crate::runtime::database;
use crate::runtime::task;
use crate::{browser, form_state, pictures, runtime};

/// Compressed entries are decompressed in memory; the page's own exports are not compressed.
const MAX_UNPACKED_BYTES: usize = 64 << 20;
/// How many results are shown and announced to other tabs at once.
const AT_ONCE: usize = 25;

/// What was imported so far.
#[derive(Default)]
struct Tally {
    new: Vec<ResultRow>,
    new_count: usize,
    known: usize,
    unread: usize,
}

/// Imports the results in an archive.
pub fn bring_in(page: Page, file: Picked) {
    if !matches!(work().get_untracked(), Work::Nothing | Work::Loading) {
        return;
    }
    outcome().set(None);
    work().set(Work::Reading);
    let mine = turn();
    task::spawn(async move {
        let blob: Blob = file.0.into();
        let tally = read(page, &blob).await;
        if turn() != mine {
            return;
        }
        work().set(Work::Nothing);
        tell_result(match tally {
            Ok(tally) if tally.new_count + tally.known > 0 => {
                let Tally { new: _, new_count: new, known, unread } = tally;
                TaskOutcome::Imported(Imported { new, known, unread })
            }
            Ok(_) | Err(_) => TaskOutcome::Refused,
        });
    });
}

/// The archive, and how much more may be read from it.
struct Source<'a> {
    archive: &'a Blob,
    entries: Vec<Entry>,
    budget: Budget,
}

async fn read(page: Page, archive: &Blob) -> Result<Tally, Unread> {
    let mine = turn();
    let entries = entries(archive).await?;
    let budget = Budget::new(archive.size() as u64);
    let mut source = Source { archive, entries, budget };
    let here = database::row_keys().await.unwrap_or_default();
    let mut tally = Tally::default();
    for at in 0..source.entries.len() {
        if turn() != mine {
            break;
        }
        let Some(entry) = source.entries.get(at).filter(|it| it.name.ends_with(".json")) else {
            continue;
        };
        let entry = entry.clone();
        match one(page, &mut source, &entry, &here).await {
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
    crate::features::gallery::listing::take(page, rows);
    if !keys.is_empty() {
        runtime::tell(page, Event::ResultsChanged(ResultsChange::Touched(keys)));
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
    New(Box<ResultRow>),
    Known,
}

/// Imports one result; `None` if it cannot be read, or would change what is stored. `here`: the
/// sorted keys of the stored results.
async fn one(page: Page, source: &mut Source<'_>, entry: &Entry, here: &[String]) -> Option<Came> {
    let text = source.unpacked(entry, MAX_JSON_BYTES).await?;
    let carried = Sidecar::read(&text)?;
    let key = carried.row.key.as_str();
    if here.binary_search_by(|known| known.as_str().cmp(key)).is_ok() {
        return Some(Came::Known);
    }
    // A stored run is not changed.
    let known = database::record(&carried.row.run).await.ok()?;
    let is_at_odds = known.as_ref().is_some_and(|known| !carried.agrees_with(known));
    if is_at_odds || !source.budget.take_row(&carried) {
        return None;
    }
    let Sidecar { mut row, record, file, .. } = carried;
    if let (Some(at), Some(name)) = (row.file_at(), file) {
        let blob = source.blob_named(&name, kind_of(&row)).await?;
        if blob.size() as u64 != row.size_bytes() || !is_free(&row.run, at, &blob).await? {
            return None;
        }
        row.content = shown(row.content, &blob).await;
        // No stored file is deleted to make room.
        if database::put_file(&row.run, at, &blob).await.is_err() {
            form_state::add_storage_notice(page, StorageText::ResultsNotStored);
            return None;
        }
    }
    for hash in &row.pictures {
        source.given(hash).await;
    }
    match database::put_run(&known.unwrap_or(record), std::slice::from_ref(&row), &[]).await {
        Ok(()) => Some(Came::New(Box::new(row))),
        Err(database::Refused::Full | database::Refused::Other) => {
            form_state::add_storage_notice(page, StorageText::ResultsNotStored);
            None
        }
    }
}

/// Returns whether a file may be stored at this position of a run: there is none yet, or one with
/// the same bytes, which an interrupted import left. Otherwise another result would show this file
/// instead of its own.
async fn is_free(run: &PromptId, at: usize, blob: &Blob) -> Option<bool> {
    let Some(there) = database::file(run, at).await.ok()? else { return Some(true) };
    Some(there.size() == blob.size() && crc_of(&there).await? == crc_of(blob).await?)
}

/// Returns the file with the media type that its name implies; images that are too large to be
/// decoded become other files.
async fn shown(content: ResultContent, blob: &Blob) -> ResultContent {
    let ResultContent::File { at, name, media, size_bytes, is_preview } = content else {
        return content;
    };
    let media = match (Media::of_type(media::type_of(&name)), media) {
        // The server had reported a file without a known extension as video or sound.
        (Media::Other, Media::Audio | Media::Video) => media,
        (Media::Image, _) if browser::is_too_large(blob).await => Media::Other,
        (by_name, _) => by_name,
    };
    ResultContent::File { at, name, media, size_bytes, is_preview }
}

impl Source<'_> {
    /// Imports an input image that is not stored yet; its name must be the hash of its bytes.
    async fn given(&mut self, hash: &str) -> Option<()> {
        if let Ok(Some(_)) = database::picture(hash).await {
            return None;
        }
        let entry = self.named(&[GIVEN, hash].concat())?;
        let bytes = self.unpacked(&entry, MAX_UNPACKED_BYTES).await?;
        if pictures::hash(&bytes) != hash {
            return None;
        }
        let picture = typed(&bytes, "image/png")?;
        if browser::is_too_large(&picture).await {
            return None;
        }
        database::put_picture(hash, &picture).await.ok()?;
        let shown = ["shown-", hash].concat();
        let picture = self.blob_named(&[GIVEN, &shown].concat(), "image/jpeg").await?;
        if browser::is_too_large(&picture).await {
            return None;
        }
        database::put_picture(&shown, &picture).await.ok()
    }

    fn named(&self, name: &str) -> Option<Entry> {
        self.entries.iter().find(|entry| entry.name == name).cloned()
    }

    async fn unpacked(&mut self, entry: &Entry, limit: usize) -> Option<Vec<u8>> {
        let most = entry.size_bytes.max(entry.packed_bytes);
        if most > limit as u64 || !self.budget.take(entry) {
            return None;
        }
        let (from, to) = packed(self.archive, entry).await?;
        entry.unpacked(part(self.archive, from, to).await?, limit).ok()
    }

    /// Returns a file as it is stored; an uncompressed one is never in memory as a whole.
    async fn blob_named(&mut self, name: &str, kind: &str) -> Option<Blob> {
        let entry = self.named(name)?;
        if entry.is_packed {
            let bytes = self.unpacked(&entry, MAX_UNPACKED_BYTES).await?;
            return typed(&bytes, kind);
        }
        if !self.budget.take(&entry) {
            return None;
        }
        let (from, to) = packed(self.archive, &entry).await?;
        let slice = self.archive.slice_with_f64_and_f64_and_content_type(from, to, kind).ok()?;
        (crc_of(&slice).await? == entry.crc).then_some(slice)
    }
}

async fn packed(archive: &Blob, entry: &Entry) -> Option<(f64, f64)> {
    let head = entry.head_at as f64;
    let head = part(archive, head, head + HEAD_BYTES as f64).await?;
    let from = entry.begins_at(&head).ok()?;
    let to = from + entry.packed_bytes;
    (to as f64 <= archive.size()).then_some((from as f64, to as f64))
}

fn typed(bytes: &[u8], kind: &str) -> Option<Blob> {
    blobs::joined(&Array::of1(&Uint8Array::from(bytes)), kind)
}

/// Returns the media type for the extension of its name, never one that a browser would execute.
fn kind_of(row: &ResultRow) -> &'static str {
    match &row.content {
        ResultContent::File { name, .. } => media::type_of(name),
        ResultContent::Text(_) | ResultContent::Gone => media::UNKNOWN,
    }
}
