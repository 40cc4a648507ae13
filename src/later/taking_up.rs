//! How the runs that were under way are taken up when the page is opened again, with the pictures
//! that forms and runs still need.

use std::rc::Rc;

use gloo_timers::future::TimeoutFuture;
use pilotlight_engine::form::{Attachment, Draft, Drafts, FieldKey, PictureRef, Ready};
use pilotlight_engine::json;
use pilotlight_engine::order;
use pilotlight_engine::record::Stored;
use pilotlight_engine::run::{Run, Step};
use serde_json::Value;

use super::opening::{self, Wanted};
use super::records::number_of;
use super::{
    access, album, database, driver, embedding, framed, insecure, keeping, link, metering,
    neighbours, offline, orphans, queue, records, removing, setup, spending, warming,
};
use crate::app::{Hand, Job, Order, Page, Share, Sheet};
use crate::live::Live;
use crate::{browser, pictures, storage, task};

/// A run that is not here after so long is another page's.
const OTHERS_MS: u32 = 1_000;

pub fn begin(page: Page) {
    setup::begin(page);
    access::begin(page);
    metering::refresh(page);
    spending::begin(page);
    warming::begin(page);
    driver::begin(page);
    neighbours::begin(page);
    offline::begin();
    insecure::begin(page);
    records::forget_bases();
    embedding::begin(page);
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
        take_up_all(page, &records);
        keeping::bring_back(page, &rows).await;
        removing::recount();
        orphans::forget().await;
    });
}

/// The stored runs of a server that the page has only now.
pub fn again(page: Page) {
    let records = stored(page);
    task::spawn(async move {
        album::bring_back(&wanted(page, &records)).await;
        take_up_all(page, &records);
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

/// The stored runs of this endpoint. A frame for one workflow leaves those of others to the frames
/// that are for them.
fn stored(page: Page) -> Vec<Value> {
    let key = page.endpoint.now().map(|endpoint| endpoint.key());
    let form = page.sheet(page.tab.now()).map(|sheet| sheet.form.id.as_str());
    let is_for_all = framed::shows("tabs") || browser::link().as_deref() != form;
    let is_mine = |record: &Value| is_for_all || record.get("form").and_then(Value::as_str) == form;
    storage::all("run.")
        .into_iter()
        .filter_map(|text| json::parse(&text))
        .filter(|record| record.get("endpoint").and_then(Value::as_str) == key.as_deref())
        .filter(is_mine)
        .collect()
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
    drafts.chain(records::shared_drafts()).for_each(|drafts| want(&drafts));
    hashes
}

/// Takes all up at once, those first that stand first. Nothing is released until all are here
/// that no other page has.
fn take_up_all(page: Page, records: &[Value]) {
    let mut numbers: Vec<u32> = Vec::new();
    let place = |at: usize| place(&records[at]);
    for at in order::order(records.len(), &|one, other| place(one).cmp(&place(other))) {
        numbers.extend(number_of(&records[at], "number"));
    }
    queue::expect(numbers.len());
    for number in numbers {
        task::spawn(async move {
            take_up(page, number).await;
            queue::came(page);
        });
    }
    task::spawn(async move {
        TimeoutFuture::new(OTHERS_MS).await;
        queue::expect_no_more(page);
    });
}

/// Where a run stands in the lane; older versions knew of no order but that of numbers.
fn place(record: &Value) -> u32 {
    number_of(record, "place").or_else(|| number_of(record, "number")).unwrap_or_default()
}

/// Takes up a stored run as soon as no other page of this browser is looking after it.
async fn take_up(page: Page, number: u32) {
    browser::hold(&records::lock_name(number)).await;
    // The page that had it may have gone on with it, to its end even.
    let Some(record) = records::record(number) else { return };
    let Some((stored, order, share)) = read(page, &record) else { return };
    queue::remember();
    let hand = Hand::default();
    if stored.ended.is_some() {
        hand.files.replace(database::files(&stored.prompt_id).await.unwrap_or_default());
    }
    let here: Vec<usize> = hand.files.borrow().iter().map(|(at, _)| *at).collect();
    let is_paused = queue::is_paused().now();
    let (run, step) = Run::restore(&stored, &here, is_paused, &driver::around(page, order.sheet));
    let job = Job {
        number,
        order: Rc::new(order),
        run: Live::new(run),
        place: Live::new(place(&record)),
        share,
        hand: Rc::new(hand),
    };
    page.jobs.update(|jobs| {
        let after = jobs.iter().position(|other| other.number > number);
        jobs.insert(after.unwrap_or(jobs.len()), job.clone());
    });
    if step != Step::Rest {
        driver::perform(page, &job, step);
    }
    driver::brought(page, &job);
}

fn read(page: Page, record: &Value) -> Option<(Stored, Order, Option<Rc<Share>>)> {
    let text = |name: &str| record.get(name).and_then(Value::as_str);
    let form = text("form")?;
    let sheet = page.sheets.peek(|all| all.iter().position(|sheet| sheet.form.id == form))?;
    let attachments = record.get("pictures")?.as_array()?.iter().filter_map(|entry| {
        let key = FieldKey::parse(entry.get("key")?.as_str()?)?;
        Some(Attachment { key, picture: PictureRef::from_value(entry.get("picture")?)? })
    });
    let (workflow, drafts, share) = records::made_from(record)?;
    let ready = Ready {
        workflow,
        attachments: attachments.collect(),
        seed: record.get("seed").and_then(Value::as_u64),
        title: String::new(),
        warnings: Vec::new(),
    };
    let order = Order { sheet, title: text("title")?.to_owned(), drafts, ready };
    Some((Stored::from_value(record.get("run")?)?, order, share))
}
