//! Workflows: tabs, opening, presets, links.

mod core_nodes;
pub mod editor;
mod fetch;
pub mod link;
pub mod node_classes;
pub mod open;
pub mod opened;
pub mod presets;
pub mod presets_dialog;
pub mod share;
pub mod share_button;
mod shared;
pub mod tabs;
pub mod tabs_menu;
pub mod tabs_overflow;
