//! How the runs that were under way are taken up when the page is opened again, with the pictures
//! that forms and runs still need.

use std::rc::Rc;

use pilotlight_engine::form::{Attachment, Draft, Drafts, FieldKey, PictureRef, Ready};
use pilotlight_engine::json;
use pilotlight_engine::record::Stored;
use pilotlight_engine::run::{Run, Step};
use pilotlight_engine::workflow::Workflow;
use serde_json::Value;

use super::opening::{self, Wanted};
use super::{album, database, driver, keeping, link, neighbours, orphans, records, removing};
use crate::app::{Hand, Job, Order, Page, Sheet};
use crate::live::Live;
use crate::{browser, pictures, storage, task};

pub fn begin(page: Page) {
    driver::begin(page);
    neighbours::begin(page);
    match page.others.is_empty() {
        true => link::begin(page),
        // The link may name one of them.
        false => opening::want(page, Wanted::Configured),
    }
    let records = stored(page);
    task::spawn(async move {
        let rows = keeping::earlier(page).await;
        let mut wanted = wanted(page, &records);
        wanted.extend(rows.iter().flat_map(|row| row.pictures.iter().cloned()));
        album::bring_back(&wanted).await;
        for sheet in page.sheets.now() {
            let_go_of_lost_pictures(sheet);
        }
        for number in records.iter().filter_map(number) {
            task::spawn(take_up(page, number));
        }
        keeping::bring_back(page, &rows).await;
        removing::recount();
        orphans::forget().await;
    });
}

/// A picture that this browser no longer holds is no longer chosen.
fn let_go_of_lost_pictures(sheet: &Sheet) {
    let is_lost = |draft: &Draft| match draft {
        Draft::Picture(Some(picture)) => pictures::blob_of(&picture.hash).is_none(),
        Draft::Picture(None) | Draft::Text(_) | Draft::Switch(_) => false,
    };
    let lost: Vec<FieldKey> = sheet.drafts.peek(|drafts| {
        drafts.iter().filter(|(_, draft)| is_lost(draft)).map(|(key, _)| key.clone()).collect()
    });
    for key in lost {
        sheet.drafts.update(|drafts| drafts.set(key, Draft::Picture(None)));
    }
}

/// The stored runs of this endpoint.
fn stored(page: Page) -> Vec<Value> {
    let key = page.endpoint.map(|endpoint| endpoint.key());
    storage::all("run.")
        .into_iter()
        .filter_map(|text| json::parse(&text))
        .filter(|record| record.get("endpoint").and_then(Value::as_str) == key.as_deref())
        .collect()
}

fn number(record: &Value) -> Option<u32> {
    u32::try_from(record.get("number")?.as_u64()?).ok()
}

/// Every picture that a form or a stored run still needs.
fn wanted(page: Page, records: &[Value]) -> Vec<String> {
    let mut hashes = Vec::new();
    let mut want = |drafts: &Drafts| {
        for (_, draft) in drafts.iter() {
            if let Draft::Picture(Some(picture)) = draft {
                hashes.push(picture.hash.clone());
            }
        }
    };
    for sheet in page.sheets.now() {
        sheet.drafts.peek(&mut want);
    }
    let drafts = records.iter().filter_map(|record| Drafts::from_value(record.get("drafts")?));
    drafts.for_each(|drafts| want(&drafts));
    hashes
}

/// Takes up a stored run as soon as no other page of this browser is looking after it.
async fn take_up(page: Page, number: u32) {
    browser::hold(&records::lock_name(number)).await;
    // The page that had it may have gone on with it, to its end even.
    let Some(record) = records::record(number) else { return };
    let Some((stored, order)) = read(page, &record) else { return };
    let hand = Hand::default();
    if stored.ended.is_some() {
        hand.files.replace(database::files(&stored.prompt_id).await.unwrap_or_default());
    }
    let here: Vec<usize> = hand.files.borrow().iter().map(|(at, _)| *at).collect();
    let (run, step) = Run::restore(&stored, &here, &driver::around(page, order.sheet));
    let job = Job { number, order: Rc::new(order), run: Live::new(run), hand: Rc::new(hand) };
    page.jobs.update(|jobs| {
        let after = jobs.iter().position(|other| other.number > number);
        jobs.insert(after.unwrap_or(jobs.len()), job.clone());
    });
    if step != Step::Rest {
        driver::perform(page, &job, step);
    }
    driver::brought(page, &job);
    driver::release(page);
}

fn read(page: Page, record: &Value) -> Option<(Stored, Order)> {
    let text = |name: &str| record.get(name).and_then(Value::as_str);
    let form = text("form")?;
    let sheet = page.sheets.peek(|all| all.iter().position(|sheet| sheet.form.id == form))?;
    let attachments = record.get("pictures")?.as_array()?.iter().filter_map(|entry| {
        let key = FieldKey::parse(entry.get("key")?.as_str()?)?;
        Some(Attachment { key, picture: PictureRef::from_value(entry.get("picture")?)? })
    });
    let ready = Ready {
        workflow: Workflow::from_value(record.get("workflow")?.clone()).ok()?,
        attachments: attachments.collect(),
        seed: record.get("seed").and_then(Value::as_u64),
        title: String::new(),
        warnings: Vec::new(),
    };
    let order = Order {
        sheet,
        title: text("title")?.to_owned(),
        drafts: Drafts::from_value(record.get("drafts")?)?,
        ready,
    };
    Some((Stored::from_value(record.get("run")?)?, order))
}
