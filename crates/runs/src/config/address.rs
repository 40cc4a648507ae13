//! Addresses of servers in a configuration. Invariant: `/api/…` can be appended to a parsed
//! address, and it contains no credentials.

/// The address of a server: relative to the page, or with http or https; without a final slash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address(String);

/// Why a text is not the address of a server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AddressTrouble {
    /// Empty, or only whitespace.
    Empty,
    /// Whitespace, control characters, or one of `\ < > "`.
    OddCharacter,
    /// Neither relative, nor http or https.
    Scheme,
    /// Absolute, but without a host.
    NoHost,
    /// The port is not a number from 1 to 65535.
    Port,
    /// A user name or password before an `@`, which browsers refuse to send.
    Credentials,
    /// A query or fragment, which belongs to a page, not to a server.
    QueryOrFragment,
}

impl Address {
    /// Reads an address; surrounding whitespace and final slashes are removed.
    ///
    /// # Errors
    /// The reason why the text is not an address.
    pub fn parse(text: &str) -> Result<Self, AddressTrouble> {
        let text = text.trim();
        if text.is_empty() {
            return Err(AddressTrouble::Empty);
        }
        if text.contains(|c: char| {
            c.is_whitespace() || c.is_control() || matches!(c, '\\' | '<' | '>' | '"')
        }) {
            return Err(AddressTrouble::OddCharacter);
        }
        if text.contains('?') || text.contains('#') {
            return Err(AddressTrouble::QueryOrFragment);
        }
        let absolute = match text.split_once("://") {
            Some((scheme, rest)) => {
                if !["http", "https"].iter().any(|known| scheme.eq_ignore_ascii_case(known)) {
                    return Err(AddressTrouble::Scheme);
                }
                Some(rest)
            }
            // `//host` is absolute too, and `javascript:` or `host:8188` is a scheme.
            None if text.starts_with("//") => return Err(AddressTrouble::Scheme),
            None if text.split('/').next().is_some_and(|first| first.contains(':')) => {
                return Err(AddressTrouble::Scheme);
            }
            None => None,
        };
        if let Some(rest) = absolute {
            check_authority(rest.split('/').next().unwrap_or_default())?;
        }
        let bare = text.trim_end_matches('/');
        // The root of the page's host.
        Ok(Self(if bare.is_empty() { ".".to_owned() } else { bare.to_owned() }))
    }

    /// Returns the address without a final slash.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns whether its path ends like kubeai's; others are treated as plain ComfyUI.
    pub fn is_kubeai(&self) -> bool {
        self.0.rsplit('/').next() == Some("openai")
    }

    /// Returns whether it has a host, so that it is not relative to the page.
    pub fn is_absolute(&self) -> bool {
        self.0.contains("://")
    }
}

fn check_authority(authority: &str) -> Result<(), AddressTrouble> {
    if authority.contains('@') {
        return Err(AddressTrouble::Credentials);
    }
    // An IPv6 address has colons of its own, between brackets.
    let (brackets, name) = authority.rsplit_once(']').unwrap_or(("", authority));
    let (name, port) = match name.split_once(':') {
        Some((name, port)) => (name, Some(port)),
        None => (name, None),
    };
    if brackets.is_empty() && name.is_empty() {
        return Err(AddressTrouble::NoHost);
    }
    match port.map(str::parse::<u16>) {
        None | Some(Ok(1..)) => Ok(()),
        Some(Ok(0) | Err(_)) => Err(AddressTrouble::Port),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_address(text: &str, expected: Result<(&str, bool), AddressTrouble>) {
        let address = Address::parse(text);
        let seen = address.as_ref().map(|address| (address.as_str(), address.is_kubeai()));
        assert_eq!(seen.map_err(|trouble| *trouble), expected, "{text}");
    }

    #[test]
    fn addresses() {
        check_address("openai", Ok(("openai", true)));
        check_address(" /gpu/openai// ", Ok(("/gpu/openai", true)));
        check_address("./api/comfy", Ok(("./api/comfy", false)));
        check_address("/", Ok((".", false)));
        check_address("https://host/openai", Ok(("https://host/openai", true)));
        check_address("HTTP://127.0.0.1:8188/", Ok(("HTTP://127.0.0.1:8188", false)));
        check_address("http://[::1]:8188", Ok(("http://[::1]:8188", false)));
        check_address("http://[::1]", Ok(("http://[::1]", false)));
        check_address("https://画.example/openai", Ok(("https://画.example/openai", true)));
        check_address("", Err(AddressTrouble::Empty));
        check_address("  ", Err(AddressTrouble::Empty));
        check_address("open ai", Err(AddressTrouble::OddCharacter));
        check_address("a\\b", Err(AddressTrouble::OddCharacter));
        check_address("ftp://host", Err(AddressTrouble::Scheme));
        check_address("javascript:alert(1)", Err(AddressTrouble::Scheme));
        check_address("localhost:8188", Err(AddressTrouble::Scheme));
        check_address("//host/openai", Err(AddressTrouble::Scheme));
        check_address("https:///openai", Err(AddressTrouble::NoHost));
        check_address("https://:80", Err(AddressTrouble::NoHost));
        check_address("https://host:port", Err(AddressTrouble::Port));
        check_address("https://host:0", Err(AddressTrouble::Port));
        check_address("https://host:65536", Err(AddressTrouble::Port));
        check_address("https://me:secret@host", Err(AddressTrouble::Credentials));
        check_address("https://host/openai?x=1", Err(AddressTrouble::QueryOrFragment));
        check_address("openai#x", Err(AddressTrouble::QueryOrFragment));
        assert!(Address::parse("https://h").is_ok_and(|address| address.is_absolute()));
        assert!(Address::parse("openai").is_ok_and(|address| !address.is_absolute()));
    }
}
