//! What the parts of the form editor need of the form.

use std::collections::BTreeMap;

use leptos::prelude::*;
use pilotlight_forms::form::{Candidate, Edit, Field, FieldKey, Form, Unfit, candidates};
use pilotlight_i18n::present;
use pilotlight_i18n::text::EditorText;

use crate::app::{Page, Sheet};
use crate::features::workflows::editor::actions;
use crate::features::workflows::editor::actions::Fault;

/// What stays the same while the dialog is open; copied freely.
#[derive(Clone, Copy)]
pub struct FormEditor {
    pub page: Page,
    pub inputs: StoredValue<AllInputs>,
    /// The fields in front and those that are folded away, in their order.
    lists: [Memo<Vec<u32>>; 2],
    /// The field that is unfolded.
    pub unfolded: RwSignal<Option<u32>>,
}

pub struct AllInputs {
    /// Everything that is a field or can be one; its place here is what a field is known by.
    pub all: Vec<Candidate>,
    /// The places by the keys: a large workflow has thousands.
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

    /// Whether nothing can be a field.
    pub fn has_no_inputs(self) -> bool {
        self.inputs.with_value(|inputs| inputs.all.is_empty())
    }

    /// Reads what is known of an input. `None` once the dialog is closed: a control that is removed
    /// may still report a change.
    pub fn candidate<T>(self, n: u32, read: impl FnOnce(&Candidate) -> T) -> Option<T> {
        self.inputs.try_with_value(|inputs| inputs.all.get(n as usize).map(read)).flatten()
    }

    pub fn key(self, n: u32) -> Option<FieldKey> {
        self.candidate(n, |one| one.key.clone())
    }

    /// Reads the form as it is now; follows it.
    pub fn form<T>(self, read: impl FnOnce(&Form) -> T) -> Option<T> {
        let tab = self.page.tab.get();
        let sheet = self.page.sheets.with(|sheets| sheets.get(tab).cloned());
        sheet.map(|sheet| read(&sheet.form))
    }

    /// Reads a field as it is now; follows it. `None` when it is none any more.
    pub fn field<T>(self, n: u32, read: impl FnOnce(&Field) -> T) -> Option<T> {
        let key = self.key(n)?;
        self.form(|form| form.field(&key).map(read)).flatten()
    }

    /// What the field is called, or would be.
    pub fn label(self, n: u32) -> String {
        let language = self.page.language.get();
        let label = self.field(n, |field| field.label.get(language).to_owned());
        let own = || self.candidate(n, |one| one.label.get(language).to_owned());
        label.or_else(own).unwrap_or_default()
    }

    pub fn says(self, word: EditorText) -> impl Fn() -> String + Copy + Send + Sync + 'static {
        move || word.say(self.page.language.get()).to_owned()
    }

    /// `at`: the id of the control that it comes from.
    pub fn edit(self, at: &str, edit: Edit) {
        actions::edit(self.page, at.to_owned(), edit);
    }

    /// Why the last step was not done, if it came from there.
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
