//! A layer: a canvas element of the image's size. Invariant: what the browser refuses is `None`,
//! and a layer that draws nothing because memory is short is never made.

use leptos::prelude::document;
use wasm_bindgen::{Clamped, JsCast};
use web_sys::{
    CanvasPattern, CanvasRenderingContext2d, ContextAttributes2d, HtmlCanvasElement, ImageBitmap,
    ImageData,
};

/// Number of hatch lines along the longer side.
const HATCHES: u32 = 48;

#[derive(Clone)]
pub struct Canvas {
    pub element: HtmlCanvasElement,
    pub width: u32,
    pub height: u32,
    context: CanvasRenderingContext2d,
}

/// A straight stroke of a round brush; positions and diameter are in pixels of the image.
#[derive(Clone, Copy, PartialEq)]
pub struct Dash {
    pub from: (f64, f64),
    pub to: (f64, f64),
    pub across: f64,
    pub erases: bool,
}

impl Canvas {
    /// `is_read`: its pixels are read more often than it is drawn on.
    pub fn new(width: u32, height: u32, is_read: bool) -> Option<Self> {
        let (element, context) = drawable(width, height, is_read)?;
        element.set_class_name("mask-layer");
        let canvas = Self { element, width, height, context };
        canvas.is_drawn().then_some(canvas)
    }

    /// Returns whether drawing changes the pixels. Some browsers draw nothing on a canvas that is
    /// too large for them, and report no error.
    fn is_drawn(&self) -> bool {
        self.fill("source-over");
        let (right, bottom) = (self.width - 1, self.height - 1);
        let pixel = self.pixels(right, bottom, 1, 1);
        self.clear();
        pixel.is_some_and(|pixel| pixel.get(3) == Some(&255))
    }

    /// Returns the pixels of these rows, four bytes each: red, green, blue, alpha.
    pub fn read(&self, top: u32, rows: u32) -> Option<Vec<u8>> {
        self.pixels(0, top, self.width, rows)
    }

    fn pixels(&self, left: u32, top: u32, width: u32, height: u32) -> Option<Vec<u8>> {
        let [left, top, width, height] = [left, top, width, height].map(f64::from);
        Some(self.context.get_image_data(left, top, width, height).ok()?.data().0)
    }

    /// Replaces rows.
    pub fn write(&self, top: u32, pixels: &[u8]) -> Option<()> {
        let image = ImageData::new_with_u8_clamped_array(Clamped(pixels), self.width).ok()?;
        self.context.put_image_data(&image, 0.0, f64::from(top)).ok()
    }

    /// Draws another layer over this one.
    pub fn draw(&self, layer: &Self) -> Option<()> {
        self.context.draw_image_with_html_canvas_element(&layer.element, 0.0, 0.0).ok()
    }

    /// Draws an image over this layer.
    pub fn draw_bitmap(&self, image: &ImageBitmap) -> Option<()> {
        self.context.draw_image_with_image_bitmap(image, 0.0, 0.0).ok()
    }

    /// Sets the color of what was drawn and of what will be drawn. It is hatched, so that it is
    /// visible on an image of the same color as well.
    pub fn ink(&self, color: &str, hatch: &str) {
        if let Some(pattern) = self.hatched(color, hatch) {
            self.context.set_fill_style_canvas_pattern(&pattern);
            self.context.set_stroke_style_canvas_pattern(&pattern);
        } else {
            self.context.set_fill_style_str(color);
            self.context.set_stroke_style_str(color);
        }
        self.fill("source-in");
    }

    fn hatched(&self, color: &str, hatch: &str) -> Option<CanvasPattern> {
        let side = (self.width.max(self.height) / HATCHES).max(8);
        let (tile, context) = drawable(side, side, false)?;
        let line_width = f64::from(side / 8);
        let side = f64::from(side);
        context.set_fill_style_str(color);
        context.fill_rect(0.0, 0.0, side, side);
        context.set_stroke_style_str(hatch);
        context.set_line_width(line_width);
        // The corners belong to the lines of the adjacent tiles.
        for shift in [-side, 0.0, side] {
            context.move_to(shift - 1.0, side + 1.0);
            context.line_to(shift + side + 1.0, -1.0);
        }
        context.stroke();
        self.context.create_pattern_with_html_canvas_element(&tile, "repeat").ok()?
    }

    pub fn invert(&self) {
        self.fill("source-out");
    }

    pub fn clear(&self) {
        self.fill("destination-out");
    }

    pub fn dash(&self, dash: Dash) {
        let context = &self.context;
        self.composite(if dash.erases { "destination-out" } else { "source-over" });
        context.set_line_cap("round");
        context.set_line_width(dash.across);
        // A line of length zero would not be drawn.
        let nudge = if dash.from == dash.to { 0.01 } else { 0.0 };
        context.begin_path();
        context.move_to(dash.from.0, dash.from.1);
        context.line_to(dash.to.0 + nudge, dash.to.1);
        context.stroke();
        self.composite("source-over");
    }

    /// Releases the memory of the pixels at once.
    pub fn let_go(&self) {
        let _resized = self.element.set_attribute("width", "0");
    }

    fn fill(&self, operation: &str) {
        self.composite(operation);
        self.context.fill_rect(0.0, 0.0, f64::from(self.width), f64::from(self.height));
        self.composite("source-over");
    }

    fn composite(&self, operation: &str) {
        let _set = self.context.set_global_composite_operation(operation);
    }
}

/// Returns a canvas element, which is in no document yet, and its context.
fn drawable(
    width: u32,
    height: u32,
    is_read: bool,
) -> Option<(HtmlCanvasElement, CanvasRenderingContext2d)> {
    let element: HtmlCanvasElement = document().create_element("canvas").ok()?.unchecked_into();
    element.set_attribute("width", &width.to_string()).ok()?;
    element.set_attribute("height", &height.to_string()).ok()?;
    let options = ContextAttributes2d::new();
    options.set_will_read_frequently(is_read);
    let context = element.get_context_with_context_options("2d", &options).ok()??;
    Some((element, context.unchecked_into()))
}
