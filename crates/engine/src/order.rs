//! Sorting. Invariant: equal ones stay as they stood.
//!
//! Every sort of another type or by another key is compiled anew, some 2 kB each; this one is
//! compiled once, for indices.

use std::cmp::Ordering;

/// The indices below `len` in the order that `compare` gives them.
pub fn order(len: usize, compare: &dyn Fn(usize, usize) -> Ordering) -> Vec<usize> {
    let mut order: Vec<usize> = (0..len).collect();
    order.sort_by(|one, other| compare(*one, *other));
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_ones_stay_as_they_stood() {
        let texts = ["b", "a", "b", "a"];
        let sorted = order(texts.len(), &|one, other| texts[one].cmp(texts[other]));
        assert_eq!(sorted, [1, 3, 0, 2]);
    }
}
