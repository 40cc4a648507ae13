//! Reads an image file into layers, and writes the layers as a file. Invariant: the written colors
//! are those that the server would have read from the original file, also below the mask.

use std::ops::Range;

use gloo_timers::future::TimeoutFuture;
use js_sys::{Array, Uint8Array};
use leptos::prelude::window;
use pilotlight_forms::mask::{self, Plan, Rows};
use pilotlight_i18n::present::Unpaintable;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Blob, ColorSpaceConversion, ImageBitmap, ImageBitmapOptions, ImageEncodeOptions,
    OffscreenCanvas, OffscreenCanvasRenderingContext2d, PremultiplyAlpha,
};

use crate::blobs;
use crate::features::mask::canvas::Canvas;
use crate::runtime::stream;

/// How much is processed before the page may handle other events.
const BAND_BYTES: u32 = 1 << 22;
const PART_BYTES: f64 = 1_048_576.0;
/// Opacity of the mask in the preview.
const COVER: f64 = 0.6;

/// The opaque image, and the mask over it.
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
        let file = blobs::bytes(blob).await;
        let plan = file.map(|file| Plan::read(&file)).ok_or(Unpaintable::NotDrawn)?;
        if let Some(plan) = plan {
            let mut layers = Self::new(plan.width, plan.height)?;
            if layers.unpack(blob, &plan).await.is_some() {
                return Ok(layers);
            }
        }
        Self::decode(blob).await
    }

    /// Reads the pixels from the file itself: a browser loses the colors of transparent pixels.
    async fn unpack(&mut self, blob: &Blob, plan: &Plan) -> Option<()> {
        let cut = |part: &Range<usize>| {
            blob.slice_with_f64_and_f64(part.start as f64, part.end as f64).ok()
        };
        let parts: Array = plan.packed.iter().filter_map(cut).collect();
        let unpacked = blobs::decompressed(&blobs::joined(&parts, "")?, "deflate")?;
        // A file may decompress to a thousand times its size; no more is read than the image has.
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

    /// Lets the browser decode the file: rotated as its metadata says, but not converted to the
    /// color space of the screen, which the server does not do either.
    async fn decode(blob: &Blob) -> Result<Self, Unpaintable> {
        let image = decoded(blob).await.ok_or(Unpaintable::NotDrawn)?;
        let mut layers = Self::new(image.width(), image.height())?;
        layers.picture.draw_bitmap(&image).ok_or(Unpaintable::NotDrawn)?;
        image.close();
        for band in bands(layers.picture.width, layers.picture.height) {
            let pixels = layers.picture.read(band.start, band.len() as u32);
            let mut pixels = pixels.ok_or(Unpaintable::NotDrawn)?;
            layers.lay(band.start, &mut pixels, false).ok_or(Unpaintable::NotDrawn)?;
            TimeoutFuture::new(0).await;
        }
        Ok(layers)
    }

    /// Writes rows to the layers. `is_new`: the picture does not have these rows yet.
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

async fn decoded(blob: &Blob) -> Option<ImageBitmap> {
    let options = ImageBitmapOptions::new();
    options.set_color_space_conversion(ColorSpaceConversion::None);
    options.set_premultiply_alpha(PremultiplyAlpha::None);
    let image = window().create_image_bitmap_with_blob_and_image_bitmap_options(blob, &options);
    Some(JsFuture::from(image.ok()?).await.ok()?.unchecked_into())
}

/// Returns a PNG of both layers, and a JPEG that shows the mask over the picture.
pub async fn made(picture: &Canvas, mask: &Canvas) -> Option<[Blob; 2]> {
    let (width, height) = (picture.width, picture.height);
    let mut filtering = Rows::new(width);
    let filtered = Array::new();
    for band in bands(width, height) {
        let mut pixels = picture.read(band.start, band.len() as u32)?;
        mask::cover(&mut pixels, &mask.read(band.start, band.len() as u32)?);
        filtered.push(&bytes(&filtering.filtered(&pixels)));
        TimeoutFuture::new(0).await;
    }
    let raw = blobs::joined(&filtered, "")?;
    drop(filtered);
    let packed = blobs::compressed(&raw, "deflate").await?;
    let file = Array::of1(&bytes(&mask::start(width, height)));
    let (mut at, size) = (0.0, packed.size());
    while at < size {
        let part = blobs::part(&packed, at, at + PART_BYTES).await?;
        file.push(&bytes(&mask::part(&part)));
        at += PART_BYTES;
    }
    file.push(&bytes(&mask::end()));
    Some([blobs::joined(&file, "image/png")?, shown(picture, mask).await?])
}

fn bytes(bytes: &[u8]) -> JsValue {
    Uint8Array::from(bytes).into()
}

/// Returns the picture with the mask over it.
async fn shown(picture: &Canvas, mask: &Canvas) -> Option<Blob> {
    let canvas = OffscreenCanvas::new(picture.width, picture.height).ok()?;
    let context: OffscreenCanvasRenderingContext2d =
        canvas.get_context("2d").ok()??.unchecked_into();
    context.draw_image_with_html_canvas_element(&picture.element, 0.0, 0.0).ok()?;
    context.set_global_alpha(COVER);
    context.draw_image_with_html_canvas_element(&mask.element, 0.0, 0.0).ok()?;
    let options = ImageEncodeOptions::new();
    options.set_type("image/jpeg");
    options.set_quality(0.85);
    let encoded = canvas.convert_to_blob_with_options(&options).ok()?;
    JsFuture::from(encoded).await.ok()?.dyn_into().ok()
}

/// Returns ranges that cover the rows of an image.
fn bands(width: u32, height: u32) -> impl Iterator<Item = Range<u32>> {
    let rows = (BAND_BYTES / (width * 4)).max(1);
    (0..height).step_by(rows as usize).map(move |top| top..height.min(top + rows))
}
