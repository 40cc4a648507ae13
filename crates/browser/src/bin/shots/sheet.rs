//! The contact sheet: every picture on one page.
//!
//! Invariant: shows what is in the folder, in the order of the states.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use pilotlight_browser_tests::Outcome;
use pilotlight_browser_tests::states::words;

use crate::camera::{SIZES, THEMES};

const HEAD: &str = "<!doctype html><meta charset=utf-8><title>Pilotlight: every state</title>\n\
<meta name=viewport content='width=device-width'>\n<style>\n\
body{font:15px/1.5 system-ui,sans-serif;margin:2rem;background:#8a8580;color:#fff}\n\
h2{margin:2rem 0 .5rem;font-size:1rem}\n\
div{display:flex;flex-wrap:wrap;gap:.75rem;align-items:flex-start}\n\
img{display:block;width:auto;height:16rem;object-fit:cover;object-position:top;border-radius:.4rem}\n\
</style>\n<h1>Pilotlight: every state</h1>\n";

pub fn write(folder: &Path, states: &[&str]) -> Outcome<PathBuf> {
    let mut page = HEAD.to_owned();
    for state in states {
        let mut pictures = String::new();
        for size in &SIZES {
            for words in &words::BOTH {
                for theme in THEMES {
                    let name = format!("{state}-{}-{theme}-{}.png", words.language, size.width);
                    if folder.join(&name).is_file() {
                        // Writing to a String cannot fail.
                        let _ = writeln!(
                            pictures,
                            "<a href='{name}'><img loading=lazy src='{name}' alt='{name}'></a>"
                        );
                    }
                }
            }
        }
        if !pictures.is_empty() {
            let _ = writeln!(page, "<h2 id='{state}'>{state}</h2>\n<div>\n{pictures}</div>");
        }
    }
    let path = folder.join("index.html");
    std::fs::write(&path, page).map_err(|e| format!("{}: {e}", path.display()))?;
    Ok(path)
}
