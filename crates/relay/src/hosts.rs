//! The host names that the relay answers to.
//!
//! Invariant: a name that somebody could point at this machine in their own DNS is answered only if
//! the operator gave it. Otherwise a page of that name would be of the same origin as the relay
//! (DNS rebinding).

use std::net::{Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

use axum::http::header::{self, HeaderMap};
use axum::http::{Uri, Version};

use crate::trouble::Trouble;
use crate::upstream;

const LONGEST_NAME: usize = 253;
const LONGEST_LABEL: usize = 63;

/// The names given with `--host` and `PILOTLIGHT_HOSTS`. Without any, only loopback names and IP
/// addresses are answered.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Hosts(Vec<String>);

impl Hosts {
    /// Adds one name: `pilotlight.example`, without a scheme or a port.
    ///
    /// # Errors
    /// A sentence about a text that is no name.
    pub fn add(&mut self, text: &str) -> Result<(), String> {
        let host: Host = text.parse().map_err(|()| {
            format!(
                "{} is not a host name: letters, digits, '-', '_' and dots, such as \
                 pilotlight.example, without a scheme, a port or a path; each name is given in full",
                upstream::quoted(text)
            )
        })?;
        // Everything else is answered anyway.
        if let Host::Name(name) = host {
            self.0.push(name);
        }
        Ok(())
    }

    /// Adds names with blanks or commas between them.
    ///
    /// # Errors
    /// See [`Hosts::add`].
    pub fn add_all(&mut self, list: &str) -> Result<(), String> {
        let names = list.split(|c: char| c.is_whitespace() || c == ',');
        names.filter(|name| !name.is_empty()).try_for_each(|name| self.add(name))
    }

    /// Checks the host that a request is for: `Host`, and the target where it names one too. What a
    /// proxy says of it (`X-Forwarded-Host`) does not count, because anybody can send that.
    ///
    /// # Errors
    /// `Trouble::NoHost` or `Trouble::UnknownHost`.
    pub fn check(
        &self,
        version: Version,
        target: &Uri,
        headers: &HeaderMap,
    ) -> Result<(), Trouble> {
        let mut named = headers.get_all(header::HOST).iter();
        let host = match (named.next(), named.next()) {
            (Some(host), None) => host,
            // Before HTTP/1.1 there was no Host; no browser is that old.
            (None, _) if version < Version::HTTP_11 => {
                return Err(Trouble::UnknownHost { name: None });
            }
            _ => return Err(Trouble::NoHost),
        };
        self.check_one(host.to_str().map_err(|_| Trouble::NoHost)?)?;
        target.authority().map_or(Ok(()), |authority| self.check_one(authority.as_str()))
    }

    fn check_one(&self, host_and_port: &str) -> Result<(), Trouble> {
        let host = without_port(host_and_port).ok_or(Trouble::NoHost)?;
        match host.parse().map_err(|()| Trouble::NoHost)? {
            Host::Address | Host::Loopback => Ok(()),
            Host::Name(name) if self.0.contains(&name) => Ok(()),
            Host::Name(name) => Err(Trouble::UnknownHost { name: Some(name) }),
        }
    }
}

/// A host, as far as it matters here.
enum Host {
    /// An IP address, which no DNS can point elsewhere.
    Address,
    /// `localhost` and what is below it, which browsers look for on the same machine only.
    Loopback,
    /// In small letters, without a dot at its end.
    Name(String),
}

impl FromStr for Host {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        if let Some(address) = text.strip_prefix('[') {
            let address = address.strip_suffix(']').ok_or(())?;
            return address.parse::<Ipv6Addr>().map(|_| Self::Address).map_err(|_| ());
        }
        let name = text.strip_suffix('.').unwrap_or(text).to_ascii_lowercase();
        if name.parse::<Ipv4Addr>().is_ok() {
            return Ok(Self::Address);
        }
        let is_plain = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
        let is_label =
            |label: &str| (1..=LONGEST_LABEL).contains(&label.len()) && label.bytes().all(is_plain);
        if name.len() > LONGEST_NAME || !name.split('.').all(is_label) {
            return Err(());
        }
        let is_loopback = name == "localhost" || name.ends_with(".localhost");
        Ok(if is_loopback { Self::Loopback } else { Self::Name(name) })
    }
}

/// `None` when what follows the host is no port.
fn without_port(text: &str) -> Option<&str> {
    let end = match text.rfind(']') {
        Some(bracket) => bracket + 1,
        None => text.find(':').unwrap_or(text.len()),
    };
    let (host, port) = text.split_at(end);
    let is_port = match port.strip_prefix(':') {
        Some(digits) => digits.len() <= 5 && digits.bytes().all(|b| b.is_ascii_digit()),
        None => port.is_empty(),
    };
    is_port.then_some(host)
}

/// Whether `host_and_port` is what a browser writes behind the scheme of an origin: a host in small
/// letters and perhaps a port.
pub fn is_authority(host_and_port: &str) -> bool {
    let Some(host) = without_port(host_and_port) else { return false };
    let port = &host_and_port[host.len()..];
    // A browser writes neither an empty port nor zeros before it.
    let port_is_plain = port.is_empty()
        || port[1..]
            .parse::<u16>()
            .is_ok_and(|number| number > 0 && port[1..] == number.to_string());
    let is_plain = !host.ends_with('.') && !host.bytes().any(|b| b.is_ascii_uppercase());
    port_is_plain && is_plain && host.parse::<Host>().is_ok()
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[derive(Debug, PartialEq)]
    enum Judged {
        Answered,
        Unknown,
        Unreadable,
    }
    use Judged::{Answered, Unknown, Unreadable};

    #[track_caller]
    fn check(version: Version, target: &str, hosts: &[&str], expected: Judged) {
        let mut known = Hosts::default();
        known.add_all("pilotlight.example, Second.Example.\tbox").unwrap();
        let mut headers = HeaderMap::new();
        for host in hosts {
            headers.append(header::HOST, HeaderValue::from_bytes(host.as_bytes()).unwrap());
        }
        headers.insert("x-forwarded-host", HeaderValue::from_static("localhost"));
        let judged = match known.check(version, &target.parse().unwrap(), &headers) {
            Ok(()) => Answered,
            Err(Trouble::UnknownHost { .. }) => Unknown,
            Err(_) => Unreadable,
        };
        assert_eq!(judged, expected, "{target} {hosts:?}");
    }

    #[test]
    fn loopback_addresses_and_given_names_are_answered() {
        for host in [
            "localhost",
            "localhost:8080",
            "LOCALHOST.",
            "page.localhost:1",
            "127.0.0.1",
            "127.1.2.3:8080",
            "192.0.2.7:80",
            "[::1]",
            "[::1]:8080",
            "[2001:DB8::7]:1",
            "pilotlight.example",
            "Pilotlight.Example.:443",
            "pilotlight.example:",
            "second.example",
            "box:8080",
        ] {
            check(Version::HTTP_11, "/", &[host], Answered);
        }
        for host in [
            "rebind.test",
            "rebind.test:8080",
            "localhost.rebind.test",
            "notlocalhost",
            "127.0.0.1.rebind.test",
            "www.pilotlight.example",
            "pilotlight.example.evil",
            "example",
            "0x7f.1",
            "2130706433",
            "127.0.0.01",
        ] {
            check(Version::HTTP_11, "/", &[host], Unknown);
        }
        for host in [
            "",
            ":80",
            ".",
            "a..b",
            "localhost:80a",
            "localhost:123456",
            "localhost@rebind.test",
            "rebind.test/localhost",
            "[::1",
            "::1",
            "[fe80::1%25eth0]",
            "[localhost]",
            "a b",
            "localhost,rebind.test",
            "\u{fc}ber.example",
        ] {
            check(Version::HTTP_11, "/", &[host], Unreadable);
        }
    }

    #[test]
    fn every_place_that_names_a_host_counts() {
        check(Version::HTTP_11, "/", &[], Unreadable);
        check(Version::HTTP_10, "/", &[], Unknown);
        check(Version::HTTP_10, "/", &["localhost"], Answered);
        check(Version::HTTP_11, "/", &["localhost", "localhost"], Unreadable);
        check(Version::HTTP_11, "/", &["localhost", "rebind.test"], Unreadable);
        check(Version::HTTP_11, "http://localhost:1/", &["localhost:1"], Answered);
        check(Version::HTTP_11, "http://rebind.test/", &["localhost"], Unknown);
        check(Version::HTTP_11, "http://localhost/", &["rebind.test"], Unknown);
    }

    #[test]
    fn what_is_no_name_is_said_when_the_relay_starts() {
        for text in ["", "*", "*.example", "https://a.example", "a.example:80", "a.example/", "a b"]
        {
            assert!(
                Hosts::default().add(text).unwrap_err().contains("is not a host name"),
                "{text}"
            );
        }
        for text in ["localhost", "127.0.0.1", "[::1]"] {
            let mut hosts = Hosts::default();
            hosts.add(text).unwrap();
            assert_eq!(hosts, Hosts::default(), "{text}");
        }
        assert!(Hosts::default().add_all("a.example, *").is_err());
        assert_eq!(Hosts::default().add_all(" , \n"), Ok(()));
    }
}
