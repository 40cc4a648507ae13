//! The cloud's gateway: pages of its own, a time-out, a limit, faults.
//!
//! Invariant: whatever it says itself is HTML and carries no CORS headers.

use crate::fault::{Fault, When};
use crate::http::{Answer, Reply, Request};
use crate::params::Params;

/// A page of the gateway's own.
pub fn page(status: u16) -> Reply {
    let title = match status {
        200 => "200 OK",
        413 => "413 Request Entity Too Large",
        429 => "429 Too Many Requests",
        502 => "502 Bad Gateway",
        503 => "503 Service Temporarily Unavailable",
        504 => "504 Gateway Time-out",
        _ => "Error",
    };
    let body = format!(
        "<html>\r\n<head><title>{title}</title></head>\r\n<body>\r\n<center><h1>{title}</h1></center>\r\n<hr><center>gateway</center>\r\n</body>\r\n</html>\r\n"
    );
    Reply::new(status, "text/html", body).header("Server", "gateway")
}

/// What the gateway says without passing the request on.
pub fn refusal(request: &Request, fault: Option<Fault>, params: &Params) -> Option<Answer> {
    let most = params.gateway_max_body_bytes;
    if most > 0 && request.body.len() as u64 > most {
        return Some(Answer::Reply(page(413)));
    }
    match fault? {
        Fault::Status(status, When::Before) => Some(Answer::Reply(page(status))),
        Fault::TooMany(seconds, When::Before) => Some(Answer::Reply(too_many(seconds))),
        Fault::TooLarge => Some(Answer::Reply(page(413))),
        Fault::Reset(When::Before) => Some(Answer::Reset),
        Fault::Html(When::Before) => Some(Answer::Reply(page(200))),
        Fault::Status(_, When::After)
        | Fault::TooMany(_, When::After)
        | Fault::Reset(When::After)
        | Fault::Html(When::After)
        | Fault::Cut
        | Fault::PodReset(_) => None,
    }
}

/// What becomes of an answer on its way back.
pub fn pass_back(answer: Answer, fault: Option<Fault>) -> Answer {
    match (fault, answer) {
        (Some(Fault::Status(status, When::After)), _) => Answer::Reply(page(status)),
        (Some(Fault::TooMany(seconds, When::After)), _) => Answer::Reply(too_many(seconds)),
        (Some(Fault::Reset(When::After)), _) => Answer::Reset,
        (Some(Fault::Html(When::After)), _) => Answer::Reply(page(200)),
        (Some(Fault::Cut), Answer::Reply(reply)) => cut(reply),
        (_, answer) => answer,
    }
}

/// The path without the query, as the log shows it, stripped of what the gateway drops.
pub fn strip(request: &mut Request, params: &Params) {
    if params.gateway_strips_get_bodies && matches!(request.method.as_str(), "GET" | "HEAD") {
        request.body.clear();
    }
}

fn too_many(seconds: u32) -> Reply {
    page(429).header("Retry-After", &seconds.to_string())
}

/// Half a body; one without a body is lost whole.
fn cut(mut reply: Reply) -> Answer {
    let length = reply.body.len();
    if length == 0 {
        return Answer::Reset;
    }
    reply.body.truncate(length / 2);
    Answer::Cut { reply, length }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(fault: Fault, before: Option<Option<u16>>, after: Option<u16>) {
        let request = Request::new("GET", "/openai/api/queue");
        assert_eq!(
            refusal(&request, Some(fault), &Params::default()).map(|a| a.status()),
            before,
            "{fault:?}"
        );
        let reply = Reply::new(201, "application/json", "{\"a\":1}");
        assert_eq!(pass_back(Answer::Reply(reply), Some(fault)).status(), after, "{fault:?}");
    }

    #[test]
    fn faults_strike_before_or_after() {
        check(Fault::Status(503, When::Before), Some(Some(503)), Some(201));
        check(Fault::Status(502, When::After), None, Some(502));
        check(Fault::TooMany(3, When::Before), Some(Some(429)), Some(201));
        check(Fault::TooLarge, Some(Some(413)), Some(201));
        check(Fault::Reset(When::Before), Some(None), Some(201));
        check(Fault::Reset(When::After), None, None);
        check(Fault::Html(When::After), None, Some(200));
        check(Fault::Cut, None, Some(201));
        check(Fault::PodReset(2), None, Some(201));
    }

    #[test]
    fn half_a_reply() {
        let answer =
            pass_back(Answer::Reply(Reply::new(200, "text/plain", "abcdef")), Some(Fault::Cut));
        let Answer::Cut { reply, length } = answer else { panic!("{answer:?}") };
        assert_eq!((reply.body.as_slice(), length), (&b"abc"[..], 6));
    }

    #[test]
    fn large_bodies_are_refused_when_there_is_a_limit() {
        let request = Request::new("POST", "/x").with_body("text/plain", "abc");
        let status = |most| {
            refusal(&request, None, &Params { gateway_max_body_bytes: most, ..Params::default() })
                .and_then(|a| a.status())
        };
        assert_eq!((status(0), status(3), status(2)), (None, None, Some(413)));
    }
}
