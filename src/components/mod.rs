//! What any page has: icons and buttons.

mod button;
mod dialog;
mod icon;

pub use button::{Button, IconButton, QuietButton};
pub use dialog::{Dialog, FullScreenDialog};
pub use icon::{Drawing, Icon};
