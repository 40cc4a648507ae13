//! Two pictures compared: one over the other, or side by side, and what was asked for differently.

use pilotlight_i18n::text::GalleryText;
use pilotlight_runs::kept::{Difference, differences};

use super::super::button::bare;
use super::super::modal::layer;
use super::{close, says};
use crate::app::{Content, Page};
use crate::dom::{El, el};
use crate::later::gallery::{self, Shown};
use crate::live::Live;

const HALF: u32 = 50;

pub(super) fn compare(page: Page) -> El {
    let is_open = || gallery::compared().with(Option::is_some);
    let head = el("div", "viewer-head")
        .put(
            el("h2", "compare-title")
                .set("id", "compare-title")
                .says(says(page, GalleryText::CompareTitle)),
        )
        .put(close(page, gallery::end_comparing));
    let is_divided = Live::new(true);
    let switch =
        bare(move || is_divided.set(!is_divided.now())).set("data-kind", "quiet").says(move || {
            let other = match is_divided.get() {
                true => GalleryText::SideBySide,
                false => GalleryText::Overlay,
            };
            other.say(page.language.get()).to_owned()
        });
    let body = el("div", "compare-body").remade(move || {
        let pair = gallery::compared().get()?;
        Some([stage(page, &pair, is_divided), table(page, &pair)])
            .map(|parts| el("div", "compare-parts").put_all(parts))
    });
    layer("viewer compare", is_open, gallery::end_comparing)
        .set("aria-labelledby", "compare-title")
        .put(head.put(switch))
        .put(body)
}

fn stage(page: Page, (one, other): &(Shown, Shown), is_divided: Live<bool>) -> El {
    let at = Live::new(HALF);
    let percent = move || Some([&u64::from(at.get()).to_string(), "%"].concat());
    let range = el("input", "compare-range")
        .set("type", "range")
        .set("min", "0")
        .set("max", "100")
        .attr("aria-label", says(page, GalleryText::Divider))
        .flag("hidden", move || !is_divided.get())
        .value(move || u64::from(at.get()).to_string())
        .on("input", move |event| at.set(event.value().parse().unwrap_or(HALF)));
    el("div", "compare-stage")
        .attr("data-divided", move || is_divided.get().then(|| "true".to_owned()))
        .style("--at", percent)
        .put(picture(one))
        .put(picture(other))
        .put(el("span", "compare-line"))
        .put(range)
}

fn picture(shown: &Shown) -> El {
    let url = match &shown.finding.content {
        Content::File { url, .. } => url.as_str(),
        Content::Gone | Content::Removed(_) | Content::Text { .. } => "",
    };
    el("img", "compare-picture").set("alt", &shown.finding.row.prompt).set("src", url)
}

/// What was asked for differently, and the seeds that were really used.
fn table(page: Page, (one, other): &(Shown, Shown)) -> El {
    let mut rows: Vec<El> = Vec::new();
    let seeds = [one, other].map(|shown| shown.finding.row.seed.map(|seed| seed.to_string()));
    let mut has_seeds = false;
    if let (Some(first), Some(second)) = (&one.record, &other.record) {
        let found = differences(first, second);
        let of_seeds = |found: &Difference| [found.one.clone(), found.other.clone()] == seeds;
        has_seeds = found.iter().any(of_seeds);
        rows.extend(found.iter().map(difference));
    }
    if seeds[0] != seeds[1] && !has_seeds {
        let [first, second] = seeds.map(Option::unwrap_or_default);
        let name = el("th", "").set("scope", "row").says(says(page, GalleryText::Seed));
        let cells = [name, el("td", "").text(&first), el("td", "").text(&second)];
        rows.push(el("tr", "").put_all(cells));
    }
    if rows.is_empty() {
        return el("p", "compare-same").says(says(page, GalleryText::NoDifference));
    }
    let head = [el("th", "").says(says(page, GalleryText::Differences)), el("th", "").text("1")];
    let head = el("tr", "").put_all(head).put(el("th", "").text("2"));
    let head = el("thead", "").put(head);
    el("div", "compare-table")
        .set("tabindex", "0")
        .set("role", "group")
        .attr("aria-label", says(page, GalleryText::Differences))
        .put(el("table", "").put(head).put(el("tbody", "").put_all(rows)))
}

fn difference(found: &Difference) -> El {
    let said = |value: &Option<String>| el("td", "").text(value.as_deref().unwrap_or("–"));
    let name = [&found.node, " · ", &found.input].concat();
    el("tr", "")
        .put(el("th", "").set("scope", "row").text(&name))
        .put(said(&found.one))
        .put(said(&found.other))
}
