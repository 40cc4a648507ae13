//! The card of an answer, with its question and the image that it is about.

use leptos::prelude::*;
use pilotlight_i18n::text::RunText;

use crate::app::{Output, Page};
use crate::command::ResultCommand;
use crate::components::QuietButton;
use crate::features::results::actions::Delete;
use crate::features::results::answer_text::AnswerText;
use crate::features::results::marks::{MarkSigns, Marks};
use crate::features::results::picture::{Opener, Time};

#[component]
pub fn Answer(
    output: Output,
    text: String,
    /// The URL of the image that the question is about.
    picture: Option<String>,
    marks: Marks,
) -> impl IntoView {
    let page = expect_context::<Page>();
    let (id, ran_ms) = (output.id, output.row.ran_ms);
    let question = output.row.prompt.clone();
    let whole_question = question.clone();
    let picture = picture.map(|url| {
        view! { <Opener output class="answer-picture" url/> }
    });
    let press = move |command: fn(u32) -> ResultCommand| move || page.send(command(id));
    view! {
        <li class="answer">
            <MarkSigns marks/>
            {picture}
            <div class="answer-body">
                <p class="answer-question" title=whole_question>{question}</p>
                <AnswerText text/>
                <div class="answer-actions">
                    <QuietButton
                        href="#copy"
                        name=RunText::Copy
                        on_press=press(ResultCommand::Copy)
                    />
                    <QuietButton
                        href="#download"
                        name=RunText::Download
                        on_press=press(ResultCommand::Download)
                    />
                    <QuietButton
                        href="#again"
                        name=RunText::AskAgain
                        on_press=press(ResultCommand::Repeat)
                    />
                    <Delete id/>
                    <Time ran_ms class="answer-time"/>
                </div>
            </div>
        </li>
    }
}
