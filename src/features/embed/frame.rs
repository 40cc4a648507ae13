//! The page in a frame of another site. Its module is fetched when the page is in one, or its
//! address says `?embed=1`. Invariant: where a site around the page may not show it, nothing stands
//! there but a card that leads out of the frame, and nobody is told anything.

use super::asking;
use super::host;
use super::telling;
use crate::app::Page;

pub use crate::features::embed::strangers::judge;

/// Does what the address of a frame asks for, and speaks with its host.
pub fn begin(page: Page) {
    host::begin(move |data| asking::hear(page, data));
    asking::begin(page);
    telling::begin(page);
}
