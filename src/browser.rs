//! What only a browser can do, each in a few lines. Invariant: nothing here knows of runs.

use crate::blobs;
use crate::runtime::state;
use js_sys::{Array, Function, Object, Promise, Reflect};
use leptos::prelude::*;
use pilotlight_comfy::graph::Moment;
use pilotlight_comfy::language::Language;
use pilotlight_comfy::media;
use pilotlight_comfy::time::At;
use pilotlight_i18n::text::LanguageText;
use pilotlight_runs::config::Theme;
use std::cell::RefCell;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Blob, Clipboard, ClipboardItem, CssStyleSheet, File, FileList, HtmlAnchorElement, HtmlElement,
    HtmlImageElement, ScrollIntoViewOptions, ScrollLogicalPosition, Url, UrlSearchParams,
};

/// A file that a person dropped, pasted or chose.
#[derive(Clone, Debug)]
pub struct Picked(pub(crate) File);

impl Picked {
    pub fn name(&self) -> String {
        self.0.name()
    }

    pub fn size_bytes(&self) -> u64 {
        self.0.size() as u64
    }

    /// Whether the browser believes it is a picture. An SVG is none: ComfyUI reads no such file, and
    /// opened by itself it is a page of this site.
    pub fn is_picture(&self) -> bool {
        media::is_drawn(&self.0.type_())
    }

    /// `None` when it cannot be read any more.
    pub async fn bytes(&self) -> Option<Vec<u8>> {
        blobs::bytes(&self.0).await
    }
}

pub fn now() -> At {
    At(js_sys::Date::now() as u64)
}

/// How far the clock on the wall is ahead of UTC here, in minutes.
pub fn minutes_ahead() -> i32 {
    -(js_sys::Date::new_0().get_timezone_offset() as i32)
}

/// The time on the wall here, and a random number.
pub fn moment() -> Moment {
    let now = js_sys::Date::new_0();
    Moment {
        year: now.get_full_year() as u16,
        month: now.get_month() as u8 + 1,
        day: now.get_date() as u8,
        hour: now.get_hours() as u8,
        minute: now.get_minutes() as u8,
        second: now.get_seconds() as u8,
        draw: random_seed(),
    }
}

/// Random bytes; works where `randomUUID` does not, outside of secure contexts.
pub fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    let crypto =
        window().crypto().and_then(|crypto| crypto.get_random_values_with_u8_array(&mut bytes));
    if crypto.is_err() {
        for byte in &mut bytes {
            *byte = (js_sys::Math::random() * 256.0) as u8;
        }
    }
    bytes
}

/// A seed that every part of the way leaves as it is: 0 … 2^53 − 1.
pub fn random_seed() -> u64 {
    u64::from_le_bytes(random()) & ((1 << 53) - 1)
}

/// Shows the crash notice of `index.html`; the panic itself goes to the console.
pub fn report_panics() {
    std::panic::set_hook(Box::new(|info| {
        console_error_panic_hook::hook(info);
        if let Some(root) = document().document_element() {
            let _shown = root.set_attribute("data-crashed", &info.to_string());
        }
    }));
}

pub fn set_language(language: Language) {
    if let Some(root) = document().document_element() {
        let _set = root.set_attribute("lang", LanguageText::Tag.say(language));
    }
}

pub fn set_theme(theme: Theme) {
    let Some(root) = document().document_element() else { return };
    let _set = match theme {
        Theme::Auto => root.remove_attribute("data-theme"),
        Theme::Light => root.set_attribute("data-theme", "light"),
        Theme::Dark => root.set_attribute("data-theme", "dark"),
    };
}

/// Whether the page is drawn dark now, for a button that changes over.
pub fn prefers_dark() -> bool {
    let query = window().match_media("(prefers-color-scheme: dark)");
    query.ok().flatten().is_some_and(|query| query.matches())
}

/// The first language of the browser that the page speaks.
pub fn preferred_language() -> Option<Language> {
    let tags = window().navigator().languages();
    tags.iter().find_map(|tag| Language::from_tag(&tag.as_string()?))
}

/// Whether keys are named as on a Mac.
pub fn has_command_key() -> bool {
    let agent = window().navigator().user_agent().unwrap_or_default();
    ["Mac", "iPhone", "iPad"].iter().any(|name| agent.contains(name))
}

/// What `?workflow=` in the page's address names, as it stands there. Nothing once it was followed:
/// a reload is no new wish, but in a frame, where it is the host's each time.
pub fn link() -> Option<String> {
    let is_followed = window().history().and_then(|history| history.state());
    if is_followed.is_ok_and(|state| state.is_truthy()) && found("data-embed").is_none() {
        return None;
    }
    UrlSearchParams::new_with_str(&query()).ok()?.get("workflow")
}

/// What stands behind the page's address, from its `?` on.
pub fn query() -> String {
    window().location().search().unwrap_or_default()
}

/// A part of an address as it is meant; what cannot be decoded stays as it is.
pub fn decoded(text: &str) -> String {
    js_sys::decode_uri_component(text).map_or_else(|_| text.to_owned(), String::from)
}

/// Whether the browser believes that it has a network.
pub fn is_online() -> bool {
    window().navigator().on_line()
}

/// Remembers, for as long as this entry of the history lives, that its link was followed.
pub fn mark_link() {
    if let Ok(history) = window().history() {
        let _marked = history.replace_state_with_url(&JsValue::TRUE, "", None);
    }
}

/// An address as the browser reads it, from the page's own.
pub fn resolved(address: &str) -> String {
    let Some(link) = new_link() else { return String::new() };
    link.set_href(address);
    link.href()
}

/// What `start.js` found before the first paint, by its attribute of the page: `data-lang` and
/// `data-theme` as they were chosen or asked for, `data-embed` what a frame shows, `data-framed` the
/// other sites around it.
pub fn found(attribute: &str) -> Option<String> {
    document().document_element()?.get_attribute(attribute)
}

/// The page cannot start; `index.html` has a notice for it.
pub fn report_unloaded() {
    if let Some(root) = document().document_element() {
        let _shown = root.set_attribute("data-unloaded", "");
    }
}

pub fn set_title(title: &str) {
    document().set_title(title);
}

pub fn is_hidden() -> bool {
    document().hidden()
}

/// Whether the page is in front, not merely to be seen beside something else.
pub fn is_looked_at() -> bool {
    !is_hidden() && document().has_focus().unwrap_or(true)
}

pub fn come_to_front() {
    let _focused = window().focus();
}

/// Focuses the element of this id and brings it into view.
pub fn focus(id: &str) {
    if let Some(element) = element(id) {
        let _focused = element.focus();
        element.scroll_into_view_with_bool(false);
    }
}

/// Scrolls to the element of this id, no further than needed.
pub fn bring_into_view(id: &str) {
    if let Some(element) = element(id) {
        let nearest = ScrollIntoViewOptions::new();
        nearest.set_block(ScrollLogicalPosition::Nearest);
        element.scroll_into_view_with_scroll_into_view_options(&nearest);
    }
}

/// Focuses the element of this id once it is drawn.
pub fn focus_soon(id: String) {
    leptos::prelude::request_animation_frame(move || focus(&id));
}

/// Focuses the element of this id; one that is in view stays where it is.
pub fn focus_on(id: &str) {
    if let Some(element) = element(id) {
        let _focused = element.focus();
    }
}

fn element(id: &str) -> Option<HtmlElement> {
    document().get_element_by_id(id)?.dyn_into().ok()
}

/// The files of a list, in its order.
pub fn picked(files: Option<FileList>) -> Vec<Picked> {
    let Some(files) = files else { return Vec::new() };
    (0..files.length()).filter_map(|at| files.get(at)).map(Picked).collect()
}

pub fn object_url(blob: &Blob) -> Option<String> {
    Url::create_object_url_with_blob(blob).ok()
}

pub fn release_url(url: &str) {
    let _released = Url::revoke_object_url(url);
}

/// Whether the browser can draw it.
pub async fn can_draw(url: &str) -> bool {
    let Ok(image) = HtmlImageElement::new() else { return false };
    image.set_src(url);
    JsFuture::from(image.decode()).await.is_ok()
}

/// Whether a picture has more pixels than are drawn. A few kilobytes can be a picture of gigabytes.
pub async fn is_too_large(blob: &Blob) -> bool {
    pixels(blob).await.is_some_and(|pixels| pixels > media::MAX_PIXELS)
}

/// How many pixels a picture has, before any of them is drawn: by its first bytes, or else by what
/// the browser says once it has read the file.
async fn pixels(blob: &Blob) -> Option<u64> {
    let said = media::png_pixels(&blobs::part(blob, 0.0, 32.0).await?);
    if said.is_some() {
        return said;
    }
    let url = object_url(blob)?;
    let image = HtmlImageElement::new().ok()?;
    let loaded = Promise::new(&mut |resolve, reject| {
        image.set_onload(Some(&resolve));
        image.set_onerror(Some(&reject));
    });
    image.set_src(&url);
    let read = JsFuture::from(loaded).await;
    release_url(&url);
    read.ok()?;
    Some(u64::from(image.natural_width()) * u64::from(image.natural_height()))
}

/// Saves a file under a name, as if a link to it had been followed.
pub fn download(url: &str, file_name: &str) {
    let Some(link) = new_link() else { return };
    link.set_href(url);
    link.set_download(file_name);
    link.click();
}

fn new_link() -> Option<HtmlAnchorElement> {
    document().create_element("a").ok()?.dyn_into().ok()
}

/// The address of a text as a file.
pub fn text_url(text: &str) -> Option<String> {
    let parts = Array::of1(&JsValue::from_str(text));
    object_url(&Blob::new_with_str_sequence(&parts).ok()?)
}

/// Whether the text is in the clipboard now.
pub async fn copy_text(text: &str) -> bool {
    let Some(clipboard) = clipboard() else { return false };
    JsFuture::from(clipboard.write_text(text)).await.is_ok()
}

/// Whether the picture is in the clipboard now. Browsers take PNG only.
pub async fn copy_picture(blob: &Blob) -> bool {
    let Some(clipboard) = clipboard() else { return false };
    let by_type = Object::new();
    let _set = Reflect::set(&by_type, &blob.type_().into(), blob);
    let item = ClipboardItem::new_with_record_from_str_to_blob_promise(&by_type);
    let Ok(item) = item else { return false };
    JsFuture::from(clipboard.write(&Array::of1(&item))).await.is_ok()
}

/// Absent outside of secure contexts.
fn clipboard() -> Option<Clipboard> {
    let clipboard = window().navigator().clipboard();
    clipboard.is_object().then_some(clipboard)
}

/// Calls back when the page becomes visible or the network comes back, as long as the page lives.
pub fn on_return(mut returned: impl FnMut() + 'static) {
    let callback = Closure::<dyn FnMut()>::new(move || {
        if !is_hidden() {
            returned();
        }
    });
    let function = callback.as_ref().unchecked_ref::<Function>();
    let _seen = document().add_event_listener_with_callback("visibilitychange", function);
    let _online = window().add_event_listener_with_callback("online", function);
    callback.forget();
}

/// Lets go of the skeleton in `index.html`; what is mounted next takes its place.
pub fn clear_stage() -> Option<HtmlElement> {
    let stage = document().get_element_by_id("app")?;
    stage.replace_children_with_node_0();
    let _ready = stage.remove_attribute("aria-busy");
    stage.dyn_into().ok()
}

/// What this module holds while the page is open.
#[derive(Default)]
struct State {
    styles: RefCell<Vec<*const u8>>,
}

/// Adds the style sheet of a bundle, once; it stays. It is made as an object, because the page's
/// policy refuses style elements.
pub fn add_style(style: &'static str) {
    let mut added = state::of::<State>().styles.borrow_mut();
    if added.contains(&style.as_ptr()) {
        return;
    }
    added.push(style.as_ptr());
    if let Ok(sheet) = CssStyleSheet::new() {
        let _replaced = sheet.replace_sync(style);
        document().adopted_style_sheets().push(&sheet);
    }
}
