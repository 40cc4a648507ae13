//! How runs get into the lane. Invariant: every press goes through `start_all`; all that it asked
//! for is stored before anything is asked for any of it, and where there is no room for all of
//! several, none is started.

use std::rc::Rc;

use pilotlight_engine::id::PromptId;
use pilotlight_engine::run::Run;
use pilotlight_engine::text::{Kept, SeveralText};

use super::{driver, keeping, queue, records};
use crate::app::{Job, Notice, Order, Page, Sheet};
use crate::live::Live;
use crate::{browser, desk, storage, task};

/// The browser keeps no more.
pub struct NoRoom;

/// Puts runs into the lane, in this order, behind what waits there.
pub fn start_all(page: Page, orders: Vec<Order>) -> Result<(), NoRoom> {
    let mut jobs: Vec<Job> = Vec::with_capacity(orders.len());
    for order in orders {
        let number = records::next_number();
        let id = PromptId::from_random(browser::random());
        // A moment of its own for each: results are kept in the order of these.
        let pressed = browser::now().plus(jobs.len() as u64);
        let run = Run::new(id, !order.ready.attachments.is_empty(), pressed);
        let base = jobs.first().map_or((number, &order), |first| (first.number, &*first.order));
        let share = records::share(base.0, base.1, &order);
        jobs.push(Job {
            number,
            order: Rc::new(order),
            run: Live::new(run),
            place: Live::new(number),
            share,
            hand: Rc::default(),
        });
    }
    if let [alone] = jobs.as_mut_slice() {
        alone.share = None;
    }
    store(page, &jobs)?;
    let Some(first) = jobs.first() else { return Ok(()) };
    queue::begin_round(page, first.number);
    for job in &jobs {
        if let (Some(sheet), Some(seed)) = (page.sheet(job.order.sheet), job.order.ready.seed) {
            sheet.last_seed.set(Some(seed));
        }
        let name = records::lock_name(job.number);
        task::spawn(async move {
            browser::hold(&name).await;
        });
    }
    page.jobs.update(|all| all.extend(jobs));
    driver::release(page);
    Ok(())
}

/// The same where nobody waits for an answer: a notice says why nothing was started.
pub fn start_or_say(page: Page, orders: Vec<Order>) -> bool {
    let started = start_all(page, orders).is_ok();
    if !started {
        desk::add_notice(page, Notice::Kept(SeveralText::NoRoom.in_both()));
    }
    started
}

/// Takes values to where the class says that they lie, as the form shows them then.
pub fn round(sheet: &Sheet) {
    let rounded = sheet.drafts.peek(|drafts| sheet.form.rounded(drafts, sheet.classes));
    for (key, draft) in rounded.iter() {
        desk::fill_in(sheet, key.clone(), draft.clone());
    }
}

/// What a run is called: by its first words, else by its form.
pub fn title(page: Page, sheet: &Sheet, first_words: &str) -> String {
    if first_words.is_empty() {
        sheet.form.title.get(page.language.now()).to_owned()
    } else {
        first_words.to_owned()
    }
}

/// One run goes on from memory where it must: somebody who sees it can do without a reload.
fn store(page: Page, jobs: &[Job]) -> Result<(), NoRoom> {
    if keep(page, jobs) {
        return Ok(());
    }
    if jobs.len() > 1 {
        forget(jobs);
        if !storage::is_refused() {
            return Err(NoRoom);
        }
        keep(page, jobs);
    }
    keeping::say(page, Kept::RunsNotKept);
    Ok(())
}

fn keep(page: Page, jobs: &[Job]) -> bool {
    let shared = jobs.first().filter(|first| first.share.is_some());
    if shared.is_some() {
        records::forget_bases();
    }
    let mut are_kept = true;
    // Each of them: what cannot be stored is kept in memory.
    for job in jobs {
        are_kept &= records::keep(page, job);
    }
    are_kept && shared.is_none_or(|first| records::keep_base(first.number, &first.order))
}

fn forget(jobs: &[Job]) {
    for job in jobs {
        records::forget(job.number);
        records::forget_base(job.number);
    }
}
