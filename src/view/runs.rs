//! The runs: live ones oldest first, then those that have ended, newest first.

use pilotlight_engine::run::{Outcome, Phase};
use pilotlight_engine::text::Word;

use super::{run, word};
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
                    .attr("aria-label", word(page, Word::Runs))
                    .each(move || order(page), move |number| run::run(page, number))
            })
        },
    )
}

/// The numbers of the runs that are shown, in the order they are.
fn order(page: Page) -> Vec<u32> {
    page.jobs.with(|jobs| {
        let (mut live, mut ended, mut quiet) = (Vec::new(), Vec::new(), 0);
        for job in jobs.iter().rev() {
            let (is_live, failed) = job.run.with(|run| {
                (!run.is_ended(), matches!(run.phase(), Phase::Ended(Outcome::Failed(_))))
            });
            quiet += usize::from(!is_live && !failed);
            if is_live {
                live.insert(0, job.number);
            } else if failed || quiet <= ENDED_SHOWN {
                ended.push(job.number);
            }
        }
        live.extend(ended);
        live
    })
}
