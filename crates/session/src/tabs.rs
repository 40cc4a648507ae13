//! What the tabs of one browser tell each other about results. Invariant: nothing is believed but
//! names; what they stand for is read from the database.

use pilotlight_comfy::json;

use crate::change::ResultsChange;
use crate::context::Handling;
use crate::effect::Effect;
use crate::session::Session;

impl Session {
    /// Has the other tabs follow a change that was made in this one.
    pub(crate) fn results_changed(&self, change: ResultsChange, h: &mut Handling) {
        h.push(Effect::TellTabs(json::to_text(&change)));
        h.push(Effect::ResultsChanged(change));
    }

    /// Follows what another tab tells. A message of a later version that is not understood changes
    /// nothing: the next reload shows what is kept.
    pub(crate) fn tab_told(&self, message: &str, h: &mut Handling) {
        if let Some(change) = json::from_text::<ResultsChange>(message) {
            h.push(Effect::ShowResultsChange(change.clone()));
            h.push(Effect::ResultsChanged(change));
        }
    }
}
