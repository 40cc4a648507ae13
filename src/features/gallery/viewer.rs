//! The viewer of one result. Invariant: while it is open, it shows a result that is stored or
//! listed.

use crate::events;
use leptos::ev;
use leptos::prelude::*;
use pilotlight_comfy::run_status::Media;
use pilotlight_i18n::text::{CommonText, GalleryText, RunText, StatusText, clock, size};
use pilotlight_runs::results::Key;

use crate::app::{Content, Output, Page};
use crate::command::Dialog;
use crate::components::follow;
use crate::components::{FullScreenDialog, Icon, IconButton};
use crate::features::gallery::actions;
use crate::features::gallery::actions::{Mark, Position, Shown};
use crate::features::gallery::bar;
use crate::features::gallery::details::Details;
use crate::features::gallery::message::Undo;
use crate::features::results::actions::Actions;
use crate::features::results::answer_text::AnswerText;
use crate::features::results::drag;
use crate::features::shell::toast::Toast;

#[component]
pub fn Viewer() -> impl IntoView {
    let page = expect_context::<Page>();
    let is_open = move || {
        matches!(page.dialog.get(), Some(Dialog::Viewer(_)))
            && actions::shown().with(Option::is_some)
    };
    follow(move || {
        if !matches!(page.dialog.get(), Some(Dialog::Viewer(_))) {
            actions::forget();
        }
    });
    let position = Memo::new(move |_| actions::position(page));
    // A button that was just disabled has lost the focus, and would get no keys.
    let keys = window_event_listener(ev::keydown, move |event| {
        if untrack(is_open) {
            pressed(page, position, &event);
        }
    });
    on_cleanup(move || keys.remove());
    let has_details = RwSignal::new(false);
    let is_large = RwSignal::new(false);
    // Each result begins as a whole.
    follow(move || {
        actions::shown().with(|shown| shown.as_ref().map(|shown| shown.output.id));
        is_large.set(false);
    });
    // Width and height of the image, as text.
    let size = RwSignal::new(String::new());
    view! {
        <FullScreenDialog
            class="viewer"
            attr:aria-label=|| of(|shown| shown.output.row.prompt.clone())
            attr:data-details=move || has_details.get().then_some("true")
            attr:data-large=move || is_large.get().then_some("true")
            is_open=Signal::derive(is_open)
            on_close=move || actions::back(page)
        >
            <Head position has_details is_large/>
            <Stage position size is_large/>
            <Details is_open=has_details/>
            <Foot size/>
            <Toast/>
        </FullScreenDialog>
    }
}

fn pressed(page: Page, position: Memo<Option<Position>>, event: &ev::KeyboardEvent) {
    // Players and fields use these keys themselves.
    let is_player =
        events::target(event).is_some_and(|it| it.matches("[controls]").unwrap_or(false));
    if events::is_in_control(event) || is_player {
        return;
    }
    match event.key().as_str() {
        "ArrowLeft" => turn(page, position, |position| position.before.clone()),
        "ArrowRight" => turn(page, position, |position| position.after.clone()),
        _ => {}
    }
}

fn of<T>(read: impl Fn(&Shown) -> T) -> Option<T> {
    actions::shown().with(|shown| shown.as_ref().map(read))
}

fn turn(page: Page, position: Memo<Option<Position>>, to: fn(&Position) -> Option<Key>) {
    if let Some(key) = position.with_untracked(|position| position.as_ref().and_then(to)) {
        actions::show(page, key);
    }
}

#[component]
fn Head(
    position: Memo<Option<Position>>,
    /// Whether the details are shown.
    has_details: RwSignal<bool>,
    /// Whether the image fills the window, or is larger.
    is_large: RwSignal<bool>,
) -> impl IntoView {
    let page = expect_context::<Page>();
    let is_picture = Memo::new(|_| of(|shown| shown.output.content.is_picture()).unwrap_or(false));
    let count = move || {
        let said = |at: &Position| {
            [(at.number as u64).to_string(), (at.count as u64).to_string()].join(" / ")
        };
        position.with(|position| position.as_ref().map(said)).unwrap_or_default()
    };
    view! {
        <div class="viewer-head">
            <span class="viewer-count">{count}</span>
            <Undo/>
            <div class="viewer-tools">
                <MarkButton mark=Mark::Star/>
                <MarkButton mark=Mark::Pin/>
                <IconButton
                    href="#enlarge"
                    name=GalleryText::Enlarge
                    on_press=move || is_large.update(|is_large| *is_large = !*is_large)
                    is_pressed=Signal::from(is_large)
                    is_disabled=Signal::derive(move || !is_picture.get())
                />
                <IconButton
                    attr:aria-expanded=move || has_details.get().to_string()
                    href="#info"
                    name=GalleryText::Details
                    on_press=move || has_details.update(|has_details| *has_details = !*has_details)
                />
                <IconButton
                    href="#delete"
                    name=GalleryText::Delete
                    on_press=move || actions::remove(page, actions::delete)
                />
                <IconButton
                    href="#close"
                    name=CommonText::Close
                    on_press=move || actions::back(page)
                />
            </div>
        </div>
    }
}

/// Marks the shown result, or removes the mark.
#[component]
fn MarkButton(mark: Mark) -> impl IntoView {
    let page = expect_context::<Page>();
    let is_on = Memo::new(move |_| of(|shown| mark.is_on(&shown.output.row)).unwrap_or(false));
    let (on, off, href) = bar::words(mark);
    let word = move || if is_on.get() { off } else { on };
    let key = |shown: &Shown| shown.output.row.key.clone();
    let press = move |_| {
        if let Some(key) = actions::shown().with_untracked(|it| it.as_ref().map(key)) {
            actions::mark(page, vec![key], mark, !is_on.get_untracked());
        }
    };
    view! {
        <button
            class="button"
            type="button"
            data-kind="icon"
            data-on=move || is_on.get().then_some("true")
            aria-label=move || page.word(word())
            title=move || page.word(bar::title(mark, word()))
            on:click=press
        >
            <Icon href/>
        </button>
    }
}

/// How a result is shown.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Face {
    /// The same element for all images: the former image stays until the next one is drawn.
    Picture,
    /// A new element for each result.
    Other(u32),
}

#[component]
fn Stage(
    position: Memo<Option<Position>>,
    size: RwSignal<String>,
    is_large: RwSignal<bool>,
) -> impl IntoView {
    let page = expect_context::<Page>();
    let face = Memo::new(|_| {
        of(|shown| match shown.output.content.is_picture() {
            true => Face::Picture,
            false => Face::Other(shown.output.id),
        })
    });
    let frame = move |face: Face| match face {
        Face::Picture => view! { <Picture size is_large/> }.into_any(),
        Face::Other(_) => {
            size.set(String::new());
            let output = actions::shown().with_untracked(|it| Some(it.as_ref()?.output.clone()));
            output.map(|output| view! { <Other output/> }).into_any()
        }
    };
    view! {
        <div class="viewer-stage">
            <Turn position href="#left" name=RunText::Previous to=|it| it.before.clone()/>
            <div
                class="viewer-frame"
                // Then it scrolls.
                tabindex=move || is_large.get().then_some("0")
                on:click=move |event| {
                    if event.target() == event.current_target() {
                        actions::back(page);
                    }
                }
            >
                <For each=move || face.get() key=|face| *face children=frame/>
            </div>
            <Turn position href="#chevron" name=RunText::Next to=|it| it.after.clone()/>
        </div>
    }
}

/// A button that shows the previous or next result.
#[component]
fn Turn(
    position: Memo<Option<Position>>,
    href: &'static str,
    name: RunText,
    to: fn(&Position) -> Option<Key>,
) -> impl IntoView {
    let page = expect_context::<Page>();
    let is_last = move || position.with(|position| position.as_ref().and_then(to).is_none());
    view! {
        <IconButton
            href
            name
            on_press=move || turn(page, position, to)
            is_disabled=Signal::derive(is_last)
        />
    }
}

/// The shown image, which can be dragged out of the page and onto its fields.
#[component]
fn Picture(size: RwSignal<String>, is_large: RwSignal<bool>) -> impl IntoView {
    let url = |content: &Content| match content {
        Content::File { url, .. } => Some(url.clone()),
        Content::Gone | Content::Removed(_) | Content::Text { .. } => None,
    };
    let drag = |event: ev::DragEvent| {
        let output = actions::shown().with_untracked(|it| Some(it.as_ref()?.output.clone()));
        if let Some(output) = output {
            drag::begin(output, &event);
        }
    };
    view! {
        <img
            class="viewer-picture"
            alt=|| of(|shown| shown.output.row.prompt.clone())
            src=move || of(|shown| url(&shown.output.content)).flatten()
            on:load:target=move |event| size.set(events::image_size(&event.target()))
            on:dragstart=drag
            on:dblclick=move |_| is_large.update(|is_large| *is_large = !*is_large)
        />
    }
}

/// A text, a player, or a message that there is nothing to show.
#[component]
fn Other(output: Output) -> impl IntoView {
    let page = expect_context::<Page>();
    match output.content {
        Content::Text { text, picture } => {
            let picture = picture.map(|url| view! { <img class="viewer-given" alt="" src=url/> });
            view! {
                <div class="viewer-text">
                    {picture} <AnswerText text/>
                </div>
            }
            .into_any()
        }
        Content::File { url, file_name, media, size_bytes, is_preview: _ } => match media {
            Media::Audio => view! {
                <audio class="viewer-picture" controls aria-label=file_name src=url></audio>
            }
            .into_any(),
            Media::Video => view! {
                <video class="viewer-picture" controls playsinline aria-label=file_name src=url>
                </video>
            }
            .into_any(),
            Media::Image | Media::Other => view! {
                <div class="viewer-text">
                    <p>{file_name}</p>
                    <p class="viewer-facts">{size(size_bytes)}</p>
                </div>
            }
            .into_any(),
        },
        Content::Gone | Content::Removed(_) => {
            view! { <p class="viewer-text">{move || page.word(GalleryText::Gone)}</p> }.into_any()
        }
    }
}

#[component]
fn Foot(size: RwSignal<String>) -> impl IntoView {
    let page = expect_context::<Page>();
    let prompt = || of(|shown| shown.output.row.prompt.clone()).unwrap_or_default();
    let id = Memo::new(|_| of(|shown| shown.output.id));
    let actions = move || {
        id.get();
        let output = actions::shown().with_untracked(|it| Some(it.as_ref()?.output.clone()));
        let output = output.filter(|output| is_something(&output.content));
        let actions = output.map(|output| view! { <Actions output/> }.into_any());
        actions.into_any()
    };
    view! {
        <div class="viewer-foot">
            <div class="viewer-prompt">
                <p>{prompt}</p>
                <p class="viewer-facts">{move || facts(page, size.get())}</p>
            </div>
            <div class="viewer-actions">{actions}</div>
        </div>
    }
}

fn is_something(content: &Content) -> bool {
    match content {
        Content::File { .. } | Content::Text { .. } => true,
        Content::Gone | Content::Removed(_) => false,
    }
}

/// Returns size, seed and duration, as far as they are known.
fn facts(page: Page, size: String) -> String {
    let (seed, ran_ms) =
        of(|shown| (shown.output.row.seed, shown.output.row.ran_ms)).unwrap_or_default();
    let language = page.language.get();
    let mut facts: Vec<String> = Some(size).filter(|size| !size.is_empty()).into_iter().collect();
    facts.extend(seed.map(|seed| StatusText::Seed { seed }.say(language)));
    facts.extend(
        ran_ms.map(|ran_ms| StatusText::Ran { time: &clock(ran_ms, language) }.say(language)),
    );
    facts.join(" · ")
}
