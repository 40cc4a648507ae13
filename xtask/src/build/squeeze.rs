//! Scripts without what nobody reads.

use std::path::Path;

use super::{ends_with, files_of, read_text, write};
use crate::Outcome;

/// Takes comments and indentation out of the scripts, which trunk cannot: its own minifier does
/// not understand what wasm-bindgen writes, and leaves what is inside the page alone.
pub fn scripts(dist: &Path) -> Outcome {
    for path in files_of(dist)?.into_iter().filter(|path| ends_with(path, ".js")) {
        let text = read_text(&path)?;
        write(&path, &squeezed(&text))?;
    }
    let page = dist.join("index.html");
    let html = read_text(&page)?;
    let Some((before, rest)) = html.split_once("<script>") else { return Ok(()) };
    let Some((script, after)) = rest.split_once("</script>") else { return Ok(()) };
    write(&page, &format!("{before}<script>{}</script>{after}", squeezed(script)))
}

/// Lines stay lines, so that nothing depends on semicolons; text that goes over several lines
/// would be changed, so a script with such a text stays as it is.
fn squeezed(script: &str) -> String {
    if script.lines().any(|line| line.matches('`').count() % 2 == 1 || line.ends_with('\\')) {
        return script.to_owned();
    }
    let mut kept = Vec::new();
    let mut in_comment = false;
    for line in script.lines().map(str::trim) {
        let begins = line.starts_with("/*");
        if in_comment || begins {
            in_comment = !line.contains("*/");
        } else if !line.is_empty() && !line.starts_with("//") {
            kept.push(line);
        }
    }
    kept.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_squeezed(script: &str, expected: &str) {
        assert_eq!(squeezed(script), expected);
    }

    #[test]
    fn scripts_lose_comments_and_nothing_else() {
        check_squeezed("// why\n  a();\n\n  b(); // stays\n", "a();\nb(); // stays");
        check_squeezed("/**\n * long\n */\nf();\n/* short */\ng();", "f();\ng();");
        check_squeezed("x = `a\n  // b`;", "x = `a\n  // b`;");
        check_squeezed("x = \"a\\\n  b\";", "x = \"a\\\n  b\";");
        check_squeezed("x = `one`;\n", "x = `one`;");
    }
}
