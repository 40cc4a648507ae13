//! What runs cost.

use super::*;
use pilotlight_runs::cost::Cost;

#[test]
fn a_run_that_is_over_says_what_it_cost() {
    let price = Some(Price { per_hour: 36.0, currency: "¥" });
    let facts = |knock_ms| {
        card(&knocked_for(knock_ms, "done"), &Reader { price, ..reader(90_000) }).facts.unwrap()
    };
    assert_eq!(facts(HELD_MS), "Ran 6.4 s · cost about ¥0.06 · seed 42");
    assert_eq!(facts(72_000), "Woke in 1 min 12 s · Ran 6.4 s · cost about ¥0.78 · seed 42");
    let spent = pilotlight_runs::results::Spent::default();
    let said = price.map(|price| cost_of(&spent, price, None, Language::Chinese));
    assert_eq!(said.as_deref(), Some("费用约 ¥0.00"));
    assert_eq!(amount(90_000, price, Language::English), "¥0.90");
    assert_eq!(amount(90_000, None, Language::English), "1 min 30 s");
}

#[test]
fn a_price_is_said_only_with_a_figure_behind_it() {
    let price = Some(Price { per_hour: 12.0, currency: "¥" });
    let with = |usual_run, usual_waking| Reader { usual_run, usual_waking, ..reader(0) };
    let run = Some((6_000, 6_000));
    let waking = Some((90_000, 90_000));
    let table = [
        (price, 1, with(None, waking), None),
        (price, 1, with(run, None), Some("about ¥0.02")),
        (price, 3, with(run, waking), Some("about ¥0.06 · ¥0.36 if the GPU has to wake")),
        (None, 1, with(run, waking), Some("about 6 s · 1 min 36 s if the GPU has to wake")),
        (
            Some(Price { per_hour: 2.0, currency: "USD" }),
            1,
            with(run, None),
            Some("about 0.0033 USD"),
        ),
        (Some(Price { per_hour: 0.0, currency: "元" }), 1, with(run, None), Some("about 0.00 元")),
        (
            Some(Price { per_hour: 6_000.0, currency: "CN¥" }),
            1,
            with(run, None),
            Some("about CN¥10.00"),
        ),
        (Some(Price { per_hour: 6.3, currency: "$" }), 100, with(run, None), Some("about $1.05")),
    ];
    for (price, runs, reader, expected) in table {
        assert_eq!(cost_line(runs, false, &Reader { price, ..reader }).as_deref(), expected);
    }
}

/// What is known, and what the page says before a run, in the question about a limit, and after it.
#[test]
fn a_run_costs_the_same_before_it_when_it_is_asked_about_and_after_it() {
    let price = Some(Price { per_hour: 36.0, currency: "¥" });
    let (run, waking) = (Some((6_400, 6_400)), Some((72_000, 72_000)));
    let table = [
        (None, None, "about ¥0.06", "cost about ¥0.06"),
        (
            waking,
            Some(30_000),
            "about ¥0.06 · ¥0.78 if the GPU has to wake · up to ¥0.30 idle time afterwards",
            "cost about ¥0.06 · up to ¥0.30 idle time afterwards",
        ),
        (None, Some(30_000), "about ¥0.06 · up to ¥0.30 idle time afterwards", "cost about ¥0.06"),
    ];
    for (usual_waking, idle_ms, expected, receipt) in table {
        let reader = Reader { usual_run: run, usual_waking, price, idle_ms, ..reader(90_000) };
        assert_eq!(cost_line(1, false, &reader).as_deref(), Some(expected));
        for is_awake in [false, true] {
            // As the session computes it for the question about a limit.
            let asked = Cost::of_runs(1, run, usual_waking, idle_ms).unwrap().where_awake(is_awake);
            let asked = cost_said(&asked, price, Language::English);
            assert_eq!(cost_line(1, is_awake, &reader), Some(asked.clone()));
            assert_eq!(asked.contains("has to wake"), usual_waking.is_some() && !is_awake);
        }
        let facts = card(&run_of(HELD_MS), &reader).facts.unwrap();
        assert!(facts.contains(receipt), "{facts}");
        // A run that woke the GPU cost what was said for it.
        let facts = card(&run_of(72_000), &reader).facts.unwrap();
        assert!(facts.contains("cost about ¥0.78"), "{facts}");
    }
}

fn run_of(knock_ms: u64) -> Run {
    knocked_for(knock_ms, "done")
}

#[test]
fn what_only_keeps_the_gpu_is_said_to_be_idle_time() {
    let cost = Cost::of_waking(None, Some(30_000));
    assert_eq!(cost_said(&cost, None, Language::English), "up to 30 s idle time afterwards");
    let cost = Cost::of_waking(Some((60_000, 80_000)), None);
    assert_eq!(cost_said(&cost, None, Language::English), "about 1 min 10 s");
}
