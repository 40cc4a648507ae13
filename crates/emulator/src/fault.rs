//! Faults that can be planned for a request, or rolled for it.
//!
//! Invariant: a fault says what happens *around* ComfyUI; what ComfyUI itself did stands in the
//! executions, so a test can tell a lost reply from a lost request.

use crate::json::Json;
use crate::rng::Rng;

/// Whether the request got through before the fault struck.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// The request never reached kubeai.
    Before,
    /// The request was carried out and its reply was lost.
    After,
}

/// What goes wrong with one request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The gateway answers 502, 503 or 504 with a page of its own.
    Status(u16, When),
    /// The gateway answers 429 with `Retry-After: seconds`.
    TooMany(u32, When),
    /// The gateway answers 413 with a page of its own.
    TooLarge,
    /// The connection ends without a byte.
    Reset(When),
    /// The connection ends in the middle of the reply.
    Cut,
    /// The gateway answers 200 with a page of its own where JSON was due.
    Html(When),
    /// The connection between kubeai and the pod breaks after the pod took the request, this many
    /// times; kubeai tries again at once, up to three times.
    PodReset(u32),
}

/// A fault that waits for its request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlannedFault {
    /// The method it strikes; `None` strikes any.
    pub method: Option<String>,
    /// The path contains this.
    pub path: String,
    /// So many matching requests pass unharmed first.
    pub skip: u32,
    pub fault: Fault,
}

impl PlannedFault {
    /// Strikes the next request with this method (`*`: any) whose path contains `path`.
    pub fn next(method: &str, path: &str, fault: Fault) -> Self {
        let method = (method != "*").then(|| method.to_owned());
        Self { method, path: path.to_owned(), skip: 0, fault }
    }

    /// Reads `"POST /prompt 502 after"`, `"* /history cut"`, `"GET /view reset before skip=2"`.
    /// Kinds: 502, 503, 504, `429:SECONDS`, 413, `reset`, `cut`, `html`, `pod-reset:TIMES`.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut words = text.split_whitespace();
        let (Some(method), Some(path), Some(kind)) = (words.next(), words.next(), words.next())
        else {
            return Err(format!(
                "a fault is written \"METHOD PATH KIND [before|after] [skip=N]\", not {text:?}"
            ));
        };
        let (mut when, mut skip) = (When::Before, 0);
        for word in words {
            match word.strip_prefix("skip=").map(str::parse) {
                Some(Ok(n)) => skip = n,
                None if word == "after" => when = When::After,
                None if word == "before" => when = When::Before,
                _ => {
                    return Err(format!(
                        "{word:?} in the fault {text:?} is not before, after or skip=N"
                    ));
                }
            }
        }
        let (kind, number) = kind.split_once(':').unwrap_or((kind, ""));
        let number = number.parse().unwrap_or(1);
        let fault = match kind {
            "502" => Fault::Status(502, when),
            "503" => Fault::Status(503, when),
            "504" => Fault::Status(504, when),
            "429" => Fault::TooMany(number, when),
            "413" => Fault::TooLarge,
            "reset" => Fault::Reset(when),
            "cut" => Fault::Cut,
            "html" => Fault::Html(when),
            "pod-reset" => Fault::PodReset(number),
            other => {
                return Err(format!(
                    "{other:?} is not a kind of fault (502, 503, 504, 429:SECONDS, 413, reset, cut, html, pod-reset:TIMES)"
                ));
            }
        };
        Ok(Self { skip, ..Self::next(method, path, fault) })
    }

    /// Whether it concerns a request; matching ones that shall pass are counted down.
    pub fn strikes(&mut self, method: &str, path: &str) -> bool {
        let concerns =
            self.method.as_deref().is_none_or(|m| m == method) && path.contains(&self.path);
        if concerns && self.skip > 0 {
            self.skip -= 1;
            return false;
        }
        concerns
    }

    /// As it is written for `set`.
    pub fn to_json(&self) -> Json {
        let when = |when: When| if when == When::After { " after" } else { "" };
        let kind = match self.fault {
            Fault::Status(status, w) => format!("{status}{}", when(w)),
            Fault::TooMany(seconds, w) => format!("429:{seconds}{}", when(w)),
            Fault::TooLarge => "413".to_owned(),
            Fault::Reset(w) => format!("reset{}", when(w)),
            Fault::Cut => "cut".to_owned(),
            Fault::Html(w) => format!("html{}", when(w)),
            Fault::PodReset(times) => format!("pod-reset:{times}"),
        };
        let skip = if self.skip > 0 { format!(" skip={}", self.skip) } else { String::new() };
        Json::Str(format!("{} {} {kind}{skip}", self.method.as_deref().unwrap_or("*"), self.path))
    }
}

/// Any fault at all, for chaos.
pub fn roll(rng: &mut Rng) -> Fault {
    let when = if rng.chance(0.5) { When::After } else { When::Before };
    match rng.below(12) {
        0..=1 => Fault::Status(502, when),
        2..=3 => Fault::Status(503, when),
        4 => Fault::Status(504, when),
        5 => Fault::TooMany(1 + rng.below(4) as u32, when),
        6..=7 => Fault::Reset(when),
        8 => Fault::Cut,
        9 => Fault::Html(when),
        _ => Fault::PodReset(1 + rng.below(4) as u32),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Result<Fault, &str>) {
        match (PlannedFault::parse(text), expected) {
            (Ok(planned), Ok(fault)) => {
                assert_eq!(planned.fault, fault, "{text}");
                let again = planned.to_json();
                assert_eq!(PlannedFault::parse(again.as_str().unwrap()), Ok(planned));
            }
            (Err(said), Err(part)) => assert!(said.contains(part), "{said}"),
            (got, _) => panic!("{text}: {got:?}"),
        }
    }

    #[test]
    fn faults_are_written_in_a_line() {
        check("POST /prompt 502 after", Ok(Fault::Status(502, When::After)));
        check("* /history 429:3", Ok(Fault::TooMany(3, When::Before)));
        check("GET /view reset before skip=2", Ok(Fault::Reset(When::Before)));
        check("POST /prompt pod-reset:4", Ok(Fault::PodReset(4)));
        check("GET /x cut", Ok(Fault::Cut));
        check("GET /x", Err("METHOD PATH KIND"));
        check("GET /x 418", Err("not a kind of fault"));
        check("GET /x cut soon", Err("soon"));
    }

    #[test]
    fn it_strikes_the_request_it_was_planned_for() {
        let mut planned =
            PlannedFault { skip: 1, ..PlannedFault::next("POST", "/prompt", Fault::Cut) };
        assert!(!planned.strikes("GET", "/openai/api/prompt"));
        assert!(!planned.strikes("POST", "/openai/api/queue"));
        assert!(!planned.strikes("POST", "/openai/api/prompt"));
        assert!(planned.strikes("POST", "/openai/api/prompt"));
    }
}
