//! What only a browser can do, each in a few lines. Invariant: nothing here knows of runs.

use crate::runtime::state;
use js_sys::{Array, Function};
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
use web_sys::{AbortSignal, Blob, File, FileList, Url};

use crate::js;

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
        let bytes = JsFuture::from(self.0.array_buffer()).await.ok()?;
        Some(js_sys::Uint8Array::new(&bytes).to_vec())
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
    let history = js::get(&window(), "history");
    if js::get(&history, "state").is_truthy() && found("data-embed").is_none() {
        return None;
    }
    let query = js::get(&js::get(&window(), "location"), "search").as_string()?;
    web_sys::UrlSearchParams::new_with_str(&query).ok()?.get("workflow")
}

/// What stands behind the page's address, from its `?` on.
pub fn query() -> String {
    js::get(&js::get(&window(), "location"), "search").as_string().unwrap_or_default()
}

/// A part of an address as it is meant; what cannot be decoded stays as it is.
pub fn decoded(text: &str) -> String {
    let decoded = js::call(&js_sys::global(), "decodeURIComponent", &[text.into()]);
    decoded.and_then(|text| text.as_string()).unwrap_or_else(|| text.to_owned())
}

/// Whether the browser believes that it has a network.
pub fn is_online() -> bool {
    js::get(&js::get(&window(), "navigator"), "onLine").as_bool().unwrap_or(true)
}

/// Remembers, for as long as this entry of the history lives, that its link was followed.
pub fn mark_link() {
    let history = js::get(&window(), "history");
    js::call(&history, "replaceState", &[JsValue::TRUE, "".into()]);
}

/// An address as the browser reads it, from the page's own.
pub fn resolved(address: &str) -> String {
    let link = document().create_element("a").ok();
    let link = link.and_then(|link| link.dyn_into::<web_sys::HtmlAnchorElement>().ok());
    let Some(link) = link else { return String::new() };
    link.set_href(address);
    js::get(&link, "href").as_string().unwrap_or_default()
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
        let nearest = js::object([("block", "nearest".into())]);
        js::call(&element, "scrollIntoView", &[nearest]);
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

fn element(id: &str) -> Option<web_sys::HtmlElement> {
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
    let Ok(image) = web_sys::HtmlImageElement::new() else { return false };
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
    let start = js::call(blob, "slice", &[0.into(), 32.into()])?;
    let start = js::wait(js::call(&start, "arrayBuffer", &[])?).await?;
    let said = media::png_pixels(&js_sys::Uint8Array::new(&start).to_vec());
    if said.is_some() {
        return said;
    }
    let url = object_url(blob)?;
    let image = web_sys::HtmlImageElement::new().ok()?;
    image.set_src(&url);
    let read = js::settled(&image, "onload", "onerror").await;
    release_url(&url);
    read.ok()?;
    Some(u64::from(image.natural_width()) * u64::from(image.natural_height()))
}

/// The same bytes under this type.
pub fn typed(blob: &Blob, kind: &str) -> Option<Blob> {
    js::call(blob, "slice", &[0.into(), blob.size().into(), kind.into()])?.dyn_into().ok()
}

/// Saves a file under a name, as if a link to it had been followed.
pub fn download(url: &str, file_name: &str) {
    let Ok(link) = document().create_element("a") else { return };
    let Ok(link) = link.dyn_into::<web_sys::HtmlAnchorElement>() else { return };
    link.set_href(url);
    link.set_download(file_name);
    link.click();
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
    let item = js::object([(blob.type_().as_str(), blob.into())]);
    let item =
        web_sys::ClipboardItem::new_with_record_from_str_to_blob_promise(item.unchecked_ref());
    let Ok(item) = item else { return false };
    JsFuture::from(clipboard.write(&Array::of1(&item))).await.is_ok()
}

/// Absent outside of secure contexts.
fn clipboard() -> Option<web_sys::Clipboard> {
    let clipboard = js::get(&window().navigator(), "clipboard");
    clipboard.is_object().then(|| clipboard.unchecked_into())
}

/// A Web Lock that this page holds: no other page of this browser holds one of the same name
/// meanwhile. Released when this value is dropped or the page is gone.
pub struct Lock(Function);

impl Drop for Lock {
    fn drop(&mut self) {
        let _released = self.0.call0(&JsValue::NULL);
    }
}

/// Why a page does not get a lock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unlocked {
    /// The browser offers this page no locks, as over plain http or in some frames.
    Unsupported,
    /// The signal aborted the request while another page held the lock.
    Aborted,
}

/// Whether the browser offers this page locks.
pub fn has_locks() -> bool {
    js::get(&window().navigator(), "locks").is_object()
}

/// Returns the lock of this name once no other page holds it. The request is made before this
/// function returns, not when the future is first polled.
pub fn lock(
    name: &str,
    signal: Option<&AbortSignal>,
) -> impl Future<Output = Result<Lock, Unlocked>> + use<> {
    let locks = js::get(&window().navigator(), "locks");
    let granted = js_sys::Promise::new(&mut |resolve, reject| {
        let callback = Closure::once_into_js(move || {
            // The lock is held until this promise resolves.
            js_sys::Promise::new(&mut |release, _| {
                let _told = resolve.call1(&JsValue::NULL, &release);
            })
        });
        let options = js::object([]);
        if let Some(signal) = signal {
            js::set(&options, "signal", signal);
        }
        let asked = js::call(&locks, "request", &[name.into(), options, callback]);
        let caught = asked.and_then(|asked| js::call(&asked, "catch", &[reject.clone().into()]));
        if caught.is_none() {
            let _told = reject.call0(&JsValue::NULL);
        }
    });
    async {
        match JsFuture::from(granted).await {
            Ok(release) => Ok(Lock(release.unchecked_into())),
            Err(why) if js::get(&why, "name").as_string().as_deref() == Some("AbortError") => {
                Err(Unlocked::Aborted)
            }
            Err(_) => Err(Unlocked::Unsupported),
        }
    }
}

/// Returns a copy of a blob in memory; `None` when its bytes cannot be read. In WebKit a blob that
/// was read from IndexedDB cannot be read any more once its record was deleted or overwritten.
pub async fn copied(blob: &Blob) -> Option<Blob> {
    let bytes = JsFuture::from(blob.array_buffer()).await.ok()?;
    let kind = js::object([("type", blob.type_().into())]);
    js::make("Blob", &[js::list(&[bytes]), kind])?.dyn_into().ok()
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
pub fn clear_stage() -> Option<web_sys::HtmlElement> {
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
    if let Some(sheet) = js::make("CSSStyleSheet", &[]) {
        js::call(&sheet, "replaceSync", &[style.into()]);
        js::call(&js::get(&document(), "adoptedStyleSheets"), "push", &[sheet]);
    }
}
