//! Names that follow from contents.

use std::fs;
use std::path::{Path, PathBuf};

use super::{ends_with, files_of, read, read_text, starts_with, write};
use crate::{Outcome, pins};

/// Gives modules and scripts a name that follows from all their contents, in the page too.
pub fn follow_contents(dist: &Path) -> Outcome {
    let name = pins::PAGE_PACKAGE;
    let is_ours = |path: &PathBuf| {
        starts_with(path, &format!("{name}.")) || starts_with(path, &format!("{name}_"))
    };
    let mut files: Vec<PathBuf> = files_of(dist)?.into_iter().filter(is_ours).collect();
    files.sort();
    let contents: Vec<Vec<u8>> = files.iter().map(|path| read(path)).collect::<Outcome<_>>()?;
    let contents: Vec<&[u8]> = contents.iter().map(Vec::as_slice).collect();
    let new = format!("{name}-{:016x}", hash(&contents));
    for path in files {
        if ends_with(&path, ".js") {
            write(&path, &renamed(&read_text(&path)?, name, &new))?;
        }
        let ending = path.file_name().and_then(|file| file.to_str()?.strip_prefix(name));
        let to = dist.join(format!("{new}{}", ending.unwrap_or_default()));
        fs::rename(&path, &to).map_err(|error| format!("{}: {error}", to.display()))?;
    }
    let page = dist.join("index.html");
    write(&page, &renamed(&read_text(&page)?, name, &new))
}

/// Renames the files that are fetched. By its old name a module still knows what it imports: that
/// stands in its bytes.
fn renamed(text: &str, old: &str, new: &str) -> String {
    let begins = [
        "from \"./",
        "from\"./",
        "URL(\"./",
        "URL(\"",
        "URL('",
        "href=./",
        "href=\"./",
        "content=./",
        "data-wasm=./",
    ];
    let rename = |text: String, begin: &&str| {
        let rename = |text: String, end: &&str| {
            text.replace(&format!("{begin}{old}{end}"), &format!("{begin}{new}{end}"))
        };
        [".", "_"].iter().fold(text, rename)
    };
    begins.iter().fold(text.to_owned(), rename)
}

/// FNV-1a: told apart, not protected, is all that a name needs.
pub fn hash(parts: &[&[u8]]) -> u64 {
    let bytes = parts.iter().flat_map(|part| part.iter());
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_fetched_is_renamed_and_what_is_imported_is_not() {
        let script = "import * as a from \"./page_parts.js\"\n\
            { \"./page_bg.js\": b, \"./page_parts.js\": a }\nnew URL('page_bg.wasm')";
        let expected = "import * as a from \"./page-1_parts.js\"\n\
            { \"./page_bg.js\": b, \"./page_parts.js\": a }\nnew URL('page-1_bg.wasm')";
        assert_eq!(renamed(script, "page", "page-1"), expected);
        // As esbuild writes the same.
        let script =
            "import*as a from\"./page_parts.js\";({\"./page_bg.js\":b});new URL(\"page_bg.wasm\")";
        let expected = "import*as a from\"./page-1_parts.js\";({\"./page_bg.js\":b});\
            new URL(\"page-1_bg.wasm\")";
        assert_eq!(renamed(script, "page", "page-1"), expected);
        let html = "<link href=./page.js><meta content=./page.js data-wasm=./page_bg.wasm>";
        let expected =
            "<link href=./page-1.js><meta content=./page-1.js data-wasm=./page-1_bg.wasm>";
        assert_eq!(renamed(html, "page", "page-1"), expected);
        assert_eq!(renamed("page-module", "page", "page-1"), "page-module");
    }

    #[test]
    fn the_hash_follows_every_byte() {
        assert_eq!(hash(&[b""]), 0xcbf2_9ce4_8422_2325);
        assert_eq!(hash(&[b"a"]), 0xaf63_dc4c_8601_ec8c);
        assert_eq!(hash(&[b"fo", b"obar"]), 0x8594_4171_f739_67e8);
    }
}
