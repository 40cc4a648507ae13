//! The dialog for the key that a server wants. Invariant: what is typed is shown only while
//! somebody asks to see it, and nowhere else.

use pilotlight_comfy::access::Barred;
use pilotlight_i18n::text::{CommonText, KeyText};

use super::button::{bare, icon_button};
use crate::app::{Page, Part};
use crate::dom::{El, el};
use crate::later::access;
use crate::live::Live;
use crate::runtime;

fn says(page: Page, word: KeyText) -> impl Fn() -> String + Copy + 'static {
    move || word.say(page.language.get()).to_owned()
}

/// The way to it, where a server wants one.
pub(super) fn enter(page: Page) -> El {
    let has_key = move || page.endpoint.get().is_some_and(|it| it.has_access_key());
    let name = move || if has_key() { KeyText::Change } else { KeyText::Enter };
    bare(move || page.open(Part::Access)).says(move || name().say(page.language.get()).to_owned())
}

/// The same as a line that is there only where one is wanted.
pub(super) fn way(page: Page, class: &'static str) -> El {
    let is_wanted = Live::from(move || access::is_wanted(page));
    el("div", class)
        .flag("hidden", move || !is_wanted.get())
        .keyed(move || usize::from(is_wanted.get()), move |any| (any > 0).then(|| enter(page)))
}

/// What the server last said of it.
fn trouble(page: Page) -> Option<String> {
    let word = match runtime::key_refused().get()? {
        Barred::KeyMissing => KeyText::Missing,
        Barred::KeyWrong => KeyText::Wrong,
        Barred::Origin | Barred::Setup => return None,
    };
    Some(word.say(page.language.get()).to_owned())
}

pub(super) fn key(page: Page) -> El {
    let typed = Live::new(String::new());
    let is_shown = Live::new(false);
    let has_key = page.endpoint.now().is_some_and(|it| it.has_access_key());
    let enter = move || typed.peek(|typed| access::enter(page, typed));
    let head = el("div", "dialog-head")
        .put(el("h2", "dialog-title").set("id", "key-title").says(says(page, KeyText::Enter)))
        .put(icon_button(page, "#close", CommonText::Close, access::leave));
    let input = el("input", "box")
        .set("id", "key")
        .attr("type", move || Some(if is_shown.get() { "text" } else { "password" }.to_owned()))
        // No browser shall keep it, nor offer what it keeps for a site.
        .set("autocomplete", "off")
        .set("autocapitalize", "off")
        .set("spellcheck", "false")
        .set("autofocus", "")
        .set("aria-describedby", "key-hint")
        .on("input", move |event| typed.set(event.value()))
        .on("keydown", move |event| {
            if event.key() == "Enter" && !event.is_composing() {
                event.prevent();
                enter();
            }
        });
    let shows = el("input", "")
        .set("type", "checkbox")
        .flag("checked", move || is_shown.get())
        .on("change", move |_| is_shown.set(!is_shown.now()));
    let label = el("label", "field-label").set("for", "key").says(says(page, KeyText::Key));
    let field = el("div", "dialog-part")
        .line("p", "", move || trouble(page))
        .put(label)
        .put(input)
        .put(el("label", "switch").put(shows).put(el("span", "").says(says(page, KeyText::Show))))
        .put(el("p", "dialog-hint").set("id", "key-hint").says(says(page, KeyText::Hint)));
    let forget = bare(move || access::forget(page)).says(says(page, KeyText::Forget));
    let used = bare(move || {
        enter();
    })
    .set("data-kind", "primary")
    .attr("aria-disabled", move || {
        typed.with(|typed| typed.trim().is_empty()).then(|| "true".to_owned())
    })
    .says(says(page, KeyText::Use));
    let ways = el("div", "panel-ways").put_all(has_key.then_some(forget)).put(used);
    el("dialog", "dialog limit")
        .set("aria-labelledby", "key-title")
        // After the browser has closed it, on Escape or by itself.
        .on("close", |_| access::leave())
        .on("click", |event| {
            if event.is_on_itself() {
                access::leave();
            }
        })
        .put(head)
        .put(el("div", "dialog-body").put(field).put(ways))
}
