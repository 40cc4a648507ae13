//! *Edit the form*: which inputs are fields, what they are called, in which order, within which
//! bounds. Invariant: a text is taken over when its control is left, not while it is typed, and
//! what is refused is explained right under it.

mod fields;
mod inputs;
mod origin;
mod settings;

use std::collections::BTreeMap;

use std::rc::Rc;

use pilotlight_comfy::language::{Label, Language};
use pilotlight_forms::form::{Candidate, Edit, Field, FieldKey, Form, Unfit, candidates};
use pilotlight_i18n::present;
use pilotlight_i18n::text::{CommonText, EditorText, FormText, LanguageText};

use super::button::{bare, icon, icon_button};
use super::{modal, toast, word};
use crate::app::{Deed, Dialog, Page, Sheet};
use crate::dom::{El, el};
use crate::later::editing::{self, Fault};
use crate::live::Live;

/// What stays the same while the dialog is open; copied freely.
#[derive(Clone, Copy)]
struct Desk {
    page: Page,
    /// Everything that is a field or can be one; its place here is what a field is known by.
    all: &'static [Candidate],
    /// The fields in front and those that are folded away, in their order.
    lists: [Live<Vec<u32>>; 2],
    /// The field that is unfolded.
    unfolded: Live<Option<u32>>,
}

/// The places of candidates by their keys: a large workflow has thousands.
fn places(all: &[Candidate]) -> BTreeMap<FieldKey, u32> {
    all.iter().map(|candidate| candidate.key.clone()).zip(0..).collect()
}

impl Desk {
    fn new(page: Page, sheet: &Sheet) -> Self {
        let flow = sheet.form.workflow();
        let mut all = candidates(flow, sheet.classes);
        let found = places(&all);
        for field in &sheet.form.fields {
            if !found.contains_key(&field.key) {
                let title = flow.node(&field.key.node).map_or("", |node| node.title()).to_owned();
                all.push(Candidate { key: field.key.clone(), label: field.label.clone(), title });
            }
        }
        let places: &'static BTreeMap<_, _> = Box::leak(Box::new(places(&all)));
        let all: &'static [Candidate] = all.leak();
        let list = |advanced| {
            Live::from(move || {
                let of = |sheet: &&'static Sheet| -> Vec<u32> {
                    let fields = sheet.form.fields.iter();
                    let fields = fields.filter(|field| field.advanced == advanced);
                    fields.filter_map(|field| places.get(&field.key).copied()).collect()
                };
                let tab = page.tab.get();
                page.sheets.with(|sheets| sheets.get(tab).map(of)).unwrap_or_default()
            })
        };
        Self { page, all, lists: [list(false), list(true)], unfolded: Live::new(None) }
    }

    fn list(self, advanced: bool) -> Live<Vec<u32>> {
        let [front, folded] = self.lists;
        if advanced { folded } else { front }
    }

    fn candidate(self, n: u32) -> Option<&'static Candidate> {
        self.all.get(n as usize)
    }

    /// Reads the form as it is now; follows it.
    fn form<T>(self, read: impl FnOnce(&'static Form) -> T) -> Option<T> {
        let tab = self.page.tab.get();
        let sheet = self.page.sheets.with(|sheets| sheets.get(tab).copied());
        sheet.map(|sheet| read(&sheet.form))
    }

    /// Reads a field as it is now; follows it. `None` when it is none any more.
    fn field<T>(self, n: u32, read: impl FnOnce(&'static Field) -> T) -> Option<T> {
        let key = &self.candidate(n)?.key;
        self.form(|form| form.field(key).map(read)).flatten()
    }

    /// What the field is called, or would be.
    fn label(self, n: u32) -> String {
        let language = self.page.language.get();
        let label = self.field(n, |field| field.label.get(language).to_owned());
        let own = || self.candidate(n).map(|one| one.label.get(language).to_owned());
        label.or_else(own).unwrap_or_default()
    }

    fn says(self, word: EditorText) -> impl Fn() -> String + Copy + 'static {
        move || word.say(self.page.language.get()).to_owned()
    }

    /// `at`: the id of the control that it comes from.
    fn edit(self, at: &str, edit: Edit) {
        editing::edit(self.page, at.to_owned(), edit);
    }

    /// Why the last step was not done, if it came from there.
    fn fault(self, at: &str) -> Option<String> {
        let language = self.page.language.get();
        editing::fault().with(|fault| match fault.as_ref().filter(|fault| fault.at == at)? {
            Fault { why: Unfit::Value(_), of_bounds: true, .. } => {
                Some(EditorText::StartsOutside.say(language).to_owned())
            }
            Fault { why, .. } => Some(present::unfit(why, language)),
        })
    }

    /// A control with this id, which says what is wrong with what was typed.
    fn control(self, element: El, at: &str) -> El {
        let id = at.to_owned();
        element
            .set("id", at)
            .set("aria-describedby", &format!("{at}-note"))
            .attr("aria-invalid", move || self.fault(&id).map(|_| "true".to_owned()))
    }

    fn note(self, at: &str) -> El {
        let id = at.to_owned();
        el("div", "editor-note")
            .set("id", &format!("{at}-note"))
            .set("role", "alert")
            .says(move || self.fault(&id).unwrap_or_default())
    }
}

/// The dialog, which stays empty until its module is there.
pub(super) fn shell(page: Page) -> El {
    let is_open = move || page.dialog.get() == Some(Dialog::Editor);
    modal::modal(page, "dialog editor", is_open).set("aria-labelledby", "editor-title").keyed(
        // Made anew when the server has described the form's nodes.
        move || if is_open() { 1 + editing::round().get() } else { 0 },
        move |open| {
            let inside = editing::inside().filter(|_| open > 0);
            inside.map(|inside| inside(page)).into_iter().flatten()
        },
    )
}

/// What stands in the dialog.
pub(super) fn inside(page: Page) -> Vec<El> {
    editing::fault().set(None);
    let sheet = page.sheet(page.tab.now());
    sheet.map(|sheet| parts(Desk::new(page, sheet)).into()).unwrap_or_default()
}

fn parts(desk: Desk) -> [El; 4] {
    let page = desk.page;
    let head = el("div", "dialog-head")
        .put(el("h2", "dialog-title").set("id", "editor-title").says(word(page, FormText::Edit)))
        .put(icon_button(page, "#close", CommonText::Close, move || {
            page.ask_for(Deed::CloseDialog)
        }));
    let inputs_shown = Live::new(false);
    let is_own = move || {
        let tab = page.tab.get();
        page.sheets.with(|sheets| sheets.get(tab).is_some_and(|sheet| sheet.is_opened))
    };
    let lead = move || {
        let word = if is_own() { EditorText::StoredHere } else { EditorText::BuiltIn };
        word.say(page.language.get()).to_owned()
    };
    let title = pair(desk, "edit-title", EditorText::Title, "input", Rc::new(Edit::Title), {
        Rc::new(move || desk.form(|form| form.title.clone()))
    });
    let views = el("div", "choices")
        .put(view(inputs_shown, false, move || {
            let count = desk.form(|form| form.fields.len()).unwrap_or(0);
            format!("{} {count}", desk.says(EditorText::Fields)())
        }))
        .put(view(inputs_shown, true, desk.says(EditorText::AllInputs)));
    let body = el("div", "dialog-body")
        .put(el("p", "dialog-hint").says(lead))
        .put_all(origin::origin(page))
        .put(title)
        .put(views)
        .keyed(
            move || usize::from(inputs_shown.get()),
            move |inputs| {
                Some(if inputs > 0 { inputs::inputs(desk) } else { fields::fields(desk) })
            },
        );
    let save = bare(move || editing::save(page))
        .set("data-kind", "primary")
        .put(icon("#download"))
        .says(desk.says(EditorText::SaveAsFile));
    let begin = bare(move || editing::begin_with_values(page))
        .says(desk.says(EditorText::UseCurrentValues));
    [head, body, el("div", "editor-foot").put(save).put(begin), toast::toast(page)]
}

/// One of the two lists; the words are put into it.
fn view(shown: Live<bool>, inputs: bool, name: impl Fn() -> String + 'static) -> El {
    let input = el("input", "")
        .set("type", "radio")
        .set("name", "editor-view")
        .flag("checked", move || shown.get() == inputs)
        .attr("autofocus", move || (!inputs).then(String::new))
        .on("change", move |_| shown.set(inputs));
    el("label", "choice").put(input).put(el("span", "").says(name))
}

/// A text in each language. One that was the same in all and is emptied is emptied in all.
fn pair(
    desk: Desk,
    at: &str,
    name: EditorText,
    tag: &'static str,
    change: Rc<dyn Fn(Label) -> Edit>,
    now: Rc<dyn Fn() -> Option<Label>>,
) -> El {
    let page = desk.page;
    let control = |language: Language| {
        let [own, of, short] = [LanguageText::Name, LanguageText::Tag, LanguageText::Letters]
            .map(|text| text.say(language));
        let (shown, before, change) = (now.clone(), now.clone(), change.clone());
        let (id, place) = (format!("{at}-{}", language.code()), at.to_owned());
        let faulty = place.clone();
        let empty = || Label::plain("");
        let input = el(tag, "box-input")
            .set("id", &id)
            .set("lang", of)
            .set("autocomplete", "off")
            .set("aria-describedby", &format!("{at}-note"))
            .attr("aria-invalid", move || desk.fault(&faulty).map(|_| "true".to_owned()))
            .attr("aria-label", move || format!("{} · {own}", name.say(page.language.get())))
            .value(move || shown().map(|label| label.get(language).to_owned()).unwrap_or_default())
            .on("change", move |event| {
                let mut label = before().unwrap_or_else(empty);
                let typed = event.value();
                if typed.trim().is_empty() && label.is_same() {
                    label = Label::plain(&typed);
                } else {
                    *label.get_mut(language) = typed;
                }
                desk.edit(&place, change(label));
            });
        let tongue = el("span", "editor-tongue").set("aria-hidden", "true").set("lang", of);
        el("span", "box editor-side").put(tongue.text(short)).put(input)
    };
    el("fieldset", "editor-pair")
        .put(el("legend", "field-label").says(desk.says(name)))
        .put_all(Language::ALL.map(control))
        .put(desk.note(at))
}
