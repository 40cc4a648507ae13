//! The actions of a result.

use leptos::prelude::*;
use pilotlight_forms::form::Widget;
use pilotlight_i18n::text::{RunText, StorageText};

use crate::app::{Content, Output, Page, Sheet};
use crate::command::ResultCommand;
use crate::components::{Icon, IconButton, QuietButton};
use crate::features::embed::framed;

/// The buttons of a file or text result.
#[component]
pub fn Actions(
    page: Page,
    output: Output,
    /// Whether buttons have texts, not only icons.
    has_names: bool,
) -> impl IntoView {
    let (id, is_picture) = (output.id, output.content.is_picture());
    let action = move |href, name, command: fn(u32) -> ResultCommand| {
        let press = move || page.send(command(id));
        match has_names {
            true => view! { <QuietButton page href name on_press=press/> }.into_any(),
            false => view! { <IconButton page href name on_press=press/> }.into_any(),
        }
    };
    // The Chinese text of *Make another* says "image", so other files have a different one.
    let again = match (&output.content, is_picture) {
        (Content::Text { .. }, _) => RunText::AskAgain,
        (_, true) => RunText::MakeAnother,
        (_, false) => RunText::RunAgain,
    };
    let is_input = is_picture && takes_pictures(page);
    view! {
        {action("#download", RunText::Download, ResultCommand::Download)}
        {is_copied(&output.content).then(|| action("#copy", RunText::Copy, ResultCommand::Copy))}
        {output.row.seed.map(|_| action("#dice", RunText::CopySeed, ResultCommand::CopySeed))}
        {action("#again", again, ResultCommand::Repeat)}
        {is_input.then(|| action("#use", RunText::UseAsInput, ResultCommand::UseAsInput))}
    }
}

/// The button that deletes a result; its card then offers to restore it (`picture::Removed`).
#[component]
pub fn Delete(page: Page, id: u32, has_name: bool) -> impl IntoView {
    let name = move || StorageText::Delete.say(page.language.get());
    let label = move || (!has_name).then(name);
    view! {
        <button
            class="button"
            type="button"
            data-kind=if has_name { "quiet" } else { "icon" }
            aria-label=label
            title=label
            on:click=move |_| page.send(ResultCommand::Remove(id))
        >
            <Icon href="#delete"/>
            {has_name.then_some(name)}
        </button>
    }
}

/// Returns whether a result can be copied: browsers copy texts and PNG images.
fn is_copied(content: &Content) -> bool {
    match content {
        Content::File { file_name, .. } => file_name.ends_with(".png"),
        Content::Text { .. } => true,
        Content::Gone | Content::Removed(_) => false,
    }
}

fn takes_pictures(page: Page) -> bool {
    let takes = |sheet: &Sheet| sheet.form.fields.iter().any(|it| it.widget == Widget::Picture);
    match framed::shows("tabs") {
        true => page.sheets.with_untracked(|sheets| sheets.iter().any(takes)),
        false => page.sheet(page.tab.get_untracked()).is_some_and(|sheet| takes(&sheet)),
    }
}
