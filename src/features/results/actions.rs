//! The actions of a result.

use leptos::prelude::*;
use pilotlight_forms::form::Widget;
use pilotlight_i18n::text::{RunText, StorageText};

use crate::app::{Content, Output, Page, Sheet};
use crate::command::ResultCommand;
use crate::components::{Icon, Menu, QuietButton, ToolButton};
use crate::framed;

/// The buttons of a file or text result.
#[component]
pub fn Actions(page: Page, output: Output) -> impl IntoView {
    let (id, is_picture) = (output.id, output.content.is_picture());
    let action = move |href, name, command: fn(u32) -> ResultCommand| {
        let press = move || page.send(command(id));
        view! { <QuietButton page href name on_press=press/> }.into_any()
    };
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

/// The buttons over an image: two, and a menu with the others, beside these on a large one.
#[component]
pub fn TileActions(page: Page, output: Output) -> impl IntoView {
    let id = output.id;
    let action = move |href, name: RunText, command: fn(u32) -> ResultCommand| {
        let name = Signal::derive(move || page.word(name).to_owned());
        view! { <ToolButton href name title=name on_press=move || page.send(command(id))/> }
            .into_any()
    };
    let copy =
        is_copied(&output.content).then(|| action("#copy", RunText::Copy, ResultCommand::Copy));
    let seed = output.row.seed.map(|_| action("#dice", RunText::CopySeed, ResultCommand::CopySeed));
    let input = takes_pictures(page)
        .then(|| action("#use", RunText::UseAsInput, ResultCommand::UseAsInput));
    let delete = Signal::derive(move || StorageText::Delete.say(page.language.get()));
    view! {
        {action("#download", RunText::Download, ResultCommand::Download)}
        {action("#again", RunText::MakeAnother, ResultCommand::Repeat)}
        <Menu page href="#more" name=RunText::More>
            {copy}
            {seed}
            {input}
            <ToolButton
                href="#delete"
                name=delete
                title=delete
                on_press=move || page.send(ResultCommand::Remove(id))
            />
        </Menu>
    }
}

/// The button that deletes a result; its card then offers to restore it (`picture::Removed`).
#[component]
pub fn Delete(page: Page, id: u32) -> impl IntoView {
    view! {
        <button
            class="button"
            type="button"
            data-kind="quiet"
            on:click=move |_| page.send(ResultCommand::Remove(id))
        >
            <Icon href="#delete"/>
            {move || StorageText::Delete.say(page.language.get())}
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
