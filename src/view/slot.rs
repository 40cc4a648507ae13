//! What a widget needs of its field.

use pilotlight_comfy::media;
use pilotlight_comfy::problem::Warning;
use pilotlight_forms::form::{Draft, Field, FieldKey};
use pilotlight_i18n::present;
use pilotlight_i18n::text::ProblemText;

use crate::app::{Complaint, Intent, Page, Sheet};
use crate::desk;
use crate::dom::El;
use crate::live::Live;

/// What a widget needs of its field; copied freely.
#[derive(Clone, Copy)]
pub(super) struct Slot {
    pub page: Page,
    pub sheet: &'static Sheet,
    pub field: &'static Field,
    pub warnings: Live<Vec<Warning>>,
}

/// The id of the control of this field.
pub(super) fn id(key: &FieldKey) -> String {
    format!("field-{key}")
}

impl Slot {
    pub fn key(self) -> FieldKey {
        self.field.key.clone()
    }

    pub fn label(self) -> String {
        self.field.label.get(self.page.language.get()).to_owned()
    }

    /// Gives an element the name by which label, note and focus find it.
    pub fn control(self, element: El) -> El {
        let id = id(&self.field.key);
        element
            .set("id", &id)
            // Where there is no note, the hint alone is found.
            .set("aria-describedby", &format!("{id}-note {id}-hint"))
            .attr("aria-invalid", move || self.error().map(|_| "true".to_owned()))
    }

    /// A control that holds a text.
    pub fn text_control(self, element: El) -> El {
        self.control(element)
            .value(move || self.text())
            .on("input", move |event| self.fill(Draft::Text(event.value())))
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

    /// One step up or down of a number.
    pub fn step(self, up: bool) {
        if let Some(text) = self.field.stepped(&self.text(), up) {
            self.fill(Draft::Text(text));
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
