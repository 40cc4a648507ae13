//! Where requests go. Invariant: it is exchanged here and nowhere else; a request that is out keeps
//! what it was made with, the next one has the new.

use pilotlight_engine::comfy::Endpoint;

use super::access;
use crate::app::Page;
use crate::start;

/// Every request from now on goes there, with the key that was typed for it in this tab. Of another
/// server it is known what was last heard of it.
pub fn exchange(page: Page, endpoint: Endpoint) {
    let key = endpoint.key();
    let is_another = page.endpoint.now().is_none_or(|former| former.key() != key);
    let endpoint = endpoint.with_access(access::of(&key));
    page.endpoint.set(Some(Box::leak(Box::new(endpoint))));
    if is_another {
        page.server.set(start::server(&key));
    }
}

/// From now on there is nowhere to send anything.
pub fn leave(page: Page) {
    page.endpoint.set(None);
    page.server.set(start::server(""));
}
