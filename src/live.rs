//! Values that views follow. Invariant: a value is told to have changed only after it has.
//!
//! Leptos' own signals are compiled anew for each type they hold, some 4 kB each; here only a cell
//! is, and one `ArcTrigger` of Leptos, the same for all, does the following. The cells live as long
//! as the page: what is made for a view that goes is a few bytes, and there is no signal that could
//! be read after it was disposed.

use std::cell::{Ref, RefCell};

use leptos::prelude::{ArcTrigger, Notify, RenderEffect, StoredValue, Track};

/// A value, and who follows it; copied freely.
pub struct Live<T: 'static>(&'static Cell<T>);

struct Cell<T> {
    value: RefCell<T>,
    changed: ArcTrigger,
}

impl<T> Clone for Live<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Live<T> {}

impl<T: Default> Default for Live<T> {
    fn default() -> Self {
        Self::new(T::default())
    }
}

impl<T: 'static> Live<T> {
    pub fn new(value: T) -> Self {
        let cell = Cell { value: RefCell::new(value), changed: ArcTrigger::new() };
        Self(Box::leak(Box::new(cell)))
    }

    pub fn with<U>(self, read: impl FnOnce(&T) -> U) -> U {
        self.0.changed.track();
        read(&self.0.value.borrow())
    }

    /// The value itself, for as long as nothing sets it; not followed.
    pub fn borrow(self) -> Ref<'static, T> {
        self.0.value.borrow()
    }

    /// Reads without following.
    pub fn peek<U>(self, read: impl FnOnce(&T) -> U) -> U {
        read(&self.0.value.borrow())
    }

    pub fn set(self, value: T) {
        *self.0.value.borrow_mut() = value;
        self.0.changed.notify();
    }

    pub fn update<U>(self, change: impl FnOnce(&mut T) -> U) -> U {
        let changed = change(&mut self.0.value.borrow_mut());
        self.0.changed.notify();
        changed
    }
}

impl<T: Clone + 'static> Live<T> {
    pub fn get(self) -> T {
        self.with(T::clone)
    }

    /// A copy without following.
    pub fn now(self) -> T {
        self.peek(T::clone)
    }
}

impl<T: PartialEq + 'static> Live<T> {
    /// Follows what `compute` reads, and is told to have changed only when the outcome is another.
    pub fn from(compute: impl Fn() -> T + 'static) -> Self {
        let live = Self::new(leptos::prelude::untrack(&compute));
        follow(move || {
            let value = compute();
            if live.peek(|former| *former != value) {
                live.set(value);
            }
        });
        live
    }
}

/// Does this now, and again whenever something that it read has changed, for as long as the view
/// that it is called in is there.
pub fn follow(work: impl FnMut() + 'static) {
    follow_boxed(Box::new(work));
}

fn follow_boxed(mut work: Box<dyn FnMut()>) {
    let effect = RenderEffect::new(move |_| work());
    StoredValue::new_local(effect);
}
