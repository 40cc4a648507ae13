//! The page in a frame of another site, or with `?embed=1`. Invariant: if a site around the page
//! may not show it, the frame contains only a card with a link to the page, and no message is
//! sent.

use super::host;
use super::reports;
use super::requests;
use crate::app::Page;

pub use crate::features::embed::frame_ancestors::check_ancestors;

/// Applies the frame's address, and exchanges messages with the host.
pub fn begin(page: Page) {
    host::begin(move |data| requests::hear(page, data));
    requests::begin(page);
    reports::begin(page);
}
