//! One field: label, hint, widget, and what is wrong with it.
//! Invariant: what is wrong is named right under the widget, which points to it.

use leptos::prelude::*;
use pilotlight_engine::form::{Draft, Field, FieldKey, Widget};
use pilotlight_engine::language::Language;
use pilotlight_engine::present;
use pilotlight_engine::problem::Warning;

use super::button::icon;
use super::{choice, drop, number, seed, switch, text};
use crate::app::{Intent, Page, Sheet};
use crate::desk;

/// What a widget needs of its field; copied freely.
#[derive(Clone, Copy)]
pub(super) struct Slot {
    pub page: Page,
    pub sheet: StoredValue<Sheet>,
    pub field: StoredValue<Field>,
    note: Memo<Option<Note>>,
}

#[derive(Clone, PartialEq)]
struct Note {
    is_error: bool,
    text: String,
}

/// The id of the control of this field.
pub(super) fn id(key: &FieldKey) -> String {
    format!("field-{key}")
}

impl Slot {
    pub fn id(self) -> String {
        self.field.with_value(|field| id(&field.key))
    }

    /// For `aria-describedby`. Where there is no note, the hint alone is found.
    pub fn described_by(self) -> String {
        let id = self.id();
        format!("{id}-note {id}-hint")
    }

    pub fn label(self) -> String {
        let language = self.page.language.get();
        self.field.with_value(|field| field.label.get(language).to_owned())
    }

    /// For `aria-invalid`.
    pub fn invalid(self) -> Option<&'static str> {
        self.note.with(|note| note.as_ref().is_some_and(|note| note.is_error)).then_some("true")
    }

    pub fn draft(self) -> Draft {
        let drafts = self.sheet.with_value(|sheet| sheet.drafts);
        let read = |field: &Field| drafts.with(|drafts| drafts.get(&field.key).cloned());
        self.field.with_value(|field| read(field).unwrap_or_else(|| field.default.clone()))
    }

    /// What is typed; empty where the draft is no text.
    pub fn text(self) -> String {
        match self.draft() {
            Draft::Text(text) => text,
            Draft::Switch(_) | Draft::Picture(_) => String::new(),
        }
    }

    pub fn fill(self, draft: Draft) {
        self.page.act(Intent::Fill(self.key(), draft));
    }

    pub fn key(self) -> FieldKey {
        self.field.with_value(|field| field.key.clone())
    }

    /// One step up or down of a number.
    pub fn step(self, up: bool) {
        let typed = untrack(|| self.text());
        if let Some(text) = self.field.with_value(|field| field.stepped(&typed, up)) {
            self.fill(Draft::Text(text));
        }
    }
}

pub(super) fn field(
    page: Page,
    sheet: &Sheet,
    field: &Field,
    warnings: Memo<Vec<Warning>>,
) -> AnyView {
    let note = note(page, sheet, field.key.clone(), warnings);
    let slot = Slot {
        page,
        sheet: StoredValue::new(sheet.clone()),
        field: StoredValue::new(field.clone()),
        note,
    };
    let (name, widget) = match &field.widget {
        Widget::LongText => ("text", text::long(slot)),
        Widget::Text | Widget::ReadOnly => ("text", text::short(slot)),
        Widget::Int { .. } => ("number", number::number(slot, "numeric")),
        Widget::Float { .. } => ("number", number::number(slot, "decimal")),
        Widget::Seed { .. } => ("seed", seed::seed(slot)),
        Widget::Switch => ("switch", switch::switch(slot)),
        Widget::Choice { options } => ("choice", choice::choice(slot, options)),
        Widget::Picture => ("picture", drop::drop(slot)),
    };
    let id = id(&field.key);
    let state = move || {
        note.with(|note| note.as_ref().map(|note| if note.is_error { "error" } else { "warning" }))
    };
    let shown = hint(field);
    let whole = field.hint.clone();
    let language = page.language;
    view! {
        <div
            class="field"
            data-widget=name
            data-state=state
            title=move || whole.as_ref().map(|whole| whole.get(language.get()).to_owned())
        >
            <div class="field-head">
                <label class="field-label" for=id.clone()>{move || slot.label()}</label>
                <span class="field-hint" id=format!("{id}-hint")>
                    {move || shown(language.get())}
                </span>
            </div>
            {widget}
            {move || note.get().map(|note| note_view(note, &id))}
        </div>
    }
    .into_any()
}

/// The bounds of a number say more in little room than its hint; that is there to hover over.
fn hint(field: &Field) -> impl Fn(Language) -> String + Send + use<> {
    let range = match &field.widget {
        Widget::Int { .. } | Widget::Float { .. } => {
            let range = field.widget.range();
            range.min.zip(range.max).map(|(min, max)| format!("{min}–{max}"))
        }
        Widget::LongText
        | Widget::Text
        | Widget::Seed { .. }
        | Widget::Switch
        | Widget::Choice { .. }
        | Widget::Picture
        | Widget::ReadOnly => None,
    };
    let hint = field.hint.clone();
    move |language| match (&range, &hint) {
        (Some(range), _) => range.clone(),
        (None, Some(hint)) => hint.get(language).to_owned(),
        (None, None) => String::new(),
    }
}

fn note(
    page: Page,
    sheet: &Sheet,
    key: FieldKey,
    warnings: Memo<Vec<Warning>>,
) -> Memo<Option<Note>> {
    let (problems, complaint) = (sheet.problems, sheet.complaint);
    Memo::new(move |_| {
        let language = page.language.get();
        let complaint = complaint.with(|complaint| match complaint {
            Some((place, why)) if *place == key => Some(desk::complaint(why).say(language)),
            Some(_) | None => None,
        });
        let problem = || {
            problems.with(|problems| {
                let mine = problems.iter().find(|problem| problem.place.as_ref() == Some(&key))?;
                Some(present::problem(mine, language))
            })
        };
        if let Some(text) = complaint.or_else(problem) {
            return Some(Note { is_error: true, text });
        }
        warnings.with(|warnings| {
            let mine = warnings.iter().find(|warning| *warning.place() == key)?;
            Some(Note { is_error: false, text: present::warning(mine, language) })
        })
    })
}

fn note_view(note: Note, id: &str) -> AnyView {
    view! {
        <p class="field-note" id=format!("{id}-note") role=note.is_error.then_some("alert")>
            {icon(if note.is_error { "#alert" } else { "#info" })}
            <span>{note.text}</span>
        </p>
    }
    .into_any()
}
