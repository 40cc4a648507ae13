//! Where the choices and bounds of a form come from, how old they are, and the way to ask again.

use pilotlight_i18n::present::Renewal;

use super::super::button::bare;
use crate::app::Page;
use crate::dom::{El, el};
use crate::later::editing;

pub(super) fn origin(page: Page) -> Option<El> {
    let (described, renewal) = (editing::described(page)?, editing::renewal());
    let is_asking = move || renewal.get() == Some(Renewal::Asking);
    let ask = bare(move || editing::ask_again(page))
        .set("id", editing::ASK_AGAIN)
        .attr("aria-busy", move || is_asking().then(|| "true".to_owned()))
        .says(move || described.ask(page.language.get()));
    let came = move || {
        let came = renewal.get();
        came.map(|came| came.say(page.language.get())).unwrap_or_default()
    };
    let origin = el("div", "dialog-part")
        .put(el("p", "dialog-hint").says(move || described.say(page.language.get())))
        .put(el("div", "").put_all(page.endpoint.get().map(|_| ask)))
        .put(el("p", "dialog-hint").set("role", "status").says(came));
    Some(origin)
}
