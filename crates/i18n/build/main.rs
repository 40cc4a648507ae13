//! Generates Rust from the locale files, and ends the build if they disagree.
//!
//! Writes `messages.rs`, which `src/text` includes, and `three.rs` for a test: the same with a
//! third language.

mod code;
mod files;
mod fluent;
mod locales;
mod pseudo;

use std::process::ExitCode;

use pseudo::pseudo;

fn main() -> ExitCode {
    files::build(".", |locales| {
        let mut three: Vec<_> = locales
            .iter()
            .filter(|locale| ["en", "zh"].contains(&locale.known.code))
            .cloned()
            .collect();
        three.extend(three.first().and_then(pseudo));
        let ours = |group: &str| !files::OF_FORMS(group);
        vec![("messages.rs", code::write(locales, ours)), ("three.rs", code::write(&three, ours))]
    })
}
