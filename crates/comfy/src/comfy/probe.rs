//! What a test of the way asks, and who answered. Invariant: the speaker is told by status, header
//! and shape, never by what its words say; only `wake_request` and `plain` wake anything.

use serde_json::Value;

use super::{Body, Endpoint, Facts, Method, Reply, Request, Response, Transport, facts, parsed};

/// A model that nobody has: kubeai says so at once, and wakes nothing.
const UNKNOWN_MODEL: &str = "pilotlight-test";

/// Who answered a probe.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Said {
    /// ComfyUI, of itself.
    Facts(Facts),
    /// A success with other JSON or with nothing, as ComfyUI and its extension answer.
    Taken,
    /// A success with anything else: a page.
    Page,
    /// The relay, for its own part.
    Relay {
        /// The HTTP status.
        status: u16,
        /// What kept it from passing the request on.
        trouble: RelayTrouble,
    },
    /// kubeai, for its own part: its errors are texts, those of ComfyUI objects.
    Kubeai(u16),
    /// The extension, which lets nobody in like this.
    Extension(Guard),
    /// Anybody else.
    Other {
        /// The HTTP status.
        status: u16,
        /// Whether nothing came with it.
        is_empty: bool,
    },
}

/// What the extension guards ComfyUI by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Guard {
    /// It wants its shared key, or another one.
    Key,
    /// It answers pages of listed origins only.
    Origin,
    /// Its own settings are amiss, so it lets nobody in.
    Amiss,
}

/// What kept the relay from passing something on, by the word that it says for programs. Other
/// relays say no such word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RelayTrouble {
    /// This address, method or query is none that it passes on.
    NotPassedOn,
    /// The relay was told no model, and the request names none.
    NoModel,
    /// The page is of another site.
    Foreign,
    /// The relay was not told that it has the name in its address.
    UnknownHost,
    /// Nothing answers where the relay passes things on to.
    Unreachable,
    /// The relay does not trust the certificate there.
    Untrusted,
    /// Encryption could not be agreed on there.
    TlsFailed,
    /// The connection ended before the reply did.
    CutOff,
    /// A redirect came back, which the relay does not follow.
    Redirected,
    /// The relay did not say, or in a word that is not known.
    Unnamed,
}

impl Endpoint {
    /// The same place, spoken to in this way.
    pub fn by(&self, transport: Transport) -> Self {
        Self { transport, ..self.clone() }
    }

    /// Asks for nothing but an answer, by whoever gives it: what kubeai lists, or of ComfyUI what it
    /// says of itself.
    pub fn reach(&self, is_kubeai: bool) -> Request {
        let path = if is_kubeai { "v1/models" } else { "api/system_stats" };
        let url = [&self.base, "/", path].concat();
        Request { method: Method::Get, url, body: Body::Empty }
    }

    /// Comes as far as kubeai and no further.
    pub fn unknown_model(&self) -> Request {
        let unknown = Self { model: Some(UNKNOWN_MODEL.to_owned()), ..self.clone() };
        match self.transport {
            Transport::Relay => unknown.wake_request(),
            Transport::Direct => unknown.plain(),
        }
    }

    /// Changes nothing in the queue: what ComfyUI itself answers to a simple request.
    pub fn plain(&self) -> Request {
        self.write("queue", Vec::new())
    }
}

/// Who said this.
pub fn said(reply: &Reply) -> Said {
    let body = parsed(reply);
    let error = body.as_ref().and_then(|body| body.get("error"));
    let status = reply.status;
    let kind = body.as_ref().and_then(|body| body.get("kind")).and_then(Value::as_str);
    // A page of another site may see no header of it.
    if reply.from_relay || (kind.is_some() && error.is_some_and(Value::is_string)) {
        return Said::Relay { status, trouble: relay_trouble(status, kind) };
    }
    if matches!(status, 200..=299) {
        let response: Response = Ok(reply.clone());
        return match (facts(&response), body) {
            (Ok(facts), _) => Said::Facts(facts),
            (Err(_), Some(_)) => Said::Taken,
            (Err(_), None) if reply.body.is_empty() => Said::Taken,
            (Err(_), None) => Said::Page,
        };
    }
    match error.and_then(|error| error.get("type")).and_then(Value::as_str) {
        Some("pilotlight_key") => return Said::Extension(Guard::Key),
        Some("pilotlight_origin") => return Said::Extension(Guard::Origin),
        Some("pilotlight_setup") => return Said::Extension(Guard::Amiss),
        Some(_) | None => {}
    }
    if error.is_some_and(Value::is_string) {
        return Said::Kubeai(status);
    }
    Said::Other { status, is_empty: reply.body.is_empty() }
}

fn relay_trouble(status: u16, kind: Option<&str>) -> RelayTrouble {
    match kind {
        Some("no_model") => RelayTrouble::NoModel,
        Some("foreign") => RelayTrouble::Foreign,
        Some("host") => RelayTrouble::UnknownHost,
        Some("busy" | "late") => RelayTrouble::Unnamed,
        Some("unreachable") => RelayTrouble::Unreachable,
        Some("untrusted") => RelayTrouble::Untrusted,
        Some("tls") => RelayTrouble::TlsFailed,
        Some("cut_off") => RelayTrouble::CutOff,
        Some("redirected") => RelayTrouble::Redirected,
        Some(_) => RelayTrouble::NotPassedOn,
        None if matches!(status, 404 | 405) => RelayTrouble::NotPassedOn,
        None if status == 403 => RelayTrouble::Foreign,
        None if status == 421 => RelayTrouble::UnknownHost,
        None => RelayTrouble::Unnamed,
    }
}

/// A reply as it is shown to those who unfold it.
pub fn raw(reply: &Reply) -> String {
    super::fault(crate::failure::ApiError::Garbled, reply).raw
}
