//! The widget for files: images, videos and sounds that are dropped, pasted or chosen.

use crate::events;
use leptos::html;
use leptos::prelude::*;
use pilotlight_forms::form::{Draft, PictureRef, Widget};
use pilotlight_i18n::text::FormText;

use crate::browser;
use crate::browser::Picked;
use crate::command::InputCommand;
use crate::components::{Icon, IconButton};
use crate::features::form::handle::FieldHandle;
use crate::pictures;

/// The kind of file that a field takes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Picture,
    Video,
    Sound,
}

impl Kind {
    fn accepted(self) -> &'static str {
        match self {
            Self::Picture => "image/*",
            Self::Video => "video/*",
            Self::Sound => "audio/*",
        }
    }
}

#[component]
pub fn Drop(handle: FieldHandle) -> impl IntoView {
    let kind = match handle.field().widget {
        Widget::Video => Kind::Video,
        Widget::Sound => Kind::Sound,
        Widget::LongText
        | Widget::Text
        | Widget::ReadOnly(_)
        | Widget::Int { .. }
        | Widget::Float { .. }
        | Widget::Seed { .. }
        | Widget::Switch
        | Widget::Choice { .. }
        | Widget::Picture => Kind::Picture,
    };
    let hover = RwSignal::new(false);
    let chooser = NodeRef::<html::Input>::new();
    let picture = Memo::new(move |_| match handle.draft() {
        Draft::Picture(picture) => picture,
        Draft::Text(_) | Draft::Switch(_) => None,
    });
    let take = move |files: Vec<Picked>| {
        if let Some(file) = files.into_iter().next() {
            handle.page.send(InputCommand::TakeFile(handle.key(), file));
        }
    };
    let state = move || match (hover.get(), picture.with(Option::is_some)) {
        (true, _) => "hover",
        (false, true) => "filled",
        (false, false) => "empty",
    };
    let choose = move || {
        if let Some(chooser) = chooser.get_untracked() {
            chooser.click();
        }
    };
    view! {
        <div
            class="drop"
            data-state=state
            on:dragover=move |event| {
                if events::carries_files(&event) {
                    event.prevent_default();
                    if !hover.get_untracked() {
                        hover.set(true);
                    }
                }
            }
            on:dragleave=move |_| hover.set(false)
            on:drop=move |event| {
                hover.set(false);
                event.prevent_default();
                event.stop_propagation();
                match events::carries_result(&event) {
                    true => handle.page.send(InputCommand::TakeResult(Some(handle.key()))),
                    false => take(events::dropped_files(&event)),
                }
            }
        >
            {move || match picture.get() {
                Some(picture) if !hover.get() => {
                    view! { <Filled handle kind picture on_choose=choose/> }.into_any()
                }
                Some(_) | None => {
                    view! { <Empty handle kind is_hovered=hover.get() on_choose=choose/> }.into_any()
                }
            }}
            <input
                hidden
                type="file"
                accept=kind.accepted()
                aria-label=move || handle.label()
                node_ref=chooser
                on:change:target=move |event| take(events::take_files(&event.target()))
            />
        </div>
    }
}

#[component]
fn Empty(
    handle: FieldHandle,
    kind: Kind,
    is_hovered: bool,
    on_choose: impl Fn() + 'static,
) -> impl IntoView {
    let page = handle.page;
    let id = handle.id();
    let (lead, rest) = match (is_hovered, kind) {
        (true, _) => (FormText::DropHere, None),
        (false, Kind::Picture) => (FormText::ChooseImage, Some(FormText::DropOrPaste)),
        (false, Kind::Video | Kind::Sound) => (FormText::ChooseFile, Some(FormText::DropOrPaste)),
    };
    view! {
        <button
            class="drop-pick"
            type="button"
            aria-labelledby=format!("{id}-label {id}")
            {..handle.attributes()}
            on:click=move |_| on_choose()
        >
            <Icon href="#image"/>
            <span class="drop-lead">{move || page.word(lead)}</span>
            <span>{move || rest.map_or("\u{a0}", |rest| page.word(rest))}</span>
        </button>
    }
}

#[component]
fn Filled(
    handle: FieldHandle,
    kind: Kind,
    picture: PictureRef,
    on_choose: impl Fn() + 'static,
) -> impl IntoView {
    let page = handle.page;
    let size = RwSignal::new(String::new());
    let PictureRef { name, hash, .. } = picture;
    // After a reload, the image is loaded shortly after the form, so this tracks the URL.
    let url = move || pictures::url_of(&hash);
    let preview = match kind {
        Kind::Picture => view! {
            <img
                class="drop-preview"
                alt=""
                src=url
                on:load:target=move |event| {
                    size.set(format!(" · {}", events::image_size(&event.target())));
                }
            />
        }
        .into_any(),
        Kind::Video => view! { <video class="drop-preview" controls src=url></video> }.into_any(),
        Kind::Sound => view! { <audio class="drop-preview" controls src=url></audio> }.into_any(),
    };
    let remove = move || {
        let id = handle.id();
        handle.fill(Draft::Picture(None));
        request_animation_frame(move || browser::focus(&id));
    };
    let tool = move || {
        let second_bundle = page.second_bundle.get();
        second_bundle.map(|second_bundle| (second_bundle.tool)(handle)).into_any()
    };
    view! {
        {preview}
        <div class="drop-foot">
            <span class="drop-name">{name}{move || size.get()}</span>
            <button
                class="button"
                type="button"
                data-kind="quiet"
                {..handle.attributes()}
                on:click=move |_| on_choose()
            >
                {move || page.word(FormText::ReplaceImage)}
            </button>
            <IconButton page href="#close" name=FormText::RemoveImage on_press=remove/>
            {tool}
        </div>
    }
}
