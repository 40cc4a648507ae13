//! How many files this program may have open; each connection is one.
//!
//! Invariant: the limit is only ever raised, and only as far as the account may raise it.

/// Lets this program open `wanted` files at once if it may. Returns how many it may open now;
/// `None` where nothing limits that.
#[cfg(unix)]
pub fn allow_open_files(wanted: u64) -> Option<u64> {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    let now = current?;
    let raised = maximum.map_or(wanted, |most| most.min(wanted));
    let new = Rlimit { current: Some(raised), maximum };
    let is_raised = raised > now && setrlimit(Resource::Nofile, new).is_ok();
    Some(if is_raised { raised } else { now })
}

/// Lets this program open `wanted` files at once if it may. Returns how many it may open now;
/// `None` where nothing limits that.
#[cfg(not(unix))]
pub fn allow_open_files(_wanted: u64) -> Option<u64> {
    None
}
