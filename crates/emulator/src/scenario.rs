//! Situations by name, for demonstrations and tests.
//!
//! Invariant: a scenario is nothing but parameters; whatever it shows can be set by hand too.

use crate::fault::{Fault, PlannedFault, When};
use crate::params::{KillAt, Params, RunFails, Volume};

/// A scenario: its name, what it shows, and how it differs from the default.
pub struct Scenario {
    pub name: &'static str,
    pub shows: &'static str,
    change: fn(&mut Params),
}

/// The one `serve` uses when none is named.
pub const DEFAULT: &str = "demo";

/// The parameters of a scenario.
pub fn named(name: &str) -> Option<Params> {
    let scenario = ALL.iter().find(|s| s.name == name)?;
    let mut params = Params::default();
    (scenario.change)(&mut params);
    Some(params)
}

fn warm(p: &mut Params) {
    (p.starts_warm, p.always_one) = (true, true);
    (p.load_ms, p.run_ms, p.understand_ms, p.run_jitter_ms) = (300, 2_000, 1_500, 0);
}

fn tight(p: &mut Params) {
    (p.sample_ms, p.window_ms, p.scale_down_delay_ms) = (10_000, 10_000, 30_000);
    (p.sample_misses_ms, p.cold_start_ms, p.cold_start_jitter_ms) = (500, 5_000, 0);
    (p.run_ms, p.understand_ms, p.run_jitter_ms, p.load_ms) = (90_000, 90_000, 0, 300);
}

macro_rules! scenarios {
    ($($name:literal, $shows:literal, |$p:ident| $change:expr;)+) => {
        /// Every scenario.
        pub static ALL: &[Scenario] = &[$(Scenario { name: $name, shows: $shows, change: |$p| { $change; } },)+];
    };
}

scenarios! {
    "demo", "a friendly cold start of about 12 s, then runs of some seconds", |p| p.starts_warm = false;
    "warm", "a pod is there and stays", |p| warm(p);
    "cold", "the first request is held for 20 s", |p| {
        warm(p);
        (p.starts_warm, p.always_one, p.cold_start_ms, p.cold_start_jitter_ms) = (false, false, 20_000, 0);
    };
    "gateway-timeout", "the start takes 90 s, the gateway gives up after 60 s, then it succeeds", |p| {
        warm(p);
        (p.starts_warm, p.always_one, p.cold_start_ms, p.cold_start_jitter_ms) = (false, false, 90_000, 0);
    };
    "post-502-queued", "the first POST is answered 502 although the run is queued", |p| {
        warm(p);
        p.faults.push(PlannedFault::next("POST", "/prompt", Fault::Status(502, When::After)));
    };
    "post-queued-twice", "kubeai loses the pod's first reply to the POST and sends it again", |p| {
        warm(p);
        p.faults.push(PlannedFault::next("POST", "/prompt", Fault::PodReset(1)));
    };
    "refused-values", "every temperature is refused as too large, though the description allows it", |p| {
        warm(p);
        p.refuse_input = "temperature".to_owned();
    };
    "missing-class", "the Janus nodes are not installed", |p| {
        warm(p);
        p.missing_classes = vec!["JanusImageGeneration".to_owned(), "JanusImageUnderstanding".to_owned()];
    };
    "out-of-memory", "every run ends with CUDA out of memory", |p| {
        warm(p);
        p.run_fails = RunFails::OutOfMemory;
    };
    "run-error", "every run ends with an error inside the node", |p| {
        warm(p);
        p.run_fails = RunFails::Error;
    };
    "killed-while-running", "the pod dies in the middle of the first run; the next pod takes 3 s", |p| {
        warm(p);
        (p.kill_at, p.cold_start_ms, p.cold_start_jitter_ms) = (KillAt::Running, 3_000, 0);
    };
    "killed-before-fetch", "the run succeeds, the pod dies before the picture is fetched", |p| {
        warm(p);
        (p.kill_at, p.cold_start_ms, p.cold_start_jitter_ms) = (KillAt::View, 3_000, 0);
    };
    "same-name-after-restart", "the pod restarts after the first picture was fetched; names start again", |p| {
        warm(p);
        (p.kill_at, p.cold_start_ms, p.cold_start_jitter_ms, p.volume) = (KillAt::Fetched, 1_000, 0, Volume::None);
    };
    "tight", "runs of 90 s under a window of 10 s, without the long-poll: a polled run is killed", |p| {
        tight(p);
        p.extension = false;
    };
    "tight-wait", "the same with the long-poll, which keeps the pod alive", |p| tight(p);
    "two-tabs", "runs of 6 s, strictly one after the other, for two tabs to queue behind each other", |p| {
        warm(p);
        (p.run_ms, p.understand_ms) = (6_000, 6_000);
    };
    "busy", "two runs of other people are waiting when the pod is ready", |p| {
        warm(p);
        p.neighbours = 2;
    };
    "too-many-requests", "the first POST and the second read are answered 429 with Retry-After", |p| {
        warm(p);
        p.faults.push(PlannedFault::next("POST", "/api/prompt", Fault::TooMany(2, When::Before)));
        for path in ["/history/", "/wait/"] {
            p.faults.push(PlannedFault::next("*", path, Fault::TooMany(2, When::Before)));
        }
    };
    "upload-too-large", "the gateway refuses bodies above 64 KiB", |p| {
        warm(p);
        p.gateway_max_body_bytes = 65_536;
    };
    "unknown-model", "kubeai knows another model only", |p| {
        warm(p);
        p.model = "another-model".to_owned();
    };
    "cut-reply", "the first reply to the POST, to a read and to a picture is cut in half", |p| {
        warm(p);
        for path in ["/api/prompt", "/history/", "/wait/", "/view"] {
            p.faults.push(PlannedFault::next("*", path, Fault::Cut));
        }
    };
    "html-reply", "a page of HTML where JSON was due, once per route", |p| {
        warm(p);
        for path in ["/system_stats", "/history/", "/wait/"] {
            p.faults.push(PlannedFault::next("*", path, Fault::Html(When::Before)));
        }
    };
    "nan-history", "the history holds a bare NaN", |p| {
        warm(p);
        p.nan_in_history = true;
    };
    "big-seed", "kubeai changes seeds beyond 2^53 on their way", |p| {
        warm(p);
        p.loses_precision = true;
    };
    "never-starts", "no pod ever becomes ready; the gateway ends each request after 60 s", |p| p.never_starts = true;
    "flaky-start", "two starts fail, and calls meet 503 until one succeeds", |p| {
        warm(p);
        (p.starts_warm, p.always_one, p.cold_start_ms) = (false, false, 4_000);
        (p.failed_starts, p.cold_calls) = (2, crate::params::ColdCalls::Unavailable);
    };
    "old-comfyui", "ComfyUI 0.3.64 without the extension: polling", |p| {
        warm(p);
        (p.version, p.extension) = (crate::params::Version::V0_3_64, false);
    };
    "ancient-comfyui", "a ComfyUI that ignores an own prompt_id, without the extension", |p| {
        warm(p);
        (p.version, p.extension) = (crate::params::Version::Ancient, false);
    };
    "polling", "a warm pod without the extension", |p| {
        warm(p);
        p.extension = false;
    };
    "direct", "a warm pod that a page on another origin may ask: extension and CORS on", |p| {
        warm(p);
        p.cors = true;
    };
    "direct-cold", "the same with a start of 5 s", |p| {
        warm(p);
        (p.starts_warm, p.always_one, p.cold_start_ms, p.cold_start_jitter_ms, p.cors) = (false, false, 5_000, 0, true);
    };
    "direct-key", "the warm one for a page on another origin, with the extension's key \"sesame\"", |p| {
        warm(p);
        (p.cors, p.extension_key) = (true, "sesame".to_owned());
    };
    "plain", "a plain ComfyUI without kubeai in front", |p| {
        warm(p);
        p.kubeai = false;
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_kebab_case_and_unique() {
        for (i, scenario) in ALL.iter().enumerate() {
            assert!(
                scenario
                    .name
                    .bytes()
                    .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-'),
                "{}",
                scenario.name
            );
            assert!(ALL[..i].iter().all(|other| other.name != scenario.name), "{}", scenario.name);
            assert!(!scenario.shows.is_empty());
        }
        assert!(named(DEFAULT).is_some());
        assert!(named("nonsense").is_none());
    }
}
