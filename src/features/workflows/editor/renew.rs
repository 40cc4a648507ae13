//! Applies node classes from the server to an open form: after the server refused a value, or on
//! the user's command. Part of the `editor` bundle. Invariant: entered values stay; a form of the
//! configuration is read from its file again at the next start.

use leptos::prelude::*;
use pilotlight_comfy::json;
use pilotlight_comfy::problem::{Problem, Trouble};
use pilotlight_comfy::schema::Class;
use pilotlight_forms::form::Form;

use crate::app::{EditorRequest, Page, Part};
use crate::features::workflows::{node_classes, opened};
use crate::runtime::task;

/// Opens the `editor` bundle to apply choices from a refusal, if the server sent any.
pub fn refused(page: Page, at: usize, problems: &[Problem]) {
    let is_listed = |problem: &Problem| matches!(problem.trouble, Trouble::NotInList { .. });
    if !problems.iter().any(is_listed) {
        return;
    }
    page.open(Part::Editor(EditorRequest::Learn(at, problems.to_vec())));
}

/// Applies the choices that a refusal lists, and asks the server for those that it does not list.
/// The server has just answered, so it is awake.
pub fn learn(page: Page, at: usize, problems: &[Problem]) {
    let Some(sheet) = page.sheet(at) else { return };
    let (mut form, mut known) = (Form::clone(&sheet.form), sheet.classes.to_vec());
    let mut wanted: Vec<String> = Vec::new();
    for problem in problems {
        if form.offer(problem, &mut known)
            && let Some(node) =
                problem.place.as_ref().and_then(|key| form.workflow().node(&key.node))
        {
            // The stored description has other choices.
            node_classes::forget(node.class());
        }
        wanted.extend(form.unoffered(problem, &known).map(str::to_owned));
    }
    wanted.sort_unstable();
    wanted.dedup();
    if form != *sheet.form {
        opened::exchange(page, at, form, known.into());
        focus(page, at);
    }
    if wanted.is_empty() || !node_classes::is_awake(page) {
        return;
    }
    task::spawn(async move {
        let replies = node_classes::ask(page, &wanted, node_classes::AWAKE_LIMIT_MS).await;
        if take_over(page, at, &replies.unwrap_or_default()) {
            focus(page, at);
        }
    });
}

/// Restores the focus on the first field with a problem, since the form was rebuilt.
fn focus(page: Page, at: usize) {
    let Some(sheet) = page.sheet(at).filter(|_| page.tab.get_untracked() == at) else { return };
    page.focus
        .set(sheet.problems.with_untracked(|all| all.iter().find_map(|one| one.place.clone())));
}

/// Applies descriptions of classes to the form; returns whether anything changed.
pub fn take_over(page: Page, at: usize, replies: &[String]) -> bool {
    let Some(sheet) = page.sheet(at) else { return false };
    let mut known = sheet.classes.to_vec();
    for reply in replies {
        for class in json::parse(reply).iter().flat_map(Class::read_all) {
            match known.iter_mut().find(|other| other.name == class.name) {
                Some(former) => *former = class,
                None => known.push(class),
            }
        }
    }
    if *known == *sheet.classes {
        return false;
    }
    let form = sheet.form.described_anew(&sheet.classes, &known);
    opened::exchange(page, at, form, known.into());
    true
}
