//! All kept results that are known so far, newest first, and those of them that a sieve lets
//! through. Invariant: a result has the same number as long as the listing lives, and what is asked
//! for after a change is as if the sieve had been set after it.

use super::{Key, Row, Sieve};

/// More forms than anybody chooses from.
const MOST_FORMS: usize = 100;

/// Results by their numbers; in order, and sifted.
#[derive(Debug, Default)]
pub struct Listing {
    /// By their numbers. What was taken out leaves its place empty.
    rows: Vec<Option<Row>>,
    /// Newest first.
    order: Vec<u32>,
    sieve: Sieve,
    /// Those of `order` that the sieve lets through.
    sifted: Vec<u32>,
}

impl Listing {
    /// Takes rows in, in whatever order; one that is known takes the place of what was known.
    pub fn put(&mut self, rows: Vec<Row>) {
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

    /// Removes the results with these keys; keys that are not there are ignored.
    pub fn take_out(&mut self, keys: &[Key]) {
        for key in keys {
            if let Ok(at) = self.place(key) {
                let number = self.order.remove(at);
                self.rows[number as usize] = None;
            }
        }
        self.sift();
    }

    /// Shows only what this sieve lets through from now on.
    pub fn set_sieve(&mut self, sieve: Sieve) {
        self.sieve = sieve;
        self.sift();
    }

    /// Returns the result with this number; `None` once it was removed.
    pub fn row(&self, number: u32) -> Option<&Row> {
        self.rows.get(number as usize)?.as_ref()
    }

    /// Returns the number of a result. It stays the same as long as the result is in the list.
    pub fn number(&self, key: &Key) -> Option<u32> {
        self.place(key).ok().map(|at| self.order[at])
    }

    /// The numbers of what the sieve lets through, newest first.
    pub fn sifted(&self) -> &[u32] {
        &self.sifted
    }

    /// How many there are, sifted or not.
    pub fn count(&self) -> usize {
        self.order.len()
    }

    /// Each form of which there are results, with one of them; that of the newest first. At most
    /// `MOST_FORMS`: an archive may bring thousands of results that each have a form of their own.
    pub fn forms(&self) -> Vec<&Row> {
        let mut found: Vec<&Row> = Vec::new();
        for row in self.order.iter().filter_map(|number| self.row(*number)) {
            // There are few, and mostly it is one of the first.
            if !found.iter().any(|known| known.form == row.form) {
                found.push(row);
                if found.len() == MOST_FORMS {
                    break;
                }
            }
        }
        found
    }

    /// Where a key is in the order, or where it belongs.
    fn place(&self, key: &Key) -> Result<usize, usize> {
        self.order.binary_search_by(|number| match self.row(*number) {
            Some(row) => key.cmp(&row.key),
            None => std::cmp::Ordering::Equal,
        })
    }

    fn sift(&mut self) {
        let through =
            |number: &u32| self.row(*number).is_some_and(|it| self.sieve.lets_through(it));
        self.sifted = self.order.iter().copied().filter(through).collect();
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::file;
    use super::*;

    fn row(at: usize) -> Row {
        Row { prompt: format!("tiger {at}"), form: format!("form {}", at % 2), ..file(at, 1) }
    }

    #[track_caller]
    fn check(listing: &Listing, expected: &[u32]) {
        assert_eq!(listing.sifted(), expected);
    }

    #[test]
    fn the_newest_stand_first_whenever_they_came() {
        let mut listing = Listing::default();
        listing.put(vec![row(5), row(7)]);
        listing.put(vec![row(6), row(1), row(9)]);
        check(&listing, &[4, 1, 2, 0, 3]);
        let keys = listing.sifted().iter().map(|at| listing.row(*at).map(|row| &row.key));
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
        let one = |at: usize| Row { form: format!("form {at}"), ..row(at) };
        listing.put((0..9_000).map(one).collect());
        let forms: Vec<&str> = listing.forms().iter().map(|row| &*row.form).collect();
        assert_eq!((forms.len(), forms[0]), (MOST_FORMS, "form 8999"));
    }

    #[test]
    fn what_changes_keeps_its_number_and_is_sifted_anew() {
        let mut listing = Listing::default();
        listing.put(vec![row(1), row(2), row(3)]);
        listing.set_sieve(Sieve { only_starred: true, ..Sieve::default() });
        check(&listing, &[]);
        listing.put(vec![Row { is_starred: true, ..row(2) }]);
        check(&listing, &[1]);
        listing.take_out(&[row(2).key, row(8).key]);
        check(&listing, &[]);
        listing.set_sieve(Sieve::default());
        check(&listing, &[2, 0]);
        assert_eq!(listing.row(1), None);
        listing.put(vec![row(2)]);
        check(&listing, &[2, 3, 0]);
    }
}
