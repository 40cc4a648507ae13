//! The bars above and below the tiles: search and filters, actions for the selected results.

use crate::events;
use leptos::html;
use leptos::prelude::*;
use pilotlight_comfy::run_status::Media;
use pilotlight_i18n::text::{CommonText, CountedText, GalleryText};
use pilotlight_runs::results::{Filter, Key, ResultContent, ResultRow};

use crate::app::Page;
use crate::components::follow;
use crate::components::{IconButton, QuietButton, ToolButton};
use crate::features::gallery::actions;
use crate::features::gallery::actions::Mark;

#[component]
pub fn Head(
    /// Whether a press on a tile selects it.
    is_selecting: RwSignal<bool>,
) -> impl IntoView {
    let page = expect_context::<Page>();
    let count = move || {
        let count = actions::listing().with(|all| all.filtered().len());
        CountedText::Results { count }.say(page.language.get())
    };
    follow(move || {
        if !actions::is_open().get() {
            is_selecting.set(false);
        }
    });
    view! {
        <div class="gallery-head">
            <div class="gallery-name">
                <h2 class="dialog-title" id="gallery-title">
                    {move || page.word(GalleryText::Title)}
                </h2>
                <span class="results-count" role="status">
                    {count}
                </span>
            </div>
            <div class="gallery-filters">
                <Search/>
                <Workflows/>
                <ToolButton
                    href="#star"
                    name=text_of(page, GalleryText::Starred)
                    is_pressed=Signal::derive(|| actions::sieve().with(|it| it.only_starred))
                    on_press=|| sift(|sieve| sieve.only_starred = !sieve.only_starred)
                />
                <ToolButton
                    href="#check"
                    name=text_of(page, GalleryText::Select)
                    is_pressed=is_selecting
                    on_press=move || is_selecting.update(|is_on| *is_on = !*is_on)
                />
                <ShowAll/>
            </div>
            <div class="gallery-tools">
                <IconButton
                    href="#download"
                    name=GalleryText::Export
                    on_press=move || actions::export(page, &chosen())
                    is_disabled=Signal::derive(is_nothing_listed)
                />
                <Import/>
                <IconButton
                    href="#close"
                    name=CommonText::Close
                    on_press=move || actions::leave(page)
                />
            </div>
        </div>
    }
}

fn text_of(page: Page, text: GalleryText) -> Signal<String> {
    Signal::derive(move || page.word(text).to_owned())
}

fn is_nothing_listed() -> bool {
    actions::listing().with(|all| all.filtered().is_empty())
}

#[component]
fn Search() -> impl IntoView {
    let page = expect_context::<Page>();
    let words = RwSignal::new(String::new());
    follow(move || {
        if !actions::is_open().get() {
            words.set(String::new());
        }
    });
    view! {
        <input
            class="box gallery-search"
            type="search"
            autocomplete="off"
            aria-label=move || page.word(GalleryText::Search)
            placeholder=move || page.word(GalleryText::Search)
            prop:value=words
            on:input:target=move |event| {
                words.set(event.target().value());
                sift(|sieve| sieve.set_words(&words.get_untracked()));
            }
        />
    }
}

/// The button that removes the filters if nothing matches.
#[component]
fn ShowAll() -> impl IntoView {
    let is_shown =
        Memo::new(|_| actions::sieve().with(|sieve| !sieve.is_open()) && is_nothing_listed());
    let show = || actions::set_sieve(Filter::default());
    let button = move || {
        let button = is_shown
            .get()
            .then(|| view! { <QuietButton name=GalleryText::ShowAll on_press=show/> }.into_any());
        button.into_any()
    };
    view! { <span>{button}</span> }
}

fn sift(change: impl FnOnce(&mut Filter)) {
    let mut sieve = actions::sieve().get_untracked();
    change(&mut sieve);
    actions::set_sieve(sieve);
}

/// The select that filters by workflow.
#[component]
fn Workflows() -> impl IntoView {
    let page = expect_context::<Page>();
    let titles = Memo::new(move |_| actions::form_titles(page));
    let option = |(form, title): (String, String)| {
        let value = form.clone();
        let is_chosen = move || actions::sieve().with(|it| it.form.as_ref() == Some(&form));
        view! {
            <option value=value prop:selected=is_chosen>
                {title}
            </option>
        }
        .into_any()
    };
    view! {
        <select
            class="box gallery-forms"
            aria-label=move || page.word(GalleryText::Workflow)
            on:change:target=move |event| {
                let form = Some(event.target().value()).filter(|form| !form.is_empty());
                sift(|sieve| sieve.form = form);
            }
        >
            <option value="" prop:selected=|| actions::sieve().with(|it| it.form.is_none())>
                {move || page.word(GalleryText::AllWorkflows)}
            </option>
            {move || titles.get().into_iter().map(option).collect_view().into_any()}
        </select>
    }
}

/// The button that imports an archive of results.
#[component]
fn Import() -> impl IntoView {
    let page = expect_context::<Page>();
    let chooser = NodeRef::<html::Input>::new();
    let choose = move || {
        if let Some(chooser) = chooser.get_untracked() {
            chooser.click();
        }
    };
    view! {
        <IconButton href="#import" name=GalleryText::Import on_press=choose/>
        <input
            hidden
            type="file"
            accept=".zip,application/zip"
            aria-label=move || page.word(GalleryText::Import)
            node_ref=chooser
            on:change:target=move |event| {
                if let Some(file) = events::take_files(&event.target()).into_iter().next() {
                    actions::bring_in(page, file);
                }
            }
        />
    }
}

/// Returns the numbers of the selected results, or of all listed ones if none is selected.
fn chosen() -> Vec<u32> {
    match actions::selected().get_untracked() {
        selected if selected.is_empty() => {
            actions::listing().with_untracked(|all| all.filtered().to_vec())
        }
        selected => selected,
    }
}

/// Returns the selected results; tracks them.
fn rows() -> Vec<ResultRow> {
    actions::selected().with(|numbers| {
        let row = |number: &u32| actions::listing().with(|all| all.row(*number).cloned());
        numbers.iter().filter_map(row).collect()
    })
}

#[component]
pub fn Foot(
    /// Whether a press on a tile selects it.
    is_selecting: RwSignal<bool>,
) -> impl IntoView {
    let page = expect_context::<Page>();
    let has_some = Memo::new(|_| actions::selected().with(|all| !all.is_empty()));
    let state = Memo::new(move |_| (has_some.get(), is_selecting.get()));
    let foot = move || match state.get() {
        (false, false) => ().into_any(),
        (false, true) => view! { <Selecting is_selecting/> }.into_any(),
        (true, _) => view! { <SelectedActions is_selecting/> }.into_any(),
    };
    view! {
        <div>
            <p class="unseen" id="gallery-keys">
                {move || page.word(GalleryText::Keys)}
            </p>
            <div class="gallery-foot">{foot}</div>
        </div>
    }
}

/// The bar while nothing is selected yet.
#[component]
fn Selecting(is_selecting: RwSignal<bool>) -> impl IntoView {
    let page = expect_context::<Page>();
    let done = move || is_selecting.set(false);
    view! {
        <span class="gallery-selected">{move || page.word(GalleryText::CompareHint)}</span>
        <QuietButton name=GalleryText::SelectAll on_press=actions::select_all/>
        <QuietButton name=GalleryText::DoneSelecting on_press=done/>
    }
}

/// The actions for the selected results.
#[component]
fn SelectedActions(is_selecting: RwSignal<bool>) -> impl IntoView {
    let page = expect_context::<Page>();
    let count = move || actions::selected().with(Vec::len);
    let action = move |href, text, on_press: UnsyncCallback<()>| {
        let name = text_of(page, text);
        view! { <ToolButton href name title=name on_press/> }
    };
    let export = move || actions::export(page, &actions::selected().get_untracked());
    let clear = move || {
        actions::selected().set(Vec::new());
        is_selecting.set(false);
    };
    view! {
        <span class="gallery-selected" role="status">
            {move || CountedText::Selected { count: count() }.say(page.language.get())}
        </span>
        {action("#plus", GalleryText::SelectAll, actions::select_all.into())}
        <MarkSelected mark=Mark::Star/>
        <MarkSelected mark=Mark::Pin/>
        <CompareSelected/>
        {action("#download", GalleryText::Export, export.into())}
        <DeleteSelected/>
        {action("#close", GalleryText::Clear, clear.into())}
    }
}

#[component]
fn CompareSelected() -> impl IntoView {
    let page = expect_context::<Page>();
    let are_two = Memo::new(|_| {
        let rows = rows();
        rows.len() == 2 && rows.iter().all(is_picture)
    });
    let compare = move || {
        if let [one, other] = *actions::selected().get_untracked() {
            actions::compare(page, one, other);
        }
    };
    let name = text_of(page, GalleryText::Compare);
    view! {
        <ToolButton
            href="#compare"
            name
            title=name
            is_disabled=Signal::derive(move || !are_two.get())
            on_press=compare
        />
    }
}

/// The button that deletes the selected results; several only after a second press.
#[component]
fn DeleteSelected() -> impl IntoView {
    let page = expect_context::<Page>();
    let count = move || actions::selected().with(Vec::len);
    let is_sure = RwSignal::new(false);
    // Another selection must be confirmed again.
    follow(move || {
        count();
        is_sure.set(false);
    });
    let delete = move || {
        let numbers = actions::selected().get_untracked();
        if numbers.len() > 1 && !is_sure.get_untracked() {
            return is_sure.set(true);
        }
        actions::delete(page, &numbers);
    };
    let name = move || match is_sure.get() {
        true => CountedText::DeleteSure { count: count() }.say(page.language.get()),
        false => page.word(GalleryText::Delete).to_owned(),
    };
    view! { <ToolButton href="#delete" name=Signal::derive(name) on_press=delete/> }
}

fn is_picture(row: &ResultRow) -> bool {
    matches!(row.content, ResultContent::File { media: Media::Image, .. })
}

/// The button that marks all selected results, or removes the mark if all have it.
#[component]
fn MarkSelected(mark: Mark) -> impl IntoView {
    let page = expect_context::<Page>();
    let is_on = Memo::new(move |_| rows().iter().all(|row| mark.is_on(row)));
    let (on, off, href) = words(mark);
    let word = move || if is_on.get() { off } else { on };
    let press = move || {
        let keys: Vec<Key> = rows().into_iter().map(|row| row.key).collect();
        actions::mark(page, keys, mark, !is_on.get_untracked());
    };
    view! {
        <ToolButton
            href
            name=Signal::derive(move || page.word(word()).to_owned())
            title=Signal::derive(move || page.word(title(mark, word())).to_owned())
            on_press=press
        />
    }
}

/// Returns the texts for setting and removing a mark, and its icon.
pub fn words(mark: Mark) -> (GalleryText, GalleryText, &'static str) {
    match mark {
        Mark::Star => (GalleryText::Star, GalleryText::Unstar, "#star"),
        Mark::Pin => (GalleryText::Pin, GalleryText::Unpin, "#keep"),
    }
}

/// Returns the tooltip of a mark; that of a pin explains it.
pub fn title(mark: Mark, word: GalleryText) -> GalleryText {
    match (mark, word) {
        (Mark::Pin, GalleryText::Pin) => GalleryText::PinHint,
        (_, word) => word,
    }
}
