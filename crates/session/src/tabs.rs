//! Messages between tabs about results. Invariant: only the names in a message are used; the data
//! is read from the database.

use pilotlight_comfy::json;

use crate::change::ResultsChange;
use crate::context::Handling;
use crate::effect::Effect;
use crate::session::Session;

impl Session {
    /// Tells the other tabs about a change that was made in this one.
    pub(crate) fn results_changed(&self, change: ResultsChange, h: &mut Handling) {
        h.push(Effect::SendToTabs(json::to_text(&change)));
        h.push(Effect::ResultsChanged(change));
    }

    /// Applies a message of another tab. One of a later version that cannot be read is ignored: the
    /// next reload shows the change.
    pub(crate) fn tab_told(&self, message: &str, h: &mut Handling) {
        if let Some(change) = json::from_text::<ResultsChange>(message) {
            h.push(Effect::ShowResultsChange(change.clone()));
            h.push(Effect::ResultsChanged(change));
        }
    }
}
