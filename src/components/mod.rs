//! What any page has: icons, buttons and dialogs.

mod button;
mod dialog;
mod icon;
mod overlay;

pub use crate::components::button::{Button, IconButton, QuietButton};
pub use crate::components::dialog::{Dialog, DialogFrame, DialogHead, FullScreenDialog};
pub use crate::components::icon::{Drawing, Icon};
pub use overlay::Overlay;
