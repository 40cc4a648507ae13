//! Images drawn smaller than they are.

use leptos::prelude::window;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Blob, ImageBitmap, ImageBitmapOptions, ImageEncodeOptions, OffscreenCanvas,
    OffscreenCanvasRenderingContext2d,
};

#[wasm_bindgen]
extern "C" {
    /// A drawing context with the property that `web_sys` lacks.
    #[wasm_bindgen(extends = OffscreenCanvasRenderingContext2d)]
    type Context;

    #[wasm_bindgen(method, setter, js_name = imageSmoothingQuality)]
    fn set_image_smoothing_quality(this: &Context, quality: &str);
}

/// Of images that lose something as they are encoded.
const QUALITY: f64 = 0.8;

/// Returns the image with at most `side` pixels on its longer side.
pub async fn to_side(blob: &Blob, side: f64) -> Option<Blob> {
    image_to_side(decoded(blob).await?, side).await
}

/// Returns a decoded image with at most `side` pixels on its longer side, and closes it.
pub async fn image_to_side(image: ImageBitmap, side: f64) -> Option<Blob> {
    let canvas = drawn(&image, |longer| (side / longer).min(1.0))?;
    let small = encoded(&canvas, "image/webp").await?;
    if small.type_() == "image/webp" {
        return Some(small);
    }
    // Browsers that cannot write WebP return a PNG, which is large.
    encoded(&canvas, "image/jpeg").await
}

/// Returns the image with each side scaled by `scale`, as a PNG.
pub async fn by(blob: &Blob, scale: f64) -> Option<Blob> {
    let canvas = drawn(&decoded(blob).await?, |_| scale)?;
    encoded(&canvas, "image/png").await
}

async fn decoded(blob: &Blob) -> Option<ImageBitmap> {
    let options = ImageBitmapOptions::new();
    let image = window().create_image_bitmap_with_blob_and_image_bitmap_options(blob, &options);
    JsFuture::from(image.ok()?).await.ok().map(JsCast::unchecked_into)
}

/// Draws it scaled by what `scale` makes of its longer side, and closes it.
fn drawn(image: &ImageBitmap, scale: impl Fn(f64) -> f64) -> Option<OffscreenCanvas> {
    let (width, height) = (f64::from(image.width()), f64::from(image.height()));
    let scale = scale(width.max(height).max(1.0));
    let fitted = |side: f64| ((side * scale + 0.5) as u32).max(1);
    let (width, height) = (fitted(width), fitted(height));
    let canvas = OffscreenCanvas::new(width, height).ok()?;
    let context: Context = canvas.get_context("2d").ok()??.unchecked_into();
    context.set_image_smoothing_quality("high");
    let (width, height) = (f64::from(width), f64::from(height));
    context.draw_image_with_image_bitmap_and_dw_and_dh(image, 0.0, 0.0, width, height).ok()?;
    image.close();
    Some(canvas)
}

async fn encoded(canvas: &OffscreenCanvas, media_type: &str) -> Option<Blob> {
    let options = ImageEncodeOptions::new();
    options.set_type(media_type);
    options.set_quality(QUALITY);
    let encoded = canvas.convert_to_blob_with_options(&options).ok()?;
    JsFuture::from(encoded).await.ok()?.dyn_into().ok()
}
