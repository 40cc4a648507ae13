//! Makes Rust of those messages of `crates/i18n/locales` that forms are made with: what inputs of
//! nodes are called, and why some can only be looked at.

#[path = "../i18n/build/code.rs"]
mod code;
#[path = "../i18n/build/files.rs"]
mod files;
#[path = "../i18n/build/fluent.rs"]
mod fluent;
#[path = "../i18n/build/locales.rs"]
mod locales;

use std::process::ExitCode;

fn main() -> ExitCode {
    files::build("../i18n", |locales| vec![("messages.rs", code::write(locales, files::OF_FORMS))])
}
