//! Connections that work, and how many requests that takes.

use super::*;

#[test]
fn all_is_well_through_a_relay() {
    let woken = [KNOWN, (70_000, "stats", "wait")];
    let on = |word, has| {
        well(
            To::Relay(OWN),
            "unknown model",
            &[&woken[..], &[(9, word, "rest")]].concat(),
            Relay,
            has,
            3,
        );
    };
    on("{}", There);
    on("404", Absent);
    on("405", Absent);
    on("kit 404", Absent);
    on("key", Locked);
    on("silent", Unknown);
    on("late", Unknown);
    on("502", Unknown);
    on("login", Unknown);
    // Plain ComfyUI: the reply to the unknown model already answers.
    let plain = [(30, "stats", "wait"), (1_000, "404", "rest")];
    well(To::Unnamed(OWN), "unknown model", &plain, Relay, Absent, 2);
    well(To::Relay(OWN), "unknown model", &plain, Relay, Absent, 2);
    // The relay is configured for a model, the page is not.
    let named = [KNOWN, (20_000, "stats", "wait"), (1_000, "{}", "rest")];
    well(To::Unnamed(OWN), "unknown model", &named, Relay, There, 3);
    // A gateway that times out while a GPU wakes is a transient fault.
    let hiccup = [KNOWN, (60_000, "504", "sleep"), (900, "rang", "wake request")];
    let hiccup = [&hiccup[..], &[(30_000, "stats", "wait"), (1_000, "{}", "rest")]].concat();
    well(To::Relay(OWN), "unknown model", &hiccup, Relay, There, 4);
    let (test, _) = play(To::Relay(OWN), "unknown model", &hiccup[..2]);
    assert_eq!(test.hiccup(), Some((Finding::Gateway { status: 504 }, 60_000)));
    let (test, _) = play(To::Relay(OWN), "unknown model", &hiccup);
    assert_eq!((test.hiccup(), test.woke_ms()), (None, Some(90_900)));
}

#[test]
fn all_is_well_straight_to_the_server() {
    let cross = [(30, "opaque", "wake request"), (5_000, "stats", "rest")];
    well(To::Direct(CROSS), "reach", &cross, Direct, There, 2);
    let own = [KNOWN, (5_000, "stats", "rest")];
    well(To::Direct(OWN), "unknown model", &own, Direct, There, 2);
    // No transport is set: the relay's responses are unreadable, those of the direct transport are
    // not.
    let found = [(30, "silent", "reach"), (30, "opaque", "wake request"), (5_000, "stats", "rest")];
    well(To::Relay(CROSS), "unknown model", &found, Direct, There, 3);
    let plain = [(30, "stats", "wait"), (1_000, "404", "rest")];
    well(To::Plain(CROSS), "wake request", &plain, Relay, Absent, 2);
    well(To::Plain(OWN), "wake request", &plain, Relay, Absent, 2);
    // Held by a gateway that timed out, whose response the page must not read.
    let held = [
        (30, "opaque", "wake request"),
        (60_000, "silent", "sleep"),
        (900, "rang", "wake request"),
    ];
    well(
        To::Direct(CROSS),
        "reach",
        &[&held[..], &[(9, "stats", "rest")]].concat(),
        Direct,
        There,
        3,
    );
}

#[test]
fn the_way_that_works_is_found() {
    // Something removes the bodies of GET requests, but not of POST requests.
    let lost =
        [(30, "no body", "unknown model"), (30, "unknown", "wake request"), (99, "stats", "rest")];
    well(To::Relay(OWN), "unknown model", &lost, Direct, There, 3);
    let (test, _) = play(To::Relay(OWN), "unknown model", &lost);
    assert_eq!(
        test.former().map(|it| (it.finding, it.transport)),
        Some((Finding::BodyLost, Relay))
    );
    let neither = [&lost[..2], &[(99, "405", "rest")]].concat();
    broken(To::Relay(OWN), "unknown model", &neither, Finding::BodyLost, 3);
    let lacks = [
        KNOWN,
        (99, "405", "unknown model"),
        (30, "unknown", "wake request"),
        (99, "stats", "wait"),
    ];
    let lacks = [&lacks[..], &[(9, "405", "rest")]].concat();
    well(To::Direct(OWN), "unknown model", &lacks, Relay, Absent, 5);
    let plain =
        [(9, "opaque", "wake request"), (9, "silent", "plain"), (9, "taken", "wake request")];
    let plain = [&plain[..], &[(9, "stats", "wait"), (9, "404", "rest")]].concat();
    well(To::PlainDirect(CROSS), "reach", &plain, Relay, Absent, 5);
}
