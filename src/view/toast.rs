//! A word or two that go by themselves.

use super::button::icon;
use crate::app::Page;
use crate::dom::{El, el};
use leptos::prelude::*;

/// Always there, so that it is heard; empty it is not drawn.
pub(super) fn toast(page: Page) -> El {
    el("div", "toast").set("role", "status").remade(move || {
        let words = page.toast.get();
        (!words.is_empty())
            .then(|| [icon("#check"), el("span", "").text(&words)])
            .into_iter()
            .flatten()
    })
}
