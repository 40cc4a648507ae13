//! Components without knowledge of features: icons, buttons, dialogs.

mod button;
mod choice;
mod dialog;
mod follow;
mod icon;
mod menu;
mod mount;
mod overlay;

pub use button::{Button, IconButton, QuietButton, ToolButton};
pub use choice::Choice;
pub use dialog::{Dialog, DialogFrame, DialogHead, FullScreenDialog};
pub use follow::follow;
pub use icon::{Drawing, Icon, Symbols};
pub use menu::Menu;
pub use mount::{Mounted, mount_to_body};
pub use overlay::Overlay;
