//! A file that is named by an address, as in `?workflow=`. Invariant: only `http` and `https` are
//! fetched, and never the server that runs workflows: asking it would wake a GPU.

use pilotlight_comfy::language::one_line;

/// Why what an address names was not fetched. `text::unlinked` says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unlinked {
    /// Another scheme, such as `javascript`, `data`, `file` or `blob`.
    Scheme,
    /// A name or password before an `@`: browsers fetch no such address.
    Credentials,
    /// The server that runs workflows.
    Server,
    /// Nothing came. `foreign`: it is on another site, which may not let this page read it; a
    /// browser does not tell that from silence.
    Unanswered {
        /// Whether it is on another site.
        foreign: bool,
    },
    /// Answered, but not with a file.
    Status(u16),
    /// It ended, or nothing more came, before it was whole.
    BrokenOff,
}

/// Whether this address may be fetched. `resolved`: as the browser reads it, absolute. `server`:
/// where the requests of runs go, resolved as well; empty where there is no server.
///
/// # Errors
/// Why it is not fetched.
pub fn judge(resolved: &str, server: &str) -> Result<(), Unlinked> {
    let Some(rest) = behind_scheme(resolved) else { return Err(Unlinked::Scheme) };
    if authority(rest).contains('@') {
        return Err(Unlinked::Credentials);
    }
    // Relays read an address with its escapes and take two slashes for one.
    let (plain, server) = (plain(resolved), plain(server));
    let server = server.trim_end_matches('/');
    let below = plain.strip_prefix(server).filter(|_| !server.is_empty());
    if below.is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?', '#'])) {
        return Err(Unlinked::Server);
    }
    Ok(())
}

/// An address as a server may read it: without escapes, each slash of its path once, in small
/// letters. Only to compare it with another.
fn plain(resolved: &str) -> String {
    let (mut text, mut rest) = (String::new(), resolved.to_owned());
    // One server before another may take the escapes off a second time.
    for _ in 0..3 {
        rest = decoded(&rest, false);
    }
    let rest = rest.replace('\\', "/");
    let (scheme, path) = rest.split_once("://").unwrap_or(("", &rest));
    for c in scheme.chars().chain("://".chars()).chain(path.chars().skip_while(|c| *c == '/')) {
        if c != '/' || !text.ends_with('/') || text.len() <= scheme.len() + 2 {
            text.push(c.to_ascii_lowercase());
        }
    }
    text
}

/// An address as it is shown to people: what stands before an `@` may be a password, and what
/// stands behind a `?` may be a token.
pub fn shown(address: &str) -> String {
    let (start, rest) = match address.split_once("://") {
        Some((scheme, rest)) => (scheme.len() + 3, rest),
        None => (0, address),
    };
    let authority = authority(rest);
    let bare = authority.rsplit('@').next().unwrap_or_default();
    let path = rest.get(authority.len()..).unwrap_or_default();
    let path = path.split_once('?').map_or(path, |(path, _)| path);
    let shown = [address.get(..start).unwrap_or_default(), bare, path].concat();
    one_line(&shown, MAX_SHOWN_CHARS)
}

/// An address in a sentence. A link brings a sentence of its own onto the page otherwise.
const MAX_SHOWN_CHARS: usize = 120;

/// Whether two resolved addresses are of the same site.
pub fn is_same_site(one: &str, other: &str) -> bool {
    site(one) == site(other)
}

fn site(address: &str) -> Option<(&str, &str)> {
    let (scheme, rest) = address.split_once("://")?;
    Some((scheme, authority(rest)))
}

/// Whether a text is one address of a file on the web, and nothing else.
pub fn is_address(text: &str) -> bool {
    behind_scheme(text).is_some_and(|rest| !authority(rest).is_empty())
        && !text.contains(|c: char| c.is_whitespace() || c.is_control())
}

/// The name of the file that a resolved address names; its host's where there is none.
pub fn file_name(resolved: &str) -> String {
    let rest = behind_scheme(resolved).unwrap_or(resolved);
    let path = rest.split(['?', '#']).next().unwrap_or_default();
    let name = path.rsplit('/').find(|part| !part.is_empty()).unwrap_or(rest);
    decoded(name, false)
}

/// A value as it stands in the query of an address: a `+` is a blank there.
pub fn query_value(text: &str) -> String {
    decoded(text, true)
}

fn decoded(text: &str, blanks: bool) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    while let [first, tail @ ..] = rest {
        rest = tail;
        match (*first, tail) {
            (b'+', _) if blanks => bytes.push(b' '),
            (b'%', [high, low, after @ ..]) => match (digit(*high), digit(*low)) {
                (Some(high), Some(low)) => {
                    bytes.push(high << 4 | low);
                    rest = after;
                }
                (_, _) => bytes.push(b'%'),
            },
            (byte, _) => bytes.push(byte),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn behind_scheme(address: &str) -> Option<&str> {
    let (scheme, rest) = address.split_once("://")?;
    ["http", "https"].iter().any(|known| scheme.eq_ignore_ascii_case(known)).then_some(rest)
}

fn authority(rest: &str) -> &str {
    rest.split(['/', '?', '#', '\\']).next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SERVER: &str = "https://host/page/openai/";

    #[track_caller]
    fn check(resolved: &str, expected: Result<(), Unlinked>) {
        assert_eq!(judge(resolved, SERVER), expected, "{resolved}");
    }

    #[test]
    fn only_files_of_the_web_are_fetched_and_never_the_server() {
        check("https://host/page/workflows/lamp.json", Ok(()));
        check("http://other:8080/lamp.png?raw=1#x", Ok(()));
        check("https://host/page/openai.json", Ok(()));
        check("https://host/page/openainot/x", Ok(()));
        check("https://elsewhere/page/openai/api/view", Ok(()));
        for text in [
            "javascript:alert(1)",
            "data:application/json,{}",
            "file:///etc/passwd",
            "blob:https://host/1-2",
            "blob:http://host/1-2",
            "ftp://host/lamp.json",
            "about:blank",
            "javascript://host/%0aalert(1)",
            "",
        ] {
            check(text, Err(Unlinked::Scheme));
        }
        check("https://me:secret@other/lamp.json", Err(Unlinked::Credentials));
        check("https://other/@me/lamp.json", Ok(()));
        check("https://host/page/openai", Err(Unlinked::Server));
        check("https://host/page/openai/api/view?filename=a.png", Err(Unlinked::Server));
        check("https://host/page/openai?model=x", Err(Unlinked::Server));
        assert_eq!(judge("https://host/openai/api", ""), Ok(()));
        // A relay reads them as the server's.
        for same in [
            "https://host/page/%6Fpenai/api/pilotlight/awake",
            "https://host/page/openai%2Fapi/x",
            "https://host//page//openai/api/x",
            "https://host/%2Fpage/openai",
            "https://host/page/%256fpenai/api/x",
            "https://host/page%5Copenai/api",
            "https://host/page/OpenAI/api/x",
        ] {
            check(same, Err(Unlinked::Server));
        }
        check("https://host/page/workflows/%6Fpenai.json", Ok(()));
    }

    #[test]
    fn an_address_is_shown_without_what_may_be_secret() {
        let table = [
            ("https://host/a/lamp.json", "https://host/a/lamp.json"),
            ("https://me:pass@host:8443/a?token=t#x", "https://host:8443/a"),
            ("https://me:p@ss@host/a@b.json", "https://host/a@b.json"),
            ("workflows/lamp.json?x=1", "workflows/lamp.json"),
            ("lamp\n\u{202e}x", "lamp x"),
            ("", ""),
        ];
        for (address, expected) in table {
            assert_eq!(shown(address), expected, "{address}");
        }
        assert!(shown(&"x".repeat(500)).chars().count() <= MAX_SHOWN_CHARS + 1);
    }

    #[test]
    fn one_address_and_nothing_else_is_an_address() {
        let table = [
            ("https://host/lamp.json", true),
            ("HTTP://host", true),
            ("https://画.example/灯.png", true),
            ("https:///lamp.json", false),
            ("https://host/a b", false),
            ("see https://host/lamp.json", false),
            ("https://host/a\nhttps://host/b", false),
            ("host/lamp.json", false),
            ("javascript:alert(1)", false),
            ("", false),
        ];
        for (text, expected) in table {
            assert_eq!(is_address(text), expected, "{text}");
        }
    }

    #[test]
    fn files_are_called_as_their_addresses_end() {
        let table = [
            ("https://host/a/lamp.json", "lamp.json"),
            ("https://host/a/lamp%20one.png?raw=1#x", "lamp one.png"),
            ("https://host/%E7%81%AF.json", "灯.json"),
            ("https://host/100%.json", "100%.json"),
            ("https://host/a+b.json", "a+b.json"),
            ("https://host/a/", "a"),
            ("https://host", "host"),
            ("https://host/?x=1", "host"),
        ];
        for (address, expected) in table {
            assert_eq!(file_name(address), expected, "{address}");
        }
        assert_eq!(query_value("a+b%2Bc%2f%E7%81%AF%"), "a b+c/灯%");
        assert_eq!(query_value("%zz%4"), "%zz%4");
    }

    #[test]
    fn sites_are_told_apart() {
        assert!(is_same_site("https://host/a", "https://host/b?x"));
        assert!(!is_same_site("https://host/a", "http://host/a"));
        assert!(!is_same_site("https://host/a", "https://host:8443/a"));
        assert!(!is_same_site("nonsense", "https://host/"));
    }
}
