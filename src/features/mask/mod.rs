//! Painting a mask over an image.

mod canvas;
pub mod dialog;
mod file;
pub mod painting;
mod pointer;
