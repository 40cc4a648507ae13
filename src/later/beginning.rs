//! What the second part of the page does when it is there: it goes on with what was under way.

use super::{access, album, amount, deeds, insecure, keeping, link, offline, orphans, setup};
use crate::app::{Opening, Page, Part};
use crate::{browser, runtime, task};

pub fn begin(page: Page) {
    runtime::on_refusal(deeds::show_refusal);
    runtime::begin(page);
    setup::begin(page);
    access::begin(page);
    offline::begin();
    insecure::begin(page);
    if browser::found("data-embed").is_some() {
        page.open(Part::Embedding);
    }
    match page.others.is_empty() {
        true => link::begin(page),
        // The link may name one of them.
        false => page.open(Part::Opening(Opening::Configured)),
    }
    runtime::open(page);
    task::spawn(async move {
        let rows = keeping::earlier(page).await;
        let pictures: Vec<String> =
            rows.iter().flat_map(|row| row.pictures.iter().cloned()).collect();
        album::bring_back(&pictures).await;
        keeping::bring_back(page, &rows).await;
        amount::recount();
        orphans::forget().await;
    });
}
