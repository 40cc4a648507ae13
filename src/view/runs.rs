//! The runs: live ones oldest first, then those that have ended, newest first.

use leptos::prelude::*;
use pilotlight_engine::run::{Outcome, Phase, Run};
use pilotlight_engine::text::Word;

use super::{run, word};
use crate::app::Page;

/// How many runs that ended well, or were cancelled, stay in sight.
const ENDED_SHOWN: usize = 3;

pub(super) fn runs(page: Page) -> AnyView {
    let order = Memo::new(move |_| order(page));
    let cards = move || {
        view! {
            <section class="runs" aria-label=word(page, Word::Runs)>
                <For
                    each=move || order.get()
                    key=|number| *number
                    children=move |number| run::run(page, number)
                />
            </section>
        }
    };
    let any = Memo::new(move |_| order.with(|order| !order.is_empty()));
    (move || any.get().then(cards)).into_any()
}

/// The numbers of the runs that are shown, in the order they are.
fn order(page: Page) -> Vec<u32> {
    page.jobs.with(|jobs| {
        let mut live = Vec::new();
        let mut ended = Vec::new();
        let mut quiet = 0;
        for job in jobs.iter().rev() {
            job.run.with(|run| {
                if run.is_live() {
                    live.push(job.number);
                } else if has_failed(run) {
                    ended.push(job.number);
                } else {
                    quiet += 1;
                    if quiet <= ENDED_SHOWN {
                        ended.push(job.number);
                    }
                }
            });
        }
        live.reverse();
        live.extend(ended);
        live
    })
}

fn has_failed(run: &Run) -> bool {
    matches!(run.phase(), Phase::Ended(Outcome::Failed(_)))
}
