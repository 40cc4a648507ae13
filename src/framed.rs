//! Which parts of the page a frame shows; see `embed.css`. Without `?embed=1`: all.

use crate::browser;

/// Returns whether this part of the page is shown.
pub fn shows(part: &str) -> bool {
    browser::found("data-embed").is_none_or(|parts| parts.split(' ').any(|one| one == part))
}
