//! The connection test: its steps and its result.

use super::finding::{About, finding};
use crate::text::{TestText, clock};
use pilotlight_comfy::comfy::Transport;
use pilotlight_comfy::language::Language;
use pilotlight_comfy::time::At;
use pilotlight_runs::connection_test::{Broken, ConnectionTest, End, Extension, Finding, Link};
use pilotlight_runs::server::HELD_MS;

/// A step of the connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkLine {
    /// The name of the step.
    pub name: String,
    /// The state, for `data-state`: `done`, `now`, `next`, `bad`, `off`.
    pub state: &'static str,
    /// The duration; empty if there is nothing to say.
    pub time: String,
}

/// The result of a test.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FindingView {
    /// What is wrong, or that all is well.
    pub title: String,
    /// What to do about it.
    pub advice: String,
    /// The raw response; empty if there was none.
    pub raw: String,
}

/// Returns the steps of the connection and their states.
pub fn links(test: &ConnectionTest, now: At, language: Language) -> Vec<LinkLine> {
    let at = test.at();
    let is_relay = test.transport() == Some(Transport::Relay)
        && test.target().is_some_and(|target| target.place.is_own);
    let line = |link: &Link| {
        let state = state(test, *link, at);
        let is_done = state == "done";
        LinkLine {
            name: name(*link, is_relay, is_done).say(language),
            state,
            time: if *link == Link::Gpu { waking(test, now, language) } else { String::new() },
        }
    };
    test.links().iter().map(line).collect()
}

fn name(link: Link, is_relay: bool, is_done: bool) -> TestText {
    match (link, is_relay, is_done) {
        (Link::Way, true, _) => TestText::LinkRelay,
        (Link::Way, false, _) => TestText::LinkAddress,
        (Link::Kubeai, ..) => TestText::LinkKubeai,
        (Link::Gpu, _, true) => TestText::LinkGpuAwake,
        (Link::Gpu, _, false) => TestText::LinkGpu,
        (Link::Comfy, ..) => TestText::LinkComfyui,
        (Link::Extension, _, true) => TestText::LinkExtensionThere,
        (Link::Extension, _, false) => TestText::LinkExtension,
    }
}

/// Returns the text about the extension.
pub fn extension(extension: Extension) -> TestText {
    match extension {
        Extension::There => TestText::ExtensionThere,
        Extension::Absent => TestText::ExtensionAbsent,
        Extension::Locked => TestText::ExtensionLocked,
        Extension::Unknown => TestText::ExtensionUnknown,
    }
}

fn state(test: &ConnectionTest, link: Link, at: Option<Link>) -> &'static str {
    if let (Link::Extension, Some(End::Well(well))) = (link, test.ended()) {
        return match well.extension {
            Extension::There | Extension::Locked => "done",
            Extension::Absent | Extension::Unknown => "off",
        };
    }
    match at {
        Some(at) if link > at => "next",
        Some(at) if link == at => match test.ended() {
            None => "now",
            Some(End::Broken(_)) => "bad",
            Some(End::Well(_) | End::Stopped) => "off",
        },
        Some(_) | None => "done",
    }
}

/// Returns how long the GPU has been waking, or took to wake; empty if it was awake.
fn waking(test: &ConnectionTest, now: At, language: Language) -> String {
    let so_far = test.wake_replied().filter(|_| test.is_on()).map(|at| now.since(at));
    match test.woke_ms().or(so_far) {
        Some(ms) if ms > HELD_MS => clock(ms, language),
        Some(_) | None => String::new(),
    }
}

/// Returns the last transient fault, while the request is repeated.
pub fn connection_hiccup(test: &ConnectionTest, language: Language) -> Option<String> {
    let (what, after_ms) = test.hiccup().filter(|_| test.is_on())?;
    let text = match what {
        Finding::Gateway { status } if status != 504 => {
            TestText::GatewayAnswered { status: status.into() }
        }
        Finding::Busy => TestText::GatewayAnswered { status: 429 },
        Finding::Gateway { .. }
        | Finding::Offline
        | Finding::Insecure
        | Finding::NotReached
        | Finding::Silent
        | Finding::NoRelay { .. }
        | Finding::WrongPath
        | Finding::Foreign
        | Finding::UnknownHost
        | Finding::Login
        | Finding::Upstream(_)
        | Finding::Access { .. }
        | Finding::Guarded(_)
        | Finding::BodyLost
        | Finding::ModelWanted
        | Finding::UnknownModel
        | Finding::NeverReady
        | Finding::OriginRefused
        | Finding::Hidden
        | Finding::CorsOff
        | Finding::NoExtension
        | Finding::Odd { .. } => TestText::NoReply { time: after_ms },
    };
    Some(text.say(language))
}

/// Returns what is wrong, and what to do about it.
pub fn connection_finding(
    test: &ConnectionTest,
    broken: &Broken,
    language: Language,
) -> FindingView {
    let model = test.target().and_then(|target| target.endpoint.model()).unwrap_or_default();
    let about = About { model, waited_ms: test.waited_ms() };
    let [title, advice] = finding(broken.finding, about, language);
    FindingView { title, advice, raw: broken.raw.clone() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use pilotlight_comfy::comfy::{Endpoint, Reply};
    use pilotlight_runs::connection_test::{Context, Echo, Event, Place, Target};

    fn reply(status: u16, body: &str) -> Echo {
        let body = body.as_bytes().to_vec();
        Echo::Response(Ok(Reply {
            status,
            retry_after_s: None,
            from_relay: false,
            modified_ms: None,
            body,
            key: None,
        }))
    }

    /// The states of all steps after these replies, ten seconds apart, and the text about waking.
    #[track_caller]
    fn check(replies: &[(u16, &str)], states: &[&str], waking: &str) -> ConnectionTest {
        let place = Place { is_online: true, is_own: true, is_insecure: false };
        let endpoint = Endpoint::new("openai", Some("m"), Transport::Relay);
        let target = Box::new(Target { endpoint, place, is_kubeai: true });
        let (mut test, mut now) = (ConnectionTest::default(), At(0));
        test.update(Event::Pressed(target), &Context { now, limit_ms: 900_000 });
        for (status, body) in replies {
            now = now.plus(10_000);
            let event = Event::Echoed(test.turn(), reply(*status, body));
            test.update(event, &Context { now, limit_ms: 900_000 });
        }
        let lines = links(&test, now.plus(5_000), Language::English);
        let seen: Vec<&str> = lines.iter().map(|line| line.state).collect();
        assert_eq!(seen, states, "{lines:?}");
        assert_eq!(lines.get(2).map_or("", |line| &line.time), waking);
        test
    }

    const KNOWN: (u16, &str) = (404, r#"{"error":"model not found"}"#);
    const STATS: (u16, &str) = (200, r#"{"system":{"comfyui_version":"0.33.0"}}"#);

    #[test]
    fn links_are_tried_one_after_the_other() {
        check(&[], &["now", "next", "next", "next", "next"], "");
        check(&[KNOWN], &["done", "done", "now", "next", "next"], "5.0 s");
        check(&[KNOWN, STATS], &["done", "done", "done", "done", "now"], "10 s");
        check(&[KNOWN, STATS, (200, "{}")], &["done"; 5], "10 s");
        check(&[KNOWN, STATS, (404, "")], &["done", "done", "done", "done", "off"], "10 s");
        check(&[(404, "<h1>")], &["bad", "next", "next", "next", "next"], "");
        let test = check(&[KNOWN, (503, "<h1>")], &["done", "done", "now", "next", "next"], "15 s");
        let said = connection_hiccup(&test, Language::English);
        assert_eq!(said.as_deref(), Some("The gateway returned HTTP 503; retrying."));
        let test = check(&[KNOWN, KNOWN], &["done", "done", "bad", "next", "next"], "");
        let Some(End::Broken(broken)) = test.ended() else { panic!("{test:?}") };
        let view = connection_finding(&test, broken, Language::English);
        assert_eq!(view.title, "kubeai has no model “m”");
        assert!(view.raw.starts_with("HTTP 404\n"));
        assert_eq!(connection_hiccup(&test, Language::English), None);
        // The relay leads to plain ComfyUI.
        check(&[STATS], &["done", "done", "now"], "");
    }
}
