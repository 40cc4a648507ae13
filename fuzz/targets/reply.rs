//! What a server answers: every decoder gives something bounded, and an end has its own order.
#![no_main]

use libfuzzer_sys::fuzz_target;
use pilotlight_comfy::access::AccessKey;
use pilotlight_comfy::comfy::{self, Reply, Response};
use pilotlight_comfy::failure::{Fault, RAW_LIMIT_BYTES};
use pilotlight_comfy::id::PromptId;
use pilotlight_comfy::json;
use pilotlight_comfy::language::Language;
use pilotlight_comfy::problem::Problem;
use pilotlight_comfy::run_status::StatusReport;
use pilotlight_comfy::workflow::Workflow;
use pilotlight_forms::form::{missing_outputs, name_missing};
use pilotlight_fuzz::{bounded, change, parts, value};
use pilotlight_i18n::present::problem;
use serde_json::Value;
use std::fmt::Debug;

const STATUS: [u16; 12] = [200, 200, 200, 200, 400, 400, 401, 404, 413, 429, 502, 600];

fuzz_target!(|input: &[u8]| {
    let [body, script] = parts(input);
    let (status, script) = script.split_first().unwrap_or((&0, script));
    let body = match value(body).filter(|_| !script.is_empty()) {
        Some(mut body) => {
            change(&mut body, script);
            json::text(&body).into_bytes()
        }
        None => body.to_vec(),
    };
    let length = body.len();
    let parsed = value(&body).unwrap_or_default();
    let reply = Reply {
        status: STATUS[usize::from(*status) % STATUS.len()],
        retry_after_s: Some((*status).into()),
        from_relay: *status > 200,
        modified_ms: Some(0),
        body,
        key: AccessKey::typed("sesame"),
    };
    let heard: Response = Ok(reply);
    small(length, comfy::facts(&heard));
    small(length, comfy::class(&heard));
    small(length, comfy::uploaded(&heard));
    let _ = (comfy::stopped(&heard), comfy::viewed(&heard));
    for id in ids(&parsed) {
        for glimpse in [comfy::history, comfy::queue, comfy::wait].map(|read| read(&heard, &id)) {
            if let Ok(StatusReport::Ended(ended)) = &glimpse {
                let _ = (ended.texts(), ended.results());
                for file in ended.files() {
                    let _ = (file.media(), comfy::is_anothers(&heard, &file));
                }
            }
            small(length, glimpse);
        }
    }
    match comfy::accepted(&heard) {
        Ok(accepted) => said(length, accepted.problems, &parsed),
        Err(fault) => said(length, fault.problems, &parsed),
    }
});

fn small<T: Debug>(length: usize, result: Result<T, Fault>) {
    if let Err(fault) = &result {
        assert!(fault.raw.len() <= 4 * RAW_LIMIT_BYTES);
    }
    bounded(format!("{result:?}").len(), length, 40);
}

fn said(length: usize, mut problems: Vec<Problem>, parsed: &Value) {
    bounded(format!("{problems:?}").len(), length, 60);
    if let Ok(flow) = Workflow::from_value(parsed.clone()) {
        name_missing(&mut problems, &flow);
        let _ = missing_outputs(&problems, &flow);
    }
    for language in Language::ALL {
        let said = problems.iter().map(|one| problem(one, language).len()).sum();
        bounded(said, length, 60);
    }
}

/// Whom the reply may speak of.
fn ids(body: &Value) -> Vec<PromptId> {
    let key = body.as_object().and_then(|map| map.keys().next_back()).map(String::as_str);
    let lists = ["queue_running", "queue_pending"];
    let queued =
        lists.iter().filter_map(|list| body.get(list)?.as_array()?.last()?.get(1)?.as_str());
    key.into_iter().chain(queued).filter_map(PromptId::named).collect()
}
