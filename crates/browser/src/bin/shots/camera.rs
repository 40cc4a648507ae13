//! Takes one state light and dark, wide and narrow.
//!
//! Invariant: nothing moves in the pictures, and the runs are in the same phases before the first
//! and after the last of them.

use std::path::Path;

use pilotlight_browser_tests::{Outcome, Page, Trouble};
use serde_json::{Value, json};

/// What the page is looked at with.
pub struct Size {
    pub width: u32,
    height: u32,
    /// A phone: fingers instead of a mouse.
    touch: bool,
}

/// The one with touch comes last.
pub static SIZES: [Size; 2] = [
    Size { width: 1280, height: 800, touch: false },
    Size { width: 390, height: 844, touch: true },
];

/// For Chromium, which without a screen believes that there is no mouse either.
pub const MOUSE: &str = "--blink-settings=primaryHoverType=2,availableHoverTypes=2,\
    primaryPointerType=4,availablePointerTypes=4";

pub const THEMES: [&str; 2] = ["light", "dark"];

/// Higher than this no picture gets.
const HEIGHT_MAX: u64 = 3_000;

pub struct Camera<'p> {
    page: &'p Page,
}

impl<'p> Camera<'p> {
    pub fn new(page: &'p Page) -> Self {
        Self { page }
    }

    /// All pictures of the state that the page is in.
    pub async fn round(&self, folder: &Path, state: &str, language: &str) -> Outcome {
        let before = self.phases().await?;
        for size in &SIZES {
            for theme in THEMES {
                self.look(size, theme).await?;
                let name = format!("{state}-{language}-{theme}-{}.png", size.width);
                let path = folder.join(name);
                let picture = self.page.session.screenshot().await?;
                std::fs::write(&path, picture).map_err(|e| format!("{}: {e}", path.display()))?;
            }
        }
        let after = self.phases().await?;
        if before == after {
            return Ok(());
        }
        Err(Trouble::new(format!("did not last: from {before} to {after}")))
    }

    /// What is seen of the page with this size and theme: all of it, unless something lies over it.
    pub async fn look(&self, size: &Size, theme: &str) -> Outcome {
        self.dress(theme).await?;
        self.resize(size, size.height, 1.0).await?;
        let whole = "const { all, modals } = pilotlightTest;\
            const isCovered = modals().length > 0 || all('alertdialog').length > 0;\
            return isCovered ? 0 : document.documentElement.scrollHeight";
        let whole = self.page.js(whole, &[]).await?.as_u64().unwrap_or(0).min(HEIGHT_MAX);
        let whole = u32::try_from(whole).unwrap_or(0);
        if whole > size.height {
            self.resize(size, whole, 1.0).await?;
        }
        self.settle().await
    }

    /// Light or dark, as the system would have it; nothing moves.
    pub async fn dress(&self, theme: &str) -> Outcome {
        let media = json!({"features": [
            {"name": "prefers-color-scheme", "value": theme},
            {"name": "prefers-reduced-motion", "value": "reduce"},
        ]});
        self.page.session.cdp("Emulation.setEmulatedMedia", media).await.map(drop)
    }

    /// A screen of this size, `sharpness` dots to a pixel.
    pub async fn resize(&self, size: &Size, height: u32, sharpness: f64) -> Outcome {
        // Never taken back: that would take the mouse away too.
        if size.touch {
            let touch = json!({"enabled": true, "maxTouchPoints": 5});
            self.page.session.cdp("Emulation.setTouchEmulationEnabled", touch).await?;
        }
        let metrics = json!({
            "width": size.width, "height": height,
            "deviceScaleFactor": sharpness, "mobile": size.touch,
        });
        self.page.session.cdp("Emulation.setDeviceMetricsOverride", metrics).await.map(drop)
    }

    /// Waits until everything is drawn as it is now, the mouse out of the way.
    pub async fn settle(&self) -> Outcome {
        let away = json!({"type": "mouseMoved", "x": 0, "y": 0});
        self.page.session.cdp("Input.dispatchMouseEvent", away).await?;
        let drawn = "const pictures = [...document.images].filter((img) => img.src);\
            return Promise.all(pictures.map((img) => img.decode().catch(() => 0)))\
            .then(() => document.fonts.ready)\
            .then(() => new Promise((then) => requestAnimationFrame(() => \
                requestAnimationFrame(() => then(true)))))";
        self.page.js(drawn, &[]).await.map(drop)
    }

    async fn phases(&self) -> Outcome<Value> {
        let body = "return pilotlightTest.runs()\
            .map((card) => card.dataset.phase).join(', ')";
        self.page.js(body, &[]).await
    }
}
