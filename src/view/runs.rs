//! The runs: live ones oldest first, then those that wait, as they will be released, then those that
//! have ended, newest first. Invariant: of many that wait only the first are made.

use pilotlight_i18n::text::RunText;
use pilotlight_runs::run::{Outcome, Phase};

use super::{queue, run, word};
use crate::app::Page;
use crate::dom::{El, el};

/// How many runs that ended well, or were cancelled, stay in sight.
const ENDED_SHOWN: usize = 3;

pub(super) fn runs(page: Page, feed: El) -> El {
    feed.keyed(
        move || usize::from(page.jobs.with(|jobs| !jobs.is_empty())),
        move |any| {
            (any > 0).then(|| {
                el("section", "runs")
                    .attr("aria-label", word(page, RunText::Runs))
                    .put(queue::head(page))
                    .each(
                        move || order(page),
                        move |number| match number {
                            MORE => Some(queue::more(page)),
                            _ => run::run(page, number),
                        },
                    )
            })
        },
    )
}

/// Stands for the runs that wait and are not shown; runs are counted from 1.
const MORE: u32 = 0;

/// The numbers of the runs that are shown, in the order they are.
fn order(page: Page) -> Vec<u32> {
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
                live.insert(0, job.number);
            } else if !is_ended {
                continue;
            } else if failed || quiet <= ENDED_SHOWN {
                ended.push(job.number);
            }
        }
        live.extend(waiting);
        live.extend(is_cut.then_some(MORE));
        live.extend(ended);
        live
    })
}
