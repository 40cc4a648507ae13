//! The folder that the browser is served from while somebody develops.
//!
//! Invariant: it is a whole page at every moment: new modules come before the page that names them,
//! and former ones go after it. The state of the build, which the page asks for, is replaced as a
//! whole.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use super::sources::Sources;
use crate::build::{files_of, hash, texts};
use crate::{Outcome, paths};

/// What the page runs besides its own; see there.
const SCRIPT: &str = include_str!("page.js");

/// The folder of what only a developer's page asks for.
const OWN: &str = "dev";

/// The folder in it of the style sheets as they are now.
const STYLES_SHOWN: &str = "style";

/// The style sheets by their names.
pub type Styles = BTreeMap<String, String>;

/// What a developer's page is told of the build.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Build {
    Done,
    Going,
    Failed,
}

/// The folder, and what is in it.
pub struct Site {
    pub folder: PathBuf,
    /// Counts the pages that were put here; another number makes the browser reload.
    number: u32,
    /// The styles that are in the page as it was built.
    built: Styles,
    build: Build,
}

impl Site {
    /// Makes an empty folder.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn new(folder: PathBuf) -> Outcome<Self> {
        let _ = fs::remove_dir_all(&folder);
        let own = folder.join(OWN);
        fs::create_dir_all(own.join(STYLES_SHOWN)).map_err(|error| wrong(&own, &error))?;
        write(&own.join("page.js"), SCRIPT)?;
        Ok(Self { folder, number: 0, built: Styles::new(), build: Build::Going })
    }

    /// Whether no page was put here yet.
    pub fn is_empty(&self) -> bool {
        self.number == 0
    }

    /// Takes over what trunk built, made with these styles.
    ///
    /// # Errors
    /// When something cannot be read or written, or what was built is no page.
    pub fn take(&mut self, built: &Path, styles: Styles) -> Outcome {
        let page = built.join("index.html");
        let html = fs::read_to_string(&page).map_err(|error| wrong(&page, &error))?;
        self.number += 1;
        let html = with_script(&texts::with_texts(&html)?, self.number)?;
        copy(built, &self.folder)?;
        write(&self.folder.join("index.html"), &html)?;
        self.built = styles;
        self.tell(Build::Done)?;
        for path in files_of(&self.folder)? {
            let is_here = path.file_name().is_some_and(|name| built.join(name).exists());
            if path.is_file() && !is_here {
                fs::remove_file(&path).map_err(|error| wrong(&path, &error))?;
            }
        }
        Ok(())
    }

    /// Tells the page how the build goes, and which styles there are now.
    ///
    /// # Errors
    /// When something cannot be read or written.
    pub fn tell(&mut self, build: Build) -> Outcome {
        self.build = build;
        self.tell_styles()
    }

    /// Tells the page which styles there are now.
    ///
    /// # Errors
    /// When something cannot be read or written.
    pub fn tell_styles(&self) -> Outcome {
        let now = styles()?;
        let own = self.folder.join(OWN);
        for text in self.built.values().chain(now.values()) {
            let file = own.join(STYLES_SHOWN).join(format!("{}.css", key(text)));
            if !file.is_file() {
                write(&file, text)?;
            }
        }
        let to = own.join("state.txt");
        let from = own.join("state.new");
        write(&from, &state(self.number, self.build, &self.built, &now))?;
        fs::rename(&from, &to).map_err(|error| wrong(&to, &error))
    }
}

/// Reads the style sheets as they are now.
///
/// # Errors
/// When one cannot be read.
pub fn styles() -> Outcome<Styles> {
    let mut found = Styles::new();
    for path in Sources::look().styles.into_keys() {
        // An editor may have another file there for a moment.
        if let Ok(text) = fs::read_to_string(&path) {
            found.insert(
                path.strip_prefix(paths::root()).unwrap_or(&path).display().to_string(),
                text,
            );
        }
    }
    Ok(found)
}

/// A line each: the number of the page, the build, the styles of the page and what they are now.
fn state(number: u32, build: Build, built: &Styles, now: &Styles) -> String {
    let build = match build {
        Build::Done => "done",
        Build::Going => "going",
        Build::Failed => "failed",
    };
    let mut lines = format!("page {number}\nbuild {build}\n");
    for (name, before) in built {
        let now = now.get(name).unwrap_or(before);
        lines.push_str(&format!("style {name} {} {}\n", key(before), key(now)));
    }
    lines
}

fn key(text: &str) -> String {
    format!("{:016x}", hash(&[text.as_bytes()]))
}

/// The script comes before all others: it has to see the styles that they make.
fn with_script(html: &str, number: u32) -> Outcome<String> {
    let Some((before, after)) = html.split_once("<head>") else {
        return Err("what trunk built has no head".to_owned());
    };
    let script = format!("<script src=\"{OWN}/page.js\" data-page=\"{number}\"></script>");
    Ok(format!("{before}<head>{script}{after}"))
}

/// Copies everything but the page itself.
fn copy(from: &Path, to: &Path) -> Outcome {
    fs::create_dir_all(to).map_err(|error| wrong(to, &error))?;
    for path in files_of(from)? {
        let name = path.file_name().unwrap_or_default();
        let there = to.join(name);
        if path.is_dir() {
            copy(&path, &there)?;
        } else if name != "index.html" {
            fs::copy(&path, &there).map_err(|error| wrong(&there, &error))?;
        }
    }
    Ok(())
}

fn write(path: &Path, text: &str) -> Outcome {
    fs::write(path, text).map_err(|error| wrong(path, &error))
}

fn wrong(path: &Path, error: &std::io::Error) -> String {
    format!("{}: {error}", path.display())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_state_names_what_the_page_has_and_what_there_is() {
        let styles = |list: &[(&str, &str)]| -> Styles {
            list.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect()
        };
        let built = styles(&[("a.css", "a{}"), ("b.css", "b{}"), ("gone.css", "c{}")]);
        let now = styles(&[("a.css", "a{}"), ("b.css", "b{d:e}"), ("new.css", "f{}")]);
        let (a, b, c) = (key("a{}"), key("b{}"), key("c{}"));
        let expected = format!(
            "page 3\nbuild failed\nstyle a.css {a} {a}\nstyle b.css {b} {}\n\
             style gone.css {c} {c}\n",
            key("b{d:e}")
        );
        assert_eq!(state(3, Build::Failed, &built, &now), expected);
    }

    #[test]
    fn the_script_comes_first() {
        let html = "<!doctype html><html><head><script>1</script></head></html>";
        let expected = "<!doctype html><html><head><script src=\"dev/page.js\" data-page=\"7\">\
            </script><script>1</script></head></html>";
        assert_eq!(with_script(html, 7).as_deref(), Ok(expected));
        assert!(with_script("", 7).is_err());
    }
}
