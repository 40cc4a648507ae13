//! A result that is no picture: sound and film with the browser's own players, anything else to
//! download. Invariant: what a file says is never shown as markup.

use pilotlight_comfy::sighting::Media;
use pilotlight_i18n::text::size;

use super::actions::{actions, delete};
use super::picture::{preview, time};
use crate::app::{Content, Finding, Page};
use crate::dom::{El, el};

pub(super) fn file(page: Page, finding: &Finding) -> El {
    let Content::File { url, file_name, media, size_bytes, is_preview } = &finding.content else {
        return el("li", "");
    };
    let player = match media {
        Media::Audio => Some("audio"),
        Media::Video => Some("video"),
        Media::Image | Media::Other => None,
    };
    let player = player.map(|tag| {
        el(tag, "file-player")
            .set("controls", "")
            .set("playsinline", "")
            .set("preload", "metadata")
            .set("aria-label", file_name)
            .set("src", url)
    });
    let name = el("p", "file-name")
        .put(el("span", "").text(file_name))
        .put(el("span", "file-size").text(&size(*size_bytes)))
        .put_all(is_preview.then(|| preview(page)))
        .put(time(page, finding, "answer-time"));
    let actions = el("div", "answer-actions")
        .set("role", "group")
        .set("aria-label", file_name)
        .put_all(actions(page, finding, true))
        .put(delete(page, finding.id, true));
    let body = el("div", "answer-body")
        .put(el("p", "answer-question").text(&finding.row.prompt))
        .put(name)
        .put_all(player)
        .put(actions);
    el("li", "answer file").put(body)
}
