//! What a person fills in: the fields of a workflow, each in the widget its class asks for.
//! Invariant: a field is never a link, and a form never holds what was typed; drafts do.

mod app;
mod batch;
mod check;
mod count;
mod derive;
mod drafts;
mod edit;
mod input;
mod labels;
mod mask;
mod package;
mod preset;
mod prune;
mod refill;
mod renew;
mod round;
mod step;
mod unfit;
mod validity;
mod values;
mod widget;

use pilotlight_comfy::language::{Label, Language};
use pilotlight_comfy::run_status::Ended;
use pilotlight_comfy::secret;
use pilotlight_comfy::workflow::Workflow;

pub use app::AppMode;
pub use batch::{BATCH_MAX, LineProblem, Prompt, prompts};
pub use check::{Attachment, MAX_TEXT_BYTES, Ready};
pub use derive::{Candidate, Given, MAX_FIELDS, MAX_FRONT, candidates, derive};
pub use drafts::{Draft, Drafts, PictureRef};
pub use edit::Edit;
pub use package::{Expected, Package, PackageRefusal, id_of_name};
pub use pilotlight_comfy::schema::Fixed;
pub use pilotlight_comfy::workflow::{FieldKey, NodeId};
pub use preset::Preset;
pub use unfit::Unfit;
pub use validity::{flaws, missing_outputs, name_missing};
pub(crate) use values::is_held;
pub use values::{MAX_VALUES, Untaken};
pub use widget::{Choice, Range, Widget};

/// A workflow with its fields, ready to be shown.
#[derive(Clone, Debug, PartialEq)]
pub struct Form {
    /// Lowercase letters, digits and hyphens: good for addresses, element ids and storage keys.
    pub id: String,
    /// What people call it.
    pub title: Label,
    /// In the order they are shown; those for the front and the advanced ones may alternate.
    pub fields: Vec<Field>,
    /// The nodes whose results are meant for people; without any, those of all nodes are.
    pub outputs: Vec<NodeId>,
    workflow: Workflow,
}

/// One input of the workflow that is shown and can be changed.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// The input.
    pub key: FieldKey,
    /// What people call it.
    pub label: Label,
    /// What is said below it, if anything.
    pub hint: Option<Label>,
    /// How it is shown.
    pub widget: Widget,
    /// What stands in the workflow; empty for a seed and for a picture.
    pub default: Draft,
    /// What a text begins with instead, in each language; of a file, the name of the one at the
    /// server that is used unless another is chosen.
    pub start: Option<Label>,
    /// Whether it is folded away.
    pub advanced: bool,
    /// The heading it stands under when folded away: the title of its node, as a rule. Fields of
    /// the same heading follow each other in a form that was derived.
    pub group: Option<Label>,
    /// Whether a text or a file may not be empty.
    pub required: bool,
}

impl Field {
    /// Returns what the field begins with in this language.
    pub fn default_in(&self, language: Language) -> Draft {
        match &self.start {
            Some(start) => Draft::Text(start.get(language).to_owned()),
            None => self.default.clone(),
        }
    }
}

impl Field {
    /// Why it can only be looked at, where that is so.
    pub fn reason(&self) -> Option<Label> {
        let Widget::ReadOnly(why) = &self.widget else { return None };
        Some(labels::only_shown(*why))
    }
}

impl Form {
    /// Returns the seed that a run of this form used: that of its first seed field, where the
    /// server names several.
    pub fn seed_that_ran(&self, ended: &Ended) -> Option<u64> {
        let field = self.fields.iter().find(|field| matches!(field.widget, Widget::Seed { .. }));
        let of = |(node, _): &&(String, u64)| {
            field.is_some_and(|field| field.key.node.as_str() == node.as_str())
        };
        let seed = ended.seeds.iter().find(of).or(ended.seeds.first());
        seed.map(|(_, seed)| *seed)
    }

    /// Returns the field of an input; `None` where the form has none.
    pub fn field(&self, key: &FieldKey) -> Option<&Field> {
        self.fields.iter().find(|field| field.key == *key)
    }

    /// The workflow as its author saved it.
    pub fn workflow(&self) -> &Workflow {
        &self.workflow
    }

    /// What an untouched form holds.
    pub fn drafts(&self, language: Language) -> Drafts {
        self.fields.iter().map(|field| (field.key.clone(), field.default_in(language))).collect()
    }

    /// Returns the form without the texts of inputs that hold secrets, and whether there was one.
    pub fn without_secrets(&self) -> (Self, bool) {
        let mut form = self.clone();
        let mut cleared = secret::clear(&mut form.workflow);
        for field in form.fields.iter_mut().filter(|field| secret::is_named(&field.key.input)) {
            cleared |= field.start.take().is_some();
            if let Some(value) = form.workflow.input(&field.key) {
                field.default = field.widget.draft(value);
            }
        }
        (form, cleared)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use pilotlight_comfy::json;

    #[test]
    fn the_seed_that_ran_is_that_of_the_form() {
        let graph = r#"{"1":{"inputs":{"seed":1}},"5":{"inputs":{"x_seed":18446744073709551615}}}"#;
        let entry = format!(
            r#"{{"prompt":[1,"id",{graph},{{}},[]],"outputs":{{}},"status":{{"status_str":"success"}}}}"#
        );
        let ended = Ended::from_history(&json::parse(&entry).unwrap()).unwrap();
        let flow = r#"{"1":{"class_type":"A","inputs":{"seed":1}},
            "5":{"class_type":"B","inputs":{"x_seed":2}}}"#;
        for (node, input, expected) in [("1", "seed", 1), ("5", "x_seed", u64::MAX)] {
            let file = format!(
                r#"{{"pilotlight":1,"id":"t","title":"t","prompt":{flow},
                    "form":[{{"node":"{node}","input":"{input}","label":"Seed"}}]}}"#
            );
            let form = Package::parse(&file).unwrap().parts().0;
            assert_eq!(form.seed_that_ran(&ended), Some(expected), "{node}");
        }
    }
}
