//! Files next to the page: its configuration and its workflows.

use gloo_net::http::Request;

/// Fetches such a file as text. The error is the HTTP status, or 0 without a response.
pub async fn text(path: &str) -> Result<String, u16> {
    // Errors are not formatted: that would add all messages of serde and js-sys to the bundle.
    let Ok(response) = Request::get(path).send().await else { return Err(0) };
    if !response.ok() {
        return Err(response.status());
    }
    response.text().await.map_err(|_| 0)
}
