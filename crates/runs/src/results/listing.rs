//! The list of stored results, newest first, and those that match a filter. Invariant: a result has
//! the same number as long as the listing exists, and the filtered list is up to date after every
//! change.

use super::{Filter, Key, ResultRow};

/// The most forms that are offered as filters.
const MOST_FORMS: usize = 100;

/// Results by number, their order, and those that match the filter.
#[derive(Debug, Default)]
pub struct Listing {
    /// The results by number; `None` if removed.
    rows: Vec<Option<ResultRow>>,
    /// The numbers, newest result first.
    order: Vec<u32>,
    sieve: Filter,
    /// The numbers in `order` that match the filter.
    filtered: Vec<u32>,
}

impl Listing {
    /// Adds rows in any order; known ones are replaced.
    pub fn put(&mut self, rows: Vec<ResultRow>) {
        for row in rows {
            match self.place(&row.key) {
                Ok(at) => {
                    let number = self.order[at];
                    self.rows[number as usize] = Some(row);
                }
                Err(at) => {
                    self.order.insert(at, self.rows.len() as u32);
                    self.rows.push(Some(row));
                }
            }
        }
        self.sift();
    }

    /// Removes the results with these keys; unknown keys are ignored.
    pub fn take_out(&mut self, keys: &[Key]) {
        for key in keys {
            if let Ok(at) = self.place(key) {
                let number = self.order.remove(at);
                self.rows[number as usize] = None;
            }
        }
        self.sift();
    }

    /// Sets the filter.
    pub fn set_sieve(&mut self, sieve: Filter) {
        self.sieve = sieve;
        self.sift();
    }

    /// Returns the result with this number; `None` once it was removed.
    pub fn row(&self, number: u32) -> Option<&ResultRow> {
        self.rows.get(number as usize)?.as_ref()
    }

    /// Returns the number of a result, which stays the same while the result is in the list.
    pub fn number(&self, key: &Key) -> Option<u32> {
        self.place(key).ok().map(|at| self.order[at])
    }

    /// Returns the numbers of the results that match the filter, newest first.
    pub fn filtered(&self) -> &[u32] {
        &self.filtered
    }

    /// Returns the number of all results.
    pub fn count(&self) -> usize {
        self.order.len()
    }

    /// Returns one result of each form, that of the newest first; at most `MOST_FORMS`, since an
    /// archive may contain thousands of results with different forms.
    pub fn forms(&self) -> Vec<&ResultRow> {
        let mut found: Vec<&ResultRow> = Vec::new();
        for row in self.order.iter().filter_map(|number| self.row(*number)) {
            // There are few forms, and mostly it is one of the first.
            if !found.iter().any(|known| known.form == row.form) {
                found.push(row);
                if found.len() == MOST_FORMS {
                    break;
                }
            }
        }
        found
    }

    /// Returns the index of a key in the order, or where it belongs.
    fn place(&self, key: &Key) -> Result<usize, usize> {
        self.order.binary_search_by(|number| match self.row(*number) {
            Some(row) => key.cmp(&row.key),
            None => std::cmp::Ordering::Equal,
        })
    }

    fn sift(&mut self) {
        let through =
            |number: &u32| self.row(*number).is_some_and(|it| self.sieve.lets_through(it));
        self.filtered = self.order.iter().copied().filter(through).collect();
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::file;
    use super::*;

    fn row(at: usize) -> ResultRow {
        ResultRow { prompt: format!("tiger {at}"), form: format!("form {}", at % 2), ..file(at, 1) }
    }

    #[track_caller]
    fn check(listing: &Listing, expected: &[u32]) {
        assert_eq!(listing.filtered(), expected);
    }

    #[test]
    fn the_newest_stand_first_whenever_they_came() {
        let mut listing = Listing::default();
        listing.put(vec![row(5), row(7)]);
        listing.put(vec![row(6), row(1), row(9)]);
        check(&listing, &[4, 1, 2, 0, 3]);
        let keys = listing.filtered().iter().map(|at| listing.row(*at).map(|row| &row.key));
        assert!(keys.rev().is_sorted());
        assert_eq!(listing.number(&row(6).key), Some(2));
        assert_eq!(listing.number(&row(2).key), None);
        assert_eq!(listing.count(), 5);
        let forms: Vec<&str> = listing.forms().iter().map(|row| &*row.form).collect();
        assert_eq!(forms, ["form 1", "form 0"]);
    }

    #[test]
    fn of_thousands_of_forms_the_newest_are_named() {
        let mut listing = Listing::default();
        let one = |at: usize| ResultRow { form: format!("form {at}"), ..row(at) };
        listing.put((0..9_000).map(one).collect());
        let forms: Vec<&str> = listing.forms().iter().map(|row| &*row.form).collect();
        assert_eq!((forms.len(), forms[0]), (MOST_FORMS, "form 8999"));
    }

    #[test]
    fn what_changes_keeps_its_number_and_is_sifted_anew() {
        let mut listing = Listing::default();
        listing.put(vec![row(1), row(2), row(3)]);
        listing.set_sieve(Filter { only_starred: true, ..Filter::default() });
        check(&listing, &[]);
        listing.put(vec![ResultRow { is_starred: true, ..row(2) }]);
        check(&listing, &[1]);
        listing.take_out(&[row(2).key, row(8).key]);
        check(&listing, &[]);
        listing.set_sieve(Filter::default());
        check(&listing, &[2, 0]);
        assert_eq!(listing.row(1), None);
        listing.put(vec![row(2)]);
        check(&listing, &[2, 3, 0]);
    }
}
