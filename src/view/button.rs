//! Buttons and icons. Invariant: a button that shows only an icon has a name all the same.

use leptos::prelude::*;
use pilotlight_engine::text::Word;

use super::word;
use crate::app::Page;

/// How a button looks.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Text, perhaps after an icon, without a border.
    Quiet,
    /// An icon alone.
    Icon,
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Self::Quiet => "quiet",
            Self::Icon => "icon",
        }
    }
}

/// `href`: the icon's place in the sprite of `index.html`, such as `#copy`.
pub(super) fn icon(href: &'static str) -> AnyView {
    view! { <svg class="icon" aria-hidden="true"><use_ href=href></use_></svg> }.into_any()
}

/// `picture`: as for `icon`; empty for none.
pub(super) fn button(
    page: Page,
    kind: Kind,
    picture: &'static str,
    name: Word,
    press: impl Fn() + 'static,
) -> AnyView {
    boxed(page, kind, picture, name, Box::new(press))
}

fn boxed(
    page: Page,
    kind: Kind,
    picture: &'static str,
    name: Word,
    press: Box<dyn Fn()>,
) -> AnyView {
    let bare = kind == Kind::Icon;
    let name = word(page, name);
    view! {
        <button
            class="button"
            type="button"
            data-kind=kind.name()
            aria-label=bare.then_some(name)
            title=bare.then_some(name)
            on:click=move |_| press()
        >
            {(!picture.is_empty()).then(|| icon(picture))}
            {(!bare).then_some(name)}
        </button>
    }
    .into_any()
}
