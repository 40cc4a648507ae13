//! What any page has: icons, buttons and dialogs.

mod button;
mod dialog;
mod follow;
mod icon;
mod mount;
mod overlay;

pub use crate::components::button::{Button, IconButton, QuietButton};
pub use crate::components::dialog::{Dialog, DialogFrame, DialogHead, FullScreenDialog};
pub use crate::components::icon::{Drawing, Icon};
pub use follow::follow;
pub use mount::{Mounted, mount_to_body};
pub use overlay::Overlay;
