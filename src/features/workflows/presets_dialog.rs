//! The dialog *Presets*: saving, applying and deleting presets.

use crate::events::is_composing;
use leptos::prelude::*;
use pilotlight_i18n::text::{FormText, PresetText, labeled};

use crate::app::Page;
use crate::browser;
use crate::command;
use crate::command::DialogCommand;
use crate::components::{Dialog, Icon};
use crate::features::workflows::presets;

#[component]
pub fn Presets() -> impl IntoView {
    let page = expect_context::<Page>();
    let is_open = move || page.dialog.get() == Some(command::Dialog::Presets);
    let is_empty = Memo::new(|_| presets::list().with(Vec::is_empty));
    let none = move || {
        let said = move || PresetText::None.say(page.language.get());
        is_empty.get().then(|| view! { <p class="dialog-hint">{said}</p> })
    };
    let name = |preset: &pilotlight_forms::form::Preset| preset.name.clone();
    let names = move || presets::list().with(|all| all.iter().map(name).collect::<Vec<String>>());
    view! {
        <Dialog
            class="dialog"
            title_id="presets-title"
            title=Signal::derive(move || page.word(FormText::Presets).to_owned())
            is_open=Signal::derive(is_open)
            on_close=move || page.send(DialogCommand::Close)
        >
            <div class="editor-part">
                <ul class="editor-list" role="list" aria-labelledby="presets-title">
                    <For
                        each=names
                        key=Clone::clone
                        children=move |name| view! { <Preset name/> }
                    />
                </ul>
                {none}
            </div>
            <Saver/>
        </Dialog>
    }
}

#[component]
fn Preset(name: String) -> impl IntoView {
    let page = expect_context::<Page>();
    let (filled, removed, shown) = (name.clone(), name.clone(), name.clone());
    let fill = move |_| presets::apply(page, &filled);
    let remove = move |_| {
        presets::remove(page, &removed);
        browser::focus("preset-name");
    };
    let delete = move || PresetText::Delete.say(page.language.get());
    let label = move || labeled(delete(), &name, page.language.get());
    view! {
        <li class="editor-row">
            <div class="editor-line">
                <button class="editor-name" type="button" on:click=fill>
                    <Icon href="#use"/>
                    <span class="editor-label">{shown}</span>
                </button>
                <button
                    class="button"
                    type="button"
                    data-kind="icon"
                    title=delete
                    aria-label=label
                    on:click=remove
                >
                    <Icon href="#close"/>
                </button>
            </div>
        </li>
    }
}

/// The field and button that save a preset; Enter saves, too.
#[component]
fn Saver() -> impl IntoView {
    let page = expect_context::<Page>();
    let typed = RwSignal::new(String::new());
    let save = move || {
        let name = typed.get_untracked();
        if !name.trim().is_empty() {
            presets::save(page, &name);
            typed.set(String::new());
        }
        browser::focus("preset-name");
    };
    view! {
        <div class="editor-one">
            <label class="field-label" for="preset-name">
                {move || PresetText::Name.say(page.language.get())}
            </label>
            <div class="preset-new">
                <input
                    class="box"
                    id="preset-name"
                    autocomplete="off"
                    autofocus
                    bind:value=typed
                    on:keydown=move |event| {
                        if event.key() == "Enter" && !is_composing(&event) {
                            event.prevent_default();
                            save();
                        }
                    }
                />
                <button class="button" type="button" on:click=move |_| save()>
                    {move || PresetText::Save.say(page.language.get())}
                </button>
            </div>
        </div>
    }
}
