//! What is sent: the browser makes a request of it. Invariant: it says all that matters; nothing is
//! added on the way but what browsers add by themselves.

use serde::{Deserialize, Serialize};

/// How the page speaks to the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Transport {
    /// Through a relay, which puts the model into the body that kubeai wants.
    Relay,
    /// Straight to kubeai or ComfyUI, with simple requests that need no preflight.
    Direct,
}

/// A request to the server.
#[derive(Clone, Debug, PartialEq)]
pub struct Request {
    /// The HTTP method.
    pub method: Method,
    /// Relative to the page, or absolute.
    pub url: String,
    /// What goes with it.
    pub body: Body,
}

/// The methods that are used: others would need a preflight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// GET.
    Get,
    /// POST.
    Post,
}

/// The body of a request, with its media type.
#[derive(Clone, Debug, PartialEq)]
pub enum Body {
    /// None.
    Empty,
    /// `application/json`.
    Json(String),
    /// `text/plain`: a simple request, never preceded by OPTIONS.
    Plain(String),
    /// Multipart: these fields, then the picture as `image` under this file name.
    Upload {
        /// Names and values, in their order.
        fields: Vec<(&'static str, String)>,
        /// The name that the file is sent under.
        file_name: String,
    },
}

impl Request {
    /// Whether its body carries the key of the extension.
    pub fn holds_key(&self) -> bool {
        match &self.body {
            Body::Empty | Body::Json(_) => false,
            // Straight to the server; whether there is a key or not, none of these is redirected.
            Body::Plain(_) => true,
            Body::Upload { fields, .. } => fields.iter().any(|(name, _)| *name == "key"),
        }
    }
}
