//! A picture's file to its layers, and back. Invariant: the colours that come back are those that
//! the server would have read from the file itself, below the mask as well.

use std::ops::Range;

use gloo_timers::future::TimeoutFuture;
use js_sys::Uint8Array;
use pilotlight_forms::mask::{self, Plan, Rows};
use pilotlight_i18n::present::Unpaintable;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::Blob;

use crate::features::mask::canvas::Canvas;
use crate::js;
use crate::runtime::stream;

/// As much as is looked at between two breaths of the page.
const BAND_BYTES: u32 = 1 << 22;
const PART_BYTES: f64 = 1_048_576.0;
/// How much of what is below shows through the mask, in the pictures that are made to be shown.
const COVER: f64 = 0.6;

/// The picture, opaque, and what is painted over it.
pub struct Layers {
    pub picture: Canvas,
    pub mask: Canvas,
    /// Whether the file had a mask already.
    pub had_mask: bool,
}

impl Layers {
    fn new(width: u32, height: u32) -> Result<Self, Unpaintable> {
        if !mask::fits(width, height) {
            return Err(Unpaintable::TooLarge);
        }
        let canvas = |is_read| Canvas::new(width, height, is_read).ok_or(Unpaintable::NotDrawn);
        Ok(Self { picture: canvas(true)?, mask: canvas(false)?, had_mask: false })
    }

    pub async fn read(blob: &Blob) -> Result<Self, Unpaintable> {
        let file = js::call(blob, "arrayBuffer", &[]).ok_or(Unpaintable::NotDrawn)?;
        let file = js::wait(file).await.ok_or(Unpaintable::NotDrawn)?;
        let plan = Plan::read(&Uint8Array::new(&file).to_vec());
        if let Some(plan) = plan {
            let mut layers = Self::new(plan.width, plan.height)?;
            if layers.unpack(blob, &plan).await.is_some() {
                return Ok(layers);
            }
        }
        Self::decode(blob).await
    }

    /// From the file itself: a browser forgets the colours of what is transparent.
    async fn unpack(&mut self, blob: &Blob, plan: &Plan) -> Option<()> {
        let cut = |part: &Range<usize>| {
            js::call(blob, "slice", &[(part.start as f64).into(), (part.end as f64).into()])
        };
        let parts: Vec<JsValue> = plan.packed.iter().filter_map(cut).collect();
        let packed = js::make("Blob", &[js::list(&parts)])?;
        let through = js::make("DecompressionStream", &["deflate".into()])?;
        let packed = js::call(&packed, "stream", &[])?;
        let unpacked = js::call(&packed, "pipeThrough", &[through])?;
        // Some packed bytes can be a thousand times as many as the picture has.
        let whole = plan.row_bytes() * plan.height as usize;
        let raw = stream::bytes(&unpacked, whole, || ()).await.ok()?;
        if raw.len() != whole {
            return None;
        }
        let mut unfiltering = Rows::new(plan.width);
        for band in bands(plan.width, plan.height) {
            let rows = band.start as usize * plan.row_bytes()..band.end as usize * plan.row_bytes();
            let mut pixels = unfiltering.unfiltered(raw.get(rows)?)?;
            self.lay(band.start, &mut pixels, true)?;
            TimeoutFuture::new(0).await;
        }
        Some(())
    }

    /// As the browser reads it, turned as its camera says; not fitted to any screen, as the server
    /// does not do that either.
    async fn decode(blob: &Blob) -> Result<Self, Unpaintable> {
        let how = [("colorSpaceConversion", "none".into()), ("premultiplyAlpha", "none".into())];
        let args = [blob.into(), js::object(how)];
        let image = js::call(&js_sys::global(), "createImageBitmap", &args);
        let image = js::wait(image.ok_or(Unpaintable::NotDrawn)?).await;
        let image = image.ok_or(Unpaintable::NotDrawn)?;
        let side = |name| js::whole(&js::get(&image, name));
        let mut layers = Self::new(side("width"), side("height"))?;
        layers.picture.draw(&image).ok_or(Unpaintable::NotDrawn)?;
        js::call(&image, "close", &[]);
        for band in bands(layers.picture.width, layers.picture.height) {
            let pixels = layers.picture.read(band.start, band.len() as u32);
            let mut pixels = pixels.ok_or(Unpaintable::NotDrawn)?;
            layers.lay(band.start, &mut pixels, false).ok_or(Unpaintable::NotDrawn)?;
            TimeoutFuture::new(0).await;
        }
        Ok(layers)
    }

    /// Rows to where they belong. `is_new`: the picture has them not yet.
    fn lay(&mut self, top: u32, pixels: &mut [u8], is_new: bool) -> Option<()> {
        let painting = mask::uncover(pixels);
        if is_new || painting.is_some() {
            self.picture.write(top, pixels)?;
        }
        if let Some(painting) = painting {
            self.had_mask = true;
            self.mask.write(top, &painting)?;
        }
        Some(())
    }
}

/// A PNG of both layers, and what is to be shown of it.
pub async fn made(picture: &Canvas, mask: &Canvas) -> Option<[Blob; 2]> {
    let (width, height) = (picture.width, picture.height);
    let mut filtering = Rows::new(width);
    let mut filtered = Vec::new();
    for band in bands(width, height) {
        let mut pixels = picture.read(band.start, band.len() as u32)?;
        mask::cover(&mut pixels, &mask.read(band.start, band.len() as u32)?);
        filtered.push(js::bytes(&filtering.filtered(&pixels)));
        TimeoutFuture::new(0).await;
    }
    let raw = js::make("Blob", &[js::list(&filtered)])?;
    drop(filtered);
    let through = js::make("CompressionStream", &["deflate".into()])?;
    let packed = js::wait(js::call(&piped(&raw, through)?, "blob", &[])?).await?;
    let mut file = vec![js::bytes(&mask::start(width, height))];
    let (mut at, size) = (0.0, js::get(&packed, "size").as_f64()?);
    while at < size {
        let part = js::call(&packed, "slice", &[at.into(), (at + PART_BYTES).into()])?;
        let part = js::wait(js::call(&part, "arrayBuffer", &[])?).await?;
        file.push(js::bytes(&mask::part(&Uint8Array::new(&part).to_vec())));
        at += PART_BYTES;
    }
    file.push(js::bytes(&mask::end()));
    let kind = js::object([("type", "image/png".into())]);
    let file = js::make("Blob", &[js::list(&file), kind])?;
    Some([file.dyn_into().ok()?, shown(picture, mask).await?])
}

/// The picture with the mask laid over it, for eyes only.
async fn shown(picture: &Canvas, mask: &Canvas) -> Option<Blob> {
    let canvas = js::make("OffscreenCanvas", &[picture.width.into(), picture.height.into()])?;
    let context = js::call(&canvas, "getContext", &["2d".into()])?;
    let draw = |layer: &Canvas| {
        js::call(&context, "drawImage", &[layer.element.clone().into(), 0.into(), 0.into()])
    };
    draw(picture)?;
    js::set(&context, "globalAlpha", COVER);
    draw(mask)?;
    let how = js::object([("type", "image/jpeg".into()), ("quality", 0.85.into())]);
    js::wait(js::call(&canvas, "convertToBlob", &[how])?).await?.dyn_into().ok()
}

/// A reply that brings these bytes as they come out of a packer.
fn piped(bytes: &JsValue, through: JsValue) -> Option<JsValue> {
    let stream = js::call(bytes, "stream", &[])?;
    js::make("Response", &[js::call(&stream, "pipeThrough", &[through])?])
}

/// The rows of a picture, some at a time.
fn bands(width: u32, height: u32) -> impl Iterator<Item = Range<u32>> {
    let rows = (BAND_BYTES / (width * 4)).max(1);
    (0..height).step_by(rows as usize).map(move |top| top..height.min(top + rows))
}
