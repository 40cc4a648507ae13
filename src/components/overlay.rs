//! A dialog that is in the document only while it is open. Invariant: its signals, effects and
//! listeners end with it.

use leptos::prelude::*;

use crate::app::Page;

pub struct Overlay {
    owner: Owner,
    view: <AnyView as Render>::State,
}

impl Overlay {
    /// Adds a view to the end of the page, with the page in its context. A `DialogFrame` in it opens
    /// by itself.
    pub fn open(page: Page, make: impl FnOnce() -> AnyView) -> Self {
        let owner = Owner::new();
        let mut view = owner.with(|| {
            provide_context(page);
            make().build()
        });
        if let Some(page) = document().get_element_by_id("app") {
            view.mount(&page, None);
        }
        Self { owner, view }
    }

    /// Removes the dialog. The browser returns the focus to where it was.
    pub fn close(mut self) {
        // This closes the dialog, which must still be in the document.
        self.owner.cleanup();
        self.view.unmount();
    }
}
