//! Which requests are relayed: one table of methods and paths.
//!
//! Invariant: the path that leaves is rebuilt from checked parts, never copied from the request.

use axum::http::Method;

use crate::segment;

/// A request that may be relayed, with the path it takes below the upstream's `/api/`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Allowed {
    /// Path below `/api/`, encoded again, such as `history/0a1b`.
    pub path: String,
    /// A read, so its model travels in the query.
    pub is_read: bool,
}

/// Why a request is not relayed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refused {
    /// No route has this path.
    UnknownPath,
    /// The path exists; these methods are served.
    WrongMethod(&'static str),
    /// A part of the path that names a run or a class cannot be one.
    BadSegment(&'static str),
}

const READ: &str = "GET";
const WRITE: &str = "POST";
const BOTH: &str = "GET, POST";

/// Methods and paths below `/openai/api/`. `{id}` is a run, `{class}` a node class. nginx and Caddy
/// have the same table in their own words (`deploy/`).
///
/// The whole history is not here: it shows everybody's runs, and the page never asks for it.
pub const ROUTES: &[(&str, &str)] = &[
    (READ, "system_stats"),
    (BOTH, "queue"),
    (READ, "history/{id}"),
    (READ, "view"),
    (READ, "object_info"),
    (READ, "object_info/{class}"),
    (READ, "features"),
    (WRITE, "prompt"),
    (WRITE, "interrupt"),
    (WRITE, "upload/image"),
    (BOTH, "pilotlight/wait/{id}"),
    (BOTH, "pilotlight/events/{id}"),
    (BOTH, "pilotlight/awake"),
    (WRITE, "pilotlight/system_stats"),
    (WRITE, "pilotlight/queue"),
    (WRITE, "pilotlight/history/{id}"),
    (WRITE, "pilotlight/view"),
    (WRITE, "pilotlight/object_info"),
    (WRITE, "pilotlight/object_info/{class}"),
];

/// Looks `method` and `path` (as it arrived, still encoded) up in the table.
///
/// # Errors
/// See [`Refused`].
pub fn admit(method: &Method, path: &str) -> Result<Allowed, Refused> {
    let rest = path.strip_prefix("/openai/api/").ok_or(Refused::UnknownPath)?;
    let parts: Vec<&str> = rest.split('/').collect();
    let (methods, route) =
        ROUTES.iter().find(|(_, route)| has_shape(route, &parts)).ok_or(Refused::UnknownPath)?;
    if !methods.split(", ").any(|known| known == method.as_str()) {
        return Err(Refused::WrongMethod(methods));
    }
    let mut checked = Vec::with_capacity(parts.len());
    for (pattern, part) in route.split('/').zip(parts) {
        checked.push(match pattern {
            "{id}" => segment::run_id(part).map_err(Refused::BadSegment)?,
            "{class}" => segment::class_name(part).map_err(Refused::BadSegment)?,
            literal => literal.to_owned(),
        });
    }
    Ok(Allowed { path: checked.join("/"), is_read: method == Method::GET })
}

fn has_shape(route: &str, parts: &[&str]) -> bool {
    let mut patterns = route.split('/');
    let mut parts = parts.iter();
    loop {
        match (patterns.next(), parts.next()) {
            (None, None) => return true,
            (Some(pattern), Some(part)) if pattern.starts_with('{') || pattern == *part => {}
            _ => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(method: &str, path: &str, expected: Result<&str, Refused>) {
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        let found = admit(&method, path).map(|allowed| allowed.path);
        assert_eq!(found, expected.map(str::to_owned), "{method} {path}");
    }

    #[test]
    fn the_table_is_all_that_passes() {
        check("GET", "/openai/api/system_stats", Ok("system_stats"));
        check("GET", "/openai/api/queue", Ok("queue"));
        check("POST", "/openai/api/queue", Ok("queue"));
        check("GET", "/openai/api/history/0a-1b", Ok("history/0a-1b"));
        check("POST", "/openai/api/upload/image", Ok("upload/image"));
        check("GET", "/openai/api/pilotlight/wait/x1", Ok("pilotlight/wait/x1"));
        check("POST", "/openai/api/pilotlight/wait/x1", Ok("pilotlight/wait/x1"));
        check("GET", "/openai/api/pilotlight/events/x1", Ok("pilotlight/events/x1"));
        check("POST", "/openai/api/pilotlight/events/x1", Ok("pilotlight/events/x1"));
        check("POST", "/openai/api/pilotlight/view", Ok("pilotlight/view"));
        check("GET", "/openai/api/pilotlight/awake", Ok("pilotlight/awake"));
        check("POST", "/openai/api/pilotlight/awake", Ok("pilotlight/awake"));

        check("GET", "/openai/api/prompt", Err(Refused::WrongMethod("POST")));
        check("POST", "/openai/api/view", Err(Refused::WrongMethod("GET")));
        check("DELETE", "/openai/api/queue", Err(Refused::WrongMethod("GET, POST")));
        check("HEAD", "/openai/api/queue", Err(Refused::WrongMethod("GET, POST")));
        check("OPTIONS", "/openai/api/prompt", Err(Refused::WrongMethod("POST")));

        for path in [
            "/openai",
            "/openai/",
            "/openai/api",
            "/openai/api/",
            "/openai/api/history",
            "/openai/api/history/a/b",
            "/openai/api/queue/",
            "/openai/api/awake",
            "/openai/api/pilotlight/awake/x",
            "/openai/api//queue",
            "/openai/api/./queue",
            "/openai/api/x/../queue",
            "/openai/api/%71ueue",
            "/openai/api/Queue",
            "/openai/api/free",
            "/openai/api/users",
            "/openai/api/userdata/x",
            "/openai/v1/models",
            "/openai/system_stats",
            "/api/system_stats",
            "/__emulator/log",
        ] {
            check("GET", path, Err(Refused::UnknownPath));
            check("POST", path, Err(Refused::UnknownPath));
        }
    }

    #[test]
    fn classes_are_encoded_again() {
        check(
            "GET",
            "/openai/api/object_info/ShowText%7Cpysssss",
            Ok("object_info/ShowText%7Cpysssss"),
        );
        check("GET", "/openai/api/object_info/ShowText|x", Ok("object_info/ShowText%7Cx"));
        check("GET", "/openai/api/object_info/A%20(b)", Ok("object_info/A%20%28b%29"));
    }
}
