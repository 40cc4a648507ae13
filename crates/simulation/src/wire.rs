//! Requests of the page as they arrive at the gateway, and what a browser makes of the answers.
//! Invariant: only what a relay or a browser does is done here; nothing is read into a reply.

use pilotlight_comfy::comfy::{Body, Method, Reply, Request, Response, Transport};
use pilotlight_comfy::failure::ApiError;
use pilotlight_comfy::time;
use pilotlight_emulator::{Answer, Reply as Answered, Request as Arriving};

pub const MODEL: &str = "serverless-comfyui";
const ORIGIN: &str = "https://pilotlight.example";
const BOUNDARY: &str = "----pilotlight";

/// A picture of one pixel.
const PICTURE: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x04\0\0\0\xb5\x1c\
\x0c\x02\0\0\0\x0bIDATx\xdac\xfc_\x0f\0\x02\x83\x01\x80\x35\xb3\xc2\x95\0\0\0\0IEND\xaeB`\x82";

/// The request as kubeai's gateway meets it. A relay moves the model of a GET into a body.
pub fn arriving(request: &Request, transport: Transport) -> Arriving {
    let method = match request.method {
        Method::Get => "GET",
        Method::Post => "POST",
    };
    let target = format!("/{}", request.url.trim_start_matches('/'));
    let mut arriving = match &request.body {
        Body::Empty => with_model(Arriving::new(method, &target)),
        Body::Json(text) => {
            Arriving::new(method, &target).with_body("application/json", text.as_str())
        }
        Body::Plain(text) => {
            Arriving::new(method, &target).with_body("text/plain;charset=UTF-8", text.as_str())
        }
        Body::Upload { fields, file_name } => Arriving::new(method, &target).with_body(
            &format!("multipart/form-data; boundary={BOUNDARY}"),
            form(fields, file_name),
        ),
    };
    if transport == Transport::Direct {
        arriving = arriving.header("Origin", ORIGIN).header("Sec-Fetch-Site", "cross-site");
    }
    arriving
}

fn with_model(mut request: Arriving) -> Arriving {
    let Some(at) = request.query.find("model=") else { return request };
    request.query.truncate(at.saturating_sub(1));
    request.with_body("application/json", format!("{{\"model\":\"{MODEL}\"}}"))
}

fn form(fields: &[(&'static str, String)], file_name: &str) -> Vec<u8> {
    let mut body = Vec::new();
    for (name, value) in fields {
        let part = format!(
            "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
        );
        body.extend_from_slice(part.as_bytes());
    }
    let head = format!(
        "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"image\"; filename=\"{file_name}\"\r\nContent-Type: image/png\r\n\r\n"
    );
    body.extend_from_slice(head.as_bytes());
    body.extend_from_slice(PICTURE);
    body.extend_from_slice(format!("\r\n--{BOUNDARY}--\r\n").as_bytes());
    body
}

/// What the page hears. `halves`: a cut reply shows as half a body rather than as a broken
/// connection, as it does when its length was not announced.
pub fn heard(answer: Answer, transport: Transport, halves: bool) -> Response {
    let reply = match answer {
        Answer::Reply(reply) => reply,
        Answer::Cut { reply, .. } if halves => reply,
        Answer::Cut { .. } => return Err(ApiError::Unanswered),
        Answer::Reset => {
            return match transport {
                Transport::Relay => Ok(Reply {
                    status: 502,
                    retry_after_s: None,
                    from_relay: true,
                    modified_ms: None,
                    body: b"{\"error\":\"the server did not answer\"}".to_vec(),
                    key: None,
                }),
                Transport::Direct => Err(ApiError::Unanswered),
            };
        }
    };
    if transport == Transport::Direct && reply.get_header("Access-Control-Allow-Origin").is_none() {
        return Err(ApiError::Unanswered);
    }
    Ok(page_side(reply))
}

fn page_side(reply: Answered) -> Reply {
    let retry_after_s = reply.get_header("Retry-After").and_then(|text| text.parse().ok());
    let modified_ms = reply.get_header("Last-Modified").and_then(time::http_date_ms);
    Reply {
        status: reply.status,
        retry_after_s,
        from_relay: false,
        modified_ms,
        body: reply.body,
        key: None,
    }
}
