//! From an opened file to a workflow that a form is made of, by the node classes that are known.
//! Invariant: nothing is asked here; what is missing is named, so that a server can be asked.

use super::{Opened, Unopened};
use crate::form::AppMode;
use pilotlight_comfy::editor_workflow::EditorWorkflow;
use pilotlight_comfy::graph::{self, Classes, GraphRefusal, Moment, Untaken};
use pilotlight_comfy::json;
use pilotlight_comfy::schema::Class;
use pilotlight_comfy::workflow::Workflow;

/// Descriptions of node classes: what a server said, and what the page ships.
#[derive(Default)]
pub struct KnownClasses {
    for_graph: Classes,
    list: Vec<Class>,
}

/// A workflow that can be run, and what a form is made with.
#[derive(Clone, Debug, PartialEq)]
pub struct Prepared {
    /// The workflow in API format.
    pub workflow: Workflow,
    /// What its author selected for the editor's app mode.
    pub app: Option<AppMode>,
    /// What was arranged in the editor, if it sends this workflow.
    pub editor: Option<EditorWorkflow>,
    /// The known classes of its nodes, and of lists that they choose from.
    pub classes: Vec<Class>,
    /// Saved values that the prompt does not contain.
    pub untaken: Vec<Untaken>,
}

/// Why no form is made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unprepared {
    /// What the file comes to is no workflow.
    Unopened(Unopened),
    /// The editor's format cannot be converted, perhaps because classes are missing.
    Unconverted(GraphRefusal),
}

impl KnownClasses {
    /// Adds a reply of `/object_info` or `/object_info/{class}`; the newer description of a class
    /// replaces the older one.
    pub fn add(&mut self, reply: &str) {
        self.for_graph.add(reply);
        for class in json::parse(reply).iter().flat_map(Class::read_all) {
            match self.list.iter_mut().find(|known| known.name == class.name) {
                Some(known) => *known = class,
                None => self.list.push(class),
            }
        }
    }

    /// Returns those of these names that are not known.
    pub fn missing(&self, names: &[String]) -> Vec<String> {
        let is_known = |name: &String| self.list.iter().any(|class| class.name == *name);
        names.iter().filter(|name| !is_known(name)).cloned().collect()
    }

    /// Returns the known classes of a workflow's nodes, and of lists that they choose from. Shipped
    /// ones take whatever stands in the workflow.
    pub fn of(&self, workflow: &Workflow) -> Vec<Class> {
        let names = of_workflow(workflow);
        let known = self.list.iter().filter(|class| names.binary_search(&class.name).is_ok());
        let mut classes: Vec<Class> = known.cloned().collect();
        for (_, node) in workflow.nodes() {
            if let Some(class) = classes.iter_mut().find(|class| class.name == node.class()) {
                class.admit(node);
            }
        }
        classes
    }
}

fn of_workflow(workflow: &Workflow) -> Vec<String> {
    complete(workflow.nodes().map(|(_, node)| node.class().to_owned()).collect())
}

/// Adds the classes whose lists others choose from; sorts, and removes duplicates.
fn complete(mut names: Vec<String>) -> Vec<String> {
    let lists = names.iter().filter_map(|name| graph::list_class(name)).next();
    names.extend(lists.map(str::to_owned));
    names.sort_unstable();
    names.dedup();
    names
}

impl Opened {
    /// Returns the names of its node classes, and of those whose lists they choose from, sorted,
    /// without duplicates; none for a file of this page, which contains its descriptions.
    pub fn classes(&self) -> Vec<String> {
        match self {
            Self::Api(prompt) | Self::Both { prompt, .. } => of_workflow(prompt),
            Self::Editor(editor) => complete(graph::classes(editor)),
            Self::Package(_) => Vec::new(),
        }
    }

    /// Makes the workflow of a form. `moment`: for texts that contain the date or a random choice.
    ///
    /// # Errors
    /// `MissingClasses` if the editor's format needs descriptions that are not known; otherwise what
    /// is wrong with the workflow.
    pub fn prepare(&self, known: &KnownClasses, moment: &Moment) -> Result<Prepared, Unprepared> {
        let mut untaken = Vec::new();
        let converted = |editor| graph::convert(&known.for_graph, editor, moment);
        let (workflow, app, editor) = match self {
            Self::Api(prompt) => (prompt.clone(), None, None),
            Self::Both { prompt, workflow } => {
                let arranged = converted(workflow).ok().and_then(|converted| {
                    let sent = Workflow::from_value(converted.prompt).ok()?;
                    EditorWorkflow::of(workflow, &sent, &converted.places)
                });
                let arranged = arranged.filter(|arranged| arranged.with(prompt).is_some());
                (prompt.clone(), AppMode::read(workflow), arranged)
            }
            Self::Package(package) => {
                let (form, classes) = package.clone().parts();
                let workflow = form.workflow().clone();
                return Ok(Prepared { workflow, app: None, editor: None, classes, untaken });
            }
            Self::Editor(editor) => {
                let converted = converted(editor).map_err(Unprepared::Unconverted)?;
                untaken = converted.untaken;
                let workflow = Workflow::from_value(converted.prompt)
                    .map_err(|why| Unprepared::Unopened(Unopened::Workflow(why)))?;
                let arranged = EditorWorkflow::of(editor, &workflow, &converted.places);
                (workflow, AppMode::read(editor), arranged)
            }
        };
        let classes = known.of(&workflow);
        Ok(Prepared { workflow, app, editor, classes, untaken })
    }
}

#[cfg(test)]
mod tests;
