//! The form of a tab, and what is filled in. Invariant: form and classes never change; an edited
//! form is another sheet with the same signals.

use std::ops::Deref;
use std::sync::Arc;

use leptos::prelude::*;
use pilotlight_comfy::problem::Problem;
use pilotlight_comfy::schema::Class;
use pilotlight_forms::form::{Drafts, Field, FieldKey, Form};

/// A form with what is filled in; clones are the same sheet.
#[derive(Clone)]
pub struct Sheet(Arc<Parts>);

/// What a sheet consists of.
#[derive(Clone)]
pub struct Parts {
    pub form: Arc<Form>,
    /// The node classes from which the form was made.
    pub classes: Arc<[Class]>,
    pub drafts: RwSignal<Drafts>,
    /// Problems found when *Run* was pressed or sent by the server; removed as fields change.
    pub problems: RwSignal<Vec<Problem>>,
    /// How many runs one press starts, 1 to `TIMES_MAX`.
    pub times: RwSignal<u32>,
    /// The seed of the last run of this form, which the user can keep.
    pub last_seed: RwSignal<Option<u64>>,
    /// Why an image was not taken, with its field.
    pub complaint: RwSignal<Option<(FieldKey, Complaint)>>,
    /// Whether the *Advanced* fields are shown.
    pub is_unfolded: RwSignal<bool>,
    /// Whether the user opened the form; otherwise it comes from the configuration.
    pub is_opened: bool,
    /// Whether its tab was closed; its runs may still be listed.
    pub is_closed: RwSignal<bool>,
}

impl Deref for Sheet {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

impl PartialEq for Sheet {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Sheet {
    pub fn new(parts: Parts) -> Self {
        Self(Arc::new(parts))
    }

    /// Returns the sheet of an edited form, with the signals of this one.
    pub fn with_form(&self, form: Form, classes: Arc<[Class]>) -> Self {
        Self::new(Parts { form: Arc::new(form), classes, ..Parts::clone(self) })
    }

    /// Returns the fields of the form, in its order.
    pub fn fields(&self) -> impl Iterator<Item = FieldRef> + '_ {
        (0..self.form.fields.len()).map(|at| FieldRef { sheet: self.clone(), at })
    }

    /// Returns the field with this key.
    pub fn field(&self, key: &FieldKey) -> Option<FieldRef> {
        self.fields().find(|field| field.key == *key)
    }
}

/// A field, with the sheet that it is of.
#[derive(Clone)]
pub struct FieldRef {
    pub sheet: Sheet,
    at: usize,
}

impl Deref for FieldRef {
    type Target = Field;

    fn deref(&self) -> &Field {
        &self.sheet.form.fields[self.at]
    }
}

pub const TIMES_MAX: u32 = 16;

/// Why a file was not taken as a picture.
#[derive(Clone, PartialEq, Eq)]
pub enum Complaint {
    NotAPicture(String),
    Unreadable(String),
    TooLarge {
        limit_mb: u64,
    },
    /// More than `media::MAX_PIXELS`.
    TooManyPixels,
}
