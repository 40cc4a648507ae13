//! The signs of a result that is starred or pinned, the same everywhere.

use leptos::prelude::*;

use crate::components::Icon;

/// What a result is marked with.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub struct Marks {
    pub is_starred: bool,
    pub is_pinned: bool,
}

/// The signs, which say nothing to those who do not see them.
#[component]
pub fn MarkSigns(marks: Marks) -> impl IntoView {
    (marks != Marks::default()).then(|| {
        view! {
            <span class="marks" aria-hidden="true">
                {marks.is_starred.then(|| view! { <Icon href="#star"/> })}
                {marks.is_pinned.then(|| view! { <Icon href="#keep"/> })}
            </span>
        }
    })
}
