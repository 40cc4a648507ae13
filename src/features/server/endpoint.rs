//! The server that requests go to. Invariant: only this module changes it; outstanding requests
//! keep the endpoint that they were made with.

use std::sync::Arc;

use leptos::prelude::*;
use pilotlight_comfy::comfy::Endpoint;
use pilotlight_session::Event;

use crate::access_key;
use crate::app::Page;
use crate::runtime;

/// Sends all further requests to this endpoint, with the access key that this tab stored for it.
/// `None`: there is no server.
pub fn exchange(page: Page, endpoint: Option<Endpoint>) {
    let endpoint = endpoint.map(|endpoint| {
        let key = access_key::of(&endpoint.key());
        endpoint.with_access(key)
    });
    page.endpoint.set(endpoint.clone().map(Arc::new));
    runtime::tell(page, Event::EndpointChanged(endpoint));
}
