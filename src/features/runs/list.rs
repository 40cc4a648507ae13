//! The runs: live ones oldest first, then those that wait, as they will be released, then those that
//! have ended, newest first. Invariant: of many that wait only the first are made.

use leptos::prelude::*;
use pilotlight_i18n::text::RunText;
use pilotlight_runs::run::{Outcome, Phase};

use crate::app::Page;
use crate::features::runs::queue;
use crate::features::runs::queue::{MoreWaiting, QueueHead};
use crate::features::runs::run::RunCard;

/// How many runs that ended well, or were cancelled, stay in sight.
const ENDED_SHOWN: usize = 3;

#[component]
pub fn Runs(page: Page) -> impl IntoView {
    let has_runs = Memo::new(move |_| page.jobs.with(|jobs| !jobs.is_empty()));
    let line = move |line| match line {
        Line::Run(number) => view! { <RunCard page number/> }.into_any(),
        Line::MoreWaiting => view! { <MoreWaiting page/> }.into_any(),
    };
    move || {
        has_runs.get().then(|| {
            view! {
                <section class="runs" aria-label=move || page.word(RunText::Runs)>
                    <QueueHead page/>
                    <For each=move || lines(page) key=|line| *line children=line/>
                </section>
            }
        })
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Line {
    Run(u32),
    /// Stands for the runs that wait and are not shown.
    MoreWaiting,
}

/// What is shown, in the order it is.
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
