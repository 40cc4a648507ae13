//! The `config.json` that the page reads, made from what the relay was told.
//!
//! Invariant: a file given with `--config` says more than the relay knows; only the model and the
//! title named on the command line go over it. A page that is served here is told where the relay
//! is, unless its file names an endpoint, or none with `null`.

use std::fs;
use std::io;
use std::path::Path;

use axum::body::Bytes;
use serde_json::{Map, Value};

use crate::Settings;
use crate::upstream::Kind;

/// `None` when the file in `dist` is right as it is.
///
/// # Errors
/// A sentence about a file that cannot be read, or cannot be merged into.
pub fn render(settings: &Settings) -> Result<Option<Bytes>, String> {
    let is_plain = settings.upstream.kind() == Kind::ComfyUi;
    let has_more = settings.model.is_some() || settings.title.is_some();
    if let Some(path) = &settings.config_file {
        let bytes =
            fs::read(path).map_err(|error| format!("cannot read {}: {error}", path.display()))?;
        // What cannot be read the page says better, with line and column.
        let mut config = match parse(&bytes, &path.display().to_string()) {
            Ok(config) => config,
            Err(_) if !has_more => return Ok(Some(bytes.into())),
            Err(why) => return Err(why),
        };
        if !has_more && config.contains_key("endpoint") {
            return Ok(Some(bytes.into()));
        }
        config.entry("endpoint").or_insert_with(|| "openai".into());
        return Ok(Some(merged(config, settings)));
    }
    let path = settings.dist.join("config.json");
    if path.is_symlink() {
        return Err(format!(
            "{} is a symbolic link, and the page is served without those; name the file with \
             --config",
            path.display()
        ));
    }
    let mut config = match fs::read(&path) {
        Ok(bytes) => match parse(&bytes, &path.display().to_string()) {
            Ok(config) => config,
            Err(_) if !has_more && !is_plain => return Ok(None),
            Err(why) => return Err(why),
        },
        Err(error) if error.kind() == io::ErrorKind::NotFound => Map::new(),
        Err(error) => return Err(format!("cannot read {}: {error}", path.display())),
    };
    if !has_more && !is_plain && config.contains_key("endpoint") {
        return Ok(None);
    }
    config.insert("endpoint".to_owned(), "openai".into());
    if is_plain {
        config.remove("model");
    }
    Ok(Some(merged(config, settings)))
}

/// The file in `dist` as it is now.
pub fn in_dist(dist: &Path) -> Option<Bytes> {
    fs::read(dist.join("config.json")).ok().map(Bytes::from)
}

fn parse(bytes: &[u8], name: &str) -> Result<Map<String, Value>, String> {
    serde_json::from_slice(bytes).map_err(|error| format!("{name} is not a JSON object: {error}"))
}

fn merged(mut config: Map<String, Value>, settings: &Settings) -> Bytes {
    if let (Some(model), Kind::Kubeai) = (&settings.model, settings.upstream.kind()) {
        config.insert("model".to_owned(), model.to_string().into());
    }
    if let Some(title) = &settings.title {
        config.insert("title".to_owned(), title.as_str().into());
    }
    Value::Object(config).to_string().into()
}
