//! Texts that describe state at a given time. Invariant: they claim only what was observed, and
//! progress reaches its end only when the files are received.

mod card;
mod connection_test;
mod convert;
mod edit;
mod embed;
mod failing;
mod finding;
mod keep_awake;
mod money;
mod notice;
mod open;
mod other;
mod queue;
mod server;
#[cfg(test)]
mod tests;

pub use card::{Card, Mark, Meter, StepLine, announcement, card};
pub use connection_test::{
    FindingView, LinkLine, connection_finding, connection_hiccup, extension, links,
};
pub use convert::unconverted;
pub use edit::{Described, Renewal, unfit};
pub use embed::{misasked, unread, untaken};
pub use failing::{named_problem, problem, warning};
pub use keep_awake::{keep_awake_end, keep_awake_hiccup, keep_awake_line};
pub use money::{Batch, amount, batch_line, cost_line, cost_of, cost_said};
pub use notice::config_notice;
pub use open::{left_out, opening, unlinked, unopened};
pub use other::{Imported, Unpaintable, setup_trouble, unpaintable, unshared};
pub use pilotlight_comfy::failure::FailureView;
pub use pilotlight_runs::pill::{PillState, is_waking};
pub use pilotlight_runs::price::Price;
pub use queue::{Queue, queue};
pub use server::{Pill, device_name, pill, sleeps};

use std::sync::Arc;

use pilotlight_comfy::comfy::Transport;
use pilotlight_comfy::language::Language;
use pilotlight_comfy::time::At;
use pilotlight_forms::form::Form;
use pilotlight_runs::estimate::Range;

/// What the texts depend on besides the described state.
#[derive(Clone, Debug)]
pub struct Reader<'a> {
    /// The present time.
    pub now: At,
    /// The language of the texts.
    pub language: Language,
    /// How long waking this endpoint and model usually takes, in ms.
    pub usual_waking: Option<Range>,
    /// How long running this workflow usually takes, in ms.
    pub usual_run: Option<Range>,
    /// How requests reach the server.
    pub transport: Transport,
    /// Whether the browser has no network.
    pub is_offline: bool,
    /// The price of the GPU, if known.
    pub price: Option<Price<'a>>,
    /// How long the cluster keeps an idle GPU, in ms, if that is known.
    pub idle_ms: Option<u64>,
    /// Whether a field of its form has the run make several pictures at once.
    pub makes_several: bool,
    /// The form of the run, for the names of its fields.
    pub form: Option<Arc<Form>>,
}
