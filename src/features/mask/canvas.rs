//! A layer: an element to draw on, as large as the picture. Invariant: whatever the browser refuses
//! is `None`, and a layer that draws nothing for want of memory is never made.

use js_sys::Uint8Array;
use leptos::prelude::document;
use wasm_bindgen::JsValue;
use web_sys::Element;

use crate::js;

/// Along the longer side.
const HATCHES: u32 = 48;

#[derive(Clone)]
pub struct Canvas {
    pub element: Element,
    pub width: u32,
    pub height: u32,
    context: JsValue,
}

/// A round brush goes from one place to another.
#[derive(Clone, Copy, PartialEq)]
pub struct Dash {
    pub from: (f64, f64),
    pub to: (f64, f64),
    pub across: f64,
    pub erases: bool,
}

impl Canvas {
    /// `is_read`: it is looked at more often than drawn on.
    pub fn new(width: u32, height: u32, is_read: bool) -> Option<Self> {
        let element = document().create_element("canvas").ok()?;
        element.set_class_name("mask-layer");
        element.set_attribute("width", &width.to_string()).ok()?;
        element.set_attribute("height", &height.to_string()).ok()?;
        let how = js::object([("willReadFrequently", is_read.into())]);
        let context = js::call(&element, "getContext", &["2d".into(), how])?;
        let canvas = Self { element, width, height, context };
        canvas.is_there().then_some(canvas)
    }

    /// Some browsers draw nothing on what is too large for them, and say nothing either.
    fn is_there(&self) -> bool {
        self.fill("source-over");
        let last = [self.width - 1, self.height - 1, 1, 1].map(JsValue::from);
        let pixel = js::call(&self.context, "getImageData", &last).and_then(|image| taken(&image));
        self.clear();
        pixel.is_some_and(|pixel| pixel.get(3) == Some(&255))
    }

    /// These rows of it.
    pub fn read(&self, top: u32, rows: u32) -> Option<Vec<u8>> {
        let place = [0, top, self.width, rows].map(JsValue::from);
        taken(&js::call(&self.context, "getImageData", &place)?)
    }

    /// Puts rows in the place of what is there.
    pub fn write(&self, top: u32, pixels: &[u8]) -> Option<()> {
        let data = js::make("Uint8ClampedArray", &[js::get(&js::bytes(pixels), "buffer")])?;
        let image = js::make("ImageData", &[data, self.width.into()])?;
        js::call(&self.context, "putImageData", &[image, 0.into(), top.into()]).map(drop)
    }

    /// Draws a picture, or another layer, over it.
    pub fn draw(&self, image: &JsValue) -> Option<()> {
        js::call(&self.context, "drawImage", &[image.clone(), 0.into(), 0.into()]).map(drop)
    }

    /// The colour in which everything is drawn from now on, and all that is there already. It is
    /// hatched, to be seen on a picture of the same colour as well.
    pub fn ink(&self, colour: &str, hatch: &str) {
        let ink = self.hatched(colour, hatch).unwrap_or_else(|| colour.into());
        js::set(&self.context, "fillStyle", &ink);
        js::set(&self.context, "strokeStyle", ink);
        self.fill("source-in");
    }

    fn hatched(&self, colour: &str, hatch: &str) -> Option<JsValue> {
        let side = (self.width.max(self.height) / HATCHES).max(8);
        let tile = js::make("OffscreenCanvas", &[side.into(), side.into()])?;
        let context = js::call(&tile, "getContext", &["2d".into()])?;
        js::set(&context, "fillStyle", colour);
        js::call(&context, "fillRect", &[0, 0, side, side].map(JsValue::from));
        js::set(&context, "strokeStyle", hatch);
        js::set(&context, "lineWidth", side / 8);
        let side = f64::from(side);
        // The corners belong to the lines of the tiles beside it.
        for shift in [-side, 0.0, side] {
            js::call(&context, "moveTo", &[(shift - 1.0).into(), (side + 1.0).into()]);
            js::call(&context, "lineTo", &[(shift + side + 1.0).into(), (-1.0).into()]);
        }
        js::call(&context, "stroke", &[]);
        js::call(&self.context, "createPattern", &[tile, "repeat".into()])
    }

    pub fn invert(&self) {
        self.fill("source-out");
    }

    pub fn clear(&self) {
        self.fill("destination-out");
    }

    pub fn dash(&self, dash: Dash) {
        let context = &self.context;
        let how = if dash.erases { "destination-out" } else { "source-over" };
        js::set(context, "globalCompositeOperation", how);
        js::set(context, "lineCap", "round");
        js::set(context, "lineWidth", dash.across);
        // A line to its own beginning would not be drawn.
        let nudge = if dash.from == dash.to { 0.01 } else { 0.0 };
        js::call(context, "beginPath", &[]);
        js::call(context, "moveTo", &[dash.from.0.into(), dash.from.1.into()]);
        js::call(context, "lineTo", &[(dash.to.0 + nudge).into(), dash.to.1.into()]);
        js::call(context, "stroke", &[]);
        js::set(context, "globalCompositeOperation", "source-over");
    }

    /// Gives its memory back at once.
    pub fn let_go(&self) {
        js::set(&self.element, "width", 0);
    }

    fn fill(&self, how: &str) {
        js::set(&self.context, "globalCompositeOperation", how);
        let all = [0, 0, self.width, self.height].map(JsValue::from);
        js::call(&self.context, "fillRect", &all);
        js::set(&self.context, "globalCompositeOperation", "source-over");
    }
}

fn taken(image: &JsValue) -> Option<Vec<u8>> {
    let buffer = js::get(&js::get(image, "data"), "buffer");
    buffer.is_object().then(|| Uint8Array::new(&buffer).to_vec())
}
