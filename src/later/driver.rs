//! Carries out the steps of runs. Invariant: a run is stored before the step that its new state
//! asks for.

use std::cell::RefCell;
use std::mem::discriminant;
use std::rc::Rc;

use gloo_timers::callback::Interval;
use gloo_timers::future::TimeoutFuture;
use pilotlight_engine::comfy::{self, Endpoint, Request};
use pilotlight_engine::failure::{ApiError, Failure, Fault};
use pilotlight_engine::form::name_missing;
use pilotlight_engine::id::PromptId;
use pilotlight_engine::media;
use pilotlight_engine::present;
use pilotlight_engine::run::{
    Around, Ask, Event, Fetched, Outcome, Phase, Run, Stage, Step, Turn, UploadFault,
};
use pilotlight_engine::server::HELD_MS;
use pilotlight_engine::sighting::{FileRef, Glimpse, Media};
use pilotlight_engine::text::{Kept, Word};
use pilotlight_engine::{json, lane};
use web_sys::{AbortSignal, Blob};

use super::http::{Call, Line};
use super::{access, deeds, feed, keeping, metering, queue, records, renewing, telling, warming};
use crate::app::{Job, Page};
use crate::task::{self, Work};
use crate::{browser, pictures, storage};

/// Starts the clock, and looks after live runs when the page is looked at again.
pub fn begin(page: Page) {
    let mut ticks = 0_u32;
    Interval::new(1_000, move || {
        ticks = ticks.wrapping_add(1);
        let live = live(page) > 0;
        let warm = warming::tick(page);
        if metering::tick(page) || live || warm || ticks.is_multiple_of(30) {
            page.now.set(browser::now());
        }
        set_title(page);
    })
    .forget();
    browser::on_return(move || {
        page.now.set(browser::now());
        for job in page.jobs.now() {
            tell(page, &job, Event::Woken);
        }
    });
}

/// Lets the lane release what may go to the server.
pub fn release(page: Page) {
    let jobs = page.jobs.now();
    let lane = jobs.iter().map(|job| (job.place.now(), job.run.borrow()));
    let next = lane::next(lane, queue::is_held());
    if let Some(job) = next.and_then(|at| jobs.get(at)) {
        tell(page, job, Event::Released);
    }
}

/// Tells a run what happened and does what follows.
pub fn tell(page: Page, job: &Job, event: Event) {
    let now = browser::now();
    page.now.set(now);
    let learnt = page.server.update(|server| {
        let heard_at = server.heard_at;
        server.learn(&event, now);
        heard_at != server.heard_at
    });
    if learnt {
        records::keep_server(page);
    }
    let around = around(page, job.order.sheet);
    let (stored, phase) = job.run.peek(|run| (run.stored(), discriminant(run.phase())));
    let woke = job.run.peek(|run| matches!(run.phase(), Phase::Waking));
    let step = job.run.update(|run| run.update(event, &around));
    metering::told(page, job, learnt);
    let Some(step) = step else { return };
    if job.run.peek(|run| stored != run.stored()) {
        keep(page, job);
    }
    if job.run.peek(|run| phase != discriminant(run.phase())) {
        changed(page, job, woke);
    }
    perform(page, job, step);
    release(page);
}

/// Stores a run as it is now, or says that this browser does not.
pub fn keep(page: Page, job: &Job) {
    if !records::keep(page, job) {
        keeping::say(page, Kept::RunsNotKept);
    }
}

pub fn around(page: Page, sheet: usize) -> Around {
    let (_, running) = page.wait_kinds(sheet);
    let server = page.server.now();
    Around {
        now: browser::now(),
        heard_at: server.heard_at,
        long_poll: server.long_poll,
        usual_run_ms: page.waits.peek(|waits| waits.usual(&running)),
        hidden: browser::is_hidden(),
        limits: page.config.limits(),
    }
}

/// Does a step and, in time, tells the run what came of it.
pub fn perform(page: Page, job: &Job, step: Step) {
    job.hand.line.replace(None);
    let Some(endpoint) = page.endpoint.now() else { return };
    if step == Step::Rest {
        return;
    }
    let line = Line::open();
    let signal = line.signal();
    job.hand.line.replace(Some(line));
    let job = job.clone();
    let turn = job.run.peek(Run::turn);
    task::spawn(async move {
        let event = match step {
            Step::Sleep { ms } => {
                TimeoutFuture::new(u32::try_from(ms).unwrap_or(u32::MAX)).await;
                Event::Rang(turn)
            }
            Step::Upload { limit_ms } => {
                Event::Uploaded(turn, upload(endpoint, &job, &Call { signal, limit_ms }).await)
            }
            Step::Collect { files, limit_ms } => {
                Event::Collected(turn, collect(page, &job, files, signal, limit_ms).await)
            }
            Step::Knock { .. }
            | Step::Submit { .. }
            | Step::Look { .. }
            | Step::Wait { .. }
            | Step::Stop { .. }
            | Step::Rest => ask(endpoint, &job, turn, step, signal).await,
        };
        tell(page, &job, read(page, &job, event));
    });
}

/// Reads a reply by what was sent: the results that the form's author chose, and the places of a
/// class that the server lacks.
fn read(page: Page, job: &Job, mut event: Event) -> Event {
    let form = page.sheet(job.order.sheet).map(|sheet| &sheet.form);
    if let Event::Seen(_, Ok(Glimpse::Ended(ended))) | Event::Waited(_, Ok(Glimpse::Ended(ended))) =
        &mut event
    {
        ended.narrow(form.map_or(&[], |form| &form.outputs));
    }
    if let Event::Accepted(_, Err(fault)) = &mut event {
        name_missing(&mut fault.problems, &job.order.ready.workflow);
    }
    event
}

/// A step that is one request; stopping is two.
async fn ask(
    endpoint: &Endpoint,
    job: &Job,
    turn: Turn,
    step: Step,
    signal: Option<AbortSignal>,
) -> Event {
    let id = job.run.peek(|run| run.id().clone());
    let (request, limit_ms) = match &step {
        Step::Knock { limit_ms } => (endpoint.knock(), *limit_ms),
        Step::Submit { limit_ms } => (prompt(endpoint, job, &id), *limit_ms),
        Step::Look { ask: Ask::History, limit_ms } => (endpoint.history(&id), *limit_ms),
        Step::Look { ask: Ask::Queue, limit_ms } => (endpoint.queue(), *limit_ms),
        Step::Wait { known, limit_ms } => (endpoint.wait(&id, *known), *limit_ms),
        Step::Stop { limit_ms } => (endpoint.delete(&id), *limit_ms),
        Step::Upload { .. } | Step::Collect { .. } | Step::Sleep { .. } | Step::Rest => {
            return Event::Rang(turn);
        }
    };
    let call = Call { signal, limit_ms };
    let mut heard = call.send(&request, None).await;
    if matches!(step, Step::Stop { .. }) && comfy::stopped(&heard).is_ok() {
        heard = call.send(&endpoint.interrupt(&id), None).await;
    }
    match step {
        Step::Knock { .. } => Event::Knocked(turn, comfy::facts(&heard)),
        Step::Submit { .. } => Event::Accepted(turn, comfy::accepted(&heard)),
        Step::Look { ask: Ask::History, .. } => Event::Seen(turn, comfy::history(&heard, &id)),
        Step::Look { ask: Ask::Queue, .. } => Event::Seen(turn, comfy::queue(&heard, &id)),
        Step::Wait { .. } => Event::Waited(turn, comfy::wait(&heard, &id)),
        Step::Stop { .. } => Event::Stopped(turn, comfy::stopped(&heard)),
        Step::Upload { .. } | Step::Collect { .. } | Step::Sleep { .. } | Step::Rest => {
            Event::Rang(turn)
        }
    }
}

fn prompt(endpoint: &Endpoint, job: &Job, id: &PromptId) -> Request {
    let mut ready = job.order.ready.clone();
    for (key, name) in job.hand.names.borrow().iter() {
        ready.attach(key, name);
    }
    endpoint.submit(id, &records::client_id(), ready.workflow.to_value())
}

async fn upload(endpoint: &Endpoint, job: &Job, call: &Call) -> Result<(), UploadFault> {
    let mut names = Vec::new();
    for attached in &job.order.ready.attachments {
        let blob = pictures::blob_of(&attached.picture.hash).ok_or(UploadFault::PictureLost)?;
        let request = endpoint.upload(&attached.picture.server_name());
        let heard = call.send(&request, Some(&blob)).await;
        let name = comfy::uploaded(&heard).map_err(UploadFault::Fault)?;
        names.push((attached.key.clone(), name));
    }
    job.hand.names.replace(names);
    Ok(())
}

/// All files at once; what came is stored, and in the job's hand.
async fn collect(
    page: Page,
    job: &Job,
    files: Vec<(usize, FileRef)>,
    signal: Option<AbortSignal>,
    limit_ms: u64,
) -> Vec<Fetched> {
    let Some(endpoint) = page.endpoint.now() else { return Vec::new() };
    let id = job.run.peek(|run| run.id().clone());
    let fetched = Rc::new(RefCell::new(vec![Fetched::Gone; files.len()]));
    let mut work: Vec<Work> = Vec::new();
    for (place, (at, file)) in files.into_iter().enumerate() {
        let request = endpoint.view(&file, &id);
        let call = Call { signal: signal.clone(), limit_ms };
        let (fetched, hand, id) = (fetched.clone(), job.hand.clone(), id.clone());
        work.push(Box::pin(async move {
            let (heard, blob) = call.fetch(&request).await;
            let came = match (comfy::viewed(&heard), blob) {
                // A page of the gateway; ComfyUI itself sends HTML as a file of no type.
                (Ok(true), Some(blob)) if blob.type_().starts_with("text/html") => {
                    Fetched::Missed(Fault::new(ApiError::Garbled))
                }
                (Ok(true), Some(_)) if comfy::is_anothers(&heard, &file) => Fetched::Gone,
                (Ok(true), Some(blob)) => {
                    let blob = typed(&file, blob).await;
                    keeping::keep_file(page, &id, at, &blob).await;
                    hand.files.borrow_mut().push((at, blob));
                    Fetched::Here
                }
                (Ok(true), None) => Fetched::Missed(Fault::new(ApiError::Garbled)),
                (Ok(false), _) => Fetched::Gone,
                (Err(fault), _) => Fetched::Missed(fault),
            };
            fetched.borrow_mut()[place] = came;
        }));
    }
    task::all(work).await;
    fetched.take()
}

/// The bytes of a file under the type that its name says, and of no type where they are a picture
/// that is too large to be drawn. What the server says of the type is not believed.
async fn typed(file: &FileRef, blob: Blob) -> Blob {
    let kind = match file.media() {
        Media::Image if browser::is_too_large(&blob).await => media::UNKNOWN,
        Media::Image | Media::Audio | Media::Video | Media::Other => media::type_of(&file.filename),
    };
    browser::typed(&blob, kind).unwrap_or(blob)
}

/// What the page does when a run came into another phase. `woke`: it was waking before.
fn changed(page: Page, job: &Job, woke: bool) {
    let run = job.run.borrow();
    let reader = page.reader(job.order.sheet);
    if let Some(said) = queue::projection(page).said(&run, &job.order.title, &reader) {
        page.spoken.set(said);
    }
    let (waking, running) = page.wait_kinds(job.order.sheet);
    let length = |stage| run.span(stage).and_then(|span| Some(span.until?.since(span.from)));
    if woke && !run.is_ended() {
        learn_wait(page, &waking, length(Stage::Waking).filter(|ms| *ms > HELD_MS));
    }
    if let Phase::Ended(Outcome::Done { ended, .. }) = run.phase()
        && !ended.cached
    {
        learn_wait(page, &running, ended.ran_ms.or(length(Stage::Running)));
    }
    brought(page, job);
    telling::ended(page, job);
    if let Phase::Ended(Outcome::Failed(failure)) = run.phase() {
        access::failed(failure);
    }
    if let Phase::Ended(Outcome::Failed(Failure::Rejected(fault))) = run.phase() {
        deeds::refused(page, job, &fault.problems);
        renewing::refused(page, job.order.sheet, &fault.problems);
    }
    set_title(page);
}

/// Shows and keeps what a run brought that is over.
pub fn brought(page: Page, job: &Job) {
    let run = job.run.borrow();
    if let Some(ended) = run.brought() {
        keeping::keep(page, job, feed::show(page, job, ended));
    }
}

pub fn learn_wait(page: Page, kind: &str, ms: Option<u64>) {
    let Some(ms) = ms else { return };
    page.waits.update(|waits| waits.add(kind, ms));
    storage::set("waits", &page.waits.peek(|waits| json::text(&waits.to_value())));
}

fn live(page: Page) -> usize {
    page.jobs.peek(|jobs| jobs.iter().filter(|job| job.run.peek(|run| !run.is_ended())).count())
}

/// The tab says what the first live run is doing.
fn set_title(page: Page) {
    let language = page.language.now();
    let title = page.config.title.as_ref();
    let name = title.map_or("Pilotlight", |title| title.get(language));
    let first = page.jobs.peek(|jobs| jobs.iter().find(|job| job.run.peek(Run::is_live)).cloned());
    let title = match first {
        Some(job) => {
            let reader = page.reader(job.order.sheet);
            let state = job.run.peek(|run| present::card(run, &reader).state);
            format!("● {state} · {name}")
        }
        None if live(page) > 0 => format!("{} · {name}", Word::Waiting.say(language)),
        None => name.to_owned(),
    };
    browser::set_title(&title);
}
