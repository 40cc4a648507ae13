//! Which fields stand in front where nobody said it.
//! Invariant: at most `MAX_FRONT`, in the order of their ranks and nodes.

use super::pick::{Pick, Rank, sorted};

/// As many as are taken in at one look.
pub const MAX_FRONT: usize = 8;

/// How many numbers, switches and choices stand in front of a workflow without texts, files, sizes
/// and seeds.
const MAX_INSTEAD: usize = 4;

/// Gives the likeliest fields their places in front, at most `MAX_FRONT`.
pub(super) fn put_in_front(picks: &mut Vec<Pick<'_>>) {
    *picks = sorted(picks, false, true);
    let has_prompt = picks.iter().any(|pick| pick.rank == Rank::Prompt);
    let mut order: Vec<usize> = (0..picks.len()).collect();
    order.sort_by_key(|at| (picks[*at].rank as usize, is_behind(&picks[*at])));
    let (mut taken, mut same, mut before) = (Vec::new(), 0, None);
    for at in order {
        let rank = picks[at].rank;
        same = if before == Some(rank) { same + 1 } else { 0 };
        before = Some(rank);
        let is_beside = has_prompt && rank == Rank::OtherText;
        if taken.len() < MAX_FRONT && same < rank.room() && !is_beside {
            taken.push(at);
        }
    }
    if taken.is_empty() {
        let settable = (0..picks.len()).filter(|at| picks[*at].settable);
        taken.extend(settable.take(MAX_INSTEAD));
    }
    taken.sort_unstable();
    for (place, at) in taken.into_iter().enumerate() {
        picks[at].front = Some(place);
    }
}

/// Whether others of its rank are taken first: prompts that reach a text encoder before those that
/// do not, and a sampler's seed before that of a node that makes a prompt.
fn is_behind(pick: &Pick<'_>) -> bool {
    match pick.rank {
        Rank::Prompt | Rank::Negative => !pick.leads,
        Rank::Seed => pick.leads,
        Rank::File
        | Rank::OtherText
        | Rank::Width
        | Rank::Height
        | Rank::Length
        | Rank::Count
        | Rank::Common
        | Rank::Usual
        | Rank::Rare
        | Rank::OnlyShown => false,
    }
}
