//! What stands above and below the tiles: what is searched for, and what is done with what is
//! selected.

use pilotlight_comfy::sighting::Media;
use pilotlight_i18n::text::{CountedText, GalleryText};
use pilotlight_runs::kept::{Key, Piece, Row, Sieve};

use super::super::button::{bare, icon};
use super::{close, icon_of, says};
use crate::app::Page;
use crate::dom::{El, el};
use crate::later::gallery::{self, Mark};
use crate::live::{Live, follow};

/// What this module holds while the page is open.
#[derive(Default)]
struct State {
    /// Whether a press on a tile selects it.
    is_selecting: Live<bool>,
}

fn state() -> &'static State {
    crate::runtime::state::of()
}

pub(super) fn is_selecting() -> Live<bool> {
    state().is_selecting
}

pub(super) fn head(page: Page) -> El {
    let count = move || {
        let count = gallery::listing().with(|all| all.sifted().len());
        CountedText::Results { count }.say(page.language.get())
    };
    let words = Live::new(String::new());
    follow(move || {
        if !gallery::is_open().get() {
            words.set(String::new());
            is_selecting().set(false);
        }
    });
    let search = el("input", "box gallery-search")
        .set("type", "search")
        .set("autocomplete", "off")
        .attr("aria-label", says(page, GalleryText::Search))
        .attr("placeholder", says(page, GalleryText::Search))
        .value(move || words.get())
        .on("input", move |event| {
            words.set(event.value());
            sift(|sieve| sieve.set_words(&words.now()));
        });
    let starred = bare(|| sift(|sieve| sieve.only_starred = !sieve.only_starred))
        .set("data-kind", "quiet")
        .attr("aria-pressed", || gallery::sieve().with(|it| it.only_starred).to_string())
        .put(icon("#star"))
        .put(el("span", "").says(says(page, GalleryText::Starred)));
    let select = bare(|| is_selecting().set(!is_selecting().now()))
        .set("data-kind", "quiet")
        .attr("aria-pressed", || is_selecting().get().to_string())
        .put(icon("#check"))
        .put(el("span", "").says(says(page, GalleryText::Select)));
    let chooser = el("input", "unseen")
        .set("type", "file")
        .set("accept", ".zip,application/zip")
        .set("tabindex", "-1")
        .attr("aria-label", says(page, GalleryText::Import))
        .on("change", move |event| {
            let files = event.target().map(|input| input.take_files());
            if let Some(file) = files.into_iter().flatten().next() {
                gallery::bring_in(page, file);
            }
        });
    let choose = chooser.clone();
    let export = icon_of(page, "#download", GalleryText::Export, move || {
        gallery::export(page, &chosen());
    })
    .flag("disabled", || gallery::listing().with(|all| all.sifted().is_empty()));
    let name = el("div", "gallery-name")
        .put(
            el("h2", "dialog-title")
                .set("id", "gallery-title")
                .says(says(page, GalleryText::Title)),
        )
        .put(el("span", "results-count").set("role", "status").says(count));
    let tools = el("div", "gallery-tools")
        .put(export)
        .put(icon_of(page, "#import", GalleryText::Import, move || choose.call("click")))
        .put(chooser)
        .put(close(page, move || gallery::leave(page)));
    let filters = el("div", "gallery-filters")
        .put(search)
        .put(workflows(page))
        .put(starred)
        .put(select)
        .put(all(page));
    el("div", "gallery-head").put(name).put(filters).put(tools)
}

/// The way out of a filter that leaves nothing.
fn all(page: Page) -> El {
    el("span", "").remade(move || {
        let is_shown = gallery::sieve().with(|sieve| !sieve.is_open())
            && gallery::listing().with(|all| all.sifted().is_empty());
        is_shown.then(|| {
            bare(|| gallery::set_sieve(Sieve::default()))
                .set("data-kind", "quiet")
                .says(says(page, GalleryText::ShowAll))
        })
    })
}

fn sift(change: impl FnOnce(&mut Sieve)) {
    let mut sieve = gallery::sieve().now();
    change(&mut sieve);
    gallery::set_sieve(sieve);
}

/// Which workflow's results are shown; all of them at first.
fn workflows(page: Page) -> El {
    let titles = Live::from(move || gallery::form_titles(page));
    let chosen = || gallery::sieve().with(|sieve| sieve.form.clone().unwrap_or_default());
    el("select", "box gallery-forms")
        .attr("aria-label", says(page, GalleryText::Workflow))
        .remade(move || {
            let every =
                el("option", "").set("value", "").says(says(page, GalleryText::AllWorkflows));
            let mut options = vec![every];
            for (form, title) in titles.get() {
                options.push(el("option", "").set("value", &form).text(&title));
            }
            options
        })
        .value(move || {
            titles.with(|_| ());
            chosen()
        })
        .on("change", |event| {
            let form = Some(event.value()).filter(|form| !form.is_empty());
            sift(|sieve| sieve.form = form);
        })
}

/// What is done something with: what is selected, or else all that is listed.
fn chosen() -> Vec<u32> {
    match gallery::selected().now() {
        selected if selected.is_empty() => gallery::listing().peek(|all| all.sifted().to_vec()),
        selected => selected,
    }
}

fn rows() -> Vec<Row> {
    gallery::selected().with(|numbers| {
        let row = |number: &u32| gallery::listing().with(|all| all.row(*number).cloned());
        numbers.iter().filter_map(row).collect()
    })
}

pub(super) fn foot(page: Page) -> El {
    let has_some = Live::from(|| gallery::selected().with(|all| !all.is_empty()));
    let keys = el("p", "unseen").set("id", "gallery-keys").says(says(page, GalleryText::Keys));
    let foot = el("div", "gallery-foot").keyed(
        move || usize::from(has_some.get()) * 2 + usize::from(is_selecting().get()),
        move |state| match state {
            0 => Vec::new(),
            1 => selecting(page),
            _ => actions(page),
        },
    );
    el("div", "").put(keys).put(foot)
}

/// Nothing is selected yet.
fn selecting(page: Page) -> Vec<El> {
    let every = bare(gallery::select_all).set("data-kind", "quiet");
    let done = bare(|| is_selecting().set(false)).set("data-kind", "quiet");
    vec![
        el("span", "gallery-selected").says(says(page, GalleryText::CompareHint)),
        every.says(says(page, GalleryText::SelectAll)),
        done.says(says(page, GalleryText::DoneSelecting)),
    ]
}

/// What can be done with what is selected.
fn actions(page: Page) -> Vec<El> {
    let count = move || gallery::selected().with(Vec::len);
    let sure = Live::new(false);
    // Another selection is another question.
    follow(move || {
        count();
        sure.set(false);
    });
    let selected = el("span", "gallery-selected")
        .set("role", "status")
        .says(move || CountedText::Selected { count: count() }.say(page.language.get()));
    let action = |href, word, press: Box<dyn Fn()>| {
        bare(press)
            .set("data-kind", "quiet")
            .attr("title", says(page, word))
            .put(icon(href))
            .put(el("span", "").says(says(page, word)))
    };
    let two = Live::from(|| {
        let rows = rows();
        rows.len() == 2 && rows.iter().all(is_picture)
    });
    let compare = action(
        "#compare",
        GalleryText::Compare,
        Box::new(move || {
            if let [one, other] = *gallery::selected().now() {
                gallery::compare(page, one, other);
            }
        }),
    )
    .flag("disabled", move || !two.get());
    let export = action(
        "#download",
        GalleryText::Export,
        Box::new(move || gallery::export(page, &gallery::selected().now())),
    );
    let delete = bare(move || {
        let numbers = gallery::selected().now();
        if numbers.len() > 1 && !sure.now() {
            return sure.set(true);
        }
        gallery::delete(page, &numbers);
    })
    .set("data-kind", "quiet")
    .put(icon("#delete"))
    .put(el("span", "").says(move || match sure.get() {
        true => CountedText::DeleteSure { count: count() }.say(page.language.get()),
        false => GalleryText::Delete.say(page.language.get()).to_owned(),
    }));
    let none = action(
        "#close",
        GalleryText::Clear,
        Box::new(|| {
            gallery::selected().set(Vec::new());
            is_selecting().set(false);
        }),
    );
    let every = action("#plus", GalleryText::SelectAll, Box::new(gallery::select_all));
    vec![
        selected,
        every,
        marker(page, Mark::Star),
        marker(page, Mark::Pin),
        compare,
        export,
        delete,
        none,
    ]
}

fn is_picture(row: &Row) -> bool {
    matches!(row.piece, Piece::File { media: Media::Image, .. })
}

/// Marks all that are selected, or, where all are, takes the mark off them.
fn marker(page: Page, mark: Mark) -> El {
    let is_on = Live::from(move || rows().iter().all(|row| mark.is_on(row)));
    let (on, off, href) = words(mark);
    let word = move || if is_on.get() { off } else { on };
    bare(move || {
        let keys: Vec<Key> = rows().into_iter().map(|row| row.key).collect();
        gallery::mark(page, keys, mark, !is_on.now());
    })
    .set("data-kind", "quiet")
    .attr("title", move || title(mark, word()).say(page.language.get()).to_owned())
    .put(icon(href))
    .put(el("span", "").says(move || word().say(page.language.get()).to_owned()))
}

/// What puts a mark on, what takes it off, and its icon.
pub(super) fn words(mark: Mark) -> (GalleryText, GalleryText, &'static str) {
    match mark {
        Mark::Star => (GalleryText::Star, GalleryText::Unstar, "#star"),
        Mark::Pin => (GalleryText::Pin, GalleryText::Unpin, "#keep"),
    }
}

/// A pin says what it is good for.
pub(super) fn title(mark: Mark, word: GalleryText) -> GalleryText {
    match (mark, word) {
        (Mark::Pin, GalleryText::Pin) => GalleryText::PinHint,
        (_, word) => word,
    }
}
