//! The tiles of all results. Invariant: only what is seen is made, with a row before and behind it,
//! and what the keys are at.

use pilotlight_comfy::sighting::Media;
use pilotlight_i18n::text::GalleryText;
use pilotlight_runs::kept::{Grid, Move, Piece, Row};

use super::says;
use crate::app::Page;
use crate::browser;
use crate::dom::{self, El, el};
use crate::later::gallery;
use crate::live::{Live, follow};

/// The id of what has the focus.
const LIST_ID: &str = "gallery-list";
/// Of what is written or answered, on a tile.
const WORDS: usize = 160;

/// What the tiles stand on; copied freely.
#[derive(Clone, Copy)]
pub(super) struct Ground {
    page: Page,
    grid: Live<Grid>,
    /// What is seen of it: width and height.
    size: Live<(u32, u32)>,
    /// How much is scrolled away.
    scrolled: Live<u32>,
    /// The number of the tile that the keys are at.
    active: Live<Option<u32>>,
    /// Number and place of the tiles that are made.
    made: Live<Vec<(u32, usize)>>,
}

impl Ground {
    pub(super) fn new(page: Page) -> Self {
        let (size, scrolled) = (Live::new((0, 0)), Live::new(0));
        let active = Live::new(None);
        let count = Live::from(|| gallery::listing().with(|all| all.sifted().len()));
        let grid = Live::from(move || {
            let (width, view) = size.get();
            Grid::new(count.get(), width, view)
        });
        let made = Live::from(move || {
            let range = grid.get().made(scrolled.get());
            gallery::listing().with(|all| {
                let sifted = all.sifted();
                let range = range.start.min(sifted.len())..range.end.min(sifted.len());
                let from = range.start;
                let seen = sifted[range.clone()].iter().enumerate();
                let mut made: Vec<(u32, usize)> =
                    seen.map(|(at, number)| (*number, from + at)).collect();
                // What has the focus is there, wherever it was scrolled to.
                let place = active.get().and_then(|active| place(sifted, active));
                if let Some(at) = place.filter(|at| !range.contains(at) && !range.is_empty()) {
                    made.push((sifted[at], at));
                }
                made
            })
        });
        Self { page, grid, size, scrolled, active, made }
    }

    fn at(self, number: u32) -> usize {
        let at = |all: &Vec<(u32, usize)>| all.iter().find(|one| one.0 == number).map(|one| one.1);
        self.made.with(at).unwrap_or(0)
    }

    fn measure(self, list: &El) {
        let size = (list.number("clientWidth"), list.number("clientHeight"));
        // Padding on both sides.
        let size = (size.0.saturating_sub(PADDING * 2), size.1);
        if self.size.now() != size {
            self.size.set(size);
        }
    }

    fn go_to(self, list: &El, at: usize) {
        let number = gallery::listing().peek(|all| all.sifted().get(at).copied());
        self.active.set(number);
        let top = self.grid.now().shown(at, self.scrolled.now());
        if top != self.scrolled.now() {
            list.set_number("scrollTop", top);
            self.scrolled.set(top);
        }
    }
}

/// As `--s-4` has it.
const PADDING: u32 = 16;

fn place(sifted: &[u32], number: u32) -> Option<usize> {
    sifted.iter().position(|one| *one == number)
}

pub(super) fn grid(ground: Ground) -> El {
    let page = ground.page;
    follow(move || {
        let numbers = ground.made.with(|all| all.iter().map(|(number, _)| *number).collect());
        gallery::want(page, numbers);
    });
    let sheet = el("div", "gallery-sheet")
        .set("role", "presentation")
        .style("block-size", move || Some(pixels(ground.grid.get().height())))
        .style("--side", move || Some(pixels(ground.grid.get().side)))
        .each(
            move || ground.made.with(|all| all.iter().map(|(number, _)| *number).collect()),
            move |number| tile(ground, number),
        );
    let list = el("div", "gallery-list")
        .set("id", LIST_ID)
        .set("role", "listbox")
        .set("tabindex", "0")
        .set("aria-multiselectable", "true")
        .set("aria-describedby", "gallery-keys")
        .attr("aria-label", says(page, GalleryText::Title))
        .attr("aria-activedescendant", move || {
            let active = ground.active.get()?;
            let is_made = ground.made.with(|all| all.iter().any(|(number, _)| *number == active));
            is_made.then(|| tile_id(active))
        })
        .put(sheet)
        .put(empty(page));
    let (scrolling, measured, pressed, opened) =
        (list.clone(), list.clone(), list.clone(), list.clone());
    dom::everywhere("resize", move |_| {
        if gallery::is_open().now() {
            ground.measure(&measured);
        }
    });
    // What stands above and below it comes and goes.
    follow(move || {
        let _changed = (
            gallery::is_open().get(),
            gallery::selected().with(Vec::is_empty),
            gallery::work().get(),
            gallery::said().get(),
            gallery::deleted().get(),
        );
        let opened = opened.clone();
        leptos::prelude::request_animation_frame(move || ground.measure(&opened));
    });
    let first = list.clone();
    follow(move || {
        if gallery::is_open().get() {
            ground.active.set(None);
            ground.scrolled.set(0);
            first.set_number("scrollTop", 0);
            leptos::prelude::request_animation_frame(|| browser::focus(LIST_ID));
        }
    });
    list.on("scroll", move |_| ground.scrolled.set(scrolling.number("scrollTop")))
        .on("focus", move |_| {
            let first = gallery::listing().peek(|all| all.sifted().first().copied());
            if ground.active.peek(Option::is_none) {
                ground.active.set(first);
            }
        })
        .on("keydown", move |event| key(ground, &pressed, &event))
}

fn key(ground: Ground, list: &El, event: &dom::Heard) {
    let grid = ground.grid.now();
    let at = gallery::listing().peek(|all| {
        let active = ground.active.now()?;
        place(all.sifted(), active)
    });
    let name = event.key();
    let to = match name.as_str() {
        "ArrowLeft" => Move::Before,
        "ArrowRight" => Move::After,
        "ArrowUp" => Move::Up,
        "ArrowDown" => Move::Down,
        "PageUp" => Move::PageUp,
        "PageDown" => Move::PageDown,
        "Home" => Move::First,
        "End" => Move::Last,
        "Enter" => {
            if let Some(number) = ground.active.now() {
                open(ground.page, number);
            }
            return event.prevent();
        }
        " " => {
            if let Some(number) = ground.active.now() {
                toggle(number);
            }
            return event.prevent();
        }
        "a" if event.is("ctrlKey") || event.is("metaKey") => {
            gallery::select_all();
            return event.prevent();
        }
        "Escape" if gallery::selected().peek(|all| !all.is_empty()) => {
            gallery::selected().set(Vec::new());
            return event.prevent();
        }
        _ => return,
    };
    event.prevent();
    if grid.count > 0 {
        ground.go_to(list, at.map_or(0, |at| grid.moved(at, to)));
    }
}

fn toggle(number: u32) {
    gallery::selected().update(|all| match all.iter().position(|one| *one == number) {
        Some(at) => drop(all.remove(at)),
        None => all.push(number),
    });
}

/// From the one selected last to here.
fn select_to(number: u32) {
    let Some(last) = gallery::selected().peek(|all| all.last().copied()) else {
        return toggle(number);
    };
    let between = gallery::listing().peek(|all| {
        let (from, to) = (place(all.sifted(), last)?, place(all.sifted(), number)?);
        Some(all.sifted()[from.min(to)..=from.max(to)].to_vec())
    });
    gallery::selected().update(|all| {
        all.retain(|one| !between.iter().flatten().any(|other| other == one));
        all.extend(between.unwrap_or_default());
    });
}

fn open(page: Page, number: u32) {
    let key = gallery::listing().peek(|all| all.row(number).map(|row| row.key.clone()));
    if let Some(key) = key {
        gallery::show(page, key);
    }
}

fn tile_id(number: u32) -> String {
    ["tile-", &u64::from(number).to_string()].concat()
}

fn pixels(length: u32) -> String {
    [&u64::from(length).to_string(), "px"].concat()
}

fn tile(ground: Ground, number: u32) -> Option<El> {
    let page = ground.page;
    let row = gallery::listing().peek(|all| all.row(number).cloned())?;
    let is_selected = move || gallery::selected().with(|all| all.contains(&number));
    let words = row.prompt.clone();
    let marks = move || {
        let marked = |all: &pilotlight_runs::kept::Listing| {
            all.row(number).map(|row| (row.is_starred, row.is_pinned))
        };
        gallery::listing().with(marked).unwrap_or_default()
    };
    let name = move || {
        let (is_starred, is_pinned) = marks();
        let language = page.language.get();
        let mut name = words.clone();
        for (is_on, word) in [(is_starred, GalleryText::Starred), (is_pinned, GalleryText::Pinned)]
        {
            if is_on {
                name.push_str(" · ");
                name.push_str(word.say(language));
            }
        }
        name
    };
    let number_of = |number: usize| (number as u64).to_string();
    let note = row.prompt.lines().next().unwrap_or_default().to_owned();
    let check = el("span", "tile-check").on("click", move |event| {
        event.stop();
        toggle(number);
    });
    let tile = el("div", "tile")
        .set("role", "option")
        .set("id", &tile_id(number))
        .attr("aria-posinset", move || number_of(ground.at(number) + 1))
        .attr("aria-setsize", move || number_of(ground.grid.get().count))
        .attr("aria-selected", move || is_selected().to_string())
        .attr("aria-label", name)
        .attr("data-active", move || {
            (ground.active.get() == Some(number)).then(|| "true".to_owned())
        })
        .attr("data-marks", move || match marks() {
            (false, false) => None,
            (true, false) => Some("★".to_owned()),
            (false, true) => Some("⚑".to_owned()),
            (true, true) => Some("★ ⚑".to_owned()),
        })
        .style("translate", move || {
            let (left, top) = ground.grid.get().place(ground.at(number));
            Some([&pixels(left), " ", &pixels(top)].concat())
        })
        .on("click", move |event| {
            ground.active.set(Some(number));
            if event.is("shiftKey") {
                select_to(number);
            } else if event.is("ctrlKey") || event.is("metaKey") || super::bar::is_selecting().now()
            {
                toggle(number);
            } else {
                open(page, number);
            }
        })
        .put(face(number, &row))
        .put(check)
        .put(el("span", "tile-note").text(&note));
    Some(tile)
}

/// A picture, the first words of an answer, or the name of another file.
fn face(number: u32, row: &Row) -> El {
    if gallery::is_drawn(row) {
        return el("img", "tile-face")
            .set("alt", "")
            .set("draggable", "false")
            .attr("src", move || gallery::thumb(number));
    }
    let (kind, words) = match &row.piece {
        Piece::Text(text) => ("text", text.chars().take(WORDS).collect()),
        Piece::File { name, media, .. } => {
            let kind = match media {
                Media::Audio => "audio",
                Media::Video => "video",
                Media::Image | Media::Other => "file",
            };
            (kind, name.clone())
        }
        Piece::Gone => ("gone", String::new()),
    };
    el("span", "tile-face").set("data-kind", kind).text(&words)
}

/// Why nothing is listed.
fn empty(page: Page) -> El {
    let why = move || {
        let is_loading = gallery::work().get() == gallery::Work::Loading;
        gallery::listing().with(|all| match (all.sifted().is_empty(), all.count()) {
            (false, _) => None,
            (true, 0) if is_loading => None,
            (true, 0) => Some(GalleryText::Empty),
            (true, _) => Some(GalleryText::NoMatches),
        })
    };
    el("div", "gallery-empty")
        .line("p", "", move || Some(why()?.say(page.language.get()).to_owned()))
}
