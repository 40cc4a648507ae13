//! Results and the runs they came of, as this browser keeps them: a small row for each result, read
//! all at once, and a record for each run, read when somebody wants to know more.
//! Invariant: what one version wrote, that version and later ones read; anything else is `None`,
//! never a guess.

mod carried;
mod differ;
mod grid;
mod listing;
mod room;
mod row;
mod sift;

#[cfg(test)]
mod tests;

use serde_json::Value;

use crate::form::Drafts;
use crate::id::PromptId;
use crate::json;
use crate::time::At;
use crate::workflow::Workflow;

pub use carried::Carried;
pub use differ::{Difference, differences};
pub use grid::{Grid, Move};
pub use listing::Listing;
pub use room::{Leaving, leaving};
pub use row::{Key, Piece, Row};
pub use sift::Sieve;

/// A run that has ended with something worth keeping.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    /// The id by which the server knew it.
    pub id: PromptId,
    /// What people know it by; counted up in one browser.
    pub number: u32,
    /// The address and model it ran at, as `Endpoint::key` has it.
    pub endpoint: String,
    /// The id of its form.
    pub form: String,
    /// What the form was called, in the language of the moment.
    pub workflow_title: String,
    /// Its first words.
    pub title: String,
    /// As they were filled in.
    pub drafts: Drafts,
    /// As it was sent, but for the names that its pictures had at the server.
    pub workflow: Workflow,
    pub pressed: At,
    pub ended: At,
    pub spent: Spent,
    /// The version of ComfyUI, if it was told.
    pub server: Option<String>,
    /// In plain words, if it failed; what it brought is kept all the same.
    pub failure: Option<String>,
}

/// How long a run took, in ms; `None` where it did not come to that.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Spent {
    pub waking_ms: Option<u64>,
    pub in_line_ms: Option<u64>,
    /// By the clock of the server where it says so, else by that of the page.
    pub running_ms: Option<u64>,
}

const VERSION: u64 = 1;

impl Record {
    pub fn to_value(&self) -> Value {
        json::object(vec![
            ("v", VERSION.into()),
            ("id", self.id.as_str().into()),
            ("number", self.number.into()),
            ("endpoint", self.endpoint.as_str().into()),
            ("form", self.form.as_str().into()),
            ("workflow_title", self.workflow_title.as_str().into()),
            ("title", self.title.as_str().into()),
            ("drafts", self.drafts.to_value()),
            ("workflow", self.workflow.to_value()),
            ("pressed", self.pressed.0.into()),
            ("ended", self.ended.0.into()),
            ("waking_ms", self.spent.waking_ms.into()),
            ("in_line_ms", self.spent.in_line_ms.into()),
            ("running_ms", self.spent.running_ms.into()),
            ("server", self.server.as_deref().into()),
            ("failure", self.failure.as_deref().into()),
        ])
    }

    pub fn from_value(value: &Value) -> Option<Self> {
        if value.get("v")?.as_u64()? != VERSION {
            return None;
        }
        let text = |name: &str| value.get(name)?.as_str().map(str::to_owned);
        let number = |name: &str| value.get(name)?.as_u64();
        Some(Self {
            id: PromptId::named(value.get("id")?.as_str()?)?,
            number: u32::try_from(number("number")?).ok()?,
            endpoint: text("endpoint")?,
            form: text("form")?,
            workflow_title: text("workflow_title")?,
            title: text("title")?,
            drafts: Drafts::from_value(value.get("drafts")?)?,
            workflow: Workflow::from_value(value.get("workflow")?.clone()).ok()?,
            pressed: At(number("pressed")?),
            ended: At(number("ended")?),
            spent: Spent {
                waking_ms: number("waking_ms"),
                in_line_ms: number("in_line_ms"),
                running_ms: number("running_ms"),
            },
            server: text("server"),
            failure: text("failure"),
        })
    }
}
