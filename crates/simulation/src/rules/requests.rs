//! What may be asked, when, and of whom. Invariant: judged at the instant a request leaves the page
//! or reaches the gateway.

use pilotlight_comfy::comfy::{Body, Request};
use pilotlight_comfy::json;
use pilotlight_emulator::Outcome as End;
use pilotlight_runs::queue;
use pilotlight_runs::run::{POSTS_MAX, Run};
use pilotlight_session::Effect;

use crate::browser::{Browser, Order, Store};
use crate::network::RequestKind;
use crate::pods::{Pods, alive};
use crate::queue_order::QueueOrder;
use crate::rules::{APART_MS, Verdict, broken};
use crate::watched::Watched;

/// Requests of one run in one second, and in ten: two for each look, and a phase or two changed.
const MOST_IN_1_S: usize = 10;
const MOST_IN_10_S: usize = 45;

/// Only a live run asks; after its end nothing is asked.
pub fn no_request_without_a_live_run(
    number: usize,
    run: &Run,
    request_kind: RequestKind,
) -> Verdict {
    match run.is_live() {
        true => Ok(()),
        false => broken(
            "no request without a live run",
            format!("run {number} is {:?} and asks {request_kind:?}", run.phase()),
        ),
    }
}

/// What waited is released in the order shown, and not while the queue is paused.
pub fn released_as_shown(number: usize, is_released: bool, line: &QueueOrder) -> Verdict {
    match line.before(number) {
        _ if !is_released || !line.is_one => Ok(()),
        _ if line.is_paused => broken(
            "nothing is released while the queue is paused",
            format!("run {number} is released"),
        ),
        Some(first) => broken(
            "runs are released in the order shown",
            format!("run {number} is released while run {first} stands before it"),
        ),
        None => Ok(()),
    }
}

/// After a hiccup the next request waits, longer each time; no loop is busy.
pub fn waits_are_bounded(
    number: usize,
    watched: &mut Watched,
    request_kind: RequestKind,
    now: u64,
) -> Verdict {
    if let Some((at, retry_ms)) = watched.failed {
        let doubled = 500 << u64::from(watched.fails.saturating_sub(1).min(4));
        let least = if retry_ms > 0 { retry_ms } else { doubled.min(7_500) };
        if now < at + least {
            return broken(
                "waits are bounded",
                format!(
                    "run {number} asks {request_kind:?} {} ms after failure {} in a row, before {least} ms",
                    now - at,
                    watched.fails
                ),
            );
        }
    }
    if let RequestKind::File { slot: 1.., .. } = request_kind {
        return Ok(());
    }
    watched.recent.push_back(now);
    while watched.recent.front().is_some_and(|at| at + 10_000 < now) {
        watched.recent.pop_front();
    }
    let last_second = watched.recent.iter().filter(|at| **at + 1_000 >= now).count();
    if last_second > MOST_IN_1_S || watched.recent.len() > MOST_IN_10_S {
        return broken(
            "waits are bounded",
            format!(
                "run {number} asked {last_second} times in a second, {} times in ten",
                watched.recent.len()
            ),
        );
    }
    Ok(())
}

/// Every stop names its own run and nothing else.
pub fn stops_name_their_run(
    number: usize,
    watched: &Watched,
    request_kind: RequestKind,
    request: &Request,
) -> Verdict {
    let (Body::Json(text) | Body::Plain(text)) = &request.body else { return Ok(()) };
    let body = json::parse(text).unwrap_or_default();
    let own = |id: Option<&str>| id.is_some_and(|id| watched.ids.iter().any(|own| own == id));
    let names_its_run = match request_kind {
        RequestKind::Delete => {
            body["delete"]
                .as_array()
                .is_some_and(|all| !all.is_empty() && all.iter().all(|id| own(id.as_str())))
                && body.get("clear").is_none()
        }
        RequestKind::Interrupt => own(body["prompt_id"].as_str()),
        RequestKind::Wake
        | RequestKind::Upload
        | RequestKind::Submit
        | RequestKind::History
        | RequestKind::Queue
        | RequestKind::Wait
        | RequestKind::Hold
        | RequestKind::File { .. } => true,
    };
    match names_its_run {
        true => Ok(()),
        false => {
            broken("stops name their run", format!("run {number} sends {request_kind:?} {text}"))
        }
    }
}

/// A run is in the store, with its id, as long as a prompt of it may be out.
pub fn stored_before_it_is_sent(
    number: usize,
    request_kind: RequestKind,
    watched: &Watched,
    store: &Store,
) -> Verdict {
    let record = store.record(&watched.ids);
    let posts = watched.posts + u32::from(request_kind == RequestKind::Submit);
    let is_kept = record.as_ref().is_some_and(|record| {
        let stored = &record["run"];
        let is_its = watched.ids.iter().any(|id| stored["prompt_id"] == *id.as_str());
        is_its && (posts == 0 || stored["posts"].as_u64() > Some(0))
    });
    let is_refused = record.is_none() && store.refused.contains(&number);
    match is_kept || is_refused {
        true => Ok(()),
        false => broken(
            "a run is stored before it is sent",
            format!("run {number} asks {request_kind:?} after {posts} posts; stored is {record:?}"),
        ),
    }
}

/// A prompt holds the words and the seed that were requested, also after a reload.
pub fn what_is_sent_was_requested(
    number: usize,
    request_kind: RequestKind,
    request: &Request,
    order: Option<&Order>,
) -> Verdict {
    let (Body::Json(text) | Body::Plain(text)) = &request.body else { return Ok(()) };
    let Some(order) = order.filter(|_| request_kind == RequestKind::Submit) else { return Ok(()) };
    let body = json::parse(text).unwrap_or_default();
    let nodes = body["prompt"].as_object().into_iter().flatten();
    let mut inputs = nodes.map(|(_, node)| &node["inputs"]);
    let has_both = |inputs: &serde_json::Value| {
        let words = [&inputs["prompt"], &inputs["question"]];
        inputs["seed"] == order.seed && words.iter().any(|words| **words == *order.mark)
    };
    match inputs.any(has_both) {
        true => Ok(()),
        false => broken(
            "what is sent was requested",
            format!("run {number}, requested as {order:?}, sends {text}"),
        ),
    }
}

/// Between two posts of a run the server was asked twice, far enough apart, and knew nothing of it.
pub fn looks_before_sending_again(
    number: usize,
    watched: &Watched,
    request_kind: RequestKind,
) -> Verdict {
    // A refusal proves that it is not there: it may go again with its picture.
    if request_kind != RequestKind::Submit || watched.posts == 0 || watched.refused {
        return Ok(());
    }
    let apart = match (watched.misses.first(), watched.misses.last()) {
        (Some(first), Some(last)) => last.asked.saturating_sub(first.heard),
        _ => 0,
    };
    match watched.misses.len() >= 2 && apart >= APART_MS && watched.posts < POSTS_MAX {
        true => Ok(()),
        false => broken(
            "it is looked for before it is sent again",
            format!(
                "run {number} sends post {} after {} misses, {apart} ms apart",
                watched.posts + 1,
                watched.misses.len()
            ),
        ),
    }
}

/// Without a live run only what was pressed for is asked.
pub fn nothing_is_asked_without_a_press(tab: usize, browser: &Browser) -> Verdict {
    match browser.tab(tab).is_some_and(|tab| tab.has_keep_awake_press) {
        true => Ok(()),
        false => broken(
            "nothing is asked without a live run or a press",
            format!("tab {tab} asks although nobody pressed there"),
        ),
    }
}

/// Runs that would pass a limit are started only after the person was asked.
pub fn a_limit_is_asked_about(has_started: bool, used_ms: u64, minutes: Option<f64>) -> Verdict {
    let is_used_up = minutes.is_some_and(|minutes| used_ms as f64 >= minutes * 60_000.0);
    match has_started && is_used_up {
        false => Ok(()),
        true => broken(
            "a limit is passed only after asking",
            format!("runs were started after {used_ms} ms of {minutes:?} min"),
        ),
    }
}

/// Where somebody does not agree to pass a limit, nothing is stored or sent.
pub fn what_was_declined_is_not_done(effects: &[Effect]) -> Verdict {
    let is_done =
        |effect: &Effect| matches!(effect, Effect::StoreRecords { .. } | Effect::Send { .. });
    match effects.iter().find(|effect| is_done(effect)) {
        None => Ok(()),
        Some(effect) => broken("what was declined is not done", format!("{effect:?}")),
    }
}

/// A run belongs to one tab, and is in its list once.
pub fn a_run_is_in_one_list(browser: &Browser) -> Verdict {
    let mut seen = std::collections::BTreeSet::new();
    match browser.jobs().map(|(number, _)| number).find(|number| !seen.insert(*number)) {
        None => Ok(()),
        Some(number) => broken("a run is in one list", format!("run {number} is there twice")),
    }
}

/// A file that is stored needs no server, which may have forgotten it.
pub fn what_is_here_is_not_asked_for(
    number: usize,
    watched: &Watched,
    request_kind: RequestKind,
    store: &Store,
) -> Verdict {
    let RequestKind::File { place, .. } = request_kind else { return Ok(()) };
    // Where the record does not say what the history said, nobody knows which of them they are.
    let is_known =
        store.record(&watched.ids).is_some_and(|record| !record["run"]["ended"].is_null());
    match is_known && store.here(&watched.ids).any(|at| at == place) {
        false => Ok(()),
        true => broken(
            "what is here is not asked for",
            format!("run {number} asks for its file {place}, which is stored"),
        ),
    }
}

/// What was sent before the page was closed is never sent again by itself.
pub fn never_sent_again_after_a_restore(
    number: usize,
    watched: &Watched,
    request_kind: RequestKind,
) -> Verdict {
    match request_kind == RequestKind::Submit && watched.restored {
        true => broken(
            "nothing is sent again after a restore",
            format!("run {number} was taken up and sends its prompt once more"),
        ),
        false => Ok(()),
    }
}

/// A run older than an hour is asked after only on a press: asking wakes a GPU.
pub fn an_old_run_is_asked_after_on_a_press_only(
    number: usize,
    watched: &Watched,
    request_kind: RequestKind,
) -> Verdict {
    match watched.too_old {
        true => broken(
            "an old run is asked after on a press only",
            format!("run {number} was taken up after more than an hour and asks {request_kind:?}"),
        ),
        false => Ok(()),
    }
}

/// Never two executions of one press unless the first is provably gone.
pub fn one_execution_per_press(
    number: usize,
    watched: &Watched,
    pods: &Pods<'_>,
    now: u64,
) -> Verdict {
    match alive(&watched.ids, pods).next() {
        Some(first) => broken(
            "one execution per press",
            format!(
                "run {number} is sent again at {now} ms while pod {} has it: {:?} since {} ms",
                first.pod, first.outcome, first.queued_ms
            ),
        ),
        None => Ok(()),
    }
}

/// At most two of the page's runs are at the server, for each tab that it was open in; those it gave up or took up again aside.
pub fn at_most_two_at_the_server(runs: &[Watched], browser: &Browser, pods: &Pods<'_>) -> Verdict {
    let most = queue::DEPTH * browser.tabs_used();
    if browser.jobs().count() <= most {
        return Ok(());
    }
    let there = |watched: &&Watched| {
        !watched.ended
            && !watched.resumed
            && !watched.is_forgotten
            && alive(&watched.ids, pods)
                .any(|execution| matches!(execution.outcome, End::Queued | End::Running))
    };
    let count = runs.iter().filter(there).count();
    match count > most {
        true => broken(
            "at most two runs are at the server",
            format!("{count} runs of the page are queued or running"),
        ),
        false => Ok(()),
    }
}
