//! The relay's own answers: what went wrong here, in a sentence.
//!
//! Invariant: each carries `x-pilotlight-relay: 1`, which no relayed reply does.

use std::error::Error;
use std::io;

use axum::Json;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::allow::Refused;
use crate::headers;
use crate::model::BadQuery;

/// Marks a reply that the relay wrote itself.
pub const RELAY_HEADER: &str = "x-pilotlight-relay";

/// Why the relay answers itself.
#[derive(Debug)]
pub enum Trouble {
    NotAllowed(Refused),
    Query(BadQuery),
    NoModel,
    BadAddress,
    Foreign,
    /// `Host` is missing, is there twice, or is no host.
    NoHost,
    /// The relay was not told that it has this name.
    UnknownHost {
        name: Option<String>,
    },
    TooLarge,
    /// The body of a request did not arrive in time.
    Late,
    /// The body of a request breaks off, or is not written as it says.
    Unreadable,
    /// All connections are in use.
    Busy,
    Unreachable {
        host: String,
        why: String,
    },
    Untrusted {
        host: String,
        why: String,
    },
    TlsFailed {
        host: String,
        why: String,
    },
    CutOff {
        host: String,
        why: String,
    },
    Redirected {
        host: String,
        to: String,
    },
    /// The server goes on with another protocol (101), which nobody asked for.
    Switched {
        host: String,
    },
}

impl Trouble {
    /// Reads why a request to `host` had no answer.
    pub fn from_client(error: &hyper_util::client::legacy::Error, host: &str) -> Self {
        let host = host.to_owned();
        let why = chain(error);
        match find_tls(error) {
            Some(rustls::Error::InvalidCertificate(_)) => Self::Untrusted { host, why },
            Some(_) => Self::TlsFailed { host, why },
            None if error.is_connect() => Self::Unreachable { host, why },
            None => Self::CutOff { host, why },
        }
    }

    fn status(&self) -> StatusCode {
        match self {
            Self::NotAllowed(Refused::UnknownPath) => StatusCode::NOT_FOUND,
            Self::NotAllowed(Refused::WrongMethod(_)) => StatusCode::METHOD_NOT_ALLOWED,
            Self::NotAllowed(Refused::BadSegment(_))
            | Self::Query(_)
            | Self::NoModel
            | Self::NoHost
            | Self::Unreadable
            | Self::BadAddress => StatusCode::BAD_REQUEST,
            Self::Foreign => StatusCode::FORBIDDEN,
            Self::UnknownHost { .. } => StatusCode::MISDIRECTED_REQUEST,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Late => StatusCode::REQUEST_TIMEOUT,
            Self::Busy => StatusCode::SERVICE_UNAVAILABLE,
            Self::Unreachable { .. }
            | Self::Untrusted { .. }
            | Self::TlsFailed { .. }
            | Self::CutOff { .. }
            | Self::Redirected { .. }
            | Self::Switched { .. } => StatusCode::BAD_GATEWAY,
        }
    }

    /// The kind in a word, for programs: sentences are for people.
    fn kind(&self) -> &'static str {
        match self {
            Self::NotAllowed(Refused::UnknownPath) => "path",
            Self::NotAllowed(Refused::WrongMethod(_)) => "method",
            Self::NotAllowed(Refused::BadSegment(_)) => "segment",
            Self::Query(_) => "query",
            Self::NoModel => "no_model",
            Self::BadAddress => "address",
            Self::Foreign => "foreign",
            Self::NoHost | Self::UnknownHost { .. } => "host",
            Self::TooLarge => "too_large",
            Self::Late => "late",
            Self::Unreadable => "unreadable",
            Self::Busy => "busy",
            Self::Unreachable { .. } => "unreachable",
            Self::Untrusted { .. } => "untrusted",
            Self::TlsFailed { .. } => "tls",
            Self::CutOff { .. } => "cut_off",
            Self::Redirected { .. } => "redirected",
            Self::Switched { .. } => "cut_off",
        }
    }

    fn sentence(&self) -> String {
        match self {
            Self::NotAllowed(Refused::UnknownPath) => {
                "the relay does not pass on this path".to_owned()
            }
            Self::NotAllowed(Refused::WrongMethod(methods)) => {
                format!("the relay passes on this path with {methods} only")
            }
            Self::NotAllowed(Refused::BadSegment(why)) => (*why).to_owned(),
            Self::Query(BadQuery::Repeated) => "model is in the address more than once".to_owned(),
            Self::Query(BadQuery::NotAName) => {
                "the model in the address is not a name: letters, digits, '.', '-' and '_', at \
                 most 63, written plainly as model=NAME"
                    .to_owned()
            }
            Self::NoModel => {
                "no model is named: add ?model=NAME, or start the relay with --model NAME"
                    .to_owned()
            }
            Self::BadAddress => "the query cannot be part of an address".to_owned(),
            Self::Foreign => {
                "this request came from a page of another site, or from a program that \
                              did not say so with the header X-Pilotlight: 1"
                    .to_owned()
            }
            Self::NoHost => {
                "the request names no host, several, or one that is no host name and no IP address"
                    .to_owned()
            }
            Self::UnknownHost { name: Some(name) } => format!(
                "this relay was not told that its name is {name}: start it with --host {name}, or \
                 open it as localhost or by its IP address"
            ),
            Self::UnknownHost { name: None } => "the request names no host".to_owned(),
            Self::TooLarge => "the request is larger than 128 MiB".to_owned(),
            Self::Late => "the request did not arrive in time".to_owned(),
            Self::Unreadable => "the body of the request cannot be read".to_owned(),
            Self::Busy => "all connections of the relay are in use; try again soon".to_owned(),
            Self::Unreachable { host, why } => format!("the relay cannot reach {host}: {why}"),
            Self::Untrusted { host, why } => {
                format!("the certificate of {host} is not trusted: {why}")
            }
            Self::TlsFailed { host, why } => {
                format!("no encrypted connection to {host} came about: {why}")
            }
            Self::CutOff { host, why } => {
                format!("{host} ended the connection before it answered: {why}")
            }
            Self::Redirected { host, to } => {
                format!("{host} answered with a redirect to {to}, which the relay does not follow")
            }
            Self::Switched { host } => {
                format!("{host} answered with another protocol, which nobody asked for")
            }
        }
    }
}

impl Trouble {
    fn json(&self) -> serde_json::Value {
        serde_json::json!({ "error": self.sentence(), "kind": self.kind() })
    }

    /// A whole answer after which the connection ends, for a connection that nothing else writes to.
    pub fn to_http(&self) -> Vec<u8> {
        let (status, body) = (self.status(), self.json().to_string());
        let mut headers = HeaderMap::new();
        self.put_headers(&mut headers);
        let mut answer = format!("HTTP/1.1 {status}\r\n").into_bytes();
        for (name, value) in &headers {
            answer.extend([name.as_str().as_bytes(), b": ", value.as_bytes(), b"\r\n"].concat());
        }
        let length = body.len();
        answer.extend(
            format!(
                "content-type: application/json\r\ncontent-length: {length}\r\n\
                 connection: close\r\n\r\n{body}"
            )
            .into_bytes(),
        );
        answer
    }

    fn put_headers(&self, headers: &mut HeaderMap) {
        headers::guard(headers);
        headers.insert(RELAY_HEADER, HeaderValue::from_static("1"));
        if let Self::NotAllowed(Refused::WrongMethod(methods)) = self {
            headers.insert(header::ALLOW, HeaderValue::from_static(methods));
        } else if let Self::Busy = self {
            headers.insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
        }
    }
}

impl IntoResponse for Trouble {
    fn into_response(self) -> Response {
        let mut response = (self.status(), Json(self.json())).into_response();
        self.put_headers(response.headers_mut());
        response
    }
}

/// The TLS library's own error, if one is among the causes.
fn find_tls<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a rustls::Error> {
    let mut next = Some(error);
    while let Some(cause) = next {
        if let Some(tls) = cause.downcast_ref::<rustls::Error>() {
            return Some(tls);
        }
        // An io::Error skips the error it wraps when asked for its source.
        let wrapped = cause.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        if let Some(inner) = wrapped {
            let inner: &(dyn Error + 'static) = inner;
            return find_tls(inner);
        }
        next = cause.source();
    }
    None
}

/// The causes in one line; one that only repeats the cause before it is left out.
fn chain(error: &(dyn Error + 'static)) -> String {
    let mut words: Vec<String> = Vec::new();
    let mut next = error.source();
    while let Some(cause) = next {
        let text = cause.to_string();
        if !words.iter().any(|earlier| earlier.contains(&text)) {
            words.push(text);
        }
        next = cause.source();
    }
    if words.is_empty() { error.to_string() } else { words.join(": ") }
}
