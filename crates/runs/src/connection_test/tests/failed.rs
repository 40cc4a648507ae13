//! Each failure, by the replies of real servers.

use super::*;

#[test]
fn what_is_at_the_address_is_told_by_one_request() {
    let table = [
        ("silent", Finding::NotReached),
        ("late", Finding::Silent),
        ("html 404", Finding::NoRelay { status: 404 }),
        ("html", Finding::NoRelay { status: 200 }),
        ("no path", Finding::NoRelay { status: 404 }),
        ("login", Finding::Login),
        ("401", Finding::Access { status: 401 }),
        ("403", Finding::Access { status: 403 }),
        ("key", Finding::Guarded(Guard::Key)),
        ("429", Finding::Busy),
        ("500", Finding::Odd { status: 500 }),
        ("502", Finding::Gateway { status: 502 }),
        ("503", Finding::Gateway { status: 503 }),
        ("504", Finding::Gateway { status: 504 }),
        ("pod gone", Finding::Gateway { status: 502 }),
        ("refused", Finding::OriginRefused),
        // Every error of the relay itself.
        ("path", Finding::WrongPath),
        ("method", Finding::WrongPath),
        ("segment", Finding::WrongPath),
        ("query", Finding::WrongPath),
        ("address", Finding::WrongPath),
        ("too_large", Finding::WrongPath),
        ("no_model", Finding::ModelWanted),
        ("foreign", Finding::Foreign),
        ("host", Finding::UnknownHost),
        ("kit 421", Finding::UnknownHost),
        ("busy", Finding::Busy),
        ("unreachable", Finding::Upstream(RelayTrouble::Unreachable)),
        ("untrusted", Finding::Upstream(RelayTrouble::Untrusted)),
        ("tls", Finding::Upstream(RelayTrouble::TlsFailed)),
        ("cut_off", Finding::Upstream(RelayTrouble::CutOff)),
        ("redirected", Finding::Upstream(RelayTrouble::Redirected)),
        ("kit 404", Finding::WrongPath),
        ("kit 429", Finding::Busy),
        ("bare", Finding::Upstream(RelayTrouble::Untrusted)),
        ("origin", Finding::Guarded(Guard::Origin)),
        ("amiss", Finding::Guarded(Guard::Amiss)),
        ("kit 502", Finding::Upstream(RelayTrouble::Unnamed)),
    ];
    for (word, finding) in table {
        broken(To::Relay(OWN), "unknown model", &[(30, word, "rest")], finding, 1);
        broken(To::Plain(OWN), "wake request", &[(30, word, "rest")], finding, 1);
    }
}

#[test]
fn a_broken_link_further_on() {
    let on = |word, finding| {
        broken(To::Relay(OWN), "unknown model", &[KNOWN, (30, word, "rest")], finding, 2);
    };
    on("unknown", Finding::UnknownModel);
    on("login", Finding::Login);
    on("401", Finding::Access { status: 401 });
    on("refused", Finding::OriginRefused);
    on("404", Finding::Odd { status: 404 });
    on("late", Finding::NeverReady);
    on("taken", Finding::Odd { status: 200 });
    let no_model = [KNOWN, (30, "no model", "rest")];
    broken(To::Unnamed(OWN), "unknown model", &no_model, Finding::ModelWanted, 2);
    let no_model = [KNOWN, (30, "no_model", "rest")];
    broken(To::Unnamed(OWN), "unknown model", &no_model, Finding::ModelWanted, 2);
    let no_model = [KNOWN, (30, "kit 400", "rest")];
    broken(To::Unnamed(OWN), "unknown model", &no_model, Finding::ModelWanted, 2);
    // Tried again until the limit.
    for word in ["502", "503", "504", "429", "html", "unreachable", "pod gone", "silent"] {
        let story = [KNOWN, (60_000, word, "sleep"), (9_000, "rang", "wake request")];
        let story = [&story[..], &[(LIMIT_MS, word, "rest")]].concat();
        broken(To::Relay(OWN), "unknown model", &story, Finding::NeverReady, 3);
    }
    let cross = [(30, "silent", "reach"), (30, "silent", "rest")];
    broken(To::Relay(CROSS), "unknown model", &cross, Finding::NotReached, 2);
    broken(To::Plain(CROSS), "wake request", &cross, Finding::NotReached, 2);
    let hidden = [(30, "silent", "reach"), (30, "opaque", "rest")];
    broken(To::Plain(CROSS), "wake request", &hidden, Finding::CorsOff, 2);
}

#[test]
fn what_another_site_hides() {
    let wake_replied = [(30, "opaque", "wake request"), (99, "silent", "plain")];
    let on = |word, finding| {
        let story = [&wake_replied[..], &[(99, word, "rest")]].concat();
        broken(To::Direct(CROSS), "reach", &story, finding, 3);
    };
    on("taken", Finding::NoExtension);
    on("silent", Finding::Hidden);
    on("late", Finding::NeverReady);
    on("refused", Finding::OriginRefused);
    let late =
        [&wake_replied[..], &[(9_000, "silent", "sleep"), (900, "rang", "wake request")]].concat();
    broken(
        To::Direct(CROSS),
        "reach",
        &[&late[..], &[(30, "404", "rest")]].concat(),
        Finding::NoExtension,
        4,
    );
    broken(To::Direct(CROSS), "reach", &[(30, "silent", "rest")], Finding::NotReached, 1);
    let plain = [&wake_replied[..], &[(99, "silent", "rest")]].concat();
    broken(To::PlainDirect(CROSS), "reach", &plain, Finding::CorsOff, 3);
    let key = [(30, "opaque", "wake request"), (99, "key", "rest")];
    broken(To::Direct(CROSS), "reach", &key, Finding::Guarded(Guard::Key), 2);
}
