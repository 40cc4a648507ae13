//! Starts the second bundle: resumes stored runs and lists stored results.

use crate::app::{Opening, Page, Part};
use crate::features::commands;
use crate::features::results::{arrived, count, orphans, outputs, stored};
use crate::features::server::access;
use crate::features::server::setup::actions;
use crate::features::settings::notifications;
use crate::features::shell::{insecure, notice, offline};
use crate::features::workflows::link;
use crate::runtime::handlers::Handlers;
use crate::runtime::{input_images, task};
use crate::{browser, runtime};

static HANDLERS: Handlers = Handlers {
    show_refusal: commands::show_refusal,
    notify_end: notifications::ended,
    say_arrived: arrived::came,
    show_results: outputs::show,
    record: stored::record,
    show_stored: |page, rows| {
        Box::pin(async move { stored::show_from_elsewhere(page, &rows).await })
    },
    leave_out: outputs::leave_out,
    mark: outputs::mark,
    recount: count::recount,
};

pub fn begin(page: Page) {
    runtime::begin(page, &HANDLERS);
    actions::begin(page);
    access::begin(page);
    offline::begin();
    insecure::begin(page);
    notice::log(page);
    if browser::found("data-embed").is_some() {
        page.open(Part::Embedding);
    }
    match page.others.is_empty() {
        true => link::begin(page),
        // The link may name one of these workflows, so it is followed after they are opened.
        false => page.open(Part::Opening(Opening::Configured)),
    }
    runtime::open(page);
    task::spawn(async move {
        let rows = stored::earlier(page).await;
        let pictures: Vec<String> =
            rows.iter().flat_map(|row| row.pictures.iter().cloned()).collect();
        input_images::load(&pictures).await;
        stored::bring_back(page, &rows).await;
        count::recount();
        orphans::forget().await;
    });
}
