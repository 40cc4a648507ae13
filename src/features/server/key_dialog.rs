//! The dialog for the access key. Invariant: the typed key is shown only if the user asks for it,
//! and only in its field.

use crate::events::is_composing;
use pilotlight_comfy::access::Barred;
use pilotlight_i18n::text::KeyText;

use crate::app::{Page, Part};
use crate::components::{Button, Dialog};
use crate::features::server::access;
use crate::runtime;
use leptos::prelude::*;

fn says(page: Page, word: KeyText) -> impl Fn() -> String + Copy + Send + Sync + 'static {
    move || word.say(page.language.get()).to_owned()
}

/// The button that opens the dialog.
#[component]
pub fn EnterKey() -> impl IntoView {
    let page = expect_context::<Page>();
    let name = move || match page.endpoint.get().is_some_and(|it| it.has_access_key()) {
        true => KeyText::Change.say(page.language.get()),
        false => KeyText::Enter.say(page.language.get()),
    };
    view! { <Button on_press=move || page.open(Part::Access)>{name}</Button> }
}

/// The same button in a line of its own, shown only if a key can be entered.
#[component]
pub fn KeyWay() -> impl IntoView {
    let page = expect_context::<Page>();
    let is_wanted = Memo::new(move |_| access::is_wanted(page));
    view! {
        <div class="panel-ways" hidden=move || !is_wanted.get()>
            {move || is_wanted.get().then(|| view! { <EnterKey/> })}
        </div>
    }
}

/// Returns why the server refused the last request.
fn trouble(page: Page) -> Option<String> {
    let word = match runtime::key_refused().get()? {
        Barred::KeyMissing => KeyText::Missing,
        Barred::KeyWrong => KeyText::Wrong,
        Barred::Origin | Barred::Setup => return None,
    };
    Some(word.say(page.language.get()).to_owned())
}

/// The dialog; in the document only while it is open.
#[component]
pub fn KeyDialog() -> impl IntoView {
    let page = expect_context::<Page>();
    let typed = RwSignal::new(String::new());
    let is_shown = RwSignal::new(false);
    let has_key = page.endpoint.get_untracked().is_some_and(|it| it.has_access_key());
    let enter = move || access::enter(page, &typed.get_untracked());
    let trouble = Memo::new(move |_| trouble(page));
    let trouble = move || {
        let said = trouble.get().map(|said| view! { <p>{said}</p> }.into_any());
        said.into_any()
    };
    let forget = has_key.then(|| {
        let forget = move || access::forget(page);
        view! { <Button on_press=forget>{says(page, KeyText::Forget)}</Button> }.into_any()
    });
    view! {
        <Dialog
            class="dialog limit"
            title_id="key-title"
            title=Signal::derive(says(page, KeyText::Enter))
            on_close=access::leave
        >
            <div class="dialog-part">
                {trouble}
                <label class="field-label" for="key">
                    {says(page, KeyText::Key)}
                </label>
                <input
                    class="box"
                    id="key"
                    type=move || if is_shown.get() { "text" } else { "password" }
                    // Browsers must neither store the key nor fill in stored passwords.
                    autocomplete="off"
                    autocapitalize="off"
                    spellcheck="false"
                    autofocus
                    aria-describedby="key-hint"
                    on:input:target=move |event| typed.set(event.target().value())
                    on:keydown=move |event| {
                        if event.key() == "Enter" && !is_composing(&event) {
                            event.prevent_default();
                            enter();
                        }
                    }
                />
                <label class="switch">
                    <input
                        type="checkbox"
                        prop:checked=move || is_shown.get()
                        on:change:target=move |event| is_shown.set(event.target().checked())
                    />
                    <span>{says(page, KeyText::Show)}</span>
                </label>
                <p class="dialog-hint" id="key-hint">
                    {says(page, KeyText::Hint)}
                </p>
            </div>
            <div class="panel-ways">
                {forget}
                <button
                    class="button"
                    type="button"
                    data-kind="primary"
                    aria-disabled=move || {
                        typed.with(|typed| typed.trim().is_empty()).then_some("true")
                    }
                    on:click=move |_| {
                        enter();
                    }
                >
                    {says(page, KeyText::Use)}
                </button>
            </div>
        </Dialog>
    }
}
