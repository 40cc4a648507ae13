//! The layout of the gallery's tiles, and which of them are created. Lengths are in CSS pixels.
//! Invariant: at most `MOST` tiles are created, however many results there are and however large
//! the window is, and all visible ones are among them.

use std::ops::Range;

/// The most tiles that are created.
pub const MOST: usize = 56;
/// The smallest width of a tile; narrow windows have two columns nevertheless.
const LEAST: u32 = 150;
const GAP: u32 = 12;
/// The height of the text below the image.
const NOTE: u32 = 28;
/// The space above the first row and below the last.
const EDGE: u32 = 16;
/// How many rows before and after the visible ones are created, for scrolling.
const AHEAD: u32 = 1;

/// A grid of square tiles, each with a line of text below.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Grid {
    /// The number of tiles.
    pub count: usize,
    /// The number of columns.
    pub columns: usize,
    /// The width of a tile.
    pub side: u32,
    /// The height of the visible part.
    view: u32,
}

/// A movement of the active tile by a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Move {
    /// To the tile before.
    Before,
    /// To the next tile.
    After,
    /// To the tile above.
    Up,
    /// To the tile below.
    Down,
    /// Up by the number of visible rows.
    PageUp,
    /// Down by the number of visible rows.
    PageDown,
    /// To the first tile.
    First,
    /// To the last tile.
    Last,
}

impl Grid {
    /// Returns the grid for a list of this width and visible height: as many columns as fit, but
    /// not so many that more than `MOST` tiles would be visible.
    pub fn new(count: usize, width: u32, view: u32) -> Self {
        let mut columns = ((width + GAP) / (LEAST + GAP)).clamp(2, 24);
        loop {
            let side = (width.saturating_sub((columns - 1) * GAP) / columns).max(1);
            let grid = Self { count, columns: columns as usize, side, view };
            if grid.rows_made() * columns as usize <= MOST || columns == 1 {
                return grid;
            }
            columns -= 1;
        }
    }

    /// Returns how many rows are created; one may be partly visible at each end.
    fn rows_made(self) -> usize {
        (self.view.div_ceil(self.row()) + 1 + 2 * AHEAD) as usize
    }

    /// Returns the distance from one row to the next.
    fn row(self) -> u32 {
        self.side + NOTE + GAP
    }

    fn rows(self) -> usize {
        self.count.div_ceil(self.columns.max(1))
    }

    /// Returns the height of all rows, in CSS pixels.
    pub fn height(self) -> u32 {
        let rows = (self.rows() as u32).saturating_mul(self.row());
        rows.saturating_sub(GAP).saturating_add(2 * EDGE)
    }

    /// Returns the position of a tile: left, top.
    pub fn place(self, at: usize) -> (u32, u32) {
        let (row, column) = (at / self.columns.max(1), at % self.columns.max(1));
        let top = (row as u32).saturating_mul(self.row()).saturating_add(EDGE);
        (column as u32 * (self.side + GAP), top)
    }

    /// Returns the indexes of the tiles that are created at a scroll position.
    pub fn made(self, scrolled: u32) -> Range<usize> {
        if self.columns == 0 || self.view == 0 {
            return 0..0;
        }
        let last = self.rows().saturating_sub(self.rows_made());
        let first =
            ((scrolled.saturating_sub(EDGE) / self.row()).saturating_sub(AHEAD) as usize).min(last);
        let first = first * self.columns;
        let until = first + (self.rows_made() * self.columns).min(MOST);
        first..until.min(self.count)
    }

    /// Returns the nearest scroll position at which a tile is visible.
    pub fn shown(self, at: usize, scrolled: u32) -> u32 {
        let (_, top) = self.place(at);
        let bottom = top + self.side + NOTE + EDGE;
        let top = top.saturating_sub(EDGE);
        scrolled.clamp(bottom.saturating_sub(self.view).min(top), top)
    }

    /// Returns the tile that a key moves to. A page has as many rows as are completely visible.
    pub fn moved(self, from: usize, to: Move) -> usize {
        let last = self.count.saturating_sub(1);
        let page = (self.view / self.row()).max(1) as usize * self.columns;
        let up = |by: usize| if from < by { from % self.columns.max(1) } else { from - by };
        // Down from a full row to a short last one ends at the last tile.
        let down = |by: usize| {
            let (row, ending) = (from / self.columns.max(1), last / self.columns.max(1));
            if row == ending { from } else { (from + by).min(last) }
        };
        match to {
            Move::Before => from.saturating_sub(1),
            Move::After => (from + 1).min(last),
            Move::Up => up(self.columns),
            Move::Down => down(self.columns),
            Move::PageUp => up(page),
            Move::PageDown => down(page),
            Move::First => 0,
            Move::Last => last,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(count: usize, width: u32, view: u32, columns: usize, side: u32) -> Grid {
        let grid = Grid::new(count, width, view);
        assert_eq!((grid.columns, grid.side), (columns, side), "{width} × {view}");
        grid
    }

    #[test]
    fn as_many_columns_as_fit_and_can_be_made() {
        check(10, 1248, 640, 7, 168);
        check(10, 366, 600, 2, 177);
        check(10, 288, 400, 2, 138);
        check(10, 1888, 900, 8, 225);
        check(10, 3800, 2000, 8, 464);
        check(10, 0, 0, 2, 1);
    }

    #[test]
    fn what_is_made_is_bounded_and_holds_what_is_seen() {
        for width in (0..4_000).step_by(37) {
            for view in [1, 90, 300, 640, 1_080, 2_160] {
                let grid = Grid::new(10_000, width, view);
                for scrolled in [0, 1, 500, 12_345, grid.height() - 1, grid.height(), u32::MAX] {
                    let made = grid.made(scrolled);
                    assert!(made.len() <= MOST, "{grid:?} {scrolled}");
                    // Browsers scroll no further than to the end.
                    let seen = scrolled.min(grid.height().saturating_sub(view));
                    for at in [0, 1, 700, 9_998, 9_999] {
                        let (_, top) = grid.place(at);
                        let is_seen = top + grid.side + NOTE > seen && top < seen + view;
                        assert!(!is_seen || made.contains(&at), "{grid:?} {scrolled} {at}");
                    }
                }
            }
        }
        assert_eq!(Grid::new(3, 1248, 640).made(0), 0..3);
        assert_eq!(Grid::new(0, 1248, 640).made(0), 0..0);
        assert_eq!(Grid::default().made(0), 0..0);
    }

    #[test]
    fn tiles_stand_in_rows() {
        let grid = check(10, 366, 600, 2, 177);
        assert_eq!((grid.place(0), grid.place(3)), ((0, 16), (189, 233)));
        assert_eq!(grid.height(), 16 + 5 * 217 - 12 + 16);
        assert_eq!(Grid::new(0, 366, 600).height(), 32);
    }

    #[test]
    fn a_tile_comes_into_view_with_as_little_scrolling_as_can_be() {
        let grid = Grid::new(100, 366, 600);
        for (at, scrolled, expected) in
            [(0, 0, 0), (0, 50, 0), (1, 10, 0), (4, 0, 71), (4, 71, 71), (4, 500, 434), (5, 0, 71)]
        {
            assert_eq!(grid.shown(at, scrolled), expected, "{at} {scrolled}");
        }
        // A tile that is taller than the visible part is shown from its top.
        assert_eq!(Grid::new(100, 366, 100).shown(4, 0), 434);
    }

    #[test]
    fn keys_go_from_tile_to_tile() {
        // 3 columns, and 2 rows in view.
        let grid = check(11, 500, 500, 3, 158);
        for (from, to, expected) in [
            (0, Move::Before, 0),
            (4, Move::Before, 3),
            (10, Move::After, 10),
            (2, Move::After, 3),
            (1, Move::Up, 1),
            (4, Move::Up, 1),
            (4, Move::Down, 7),
            (8, Move::Down, 10),
            (9, Move::Down, 9),
            (10, Move::PageUp, 4),
            (4, Move::PageUp, 1),
            (1, Move::PageDown, 7),
            (7, Move::PageDown, 10),
            (5, Move::First, 0),
            (5, Move::Last, 10),
        ] {
            assert_eq!(grid.moved(from, to), expected, "{from} {to:?}");
        }
        for to in [Move::Before, Move::After, Move::Up, Move::Down, Move::Last] {
            assert_eq!(Grid::new(0, 500, 500).moved(0, to), 0, "{to:?}");
        }
    }
}
