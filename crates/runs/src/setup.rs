//! The server settings that a user enters, and their stored form. Invariant: they contain no
//! secret; the entered values are read completely or not at all.

use serde::{Deserialize, Serialize};

use crate::config::{Address, AddressTrouble};
use pilotlight_comfy::comfy::{Endpoint, Transport};
use pilotlight_comfy::json;

/// The longest label of a host name; the cloud combines both names into one.
const LABEL_MAX: usize = 63;
const MODEL_MAX: usize = 253;

/// How the server is specified.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Where {
    /// By an address.
    #[default]
    Address,
    /// A cluster of the Alaya NeW cloud, by its names.
    Alaya,
}

/// A field of the setup form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SetupField {
    /// The address of the server.
    Address,
    /// The namespace in the cluster.
    Namespace,
    /// The id of the cluster.
    Vks,
    /// The name of the model.
    Model,
}

/// The entered values.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Typed {
    /// Which fields are used.
    pub place: Where,
    /// The address of the server.
    pub address: String,
    /// The namespace in the cluster.
    pub namespace: String,
    /// The id of the cluster.
    pub vks: String,
    /// The name of the model; empty for a plain ComfyUI.
    pub model: String,
    /// `None`: a test determines it.
    pub transport: Option<Transport>,
}

/// What is wrong with a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SetupTrouble {
    /// Nothing was typed.
    Missing,
    /// Not an address.
    Address(AddressTrouble),
    /// Allowed are lowercase letters, digits and hyphens, neither first nor last a hyphen.
    NotAName,
    /// Namespace and id together are longer than a host name may be.
    TooLong,
    /// kubeai requires a model.
    ModelMissing,
    /// It contains whitespace, or is too long.
    NotAModel,
}

/// The settings of a server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Stored", into = "Stored")]
pub struct Setup {
    /// The address of the server, up to `/api`.
    pub address: Address,
    /// The name of the model in kubeai; `None` for plain ComfyUI.
    pub model: Option<String>,
    /// `None` until it is known.
    pub transport: Option<Transport>,
}

impl Typed {
    /// Reads the entered values.
    ///
    /// # Errors
    /// The problem of each invalid field.
    pub fn read(&self) -> Result<Setup, Vec<(SetupField, SetupTrouble)>> {
        let mut wrong = Vec::new();
        let address = match self.place {
            Where::Address => self.address().map_err(|it| wrong.push((SetupField::Address, it))),
            Where::Alaya => self.cluster(&mut wrong).ok_or(()),
        };
        let model = self.model.trim();
        let needs_model = match &address {
            Ok(address) => address.is_kubeai() && address.is_absolute(),
            Err(()) => self.place == Where::Alaya,
        };
        if model.is_empty() && needs_model {
            wrong.push((SetupField::Model, SetupTrouble::ModelMissing));
        } else if model.len() > MODEL_MAX
            || model.contains(|c: char| c.is_whitespace() || c.is_control())
        {
            wrong.push((SetupField::Model, SetupTrouble::NotAModel));
        }
        match address {
            Ok(address) if wrong.is_empty() => Ok(Setup {
                address,
                model: (!model.is_empty()).then(|| model.to_owned()),
                transport: self.transport,
            }),
            Ok(_) | Err(()) => Err(wrong),
        }
    }

    /// Reads the address; a copied `/api` or `/v1` at its end is removed.
    fn address(&self) -> Result<Address, SetupTrouble> {
        let bare = self.address.trim().trim_end_matches('/');
        let bare = ["/api", "/v1"].iter().find_map(|end| bare.strip_suffix(end)).unwrap_or(bare);
        Address::parse(bare).map_err(|trouble| match trouble {
            AddressTrouble::Empty => SetupTrouble::Missing,
            AddressTrouble::OddCharacter
            | AddressTrouble::Scheme
            | AddressTrouble::NoHost
            | AddressTrouble::Port
            | AddressTrouble::Credentials
            | AddressTrouble::QueryOrFragment => SetupTrouble::Address(trouble),
        })
    }

    fn cluster(&self, wrong: &mut Vec<(SetupField, SetupTrouble)>) -> Option<Address> {
        let (namespace, vks) = (self.namespace.trim(), self.vks.trim());
        for (field, name) in [(SetupField::Namespace, namespace), (SetupField::Vks, vks)] {
            if name.is_empty() {
                wrong.push((field, SetupTrouble::Missing));
            } else if !is_label(name) {
                wrong.push((field, SetupTrouble::NotAName));
            }
        }
        if !wrong.is_empty() {
            return None;
        }
        let label = ["kubeai-x-", namespace, "-x-", vks].concat();
        if label.len() > LABEL_MAX {
            wrong.push((SetupField::Vks, SetupTrouble::TooLong));
            return None;
        }
        Address::parse(&["https://", &label, ".sproxy.hd-01.alayanew.com:22443/openai"].concat())
            .ok()
    }
}

fn is_label(name: &str) -> bool {
    let is_in = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    name.bytes().all(is_in) && !name.starts_with('-') && !name.ends_with('-')
}

/// The stored form of a [`Setup`].
#[derive(Serialize, Deserialize)]
struct Stored {
    endpoint: String,
    #[serde(default)]
    model: Option<String>,
    #[serde(default, deserialize_with = "json::lenient")]
    transport: Option<Transport>,
}

impl From<Setup> for Stored {
    fn from(setup: Setup) -> Self {
        let Setup { address, model, transport } = setup;
        Self { endpoint: address.as_str().to_owned(), model, transport }
    }
}

impl TryFrom<Stored> for Setup {
    type Error = &'static str;

    fn try_from(stored: Stored) -> Result<Self, Self::Error> {
        let Stored { endpoint: address, model, transport } = stored;
        let model = model.unwrap_or_default();
        let typed = Typed { address, model, transport, ..Typed::default() };
        typed.read().map_err(|_| "an address or a model that is none")
    }
}

impl Setup {
    /// Returns the server; with the relay transport if none is set.
    pub fn endpoint(&self) -> Endpoint {
        let transport = self.transport.unwrap_or(Transport::Relay);
        Endpoint::new(self.address.as_str(), self.model.as_deref(), transport)
    }

    /// Returns the values for editing them.
    pub fn typed(&self) -> Typed {
        Typed {
            address: self.address.as_str().to_owned(),
            model: self.model.clone().unwrap_or_default(),
            transport: self.transport,
            ..Typed::default()
        }
    }

    /// Reads `?endpoint=…&model=…&transport=…` of the page's URL. `search` has its `?`; `decode`
    /// decodes percent-encoding; `model` is the configured one. `None` if it contains no endpoint.
    pub fn linked(
        search: &str,
        model: Option<&str>,
        decode: impl Fn(&str) -> String,
    ) -> Option<Result<Self, Unlinked>> {
        let mut rest = search.trim_start_matches('?');
        let model = model.unwrap_or_default().to_owned();
        let mut typed = Typed { model, ..Typed::default() };
        let mut is_named = false;
        while !rest.is_empty() {
            let (pair, more) = rest.split_once('&').unwrap_or((rest, ""));
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            match key {
                "endpoint" => (typed.address, is_named) = (decode(value), true),
                "model" => typed.model = decode(value),
                "transport" => typed.transport = transport(&decode(value)),
                _ => {}
            }
            rest = more;
        }
        is_named
            .then(|| typed.read().map_err(|troubles| Unlinked { address: typed.address, troubles }))
    }
}

/// A link whose server cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unlinked {
    /// The address in the link, possibly invalid.
    pub address: String,
    /// The problem of each part.
    pub troubles: Vec<(SetupField, SetupTrouble)>,
}

fn transport(word: &str) -> Option<Transport> {
    match word {
        "relay" => Some(Transport::Relay),
        "direct" => Some(Transport::Direct),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    use SetupField::{Model, Namespace, Vks};

    #[track_caller]
    fn check(typed: &Typed, expected: Result<&str, &[(SetupField, SetupTrouble)]>) {
        let read = typed.read();
        let seen = read.as_ref().map(|setup| setup.address.as_str());
        assert_eq!(seen.map_err(Vec::as_slice), expected, "{typed:?}");
        if let Ok(setup) = read {
            assert_eq!(json::from_text(&json::to_text(&setup)), Some(setup.clone()));
            assert_eq!(setup.typed().read(), Ok(setup));
        }
    }

    fn at(address: &str, model: &str) -> Typed {
        Typed { address: address.to_owned(), model: model.to_owned(), ..Typed::default() }
    }

    fn cluster(namespace: &str, vks: &str, model: &str) -> Typed {
        Typed {
            place: Where::Alaya,
            namespace: namespace.to_owned(),
            vks: vks.to_owned(),
            ..at("not looked at", model)
        }
    }

    #[test]
    fn an_address() {
        let wrong = |trouble| (SetupField::Address, SetupTrouble::Address(trouble));
        check(&at("https://k.example/openai/", "m"), Ok("https://k.example/openai"));
        check(&at(" https://k.example/openai/api/ ", "m"), Ok("https://k.example/openai"));
        check(&at("https://k.example/openai/v1", "m"), Ok("https://k.example/openai"));
        check(&at("http://127.0.0.1:8188", ""), Ok("http://127.0.0.1:8188"));
        check(&at("/openai", ""), Ok("/openai"));
        check(&at("", "m"), Err(&[(SetupField::Address, SetupTrouble::Missing)]));
        check(&at("localhost:8188", ""), Err(&[wrong(AddressTrouble::Scheme)]));
        check(
            &at("https://k.example/openai?x=1", "m"),
            Err(&[wrong(AddressTrouble::QueryOrFragment)]),
        );
        check(&at("https://k.example/openai", " "), Err(&[(Model, SetupTrouble::ModelMissing)]));
        check(&at("http://h", "a b"), Err(&[(Model, SetupTrouble::NotAModel)]));
        let both = [wrong(AddressTrouble::NoHost), (Model, SetupTrouble::NotAModel)];
        check(&at("https:///openai", "a b"), Err(&both));
    }

    #[test]
    fn a_cluster_by_its_names() {
        let address = "https://kubeai-x-team-a-x-vc7k2.sproxy.hd-01.alayanew.com:22443/openai";
        check(&cluster(" team-a ", "vc7k2", "serverless-comfyui"), Ok(address));
        let missing = SetupTrouble::Missing;
        check(
            &cluster("", "", ""),
            Err(&[(Namespace, missing), (Vks, missing), (Model, SetupTrouble::ModelMissing)]),
        );
        for odd in ["Team", "a_b", "-a", "a-", "a.b", "a/b", "命名"] {
            check(&cluster(odd, "v", "m"), Err(&[(Namespace, SetupTrouble::NotAName)]));
            check(&cluster("n", odd, "m"), Err(&[(Vks, SetupTrouble::NotAName)]));
        }
        let long = "a".repeat(60);
        check(&cluster(&long, "v", "m"), Err(&[(Vks, SetupTrouble::TooLong)]));
    }

    /// Address, model, transport.
    type Named<'a> = (&'a str, Option<&'a str>, Option<Transport>);

    #[track_caller]
    fn check_link(search: &str, expected: Option<Result<Named, &str>>) {
        let linked =
            Setup::linked(search, None, |text| text.replace("%2F", "/").replace("%3A", ":"));
        let seen = linked.as_ref().map(|linked| match linked {
            Ok(setup) => Ok((setup.address.as_str(), setup.model.as_deref(), setup.transport)),
            Err(unlinked) => Err(unlinked.address.as_str()),
        });
        assert_eq!(seen, expected, "{search}");
    }

    #[test]
    fn a_link_names_one() {
        check_link("", None);
        check_link("?workflow=a.json&model=m", None);
        check_link("?endpoint=/openai", Some(Ok(("/openai", None, None))));
        check_link(
            "?workflow=x&endpoint=https%3A%2F%2Fk.example%2Fopenai&model=m&transport=direct",
            Some(Ok(("https://k.example/openai", Some("m"), Some(Transport::Direct)))),
        );
        check_link("?endpoint=http://h:1&transport=odd", Some(Ok(("http://h:1", None, None))));
        check_link("?endpoint=ftp://h", Some(Err("ftp://h")));
        check_link("?endpoint=", Some(Err("")));
    }

    #[test]
    fn what_cannot_be_read_is_no_set_up() {
        for text in ["{}", "5", r#"{"endpoint":5}"#, r#"{"endpoint":"https://k/openai"}"#] {
            assert_eq!(json::from_text::<Setup>(text), None, "{text}");
        }
    }
}
