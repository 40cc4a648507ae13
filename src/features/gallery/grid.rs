//! The tiles of the gallery. Invariant: only the visible tiles, one row before and after them, and
//! the active tile are created.

use crate::events;
use leptos::prelude::*;
use leptos::{ev, html};
use pilotlight_comfy::run_status::Media;
use pilotlight_i18n::text::GalleryText;
use pilotlight_runs::results::{Grid, Listing, Move, ResultContent, ResultRow};

use crate::app::Page;
use crate::browser;
use crate::components::{Icon, follow};
use crate::features::gallery::actions;
use crate::features::results::marks::{MarkSigns, Marks};

/// The id of the list, which has the focus.
const LIST_ID: &str = "gallery-list";
/// How many characters of a text are shown on a tile.
const WORDS: usize = 160;

/// The state of the tiles; cheap to copy.
#[derive(Clone, Copy)]
pub struct TileArea {
    page: Page,
    /// Whether a press on a tile selects it.
    is_selecting: RwSignal<bool>,
    /// The scrolling element.
    list: NodeRef<html::Div>,
    grid: Memo<Grid>,
    /// Width and height of the visible part, in CSS pixels.
    size: RwSignal<(u32, u32)>,
    /// The scroll position, in CSS pixels.
    scrolled: RwSignal<u32>,
    /// The number of the active tile, which keys move.
    active: RwSignal<Option<u32>>,
    /// Number and index of the tiles that are created.
    made: Memo<Vec<(u32, usize)>>,
}

impl TileArea {
    pub fn new(page: Page, is_selecting: RwSignal<bool>) -> Self {
        let list = NodeRef::new();
        let (size, scrolled) = (RwSignal::new((0, 0)), RwSignal::new(0));
        let active = RwSignal::new(None);
        let count = Memo::new(|_| actions::listing().with(|all| all.filtered().len()));
        let grid = Memo::new(move |_| {
            let (width, view) = size.get();
            Grid::new(count.get(), width, view)
        });
        let made = Memo::new(move |_| {
            let range = grid.get().made(scrolled.get());
            actions::listing().with(|all| {
                let filtered = all.filtered();
                let range = range.start.min(filtered.len())..range.end.min(filtered.len());
                let from = range.start;
                let seen = filtered[range.clone()].iter().enumerate();
                let mut made: Vec<(u32, usize)> =
                    seen.map(|(at, number)| (*number, from + at)).collect();
                // The active tile exists even if it was scrolled out of view.
                let place = active.get().and_then(|active| place(filtered, active));
                if let Some(at) = place.filter(|at| !range.contains(at) && !range.is_empty()) {
                    made.push((filtered[at], at));
                }
                made
            })
        });
        Self { page, is_selecting, list, grid, size, scrolled, active, made }
    }

    fn at(self, number: u32) -> usize {
        let at = |all: &Vec<(u32, usize)>| all.iter().find(|one| one.0 == number).map(|one| one.1);
        self.made.with(at).unwrap_or(0)
    }

    fn measure(self) {
        let Some(list) = self.list.get_untracked() else { return };
        let size = (list.client_width().unsigned_abs(), list.client_height().unsigned_abs());
        // Without the padding on both sides.
        let size = (size.0.saturating_sub(PADDING * 2), size.1);
        if self.size.get_untracked() != size {
            self.size.set(size);
        }
    }

    fn scroll_to(self, top: u32) {
        if let Some(list) = self.list.get_untracked() {
            list.set_scroll_top(i32::try_from(top).unwrap_or(i32::MAX));
        }
        self.scrolled.set(top);
    }

    fn go_to(self, at: usize) {
        let number = actions::listing().with_untracked(|all| all.filtered().get(at).copied());
        self.active.set(number);
        let top = self.grid.get_untracked().shown(at, self.scrolled.get_untracked());
        if top != self.scrolled.get_untracked() {
            self.scroll_to(top);
        }
    }
}

/// The padding of the list in CSS pixels: `--s-4`.
const PADDING: u32 = 16;

fn place(filtered: &[u32], number: u32) -> Option<usize> {
    filtered.iter().position(|one| *one == number)
}

#[component]
pub fn Tiles(ground: TileArea) -> impl IntoView {
    let page = ground.page;
    follow(move || {
        let numbers = ground.made.with(|all| all.iter().map(|(number, _)| *number).collect());
        actions::want(page, numbers);
    });
    let resized = window_event_listener(ev::resize, move |_| {
        if actions::is_open().get_untracked() {
            ground.measure();
        }
    });
    on_cleanup(move || resized.remove());
    // The parts above and below the list appear and disappear, which changes its height.
    follow(move || {
        let _changed = (
            actions::is_open().get(),
            actions::selected().with(Vec::is_empty),
            actions::work().get(),
            actions::outcome().get(),
            actions::deleted().get(),
        );
        request_animation_frame(move || ground.measure());
    });
    follow(move || {
        if actions::is_open().get() {
            ground.active.set(None);
            ground.scroll_to(0);
            request_animation_frame(|| browser::focus(LIST_ID));
        }
    });
    let active = move || {
        let active = ground.active.get()?;
        let is_made = ground.made.with(|all| all.iter().any(|(number, _)| *number == active));
        is_made.then(|| tile_id(active))
    };
    let focused = move |_| {
        let first = actions::listing().with_untracked(|all| all.filtered().first().copied());
        if ground.active.with_untracked(Option::is_none) {
            ground.active.set(first);
        }
    };
    let scroll = move |_| {
        if let Some(list) = ground.list.get_untracked() {
            ground.scrolled.set(list.scroll_top().unsigned_abs());
        }
    };
    view! {
        <div
            class="gallery-list"
            id=LIST_ID
            role="listbox"
            tabindex="0"
            aria-multiselectable="true"
            aria-describedby="gallery-keys"
            aria-label=move || page.word(GalleryText::Title)
            aria-activedescendant=active
            node_ref=ground.list
            on:scroll=scroll
            on:focus=focused
            on:keydown=move |event| pressed(ground, &event)
        >
            <div
                class="gallery-sheet"
                role="presentation"
                style:block-size=move || pixels(ground.grid.get().height())
                style:--side=move || pixels(ground.grid.get().side)
            >
                <For
                    each=move || ground.made.get()
                    key=|(number, _)| *number
                    children=move |(number, _)| view! { <Tile ground number/> }
                />
            </div>
            <Empty/>
        </div>
    }
}

fn pressed(ground: TileArea, event: &ev::KeyboardEvent) {
    let grid = ground.grid.get_untracked();
    let at = actions::listing().with_untracked(|all| {
        let active = ground.active.get_untracked()?;
        place(all.filtered(), active)
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
            if let Some(number) = ground.active.get_untracked() {
                open(ground.page, number);
            }
            return event.prevent_default();
        }
        " " => {
            if let Some(number) = ground.active.get_untracked() {
                toggle(number);
            }
            return event.prevent_default();
        }
        "a" if events::has_command_key(event) => {
            actions::select_all();
            return event.prevent_default();
        }
        "Escape" if actions::selected().with_untracked(|all| !all.is_empty()) => {
            actions::selected().set(Vec::new());
            return event.prevent_default();
        }
        _ => return,
    };
    event.prevent_default();
    if grid.count > 0 {
        ground.go_to(at.map_or(0, |at| grid.moved(at, to)));
    }
}

fn toggle(number: u32) {
    actions::selected().update(|all| match all.iter().position(|one| *one == number) {
        Some(at) => drop(all.remove(at)),
        None => all.push(number),
    });
}

/// Selects the tiles from the last selected one to this one.
fn select_to(number: u32) {
    let Some(last) = actions::selected().with_untracked(|all| all.last().copied()) else {
        return toggle(number);
    };
    let between = actions::listing().with_untracked(|all| {
        let (from, to) = (place(all.filtered(), last)?, place(all.filtered(), number)?);
        Some(all.filtered()[from.min(to)..=from.max(to)].to_vec())
    });
    actions::selected().update(|all| {
        all.retain(|one| !between.iter().flatten().any(|other| other == one));
        all.extend(between.unwrap_or_default());
    });
}

fn open(page: Page, number: u32) {
    let key = actions::listing().with_untracked(|all| all.row(number).map(|row| row.key.clone()));
    if let Some(key) = key {
        actions::show(page, key);
    }
}

fn tile_id(number: u32) -> String {
    ["tile-", &u64::from(number).to_string()].concat()
}

fn pixels(length: u32) -> String {
    [&u64::from(length).to_string(), "px"].concat()
}

#[component]
fn Tile(
    ground: TileArea,
    /// The number of the result in the listing.
    number: u32,
) -> impl IntoView {
    let page = ground.page;
    let row = actions::listing().with_untracked(|all| all.row(number).cloned())?;
    let marks = move || {
        let marked = |all: &Listing| all.row(number).map(|row| (row.is_starred, row.is_pinned));
        actions::listing().with(marked).unwrap_or_default()
    };
    // What is seen on the tile comes first; its text precedes the prompt.
    let words = words(&row);
    let seen = [words.as_str(), &row.prompt].map(str::trim).join(" ").trim().to_owned();
    let note = row.prompt.lines().next().unwrap_or_default().to_owned();
    let name = move || {
        let (is_starred, is_pinned) = marks();
        let mut name = seen.clone();
        for (is_on, text) in [(is_starred, GalleryText::Starred), (is_pinned, GalleryText::Pinned)]
        {
            if is_on {
                name.push_str(" · ");
                name.push_str(page.word(text));
            }
        }
        name
    };
    let signs = move || {
        let (is_starred, is_pinned) = marks();
        view! { <MarkSigns marks=Marks { is_starred, is_pinned }/> }.into_any()
    };
    let day = move || actions::day(row.at, page.language.get());
    let digits = |count: usize| (count as u64).to_string();
    let place = move || {
        let (left, top) = ground.grid.get().place(ground.at(number));
        [&pixels(left), " ", &pixels(top)].concat()
    };
    let press = move |event: ev::MouseEvent| {
        ground.active.set(Some(number));
        if event.shift_key() {
            select_to(number);
        } else if event.ctrl_key() || event.meta_key() || ground.is_selecting.get_untracked() {
            toggle(number);
        } else {
            open(page, number);
        }
    };
    let check = move |event: ev::MouseEvent| {
        event.stop_propagation();
        toggle(number);
    };
    Some(view! {
        <div
            class="tile"
            role="option"
            id=tile_id(number)
            aria-posinset=move || digits(ground.at(number) + 1)
            aria-setsize=move || digits(ground.grid.get().count)
            aria-selected=move || actions::selected().with(|all| all.contains(&number)).to_string()
            aria-label=name
            data-active=move || (ground.active.get() == Some(number)).then_some("true")
            style:translate=place
            on:click=press
        >
            {face(number, &row, words)} " "
            <span class="tile-check" on:click=check></span>
            <span class="tile-note" data-day=day>
                {signs}
                <span class="tile-words">{note}</span>
            </span>
        </div>
    })
}

/// The first words of an answer, or the name of a file that is not drawn.
fn words(row: &ResultRow) -> String {
    match &row.content {
        ResultContent::Text(text) => text.chars().take(WORDS).collect(),
        ResultContent::File { media: Media::Image, .. } | ResultContent::Gone => String::new(),
        ResultContent::File { name, .. } => name.clone(),
    }
}

/// An image, one of a video, or what kind of result it is, with a few words.
fn face(number: u32, row: &ResultRow, words: String) -> AnyView {
    let (kind, icon) = match &row.content {
        ResultContent::Text(_) => ("text", ""),
        ResultContent::Gone => ("gone", "#image"),
        ResultContent::File { media, .. } => match media {
            Media::Image => ("image", ""),
            Media::Audio => ("audio", "#sound"),
            Media::Video => ("video", "#film"),
            Media::Other => ("file", "#file"),
        },
    };
    let sign = move || (!icon.is_empty()).then(|| view! { <Icon href=icon/> });
    let plain = move || {
        let words = words.clone();
        view! {
            <span class="tile-face" data-kind=kind>
                {sign()} {words}
            </span>
        }
        .into_any()
    };
    if !actions::is_drawn(row) {
        return plain();
    }
    let url = move || actions::thumb(number);
    if kind == "image" {
        return view! { <img class="tile-face" alt="" draggable="false" src=url/> }.into_any();
    }
    let poster = move || match url() {
        Some(url) => view! {
            <img class="tile-face" alt="" draggable="false" src=url/>
            <span class="tile-sign">{sign()}</span>
        }
        .into_any(),
        None => plain(),
    };
    poster.into_any()
}

/// The reason why nothing is listed.
#[component]
fn Empty() -> impl IntoView {
    let page = expect_context::<Page>();
    let why = move || {
        let is_loading = actions::work().get() == actions::Work::Loading;
        actions::listing().with(|all| match (all.filtered().is_empty(), all.count()) {
            (false, _) => None,
            (true, 0) if is_loading => None,
            (true, 0) => Some(GalleryText::Empty),
            (true, _) => Some(GalleryText::NoMatches),
        })
    };
    let line = move || why().map(|why| view! { <p>{page.word(why)}</p> }.into_any()).into_any();
    view! { <div class="gallery-empty">{line}</div> }
}
