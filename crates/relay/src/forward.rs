//! One relayed request, from the browser's to the server's and back.
//!
//! Invariant: dropping the future drops the upstream request, so a browser that leaves frees
//! everything; nothing is retried here, because a POST may already have been executed.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::State;
use axum::http::header::{self, HeaderMap, HeaderValue};
use axum::http::{Method, Request, Response, StatusCode, Uri};
use axum::response::IntoResponse;

use crate::Settings;
use crate::allow::{self, Refused};
use crate::client::{self, HttpsClient};
use crate::headers;
use crate::model::{self, ModelName};
use crate::share::{self, Origin};
use crate::trouble::Trouble;
use crate::upload::{self, Cut, MAX_BODY_BYTES};
use crate::upstream::{self, Kind, Upstream};

/// What every relayed request needs.
pub struct Forwarder {
    client: HttpsClient,
    upstream: Upstream,
    model: Option<ModelName>,
    authorization: Option<HeaderValue>,
    allow_origins: Vec<Origin>,
    /// How long the body of a request may bring nothing.
    silence: Duration,
}

impl Forwarder {
    /// # Errors
    /// When TLS cannot be set up.
    pub fn new(settings: Settings) -> Result<Self, String> {
        Ok(Self {
            client: client::new(&settings.extra_roots)?,
            upstream: settings.upstream,
            model: settings.model,
            authorization: settings.authorization,
            allow_origins: settings.allow_origins,
            silence: settings.limits.body,
        })
    }

    async fn relay(&self, order: Order, headers: HeaderMap, body: Body) -> Reply {
        let cut = Cut::default();
        let request = self.request(order, &headers, body, &cut)?;
        let host = self.upstream.authority();
        let answered = self.client.request(request).await;
        let (mut parts, body) = match answered {
            Ok(response) => response.into_parts(),
            Err(error) => {
                return Err(cut.why().unwrap_or_else(|| Trouble::from_client(&error, host)));
            }
        };
        if let (true, Some(to)) =
            (parts.status.is_redirection(), parts.headers.get(header::LOCATION))
        {
            let to = upstream::without_secrets(&String::from_utf8_lossy(to.as_bytes()));
            return Err(Trouble::Redirected { host: host.to_owned(), to });
        }
        if parts.status == StatusCode::SWITCHING_PROTOCOLS {
            return Err(Trouble::Switched { host: host.to_owned() });
        }
        parts.headers = headers::coming_down(&parts.headers);
        parts.extensions.clear();
        Ok(Response::from_parts(parts, Body::new(body)))
    }

    /// Judges a request by its first lines alone.
    fn order(
        &self,
        method: &Method,
        uri: &Uri,
        headers: &HeaderMap,
        is_listed: bool,
    ) -> Result<Order, Trouble> {
        let allowed = allow::admit(method, uri.path()).map_err(Trouble::NotAllowed)?;
        if !is_listed && headers::is_foreign(headers) {
            return Err(Trouble::Foreign);
        }
        if upload::declared_length(headers).is_some_and(|bytes| bytes > MAX_BODY_BYTES) {
            return Err(Trouble::TooLarge);
        }
        let (named, query) = model::split_query(uri.query()).map_err(Trouble::Query)?;
        let uri = self.upstream.uri(&allowed.path, query.as_deref()).ok_or(Trouble::BadAddress)?;
        let payload = match (allowed.is_read, self.upstream.kind()) {
            (false, _) => Payload::PassedOn,
            (true, Kind::ComfyUi) => Payload::Nothing,
            (true, Kind::Kubeai) => {
                let model = named.or_else(|| self.model.clone()).ok_or(Trouble::NoModel)?;
                Payload::Model(model)
            }
        };
        Ok(Order { method: method.clone(), uri, payload })
    }

    fn request(
        &self,
        order: Order,
        incoming: &HeaderMap,
        body: Body,
        cut: &Cut,
    ) -> Result<Request<Body>, Trouble> {
        let mut headers = headers::going_up(incoming);
        if let Some(authorization) = &self.authorization {
            headers.insert(header::AUTHORIZATION, authorization.clone());
        }
        let body = match order.payload {
            Payload::PassedOn => upload::limited(body, self.silence, cut),
            Payload::Nothing => {
                remove_body_headers(&mut headers);
                Body::empty()
            }
            Payload::Model(model) => {
                remove_body_headers(&mut headers);
                let json = HeaderValue::from_static("application/json");
                headers.insert(header::CONTENT_TYPE, json);
                Body::from(model.to_body())
            }
        };
        let mut request = Request::new(body);
        *request.method_mut() = order.method;
        *request.uri_mut() = order.uri;
        *request.headers_mut() = headers;
        Ok(request)
    }
}

type Reply = Result<Response<Body>, Trouble>;

/// What will be asked of the server.
struct Order {
    method: Method,
    uri: Uri,
    payload: Payload,
}

enum Payload {
    /// The browser's bytes, untouched.
    PassedOn,
    /// The body kubeai wants with a read.
    Model(ModelName),
    Nothing,
}

/// Answers everything under `/openai`.
pub async fn handle(
    State(forwarder): State<Arc<Forwarder>>,
    request: Request<Body>,
) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let listed = share::listed(&forwarder.allow_origins, &parts.headers);
    let is_listed = listed.is_some();
    let reply = match forwarder.order(&parts.method, &parts.uri, &parts.headers, is_listed) {
        Ok(order) => forwarder.relay(order, parts.headers, body).await,
        Err(Trouble::NotAllowed(Refused::WrongMethod(methods)))
            if is_listed && parts.method == Method::OPTIONS =>
        {
            Ok(share::permitted(methods))
        }
        Err(trouble) => {
            upload::drain(&parts.headers, body);
            Err(trouble)
        }
    };
    let mut response = reply.unwrap_or_else(IntoResponse::into_response);
    if let Some(origin) = listed {
        share::let_read(response.headers_mut(), origin);
    }
    response
}

fn remove_body_headers(headers: &mut HeaderMap) {
    let about_body = [
        header::CONTENT_LENGTH,
        header::CONTENT_TYPE,
        header::CONTENT_ENCODING,
        header::CONTENT_LANGUAGE,
    ];
    for name in about_body {
        headers.remove(name);
    }
}
