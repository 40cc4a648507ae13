//! Where the choices and bounds of a form come from, their age, and the button that asks again.

use leptos::prelude::*;
use pilotlight_i18n::present::Renewal;

use crate::app::Page;
use crate::features::workflows::editor::actions;

#[component]
pub fn Origin() -> impl IntoView {
    let page = expect_context::<Page>();
    let (described, renewal) = (actions::described(page)?, actions::renewal());
    let is_asking = move || renewal.get() == Some(Renewal::Asking);
    let came = move || {
        let came = renewal.get();
        came.map(|came| came.say(page.language.get())).unwrap_or_default()
    };
    let ask = page.endpoint.get_untracked().map(|_| {
        view! {
            <button
                class="button"
                type="button"
                id=actions::ASK_AGAIN
                aria-busy=move || is_asking().then_some("true")
                on:click=move |_| actions::ask_again(page)
            >
                {move || described.ask(page.language.get())}
            </button>
        }
        .into_any()
    });
    Some(view! {
        <div class="dialog-part">
            <p class="dialog-hint">{move || described.say(page.language.get())}</p>
            <div>{ask}</div>
            <p class="dialog-hint" role="status">
                {came}
            </p>
        </div>
    })
}
