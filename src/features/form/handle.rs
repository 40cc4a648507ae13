//! Access of a widget to its field.

use pilotlight_forms::form::{Draft, FieldKey};

pub use crate::app::FieldHandle;
use crate::command::FormCommand;
use leptos::attr::any_attribute::AnyAttribute;
use leptos::prelude::*;

/// Returns the id of a field's control.
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

    /// Returns the id of the field's control, which label and focus refer to.
    pub fn id(self) -> String {
        id(&self.field().key)
    }

    /// Returns the attributes of every control: its id, its description, and whether it is invalid.
    pub fn attributes(self) -> Vec<AnyAttribute> {
        let id = self.id();
        // Browsers ignore ids without an element: without a note, only the hint is read.
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

    /// Returns the entered text; empty if the draft is not a text.
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

    /// Changes a number by one step, up or down.
    pub fn step(self, up: bool) {
        if let Some(text) = self.field().stepped(&untrack(|| self.text()), up) {
            self.fill_text(text);
        }
    }

    /// Returns whether the field has an error.
    pub fn is_wrong(self) -> bool {
        let (sheet, field) = (self.sheet(), self.field());
        let key = &field.key;
        sheet.complaint.with(|one| one.as_ref().is_some_and(|(place, _)| place == key))
            || sheet.problems.with(|all| all.iter().any(|one| one.place.as_ref() == Some(key)))
    }

    /// Returns whether the field has a warning.
    pub fn has_warning(self) -> bool {
        let field = self.field();
        self.warnings.with(|all| all.iter().any(|one| *one.place() == field.key))
    }
}
