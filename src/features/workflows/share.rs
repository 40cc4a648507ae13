//! Creates and copies a link that contains the current form with its values. In the `workflows`
//! bundle. Invariant: nothing is sent anywhere; a message says what the link lacks.

use js_sys::Array;
use leptos::prelude::*;
use pilotlight_forms::share;
use pilotlight_i18n::text::ShareText;
use wasm_bindgen::JsValue;

use crate::app::Page;
use crate::blobs;
use crate::browser;
use crate::features::shell::announce;
use crate::runtime::task;

/// Makes a link for the form of the current tab and copies it to the clipboard.
pub fn begin(page: Page) {
    let Some(sheet) = page.sheet(page.tab.get_untracked()) else { return };
    let drafts = sheet.drafts.get_untracked();
    let sent = share::outgoing(&sheet.form, &sheet.classes, &drafts, !sheet.is_opened);
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

/// Returns the text as a raw deflate stream; `None` if the browser cannot compress.
async fn packed(text: &str) -> Option<Vec<u8>> {
    let text = blobs::joined(&Array::of1(&text.into()), "")?;
    let packed = blobs::compressed(&text, "deflate-raw").await?;
    blobs::part(&packed, 0.0, packed.size()).await
}

/// Returns the page's own address with this fragment, without the query.
fn address(fragment: &str) -> String {
    let location = window().location();
    let origin = location.origin().unwrap_or_default();
    let path = location.pathname().unwrap_or_default();
    [&origin, &path, "#", fragment].concat()
}

/// Shows the link in the address bar if it could not be copied, as on plain http. The history entry
/// is marked as followed.
fn show(fragment: &str) {
    let address = ["#", fragment].concat();
    let history = window().history();
    let _shown = history
        .and_then(|history| history.replace_state_with_url(&JsValue::TRUE, "", Some(&address)));
}
