//! Texts of the findings of a connection test.

use crate::text::FindingText;
use pilotlight_comfy::comfy::{Guard, RelayTrouble};
use pilotlight_comfy::language::Language;
use pilotlight_runs::connection_test::Finding;

/// The values that these texts contain.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct About<'a> {
    pub model: &'a str,
    /// How long the GPU was waited for, in ms.
    pub waited_ms: u64,
}

/// Returns what is wrong in a few words, and what to do about it.
pub fn finding(finding: Finding, about: About, language: Language) -> [String; 2] {
    texts(finding, about).map(|text| text.say(language))
}

fn texts(finding: Finding, About { model, waited_ms }: About) -> [FindingText; 2] {
    use FindingText as Text;
    match finding {
        Finding::Offline => [Text::Offline, Text::OfflineAdvice],
        Finding::Insecure => [Text::Insecure, Text::InsecureAdvice],
        Finding::NotReached => [Text::NotReached, Text::NotReachedAdvice],
        Finding::Silent => [Text::Silent, Text::SilentAdvice],
        Finding::NoRelay { status } => {
            [Text::NoRelay, Text::NoRelayAdvice { status: status.into() }]
        }
        Finding::WrongPath => [Text::WrongPath, Text::WrongPathAdvice],
        Finding::Foreign => [Text::Foreign, Text::ForeignAdvice],
        Finding::UnknownHost => [Text::UnknownHost, Text::UnknownHostAdvice],
        Finding::Login => [Text::Login, Text::LoginAdvice],
        Finding::Upstream(trouble) => upstream(trouble),
        Finding::Gateway { status } => {
            [Text::Gateway, Text::GatewayAdvice { status: status.into() }]
        }
        Finding::Busy => [Text::Busy, Text::BusyAdvice],
        Finding::Access { status } => [Text::Access, Text::AccessAdvice { status: status.into() }],
        Finding::Guarded(Guard::Key) => [Text::Key, Text::KeyAdvice],
        Finding::Guarded(Guard::Origin) => [Text::Origin, Text::OriginAdvice],
        Finding::Guarded(Guard::Amiss) => {
            [Text::GuardMisconfigured, Text::GuardMisconfiguredAdvice]
        }
        Finding::BodyLost => [Text::BodyLost, Text::BodyLostAdvice],
        Finding::ModelWanted => [Text::ModelWanted, Text::ModelWantedAdvice],
        Finding::UnknownModel => [Text::UnknownModel { model }, Text::UnknownModelAdvice],
        Finding::NeverReady => [Text::NeverReady, Text::NeverReadyAdvice { time: waited_ms }],
        Finding::OriginRefused => [Text::OriginRefused, Text::OriginRefusedAdvice],
        Finding::Hidden => [Text::Hidden, Text::HiddenAdvice { model }],
        Finding::CorsOff => [Text::CorsOff, Text::CorsOffAdvice],
        Finding::NoExtension => [Text::NoExtension, Text::NoExtensionAdvice],
        Finding::Odd { status } => [Text::Odd, Text::OddAdvice { status: status.into() }],
    }
}

fn upstream<'a>(trouble: RelayTrouble) -> [FindingText<'a>; 2] {
    use FindingText as Text;
    match trouble {
        RelayTrouble::Unreachable => [Text::UpstreamUnreachable, Text::UpstreamUnreachableAdvice],
        RelayTrouble::Untrusted => [Text::UpstreamUntrusted, Text::UpstreamUntrustedAdvice],
        RelayTrouble::TlsFailed => [Text::UpstreamTls, Text::UpstreamTlsAdvice],
        RelayTrouble::CutOff => [Text::UpstreamCutOff, Text::UpstreamCutOffAdvice],
        RelayTrouble::Redirected => [Text::UpstreamRedirected, Text::UpstreamRedirectedAdvice],
        RelayTrouble::NotPassedOn
        | RelayTrouble::NoModel
        | RelayTrouble::Foreign
        | RelayTrouble::UnknownHost
        | RelayTrouble::Unnamed => [Text::UpstreamSilent, Text::UpstreamSilentAdvice],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(it: Finding, title: &str, advice: &str) {
        let about = About { model: "m-1", waited_ms: 900_000 };
        let said = finding(it, about, Language::English);
        assert!(said[0].contains(title) && said[1].contains(advice), "{said:?}");
    }

    #[test]
    fn values_are_in_the_sentences() {
        check(Finding::NoRelay { status: 404 }, "Something else", "HTTP 404");
        check(Finding::Gateway { status: 504 }, "gateway", "HTTP 504");
        check(Finding::Access { status: 401 }, "Access", "HTTP 401");
        check(Finding::Odd { status: 418 }, "Unexpected", "HTTP 418");
        check(Finding::UnknownModel, "no model “m-1”", "appName");
        check(Finding::Hidden, "can’t read", "no model “m-1”");
        check(Finding::NeverReady, "didn’t wake", "15 min");
        check(Finding::Upstream(RelayTrouble::Untrusted), "certificate", "--ca FILE");
    }
}
