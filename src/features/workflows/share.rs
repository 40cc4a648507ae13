//! A link that carries the current form with its values, made and copied. Its module is fetched
//! when somebody wants one. Invariant: nothing is sent anywhere; what had to be left out is said.

use leptos::prelude::*;
use pilotlight_forms::share;
use pilotlight_i18n::text::ShareText;
use wasm_bindgen::JsValue;

use crate::app::Page;
use crate::features::shell::announce;
use crate::runtime::task;
use crate::{browser, js};

/// Makes a link for the form of the current tab and puts it into the clipboard.
pub fn begin(page: Page) {
    let Some(sheet) = page.sheet(page.tab.get_untracked()) else { return };
    let drafts = sheet.drafts.get_untracked();
    let sent = share::outgoing(&sheet.form, sheet.classes, &drafts, !sheet.is_opened);
    task::spawn(async move {
        let packed = packed(&sent.text).await.unwrap_or_else(|| share::stored(&sent.text));
        let fragment = share::fragment(&packed).filter(|_| sent.fits());
        let said = match fragment {
            None => ShareText::TooLong,
            Some(fragment) if !browser::copy_text(&address(&fragment)).await => {
                show(&fragment);
                ShareText::InAddress
            }
            Some(_) => match (sent.lacks_picture, sent.lacks_secret) {
                (false, false) => ShareText::Copied,
                (true, false) => ShareText::CopiedWithoutImage,
                (false, true) => ShareText::CopiedWithoutSecrets,
                (true, true) => ShareText::CopiedWithoutBoth,
            },
        };
        announce::say(page, &said.say(page.language.get_untracked()));
    });
}

/// A raw deflate stream; `None` where the browser makes none.
async fn packed(text: &str) -> Option<Vec<u8>> {
    let packer = js::make("CompressionStream", &["deflate-raw".into()])?;
    let bytes = js::make("Blob", &[js::list(&[text.into()])])?;
    let stream = js::call(&bytes, "stream", &[])?;
    let packed = js::call(&stream, "pipeThrough", &[packer])?;
    let all = js::make("Response", &[packed])?;
    let all = js::wait(js::call(&all, "arrayBuffer", &[])?).await?;
    Some(js_sys::Uint8Array::new(&all).to_vec())
}

/// The page's own address, without what somebody else put behind it.
fn address(fragment: &str) -> String {
    let location = js::get(&js_sys::global(), "location");
    let part = |name| js::get(&location, name).as_string().unwrap_or_default();
    [&part("origin"), &part("pathname"), "#", fragment].concat()
}

/// Over plain http no page may copy. The entry of the history counts as followed.
fn show(fragment: &str) {
    let history = js::get(&js_sys::global(), "history");
    let address = ["#", fragment].concat();
    js::call(&history, "replaceState", &[JsValue::TRUE, "".into(), address.into()]);
}
