//! Exports results as a zip archive: each file with a JSON file that describes the result and its
//! inputs, and the input images. Invariant: no file is read as a whole; the archive is a list of
//! parts, which the browser may keep on disk; the JSON contains no keys, no passwords and not the
//! address of the server.

use crate::features::gallery::listing::{listing, outcome, tell_result, work};
use crate::features::gallery::state::{bytes_of, rows_of, turn};
use gloo_timers::future::TimeoutFuture;
use js_sys::{Array, Uint8Array};
use leptos::prelude::*;
use pilotlight_comfy::json;
use pilotlight_comfy::time::At;
use pilotlight_forms::archive::{Archive, CRC, Full, plain_name};
use pilotlight_runs::results::{Record, ResultContent, ResultRow, Sidecar};
use web_sys::Blob;

use crate::app::Page;
use crate::blobs;
use crate::browser;
use crate::features::gallery::bytes::{GIVEN, crc_of};
use crate::features::gallery::listing::{TaskOutcome, Work};
use crate::runtime::database;
use crate::runtime::task;

/// After this many results, the parts so far are joined into one blob.
const FOLD_AFTER: usize = 100;
/// The browser has read the file by then.
const RELEASE_MS: u32 = 60_000;
/// How many characters of the prompt are used for the name of a file.
const NAME_CHARS: usize = 48;

/// Why the export ended without an archive.
enum Stopped {
    Full,
    /// The gallery was closed, or the browser has no memory for it.
    Failed,
}

impl From<Full> for Stopped {
    fn from(_: Full) -> Self {
        Self::Full
    }
}

/// Saves these results, by their numbers in the listing, as a file.
pub fn export(page: Page, numbers: &[u32]) {
    if !matches!(work().get_untracked(), Work::Nothing | Work::Loading) {
        return;
    }
    let rows = listing().with_untracked(|all| rows_of(all, numbers));
    outcome().set(None);
    work().set(Work::Writing { done: 0, of: rows.len() });
    let mine = turn();
    task::spawn(async move {
        let written = write(page, &rows).await;
        if turn() != mine {
            return;
        }
        work().set(Work::Nothing);
        match written {
            Ok(archive) => save(&archive).await,
            Err(Stopped::Full) => tell_result(TaskOutcome::TooLarge),
            Err(Stopped::Failed) => tell_result(TaskOutcome::Failed),
        }
    });
}

async fn save(archive: &Blob) {
    let Some(url) = browser::object_url(archive) else {
        return tell_result(TaskOutcome::Failed);
    };
    browser::download(&url, "pilotlight-results.zip");
    TimeoutFuture::new(RELEASE_MS).await;
    browser::release_url(&url);
}

/// An archive that is being written.
#[derive(Default)]
struct Writing {
    archive: Archive,
    parts: Array,
}

impl Writing {
    fn bytes(&mut self, name: &str, bytes: &[u8], at: At) -> Result<(), Stopped> {
        let head = self.archive.head(name, CRC.checksum(bytes), bytes.len() as u64, at)?;
        self.parts.push(&Uint8Array::from(&head[..]));
        self.parts.push(&Uint8Array::from(bytes));
        Ok(())
    }

    async fn blob(&mut self, name: &str, blob: &Blob, at: At) -> Result<(), Stopped> {
        let crc = crc_of(blob).await.ok_or(Stopped::Failed)?;
        let head = self.archive.head(name, crc, blob.size() as u64, at)?;
        self.parts.push(&Uint8Array::from(&head[..]));
        self.parts.push(blob);
        Ok(())
    }

    /// Joins the parts into one blob, which the browser may keep on disk.
    fn fold(&mut self) -> Result<(), Stopped> {
        let whole = blobs::joined(&self.parts, "").ok_or(Stopped::Failed)?;
        self.parts = Array::of1(&whole);
        Ok(())
    }
}

async fn write(page: Page, rows: &[ResultRow]) -> Result<Blob, Stopped> {
    let mine = turn();
    let mut writing = Writing::default();
    let mut record: Option<Record> = None;
    let mut given: Vec<String> = Vec::new();
    for (done, row) in rows.iter().enumerate() {
        if turn() != mine {
            return Err(Stopped::Failed);
        }
        // Results of the same run are adjacent.
        if record.as_ref().is_none_or(|known| known.id != row.run) {
            record = database::record(&row.run).await.ok().flatten();
        }
        // Without a record the result cannot be described.
        let Some(record) = &record else { continue };
        let short: String = row.prompt.chars().take(NAME_CHARS).collect();
        let name = [&numbered(done + 1), " ", &plain_name(&short)].concat();
        let file = match &row.content {
            ResultContent::File { name: own, .. } => {
                let Some(blob) = bytes_of(page, row).await else { continue };
                let end = own.rsplit_once('.').map_or("bin", |(_, end)| end);
                let file = [&name, ".", &plain_name(end)].concat();
                writing.blob(&file, &blob, row.at).await?;
                Some(file)
            }
            ResultContent::Text(text) => {
                writing.bytes(&[&name, ".txt"].concat(), text.as_bytes(), row.at)?;
                None
            }
            ResultContent::Gone => None,
        };
        let beside = Sidecar::outgoing(row, record, file);
        let text = json::to_text(&beside);
        writing.bytes(&[&name, ".json"].concat(), text.as_bytes(), row.at)?;
        for hash in &row.pictures {
            if !given.contains(hash) {
                given.push(hash.clone());
                for name in [hash.clone(), ["shown-", hash].concat()] {
                    if let Ok(Some(blob)) = database::picture(&name).await {
                        writing.blob(&[GIVEN, &name].concat(), &blob, row.at).await?;
                    }
                }
            }
        }
        work().set(Work::Writing { done: done + 1, of: rows.len() });
        if done % FOLD_AFTER == FOLD_AFTER - 1 {
            writing.fold()?;
        }
        TimeoutFuture::new(0).await;
    }
    let tail = std::mem::take(&mut writing.archive).tail();
    writing.parts.push(&Uint8Array::from(&tail[..]));
    blobs::joined(&writing.parts, "application/zip").ok_or(Stopped::Failed)
}

/// Returns the number with leading zeros, so that the names sort in its order.
fn numbered(number: usize) -> String {
    let digits = (number as u64).to_string();
    ["0000".get(digits.len()..).unwrap_or_default(), &digits].concat()
}
