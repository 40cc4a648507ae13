//! The widget for files: images, videos and sounds that are dropped, pasted or chosen.

use crate::events;
use leptos::html;
use leptos::prelude::*;
use pilotlight_forms::form::{Draft, PictureRef, Widget};
use pilotlight_i18n::text::{FormText, UploadText};

use crate::app::Page;
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
    fn of(widget: &Widget) -> Self {
        if *widget == Widget::Video {
            Self::Video
        } else if *widget == Widget::Sound {
            Self::Sound
        } else {
            Self::Picture
        }
    }

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
    let kind = Kind::of(&handle.field().widget);
    let hover = RwSignal::new(false);
    let (sheet, key) = (handle.sheet(), handle.key());
    let has_masks = move || sheet.drafts.with(|all| sheet.form.uses_mask(&key, all));
    let chooser = NodeRef::<html::Input>::new();
    let draft = Memo::new(move |_| handle.draft());
    let is_filled = move || draft.with(|draft| matches!(draft, Draft::Picture(Some(_))));
    let take = move |files: Vec<Picked>| {
        if let Some(file) = files.into_iter().next() {
            handle.page.send(InputCommand::TakeFile(handle.key(), file));
        }
    };
    let state = move || match (hover.get(), is_filled()) {
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
            data-masks=move || has_masks().then_some("true")
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
            {move || match draft.get() {
                Draft::Picture(Some(picture)) if !hover.get() => {
                    view! { <Filled handle kind picture on_choose=choose/> }.into_any()
                }
                Draft::Text(name) if !hover.get() && !name.is_empty() => {
                    view! { <Kept handle name on_choose=choose/> }.into_any()
                }
                Draft::Picture(_) | Draft::Text(_) | Draft::Switch(_) => {
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
    let lead = match (is_hovered, kind) {
        (true, _) => FormText::DropHere,
        (false, Kind::Picture) => FormText::ChooseImage,
        (false, Kind::Video | Kind::Sound) => FormText::ChooseFile,
    };
    let is_optional = may_be_empty(handle);
    let rest = move || match (is_hovered, is_optional) {
        (true, _) => "\u{a0}",
        (false, true) => page.word(UploadText::MayStayEmpty),
        (false, false) => page.word(FormText::DropOrPaste),
    };
    let kept = handle.field().start.clone().filter(|_| !is_hovered).map(|name| {
        let keep = move || handle.fill_text(name.get(page.language.get_untracked()).to_owned());
        view! { <Foot text=UploadText::Use on_press=keep/> }
    });
    let lead = Signal::derive(move || page.word(lead).to_owned());
    view! {
        <Choose handle lead rest=Signal::derive(rest) on_choose/>
        {kept}
    }
}

/// The button that chooses a file, with two lines of text.
#[component]
fn Choose(
    handle: FieldHandle,
    lead: Signal<String>,
    rest: Signal<&'static str>,
    on_choose: impl Fn() + 'static,
) -> impl IntoView {
    let id = handle.id();
    view! {
        <button
            class="drop-pick"
            type="button"
            aria-labelledby=format!("{id}-label {id}")
            {..handle.attributes()}
            on:click=move |_| on_choose()
        >
            <Icon href="#image"/>
            <span class="drop-lead">{lead}</span>
            <span>{rest}</span>
        </button>
    }
}

/// A file of the server that the workflow names.
#[component]
fn Kept(handle: FieldHandle, name: String, on_choose: impl Fn() + 'static) -> impl IntoView {
    let page = handle.page;
    let foot = may_be_empty(handle).then(|| {
        let leave = move || handle.fill(Draft::Picture(None));
        view! { <Foot text=UploadText::LeaveEmpty on_press=leave/> }
    });
    let rest = Signal::derive(move || page.word(UploadText::FromServer));
    view! {
        <Choose handle lead=Signal::stored(name) rest on_choose/>
        {foot}
    }
}

/// The button below the area that a file is dropped on.
#[component]
fn Foot(text: UploadText, on_press: impl Fn() + 'static) -> impl IntoView {
    let page = expect_context::<Page>();
    view! {
        <div class="drop-foot">
            <button class="button" type="button" data-kind="quiet" on:click=move |_| on_press()>
                {move || page.word(text)}
            </button>
        </div>
    }
}

fn may_be_empty(handle: FieldHandle) -> bool {
    let sheet = handle.sheet();
    sheet.form.may_be_empty(&handle.field(), &sheet.classes)
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
            <IconButton href="#close" name=FormText::RemoveImage on_press=remove/>
            {tool}
        </div>
    }
}
