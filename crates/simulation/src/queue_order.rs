//! The queue as an onlooker sees it: who stands where, who has left it, whether it is paused.
//! Invariant: kept by what the person did and by what was asked, never by the page's own places.

use std::collections::BTreeSet;

use pilotlight_runs::queue::Move;

#[derive(Debug, Default)]
pub(crate) struct QueueOrder {
    /// All runs, as they stand; one that has left keeps its place.
    order: Vec<usize>,
    waiting: BTreeSet<usize>,
    pub is_paused: bool,
    /// Whether there is one queue only.
    pub is_one: bool,
}

impl QueueOrder {
    pub fn new(is_one: bool) -> Self {
        Self { is_one, ..Self::default() }
    }

    pub fn wanted(&mut self, number: usize) {
        self.order.push(number);
        self.waiting.insert(number);
    }

    /// It asked for something, or is over; whether it had waited until now.
    pub fn left(&mut self, number: usize) -> bool {
        self.waiting.remove(&number)
    }

    /// It was taken up, and had never been sent.
    pub fn back(&mut self, number: usize) {
        self.waiting.insert(number);
    }

    /// Another run that waits and stands before this one.
    pub fn before(&self, number: usize) -> Option<usize> {
        let rest = self.order.iter().copied().take_while(|other| *other != number);
        rest.into_iter().find(|other| self.waiting.contains(other))
    }

    /// Moves one among those that wait and are in the list; the others keep their places.
    pub fn shifted(&mut self, number: usize, how: Move, listed: &[usize]) {
        let is_listed = |number: &usize| self.waiting.contains(number) && listed.contains(number);
        let seats: Vec<usize> =
            (0..self.order.len()).filter(|at| is_listed(&self.order[*at])).collect();
        let Some(from) = seats.iter().position(|at| self.order[*at] == number) else { return };
        let to = match how {
            Move::First => 0,
            Move::Up => from.max(1) - 1,
            Move::Down => (from + 1).min(seats.len() - 1),
            Move::Last => seats.len() - 1,
        };
        // One seat at a time.
        for at in to..from {
            self.order.swap(seats[from + to - at], seats[from + to - at - 1]);
        }
        for at in from..to {
            self.order.swap(seats[at], seats[at + 1]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(left: &[usize], number: usize, how: Move, expected: &[usize]) {
        let mut line = QueueOrder::default();
        (0..5).for_each(|number| line.wanted(number));
        left.iter().for_each(|number| assert!(line.left(*number)));
        line.shifted(number, how, &[0, 1, 2, 3, 4]);
        assert_eq!(line.order, expected, "{left:?} {number} {how:?}");
    }

    #[test]
    fn one_moves_and_the_others_keep_their_order() {
        check(&[], 3, Move::Up, &[0, 1, 3, 2, 4]);
        check(&[], 3, Move::First, &[3, 0, 1, 2, 4]);
        check(&[], 1, Move::Last, &[0, 2, 3, 4, 1]);
        check(&[], 4, Move::Down, &[0, 1, 2, 3, 4]);
        check(&[0, 2], 4, Move::First, &[0, 4, 2, 1, 3]);
        check(&[0, 2], 1, Move::Down, &[0, 3, 2, 1, 4]);
    }

    #[test]
    fn one_that_is_alone_in_the_list_stays_where_it_is() {
        let mut line = QueueOrder::default();
        (0..3).for_each(|number| line.wanted(number));
        line.shifted(1, Move::Down, &[1]);
        assert_eq!(line.order, [0, 1, 2]);
        line.shifted(0, Move::Last, &[0, 1]);
        assert_eq!(line.order, [1, 0, 2]);
    }
}
