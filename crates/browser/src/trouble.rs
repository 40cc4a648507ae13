//! What goes wrong in a scenario, with the line of the scenario that it went wrong at.
//!
//! Invariant: `?` in a scenario keeps the place where it stands.

use std::fmt;
use std::panic::Location;

use thirtyfour::error::WebDriverError;

/// What a step of the harness says when it could not be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trouble(pub String);

impl Trouble {
    /// From any sentence.
    pub fn new(sentence: impl Into<String>) -> Self {
        Self(sentence.into())
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

impl From<String> for Trouble {
    fn from(sentence: String) -> Self {
        Self(sentence)
    }
}

impl From<WebDriverError> for Trouble {
    fn from(error: WebDriverError) -> Self {
        let text = error.to_string();
        // The stack is the driver's own.
        let text = text.split("Stacktrace:").next().unwrap_or_default();
        Self(text.split_whitespace().collect::<Vec<_>>().join(" "))
    }
}

impl From<reqwest::Error> for Trouble {
    fn from(error: reqwest::Error) -> Self {
        // Its `Display` leaves out the cause.
        Self(format!("{error:?}"))
    }
}

/// What a step of the harness answers.
pub type Outcome<T = ()> = Result<T, Trouble>;

/// Why a scenario failed, and where.
#[derive(Debug, Clone)]
pub struct Failure {
    /// What could not be done, or was not as it should be.
    pub why: String,
    /// `file:line` of the scenario.
    pub at: String,
}

impl From<Trouble> for Failure {
    #[track_caller]
    fn from(trouble: Trouble) -> Self {
        let at = Location::caller();
        Self { why: trouble.0, at: format!("{}:{}", at.file(), at.line()) }
    }
}

impl From<WebDriverError> for Failure {
    #[track_caller]
    fn from(error: WebDriverError) -> Self {
        Self::from(Trouble::from(error))
    }
}

/// What a scenario answers.
pub type Verdict<T = ()> = Result<T, Failure>;
