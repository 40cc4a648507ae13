//! The form of the current tab. Invariant: an Enter that belongs to an input method runs nothing.

use leptos::html;
use leptos::prelude::*;
use pilotlight_engine::form::{Draft, Field, FieldKey};
use pilotlight_engine::language::Language;
use pilotlight_engine::present;
use pilotlight_engine::text::Word;

use super::button::icon;
use super::{field, runbar, tabs, word};
use crate::app::{Intent, Page, Sheet};
use crate::browser;

pub(super) fn form(page: Page) -> AnyView {
    let many = page.sheets.with_value(|sheets| sheets.len() > 1);
    view! {
        <form
            class="form"
            id="form"
            role=many.then_some("tabpanel")
            aria-labelledby=move || many.then(|| tabs::id(page.tab.get()))
            novalidate
            on:submit=move |event| {
                event.prevent_default();
                page.act(Intent::Run);
            }
            on:keydown=move |event| {
                if event.key() != "Enter" {
                    return;
                }
                // Some browsers end the composition before they tell of the key that ended it.
                if event.is_composing() || event.key_code() == 229 {
                    event.prevent_default();
                } else if event.ctrl_key() || event.meta_key() {
                    event.prevent_default();
                    page.act(Intent::Run);
                }
            }
        >
            {move || {
                let tab = page.tab.get();
                page.sheet(tab).map(|sheet| (body(page, tab, &sheet), runbar::runbar(page, tab, sheet)))
            }}
        </form>
    }
    .into_any()
}

fn body(page: Page, tab: usize, sheet: &Sheet) -> AnyView {
    let (form, drafts) = (sheet.form.clone(), sheet.drafts);
    let warnings = Memo::new(move |_| drafts.with(|drafts| form.warnings(drafts)));
    let fields = |advanced: bool| -> Vec<AnyView> {
        let shown = sheet.form.fields.iter().filter(|field| field.advanced == advanced);
        shown.map(|field| field::field(page, sheet, field, warnings)).collect()
    };
    let front = fields(false);
    let folded = fields(true);
    let advanced = (!folded.is_empty()).then(|| advanced(page, sheet, folded));
    let form = sheet.form.clone();
    focus_when_asked(page, tab, move |key| form.field(key).is_some());
    view! {
        <div class="form-body">
            <div class="fields">{front}</div>
            {advanced}
            {elsewhere(page, sheet)}
        </div>
    }
    .into_any()
}

/// Goes to the field that is to be mended, once what hides it is open.
fn focus_when_asked(page: Page, tab: usize, is_here: impl Fn(&FieldKey) -> bool + 'static) {
    Effect::new(move |_| {
        let Some(key) = page.focus.get().filter(&is_here) else { return };
        if page.tab.get_untracked() == tab {
            page.focus.set(None);
            request_animation_frame(move || browser::focus(&field::id(&key)));
        }
    });
}

fn advanced(page: Page, sheet: &Sheet, fields: Vec<AnyView>) -> AnyView {
    let node = NodeRef::<html::Details>::new();
    let open = RwSignal::new(false);
    let (form, problems, drafts) = (sheet.form.clone(), sheet.problems, sheet.drafts);
    Effect::new({
        let form = form.clone();
        move |_| {
            let inside = |key: &FieldKey| form.field(key).is_some_and(|field| field.advanced);
            if problems.with(|all| all.iter().filter_map(|one| one.place.as_ref()).any(inside)) {
                open.set(true);
            }
        }
    });
    let values = move || {
        let language = page.language.get();
        let folded = form.fields.iter().filter(|field| field.advanced);
        let values =
            folded.map(|field| drafts.with(|all| value(field, all.get(&field.key), language)));
        let gap = match language {
            Language::English => ", ",
            Language::Chinese => "，",
        };
        values.collect::<Vec<_>>().join(gap)
    };
    view! {
        <details
            class="advanced"
            node_ref=node
            prop:open=move || open.get()
            on:toggle=move |_| {
                if let Some(node) = node.get_untracked() {
                    open.set(node.open());
                }
            }
        >
            <summary>
                {icon("#chevron")} {word(page, Word::Advanced)}
                <span class="advanced-values">{values}</span>
            </summary>
            <div class="fields">{fields}</div>
        </details>
    }
    .into_any()
}

/// A field and what it holds, in few words.
fn value(field: &Field, draft: Option<&Draft>, language: Language) -> String {
    let label = field.label.get(language).to_ascii_lowercase();
    let value = match draft.unwrap_or(&field.default) {
        Draft::Text(text) if text.is_empty() => Word::Random.say(language),
        Draft::Text(text) => text,
        Draft::Switch(on) => if *on { Word::On } else { Word::Off }.say(language),
        Draft::Picture(picture) => picture.as_ref().map_or("–", |picture| picture.name.as_str()),
    };
    format!("{label} {value}")
}

/// What is wrong with no field that the form shows.
fn elsewhere(page: Page, sheet: &Sheet) -> impl Fn() -> Vec<AnyView> + Send + use<> {
    let (form, problems) = (sheet.form.clone(), sheet.problems);
    move || {
        problems.with(|problems| {
            let unplaced = problems.iter().filter(|problem| {
                problem.place.as_ref().is_none_or(|place| form.field(place).is_none())
            });
            let line = |problem| {
                let said = present::problem(problem, page.language.get());
                view! {
                    <div class="notice" data-kind="error" role="alert">
                        {icon("#alert")}
                        <div class="notice-body"><p>{said}</p></div>
                    </div>
                }
                .into_any()
            };
            unplaced.map(line).collect()
        })
    }
}
