//! Short functions for browser APIs. Invariant: nothing here depends on runs.

use crate::blobs;
use crate::runtime::state;
use js_sys::{Array, Function, Object, Promise};
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

/// A file that the user dropped, pasted or chose.
#[derive(Clone, Debug)]
pub struct Picked(pub(crate) File);

impl Picked {
    pub fn name(&self) -> String {
        self.0.name()
    }

    pub fn size_bytes(&self) -> u64 {
        self.0.size() as u64
    }

    /// Returns whether the browser's type for the file is an image. SVG is excluded: ComfyUI does
    /// not read it, and opened in a tab it would run scripts in this origin.
    pub fn is_picture(&self) -> bool {
        media::is_drawn(&self.0.type_())
    }

    /// Reads the bytes; `None` if the file can no longer be read.
    pub async fn bytes(&self) -> Option<Vec<u8>> {
        blobs::bytes(&self.0).await
    }
}

pub fn now() -> At {
    At(js_sys::Date::now() as u64)
}

/// Returns the offset of local time from UTC, in minutes; positive in the east.
pub fn minutes_ahead() -> i32 {
    -(js_sys::Date::new_0().get_timezone_offset() as i32)
}

/// Returns the local date and time, and a random number.
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

/// Returns random bytes. Works outside of secure contexts, where `randomUUID` does not.
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

/// Returns a seed that JavaScript and JSON represent exactly: 0 … 2^53 − 1.
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

/// Returns whether the system prefers a dark theme.
pub fn prefers_dark() -> bool {
    let query = window().match_media("(prefers-color-scheme: dark)");
    query.ok().flatten().is_some_and(|query| query.matches())
}

/// Returns the first of the browser's languages that the page has.
pub fn preferred_language() -> Option<Language> {
    let tags = window().navigator().languages();
    tags.iter().find_map(|tag| Language::from_tag(&tag.as_string()?))
}

/// Returns whether shortcuts use the Command key, as on a Mac.
pub fn has_command_key() -> bool {
    let agent = window().navigator().user_agent().unwrap_or_default();
    ["Mac", "iPhone", "iPad"].iter().any(|name| agent.contains(name))
}

/// Returns the `workflow` parameter of the page's URL. `None` once it was followed, so that a
/// reload does not follow it again; in a frame it is always returned, since the host set it.
pub fn link() -> Option<String> {
    let is_followed = window().history().and_then(|history| history.state());
    if is_followed.is_ok_and(|state| state.is_truthy()) && found("data-embed").is_none() {
        return None;
    }
    UrlSearchParams::new_with_str(&query()).ok()?.get("workflow")
}

/// Returns the query of the page's URL, with its `?`.
pub fn query() -> String {
    window().location().search().unwrap_or_default()
}

/// Decodes percent-encoding; text that cannot be decoded is returned unchanged.
pub fn decoded(text: &str) -> String {
    js_sys::decode_uri_component(text).map_or_else(|_| text.to_owned(), String::from)
}

/// Returns whether the browser reports a network.
pub fn is_online() -> bool {
    window().navigator().on_line()
}

/// Records in the current history entry that its link was followed.
pub fn mark_link() {
    if let Ok(history) = window().history() {
        let _marked = history.replace_state_with_url(&JsValue::TRUE, "", None);
    }
}

/// Returns the absolute URL of an address relative to the page.
pub fn resolved(address: &str) -> String {
    let Some(link) = new_link() else { return String::new() };
    link.set_href(address);
    link.href()
}

/// Returns an attribute of the root element that `start.js` sets before the first paint:
/// `data-lang` and `data-theme` (stored or from the URL), `data-embed` (what a frame shows),
/// `data-framed` (the other sites around the frame).
pub fn found(attribute: &str) -> Option<String> {
    document().document_element()?.get_attribute(attribute)
}

/// Shows the notice of `index.html` that the page cannot start.
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

/// Returns whether the page is visible and has the focus.
pub fn has_focus() -> bool {
    !is_hidden() && document().has_focus().unwrap_or(true)
}

pub fn focus_window() {
    let _focused = window().focus();
}

/// Focuses the element with this id and scrolls it into view.
pub fn focus(id: &str) {
    if let Some(element) = element(id) {
        let _focused = element.focus();
        element.scroll_into_view_with_bool(false);
    }
}

/// Focuses the control of this id, and brings its field into the middle of the view: what is said
/// below it is then not hidden behind a bar.
pub fn focus_in_middle(id: &str) {
    let Some(element) = element(id) else { return };
    let _focused = element.focus();
    let field = element.closest(".field").ok().flatten();
    let middle = ScrollIntoViewOptions::new();
    middle.set_block(ScrollLogicalPosition::Center);
    field.unwrap_or(element.into()).scroll_into_view_with_scroll_into_view_options(&middle);
}

/// Scrolls to the element with this id, no further than needed.
pub fn bring_into_view(id: &str) {
    if let Some(element) = element(id) {
        let nearest = ScrollIntoViewOptions::new();
        nearest.set_block(ScrollLogicalPosition::Nearest);
        element.scroll_into_view_with_scroll_into_view_options(&nearest);
    }
}

/// Focuses the element with this id in the next frame.
pub fn focus_soon(id: String) {
    leptos::prelude::request_animation_frame(move || focus(&id));
}

/// Focuses the element with this id; does not scroll if it is visible.
pub fn focus_on(id: &str) {
    if let Some(element) = element(id) {
        let _focused = element.focus();
    }
}

/// Returns whether the page is shown in a frame, whose visitors can do nothing about its
/// configuration.
pub fn is_framed() -> bool {
    ["data-embed", "data-framed"].into_iter().any(|name| found(name).is_some())
}

/// Returns the element with this id.
pub fn element(id: &str) -> Option<HtmlElement> {
    document().get_element_by_id(id)?.dyn_into().ok()
}

/// Returns the files of a list, in its order.
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

/// Returns whether the browser can decode the image at this URL.
pub async fn can_draw(url: &str) -> bool {
    let Ok(image) = HtmlImageElement::new() else { return false };
    image.set_src(url);
    JsFuture::from(image.decode()).await.is_ok()
}

/// Returns whether an image has more than `media::MAX_PIXELS`. A small file can be a huge image.
pub async fn is_too_large(blob: &Blob) -> bool {
    pixels(blob).await.is_some_and(|pixels| pixels > media::MAX_PIXELS)
}

/// Returns the number of pixels before the image is decoded: from the header of a PNG, otherwise
/// from an image element that has loaded the file.
async fn pixels(blob: &Blob) -> Option<u64> {
    let size = media::png_pixels(&blobs::part(blob, 0.0, 32.0).await?);
    if size.is_some() {
        return size;
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

/// Saves the file at a URL under this name, as a download link does.
pub fn download(url: &str, file_name: &str) {
    let Some(link) = new_link() else { return };
    link.set_href(url);
    link.set_download(file_name);
    link.click();
}

fn new_link() -> Option<HtmlAnchorElement> {
    document().create_element("a").ok()?.dyn_into().ok()
}

/// Returns an object URL of a text.
pub fn text_url(text: &str) -> Option<String> {
    let parts = Array::of1(&JsValue::from_str(text));
    object_url(&Blob::new_with_str_sequence(&parts).ok()?)
}

/// Copies a text; returns whether it is in the clipboard.
pub async fn copy_text(text: &str) -> bool {
    let Some(clipboard) = clipboard() else { return false };
    JsFuture::from(clipboard.write_text(text)).await.is_ok()
}

/// Copies an image; returns whether it is in the clipboard. Browsers accept only PNG.
pub async fn copy_picture(blob: &Blob) -> bool {
    let Some(clipboard) = clipboard() else { return false };
    let by_type = Array::of1(&Array::of2(&blob.type_().into(), blob));
    let Ok(by_type) = Object::from_entries(&by_type) else { return false };
    let item = ClipboardItem::new_with_record_from_str_to_blob_promise(&by_type);
    let Ok(item) = item else { return false };
    JsFuture::from(clipboard.write(&Array::of1(&item))).await.is_ok()
}

/// Returns `None` outside of secure contexts.
fn clipboard() -> Option<Clipboard> {
    let clipboard = window().navigator().clipboard();
    clipboard.is_object().then_some(clipboard)
}

/// Calls back whenever the page becomes visible or goes online, as long as the page lives.
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

/// Removes the skeleton of `index.html`, and returns the element that contained it.
pub fn take_root() -> Option<HtmlElement> {
    let stage = document().get_element_by_id("app")?;
    stage.replace_children_with_node_0();
    let _ready = stage.remove_attribute("aria-busy");
    stage.dyn_into().ok()
}

/// The state of this module.
#[derive(Default)]
struct State {
    styles: RefCell<Vec<*const u8>>,
}

/// Adds the style sheet of a bundle to the page, once. It is a constructed style sheet, because the
/// page's policy refuses style elements.
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
