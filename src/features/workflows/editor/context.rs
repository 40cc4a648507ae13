//! The form as the views of the form editor access it.

use std::collections::BTreeMap;

use leptos::prelude::*;
use pilotlight_forms::form::{Candidate, Edit, Field, FieldKey, Form, Unfit, candidates};
use pilotlight_i18n::present;
use pilotlight_i18n::text::EditorText;

use crate::app::{Page, Sheet};
use crate::features::workflows::editor::actions;
use crate::features::workflows::editor::actions::Fault;

/// What stays the same while the dialog is open; cheap to copy.
#[derive(Clone, Copy)]
pub struct FormEditor {
    pub page: Page,
    pub inputs: StoredValue<AllInputs>,
    /// The indexes of the fields: the main ones, and those under *Advanced*, in their order.
    lists: [Memo<Vec<u32>>; 2],
    /// The index of the field whose settings are shown.
    pub unfolded: RwSignal<Option<u32>>,
}

pub struct AllInputs {
    /// All fields and all inputs that can be one; views refer to them by index.
    pub all: Vec<Candidate>,
    /// The index of each key, since a large workflow has thousands of inputs.
    places: BTreeMap<FieldKey, u32>,
}

impl AllInputs {
    fn of(sheet: &Sheet) -> Self {
        let flow = sheet.form.workflow();
        let mut all = candidates(flow, &sheet.classes);
        let mut places: BTreeMap<FieldKey, u32> =
            all.iter().map(|one| one.key.clone()).zip(0..).collect();
        for field in &sheet.form.fields {
            if !places.contains_key(&field.key) {
                let title = flow.node(&field.key.node).map_or("", |node| node.title()).to_owned();
                places.insert(field.key.clone(), all.len() as u32);
                all.push(Candidate { key: field.key.clone(), label: field.label.clone(), title });
            }
        }
        Self { all, places }
    }
}

impl FormEditor {
    pub fn new(page: Page, sheet: &Sheet) -> Self {
        let inputs = StoredValue::new(AllInputs::of(sheet));
        let list = |advanced| {
            Memo::new(move |_| {
                let of = |sheet: &Sheet| -> Vec<u32> {
                    let fields = sheet.form.fields.iter();
                    let fields = fields.filter(|field| field.advanced == advanced);
                    inputs.with_value(|inputs| {
                        fields.filter_map(|field| inputs.places.get(&field.key).copied()).collect()
                    })
                };
                let tab = page.tab.get();
                page.sheets.with(|sheets| sheets.get(tab).map(of)).unwrap_or_default()
            })
        };
        Self { page, inputs, lists: [list(false), list(true)], unfolded: RwSignal::new(None) }
    }

    pub fn list(self, advanced: bool) -> Memo<Vec<u32>> {
        let [front, folded] = self.lists;
        if advanced { folded } else { front }
    }

    /// Returns whether no input can be a field.
    pub fn has_no_inputs(self) -> bool {
        self.inputs.with_value(|inputs| inputs.all.is_empty())
    }

    /// Reads an input. Returns `None` once the dialog is closed: a removed control may still report
    /// a change.
    pub fn candidate<T>(self, n: u32, read: impl FnOnce(&Candidate) -> T) -> Option<T> {
        self.inputs.try_with_value(|inputs| inputs.all.get(n as usize).map(read)).flatten()
    }

    pub fn key(self, n: u32) -> Option<FieldKey> {
        self.candidate(n, |one| one.key.clone())
    }

    /// Reads the current form; tracks it.
    pub fn form<T>(self, read: impl FnOnce(&Form) -> T) -> Option<T> {
        let tab = self.page.tab.get();
        let sheet = self.page.sheets.with(|sheets| sheets.get(tab).cloned());
        sheet.map(|sheet| read(&sheet.form))
    }

    /// Reads a field; tracks the form. Returns `None` if the input is not a field.
    pub fn field<T>(self, n: u32, read: impl FnOnce(&Field) -> T) -> Option<T> {
        let key = self.key(n)?;
        self.form(|form| form.field(&key).map(read)).flatten()
    }

    /// Returns the field's label, or the one that it would get.
    pub fn label(self, n: u32) -> String {
        let language = self.page.language.get();
        let label = self.field(n, |field| field.label.get(language).to_owned());
        let own = || self.candidate(n, |one| one.label.get(language).to_owned());
        label.or_else(own).unwrap_or_default()
    }

    pub fn says(self, word: EditorText) -> impl Fn() -> String + Copy + Send + Sync + 'static {
        move || word.say(self.page.language.get()).to_owned()
    }

    /// Changes the form; `at`: the id of the control that requests it.
    pub fn edit(self, at: &str, edit: Edit) {
        actions::edit(self.page, at.to_owned(), edit);
    }

    /// Returns why the last change was not made, if this control requested it.
    pub fn fault(self, at: &str) -> Option<String> {
        let language = self.page.language.get();
        actions::fault().with(|fault| match fault.as_ref().filter(|fault| fault.at == at)? {
            Fault { why: Unfit::Value(_), of_bounds: true, .. } => {
                Some(EditorText::StartsOutside.say(language).to_owned())
            }
            Fault { why, .. } => Some(present::unfit(why, language)),
        })
    }
}
