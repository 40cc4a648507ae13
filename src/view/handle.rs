//! What a widget needs of its field.

use pilotlight_comfy::media;
use pilotlight_comfy::problem::Warning;
use pilotlight_forms::form::{Draft, Field, FieldKey};
use pilotlight_i18n::present;
use pilotlight_i18n::text::ProblemText;

use crate::app::{Complaint, Intent, Page, Sheet};
use crate::desk;
use leptos::prelude::*;

/// What a widget needs of its field; copied freely.
#[derive(Clone, Copy)]
pub(super) struct FieldHandle {
    pub page: Page,
    pub sheet: &'static Sheet,
    pub field: &'static Field,
    pub warnings: Memo<Vec<Warning>>,
}

/// The id of the control of this field.
pub(super) fn id(key: &FieldKey) -> String {
    format!("field-{key}")
}

impl FieldHandle {
    pub fn key(self) -> FieldKey {
        self.field.key.clone()
    }

    pub fn label(self) -> String {
        self.field.label.get(self.page.language.get()).to_owned()
    }

    /// The id of its control, by which label and focus find it.
    pub fn id(self) -> String {
        id(&self.field.key)
    }

    /// The ids of what describes its control. Where there is no note, the hint alone is found.
    pub fn described_by(self) -> String {
        let id = self.id();
        format!("{id}-note {id}-hint")
    }

    /// `aria-invalid` of its control.
    pub fn invalid(self) -> Option<&'static str> {
        self.error().map(|_| "true")
    }

    pub fn draft(self) -> Draft {
        let field = self.field;
        self.sheet.drafts.with(|all| all.get(&field.key).unwrap_or(&field.default).clone())
    }

    /// What is typed; empty where the draft is no text.
    pub fn text(self) -> String {
        match self.draft() {
            Draft::Text(text) => text,
            Draft::Switch(_) | Draft::Picture(_) => String::new(),
        }
    }

    pub fn fill(self, draft: Draft) {
        desk::act(self.page, Intent::Fill(self.key(), draft));
    }

    pub fn fill_text(self, text: String) {
        self.fill(Draft::Text(text));
    }

    /// One step up or down of a number.
    pub fn step(self, up: bool) {
        if let Some(text) = self.field.stepped(&untrack(|| self.text()), up) {
            self.fill_text(text);
        }
    }

    /// What is wrong with it.
    pub fn error(self) -> Option<String> {
        let language = self.page.language.get();
        let key = &self.field.key;
        let complaint = self.sheet.complaint.with(|complaint| match complaint {
            Some((place, why)) if place == key => Some(complained(why).say(language)),
            Some(_) | None => None,
        });
        complaint.or_else(|| {
            self.sheet.problems.with(|problems| {
                let mine = problems.iter().find(|problem| problem.place.as_ref() == Some(key))?;
                Some(present::problem(mine, language))
            })
        })
    }

    /// What is worth knowing of it, or why it can only be looked at.
    pub fn warning(self) -> Option<String> {
        self.warnings.with(|warnings| {
            let mine = warnings.iter().find(|warning| *warning.place() == self.field.key)?;
            Some(present::warning(mine, self.page.language.get()))
        })
    }
}

/// What to say of a file that was not taken.
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
