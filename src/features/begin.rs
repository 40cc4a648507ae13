//! Starts the second bundle: resumes stored runs and lists stored results.

use crate::app::{Opening, Page, Part};
use crate::features::commands;
use crate::features::form::input_images;
use crate::features::results::{count, orphans, stored};
use crate::features::server::access;
use crate::features::server::setup::actions;
use crate::features::shell::{insecure, notice, offline};
use crate::features::workflows::link;
use crate::runtime::task;
use crate::{browser, runtime};

pub fn begin(page: Page) {
    runtime::on_refusal(commands::show_refusal);
    runtime::begin(page);
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
        input_images::bring_back(&pictures).await;
        stored::bring_back(page, &rows).await;
        count::recount();
        orphans::forget().await;
    });
}
