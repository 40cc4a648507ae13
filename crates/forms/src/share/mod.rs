//! A form with what is filled in, as the fragment of an address. A fragment is never sent to a
//! server. Invariant: no picture is in it, nor the value of an input that is named like a secret;
//! reading one never holds more than `MAX_TEXT_BYTES`.
//!
//! `share=1.` and base64url of a raw deflate stream (RFC 1951) of JSON: `{"form": ID or FILE,
//! "values": DRAFTS}`. A form of the page's own is named, any other is there as a whole.

#[cfg(test)]
mod tests;

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::form::{Draft, Drafts, Form, Package, PackageRefusal};
use pilotlight_comfy::inflate::{Spoilt, inflated};
use pilotlight_comfy::json;
use pilotlight_comfy::schema::Class;
use pilotlight_comfy::secret;

/// What a link of ours begins with, behind the `#`.
pub const MARK: &str = "share=";
const VERSION: &str = "1";
/// Longer ones are cut by what they are sent with: mails, chats, printed codes.
pub const MAX_LINK_CHARS: usize = 16_000;
/// Of what is unpacked; a form with its classes has some ten thousand. All of it is stored when the
/// link is followed, in a store of 5 MB that holds runs as well.
const MAX_TEXT_BYTES: usize = 512 << 10;
/// The longest length of a stored block.
const STORED_MAX: usize = u16::MAX as usize;

/// What is to be packed, and what had to stay here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outgoing {
    /// The text that is packed into the link.
    pub text: String,
    /// A picture is chosen; it is only in this browser.
    pub lacks_picture: bool,
    /// An input is named like a secret; its value is left out.
    pub lacks_secret: bool,
}

/// What a link brought.
#[derive(Clone, Debug, PartialEq)]
pub struct Shared {
    /// The form.
    pub form: Which,
    /// What it is filled in with.
    pub drafts: Drafts,
}

/// The form that a link is of.
#[derive(Clone, Debug, PartialEq)]
pub enum Which {
    /// One that the page has by itself, by its id.
    Own(String),
    /// One that came with the link.
    Whole(Box<Package>),
}

/// Why nothing came of a link. `text::unshared` says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unshared {
    /// A later version of this page made it.
    Newer,
    /// More than any form needs.
    TooLarge,
    /// Cut off or changed on its way.
    Damaged,
    /// Whole, but its form cannot be read.
    Form(PackageRefusal),
    /// The page has no form of this id.
    NoSuchForm(String),
}

/// What a link says: the id of a form of the page, or the file of one, and what is filled in.
#[derive(Serialize, Deserialize)]
struct Said {
    form: Value,
    values: Drafts,
}

/// What a link says of a form as it is filled in. `is_own`: whether whoever has the page has the
/// form, so that its id is enough.
pub fn outgoing(form: &Form, classes: &[Class], drafts: &Drafts, is_own: bool) -> Outgoing {
    let (which, mut lacks_secret) = if is_own {
        (form.id.as_str().into(), false)
    } else {
        let (form, lacks_secret) = form.without_secrets();
        (json::parse(&form.to_file(classes)).unwrap_or_default(), lacks_secret)
    };
    let mut lacks_picture = false;
    let mut kept = Drafts::default();
    for (key, draft) in drafts.iter().filter(|(key, _)| form.field(key).is_some()) {
        match draft {
            Draft::Picture(picture) => lacks_picture |= picture.is_some(),
            Draft::Text(text) if secret::is_named(&key.input) => lacks_secret |= !text.is_empty(),
            Draft::Text(_) | Draft::Switch(_) => kept.set(key.clone(), draft.clone()),
        }
    }
    let text = json::to_text(&Said { form: which, values: kept });
    Outgoing { text, lacks_picture, lacks_secret }
}

impl Outgoing {
    /// Returns whether whoever follows the link will read so much.
    pub fn fits(&self) -> bool {
        self.text.len() <= MAX_TEXT_BYTES
    }
}

/// The fragment for what was packed, without the `#`; `None` if it is too long to be sent about.
pub fn fragment(deflated: &[u8]) -> Option<String> {
    let link = [MARK, VERSION, ".", &BASE64_URL_SAFE_NO_PAD.encode(deflated)].concat();
    (link.len() <= MAX_LINK_CHARS).then_some(link)
}

/// A deflate stream that packs nothing, for browsers that cannot.
pub fn stored(text: &str) -> Vec<u8> {
    let mut stream = Vec::with_capacity(text.len() + 5);
    let mut blocks = text.as_bytes().chunks(STORED_MAX).peekable();
    while let Some(block) = blocks.next() {
        let length = block.len() as u16;
        stream.push(u8::from(blocks.peek().is_none()));
        stream.extend(length.to_le_bytes());
        stream.extend((!length).to_le_bytes());
        stream.extend(block);
    }
    stream
}

/// Whether a fragment, without the `#`, is meant to be one of ours.
pub fn is_link(fragment: &str) -> bool {
    fragment.starts_with(MARK)
}

/// Reads a fragment that `is_link`.
///
/// # Errors
/// See [`Unshared`].
pub fn read(fragment: &str) -> Result<Shared, Unshared> {
    let rest = fragment.strip_prefix(MARK).unwrap_or(fragment);
    let (version, packed) = rest.split_once('.').ok_or(Unshared::Damaged)?;
    match version.parse::<u32>() {
        Ok(1) => {}
        Ok(2..) => return Err(Unshared::Newer),
        Ok(0) | Err(_) => return Err(Unshared::Damaged),
    }
    if packed.len() > MAX_LINK_CHARS {
        return Err(Unshared::TooLarge);
    }
    let packed = BASE64_URL_SAFE_NO_PAD.decode(packed).map_err(|_| Unshared::Damaged)?;
    let text = inflated(&packed, MAX_TEXT_BYTES).map_err(|spoilt| match spoilt {
        Spoilt::Broken => Unshared::Damaged,
        Spoilt::TooLong => Unshared::TooLarge,
    })?;
    let text = String::from_utf8(text).map_err(|_| Unshared::Damaged)?;
    let Said { form, values: drafts } = json::from_text(&text).ok_or(Unshared::Damaged)?;
    let form = if let Value::String(id) = form {
        Which::Own(id)
    } else {
        Which::Whole(Box::new(Package::from_value(&form).map_err(Unshared::Form)?))
    };
    // Whoever made the link has other pictures than this browser.
    let of_value = |(_, draft): &(_, &Draft)| !matches!(draft, Draft::Picture(_));
    let values = drafts.iter().filter(of_value);
    let drafts = values.map(|(key, draft)| (key.clone(), draft.clone())).collect();
    Ok(Shared { form, drafts })
}
