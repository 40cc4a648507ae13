//! What an operator sets: `deploy/pilotlight.env` with some values changed.
//!
//! Invariant: a name that the file does not have cannot be set.

use std::collections::BTreeMap;
use std::fs;

use crate::{Outcome, places};

/// Values by name, in the order of names.
#[derive(Debug, Clone)]
pub struct Settings(BTreeMap<String, String>);

impl Settings {
    /// The file as it is.
    pub fn read() -> Outcome<Self> {
        let path = places::root().join("deploy/pilotlight.env");
        let text = fs::read_to_string(&path).map_err(|e| format!("{}: {e}", path.display()))?;
        let lines = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
        let pairs = lines.map(|line| {
            let (name, value) =
                line.split_once('=').ok_or_else(|| format!("{line:?} is no NAME=value"))?;
            Ok((name.to_owned(), value.to_owned()))
        });
        Ok(Self(pairs.collect::<Outcome<_>>()?))
    }

    /// Sets `PILOTLIGHT_` and `name`.
    ///
    /// # Panics
    /// When an operator could not set it either.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        let known = self.0.get_mut(&format!("PILOTLIGHT_{name}"));
        *known.unwrap_or_else(|| panic!("pilotlight.env has no {name}")) = value.into();
        self
    }

    pub fn get(&self, name: &str) -> &str {
        self.0.get(&format!("PILOTLIGHT_{name}")).map_or("", String::as_str)
    }

    pub fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// As a file that `render.sh` reads.
    pub fn file(&self) -> String {
        self.0.iter().map(|(name, value)| format!("{name}={value}\n")).collect()
    }
}
