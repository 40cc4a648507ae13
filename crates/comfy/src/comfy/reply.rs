//! What comes back: a reply as it arrived, and what is read out of some.

use crate::access::AccessKey;
use crate::failure::{ApiError, Fault, RAW_LIMIT_BYTES};
use crate::id::PromptId;
use crate::problem::Problem;
use serde_json::Value;

/// What came back. `Err` of a `Response` is `Unanswered` or `TimedOut`.
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
pub type Response = Result<Reply, ApiError>;

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

/// The fault of a reply, with the beginning of its text.
pub(super) fn fault(error: ApiError, reply: &Reply) -> Fault {
    // A key that the limit would cut in two is hidden first.
    let start = reply.body.get(..2 * RAW_LIMIT_BYTES).unwrap_or(&reply.body);
    let text = String::from_utf8_lossy(start);
    let text = reply.key.as_ref().map_or_else(|| text.to_string(), |key| key.hidden_in(&text));
    let end = text.floor_char_boundary(RAW_LIMIT_BYTES);
    let text = text.get(..end).unwrap_or_default();
    Fault {
        retry_after_s: reply.retry_after_s,
        from_relay: reply.from_relay,
        is_from_behind: reply.is_from_behind(),
        raw: format!("HTTP {}\n{}", u64::from(reply.status), text.trim()),
        ..Fault::new(error)
    }
}
