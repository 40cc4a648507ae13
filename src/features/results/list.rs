//! The list of results, newest first.

use leptos::prelude::*;
use pilotlight_comfy::run_status::Media;
use pilotlight_i18n::text::{RunText, StorageText};

use crate::app::{Content, Output, Page};
use crate::command::{Dialog, DialogCommand};
use crate::features::results::answer::Answer;
use crate::features::results::count;
use crate::features::results::file::File;
use crate::features::results::marks::Marks;
use crate::features::results::picture::{Gone, Picture, Removed};

/// What the page shows of the results.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shown {
    Nothing,
    List,
    /// Only the button that opens the gallery, which has results.
    All,
}

#[component]
pub fn Results() -> impl IntoView {
    let page = expect_context::<Page>();
    let shown = Memo::new(move |_| {
        let has_others = count::count().with(|count| *count > 0);
        match (page.outputs.with(Vec::is_empty), has_others) {
            (false, _) => Shown::List,
            (true, true) => Shown::All,
            (true, false) => Shown::Nothing,
        }
    });
    move || match shown.get() {
        Shown::Nothing => ().into_any(),
        Shown::List => view! { <List/> }.into_any(),
        Shown::All => view! { <div class="results-head"><OpenGallery/></div> }.into_any(),
    }
}

#[component]
fn List() -> impl IntoView {
    let page = expect_context::<Page>();
    view! {
        <section class="results" aria-labelledby="results">
            <div class="results-head">
                <h2 id="results">{move || page.word(RunText::Results)}</h2>
                <span class="results-count">{move || page.outputs.with(|all| here(all))}</span>
                <OpenGallery/>
            </div>
            <ul class="results-list" role="list" aria-labelledby="results">
                <For
                    each=move || page.outputs.with(|all| items(all))
                    key=|item| *item
                    children=move |item| view! { <ListItem item/> }
                />
            </ul>
        </section>
    }
}

/// How many of them there are; what the server no longer had is none.
fn here(all: &[Output]) -> usize {
    all.iter().filter(|one| !matches!(one.content, Content::Gone)).count()
}

/// The button that opens the gallery, with the number of results.
#[component]
pub fn OpenGallery() -> impl IntoView {
    let page = expect_context::<Page>();
    let name = move || {
        // If the browser refuses storage, the listed results are all there are.
        let count = count::count().get().max(page.outputs.with(|all| here(all)));
        StorageText::All { count }.say(page.language.get())
    };
    view! {
        <button
            class="button"
            type="button"
            data-kind="quiet"
            on:click=move |_| page.send(DialogCommand::Open(Dialog::Gallery))
        >
            {name}
        </button>
    }
}

/// An item of the list, by the id of a result.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Item {
    /// A heading before that result, or a line if its group has no name.
    Heading(u32),
    Result(u32),
}

/// Returns the items: a heading before each group, a line where results without a group follow.
fn items(all: &[Output]) -> Vec<Item> {
    let mut items = Vec::new();
    let mut before: Option<&Output> = None;
    for one in all {
        let same =
            before.is_none_or(|before| before.row.group == one.row.group && before.job == one.job);
        let was_in_one = before.is_some_and(|before| before.row.group.is_some());
        if (one.row.group.is_some() && (before.is_none() || !same)) || (was_in_one && !same) {
            items.push(Item::Heading(one.id));
        }
        items.push(Item::Result(one.id));
        before = Some(one);
    }
    items
}

#[component]
fn ListItem(item: Item) -> impl IntoView {
    let page = expect_context::<Page>();
    let (Item::Heading(id) | Item::Result(id)) = item;
    let find = |all: &Vec<Output>| all.iter().find(|one| one.id == id).cloned();
    let output = page.outputs.with_untracked(find)?;
    Some(match item {
        Item::Heading(_) => view! { <Heading title=output.row.group/> }.into_any(),
        Item::Result(_) => view! { <OneResult output/> }.into_any(),
    })
}

#[component]
fn Heading(title: Option<String>) -> impl IntoView {
    let role = title.is_none().then_some("none");
    let title = title.map(|title| view! { <h3>{title}</h3> });
    view! { <li class="results-group" role=role>{title}</li> }
}

/// The card of a result. Stars and pins are only displayed; they are set in the gallery.
#[component]
fn OneResult(output: Output) -> impl IntoView {
    let marks = Marks { is_starred: output.row.is_starred, is_pinned: output.row.is_pinned };
    let id = output.id;
    match output.content.clone() {
        Content::File { url, media: Media::Image, is_preview, .. } => {
            view! { <Picture output url is_preview marks/> }.into_any()
        }
        Content::File { url, file_name, media, size_bytes, is_preview } => {
            view! { <File output url file_name media size_bytes is_preview marks/> }.into_any()
        }
        Content::Gone => view! { <Gone id marks/> }.into_any(),
        Content::Removed(_) => view! { <Removed id marks/> }.into_any(),
        Content::Text { text, picture } => view! { <Answer output text picture marks/> }.into_any(),
    }
}
