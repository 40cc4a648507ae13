//! A button that unfolds further buttons. Invariant: a press beside them, on one of them, or on
//! Escape folds them again.

use leptos::prelude::*;
use leptos::{ev, html};
use pilotlight_i18n::text::Translated;
use wasm_bindgen::JsCast;
use web_sys::{EventTarget, Node};

use crate::components::{IconButton, follow};

#[component]
pub fn Menu(
    href: &'static str,
    /// What the button is called.
    #[prop(into)]
    name: Translated,
    children: Children,
) -> impl IntoView {
    let place = NodeRef::<html::Div>::new();
    let is_open = RwSignal::new(false);
    let is_outside = move |target: Option<EventTarget>| {
        // The menu may be gone: what it closes may be why it is there, and then the focus leaves it.
        let place = place.try_get_untracked().flatten();
        let node = target.and_then(|target| target.dyn_into::<Node>().ok());
        place.zip(node).is_some_and(|(place, node)| !place.contains(Some(&node)))
    };
    let pressed_beside = StoredValue::new_local(None::<WindowListenerHandle>);
    follow(move || {
        let listener = is_open.get().then(|| {
            window_event_listener(ev::click, move |event| {
                if is_outside(event.target()) {
                    is_open.set(false);
                }
            })
        });
        if let Some(former) =
            pressed_beside.try_update_value(|one| std::mem::replace(one, listener))
        {
            former.into_iter().for_each(WindowListenerHandle::remove);
        }
    });
    on_cleanup(move || {
        let last = pressed_beside.try_update_value(Option::take).flatten();
        last.into_iter().for_each(WindowListenerHandle::remove);
    });
    let key = move |event: ev::KeyboardEvent| {
        if event.key() == "Escape" && is_open.get_untracked() {
            event.prevent_default();
            event.stop_propagation();
            is_open.set(false);
            let button = place.get_untracked().and_then(|place| place.first_element_child());
            if let Some(button) = button.and_then(|it| it.dyn_into::<web_sys::HtmlElement>().ok()) {
                let _focused = button.focus();
            }
        }
    };
    view! {
        <div
            class="menu"
            node_ref=place
            data-open=move || is_open.get().then_some("true")
            on:keydown=key
            on:focusout=move |event| {
                if is_outside(event.related_target()) {
                    is_open.set(false);
                }
            }
        >
            <IconButton
                attr:aria-expanded=move || is_open.get().to_string()
                href
                name
                on_press=move || is_open.update(|is_open| *is_open = !*is_open)
            />
            <div class="menu-list" on:click=move |_| is_open.set(false)>
                {children()}
            </div>
        </div>
    }
}
