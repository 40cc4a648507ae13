//! What comes back: a reply as it arrived, and what is read out of some.

use crate::access::AccessKey;
use crate::failure::ApiError;
use crate::id::PromptId;
use crate::problem::Problem;
use serde_json::Value;

/// What came back. `Err` of a `Heard` is `Unanswered` or `TimedOut`.
#[derive(Clone, Debug, PartialEq)]
pub struct Reply {
    /// The HTTP status.
    pub status: u16,
    /// `Retry-After`, in seconds.
    pub retry_after_s: Option<u32>,
    /// Whether the header `x-pilotlight-relay` was there: the relay answered by itself.
    pub from_relay: bool,
    /// `Last-Modified`, in milliseconds since 1970 by the server's clock.
    pub modified_ms: Option<u64>,
    /// The bytes of the body.
    pub body: Vec<u8>,
    /// The key that the page holds. Some servers repeat in an error what they were sent: it is not
    /// shown.
    pub key: Option<AccessKey>,
}

impl Reply {
    /// Whether kubeai or ComfyUI wrote this error: both write JSON, and only a relay adds a `kind`.
    pub(super) fn is_from_behind(&self) -> bool {
        let body: Value = serde_json::from_slice(&self.body).unwrap_or_default();
        !self.from_relay && body.get("error").is_some() && body.get("kind").is_none()
    }
}

/// A reply, or why there is none.
pub type Heard = Result<Reply, ApiError>;

/// `system_stats`, as far as people care.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// The version of ComfyUI.
    pub version: Option<String>,
    /// The name of its first device, such as of a GPU.
    pub device: Option<String>,
    /// The memory of that device, in bytes.
    pub vram_total_bytes: Option<u64>,
}

/// The server's answer to a prompt it took.
#[derive(Clone, Debug, PartialEq)]
pub struct Accepted {
    /// The id that the server gave the run.
    pub prompt_id: PromptId,
    /// With 200: these nodes will not run, the rest will.
    pub problems: Vec<Problem>,
}
