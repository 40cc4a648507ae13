//! Origins of other sites, as browsers write them. Invariant: an accepted origin can be compared
//! with a browser's by bytes, and stands for one site only.

use super::Address;

/// Reads an origin such as `https://shop.example` or `http://127.0.0.1:8000`, with an optional
/// final slash. `None` if no browser would write it like this.
pub fn origin(text: &str) -> Option<String> {
    let address = Address::parse(text).ok()?;
    let (scheme, host) = address.as_str().split_once("://")?;
    // Browsers leave out the default port.
    let unsaid = match scheme {
        "http" => ":80",
        "https" => ":443",
        _ => return None,
    };
    // Only lowercase letters (other alphabets as `xn--…`), and no character that would end the
    // origin in a header or be a wildcard there.
    let is_known =
        |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b".:-_[]".contains(&byte);
    let name = match host.strip_prefix('[') {
        Some(address) => address.split_once(']')?.0,
        None => host.split_once(':').map_or(host, |(name, _)| name),
    };
    let is_whole = name.split('.').all(|label| !label.is_empty());
    let taken = host.bytes().all(is_known) && is_whole && !host.ends_with(unsaid);
    taken.then(|| address.as_str().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Option<&str>) {
        assert_eq!(origin(text).as_deref(), expected, "{text}");
    }

    #[test]
    fn an_origin_is_what_a_browser_calls_a_site() {
        check("https://shop.example", Some("https://shop.example"));
        check(" https://shop.example/ ", Some("https://shop.example"));
        check("http://127.0.0.1:8000", Some("http://127.0.0.1:8000"));
        check("http://[::1]:80800", None);
        check("http://[::1]:8080", Some("http://[::1]:8080"));
        check("https://xn--fiq228c.example", Some("https://xn--fiq228c.example"));
        check("https://shop.example:80", Some("https://shop.example:80"));
    }

    #[test]
    fn nothing_stands_for_several_sites_and_nothing_that_never_is_one() {
        for text in [
            "",
            "*",
            "null",
            "shop.example",
            "//shop.example",
            "https://*.shop.example",
            "https://*",
            "https://shop.example/page",
            "https://shop.example?x",
            "https://shop.example#x",
            "https://me@shop.example",
            "https://Shop.example",
            "HTTPS://shop.example",
            "https://店.example",
            "https://shop.example:443",
            "http://shop.example:80",
            "https://shop.example; script-src",
            "https://shop.example;x",
            "https://a.example,https://b.example",
            "chrome-extension://abc",
            "file:///etc",
            "data:text/html,x",
            "https://",
            "http:///",
            "https://:8080",
            "https://.",
            "https://.example",
            "https://shop..example",
            "https://shop.example.",
            "https://shop.example.:8080",
            "https://[",
            "https://[]",
            "https://[]:8080",
            "https://shop.example:",
            "https://shop.example:0",
            "https://shop'example",
            "https://shop(example)",
        ] {
            check(text, None);
        }
    }
}
