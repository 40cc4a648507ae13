//! The queue: its summary, its buttons, and the buttons that move waiting runs. Invariant: a
//! pressed button keeps the focus, wherever its run moves.

use pilotlight_i18n::present::{Card, Queue};
use pilotlight_i18n::text::QueueText;
use pilotlight_runs::queue::Move;

use crate::app::Page;
use crate::browser;
use crate::components::follow;
use crate::components::{Button, Icon};
use crate::features::runs::queue_actions;
use crate::runtime;
use leptos::prelude::*;

/// How many waiting runs are listed at first, and how many more after each press of *More*.
const SHOWN: usize = 4;
const SHOWN_MORE: usize = 20;

/// The state of this module: how many waiting runs are listed.
struct State {
    limit: RwSignal<usize>,
}

impl Default for State {
    fn default() -> Self {
        Self { limit: RwSignal::new(SHOWN) }
    }
}

fn state() -> &'static State {
    crate::runtime::state::of()
}

fn limit() -> RwSignal<usize> {
    state().limit
}

/// Returns the waiting runs that are listed, and whether there are more.
pub fn shown(page: Page) -> (Vec<u32>, bool) {
    let mut waiting = queue_actions::waiting(page);
    // A line that stands for one run would be as high as the run itself.
    let is_cut = waiting.len() > limit().get() + 1;
    if is_cut {
        waiting.truncate(limit().get_untracked());
    }
    (waiting, is_cut)
}

/// The part above the runs: the queue's summary, and runs that were lost with the GPU.
#[component]
pub fn QueueHead() -> impl IntoView {
    let page = expect_context::<Page>();
    let all = Memo::new(move |_| queue_actions::projection(page));
    follow(move || {
        if all.with(|all| all.waiting == 0) && limit().get_untracked() != SHOWN {
            limit().set(SHOWN);
        }
    });
    let is_shown = Memo::new(move |_| all.with(Queue::is_shown));
    let lost = Memo::new(move |_| Some(queue_actions::lost(page)).filter(|count| *count > 1));
    view! {
        <div class="queue">
            {move || is_shown.get().then(|| view! { <Together all/> })}
            {move || lost.get().map(|count| view! { <RunLostAgain count/> })}
        </div>
    }
}

fn say(page: Page, text: QueueText) -> String {
    text.say(page.language.get())
}

#[component]
fn Together(all: Memo<Queue>) -> impl IntoView {
    let page = expect_context::<Page>();
    let is_paused = move || runtime::is_paused().get();
    let paused = move || {
        let said = move || say(page, QueueText::Paused);
        is_paused().then(|| view! { <strong class="queue-paused">{said}</strong> })
    };
    let hint = move || {
        let said = move || say(page, QueueText::PausedHint);
        is_paused().then(|| view! { <span class="queue-hint">{said}</span> })
    };
    let cancel = move |_| {
        queue_actions::cancel_all(page);
        browser::focus_on(queue_actions::ID);
    };
    view! {
        <div class="queue-line">
            <p class="queue-said">
                {paused}
                <span>{move || all.with(|all| all.line(page.language.get()))}</span>
                {hint}
            </p>
            <div class="queue-actions">
                // One button for both, so that it keeps the focus.
                <button
                    class="button"
                    type="button"
                    data-kind=move || (!is_paused()).then_some("quiet")
                    hidden=move || all.with(|all| all.waiting == 0)
                    on:click=move |_| match runtime::is_paused().get_untracked() {
                        true => queue_actions::resume(page),
                        false => queue_actions::pause(page),
                    }
                >
                    {move || say(page, if is_paused() { QueueText::Resume } else { QueueText::Pause })}
                </button>
                <button class="button" type="button" data-kind="quiet" on:click=cancel>
                    {move || say(page, QueueText::CancelAll)}
                </button>
            </div>
        </div>
    }
}

/// The notice about runs that were lost with the GPU, with a button that runs them again.
#[component]
fn RunLostAgain(count: usize) -> impl IntoView {
    let page = expect_context::<Page>();
    view! {
        <div class="notice" data-kind="error" role="alert">
            <Icon href="#alert"/>
            <div class="notice-body">
                <p>{move || say(page, QueueText::Lost { count })}</p>
                <Button on_press=move || queue_actions::run_lost_again(page)>
                    <Icon href="#again"/>
                    {move || say(page, QueueText::RunAllAgain { count })}
                </Button>
            </div>
        </div>
    }
}

/// The button that lists more waiting runs, with their number.
#[component]
pub fn MoreWaiting() -> impl IntoView {
    let page = expect_context::<Page>();
    let count = move || queue_actions::waiting(page).len().saturating_sub(limit().get());
    let unfold = move |_| {
        let waiting = untrack(|| queue_actions::waiting(page));
        let first = waiting.get(limit().get_untracked()).copied();
        limit().update(|limit| *limit += SHOWN_MORE);
        if let Some(number) = first {
            focus_next_frame(id(number, Move::Up));
        }
    };
    view! {
        <div class="queue-more">
            <button class="button" type="button" data-kind="quiet" on:click=unfold>
                <Icon href="#chevron"/>
                {move || say(page, QueueText::More { count: count() })}
            </button>
        </div>
    }
}

/// The buttons that move a waiting run.
#[component]
pub fn Moves(number: u32) -> impl IntoView {
    let page = expect_context::<Page>();
    let place = Memo::new(move |_| {
        let waiting = queue_actions::waiting(page);
        let at = waiting.iter().position(|one| *one == number);
        (at.unwrap_or(0), waiting.len())
    });
    view! {
        <span class="queue-moves" hidden=move || place.with(|(_, count)| *count < 2)>
            <MoveButton number place how=Move::First href="#download"/>
            <MoveButton number place how=Move::Up href="#chevron"/>
            <MoveButton number place how=Move::Down href="#chevron"/>
        </span>
    }
}

#[component]
fn MoveButton(
    number: u32,
    /// The position of the run among the waiting ones, and their number.
    place: Memo<(usize, usize)>,
    how: Move,
    href: &'static str,
) -> impl IntoView {
    let page = expect_context::<Page>();
    let is_at_end = Memo::new(move |_| {
        place.with(|(at, count)| match how {
            Move::First | Move::Up => *at == 0,
            Move::Down | Move::Last => at + 1 >= *count,
        })
    });
    let text = match how {
        Move::First | Move::Last => QueueText::MoveFirst,
        Move::Up => QueueText::MoveUp,
        Move::Down => QueueText::MoveDown,
    };
    view! {
        <button
            class="button"
            type="button"
            id=id(number, how)
            data-kind="icon"
            data-move=name(how)
            aria-label=move || say(page, text)
            title=move || say(page, text)
            // Not `disabled`: a disabled button loses the focus.
            aria-disabled=move || is_at_end.get().then_some("true")
            on:click=move |_| {
                if !is_at_end.get_untracked() {
                    go(page, number, how);
                }
            }
        >
            <Icon href/>
        </button>
    }
}

fn go(page: Page, number: u32, how: Move) {
    queue_actions::shift(page, number, how);
    let at = queue_actions::waiting(page).iter().position(|one| *one == number);
    if let Some(at) = at
        && at >= limit().get_untracked()
    {
        limit().set(at + 1);
    }
    // A moved card loses the focus.
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

/// Returns why a waiting run is not released, if the reason is not the runs before it.
pub fn held(page: Page, card: &Card) -> Option<String> {
    let is_held = card.phase == "waiting" && runtime::is_paused().get();
    is_held.then(|| say(page, QueueText::Paused))
}
