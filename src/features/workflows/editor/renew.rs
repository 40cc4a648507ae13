//! What the server takes now, taken over into a form that is open: after it refused a value, or
//! when somebody asked again. It comes with the module of `editing`. Invariant: what was typed stays, and a form of the configuration is
//! as its file says when the page is loaded again.

use leptos::prelude::*;
use pilotlight_comfy::json;
use pilotlight_comfy::problem::{Problem, Trouble};
use pilotlight_comfy::schema::Class;
use pilotlight_forms::form::Form;

use crate::app::{EditorWish, Page, Part};
use crate::features::workflows::{node_classes, opened};
use crate::runtime::task;

/// The server refused values of the form in this place.
pub fn refused(page: Page, at: usize, problems: &[Problem]) {
    let is_listed = |problem: &Problem| matches!(problem.trouble, Trouble::NotInList { .. });
    if !problems.iter().any(is_listed) {
        return;
    }
    page.open(Part::Editor(EditorWish::Learn(at, problems.to_vec())));
}

/// The server has just refused them, so it is awake: what it offered is taken over, and what it did
/// not name is asked for.
pub fn learn(page: Page, at: usize, problems: &[Problem]) {
    let Some(sheet) = page.sheet(at) else { return };
    let (mut form, mut known) = (Form::clone(&sheet.form), sheet.classes.to_vec());
    let mut wanted: Vec<String> = Vec::new();
    for problem in problems {
        if form.offer(problem, &mut known)
            && let Some(node) =
                problem.place.as_ref().and_then(|key| form.workflow().node(&key.node))
        {
            // What was kept of it says something else.
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

/// The form was made anew, so the focus is put back to what is wrong.
fn focus(page: Page, at: usize) {
    let Some(sheet) = page.sheet(at).filter(|_| page.tab.get_untracked() == at) else { return };
    page.focus
        .set(sheet.problems.with_untracked(|all| all.iter().find_map(|one| one.place.clone())));
}

/// Takes over what the server said of classes. `false`: the form stays as it is.
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
