//! What the second part of the page does when it is there: it goes on with what was under way.

use super::opening::{self, Wanted};
use super::{
    access, album, embedding, insecure, keeping, link, neighbours, offline, orphans, removing,
    setup,
};
use crate::app::Page;
use crate::{runtime, task};

pub fn begin(page: Page) {
    runtime::begin(page);
    setup::begin(page);
    access::begin(page);
    neighbours::begin(page);
    offline::begin();
    insecure::begin(page);
    embedding::begin(page);
    match page.others.is_empty() {
        true => link::begin(page),
        // The link may name one of them.
        false => opening::want(page, Wanted::Configured),
    }
    runtime::open(page);
    task::spawn(async move {
        let rows = keeping::earlier(page).await;
        let pictures: Vec<String> =
            rows.iter().flat_map(|row| row.pictures.iter().cloned()).collect();
        album::bring_back(&pictures).await;
        keeping::bring_back(page, &rows).await;
        removing::recount();
        orphans::forget().await;
    });
}
