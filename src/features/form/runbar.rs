//! The run button, the number of runs, the expected cost.

use leptos::prelude::*;
use pilotlight_i18n::text::FormText;

use crate::app::{Page, Sheet, TIMES_MAX};
use crate::browser;
use crate::command::{FormCommand, RunCommand};
use crate::components::Icon;

const OFFERED: [u32; 8] = [1, 2, 3, 4, 6, 8, 12, TIMES_MAX];

#[component]
pub fn Runbar(tab: usize, sheet: Sheet) -> impl IntoView {
    let page = expect_context::<Page>();
    let times = sheet.times;
    let cost = Memo::new(move |_| (page.second_bundle.get()?.cost)(page, tab, times.get()));
    let keys = if browser::has_command_key() { "⌘↵" } else { "Ctrl ↵" };
    let option = |offered: u32| {
        let is_selected = move || times.get() == offered;
        view! { <option prop:selected=is_selected>{offered.to_string()}</option> }.into_any()
    };
    view! {
        <div class="runbar">
            <div class="runbar-row">
                <button
                    class="button runbar-run"
                    type="submit"
                    data-kind="primary"
                    aria-keyshortcuts="Control+Enter Meta+Enter"
                    aria-describedby="cost"
                    aria-busy=move || page.waiting.get().then_some("true")
                    // Not left to `submit`: a sandboxed frame may not submit forms.
                    on:click=move |event| {
                        event.prevent_default();
                        page.send(RunCommand::Start);
                    }
                >
                    {move || page.word(FormText::Run)}
                    <span class="runbar-keys" aria-hidden="true">{keys}</span>
                </button>
                <span class="runbar-times">
                    <select
                        aria-label=move || page.word(FormText::NumberOfRuns)
                        on:change:target=move |event| {
                            if let Ok(times) = event.target().value().parse() {
                                page.send(FormCommand::SetTimes(times));
                            }
                        }
                    >
                        {OFFERED.map(option).into_iter().collect_view()}
                    </select>
                    <Icon href="#chevron"/>
                </span>
            </div>
            // The description of the button; empty if there is no cost to show.
            <div id="cost">
                {move || {
                    let cost = cost.get();
                    cost.map(|cost| view! { <p class="runbar-cost">{cost}</p> }.into_any()).into_any()
                }}
            </div>
        </div>
    }
}
