//! A dialog that is made when it is wanted. Invariant: whatever follows something in it ends with it.

use leptos::prelude::Owner;

use crate::dom::{self, El};

pub struct Overlay {
    dialog: El,
    owner: Owner,
}

impl Overlay {
    /// Makes it and opens it.
    pub fn open(make: impl FnOnce() -> El) -> Self {
        let owner = Owner::new();
        let dialog = owner.with(make);
        dom::open(&dialog);
        Self { dialog, owner }
    }

    /// The browser puts the focus back to where it was.
    pub fn close(self) {
        self.dialog.call("close");
        self.dialog.call("remove");
        self.owner.cleanup();
    }
}
