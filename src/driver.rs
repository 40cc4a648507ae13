//! Carries out the steps of runs. Invariant: nothing else spawns, and a run is stored before the
//! step that its new state asks for.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;

use gloo_timers::callback::Interval;
use gloo_timers::future::TimeoutFuture;
use pilotlight_engine::comfy::{self, Endpoint};
use pilotlight_engine::failure::{Failure, Fault};
use pilotlight_engine::form::FieldKey;
use pilotlight_engine::present;
use pilotlight_engine::run::{
    Around, Ask, Event, Fetched, Outcome, Phase, Run, Stage, Step, Turn, UploadFault,
};
use pilotlight_engine::server::HELD_MS;
use pilotlight_engine::{lane, text::Word};
use web_sys::AbortSignal;

use crate::app::{Job, Page};
use crate::http::{self, Call, Line};
use crate::{browser, desk, feed, pictures, storage};

thread_local! {
    /// What is outstanding for each run; a new line ends the old one's requests.
    static LINES: RefCell<BTreeMap<u32, Line>> = const { RefCell::new(BTreeMap::new()) };
    /// Under which names a run's pictures are at the server.
    static NAMES: RefCell<BTreeMap<u32, Vec<(FieldKey, String)>>> =
        const { RefCell::new(BTreeMap::new()) };
}

/// The only place where work is started that goes on by itself.
pub fn spawn(work: impl Future<Output = ()> + 'static) {
    // Boxed, so that starting is compiled once.
    let work: Pin<Box<dyn Future<Output = ()>>> = Box::pin(work);
    wasm_bindgen_futures::spawn_local(work);
}

/// Starts the clock, and looks after live runs when the page is looked at again.
pub fn begin(page: Page) {
    let mut ticks = 0_u32;
    Interval::new(1_000, move || {
        ticks = ticks.wrapping_add(1);
        let live = live(page);
        if live > 0 || ticks % 30 == 0 {
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
    let runs: Vec<Run> = jobs.iter().map(|job| job.run.now()).collect();
    if let Some(job) = lane::next(&runs).and_then(|at| jobs.get(at)) {
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
    let around = around(page, job.order.sheet);
    let before = job.run.now();
    let Some(step) = job.run.update(|run| run.update(event, &around)) else { return };
    let after = job.run.now();
    if before.stored() != after.stored() {
        desk::keep(page, job);
    }
    if learnt {
        desk::keep_server(page);
    }
    changed(page, job, &before, &after);
    perform(page, job, step);
    release(page);
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
    let line = Line::open();
    let signal = line.signal();
    LINES.with_borrow_mut(|lines| lines.insert(job.number, line));
    let Some(endpoint) = page.endpoint else { return };
    if step == Step::Rest {
        LINES.with_borrow_mut(|lines| lines.remove(&job.number));
        return;
    }
    let job = job.clone();
    let turn = job.run.peek(Run::turn);
    spawn(async move {
        let event = outcome(endpoint, &job, turn, step, signal).await;
        tell(page, &job, event);
    });
}

async fn outcome(
    endpoint: &Endpoint,
    job: &Job,
    turn: Turn,
    step: Step,
    signal: Option<AbortSignal>,
) -> Event {
    let id = job.run.peek(|run| run.id().clone());
    let call = |limit_ms| Call { signal: signal.clone(), limit_ms };
    match step {
        Step::Knock { limit_ms } => {
            let heard = call(limit_ms).send(&endpoint.knock(), None).await;
            Event::Knocked(turn, comfy::facts(&heard))
        }
        Step::Upload { limit_ms } => {
            Event::Uploaded(turn, upload(endpoint, job, &call(limit_ms)).await)
        }
        Step::Submit { limit_ms } => {
            let mut ready = job.order.ready.clone();
            let names = NAMES.with_borrow(|names| names.get(&job.number).cloned());
            for (key, name) in names.unwrap_or_default() {
                ready.attach(&key, &name);
            }
            let request = endpoint.submit(&id, &desk::client_id(), ready.workflow.to_value());
            let heard = call(limit_ms).send(&request, None).await;
            Event::Accepted(turn, comfy::accepted(&heard))
        }
        Step::Look { ask: Ask::History, limit_ms } => {
            let heard = call(limit_ms).send(&endpoint.history(&id), None).await;
            Event::Seen(turn, comfy::history(&heard, &id))
        }
        Step::Look { ask: Ask::Queue, limit_ms } => {
            let heard = call(limit_ms).send(&endpoint.queue(), None).await;
            Event::Seen(turn, comfy::queue(&heard, &id))
        }
        Step::Wait { known, limit_ms } => {
            let heard = call(limit_ms).send(&endpoint.wait(&id, known), None).await;
            Event::Seen(turn, comfy::wait(&heard, &id))
        }
        Step::Collect { files, limit_ms } => {
            let fetched = Rc::new(RefCell::new(vec![Fetched::Gone; files.len()]));
            let mut work: Vec<http::Work> = Vec::new();
            for (place, (at, file)) in files.into_iter().enumerate() {
                let request = endpoint.view(&file, &id);
                let (call, fetched, job) = (call(limit_ms), fetched.clone(), job.number);
                work.push(Box::pin(async move {
                    let got = collect(job, at, request, call).await;
                    fetched.borrow_mut()[place] = got;
                }));
            }
            http::all(work).await;
            Event::Collected(turn, fetched.take())
        }
        Step::Stop { limit_ms } => {
            let dropped = call(limit_ms).send(&endpoint.delete(&id), None).await;
            let stopped = match comfy::stopped(&dropped) {
                Ok(()) => {
                    let heard = call(limit_ms).send(&endpoint.interrupt(&id), None).await;
                    comfy::stopped(&heard)
                }
                Err(fault) => Err(fault),
            };
            Event::Stopped(turn, stopped)
        }
        Step::Sleep { ms } => {
            TimeoutFuture::new(u32::try_from(ms).unwrap_or(u32::MAX)).await;
            Event::Rang(turn)
        }
        Step::Rest => Event::Rang(turn),
    }
}

async fn upload(endpoint: &Endpoint, job: &Job, call: &Call) -> Result<(), UploadFault> {
    let mut names = Vec::new();
    for attached in &job.order.ready.attachments {
        let blob = pictures::blob_of(&attached.picture.hash).ok_or(UploadFault::PictureLost)?;
        let request = endpoint.upload(&pictures::server_name(&attached.picture));
        let heard = call.send(&request, Some(&blob)).await;
        let name = comfy::uploaded(&heard).map_err(UploadFault::Fault)?;
        names.push((attached.key.clone(), name));
    }
    NAMES.with_borrow_mut(|all| all.insert(job.number, names));
    Ok(())
}

async fn collect(job: u32, at: usize, request: comfy::Request, call: Call) -> Fetched {
    let (heard, blob) = call.fetch(&request).await;
    match (comfy::viewed(&heard), blob) {
        (Ok(true), Some(blob)) => {
            feed::came(job, at, blob);
            Fetched::Here
        }
        (Ok(false), _) => Fetched::Gone,
        (Ok(true), None) => {
            Fetched::Missed(Fault::new(pilotlight_engine::failure::ApiError::Garbled))
        }
        (Err(fault), _) => Fetched::Missed(fault),
    }
}

/// What the page does when a run came into another phase.
fn changed(page: Page, job: &Job, before: &Run, after: &Run) {
    if std::mem::discriminant(before.phase()) == std::mem::discriminant(after.phase()) {
        return;
    }
    let reader = page.reader(job.order.sheet);
    if let Some(said) = present::announcement(after, &job.order.title, &reader) {
        page.spoken.set(said);
    }
    learn_waits(page, job, before, after);
    if let Some(ended) = after.brought() {
        feed::show(page, job, ended);
    }
    if let Phase::Ended(Outcome::Failed(Failure::Rejected(fault))) = after.phase() {
        desk::refused(page, job, &fault.problems);
    }
    if after.is_ended() {
        NAMES.with_borrow_mut(|names| names.remove(&job.number));
    }
    set_title(page);
}

fn learn_waits(page: Page, job: &Job, before: &Run, after: &Run) {
    let length = |stage| after.span(stage).and_then(|span| Some(span.until?.since(span.from)));
    let (waking, running) = page.wait_kinds(job.order.sheet);
    let mut learnt = Vec::new();
    if before.phase() == &Phase::Waking && !after.is_ended() {
        learnt.extend(length(Stage::Waking).filter(|ms| *ms > HELD_MS).map(|ms| (waking, ms)));
    }
    if let Phase::Ended(Outcome::Done { ended, .. }) = after.phase()
        && !ended.cached
    {
        learnt.extend(ended.ran_ms.or(length(Stage::Running)).map(|ms| (running, ms)));
    }
    if learnt.is_empty() {
        return;
    }
    page.waits.update(|waits| {
        for (kind, ms) in &learnt {
            waits.add(kind, *ms);
        }
    });
    storage::set("waits", &page.waits.peek(|waits| waits.to_value().to_string()));
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
