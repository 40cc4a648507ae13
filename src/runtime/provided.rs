//! Functions that a lazy bundle provides, such as the view of a menu. Invariant: the bundle is opened
//! once, at the first use.

use std::cell::Cell;

use leptos::prelude::*;

use crate::app::{Page, Part};

/// A function of a bundle.
pub struct Provided<F: 'static> {
    function: RwSignal<Option<F>>,
    is_requested: Cell<bool>,
}

impl<F: Send + Sync> Default for Provided<F> {
    fn default() -> Self {
        Self { function: RwSignal::new(None), is_requested: Cell::new(false) }
    }
}

impl<F: Copy + Send + Sync> Provided<F> {
    /// Opens the bundle, unless that was done before.
    pub fn request(&self, page: Page, part: Part) {
        if !self.is_requested.replace(true) {
            page.open(part);
        }
    }

    /// Returns the function once the bundle is loaded; views that call this follow.
    pub fn get(&self) -> Option<F> {
        self.function.get()
    }

    /// Sets the function: the bundle is loaded.
    pub fn set(&self, function: F) {
        self.function.set(Some(function));
    }
}
