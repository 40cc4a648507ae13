//! Files beside the page: its configuration and its workflows.

use gloo_net::http::Request;

/// One of them as text. `Err` is the status it was answered with, 0 for no answer.
pub async fn text(path: &str) -> Result<String, u16> {
    // Errors are dropped unread: their words would bring every word of serde and of the system.
    let Ok(response) = Request::get(path).send().await else { return Err(0) };
    if !response.ok() {
        return Err(response.status());
    }
    response.text().await.map_err(|_| 0)
}
