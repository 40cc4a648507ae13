//! What any page has: icons, buttons and dialogs.

mod button;
mod dialog;
mod icon;

pub use button::{Button, IconButton, QuietButton};
pub use dialog::{Dialog, DialogFrame, DialogHead, FullScreenDialog};
pub use icon::{Drawing, Icon};
