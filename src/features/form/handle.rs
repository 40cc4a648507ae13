//! What a widget needs of its field.

use pilotlight_forms::form::{Draft, FieldKey};

pub use crate::app::FieldHandle;
use crate::command::FormCommand;
use leptos::attr::any_attribute::AnyAttribute;
use leptos::prelude::*;

/// The id of the control of this field.
pub fn id(key: &FieldKey) -> String {
    format!("field-{key}")
}

impl FieldHandle {
    pub fn key(self) -> FieldKey {
        self.field().key.clone()
    }

    pub fn label(self) -> String {
        self.field().label.get(self.page.language.get()).to_owned()
    }

    /// The id of its control, by which label and focus find it.
    pub fn id(self) -> String {
        id(&self.field().key)
    }

    /// The attributes that every control has: its id, what describes it, and whether it is invalid.
    pub fn attributes(self) -> Vec<AnyAttribute> {
        let id = self.id();
        // Where there is no note, the hint alone is found.
        let described_by = format!("{id}-note {id}-hint");
        view! {
            <{..}
                id=id
                aria-describedby=described_by
                aria-invalid=move || self.is_wrong().then_some("true")
            />
        }
    }

    pub fn draft(self) -> Draft {
        let field = self.field();
        self.sheet().drafts.with(|all| all.get(&field.key).unwrap_or(&field.default).clone())
    }

    /// What is typed; empty where the draft is no text.
    pub fn text(self) -> String {
        match self.draft() {
            Draft::Text(text) => text,
            Draft::Switch(_) | Draft::Picture(_) => String::new(),
        }
    }

    pub fn fill(self, draft: Draft) {
        self.page.send(FormCommand::Fill(self.key(), draft));
    }

    pub fn fill_text(self, text: String) {
        self.fill(Draft::Text(text));
    }

    /// One step up or down of a number.
    pub fn step(self, up: bool) {
        if let Some(text) = self.field().stepped(&untrack(|| self.text()), up) {
            self.fill_text(text);
        }
    }

    /// Whether something is wrong with it.
    pub fn is_wrong(self) -> bool {
        let (sheet, field) = (self.sheet(), self.field());
        let key = &field.key;
        sheet.complaint.with(|one| one.as_ref().is_some_and(|(place, _)| place == key))
            || sheet.problems.with(|all| all.iter().any(|one| one.place.as_ref() == Some(key)))
    }

    /// Whether there is something worth knowing of it.
    pub fn has_warning(self) -> bool {
        let field = self.field();
        self.warnings.with(|all| all.iter().any(|one| *one.place() == field.key))
    }
}
