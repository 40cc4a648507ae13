//! One HTTP request at a time, to programs on loopback.
//!
//! Invariant: no time limit of its own; whoever waits sets one.

use http_body_util::{BodyExt, Full};
use hyper::body::Bytes;
use hyper::header::CONTENT_TYPE;
use hyper::{Method, Request};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde_json::Value;

use crate::trouble::{Outcome, Trouble};

/// A client that keeps its connections.
#[derive(Clone, Debug)]
pub struct Http(Client<HttpConnector, Full<Bytes>>);

/// What came back.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The whole body.
    pub body: Vec<u8>,
}

impl Answer {
    /// The body as JSON; `Null` when it is none.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or(Value::Null)
    }
}

impl Default for Http {
    fn default() -> Self {
        Self(Client::builder(TokioExecutor::new()).build_http())
    }
}

impl Http {
    /// Sends a request; a body makes it JSON.
    pub async fn send(&self, method: Method, url: &str, body: Option<&Value>) -> Outcome<Answer> {
        let wrong = |error: &dyn std::fmt::Display| Trouble::new(format!("{url}: {error}"));
        let bytes = body.map(|body| body.to_string().into_bytes()).unwrap_or_default();
        let request = Request::builder()
            .method(method)
            .uri(url)
            .header(CONTENT_TYPE, "application/json")
            // Without it a relay takes the request for one of another site's page.
            .header("x-pilotlight", "1")
            .body(Full::new(Bytes::from(bytes)))
            .map_err(|error| wrong(&error))?;
        let response = self.0.request(request).await.map_err(|error| wrong(&error))?;
        let status = response.status().as_u16();
        let body = response.into_body().collect().await.map_err(|error| wrong(&error))?;
        Ok(Answer { status, body: body.to_bytes().to_vec() })
    }

    /// `GET`.
    pub async fn get(&self, url: &str) -> Outcome<Answer> {
        self.send(Method::GET, url, None).await
    }

    /// `POST` of JSON.
    pub async fn post(&self, url: &str, body: &Value) -> Outcome<Answer> {
        self.send(Method::POST, url, Some(body)).await
    }
}
