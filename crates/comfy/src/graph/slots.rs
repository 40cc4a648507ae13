//! Which slots a node has, in the order of the editor.
//! Invariant: a slot is found by its name; the file's order of slots decides nothing but what is
//! said here.

use super::class::{Class, Form, Input, Widget, WidgetKind};
use super::file::Graph;
use super::raw::Slot;
use super::widgets::{Filled, branch};

/// The slots of a node that was just made, with those that only the file has behind them, and
/// where each slot of the file went.
pub(super) fn fresh(
    class: &Class,
    filled: &[Filled],
    given: &[Slot],
) -> (Vec<Slot>, Vec<Option<usize>>) {
    let mut made = Vec::new();
    make_all(class, &mut made);
    // A group that goes with its option takes no link along.
    let mut going = Vec::new();
    groups(&class.inputs, "", &|_, widget| branch(widget, widget.default.as_ref()), &mut going);
    let mut stay = Vec::new();
    groups(&class.inputs, "", &|name, widget| chosen(filled, name, widget), &mut stay);
    going.retain(|group| !stay.contains(group));
    let mut slots: Vec<Slot> = made.iter().map(|name| Slot::empty(name, "*")).collect();
    let places = given.iter().map(|slot| {
        let place = slots.iter().position(|other| other.name == slot.name);
        let place = place.unwrap_or(slots.len());
        match slots.get_mut(place) {
            Some(other) => {
                other.kind.clone_from(&slot.kind);
                other.widget.clone_from(&slot.widget);
            }
            None => slots.push(slot.clone()),
        }
        let goes = going.iter().any(|group| slot.name.starts_with(group));
        (!goes).then_some(place)
    });
    let places = places.collect();
    (slots, places)
}

/// The slots of a node of a known class: those its class has, links before widgets, then those
/// that only the file has.
pub(super) fn slots(
    class: &Class,
    filled: &[Filled],
    given: Vec<Slot>,
    graph: &Graph,
) -> Vec<Slot> {
    let mut early = Vec::new();
    groups(&class.inputs, "", &|_, widget| branch(widget, widget.default.as_ref()), &mut early);
    let mut outline = Outline {
        class,
        early,
        filled,
        given: &given,
        graph,
        links: Vec::new(),
        widgets: Vec::new(),
        gone: Vec::new(),
    };
    outline.draw(&class.inputs, "");
    let Outline { mut links, widgets, gone, .. } = outline;
    links.extend(widgets);
    for slot in given {
        let known = links.iter().any(|other| other.name == slot.name);
        let orphan = match &slot.widget {
            Some(widget) => !filled.iter().any(|other| other.name == *widget),
            None => gone.iter().any(|group| slot.name.starts_with(group)),
        };
        if !known && !orphan {
            links.push(slot);
        }
    }
    links
}

struct Outline<'g> {
    class: &'g Class,
    graph: &'g Graph<'g>,
    filled: &'g [Filled],
    given: &'g [Slot],
    links: Vec<Slot>,
    widgets: Vec<Slot>,
    /// The growing groups that a fresh node has within its dynamic choices.
    early: Vec<String>,
    /// How the names of inputs begin that belong to an option which is not chosen.
    gone: Vec<String>,
}

impl Outline<'_> {
    fn draw(&mut self, inputs: &[Input], before: &str) {
        for input in inputs {
            let name = [before, &input.name].concat();
            match &input.form {
                Form::Link => {
                    let slot = self.slot(&name, &input.kind, false);
                    self.links.push(slot);
                }
                Form::AnyLink => {
                    let slot = self.slot(&name, "*", true);
                    self.links.push(slot);
                }
                Form::Group(start) => {
                    let group = [&name, "."].concat();
                    for first in start {
                        let slot =
                            self.slot(&[&group, first.as_str()].concat(), &input.kind, false);
                        self.links.push(slot);
                    }
                    let lost =
                        if before.is_empty() { Vec::new() } else { self.lost(&group, start) };
                    // One that comes with another option than the first has not grown yet.
                    let grows = before.is_empty() || self.early.contains(&group);
                    let given = if grows { self.given } else { &[] };
                    let mut grown = false;
                    for more in given.iter().filter(|slot| slot.name.starts_with(&group)) {
                        if self.links.iter().any(|slot| slot.name == more.name) {
                            continue;
                        }
                        let target =
                            more.link.and_then(|id| self.graph.link(id)).map(|link| link.to_slot);
                        if grown && target.is_some_and(|slot| lost.contains(&slot)) {
                            break;
                        }
                        let slot = self.slot(&more.name, &input.kind, false);
                        self.links.push(slot);
                        grown = true;
                    }
                }
                Form::Widget(widget) => {
                    let branch = chosen(self.filled, &name, widget);
                    if matches!(widget.kind, WidgetKind::Branches(_)) {
                        let parts = [&name, "."].concat();
                        self.draw(branch, &parts);
                        self.gone.push(parts);
                    }
                    if widget.socket {
                        let slot = self.slot(&name, &input.kind, false);
                        self.widgets.push(Slot { widget: Some(name), ..slot });
                    }
                }
            }
        }
    }

    fn slot(&self, name: &str, kind: &str, any: bool) -> Slot {
        let given = self.given.iter().rev().find(|slot| slot.name == name);
        let kind = given.filter(|_| any).map_or(kind, |slot| slot.kind.as_str());
        Slot { link: given.and_then(|slot| slot.link), ..Slot::empty(name, kind) }
    }

    /// While the editor loads a file, a growing group within a dynamic choice has its first inputs
    /// and one more. A link to a later one whose place in the file is the place of a first one is
    /// lost, and with it those that follow: the places.
    fn lost(&self, group: &str, start: &[String]) -> Vec<u64> {
        let mut made = Vec::new();
        make_all(self.class, &mut made);
        let linked =
            |name: &String| self.given.iter().any(|slot| slot.name == *name && slot.link.is_some());
        let firsts = start.iter().map(|first| [group, first].concat()).filter(linked);
        let place = |name: String| made.iter().position(|other| *other == name);
        firsts.filter_map(place).filter_map(|place| u64::try_from(place).ok()).collect()
    }
}

/// The inputs that the chosen option of a node's dynamic choice brings.
fn chosen<'c>(filled: &[Filled], name: &str, widget: &'c Widget) -> &'c [Input] {
    let filled = filled.iter().find(|filled| filled.name == name);
    filled.map_or(&[], |filled| branch(widget, filled.value.as_ref()))
}

type Branch<'b, 'c> = &'b dyn Fn(&str, &'c Widget) -> &'c [Input];

/// How the names begin of the inputs of growing groups within dynamic choices.
fn groups<'c>(inputs: &'c [Input], before: &str, branch: Branch<'_, 'c>, found: &mut Vec<String>) {
    for input in inputs {
        let name = [before, &input.name].concat();
        match &input.form {
            Form::Group(_) if !before.is_empty() => found.push([&name, "."].concat()),
            Form::Widget(widget) if matches!(widget.kind, WidgetKind::Branches(_)) => {
                groups(branch(&name, widget), &[&name, "."].concat(), branch, found);
            }
            Form::Link | Form::AnyLink | Form::Group(_) | Form::Widget(_) => {}
        }
    }
}

fn make_all(class: &Class, made: &mut Vec<String>) {
    let links = |input: &&Input| !matches!(input.form, Form::Widget(_));
    make(class.inputs.iter().filter(links), "", made);
    make(class.inputs.iter().filter(|input| !links(input)), "", made);
}

/// The slots of a fresh node in the order in which the editor makes them: what a dynamic choice
/// brings comes before the choice itself.
fn make<'c>(inputs: impl Iterator<Item = &'c Input>, before: &str, made: &mut Vec<String>) {
    for input in inputs {
        let name = [before, &input.name].concat();
        match &input.form {
            Form::Link | Form::AnyLink => made.push(name),
            Form::Group(start) => {
                made.extend(start.iter().map(|first| [&name, ".", first.as_str()].concat()));
            }
            Form::Widget(widget) => {
                let parts = branch(widget, widget.default.as_ref());
                let inner: Box<dyn Iterator<Item = &Input>> = Box::new(parts.iter());
                make(inner, &[&name, "."].concat(), made);
                if widget.socket {
                    made.push(name);
                }
            }
        }
    }
}
