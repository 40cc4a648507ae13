//! Many runs together: a line above them, what is done with all of them, and how those that wait
//! are moved. Invariant: what was pressed keeps the focus, wherever its run goes.

use pilotlight_i18n::present::{Card, Queue};
use pilotlight_i18n::text::{QueueText, RunText};
use pilotlight_runs::lane::Move;

use super::button::{bare, icon};
use super::word;
use crate::app::Page;
use crate::browser;
use crate::dom::{El, el};
use crate::later::queue;
use crate::live::{Live, follow};
use crate::runtime;

/// How many of those that wait are shown at first, and how many more with each press.
const SHOWN: usize = 4;
const SHOWN_MORE: usize = 20;

/// What this module holds while the page is open.
struct State {
    limit: Live<usize>,
}

impl Default for State {
    fn default() -> Self {
        Self { limit: Live::new(SHOWN) }
    }
}

fn state() -> &'static State {
    crate::runtime::state::of()
}

fn limit() -> Live<usize> {
    state().limit
}

/// Those that wait and are shown, and whether there are more.
pub(super) fn shown(page: Page) -> (Vec<u32>, bool) {
    let mut waiting = queue::waiting(page);
    // A line for one alone would be as high as the run itself.
    let is_cut = waiting.len() > limit().get() + 1;
    if is_cut {
        waiting.truncate(limit().now());
    }
    (waiting, is_cut)
}

/// What there is to say above the runs.
pub(super) fn head(page: Page) -> El {
    let all = Live::from(move || queue::projection(page));
    follow(move || {
        if all.with(|all| all.waiting == 0) && limit().now() != SHOWN {
            limit().set(SHOWN);
        }
    });
    let lost = move || {
        let count = queue::lost(page);
        if count > 1 { count } else { 0 }
    };
    el("div", "lane")
        .set("id", queue::ID)
        .set("role", "group")
        .set("tabindex", "-1")
        .attr("aria-label", word(page, RunText::Runs))
        .keyed(
            move || usize::from(all.with(Queue::is_shown)),
            move |is_shown| (is_shown > 0).then(|| together(page, all)),
        )
        .keyed(lost, move |count| (count > 0).then(|| offer(page, count)))
}

fn say(page: Page, text: QueueText) -> impl Fn() -> String + Copy + 'static {
    move || text.say(page.language.get())
}

fn together(page: Page, all: Live<Queue>) -> El {
    let is_paused = move || runtime::is_paused().get();
    let said = el("p", "lane-said")
        .line("strong", "lane-paused", move || is_paused().then(say(page, QueueText::Paused)))
        .put(el("span", "").says(move || all.with(|all| all.line(page.language.get()))))
        .line("span", "lane-hint", move || is_paused().then(say(page, QueueText::PausedHint)));
    // One button, so that the focus stays.
    let pause = bare(move || if is_paused() { queue::resume(page) } else { queue::pause(page) })
        .attr("data-kind", move || (!is_paused()).then(|| "quiet".to_owned()))
        .flag("hidden", move || all.with(|all| all.waiting == 0))
        .says(move || {
            let text = if is_paused() { QueueText::Resume } else { QueueText::Pause };
            text.say(page.language.get())
        });
    let cancel = bare(move || {
        queue::cancel_all(page);
        browser::focus_on(queue::ID);
    })
    .set("data-kind", "quiet")
    .says(say(page, QueueText::CancelAll));
    el("div", "lane-line").put(said).put(el("div", "lane-actions").put(pause).put(cancel))
}

/// What went with the GPU, to be run again together.
fn offer(page: Page, count: usize) -> El {
    let again = bare(move || queue::run_lost_again(page))
        .put(icon("#again"))
        .says(say(page, QueueText::RunAllAgain { count }));
    let said = el("p", "").says(say(page, QueueText::Lost { count }));
    el("div", "notice")
        .set("data-kind", "error")
        .set("role", "alert")
        .put(icon("#alert"))
        .put(el("div", "notice-body").put(said).put(again))
}

/// How many more wait than are shown.
pub(super) fn more(page: Page) -> El {
    let hidden = move || queue::waiting(page).len().saturating_sub(limit().get());
    let unfold = move || {
        let first = queue::waiting(page).get(limit().now()).copied();
        limit().update(|limit| *limit += SHOWN_MORE);
        if let Some(number) = first {
            focus_next_frame(id(number, Move::Up));
        }
    };
    let button = bare(unfold)
        .set("data-kind", "quiet")
        .put(icon("#chevron"))
        .says(move || QueueText::More { count: hidden() }.say(page.language.get()));
    el("div", "lane-more").put(button)
}

/// The buttons that move a run that waits.
pub(super) fn moves(page: Page, number: u32) -> El {
    let place = Live::from(move || {
        let waiting = queue::waiting(page);
        let at = waiting.iter().position(|one| *one == number);
        (at.unwrap_or(0), waiting.len())
    });
    let button = move |how: Move, text: QueueText, href: &str| {
        let is_at_end = move || {
            place.with(|(at, count)| match how {
                Move::First | Move::Up => *at == 0,
                Move::Down | Move::Last => at + 1 >= *count,
            })
        };
        bare(move || {
            if !is_at_end() {
                go(page, number, how);
            }
        })
        .set("id", &id(number, how))
        .set("data-kind", "icon")
        .set("data-move", name(how))
        .attr("aria-label", say(page, text))
        .attr("title", say(page, text))
        // Not disabled: a control that is loses the focus.
        .attr("aria-disabled", move || is_at_end().then(|| "true".to_owned()))
        .put(icon(href))
    };
    el("span", "lane-moves")
        .flag("hidden", move || place.with(|(_, count)| *count < 2))
        .put(button(Move::First, QueueText::MoveFirst, "#download"))
        .put(button(Move::Up, QueueText::MoveUp, "#chevron"))
        .put(button(Move::Down, QueueText::MoveDown, "#chevron"))
}

fn go(page: Page, number: u32, how: Move) {
    queue::shift(page, number, how);
    let at = queue::waiting(page).iter().position(|one| *one == number);
    if let Some(at) = at
        && at >= limit().now()
    {
        limit().set(at + 1);
    }
    // A card that is put elsewhere loses it.
    focus_next_frame(id(number, how));
}

fn focus_next_frame(id: String) {
    leptos::prelude::request_animation_frame(move || browser::focus_on(&id));
}

fn id(number: u32, how: Move) -> String {
    format!("move-{number}-{}", name(how))
}

fn name(how: Move) -> &'static str {
    match how {
        Move::First => "first",
        Move::Up => "up",
        Move::Down => "down",
        Move::Last => "last",
    }
}

/// What holds a run back when it is not the runs before it.
pub(super) fn held(page: Page, card: &Card) -> Option<String> {
    let is_held = card.phase == "waiting" && runtime::is_paused().get();
    is_held.then(say(page, QueueText::Paused))
}
