//! Radio buttons.

use leptos::prelude::*;

/// A radio button with its label.
#[component]
pub fn Choice(
    /// The name of the group.
    name: &'static str,
    #[prop(into)] is_chosen: Signal<bool>,
    #[prop(into)] on_choose: UnsyncCallback<()>,
    /// Whether the dialog that contains it sets the focus on it.
    #[prop(optional, into)]
    autofocus: Signal<bool>,
    /// The language of the label, if it is not the page's.
    #[prop(optional, into)]
    lang: Option<String>,
    children: Children,
) -> impl IntoView {
    view! {
        <label class="choice" lang=lang>
            <input
                type="radio"
                name=name
                prop:checked=move || is_chosen.get()
                autofocus=move || autofocus.get()
                on:change=move |_| on_choose.run(())
            />
            {children()}
        </label>
    }
}
