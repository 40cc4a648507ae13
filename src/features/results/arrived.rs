//! Says that a result has come where it is out of sight, and goes to it.

use leptos::ev;
use leptos::prelude::*;
use pilotlight_i18n::text::RunText;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use crate::app::Page;
use crate::components::{Icon, follow};

/// The heading of the results.
const RESULTS: &str = "results";
/// Of the newest result, so much has to be seen.
const SEEN_PX: f64 = 160.0;

/// What this module holds while the page is open.
#[derive(Default)]
struct State {
    is_shown: RwSignal<bool>,
}

fn state() -> &'static State {
    crate::runtime::state::of()
}

/// Says that a run has brought results, if they are out of sight once they are drawn.
pub fn came() {
    request_animation_frame(|| state().is_shown.set(!is_seen()));
}

fn is_seen() -> bool {
    let Some(results) = document().get_element_by_id(RESULTS) else { return true };
    let height = window().inner_height().ok().and_then(|height| height.as_f64()).unwrap_or(0.0);
    let place = results.get_bounding_client_rect();
    place.top() + SEEN_PX < height && place.bottom() + SEEN_PX > 0.0
}

#[component]
pub fn Arrived() -> impl IntoView {
    let page = expect_context::<Page>();
    let is_shown = state().is_shown;
    follow(move || {
        if page.outputs.with(Vec::is_empty) {
            is_shown.set(false);
        }
    });
    let scrolled = window_event_listener(ev::scroll, move |_| {
        if is_shown.get_untracked() && is_seen() {
            is_shown.set(false);
        }
    });
    on_cleanup(move || scrolled.remove());
    let go = move |_| {
        is_shown.set(false);
        if let Some(results) = document().get_element_by_id(RESULTS) {
            results.scroll_into_view();
        }
        let newest = document().query_selector(".results-list button").ok().flatten();
        if let Some(newest) = newest.and_then(|it| it.dyn_into::<HtmlElement>().ok()) {
            let _focused = newest.focus();
        }
    };
    let chip = move || {
        is_shown.get().then(|| {
            view! {
                <aside aria-label=move || page.word(RunText::Results)>
                    <button class="button arrived" type="button" data-kind="primary" on:click=go>
                        <Icon href="#check"/>
                        {move || page.word(RunText::DoneView)}
                    </button>
                </aside>
            }
        })
    };
    move || chip().into_any()
}
