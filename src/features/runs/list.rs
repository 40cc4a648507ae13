//! The list of runs: live runs, oldest first; waiting runs in the order of release; ended runs,
//! newest first. Invariant: of many waiting runs, only the first ones are created.

use leptos::prelude::*;
use pilotlight_i18n::text::RunText;
use pilotlight_runs::run::{Outcome, Phase};

use crate::app::Page;
use crate::features::runs::queue;
use crate::features::runs::queue::{MoreWaiting, QueueHead};
use crate::features::runs::queue_actions;
use crate::features::runs::run::RunCard;

/// How many done or canceled runs are listed; failed runs are always listed.
const ENDED_SHOWN: usize = 3;

#[component]
pub fn Runs() -> impl IntoView {
    let page = expect_context::<Page>();
    let has_runs = Memo::new(move |_| page.jobs.with(|jobs| !jobs.is_empty()));
    let line = move |line| match line {
        Line::Run(number) => view! { <RunCard number/> }.into_any(),
        Line::MoreWaiting => view! { <MoreWaiting/> }.into_any(),
    };
    move || {
        has_runs.get().then(|| {
            view! {
                <section
                    class="runs"
                    id=queue_actions::ID
                    tabindex="-1"
                    aria-label=move || page.word(RunText::Runs)
                >
                    <QueueHead/>
                    <For each=move || lines(page) key=|line| *line children=line/>
                </section>
            }
        })
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Line {
    Run(u32),
    /// The line that counts the waiting runs that are not listed.
    MoreWaiting,
}

/// Returns the lines of the list, in their order.
fn lines(page: Page) -> Vec<Line> {
    let (waiting, is_cut) = queue::shown(page);
    page.jobs.with(|jobs| {
        let (mut live, mut ended, mut quiet) = (Vec::new(), Vec::new(), 0);
        for job in jobs.iter().rev() {
            let (is_live, is_ended, failed) = job.run.with(|run| {
                let failed = matches!(run.phase(), Phase::Ended(Outcome::Failed(_)));
                (run.is_live(), run.is_ended(), failed)
            });
            quiet += usize::from(is_ended && !failed);
            if is_live {
                live.insert(0, Line::Run(job.number));
            } else if !is_ended {
                continue;
            } else if failed || quiet <= ENDED_SHOWN {
                ended.push(Line::Run(job.number));
            }
        }
        live.extend(waiting.into_iter().map(Line::Run));
        live.extend(is_cut.then_some(Line::MoreWaiting));
        live.extend(ended);
        live
    })
}
