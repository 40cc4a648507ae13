//! What a frame shows of the page: see `embed.css`. Invariant: outside of `?embed=1` all of it.

use crate::browser;

/// Whether this part was asked for.
pub fn shows(part: &str) -> bool {
    browser::found("data-embed").is_none_or(|parts| parts.split(' ').any(|one| one == part))
}
