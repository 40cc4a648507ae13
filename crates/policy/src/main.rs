//! Writes a strict Content-Security-Policy into `index.html`, so that any static host has it.
//!
//! Invariant: what runs or styles by standing in the page is named by its hash; nothing is allowed
//! by kind, so nothing that is put in later runs.

use std::path::PathBuf;
use std::process::ExitCode;
use std::{env, fs};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

/// Before everything that it shall hold for.
const AFTER: &str = "<meta charset=utf-8>";

fn main() -> ExitCode {
    let Some(page) = env::args_os().nth(1).map(PathBuf::from) else {
        eprintln!("usage: pilotlight-policy INDEX.HTML");
        return ExitCode::from(2);
    };
    let sealed = fs::read_to_string(&page)
        .map_err(|error| error.to_string())
        .and_then(|html| sealed(&html))
        .and_then(|html| fs::write(&page, html).map_err(|error| error.to_string()));
    match sealed {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("no policy for {}: {why}", page.display());
            ExitCode::FAILURE
        }
    }
}

/// The page with its styles in one element, since each costs a hash, and the policy in front.
fn sealed(html: &str) -> Result<String, String> {
    if html.matches(AFTER).count() != 1 {
        return Err(format!("{AFTER} is not there once"));
    }
    if html.contains(" style=") || html.contains(" onload=") || html.contains(" onclick=") {
        return Err("an attribute in it styles or runs, which has no hash".to_owned());
    }
    let html = with_one_style(html)?;
    let hashes = |tag: &str| -> Result<String, String> {
        Ok(contents(&html, tag)?.iter().map(|text| format!(" '{}'", hash(text))).collect())
    };
    let policy = policy(&hashes("script")?, &hashes("style")?);
    let meta = format!("{AFTER}<meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\">");
    Ok(html.replacen(AFTER, &meta, 1))
}

/// Requests go to whatever server the configuration names, and to hosts of workflow files that a
/// person names; everything else comes from beside the page, or was made in it. What may frame it
/// cannot be said in the page: a server has to.
fn policy(scripts: &str, styles: &str) -> String {
    [
        "default-src 'none'".to_owned(),
        format!("script-src 'self' 'wasm-unsafe-eval'{scripts}"),
        format!("style-src{styles}"),
        "img-src 'self' blob:".to_owned(),
        "media-src blob:".to_owned(),
        "connect-src 'self' https: http: blob:".to_owned(),
        "worker-src 'self'".to_owned(),
        "manifest-src 'self'".to_owned(),
        "base-uri 'none'".to_owned(),
        "form-action 'none'".to_owned(),
        "require-trusted-types-for 'script'".to_owned(),
        "trusted-types pilotlight".to_owned(),
    ]
    .join(";")
}

fn with_one_style(html: &str) -> Result<String, String> {
    let all: String = contents(html, "style")?.concat();
    let mut rest = html;
    let mut out = String::with_capacity(html.len());
    while let Some((before, after)) = rest.split_once("<style>") {
        out.push_str(before);
        if rest.len() == html.len() {
            out.push_str(&format!("<style>{all}</style>"));
        }
        rest = after.split_once("</style>").map_or("", |(_, after)| after);
    }
    out.push_str(rest);
    Ok(out)
}

/// What stands in each element of this name that has no attribute.
fn contents<'a>(html: &'a str, tag: &str) -> Result<Vec<&'a str>, String> {
    let (start, end) = (format!("<{tag}>"), format!("</{tag}>"));
    let others = html.matches(&format!("<{tag} ")).count();
    if others > 0 {
        return Err(format!("a <{tag}> in it has attributes"));
    }
    let parts = html.split(&start).skip(1);
    parts
        .map(|part| part.split_once(&end).map(|(text, _)| text))
        .collect::<Option<Vec<_>>>()
        .ok_or_else(|| format!("a <{tag}> in it has no end"))
}

fn hash(text: &str) -> String {
    format!("sha256-{}", STANDARD.encode(Sha256::digest(text)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "<html><meta charset=utf-8>";

    #[test]
    fn what_stands_in_the_page_is_named_by_its_hash() {
        // printf '%s' 'a()' | openssl dgst -sha256 -binary | base64
        let script = "sha256-qVpDBgj7bpq5hMAcGp3AOc79J3Y1Z4HvySTwKrWDoy4=";
        let style = hash("b{}c{}");
        let page = format!("{HEAD}<style>b{{}}</style><script>a()</script><style>c{{}}</style><p>");
        let found = sealed(&page).unwrap();
        let (before, rest) = found.split_once("<meta http-equiv=").unwrap();
        let (policy, after) = rest.split_once("\">").unwrap();
        assert_eq!(before, HEAD);
        assert_eq!(after, "<style>b{}c{}</style><script>a()</script><p>");
        assert!(
            policy.contains(&format!("script-src 'self' 'wasm-unsafe-eval' '{script}';")),
            "{policy}"
        );
        assert!(policy.contains(&format!("style-src '{style}';")), "{policy}");
        assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"));
    }

    #[track_caller]
    fn check_refused(html: &str, why: &str) {
        assert_eq!(sealed(html).err().as_deref(), Some(why), "{html}");
    }

    #[test]
    fn what_has_no_hash_is_refused() {
        check_refused("<html>", "<meta charset=utf-8> is not there once");
        let with = |more: &str| format!("{HEAD}{more}");
        let attribute = "an attribute in it styles or runs, which has no hash";
        check_refused(&with("<p style=x>"), attribute);
        check_refused(&with("<p onclick=x>"), attribute);
        check_refused(&with("<style media=print>x</style>"), "a <style> in it has attributes");
        check_refused(&with("<script src=x></script>"), "a <script> in it has attributes");
        check_refused(&with("<script>x"), "a <script> in it has no end");
    }
}
