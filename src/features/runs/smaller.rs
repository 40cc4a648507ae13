//! The same run made smaller, where it was too large for the GPU or for the way to it.

use leptos::prelude::*;
use pilotlight_forms::form::{Draft, Drafts, FieldKey, PictureRef};
use pilotlight_session::{Event, RunNumber};

use crate::app::{Page, RunView, Sheet};
use crate::features::form::take_file;
use crate::features::runs::start;
use crate::runtime::task;
use crate::{browser, form_state, pictures, runtime, scaled};

/// Each side of a shrunk picture is so much of what it was.
const SHRUNK: f64 = 0.5;

/// Runs a failed run again with one picture at a time; its form says so, too.
pub fn make_one(page: Page, run: RunNumber) {
    let Some((job, sheet)) = of(page, run) else { return };
    let Some(key) = sheet.form.count_field(job.source.drafts()).cloned() else { return };
    let mut drafts = job.source.drafts().clone();
    let one = Draft::Text("1".to_owned());
    drafts.set(key.clone(), one.clone());
    form_state::fill_in(&sheet, key, one);
    start(page, &sheet, drafts);
}

/// Runs a failed run again with each of its pictures half as wide and high; its form holds them.
pub fn shrink_pictures(page: Page, run: RunNumber) {
    let Some((job, sheet)) = of(page, run) else { return };
    let mut drafts = job.source.drafts().clone();
    let pictures: Vec<(FieldKey, PictureRef)> = drafts
        .iter()
        .filter_map(|(key, draft)| match draft {
            Draft::Picture(Some(picture)) => Some((key.clone(), picture.clone())),
            Draft::Picture(None) | Draft::Text(_) | Draft::Switch(_) => None,
        })
        .collect();
    task::spawn(async move {
        for (key, picture) in pictures {
            let Some(blob) = pictures::blob_of(&picture.hash) else { continue };
            let Some(small) = scaled::by(&blob, SHRUNK).await else { continue };
            let taken = pictures::take_result(&small, &picture.name).await;
            if let Ok(picture) = &taken {
                drafts.set(key.clone(), Draft::Picture(Some(picture.clone())));
            }
            take_file::taken(page, &sheet, key, taken).await;
        }
        start(page, &sheet, drafts);
    });
}

fn of(page: Page, run: RunNumber) -> Option<(RunView, Sheet)> {
    let job = runtime::run(page, run)?;
    let sheet = page.sheet(job.source.sheet)?;
    form_state::pick_tab(page, job.source.sheet);
    Some((job, sheet))
}

fn start(page: Page, sheet: &Sheet, drafts: Drafts) {
    let form = sheet.form.without_empty(&drafts, &sheet.classes);
    match form.check(&drafts, browser::random_seed()) {
        Ok(ready) => {
            let request = start::request(page, sheet, drafts, ready);
            runtime::tell(page, Event::RunsRequested(vec![request]));
        }
        Err(problems) => sheet.problems.set(problems),
    }
}
