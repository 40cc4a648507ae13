//! The command line of `pilotlight-relay`.
//!
//! Invariant: whatever is wrong with it is said before anything listens.

use std::env;
use std::fs;
use std::path::PathBuf;

use axum::http::HeaderValue;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

use crate::hosts::Hosts;
use crate::model::ModelName;
use crate::share::Origin;
use crate::upstream::Upstream;
use crate::{Limits, Settings};

/// Host names, besides those of `--host`.
const HOSTS_VARIABLE: &str = "PILOTLIGHT_HOSTS";

/// What `--help` prints.
pub const HELP: &str = "\
Serves the built page and relays its requests to kubeai, or to a ComfyUI.

usage: pilotlight-relay --upstream URL [options]

  --upstream URL     https://HOST/openai (kubeai) or http://127.0.0.1:8188 (ComfyUI itself)
  --listen ADDRESS   where to listen; port 0 takes a free one      [127.0.0.1:8080]
  --dist FOLDER      the built page                                [dist]
  --model NAME       the model, for kubeai; the page is told too
  --title TEXT       what the page calls itself
  --token-env VAR    add 'Authorization: Bearer' with the value of this variable
  --host NAME        a host name under which the relay is opened, such as
                     pilotlight.example; again for each further one. localhost and IP
                     addresses need none. $PILOTLIGHT_HOSTS adds more, with blanks or
                     commas between them
  --allow-origin ORIGIN  let pages of this origin use the relay, such as
                     https://page.example; again for each further one
  --config FILE      serve this file as config.json
  --ca FILE          also trust the certificates in this PEM file
  --max-connections N    connections of browsers at once                [4096]
  --until-stdin-closes   end when standard input does (for programs that start it)
  --help             this text
";

/// A command line, understood.
#[derive(Debug)]
pub enum Command {
    /// Print [`HELP`].
    Help,
    /// Serve.
    Run(Box<Options>),
}

/// What to serve and where.
#[derive(Debug)]
pub struct Options {
    /// Address and port to listen on.
    pub listen: String,
    /// See [`Settings`].
    pub settings: Settings,
    /// End when standard input closes.
    pub ends_with_stdin: bool,
}

/// Reads a command line without the program's name.
///
/// # Errors
/// A sentence for the person who typed it.
pub fn parse(args: impl IntoIterator<Item = String>) -> Result<Command, String> {
    let mut listen = "127.0.0.1:8080".to_owned();
    let mut dist = None;
    let mut upstream = None;
    let (mut model, mut title, mut config_file, mut authorization) = (None, None, None, None);
    let mut allow_origins = Vec::new();
    let mut extra_roots = Vec::new();
    let mut hosts = Hosts::default();
    let mut limits = Limits::default();
    let mut ends_with_stdin = false;

    let mut args = args.into_iter();
    while let Some(flag) = args.next() {
        let mut value = || args.next().ok_or_else(|| format!("{flag} needs a value"));
        match flag.as_str() {
            "--help" | "-h" => return Ok(Command::Help),
            "--until-stdin-closes" => ends_with_stdin = true,
            "--listen" => listen = value()?,
            "--dist" => dist = Some(PathBuf::from(value()?)),
            "--upstream" => upstream = Some(value()?.parse::<Upstream>()?),
            "--model" => model = Some(read_model(&value()?)?),
            "--title" => title = Some(value()?),
            "--token-env" => authorization = Some(read_token(&value()?)?),
            "--allow-origin" => allow_origins.push(value()?.parse::<Origin>()?),
            "--host" => hosts.add(&value()?)?,
            "--max-connections" => limits.connections = read_count(&value()?)?,
            "--config" => config_file = Some(value()?.into()),
            "--ca" => extra_roots.extend(read_roots(&value()?)?),
            _ => return Err(unknown(&flag)),
        }
    }
    hosts
        .add_all(&env::var(HOSTS_VARIABLE).unwrap_or_default())
        .map_err(|wrong| format!("the variable {HOSTS_VARIABLE}: {wrong}"))?;
    let upstream = upstream.ok_or("--upstream is missing; --help lists the options")?;
    // With the page elsewhere there need not be one here.
    let needs_page = dist.is_some() || allow_origins.is_empty();
    let dist = dist.unwrap_or_else(|| PathBuf::from("dist"));
    let (index, folder) = (dist.join("index.html"), dist.display());
    if needs_page && !index.is_file() {
        return Err(format!("{folder} holds no index.html; `cargo xtask build` makes it"));
    }
    if needs_page && index.is_symlink() {
        return Err(format!(
            "index.html in {folder} is a symbolic link, and the page is served without those"
        ));
    }
    let settings = Settings {
        dist,
        upstream,
        model,
        title,
        config_file,
        authorization,
        allow_origins,
        extra_roots,
        hosts,
        limits,
    };
    Ok(Command::Run(Box::new(Options { listen, settings, ends_with_stdin })))
}

/// Never repeats what stands in the place of a value, which may be a token.
fn unknown(text: &str) -> String {
    if !text.starts_with("--") {
        return "a value stands where an option should; --help lists the options".to_owned();
    }
    let name = text.split(|c: char| c == '=' || c.is_whitespace()).next().unwrap_or(text);
    format!("{name} is not an option; --help lists them")
}

/// Whether this is what people call variables, so that it may be repeated: a token hardly is.
fn is_name_of_variable(text: &str) -> bool {
    let has = |is: fn(&u8) -> bool| text.bytes().any(|b| is(&b));
    let is_plain = text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    let is_mixed = has(u8::is_ascii_lowercase) && has(u8::is_ascii_uppercase);
    let begins_well = text.bytes().next().is_some_and(|b| !b.is_ascii_digit());
    is_plain && begins_well && !is_mixed && text.len() <= 40
}

fn read_count(text: &str) -> Result<usize, String> {
    let count = text.parse().ok().filter(|count| *count > 0);
    count.ok_or_else(|| format!("{text:?} is not a number of connections"))
}

fn read_model(text: &str) -> Result<ModelName, String> {
    ModelName::parse(text)
        .ok_or_else(|| format!("{text:?} is not a model's name: letters, digits, '.', '-', '_'"))
}

fn read_token(variable: &str) -> Result<HeaderValue, String> {
    let token = env::var(variable).map_err(|_| {
        if is_name_of_variable(variable) {
            format!("the variable {variable}, named by --token-env, is not set")
        } else {
            "what --token-env names is not set; it takes the name of a variable that holds the \
             token, not the token"
                .to_owned()
        }
    })?;
    let token = token.trim();
    let mut value = HeaderValue::from_str(&format!("Bearer {token}"))
        .map_err(|_| format!("the value of {variable} cannot be part of a header"))?;
    if token.is_empty() {
        return Err(format!("the variable {variable}, named by --token-env, is empty"));
    }
    value.set_sensitive(true);
    Ok(value)
}

fn read_roots(path: &str) -> Result<Vec<CertificateDer<'static>>, String> {
    let wrong = |error: &dyn std::fmt::Display| format!("cannot read {path}: {error}");
    let bytes = fs::read(path).map_err(|error| wrong(&error))?;
    let roots: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&bytes).collect();
    let roots = roots.map_err(|error| wrong(&error))?;
    if roots.is_empty() {
        return Err(format!("{path} holds no certificate"));
    }
    Ok(roots)
}
