//! Where requests go. Invariant: it is exchanged here and nowhere else; a request that is out keeps
//! what it was made with, the next one has the new.

use std::sync::Arc;

use leptos::prelude::*;
use pilotlight_comfy::comfy::Endpoint;
use pilotlight_session::Event;

use crate::app::Page;
use crate::features::server::access_key;
use crate::runtime;

/// Every request from now on goes there, with the key that was typed for it in this tab; `None`:
/// there is nowhere to send anything.
pub fn exchange(page: Page, endpoint: Option<Endpoint>) {
    let endpoint = endpoint.map(|endpoint| {
        let key = access_key::of(&endpoint.key());
        endpoint.with_access(key)
    });
    page.endpoint.set(endpoint.clone().map(Arc::new));
    runtime::tell(page, Event::EndpointChanged(endpoint));
}
