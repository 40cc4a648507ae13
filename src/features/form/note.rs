//! Texts of errors and warnings of fields. There are none until the second bundle is loaded, which
//! checks the values.

use std::sync::Arc;

use leptos::prelude::*;
use pilotlight_comfy::media;
use pilotlight_comfy::problem::Problem;
use pilotlight_forms::form::Form;
use pilotlight_i18n::present;
use pilotlight_i18n::text::ProblemText;

use crate::app::{Complaint, Page, Sheet};
use crate::components::Icon;
use crate::features::form::handle::FieldHandle;

/// Returns the error of a field.
pub fn error(handle: FieldHandle) -> Option<String> {
    let language = handle.page.language.get();
    let (sheet, field) = (handle.sheet(), handle.field());
    let key = &field.key;
    let complaint = sheet.complaint.with(|complaint| match complaint {
        Some((place, why)) if place == key => Some(complained(why).say(language)),
        Some(_) | None => None,
    });
    complaint.or_else(|| {
        sheet.problems.with(|problems| {
            let mine = problems.iter().find(|problem| problem.place.as_ref() == Some(key))?;
            Some(present::problem(mine, language))
        })
    })
}

/// Returns the warning of a field.
pub fn warning(handle: FieldHandle) -> Option<String> {
    let field = handle.field();
    handle.warnings.with(|warnings| {
        let mine = warnings.iter().find(|warning| *warning.place() == field.key)?;
        Some(present::warning(mine, handle.page.language.get()))
    })
}

/// Returns the text of the reason why a file was not taken.
fn complained(complaint: &Complaint) -> ProblemText<'_> {
    match complaint {
        Complaint::NotAPicture(name) => ProblemText::NotAnImageType { name },
        Complaint::Unreadable(name) => ProblemText::NotAnImage { name },
        Complaint::TooLarge { limit_mb } => ProblemText::ImageTooLarge { limit: *limit_mb },
        Complaint::TooManyPixels => {
            ProblemText::TooManyPixels { limit: media::MAX_PIXELS / 1_000_000 }
        }
    }
}

/// The problems that belong to no visible field.
#[component]
pub fn ProblemsElsewhere(sheet: Sheet) -> impl IntoView {
    move || {
        let is_elsewhere = |problem: &&Problem| {
            problem.place.as_ref().is_none_or(|place| sheet.form.field(place).is_none())
        };
        sheet.problems.with(|problems| {
            let elsewhere = problems.iter().filter(is_elsewhere).cloned();
            elsewhere
                .map(|problem| view! { <Elsewhere form=sheet.form.clone() problem/> })
                .collect_view()
        })
    }
}

#[component]
fn Elsewhere(form: Arc<Form>, problem: Problem) -> impl IntoView {
    let page = expect_context::<Page>();
    let text = move || present::named_problem(&problem, Some(&form), page.language.get());
    view! {
        <div class="notice" data-kind="error" role="alert">
            <Icon href="#alert"/>
            <div class="notice-body">
                <p>{text}</p>
            </div>
        </div>
    }
}
