//! What any page has: icons and buttons.

mod button;
mod icon;

pub use button::{Button, IconButton, QuietButton};
pub use icon::{Drawing, Icon};
