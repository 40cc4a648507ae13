//! What is requested whatever arrives.

use super::*;

#[test]
fn nothing_is_asked_where_nothing_can_come_back() {
    let offline = Place { is_online: false, ..OWN };
    broken(To::Relay(offline), "rest", &[], Finding::Offline, 0);
    let insecure = Place { is_insecure: true, ..CROSS };
    broken(To::Direct(insecure), "rest", &[], Finding::Insecure, 0);
    let mut unnamed = target(To::Direct(CROSS));
    unnamed.endpoint = Endpoint::new("https://k.example/openai", None, Direct);
    let mut chain = ConnectionTest::default();
    let context = Context { now: At(0), limit_ms: LIMIT_MS };
    assert_eq!(chain.update(Event::Pressed(unnamed), &context), Some(Step::Rest));
    let Some(End::Broken(broken)) = chain.ended() else { panic!("{chain:?}") };
    assert_eq!(broken.finding, Finding::ModelWanted);
}

#[test]
fn it_can_be_stopped_and_says_so() {
    let story = [KNOWN, (9_000, "stop", "rest"), (10, "stats", "-"), (10, "stop", "-")];
    let (chain, asked) = play(To::Relay(OWN), "unknown model", &story);
    assert_eq!((chain.ended(), chain.at(), asked), (Some(&End::Stopped), Some(Link::Gpu), 2));
    let story = [(10, "stale", "-"), (10, "rang", "-"), (10, "stop", "rest")];
    let (chain, _) = play(To::Relay(OWN), "unknown model", &story);
    assert_eq!(chain.at(), Some(Link::Way));
}

/// Whatever responses arrive in whatever order: a GPU is woken only after requests that wake
/// nothing were answered, nothing is requested after the end, a test without a waking GPU takes at
/// most six requests, and it ends.
#[test]
fn a_gpu_is_woken_only_when_the_way_to_it_is_whole() {
    let words = [
        "unknown",
        "no body",
        "stats",
        "405",
        "taken",
        "{}",
        "html",
        "502",
        "504",
        "401",
        "429",
        "opaque",
        "login",
        "late",
        "silent",
        "untrusted",
        "kit 404",
        "pod gone",
    ];
    let places = [
        To::Relay(OWN),
        To::Relay(CROSS),
        To::Direct(OWN),
        To::Direct(CROSS),
        To::Plain(CROSS),
        To::PlainDirect(CROSS),
        To::Unnamed(OWN),
    ];
    for seed in 1..6_000_u64 {
        let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
        let mut draw = |below: usize| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            (state % below as u64) as usize
        };
        let to = places[draw(places.len())];
        let (mut chain, mut now, mut free, mut quick) = (ConnectionTest::default(), 0, false, 0);
        let context = |now| Context { now: At(now), limit_ms: LIMIT_MS };
        let mut step = chain.update(Event::Pressed(target(to)), &context(now));
        for _ in 0..400 {
            match step {
                Some(Step::Ask { probe: Probe::UnknownModel | Probe::Reach, .. }) => {
                    quick += 1;
                    free = true;
                }
                Some(Step::Ask { probe: Probe::Wake | Probe::Plain, .. }) => {
                    assert!(free || !chain.has_kubeai(), "{seed}: woken unasked: {chain:?}");
                }
                Some(Step::Ask { probe: Probe::Wait, limit_ms, .. }) => {
                    assert!(limit_ms <= QUICK_LIMIT_MS);
                    quick += 1;
                }
                Some(Step::Sleep { ms }) => assert!(ms <= 300_000),
                Some(Step::Rest) | None => break,
            }
            now += draw(90_000) as u64;
            let turn = chain.turn();
            let event = match matches!(step, Some(Step::Sleep { .. })) {
                true => Event::TimerFired(turn),
                false => Event::Echoed(turn, echo(words[draw(words.len())])),
            };
            step = chain.update(event, &context(now));
        }
        assert!(quick <= 4, "{seed}: {quick} requests that wake nothing");
        assert!(chain.ended().is_some(), "{seed}: not at its end: {chain:?}");
        assert_eq!(chain.update(Event::TimerFired(chain.turn()), &context(now)), None, "{seed}");
        let late = Event::Echoed(chain.turn(), echo("stats"));
        assert_eq!(chain.update(late, &context(now)), None, "{seed}");
    }
}
