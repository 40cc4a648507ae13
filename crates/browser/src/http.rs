//! HTTP to programs on loopback.

use reqwest::Client;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};

use crate::trouble::Outcome;

/// Returns a client without a proxy and without a time limit.
pub fn client() -> Outcome<Client> {
    // Without it a relay takes a request for one of another site's page.
    let own = (HeaderName::from_static("x-pilotlight"), HeaderValue::from_static("1"));
    Ok(Client::builder().no_proxy().default_headers(HeaderMap::from_iter([own])).build()?)
}
